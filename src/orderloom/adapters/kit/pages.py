"""Walks one list within one window, page by page, in the way that its platform pages.

A list that stands newest first is walked from its last page: a record that changes meanwhile moves to the front and
shifts the others towards pages that are still to be read, so none is skipped. An answer that cannot be read is given
out as it came and asked for again; what stays unreadable raises NotTheAnswer, and the window is read half by half.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderloom.adapters.halving import NotTheAnswer, middle_of
from orderloom.adapters.kit.casts import SHOWN, read_time, written_window
from orderloom.adapters.kit.cut import records
from orderloom.adapters.kit.links import next_link, token_of
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ListPlan
from orderloom.adapters.kit.platform import GoodAnswer, Platform
from orderloom.adapters.kit.requests import within
from orderloom.adapters.kit.schema import PagesBlock
from orderloom.application.ports import Transient
from orderloom.domain.clock_change import repeated

READS_OF_A_PAGE = 2
"""How often one page is asked for while it comes back unreadable, before its window is halved."""
OPEN, AGAIN, READ = "open", "again", "read"
"""What a walk is for, beside the live pull (""): what is not finished, a second look, a look on demand."""


FLAGS = {"true": True, "1": True, "yes": True, "y": True, "false": False, "0": False, "no": False, "n": False}
EMPTY_MAX = 20
"""So many pages in a row without anything new, though more are told, are none that were filtered: they never end."""


class TooManyPages(NotTheAnswer):
    """A window has more pages than are read in a row: it is read in halves, and what does not fit a second is told."""


class Leaf(NamedTuple):
    """A page. `problem` is filled when it could not be read; then `body` is all there is."""

    body: bytes
    content_type: str
    data: Any = None
    records: tuple[bytes, ...] = ()
    problem: str = ""
    link: str = ""


class ListWalk(NamedTuple):
    """A list that is walked: where, for what, with which values of its loop, and until when its time is over."""

    platform: Platform
    plan: ListPlan
    closed: datetime
    purpose: str = ""
    names: Mapping[str, Any] = {}

    def window(self, start: datetime, end: datetime) -> dict[str, Any]:
        """The window as the platform is asked for it."""
        said = self.plan.said.window
        if said is None:
            return {}
        renamed = self.plan.said.again if self.purpose == AGAIN else {}
        zone = self.platform.plan.zone
        start -= timedelta(seconds=said.open_start)
        ends = dict(zip(("$from", "$to"), written_window(start, end, said.as_, zone), strict=True))
        if said.one:
            return {name: "".join(text(ends.get(part, part)) for part in renamed.get(name, parts))
                    for name, parts in said.one.items()}  # fmt: skip
        names = {"$from": str(renamed.get("from", said.from_)), "$to": str(renamed.get("to", said.to))}
        others = {name: value for name, value in renamed.items() if name not in ("from", "to")}
        return within({}, {**others, **{name: ends[end] for end, name in names.items()}})

    def is_exact(self, start: datetime, end: datetime) -> bool:
        """Whether the platform is asked for this time and no more: not at a time that its clock shows twice."""
        said, zone = self.plan.said.window, self.platform.plan.zone
        edges = (start - timedelta(seconds=said.open_start), end) if said is not None and said.as_ in SHOWN else ()
        return not any(repeated(at, zone) for at in edges)

    def is_one_question(self, start: datetime, end: datetime) -> bool:
        """Whether a half of this window is asked for in the words of the whole."""
        asked, middle = self.window(start, end), middle_of(start, end)
        return bool(asked) and asked in (self.window(start, middle), self.window(middle, end))


class PageReader:
    """Reads the pages of one window; what could not be read waits in `spoilt`."""

    def __init__(self, walk: ListWalk, start: datetime, end: datetime) -> None:
        self._walk, self._window = walk, walk.window(start, end)
        window = walk.plan.said.window
        is_named = window is not None and window.into == "names"
        scope = walk.platform.scope({**walk.names, **self._window} if is_named else walk.names)
        self._fixed = {name: value(scope) for name, value in walk.plan.pages_values.items()}
        is_open = walk.purpose == OPEN and walk.plan.open_values is not None
        self._open = walk.plan.open_values(scope) if is_open and walk.plan.open_values is not None else {}
        self.spoilt: list[Leaf] = []
        self.total = 0
        """How many records the platform says are there, the most that it said."""
        self.told: datetime | None = None
        """Up to when the answers say that they are whole."""

    @property
    def size(self) -> int:
        """How many records a page is asked to hold."""
        names = self._walk.plan.said.pages.size
        value = self._fixed.get(next(iter(names), ""), 0)
        return int(value) if text(value).isdecimal() else 0

    async def read(self, more: Mapping[str, Any], *, is_filtered: bool = True) -> Leaf:
        """A page. Raises NotTheAnswer when it stays unreadable; Transient, Terminal."""
        said = self._walk.plan.said
        page_values = {**self._fixed, **more, **(self._open if is_filtered else {})}
        extra: dict[str, dict[str, Any]] = {said.pages.into: page_values}
        names = self._walk.names
        if said.window is not None and is_filtered and said.window.into == "names":
            names = {**names, **self._window}
        elif said.window is not None and is_filtered:
            extra[said.window.into] = within(extra.get(said.window.into, {}), self._window)
        for _ in range(READS_OF_A_PAGE):
            answer = await self._walk.platform.ask(
                self._walk.plan.question, names, extra=extra, is_lenient=True)
            leaf = _leaf(answer, self._walk.plan)
            if not leaf.problem:
                if said.pages.total:
                    self.total = max(self.total, whole(look(leaf.data, said.pages.total)))
                self._hear_told(leaf)
                return leaf
            self.spoilt.append(leaf)
        raise NotTheAnswer(self.spoilt[-1].problem)

    def _hear_told(self, leaf: Leaf) -> None:
        said = self._walk.plan.said.window
        if said is not None and said.told:
            found = read_time(look(leaf.data, said.told), said.as_, self._walk.platform.plan.zone)
            self.told = min(filter(None, (found, self.told)), default=None)

    def take_spoilt(self) -> list[Leaf]:
        """What could not be read, once."""
        spoilt, self.spoilt = self.spoilt, []
        return spoilt


def _leaf(answer: GoodAnswer, plan: ListPlan) -> Leaf:
    heard = answer.heard
    kind = heard.headers.get("content-type", "")
    charset = kind.partition("charset=")[2].partition(";")[0].strip()
    try:
        if not heard.is_readable:
            raise NotTheAnswer("the body is no answer")
        found = records(heard.body, plan.said.cut, charset) if plan.said.cut else (heard.body,)
    except NotTheAnswer as problem:
        return Leaf(heard.body, kind, problem=f"{plan.question.name}: {problem}")
    return Leaf(heard.body, kind, heard.data, found, link=heard.headers.get("link", ""))


def first_page(said: PagesBlock) -> dict[str, Any]:
    """What the first page is asked for with."""
    is_named = said.by in ("number", "offset") or (said.by == "token" and said.first != 1)
    return {said.in_: said.first} if is_named else {}


async def leaves(reader: PageReader, plan: ListPlan) -> AsyncIterator[Leaf]:
    """The pages of a window, oldest change first where the list allows it."""
    walker = WALKERS[plan.said.pages.by]
    try:
        async for leaf in walker(reader, plan):
            for spoilt in reader.take_spoilt():
                yield spoilt
            yield leaf
    except NotTheAnswer:
        for spoilt in reader.take_spoilt():
            yield spoilt
        raise


async def _one(reader: PageReader, plan: ListPlan) -> AsyncIterator[Leaf]:
    yield await reader.read({})


async def _by_number(reader: PageReader, plan: ListPlan) -> AsyncIterator[Leaf]:
    said = plan.said.pages
    first = int(said.first)
    if said.walk == "last_to_first":
        head = await reader.read({said.in_: first, **said.ask_total})
        last = first + _page_count(head, said, reader.size) - 1
        if last - first >= said.at_most:
            raise TooManyPages(f"more than {said.at_most} pages")
        if last <= first:
            yield head
            return
        async for leaf in _each_new(reader, plan, range(last, first - 1, -1)):
            yield leaf
        return
    seen = empty = 0
    before: tuple[bytes, ...] = ()
    for number in range(first, first + said.at_most):
        leaf = await reader.read({said.in_: number, **(said.ask_total if number == first else said.later)})
        if leaf.records and leaf.records == before:
            raise _same_page(reader, leaf, plan)
        seen, before = seen + len(leaf.records), leaf.records
        yield leaf
        if _is_last(leaf, said, seen, number - first + 1):
            return
        empty = 0 if leaf.records else empty + 1
        if empty > EMPTY_MAX:
            raise _same_page(reader, leaf, plan)
    raise TooManyPages(f"more than {said.at_most} pages")


async def _by_offset(reader: PageReader, plan: ListPlan) -> AsyncIterator[Leaf]:
    said = plan.said.pages
    offset = int(said.first) if text(said.first).isdecimal() and said.first != 1 else 0
    before: tuple[bytes, ...] = ()
    if said.walk == "last_to_first":
        head = await reader.read({said.in_: offset, **said.ask_total})
        size, count = len(head.records) or reader.size or 1, _page_count(head, said, reader.size)
        if count > said.at_most:
            raise TooManyPages(f"more than {said.at_most} pages")
        if count <= 1:
            yield head
            return
        async for leaf in _each_new(reader, plan, range((count - 1) * size, -1, -size)):
            yield leaf
        return
    for _ in range(said.at_most):
        leaf = await reader.read({said.in_: offset})
        if leaf.records and leaf.records == before:
            raise _same_page(reader, leaf, plan)
        before, offset = leaf.records, offset + len(leaf.records)
        yield leaf
        if _is_last(leaf, said, offset, 0):
            return
        if not leaf.records:
            raise _same_page(reader, leaf, plan)
    raise TooManyPages(f"more than {said.at_most} pages")


async def _by_token(reader: PageReader, plan: ListPlan) -> AsyncIterator[Leaf]:
    said = plan.said.pages
    token, seen, idle = said.first if said.first != 1 else None, set[str](), _Idle()
    for number in range(said.at_most):
        values = {**(said.ask_total if number == 0 else {}), **({} if token is None else {said.in_: token})}
        leaf = await reader.read(values, is_filtered=number == 0 or not said.only)
        token = look(leaf.data, said.next)
        has_more, is_told = _more_by_token(leaf, said, token, seen)
        if is_told and has_more and (token in said.ends or text(token) in seen):
            raise _same_page(reader, leaf, plan)
        seen.add(text(token))
        yield leaf
        if not has_more:
            return
        if idle.is_endless(leaf):
            raise _endless(plan)
    raise Transient("too_many_pages", f"{plan.question.name}: 超过 {said.at_most} 页 / over {said.at_most} pages")


async def _by_link(reader: PageReader, plan: ListPlan) -> AsyncIterator[Leaf]:
    """Only the token is taken from the link: its host is the answer's word and must not get our secrets."""
    said = plan.said.pages
    token, seen, idle = None, set[str](), _Idle()
    for _ in range(said.at_most):
        leaf = await reader.read(said.ask_total if token is None else {said.in_: token},
                                 is_filtered=token is None or not said.only)
        link = next_link(leaf.link)
        token = token_of(link, said.in_)
        if link and (not token or token in seen):
            raise _same_page(reader, leaf, plan)
        seen.add(token)
        yield leaf
        if not link:
            return
        if idle.is_endless(leaf):
            raise _endless(plan)
    raise Transient("too_many_pages", f"{plan.question.name}: 超过 {said.at_most} 页 / over {said.at_most} pages")


class _Idle:
    """Counts the pages in a row on which nothing new stands, by the records that stood on pages before."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._pages = 0

    def is_endless(self, leaf: Leaf) -> bool:
        """Whether a page, behind which others are told to follow, is one too many without anything new."""
        new = {hash(one) for one in leaf.records} - self._known
        self._known |= new
        self._pages = 0 if new else self._pages + 1
        return self._pages > EMPTY_MAX


async def _each_new(reader: PageReader, plan: ListPlan, numbers: Iterable[int]) -> AsyncIterator[Leaf]:
    """Pages by their numbers, none of which is the one before once more."""
    said, before = plan.said.pages, tuple[bytes, ...]()
    for number in numbers:
        leaf = await reader.read({said.in_: number, **said.later})
        if leaf.records and leaf.records == before:
            raise _same_page(reader, leaf, plan)
        before = leaf.records
        yield leaf


WALKERS = {"one": _one, "number": _by_number, "offset": _by_offset, "token": _by_token, "link": _by_link}


def _page_count(head: Leaf, said: PagesBlock, size: int) -> int:
    """How many pages there are; a page holds as many as the first one does, where more are to come.

    A full page with which no number stands may be one of any number.
    """
    here = len(head.records)
    told = _at_least(look(head.data, said.count or said.total), bool(here) if said.count else here)
    if told is None:
        return said.at_most + 1 if here and here >= size else 1
    return told if said.count else -(-told // (here or size or 1)) or 1


def _is_last(leaf: Leaf, said: PagesBlock, seen: int, number: int) -> bool:
    """Whether nothing follows, as far as the platform tells; else only an empty page says so.

    A number that is less than what has come already tells nothing, as none does.
    """
    more = _flag(look(leaf.data, said.more)) if said.more else None
    if more is not None:
        return not more
    if not leaf.records:
        return True
    count = _at_least(look(leaf.data, said.count), number) if said.by == "number" else None
    if count is not None:
        return number >= count
    return seen == _at_least(look(leaf.data, said.total), seen)


def _more_by_token(leaf: Leaf, said: PagesBlock, token: Any, seen: set[str]) -> tuple[bool, bool]:
    """Whether another page follows, and whether the platform says so itself; else a token that is new does, behind a
    page with records."""
    more = _flag(look(leaf.data, said.more)) if said.more else None
    if more is not None:
        return more, True
    has_token = token not in said.ends
    return (has_token, True) if not said.more else (has_token and text(token) not in seen and bool(leaf.records), False)


def _at_least(value: Any, least: int) -> int | None:
    """A number of records or pages; None when it is none, or less than there are."""
    found = number_of(value)
    return None if found is None or found < least else found


def number_of(value: Any) -> int | None:
    """A number of records or pages; None when it is none that can be."""
    digits = text(value)
    return int(digits) if digits.isdecimal() and len(digits) < 12 else None


def whole(value: Any) -> int:
    """A number of records; what is none is 0."""
    return number_of(value) or 0


def _flag(value: Any) -> bool | None:
    """A yes or no; None when it is neither: it may be left out, or be written in words that nobody foresaw."""
    return FLAGS.get(text(value).strip().lower())


def _endless(plan: ListPlan) -> Transient:
    """Each page has another token, and nothing new stands on any: halves of the window would not end either."""
    return Transient("endless_pages", f"{plan.question.name}: 一直说还有下一页，连续 {EMPTY_MAX} 页却没有新内容 / "
                     f"more pages are told again and again, {EMPTY_MAX} in a row brought nothing new")


def _same_page(reader: PageReader, leaf: Leaf, plan: ListPlan) -> NotTheAnswer:
    """The platform gives the page before once more: going on would never end."""
    problem = f"{plan.question.name}: 同一页给了两次 / the same page twice"
    reader.spoilt.append(leaf._replace(problem=problem))
    return NotTheAnswer(problem)
