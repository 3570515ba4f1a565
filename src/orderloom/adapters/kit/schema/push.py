"""What the platform sends by itself: how it is proven, opened, told apart and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from orderloom.adapters.kit.schema.block import DeclaredBlock, MaybeDuration, Status, Word


class StandsBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where something stands in a request: one of a header, a parameter of the query, a field of a form, a path."""

    header: str = ""
    """The header's name."""
    query: str = ""
    """The parameter's name."""
    form: str = ""
    """The field's name."""
    at: str | list[Word] = ""
    """Path in the body; of several the first that is there."""


class StampBlock(StandsBlock, frozen=True, kw_only=True):
    """Where the time of sending stands, and how it is written."""

    as_: Literal["unix_s", "unix_ms", "iso", "local"] = "unix_s"
    """How it is written; without an offset it is UTC."""


class OwnShopBlock(StandsBlock, frozen=True, kw_only=True):
    """Where the shop stands that it is about, and what ours is called."""

    is_: Any
    """What ours is called, a value of the account's; where it is nothing every shop is ours."""


class TokenProofBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A secret that goes along with every push."""

    found: StandsBlock
    """Where it stands in the push."""
    is_: Any
    """The secret, a value with a credential of `secret: true` in it."""


class TrialBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What a trial of the address says of itself."""

    at: Word | list[Word]
    """Path in the opened body; of several the first that is there."""
    in_: Annotated[list[Any], Meta(min_length=1)]
    """The values by which a trial is known."""


class VerifyBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How a push proves who sent it."""

    recipe: Any = None
    """A signing recipe, a list of them (one must fit), or null where the platform signs nothing."""
    found: StandsBlock | None = None
    """Where the signature stands."""
    within: MaybeDuration = ""
    """What was sent longer ago is stale."""
    stamp: StampBlock | None = None
    """Where the time of sending stands; with `within`."""
    params: dict[str, Any] = {}
    """What counts among the parameters of the recipe beside those of the query."""
    token: TokenProofBlock | None = None
    """A secret that goes along, alone or beside a signature."""
    unsigned: bool = False
    """The platform proves nothing; the address itself is the secret."""
    code: str = ""
    """The module of the folder whose `disproved(request, account, at)` says why it is not believed, "" when it is."""


class ChallengeBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How the platform tries the address before it pushes."""

    query: str
    """The parameter whose presence says that it is a trial; `$challenge` is its value."""
    verify: VerifyBlock | None = None
    """How the trial is proven; without it it is answered unproven."""
    opened: bool = False
    """`$challenge` is given back as it reads inside the envelope."""
    body: Any = "$challenge"
    """What it is answered with, a value."""
    type_: str = "text/plain"
    """The media type of the answer."""


class TopicBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What a push of one kind is."""

    topic: str = ""
    """The topic under which it is landed; empty: the kind itself."""
    reread: str = ""
    """The list whose record is to be read again; the push is a hint."""
    id: str | list[str] = ""
    """Path of the id, or of a list of ids, of what is read again."""
    ignore: bool = False
    """Kept, and of no further interest."""


class ReplyBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What a push is answered with once it is durable."""

    status: Status = 200
    """The HTTP status."""
    body: Any = ""
    """A text, or a block that is written as JSON."""
    type_: str = "application/json"
    """The media type."""
    encrypt: bool = False
    """In the envelope of the push."""


class PushBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What the platform sends by itself."""

    code: str = ""
    """The module that takes all of it, `receive(request, account, at)`; empty: this block says it."""
    beside: dict[str, str] = {}
    """Modules of the folder that answer what knocks below the address, by the step behind it: an order form."""
    method: tuple[Literal["GET", "POST", "PUT", "PATCH", "DELETE"], ...] = ("POST",)
    """Methods that are taken; what comes by another is no push and gets 404."""
    verify: VerifyBlock | Annotated[list[VerifyBlock], Meta(min_length=1)] = VerifyBlock()
    """How it is proven; of several ways one must hold."""
    body: Literal["json", "form", "xml", "text"] = "json"
    """How the body is written."""
    decrypt: str = ""
    """The envelope's name: wechat_aes, dingtalk_aes, youzan_aes."""
    keys: dict[str, Any] = {}
    """What the envelope is opened with, by the names that it asks for."""
    challenge: ChallengeBlock | None = None
    """How the platform tries the address first; without it it does not."""
    form: str = ""
    """The form field that holds the message."""
    items: str = ""
    """Path of the list of messages in a body; "." when the body is the list."""
    content: str = ""
    """Path of a JSON text within a message that holds what it says."""
    kind: str | list[str] | StandsBlock = ""
    """Where the kind stands: a path, or {header: name}."""
    event_id: str | list[str] | StandsBlock = ""
    """Where the message's own id stands: what comes again under it is the same."""
    topics: dict[str, TopicBlock] = {}
    """What a push of a kind is, by the kind."""
    other: TopicBlock = TopicBlock()
    """Kinds that are not named."""
    own: OwnShopBlock | None = None
    """Another shop's push is put aside."""
    test: TrialBlock | None = None
    """A trial of the address is answered and not kept."""
    reply: ReplyBlock = ReplyBlock()
    """The answer to what is kept."""
    refuse: ReplyBlock = ReplyBlock(status=401)
    """The answer to what is not believed, 401 where nothing is said; it is kept in quarantine."""
    keep: list[str] = []
    """Headers kept with the message."""
