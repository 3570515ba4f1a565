"""What an account needs: credentials, settings, the pace allowed, tokens and how they are renewed."""

from __future__ import annotations

from typing import Any, Literal

from orderloom.adapters.kit.schema.block import DeclaredBlock, Duration, MaybeDuration, Pace, Word
from orderloom.adapters.kit.schema.call import AskBlock
from orderloom.domain.words import Words


class CredentialBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A key of the account. `made_by: token` ones are filled in by the token call and never asked of a person."""

    title: Words
    secret: bool = False
    optional: bool = False
    made_by: Literal["", "token"] = ""
    lives: MaybeDuration = ""
    """How long one is good where the platform does not tell with it: 24h, 30d."""
    single_use: bool = False
    """A second use revokes it: asked for again only when nothing newer is kept."""


class SettingBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Something about the account that may be chosen; the type is its default's."""

    title: Words
    default: Any
    choices: list[Any] = []
    exclusive: bool = False
    """No two accounts may have the same."""
    folder: bool = False
    """It names a folder of the hub's own machine: over HTTP only an administrator chooses one."""


class RateBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A budget of calls: so many a second in the long run, so many at once."""

    per_second: Pace = 10.0
    burst: Pace = 20.0


class RatesBlock(RateBlock, frozen=True, kw_only=True):
    """The account's budget, and those of single APIs by glob."""

    apis: dict[str, RateBlock] = {}


class VersionBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A version of the platform's API that is spoken, and its last day (YYYY-MM-DD) where one is announced."""

    name: str
    last_day: str = ""


class EndBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where an answer says when a token ends, and how: in so many seconds, or at an instant."""

    at: Word | list[Word]
    as_: Literal["seconds", "unix_s", "unix_ms", "iso"] = "seconds"


class TokenBlock(AskBlock, frozen=True, kw_only=True):
    """How new tokens are asked for."""

    keep: dict[str, str | list[str]] = {}
    ends: dict[str, EndBlock] = {}
    before_end: Duration = "5m"
    cookie: str = ""
    """The name of a cookie of the answer that is kept as `session`."""


class ProofBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How what a browser brings back is proven."""

    recipe: Any
    found: str
    """The parameter that holds the signature."""


class AuthoriseBlock(DeclaredBlock, frozen=True, kw_only=True):
    """OAuth 2.0: where a person agrees, and how the code becomes tokens. The address may be chosen by a setting."""

    url: str | dict[str, Any]
    exchange: TokenBlock
    query: dict[str, Any] = {}
    sign_as: str = ""
    code: str = "code"
    keep: dict[str, str] = {}
    """Credentials that come with the redirect: {shop_id: shop_id}."""
    proof: ProofBlock | None = None
    unless: str = ""
    """A credential that a person may enter instead: with it nobody has to agree, and nothing is renewed."""
