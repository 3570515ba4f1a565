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
    """The name of the value that holds the start."""
    to: str = ""
    """The name of the value that holds the end."""
    one: dict[str, list[str]] = {}
    """Where both ends stand in one value: {filter: ["modified:[", $from, "..", $to, "]"]}."""
    as_: str = "unix_s"
    """How both are written, a way of `casts.py`."""
    into: Literal["query", "send", "names"] = "send"
    """Where both stand; `names`: the question's own values use them, by what `from` and `to` say, within a filter."""
    at_most: Duration = "1h"
    """The widest window that the platform takes."""
    past: MaybeDuration = ""
    """The width for what is long over, where little changes; empty: `at_most`."""
    overlap: MaybeDuration = "2m"
    """So far a reading goes back before where it stood; of all lists the most counts."""
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
    """How: `one` is a list without pages."""
    in_: str = ""
    """The name of the value, or of the link's parameter, that takes the page, the token or the offset."""
    into: Literal["query", "send"] = "send"
    """Where the values of the walk stand; of a GET in the query."""
    first: Annotated[int, Meta(ge=0, le=1_000_000)] | str = 1
    """The first page's number or offset; of `token` what the first question sends, 1 being nothing."""
    size: dict[str, Any] = {}
    """How many records a page holds, {name: value}."""
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
    """`last_to_first` where the list stands newest first: what changes meanwhile hides nobody."""
    at_most: Count = 2000
    """So many pages of a window at most: then it is halved, and of tokens and links that is a fault."""
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
    """The topic under which a record is landed: a document of mapping.yaml."""
    name: str = "order"
    """What the record is called in a message that holds more beside it (`also`)."""
    id: str | list[str] = ""
    """Path of the record's id; of several the first that is there."""
    version: str | list[str] = ""
    """When it last changed; read by `as`, it also says whether the record counts for the window."""
    as_: str = ""
    """How `version` is written, a way of `casts.py`; empty: it is no time."""
    whole: bool = False
    """The page is one message, not one per record."""
    final: bool = False
    """What the list names is over and changes no more: its details are read until twice the same came."""
    group: str | int = ""
    """Records with the same value here are one message: rows of a bill."""


class DetailsBlock(AskBlock, frozen=True, kw_only=True):
    """The records read one by one, or several at a time, after a list that only names them."""

    at_most: Count = 1
    """So many records are asked for at a time, by `$ids`; one by `$id`."""
    cut: str | list[str] = ""
    """Where the records stand in the answer; empty: all of it is one."""
    id: str | list[str] = ""
    """Path of a record's id in the answer; not needed where one is asked for at a time."""
    keep_id: str = ""
    """The answer does not say whose it is: the message is {"id": …, NAME: …}, with what was asked by."""
    missing: Literal["again", "skip", "keep"] = "again"
    """Asked for and not answered: asked again and then told, left out, or kept as the list had it."""
    topic: str = ""
    """The topic under which it is landed; empty: that of the list."""


class OnlyBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Records that say one of these values at a place."""

    at: str
    """Path in the record."""
    in_: Annotated[list[Any], Meta(min_length=1)]
    """The values."""


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
    """Path of the number."""


class HintsBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Of a list that is a queue of messages: how one is told apart, what it hints at, and how it is confirmed."""

    kind: str | list[str]
    """Path of a message's kind; of several the first that is there."""
    confirm: AskBlock
    """Asked with `$ids` once the messages are durable."""
    content: str = ""
    """Path of a JSON text within a message that holds what it says."""
    topics: dict[str, TopicBlock] = {}
    """What a message of a kind is, by the kind."""
    other: TopicBlock = TopicBlock(ignore=True)
    """Kinds that are not named."""
    at_most: Count = 50
    """So many batches in one pull."""


class FileBlock(AskBlock, frozen=True, kw_only=True):
    """Each record names a file: this question tells where it lies. Rows with one value in `group` are one message."""

    url: str
    """Path of the address in the answer."""
    group: str
    """The column whose value rows of one message have in common."""
    packed: str = ""
    """Path of the name of the packing; GZIP is opened."""
    separator: str = ","
    """What stands between two cells; with another than a comma nothing is quoted."""
    keep: dict[str, str] = {}
    """What of the record the messages know as `@header.name`: {name: path}."""


class FinishedBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Of a backfill: records that say one of these words are left out."""

    at: Word | list[Word]
    """Path in the record; of several the first that is there."""
    not_: Annotated[list[Any], Meta(min_length=1)]
    """The words."""


class ListedBlock(AskBlock, frozen=True, kw_only=True):
    """A list that is pulled."""

    each: EachBlock
    """What one record is."""
    cut: str | list[str] = ""
    """Where the records stand in the answer; empty: all of it is one."""
    window: RangeBlock | None = None
    """The time that is asked for; without it the list is asked as a whole."""
    pages: PagesBlock = PagesBlock()
    """How it goes on."""
    first: dict[str, FirstBlock] = {}
    """Questions before a window is read, whose answers its other questions use by name: a token for private fields."""
    then: DetailsBlock | None = None
    """How the records that it names are read; without it they are whole as they stand."""
    one: DetailsBlock | None = None
    """How a single record is read, by `$id` or `$ids`, after a push that only hints; without it, as `then` says."""
    also: dict[str, BesideBlock] = {}
    """What is read for each record and kept beside it, by the name that it has in the message."""
    count: TotalBlock | None = None
    """How the number of records is asked for, where no page tells it."""
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
    """The setting that names the folder; one that is empty reads nothing."""
    topic: str
    """The topic under which the messages are landed."""
    group: str
    """The column whose value rows of one message have in common."""


class PullBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What is read at an interval. With `code` a module of the folder does it."""

    code: str = ""
    """The module, with `pull(platform, cursor, at)`; empty: `lists` or `files` say it."""
    every: Duration = "60s"
    """How often."""
    unsure: MaybeDuration = "3s"
    """Nearer to now than this is not over: orders of the same second may still come."""
    sweep_after: Duration = "30m"
    """A stretch of time is read a second time once it is over for so long."""
    sweep_every: Duration = "15m"
    """How often such stretches are looked for."""
    history: MaybeDuration = ""
    """How far back the platform shows its past; empty: nobody knows."""
    lists: dict[str, ListedBlock] = {}
    """The lists, by name; each has a place of its own."""
    files: dict[str, DropBlock] = {}
    """Reports in folders instead of lists, by name."""


class ReadBlock(ListedBlock, frozen=True, kw_only=True):
    """Something that is read back on demand: stock, listing stock, outbound documents of a day, ratings."""

    code: str = ""
    """The module, with `read(platform, what, start, end)`; empty: this list is read."""
    codes_at_once: Count = 0
    """The platform gives no list: it is asked for so many of our codes at a time, `$codes`."""
