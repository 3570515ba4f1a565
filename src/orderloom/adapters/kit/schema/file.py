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
    """The form of this file; there is one, 1."""
    name: str
    """The folder's name."""
    family: Literal["channels", "systems", "carriers", "subscribers", "messengers"]
    """The folder above it."""
    title: Words
    """What people call the platform, in Chinese and English."""
    zone: str
    """The IANA zone of times that the platform writes without one, such as Asia/Shanghai."""
    base_url: str | dict[str, Any] = ""
    """The platform's address, or one of several: {choose: $setting, of: {…}}; an account may have its own."""
    shares: str = ""
    """FAMILY/NAME of another folder of the same platform: what this file says nothing of - credentials, calls, answers,
    token, rate - is said there."""
    carriers: list[str] = []
    """Of a carrier: whose parcels it follows and sells labels for, by our codes; empty: anybody's."""
    label_theirs: bool = False
    """Of a channel: the platform supplies the label of each order, so that none leaves with another in one parcel."""
    credentials: dict[str, CredentialBlock] = {}
    """The keys that an account has, by name; used as `$name`."""
    settings: dict[str, SettingBlock] = {}
    """What may be chosen for an account, by name; used as `$name`."""
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
    """How many calls an account may make."""
    calls: Annotated[dict[str, CallBlock], Meta(min_length=1)] = {}
    """What calls have in common, by kind; the first is used where `as` names none."""
    answers: list[AnswerBlock] = []
    """The table of answers: the first row that fits says what one means."""
    token: TokenBlock | None = None
    """How tokens are asked for and renewed; without it none are."""
    authorise: AuthoriseBlock | None = None
    """How a person authorises an account in the browser; without it nobody has to."""
    pull: PullBlock | None = None
    """What is read at an interval; without it nothing is."""
    push: PushBlock | None = None
    """What the platform sends by itself; without it nothing is taken."""
    tell: dict[str, TellBlock] = {}
    """What the platform is told, by kind: shipment, stock, decision, work, label, pickup, watch, message and others."""
    probe: ProbeBlock | None = None
    """How an account is tried."""
    listings: ListingsBlock | None = None
    """How the platform's own ids are found by the seller's codes."""
    query: QueryBlock | None = None
    """How a carrier is asked for one parcel."""
    quote: QuoteBlock | None = None
    """How a carrier is asked for a price."""
    read: dict[Literal["listings", "stock", "outbound", "ratings"], ReadBlock] = {}
    """What is read back on demand, by one of four names: listings, stock, outbound, ratings."""
    asks: dict[str, OwnAskBlock] = {}
    """Questions that the folder's own code asks, by name: `platform.named(name, …)`."""
    recipes: dict[str, RecipeBlock] = {}
    """Signing recipes of other doors of the platform, which no call here uses yet: each is held by a vector."""
    tables: dict[str, dict[str, Any]] = {}
    """Words of ours and the platform's, for values: {of: $x, from: name}."""
