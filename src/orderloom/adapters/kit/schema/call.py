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
    minus: int = 0
    """Seconds taken off: an epoch other than 1970."""
    clock: Duration = "5m"


class WriteBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How values are written in forms and queries, before signing and sending alike."""

    json: Literal["compact", "sorted"] = "compact"
    bool: Literal["lower", "digit"] = "lower"


class WrapBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where a call's own values go when they do not stand beside the common ones: as one JSON text called `name`."""

    name: str
    into: Literal["send", "query", "body"] = "send"
    json: Literal["compact", "sorted"] = "compact"
    listed: bool = False
    """The text is the one element of a list."""
    as_list: bool = False
    """The platform takes a list of arguments: a block is the only one of it."""


class CallBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What all calls of a kind have in common."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    base_url: str = ""
    body: Literal["none", "form", "json", "xml"] = "json"
    answer: Literal["json", "xml", "text", "none"] = "json"
    query: dict[str, Any] = {}
    send: dict[str, Any] = {}
    headers: dict[str, Any] = {}
    wrap: WrapBlock | None = None
    now: NowBlock = NowBlock()
    write: WriteBlock = WriteBlock()
    sign: Any = None
    gzip: bool = False
    slowest: Duration = "30s"
    folder: str = ""
    """A setting that may name a folder: where it does, the body is written there as a file instead of being sent."""


class WaitBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Where an answer says how long to leave the platform alone. `needs`, `has` and `grows` are paths of a budget: what
    the call costs, what is there and how much comes back a second."""

    at: str = ""
    words: str = ""
    """A pattern whose first group is the number of seconds in the text at `at`."""
    header: str = ""
    rate: str = ""
    """A header that says how many calls a second are allowed."""
    needs: str = ""
    has: str = ""
    grows: str = ""
    else_: MaybeDuration = ""


class AnswerBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A row of the table of answers: where it looks, what must be there, and what that means."""

    means: Literal[
        "good", "again", "too_fast", "token_old", "wrong_key", "clock", "not_allowed", "refused", "done", "missing",
    ]
    at: str | list[str] = ""
    in_: Some | None = None
    """Values, ranges such as "70031-70034", or globs such as "isp.*"."""
    not_: Some | None = None
    has: Words | None = None
    """Words, one of which stands in the text; Latin ones as whole words."""
    like: Words | None = None
    """Regular expressions, one of which is the whole text; `{no}` in them is an order's number."""
    present: bool | None = None
    status: Statuses | None = None
    or_status: list[Status] = []
    header: str = ""
    wait: MaybeDuration | WaitBlock = ""
    """How long to leave it alone: 60s, or where that stands."""
    why: str | list[str] = ""
    code: str | list[str] = ""
    """Where the platform's own code stands, when not at `at`."""


class AskBlock(DeclaredBlock, frozen=True, kw_only=True):
    """One request: `get`, `post`, `put`, `patch` or `delete` a path, or call an `api` by name."""

    get: str = ""
    post: str = ""
    put: str = ""
    patch: str = ""
    delete: str = ""
    api: str = ""
    as_: str = ""
    """Which of the `calls`; empty: the first."""
    path: dict[str, Any] = {}
    """What stands in the places `{name}` of the path."""
    query: dict[str, Any] = {}
    send: Any = {}
    """The body's own values: a block, or a list where the platform takes one."""
    headers: dict[str, Any] = {}
    answers: list[AnswerBlock] = []
    """Looked at before the common ones."""
    root: dict[str, dict[str, Any]] = {}
    """Of an XML body: the name of the outermost element and its attributes."""
    file: Any = None
    """Of a call with a `folder`: the name of the file; the same name is the same file."""


class RecipeBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A signing recipe of the platform that no call of the file uses. Its vectors stand on it."""

    recipe: Any
    gives: list[str] = []
    """Names that it stands on beside the credentials."""


class OwnAskBlock(AskBlock, frozen=True, kw_only=True):
    """A question of the folder's own code. `gives` are the names that the code gives it."""

    gives: list[str] = []
