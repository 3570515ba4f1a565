"""A `connector.yaml` made ready: every value, recipe and table of it compiled.

Compiled once when the folder is loaded; all mistakes are found then, and none while orders are under way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from orderloom.adapters.kit.answers import Row
from orderloom.adapters.kit.paths import text
from orderloom.adapters.kit.requests import Question, Section
from orderloom.adapters.kit.schema import (
    BesideBlock,
    ConnectorBlock,
    DetailsBlock,
    DoubtBlock,
    FileBlock,
    FirstBlock,
    ListedBlock,
    ListingsBlock,
    PushBlock,
    SpreadBlock,
    TellBlock,
    TokenBlock,
    ToldBlock,
    TotalBlock,
    VerifyBlock,
    WayBlock,
)
from orderloom.adapters.kit.scope import CallNames
from orderloom.adapters.kit.signing import Signer
from orderloom.adapters.kit.values import Value
from orderloom.application.ports import Account


class Renewal(NamedTuple):
    """How tokens are asked for, compiled. `first_needed` are those without which nothing can be asked."""

    said: TokenBlock
    question: Question
    before_end: timedelta
    first_needed: tuple[str, ...]


class DetailsPlan(NamedTuple):
    """A question for single records, compiled."""

    said: DetailsBlock
    question: Question


class BesidePlan(NamedTuple):
    """A question for what is kept beside a record, compiled."""

    said: BesideBlock
    question: Question


class FirstPlan(NamedTuple):
    """A question whose answer others need, compiled."""

    said: FirstBlock
    question: Question
    when: Value | None


class ListPlan(NamedTuple):
    """A list, compiled."""

    name: str
    said: ListedBlock
    question: Question
    pages_values: Mapping[str, Value]
    then: DetailsPlan | None
    one: DetailsPlan | None
    also: Mapping[str, BesidePlan]
    counting: tuple[TotalBlock, Question] | None
    when: Value | None
    open_values: Value | None
    first: Mapping[str, FirstPlan]
    confirming: Question | None = None
    filed: tuple[FileBlock, Question] | None = None


class TellPlan(NamedTuple):
    """Something that the platform is told, compiled."""

    kind: str
    said: TellBlock
    question: Question | None
    first: Mapping[str, FirstPlan]
    when: Value | None
    otherwise: tuple[WayBlock, Question] | None
    doubt: tuple[DoubtBlock, Question, Mapping[str, Value]] | None
    of_part: Value | None
    spread: SpreadPlan | None = None
    ways: Mapping[str, tuple[WayBlock, Question, Mapping[str, Value]]] = {}


class SpreadPlan(NamedTuple):
    """How lines are spread over the platform's own parts, compiled."""

    said: SpreadBlock
    over: Value
    told: tuple[ToldBlock, Value, Mapping[str, Value]] | None


class VerifyPlan(NamedTuple):
    """A way of proof, compiled. `secrets`: of each secret name the credentials, one of which must be set for it to
    prove anything."""

    said: VerifyBlock
    signers: tuple[Signer, ...]
    params: Value | None
    token: Value | None
    secrets: Mapping[str, frozenset[str]]


class ChallengePlan(NamedTuple):
    """How the address is tried, compiled."""

    verify: VerifyPlan | None
    body: Value


class PushPlan(NamedTuple):
    """What the platform sends, compiled. `needs_data`: a proof looks into the body."""

    said: PushBlock
    verify: tuple[VerifyPlan, ...]
    challenge: ChallengePlan | None
    keys: Mapping[str, Value]
    own: Value | None
    needs_data: bool


class AuthorisePlan(NamedTuple):
    """Where a person is sent to agree, compiled. `section` signs the address, where the platform wants that; `proof` is
    what a browser that comes back must carry."""

    url: Value
    query: Value
    section: Section | None
    proof: Signer | None


class Address(NamedTuple):
    """Where an account's platform is called. `elsewhere`: it is no address of the platform's own but a sandbox, and
    what the file names in full is moved to this root, so that the platform itself is never called."""

    base_url: str
    elsewhere: str


class ConnectorPlan(NamedTuple):
    """The whole connector, compiled."""

    said: ConnectorBlock
    folder: Path | None
    zone: ZoneInfo
    tables: Mapping[str, Mapping[str, Any]]
    defaults: Mapping[str, Any]
    names: Mapping[str, Value]
    sections: Mapping[str, Section]
    rows: tuple[Row, ...]
    says_good: bool
    renewal: Renewal | None
    exchange: Renewal | None
    authorise: AuthorisePlan | None
    lists: Mapping[str, ListPlan]
    reads: Mapping[str, ListPlan]
    tells: Mapping[str, TellPlan]
    probe: Question | None
    listings: tuple[tuple[ListingsBlock, Question, Mapping[str, Value]], ...]
    query: tuple[Question, tuple[Row, ...]] | None
    quote: Question | None
    push: PushPlan | None
    asks: Mapping[str, Question]
    base_url: Value

    def module(self, name: str) -> Any:
        """A module of the folder."""
        return import_module(f"orderloom.adapters.{self.said.family}.{self.said.name}.{name}")

    def is_entered(self, credentials: Mapping[str, str]) -> bool:
        """Whether a person entered a key that neither ends nor is renewed, and nobody authorised the account."""
        authorise = self.said.authorise
        if authorise is None or not credentials.get(authorise.unless):
            return False
        return not any(credentials.get(name) for name, one in self.said.credentials.items() if one.made_by)

    def address(self, scope: CallNames, account: Account) -> Address:
        """Where the account's platform is called; of several addresses of its own, the one that the settings choose."""
        own, said = account.base_url.rstrip("/"), self.said.base_url
        official = [said] if isinstance(said, str) else list(said.get("of", {}).values())
        chosen = text(self.base_url(scope)).rstrip("/")
        if own in {one.rstrip("/") for one in official}:
            return Address(chosen or own, "")
        parts = urlsplit(own)
        return Address(own, f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(urlsplit(chosen).path)}")
