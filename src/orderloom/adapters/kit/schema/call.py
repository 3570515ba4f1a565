"""How the platform is called, and what its answers mean."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from orderloom.adapters.kit.schema.block import DeclaredBlock, Duration, MaybeDuration, Status, Word

Some = Annotated[list[Any], Meta(min_length=1)]
Words = Annotated[list[Word], Meta(min_length=1)]
Statuses = Annotated[list[Status], Meta(min_length=1)]


class NowBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How `$now` is written, and how far off a clock may be."""

    as_: str = "unix_s"
    """A way of `casts.py`: unix_s, unix_ms, local, iso."""
    minus: int = 0
    """Seconds taken off: an epoch other than 1970."""
    clock: Duration = "5m"
    """A key that is refused while the clocks are further apart than this is no wrong key but a clock that is off."""


class WriteBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How values are written in forms and queries, before signing and sending alike."""

    json: Literal["compact", "sorted"] = "compact"
    """A block or list is one JSON text without blanks; `sorted`: its keys sorted all the way down."""
    bool: Literal["lower", "digit"] = "lower"
    """`lower`: true and false; `digit`: 1 and 0."""


class WrapBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where a call's own values go when they do not stand beside the common ones: as one JSON text called `name`."""

    name: str
    """What the text is called among the parameters."""
    into: Literal["send", "query", "body"] = "send"
    """Where it goes: among the body's values, into the query, or it is the whole body."""
    json: Literal["compact", "sorted"] = "compact"
    """How it is written, without blanks; `sorted`: its keys sorted all the way down."""
    listed: bool = False
    """The text is the one element of a list."""
    as_list: bool = False
    """The platform takes a list of arguments: a block is the only one of it."""


class CallBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What all calls of a kind have in common."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    """The method of a question that only names an `api`; a question with a verb has its own."""
    base_url: str = ""
    """The address that paths are put behind, where it is not the account's."""
    body: Literal["none", "form", "json", "xml"] = "json"
    """How the body is written; `none`: nothing is sent."""
    answer: Literal["json", "xml", "text", "none"] = "json"
    """How the answer is read; `text` and `none` are not parsed."""
    query: dict[str, Any] = {}
    """Values that stand in the query of each call."""
    send: dict[str, Any] = {}
    """Values that stand in the body of each call, beside its own."""
    headers: dict[str, Any] = {}
    """Headers of each call."""
    wrap: WrapBlock | None = None
    """How a call's own values are put together; without it they stand beside the common ones."""
    now: NowBlock = NowBlock()
    """How `$now` is written."""
    write: WriteBlock = WriteBlock()
    """How values become texts."""
    sign: Any = None
    """The signing recipe; without it nothing is signed."""
    gzip: bool = False
    """The body leaves packed."""
    slowest: Duration = "30s"
    """So long an answer is waited for."""
    folder: str = ""
    """A setting that may name a folder: where it does, the body is written there as a file instead of being sent."""


class WaitBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where an answer says how long to leave the platform alone. `needs`, `has` and `grows` are paths of a budget: what
    the call costs, what is there and how much comes back a second."""

    at: str = ""
    """Path of the number of seconds."""
    words: str = ""
    """A pattern whose first group is the number of seconds in the text at `at`."""
    header: str = ""
    """The header that says it, in seconds or as a date."""
    rate: str = ""
    """A header that says how many calls a second are allowed."""
    needs: str = ""
    """Path of what the call costs."""
    has: str = ""
    """Path of what is there."""
    grows: str = ""
    """Path of what comes back a second."""
    else_: MaybeDuration = ""
    """How long, where that says nothing; empty: the hub's own pace."""


class AnswerBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A row of the table of answers: where it looks, what must be there, and what that means."""

    means: Literal[
        "good", "again", "too_fast", "token_old", "wrong_key", "clock", "not_allowed", "refused", "done", "missing",
    ]
    """`again`, `too_fast` and `clock` are tried again later, `token_old` with a new token; `done` was done before,
    `missing` is not there, `good` is well; the rest a person mends."""
    at: str | list[str] = ""
    """Path where it looks; of several the first that is there."""
    in_: Some | None = None
    """Values, ranges such as "70031-70034", or globs such as "isp.*"."""
    not_: Some | None = None
    """What is there is none of these, written as for `in`."""
    has: Words | None = None
    """Words, one of which stands in the text; Latin ones as whole words."""
    like: Words | None = None
    """Regular expressions, one of which is the whole text; `{no}` in them is an order's number."""
    present: bool | None = None
    """true: something is there; false: nothing is."""
    status: Statuses | None = None
    """The HTTP statuses that it fits, beside the other conditions."""
    or_status: list[Status] = []
    """Statuses that it fits whatever else the answer says."""
    header: str = ""
    """The header that it looks at instead of a path."""
    wait: MaybeDuration | WaitBlock = ""
    """How long to leave it alone: 60s, or where that stands."""
    why: str | list[str] = ""
    """Path of the platform's words; of several the first that says something."""
    code: str | list[str] = ""
    """Where the platform's own code stands, when not at `at`."""


class AskBlock(DeclaredBlock, frozen=True, kw_only=True):
    """One request: `get`, `post`, `put`, `patch` or `delete` a path, or call an `api` by name."""

    get: str = ""
    """The path that is asked with GET; `{name}` in it is filled from `path`."""
    post: str = ""
    """The same with POST."""
    put: str = ""
    """The same with PUT."""
    patch: str = ""
    """The same with PATCH."""
    delete: str = ""
    """The same with DELETE."""
    api: str = ""
    """The name of an API, `$api` of the common values; alone it is called at the base address."""
    as_: str = ""
    """Which of the `calls`; empty: the first."""
    path: dict[str, Any] = {}
    """What stands in the places `{name}` of the path."""
    query: dict[str, Any] = {}
    """Values in the query, beside the common ones."""
    send: Any = {}
    """The body's own values: a block, or a list where the platform takes one."""
    headers: dict[str, Any] = {}
    """Headers beside the common ones."""
    answers: list[AnswerBlock] = []
    """Looked at before the common ones."""
    root: dict[str, dict[str, Any]] = {}
    """Of an XML body: the name of the outermost element and its attributes."""
    file: Any = None
    """Of a call with a `folder`: the name of the file; the same name is the same file."""


class RecipeBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A signing recipe of the platform that no call of the file uses. Its vectors stand on it."""

    recipe: Any
    """The signing recipe."""
    gives: list[str] = []
    """Names that it stands on beside the credentials."""


class OwnAskBlock(AskBlock, frozen=True, kw_only=True):
    """A question of the folder's own code. `gives` are the names that the code gives it."""

    gives: list[str] = []
    """Names that the code gives with it, used here as `$name`."""
