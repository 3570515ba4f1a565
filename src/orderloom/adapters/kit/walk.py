"""Reads a window of a list, counts what came beside what the platform says, and completes what lists only name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from orderloom.adapters.halving import NARROWEST, NotTheAnswer, halved
from orderloom.adapters.kit.casts import read_time
from orderloom.adapters.kit.cut import parsed
from orderloom.adapters.kit.details import Details, Record, in_parts
from orderloom.adapters.kit.files_told import told_files
from orderloom.adapters.kit.first import NOT_SO, asked_first
from orderloom.adapters.kit.loops import loops
from orderloom.adapters.kit.pages import (
    AGAIN,
    OPEN,
    READ,
    Leaf,
    ListWalk,
    PageReader,
    TooManyPages,
    first_page,
    leaves,
    whole,
)
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ConnectorPlan, DetailsPlan, ListPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.kit.schema import RangeBlock, ReadBlock
from orderloom.application.ports import UNREADABLE, Cursor, Item, Page, Reread, Transient, Window
from orderloom.blueprint.duration import seconds

WALKS_MAX = 3
"""How often a window of several pages is walked until nobody new is seen: what leaves a list shifts the others."""


class Stretch:
    """The time that one pull covers, in windows that every list of the account accepts."""

    def __init__(self, plan: ConnectorPlan, lists: Sequence[ListPlan]) -> None:
        self._windows = [one.said.window for one in lists if one.said.window is not None]
        pull = plan.said.pull
        self._unsure = timedelta(seconds=seconds(pull.unsure)) if pull and pull.unsure else timedelta(0)
        shown = [one.history for one in self._windows] + ([pull.history] if pull else [])
        self._history = min((_span(one) for one in shown if one), default=None)

    def overlap(self, settings: Mapping[str, Any]) -> timedelta:
        """How far a pull reads back before its cursor."""
        own = settings.get("overlap_seconds")
        if own is not None:
            return timedelta(seconds=float(own))
        return max((_span(one.overlap) for one in self._windows if one.overlap), default=timedelta(0))

    def closed(self, at: datetime, settings: Mapping[str, Any]) -> datetime:
        """Until when time is over: orders of the same second may still come nearer to now."""
        return at.replace(microsecond=0) - max(self._unsure, self._behind(settings))

    def until(self, at: datetime, settings: Mapping[str, Any]) -> datetime:
        """Up to where the platform answers."""
        return at.replace(microsecond=0) - self._behind(settings)

    def _behind(self, settings: Mapping[str, Any]) -> timedelta:
        own = settings.get("horizon_seconds")
        if own is not None:
            return timedelta(seconds=float(own))
        return max((_span(one.behind) for one in self._windows if one.behind), default=timedelta(0))

    def windows(
        self, since: datetime, until: datetime, closed: datetime, settings: Mapping[str, Any]
    ) -> Iterator[tuple[datetime, datetime]]:
        """Windows, oldest first. The seconds that are not over are one of their own: what changes now shifts pages."""
        end = until.replace(microsecond=0)
        start = since.replace(microsecond=0)
        if self._history is not None:
            start = max(start, end - self._history)
        is_past = closed >= until
        width = min((_width(one, is_past=is_past) for one in self._windows), default=timedelta(days=1))
        own = settings.get("window_seconds")
        if own and not is_past:
            width = min(width, timedelta(seconds=float(own)))
        parts = [(start, end)] if is_past or closed <= start else [(start, closed), (closed, end)]
        for part_start, part_end in parts:
            at = part_start
            while at < part_end:
                yield at, min(at + width, part_end)
                at += width


def _span(text_: str) -> timedelta:
    return timedelta(seconds=seconds(text_))


def _width(said: RangeBlock, *, is_past: bool) -> timedelta:
    return _span(said.past) if is_past and said.past else _span(said.at_most)


def pause(platform: Platform) -> float:
    """Before a half is read: a platform that allows few calls has a day's seventeen halves to answer."""
    return min(2.0, 1.0 / platform.plan.said.rate.per_second)


def is_wanted(platform: Platform, plan: ListPlan) -> bool:
    """Whether the account's settings want a list read."""
    return plan.when is None or plan.when(platform.scope({})) not in NOT_SO


async def read_window(walk: ListWalk, details: Details, start: datetime, end: datetime) -> AsyncIterator[Page]:
    """One window of one list. Raises NotTheAnswer when a page of it stays unreadable."""
    asked = await asked_first(walk.platform, walk.plan.first, walk.names)
    walk = walk._replace(names={**walk.names, **asked})
    try:
        async for page in _pages_of(walk, details, start, end):
            yield page
    except NotTheAnswer as problem:
        problem.is_one_question = walk.is_one_question(start, end)
        if not isinstance(problem, TooManyPages) or not (problem.is_one_question or end - start <= NARROWEST):
            raise
        words = f"{walk.plan.question.name}: {start} 页数过多，时间无法再分 / too many pages, nothing to halve"
        raise Transient("too_many_pages", words) from problem


async def _pages_of(walk: ListWalk, details: Details, start: datetime, end: datetime) -> AsyncIterator[Page]:
    reader, tally = PageReader(walk, start, end), WindowTally(walk, start, end)
    rows: list[bytes] = []
    async for leaf in _until_nobody_new(reader, walk.plan, tally):
        if leaf.problem:
            yield Page((Item(UNREADABLE, leaf.body),), _headers(leaf), None, leaf.problem)
            continue
        tally.add(leaf)
        wanted = [one for one in leaf.records if _is_open(walk, one)]
        if walk.plan.said.pages.walk == "last_to_first":
            wanted.reverse()
        if walk.plan.said.each.whole:
            yield Page((Item(walk.plan.said.each.topic, leaf.body),) if wanted else (), _headers(leaf))
            continue
        if walk.plan.filed is not None:
            async for page in told_files(walk.platform, walk.plan, wanted, walk.names):
                yield page
            continue
        if walk.plan.said.each.group != "":
            rows += wanted
            continue
        for some in in_parts(walk.plan, wanted):
            found = await details.complete(walk.platform, walk.plan, some, walk.names)
            for body, words in found.problems:
                yield Page((Item(UNREADABLE, body),), _headers(leaf), None, f"{walk.plan.question.name}: {words}")
            missing = found.missing
            for changed_at, items in _by_age(walk, found.items):
                if items or missing:
                    yield Page(items, _headers(leaf), missing=missing, changed_at=changed_at)
                missing = ()
            if found.stopped is not None:
                raise found.stopped
    if rows:
        yield Page(tuple(Item(walk.plan.said.each.topic, body) for body in _grouped(walk.plan, rows)))
    window = await tally.window(reader)
    if window is not None:
        yield Page((), window=window)
    if reader.told is not None and reader.told < end:
        yield Page((), cursor=Cursor(reader.told))


def _by_age(walk: ListWalk, items: Sequence[Item]) -> Iterator[tuple[datetime | None, tuple[Item, ...]]]:
    """The messages together.

    A second look by another index also meets what changed after the time that is looked at: each of these by itself,
    and when it changed. The live reading may still be on its way to them.
    """
    each = walk.plan.said.each
    changed: dict[Item, datetime] = {}
    if walk.purpose == AGAIN and each.version:
        version = f"{each.name}.{each.version}" if walk.plan.also else each.version
        for item in items:
            at = _changed_at(walk, look(parsed(item.body), version))
            if at is not None and at > walk.closed:
                changed[item] = at
    yield None, tuple(one for one in items if one not in changed)
    yield from ((at, (item,)) for item, at in changed.items())


def _changed_at(walk: ListWalk, version: Any) -> datetime | None:
    """When a record changed, if its version says so; of a time that the clock showed twice the later."""
    each = walk.plan.said.each
    return read_time(version, each.as_, walk.platform.plan.zone, fold=1) if each.as_ else None


async def _until_nobody_new(reader: PageReader, plan: ListPlan, tally: WindowTally) -> AsyncIterator[Leaf]:
    """The pages; several that are walked first to last are walked again for records that slipped past meanwhile."""
    for number in range(WALKS_MAX):
        pages, new = 0, 0
        async for leaf in leaves(reader, plan):
            fresh = leaf if number == 0 or leaf.problem else leaf._replace(records=tally.unseen(leaf.records))
            pages, new = pages + 1, new + len(fresh.records)
            if fresh.records or number == 0:
                yield fresh
        is_sure = plan.said.pages.sure or plan.said.pages.walk == "last_to_first" or plan.said.each.whole
        if pages < 2 or is_sure or (number and not new):
            return


class WindowTally:
    """Counts what came of a window beside what the platform says is there."""

    def __init__(self, walk: ListWalk, start: datetime, end: datetime) -> None:
        self._walk, self._start = walk, start
        self._end = min(end, walk.closed)
        pull = walk.platform.plan.said.pull
        if not walk.purpose and pull is not None and not pull.unsure:
            # Nothing of the time is called unsure, but this very second is: what changes in it is counted next time.
            self._end -= timedelta(seconds=1)
        self._came: dict[str, Any] = {}

    def add(self, leaf: Leaf) -> None:
        """A page that came."""
        each = self._walk.plan.said.each
        for body in leaf.records:
            self._came[self._key(body)] = look(parsed(body), each.version)

    def unseen(self, bodies: Sequence[bytes]) -> tuple[bytes, ...]:
        """Those that did not come yet."""
        return tuple(body for body in bodies if self._key(body) not in self._came)

    def _key(self, body: bytes) -> str:
        """One that does not say who it is came all the same: it is not missing."""
        return text(look(parsed(body), self._walk.plan.said.each.id)) or sha256(body).hexdigest()

    async def window(self, reader: PageReader) -> Window | None:
        """What the platform has in the part of the window that is over, beside what came of it."""
        said = self._walk.plan.said
        if self._end <= self._start or said.window is None or self._walk.purpose in (OPEN, AGAIN):
            return None
        if said.count is None and not reader.total:
            return None
        if not self._walk.is_exact(self._start, self._end):
            return None  # more was asked for than this time: its count is another one
        clipped = PageReader(self._walk, self._start, self._end)
        try:
            total = await self._count(clipped)
        except NotTheAnswer:
            return None
        return Window(self._start, self._end, total, sum(map(self._counts, self._came.values())))

    async def _count(self, clipped: PageReader) -> int:
        plan = self._walk.plan
        if plan.counting is not None:
            said, question = plan.counting
            into = plan.said.window.into if plan.said.window else "query"
            window = self._walk.window(self._start, self._end)
            names = {**self._walk.names, **window} if into == "names" else self._walk.names
            extra: dict[str, Any] = {} if into == "names" else {into: window}
            answer = await self._walk.platform.ask(question, names, extra=extra)
            return whole(look(answer.data, said.total))
        pages = plan.said.pages
        more = {**first_page(pages), **pages.ask_total}
        return whole(look((await clipped.read({**more, **pages.counting})).data, pages.total))

    def _counts(self, version: Any) -> bool:
        """Whether it changed in the time; one that says nothing sensible of it was given for that time."""
        at = _changed_at(self._walk, version)
        window = self._walk.plan.said.window
        if at is None or window is None:
            return True
        second = at.replace(microsecond=0)
        return self._start <= second < self._end if window.open_end else self._start <= second <= self._end


def _is_open(walk: ListWalk, record: bytes) -> bool:
    """Whether a backfill wants it: by a field of the record, where the question cannot leave finished ones out."""
    said = walk.plan.said.open
    if walk.purpose != OPEN or not said or "at" not in said:
        return True
    return text(look(parsed(record), said["at"])) not in {text(one) for one in said.get("not", ())}


def _grouped(plan: ListPlan, found: Sequence[bytes]) -> list[bytes]:
    """Rows of one document as one message, a list of the exact rows, on whichever pages they stood."""
    groups: dict[str, list[bytes]] = {}
    for row in found:
        groups.setdefault(text(look(parsed(row), str(plan.said.each.group))), []).append(row)
    return [b"[" + b",".join(rows) + b"]" for rows in groups.values()]


def _headers(leaf: Leaf) -> tuple[tuple[str, str], ...]:
    return (("content-type", leaf.content_type),) if leaf.content_type else ()


async def read_back(
    platform: Platform, details: Details, what: str, start: datetime, end: datetime, codes: Sequence[str] = (),
) -> AsyncIterator[Page]:
    """A list that is read on demand, in the windows that the platform accepts; one that knows no time, once.

    One that is asked by codes is asked for these, so many at a time.
    """
    plan = platform.plan.reads[what]
    known = [plan] if plan.said.window is not None else []
    windows = Stretch(platform.plan, known).windows(start, end, end, {}) if known else [(start, end)]
    for window_start, window_end in windows:
        for names in [one | some for one in loops(platform, plan.said.loop) for some in _by_codes(plan, codes)]:
            pages = partial(read_window, ListWalk(platform, plan, end, READ, names), details)
            async for page in halved(pages, window_start, window_end, pause(platform)):
                yield msgspec.structs.replace(page, cursor=None, window=None)


def _by_codes(plan: ListPlan, codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    step = plan.said.codes_at_once if isinstance(plan.said, ReadBlock) else 0
    if not step:
        yield {}
        return
    yield from ({"codes": list(codes[at:at + step])} for at in range(0, len(codes), step))


async def reread(platform: Platform, details: Details, what: str, ids: Sequence[str]) -> AsyncIterator[Page]:
    """Single records of a list, by id."""
    plan = platform.plan.lists[what]
    then: DetailsPlan | None = plan.one or plan.then
    if then is None:
        return
    names = await asked_first(platform, plan.first, {})
    found = (await details.read(platform, plan, then, [Record(one, b"{}") for one in ids], names)).whole
    topic = then.said.topic or plan.said.each.topic
    missing = tuple(Reread(what, one) for one in ids if one not in found)
    yield Page(tuple(Item(topic, body) for body in found.values()),
               missing=missing if then.said.missing == "again" else ())
