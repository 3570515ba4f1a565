"""What the platform sends by itself: how it is proven, opened, told apart and answered."""

from __future__ import annotations

from typing import Any, Literal

from orderloom.adapters.kit.schema.block import DeclaredBlock


class VerifyBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How a push proves who sent it."""

    recipe: Any = None
    """A signing recipe, a list of them (one must fit), or null where the platform signs nothing."""
    found: dict[str, str] = {}
    """Where the signature stands: {header: name}, {query: name}, {form: name}, {at: path}."""
    within: str = ""
    stamp: dict[str, str] = {}
    """Where the time of sending stands; older than `within` is stale."""
    params: dict[str, Any] = {}
    """What counts among the parameters of the recipe beside those of the query."""
    token: dict[str, Any] = {}
    """A secret that must be equal: {found: {header: name}, is: $secret}."""
    unsigned: bool = False
    """The platform proves nothing; the address itself is the secret."""
    code: str = ""
    """The module of the folder whose `disproved(request, account, at)` says why it is not believed, "" when it is."""


class ChallengeBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How the platform tries the address before it pushes."""

    query: str
    """The parameter whose presence says that it is a trial; `$challenge` is its value."""
    verify: VerifyBlock | None = None
    opened: bool = False
    """`$challenge` is given back as it reads inside the envelope."""
    body: Any = "$challenge"
    type_: str = "text/plain"


class TopicBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What a push of one kind is."""

    topic: str = ""
    """The topic under which it is landed; empty: the kind itself."""
    reread: str = ""
    """The list whose record is to be read again; the push is a hint."""
    id: str | list[str] = ""
    ignore: bool = False
    """Kept, and of no further interest."""


class ReplyBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What a push is answered with once it is durable."""

    status: int = 200
    body: Any = ""
    """A text, or a block that is written as JSON."""
    type_: str = "application/json"
    encrypt: bool = False
    """In the envelope of the push."""


class PushBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What the platform sends by itself."""

    code: str = ""
    beside: dict[str, str] = {}
    """Modules of the folder that answer what knocks below the address, by the step behind it: an order form."""
    method: tuple[str, ...] = ("POST",)
    verify: VerifyBlock | list[VerifyBlock] = VerifyBlock()
    body: Literal["json", "form", "xml", "text"] = "json"
    decrypt: str = ""
    """The envelope's name: wechat_aes, dingtalk_aes, youzan_aes."""
    keys: dict[str, Any] = {}
    """What the envelope is opened with, by the names that it asks for."""
    challenge: ChallengeBlock | None = None
    form: str = ""
    """The form field that holds the message."""
    items: str = ""
    """Path of the list of messages in a body; "." when the body is the list."""
    content: str = ""
    """Path of a JSON text within a message that holds what it says."""
    kind: str | list[str] | dict[str, str] = ""
    """Where the kind stands: a path, or {header: name}."""
    event_id: str | list[str] | dict[str, str] = ""
    topics: dict[str, TopicBlock] = {}
    other: TopicBlock = TopicBlock()
    """Kinds that are not named."""
    own: dict[str, Any] = {}
    """{at|header: where the shop stands, is: $setting}: another shop's push is put aside."""
    test: dict[str, Any] = {}
    """{at: path, in: [...]}: a trial of the address, answered and not kept."""
    reply: ReplyBlock = ReplyBlock()
    refuse: ReplyBlock = ReplyBlock(status=401)
    keep: list[str] = []
    """Headers kept with the message."""
