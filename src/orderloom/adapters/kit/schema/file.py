"""The whole `connector.yaml`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from orderloom.adapters.kit.schema.account import (
    AuthoriseBlock,
    CredentialBlock,
    RatesBlock,
    SettingBlock,
    TokenBlock,
    VersionBlock,
)
from orderloom.adapters.kit.schema.block import DeclaredBlock
from orderloom.adapters.kit.schema.call import AnswerBlock, CallBlock, OwnAskBlock, RecipeBlock
from orderloom.adapters.kit.schema.pull import PullBlock, ReadBlock
from orderloom.adapters.kit.schema.push import PushBlock
from orderloom.adapters.kit.schema.tell import ListingsBlock, ProbeBlock, QueryBlock, QuoteBlock, TellBlock
from orderloom.domain.words import Words


class ConnectorBlock(DeclaredBlock, frozen=True, kw_only=True):
    """The whole file."""

    connector: Literal[1]
    name: str
    family: Literal["channels", "systems", "carriers", "subscribers", "messengers"]
    title: Words
    zone: str
    base_url: str | dict[str, Any] = ""
    shares: str = ""
    """FAMILY/NAME of another folder of the same platform: what this file says nothing of - credentials, calls, answers,
    token, rate - is said there."""
    carriers: list[str] = []
    """Of a carrier: whose parcels it follows and sells labels for, by our codes; empty: anybody's."""
    credentials: dict[str, CredentialBlock] = {}
    settings: dict[str, SettingBlock] = {}
    versions: list[VersionBlock] = []
    """The versions of the platform's API that are spoken; the first one where no setting chooses."""
    version_by: str = ""
    """The setting by which an account chooses one of them."""
    code: str = ""
    """`client`: the module client.py of the folder holds a whole client of its own, `CONNECTOR`."""
    can: list[str] = []
    """Beside what the blocks say: what a client of its own can do."""
    names: dict[str, Any] = {}
    """Names of values that are made of credentials and settings."""
    rate: RatesBlock = RatesBlock()
    calls: Annotated[dict[str, CallBlock], Meta(min_length=1)] = {}
    answers: list[AnswerBlock] = []
    token: TokenBlock | None = None
    authorise: AuthoriseBlock | None = None
    pull: PullBlock | None = None
    push: PushBlock | None = None
    tell: dict[str, TellBlock] = {}
    probe: ProbeBlock | None = None
    listings: ListingsBlock | None = None
    query: QueryBlock | None = None
    quote: QuoteBlock | None = None
    read: dict[Literal["listings", "stock", "outbound", "ratings"], ReadBlock] = {}
    """What is read back on demand."""
    asks: dict[str, OwnAskBlock] = {}
    """Questions that the folder's own code asks, by name: `platform.named(name, …)`."""
    recipes: dict[str, RecipeBlock] = {}
    """Signing recipes of other doors of the platform, which no call here uses yet: each is held by a vector."""
    tables: dict[str, dict[str, Any]] = {}
    """Words of ours and the platform's, for values: {of: $x, from: name}."""
