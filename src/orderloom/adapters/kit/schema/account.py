"""What an account needs: credentials, settings, the pace allowed, tokens and how they are renewed."""

from __future__ import annotations

from typing import Any, Literal

from orderloom.adapters.kit.schema.block import DeclaredBlock, Duration, MaybeDuration, Pace, Word
from orderloom.adapters.kit.schema.call import AskBlock
from orderloom.domain.words import Words


class CredentialBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A key of the account. `made_by: token` ones are filled in by the token call and never asked of a person."""

    title: Words
    """What a person is asked for, in Chinese and English."""
    help: Words | None = None
    """Where the platform shows it: the way through its back office."""
    secret: bool = False
    """It is shown to nobody again; the proof of a push must have such a one in it."""
    optional: bool = False
    """An account may be without it."""
    made_by: Literal["", "token"] = ""
    """`token`: the token call or the authorisation fills it in; empty: a person does."""
    lives: MaybeDuration = ""
    """How long one is good where the platform does not tell with it: 24h, 30d."""
    single_use: bool = False
    """A second use revokes it: asked for again only when nothing newer is kept."""


class SettingBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Something about the account that may be chosen; the type is its default's."""

    title: Words
    """What a person chooses here, in Chinese and English."""
    default: Any
    """What counts where the account says nothing; a choice must be of the same type."""
    choices: list[Any] = []
    """The only values allowed; empty: any."""
    exclusive: bool = False
    """No two accounts may have the same."""
    folder: bool = False
    """It names a folder of the hub's own machine: over HTTP only an administrator chooses one."""


class RateBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A budget of calls: so many a second in the long run, so many at once."""

    per_second: Pace = 10.0
    """So many calls a second in the long run."""
    burst: Pace = 20.0
    """So many calls at once after a rest."""


class RatesBlock(RateBlock, frozen=True, kw_only=True):
    """The account's budget, and those of single APIs by glob."""

    apis: dict[str, RateBlock] = {}
    """Budgets of single APIs beside the account's: by a glob of the API's name, or of the method and the path."""


class VersionBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A version of the platform's API that is spoken, and its last day (YYYY-MM-DD) where one is announced."""

    name: str
    """What the platform calls it."""
    last_day: str = ""
    """The last day on which it is answered, YYYY-MM-DD; empty: none is announced."""


class EndBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where an answer says when a token ends, and how: in so many seconds, or at an instant."""

    at: Word | list[Word]
    """Path in the answer; of several the first that is there."""
    as_: Literal["seconds", "unix_s", "unix_ms", "iso"] = "seconds"
    """What stands there: seconds from now, or an instant in one of these ways."""


class TokenBlock(AskBlock, frozen=True, kw_only=True):
    """How new tokens are asked for."""

    keep: dict[str, str | list[str]] = {}
    """What is kept of the answer, {credential: path}; of several paths the first that is there."""
    ends: dict[str, EndBlock] = {}
    """When each kept credential ends, by its name; without it, as `lives` of the credential says."""
    before_end: Duration = "5m"
    """So long before its end a token is renewed."""
    cookie: str = ""
    """The name of a cookie of the answer that is kept as `session`."""


class ProofBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How what a browser brings back is proven."""

    recipe: Any
    """The signing recipe; its parameters are all that came back but the signature."""
    found: str
    """The parameter that holds the signature."""


class AuthoriseBlock(DeclaredBlock, frozen=True, kw_only=True):
    """OAuth 2.0: where a person agrees, and how the code becomes tokens. The address may be chosen by a setting."""

    url: str | dict[str, Any]
    """The address at which a person agrees; one that begins with / is below the account's own."""
    exchange: TokenBlock
    """How the code becomes tokens; it knows `$code`, `$redirect` and all that came back as `$params`."""
    query: dict[str, Any] = {}
    """What is added to the address; it knows `$state` and `$redirect`."""
    sign_as: str = ""
    """Which of the `calls` signs that address; empty: it is not signed."""
    code: str = "code"
    """The parameter of the redirect that holds the code."""
    keep: dict[str, str] = {}
    """Credentials that come with the redirect: {shop_id: shop_id}."""
    proof: ProofBlock | None = None
    """How what the browser brings back is proven, where the platform signs it."""
    unless: str = ""
    """A credential that a person may enter instead: with it nobody has to agree, and nothing is renewed."""
