"""Read a platform back on demand: what it says of stock, of listings, of a day, beside what the hub knows.

Nothing is changed by looking, and nothing is stored. With `is_kept` what was read is landed too, and goes the way of
everything that lands.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import httpx2
import msgspec

from orderloom.application.compare_back import AskedSpan, HubKnowledge, WhatTheySay, set_beside
from orderloom.application.directory import Directory
from orderloom.application.land import Lander
from orderloom.application.not_kept import NotKept, unknown
from orderloom.application.ports import Account, Connector, Manifest, ReadsBack, Terminal, Transient
from orderloom.application.sources.hub import WayOut
from orderloom.application.translate import translate
from orderloom.application.within import Within
from orderloom.blueprint.mapping import Mappings
from orderloom.domain.looked import Rating
from orderloom.domain.reading_back import OUTBOUND, SAME, Compared
from orderloom.domain.words import Words

LIST = Words("可读内容", "thing to read")
DAY, DAYS_MAX, DAY_FIRST = timedelta(days=1), 92, date(2000, 1, 1)
LATE = timedelta(days=3)
"""Lists of parcels go by when something changed last: what went out on a day is looked for so long after it, too."""
ROWS_MAX = 10_000
"""So many rows at most are told at once; all are counted."""
PARTS_MAX = 100_000
"""A reading ends once it has so many figures, ratings and reports."""
SECONDS_MAX = 3_600.0
"""And once it took so long, unless who asks has less time."""


class ReadWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to read back, of which day of the account's zone (none: of the last `days`), and what to tell of it.

    `is_all`: what agrees is told too; `after`: the `next` of the answer before; `is_kept`: what was read is landed.
    """

    what: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    day: date | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=DAYS_MAX)] = 1
    is_kept: bool = False
    is_all: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=ROWS_MAX)] = 1_000
    after: Annotated[str, msgspec.Meta(max_length=1_000)] = ""


class RatingTold(msgspec.Struct, frozen=True):
    """A buyer's rating; `order` is the hub's number of the order, empty where it knows none."""

    external_id: str
    order: str
    order_external_id: str
    sku: str
    stars: int
    at: datetime


class ReadBack(msgspec.Struct, frozen=True):
    """What was read, beside what the hub knows: a page of `rows` (and of `ratings`), and counts of all.

    `is_whole`: all was read that the platform has; else the reading ended at a bound. `unreadable` messages are in no
    row. `counts` has the rows by verdict.
    """

    account: str
    what: str
    start: datetime
    end: datetime
    is_whole: bool
    messages: int
    unreadable: int
    landed: int
    counts: dict[str, int]
    rows: list[Compared]
    ratings: list[RatingTold]
    ratings_in_all: int
    next: str | None


class ReadingHub(Protocol):
    """What of the hub is needed."""

    @property
    def connectors(self) -> Mapping[str, Connector]: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def mappings(self) -> Mappings: ...
    @property
    def outside(self) -> WayOut: ...
    @property
    def lander(self) -> Lander: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    async def directory(self) -> Directory: ...


class _Read(NamedTuple):
    told: WhatTheySay
    messages: int
    unreadable: int
    landed: int
    is_whole: bool


class LookedBack(NamedTuple):
    """What was read of a span of time, and its rows beside what the hub knows."""

    rows: list[Compared]
    read: _Read
    start: datetime
    end: datetime


async def read_back(
    hub: ReadingHub, within: Within[HubKnowledge], account_code: str, asked: ReadWish, seconds: float = SECONDS_MAX
) -> ReadBack:
    """Read, compare, tell.

    Raises NotKept: not_found, not_possible, wrong_value, and outside_failed when the platform does not give it.
    """
    directory = await hub.directory()
    account, manifest = _account(hub, directory, account_code, asked)
    after = _place(asked.after)
    rows, read, start, end = await look_back(hub, within, directory, account, manifest, asked, seconds)
    async with within() as known:
        orders = await known.orders(account.id, {one.order_external_id for one in read.told.ratings})
    counts = dict(Counter(row.verdict for row in rows))
    left = sorted((row for row in rows if (asked.is_all or row.verdict != SAME) and _key(row) > after), key=_key)
    rated = sorted((one for one in _told(read.told.ratings, orders) if _key(one) > after), key=_key)
    shown, stars = left[: asked.limit], rated[: asked.limit]
    # A reading gives rows or ratings, never both.
    last = (shown or stars)[-1] if max(len(left), len(rated)) > asked.limit else None
    return ReadBack(account.code, asked.what, start, end, read.is_whole, read.messages, read.unreadable, read.landed,
                    counts, shown, stars, len(read.told.ratings), None if last is None else _cursor(_key(last)))


async def look_back(
    hub: ReadingHub, within: Within[HubKnowledge], directory: Directory, account: Account, manifest: Manifest,
    asked: ReadWish, seconds: float = SECONDS_MAX,
) -> LookedBack:
    """What an account that gives it back says, all of it, beside what the hub knows. Raises NotKept: outside_failed."""
    start, end = _span(account, asked, hub.now())
    async with within() as known:
        codes = await known.codes(account.id) if asked.what in manifest.reads_by_code else []
    until = min(end + LATE, hub.now()) if asked.what == OUTBOUND else end
    try:
        read = await _read(hub, account, asked, (start, until), codes, seconds)
    except (Transient, Terminal) as refused:
        raise NotKept("outside_failed", f"平台没有给出：{refused}",
                      f"the platform does not give it: {refused}") from refused
    span = AskedSpan(start, end, read.is_whole, read.is_whole and asked.what in manifest.reads_whole)
    async with within() as known:
        rows = await set_beside(known, directory, account, asked.what, read.told, span)
    return LookedBack(rows, read, start, end)


def _told(ratings: Sequence[Rating], orders: Mapping[str, str]) -> list[RatingTold]:
    return [RatingTold(one.external_id, orders.get(one.order_external_id, ""), one.order_external_id, one.sku,
                       one.stars, one.at) for one in ratings]


def _account(hub: ReadingHub, directory: Directory, code: str, asked: ReadWish) -> tuple[Account, Manifest]:
    account = directory.account_named(code)
    manifest = hub.manifests[account.connector]
    if not isinstance(hub.connectors[account.connector], ReadsBack) or not manifest.reads:
        raise NotKept("not_possible", f"{account.connector} 没有可以读回的内容",
                      f"{account.connector} gives nothing back to read")
    if asked.what not in manifest.reads:
        raise unknown(LIST, asked.what, manifest.reads)
    if asked.is_kept and account.family == "channels":
        raise NotKept("not_possible", "渠道展示的库存与评价只供核对，不入库",
                      "what a channel shows is looked at only; it is not landed")
    return account, manifest


async def _read(
    hub: ReadingHub, account: Account, asked: ReadWish, span: tuple[datetime, datetime], codes: Sequence[str],
    seconds: float,
) -> _Read:
    reader = hub.connectors[account.connector]
    assert isinstance(reader, ReadsBack)
    told, messages, unreadable, landed, is_whole = WhatTheySay(), 0, 0, 0, True
    clock = asyncio.get_running_loop()
    until, at = clock.time() + seconds, hub.now()
    http: httpx2.AsyncClient = hub.outside.client(account)
    pages = reader.read(account, asked.what, *span, http, codes)
    while True:
        try:
            async with asyncio.timeout_at(until):  # pages with nothing on them are not given out, however many come
                page = await anext(pages, None)
        except TimeoutError:
            page, is_whole = None, False
        if page is None:
            break
        headers = dict(page.headers)
        unreadable += bool(page.problem) + len(page.missing)
        for item in () if page.problem else page.items:
            messages += 1
            results = translate(account, item.topic, item.body, headers | dict(item.context), at, hub.mappings)
            unreadable += sum(isinstance(one, tuple) for one in results)
            told.gather(results)
        if asked.is_kept:
            ids = await hub.lander.land(account, page.items, headers, hub.now())
            landed += sum(one is not None for one in ids)
        if len(told) >= PARTS_MAX or clock.time() > until:
            is_whole = False
            break
    return _Read(told, messages, unreadable, landed, is_whole)


def _span(account: Account, asked: ReadWish, now: datetime) -> tuple[datetime, datetime]:
    if asked.day is None:
        return now - asked.days * DAY, now
    if not DAY_FIRST <= asked.day <= now.date() + DAY:
        raise NotKept("wrong_value", f"day：{DAY_FIRST} 到今天", f"day: from {DAY_FIRST} to today")
    zone = ZoneInfo(account.zone)
    # The day after, and not 24 hours: clocks are put forward and back.
    return datetime.combine(asked.day, time(), zone), min(datetime.combine(asked.day + DAY, time(), zone), now)


def _key(one: Compared | RatingTold) -> tuple[str, str]:
    return (one.about, one.place) if isinstance(one, Compared) else (one.external_id, one.sku)


def _cursor(key: tuple[str, str]) -> str:
    return base64.urlsafe_b64encode("\n".join(key).encode()).decode()


def _place(after: str) -> tuple[str, str]:
    """The key that `_cursor` wrote; of nothing the one before all."""
    if not after:
        return "", ""
    try:
        about, _, place = base64.b64decode(after, altchars=b"-_", validate=True).decode().partition("\n")
    except (binascii.Error, ValueError) as error:
        raise NotKept("wrong_value", "after 不是上一页给出的 next", "after is no `next` of a page before") from error
    return about, place
