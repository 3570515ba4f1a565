"""What is read: lists, their windows and pages, details, and what is read back on demand."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from orderloom.adapters.kit.schema.block import Count, DeclaredBlock, Duration, MaybeDuration, Word
from orderloom.adapters.kit.schema.call import AskBlock
from orderloom.adapters.kit.schema.push import TopicBlock
from orderloom.adapters.kit.schema.tell import FirstBlock


class RangeBlock(DeclaredBlock, frozen=True, kw_only=True):
    """A window of time by which a list is asked."""

    from_: str = ""
    to: str = ""
    one: dict[str, list[str]] = {}
    """Where both ends stand in one value: {filter: ["modified:[", $from, "..", $to, "]"]}."""
    as_: str = "unix_s"
    into: Literal["query", "send", "names"] = "send"
    """`names`: the question's own values use them as `$from` and `$to` are called here, within a filter of its own."""
    at_most: Duration = "1h"
    past: MaybeDuration = ""
    """The width for what is long over, where little changes; empty: `at_most`."""
    overlap: MaybeDuration = "2m"
    history: MaybeDuration = ""
    """How far back the platform shows its past."""
    behind: MaybeDuration = ""
    """Nearer to now than this the platform answers nothing."""
    told: str = ""
    """Path at which an answer says up to when it is whole, where that is earlier than was asked for."""
    open_end: bool = False
    """`to` is not part of the window."""
    open_start: bool = False
    """`from` is not part of the window: it is asked a second earlier, or what changed just then stood in none."""


class PagesBlock(DeclaredBlock, frozen=True, kw_only=True):
    """How a list goes on: by page number, by a token of the answer, by a Link header, or by offset."""

    by: Literal["number", "token", "link", "offset", "one"] = "one"
    in_: str = ""
    into: Literal["query", "send"] = "send"
    first: Annotated[int, Meta(ge=0, le=1_000_000)] | str = 1
    size: dict[str, Any] = {}
    total: str = ""
    """Path of the number of records in all."""
    count: str = ""
    """Path of the number of pages, where that is told."""
    more: str = ""
    """Path of the flag that says that there is more."""
    next: str = ""
    """Path of the token of the next page."""
    ends: tuple[Any, ...] = ("", None)
    """Tokens that mean the end."""
    walk: Literal["first_to_last", "last_to_first"] = "first_to_last"
    at_most: Count = 2000
    sure: bool = False
    """The token is a place in the order of the records and no count: what leaves the list meanwhile shifts nobody."""
    only: bool = False
    """The token alone is sent with the next question, no filter beside it."""
    ask_total: dict[str, Any] = {}
    """Values of the first question alone, by which the total is told."""
    later: dict[str, Any] = {}
    """Values of all questions but the first."""
    counting: dict[str, Any] = {}
    """Values of the question that is asked for the total alone, once a window was read."""


class EachBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What one record of a list is."""

    topic: str
    name: str = "order"
    """What the record is called in a message that holds more beside it (`also`)."""
    id: str | list[str] = ""
    version: str | list[str] = ""
    """When it last changed; read by `as`, it also says whether the record counts for the window."""
    as_: str = ""
    whole: bool = False
    """The page is one message, not one per record."""
    final: bool = False
    """What the list names is over and changes no more: its details are read once, though the list is asked again."""
    group: str | int = ""
    """Records with the same value here are one message: rows of a bill."""


class DetailsBlock(AskBlock, frozen=True, kw_only=True):
    """The records read one by one, or several at a time, after a list that only names them."""

    at_most: Count = 1
    cut: str | list[str] = ""
    id: str | list[str] = ""
    keep_id: str = ""
    """The answer does not say whose it is: the message is {"id": …, NAME: …}, with what was asked by."""
    missing: Literal["again", "skip", "keep"] = "again"
    """Asked for and not answered: asked again and then told, left out, or kept as the list had it."""
    topic: str = ""


class OnlyBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Records that say one of these values at a place."""

    at: str
    in_: Annotated[list[Any], Meta(min_length=1)]


class BesideBlock(DetailsBlock, frozen=True, kw_only=True):
    """Something that is read for each record and kept beside it: the lines of an order."""

    take: str = ""
    """Path of what is kept within the answer's record; empty: all of it."""
    next: str = ""
    """Path of the token of the next page, where the lines of one order come on several."""
    in_: str = ""
    """What takes it: of the query with a GET, else of the body. Without `next` the Link header says the token."""
    only: OnlyBlock | None = None
    """Of other records nothing is asked; an empty list stands beside them."""
    without: str = ""
    """The topic of a record beside which nothing could be read, that goes alone; empty: it is read again."""


class TotalBlock(AskBlock, frozen=True, kw_only=True):
    """A question of its own for the number of records in a window."""

    total: str


class HintsBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Of a list that is a queue of messages: how one is told apart, what it hints at, and how it is confirmed."""

    kind: str | list[str]
    confirm: AskBlock
    """Asked with `$ids` once the messages are durable."""
    content: str = ""
    """Path of a JSON text within a message that holds what it says."""
    topics: dict[str, TopicBlock] = {}
    other: TopicBlock = TopicBlock(ignore=True)
    """Kinds that are not named."""
    at_most: Count = 50
    """So many batches in one pull."""


class FileBlock(AskBlock, frozen=True, kw_only=True):
    """Each record names a file: this question tells where it lies. Rows with one value in `group` are one message."""

    url: str
    """Path of the address in the answer."""
    group: str
    packed: str = ""
    """Path of the name of the packing; GZIP is opened."""
    separator: str = ","
    keep: dict[str, str] = {}
    """What of the record the messages know as `@header.name`: {name: path}."""


class FinishedBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Of a backfill: records that say one of these words are left out."""

    at: Word | list[Word]
    not_: Annotated[list[Any], Meta(min_length=1)]


class ListedBlock(AskBlock, frozen=True, kw_only=True):
    """A list that is pulled."""

    each: EachBlock
    cut: str | list[str] = ""
    window: RangeBlock | None = None
    pages: PagesBlock = PagesBlock()
    first: dict[str, FirstBlock] = {}
    """Questions before a window is read, whose answers its other questions use by name: a token for private fields."""
    then: DetailsBlock | None = None
    one: DetailsBlock | None = None
    """How a single record is read, by `$id` or `$ids`, after a push that only hints; without it, as `then` says."""
    also: dict[str, BesideBlock] = {}
    count: TotalBlock | None = None
    loop: dict[str, Annotated[list[Any], Meta(min_length=1)] | str] = {}
    """Values that a question takes one after the other: a walk for each; `$name` of a setting that is a list."""
    past: bool = True
    """Whether a backfill and a second sweep read it."""
    when: Any = None
    """A setting that must be on."""
    open: Annotated[dict[str, Any], Meta(min_length=1)] | None = None
    """Of a backfill: values of the question that leave finished records out, or {at: path, not: [...]}."""
    files: FileBlock | None = None
    """Its records name files, whose rows are the messages."""
    hints: HintsBlock | None = None
    """It is a queue of messages, that a live pull empties when its other lists are read."""
    again: dict[str, Any] = {}
    """Of the second sweep: window names by another index, {from: …, to: …}, and values of the question that choose it;
    it is then read by both."""


class DropBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Reports that lie as CSV files in a folder that a setting names; rows with one value in `group` are a message."""

    folder: str
    topic: str
    group: str


class PullBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What is read at an interval. With `code` a module of the folder does it."""

    code: str = ""
    every: Duration = "60s"
    unsure: MaybeDuration = "3s"
    """Nearer to now than this is not over: orders of the same second may still come."""
    sweep_after: Duration = "30m"
    sweep_every: Duration = "15m"
    history: MaybeDuration = ""
    lists: dict[str, ListedBlock] = {}
    files: dict[str, DropBlock] = {}


class ReadBlock(ListedBlock, frozen=True, kw_only=True):
    """Something that is read back on demand: stock, listing stock, outbound documents of a day, ratings."""

    code: str = ""
    """A module of the folder that reads it."""
    codes_at_once: Count = 0
    """The platform gives no list: it is asked for so many of our codes at a time, `$codes`."""
