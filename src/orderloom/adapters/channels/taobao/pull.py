"""Walks Taobao's changed trades window by window, counts each window by the platform's own total, skips finished ones.

Trades are listed newest change first, so a trade that changes during the walk moves towards page 1: pages are read from
the last to the first, and page 1 is read again at the end. Then the platform is asked how many trades it has in the
part of the window that is over; those that came in must be as many.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import httpx2
import msgspec

from orderloom.adapters.channels.taobao.gateway import Reply, call, local_text
from orderloom.adapters.channels.taobao.slicing import Trade, TradePage, cut
from orderloom.adapters.halving import NotTheAnswer, halved
from orderloom.application.ports import Account, Cursor, Item, Page, Window

API = "taobao.trades.sold.increment.get"
PLAUSIBLE = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")
FIELDS = (
    "tid,tid_str,status,type,created,modified,pay_time,consign_time,end_time,payment,total_fee,post_fee,discount_fee,"
    "adjust_fee,order_tax_fee,received_payment,num,step_trade_status,step_paid_fee,cod_status,seller_nick,buyer_nick,"
    "buyer_open_uid,buyer_message,seller_memo,seller_flag,trade_from,shipping_type,is_part_consign,oaid,receiver_name,"
    "receiver_state,receiver_city,receiver_district,receiver_town,receiver_address,receiver_zip,receiver_mobile,"
    "receiver_phone,cod_fee,buyer_cod_fee,coupon_fee,platform_subsidy_fee,recharge_fee,orders"
)
FINISHED = frozenset({"TRADE_FINISHED", "TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO"})
WINDOW_SECONDS_MAX = 1_800
PAST_WINDOW_SECONDS = 10_800
"""Half an hour is what the platform advises for the present; it accepts a day."""
OVERLAP_SECONDS = 120
PAGE_SIZE = 50
HISTORY_DAYS_MAX = 89
"""The platform keeps three months; the account's first pull may not ask for more."""
SETTLE = timedelta(seconds=3)
"""Times nearer to now than this are not over: trades of the same second may still come."""
READ_ATTEMPTS_MAX = 2
"""How often one page is asked for while it comes back unreadable, before its window is halved."""
PAGES_MAX = 2_000
"""A window with more is read half by half: the oldest changes stand on the last page."""


class Walk(msgspec.Struct, frozen=True):
    """How an account is walked: until when its time is over, and whether finished trades are left out."""

    account: Account
    http: httpx2.AsyncClient
    closed: datetime
    is_open_only: bool = False


async def walk(
    account: Account, since: datetime, until: datetime, closed: datetime, http: httpx2.AsyncClient, *,
    is_open_only: bool = False,
) -> AsyncIterator[Page]:
    """Yield the trades changed in [since, until], oldest window first; each window's last page moves the cursor.

    The seconds that are not over are a window of their own: a trade that changes now enters a list at the top and
    pushes one from a page not yet read onto one that was.
    """
    how, over = Walk(account, http, closed, is_open_only), closed.replace(microsecond=0)
    parts = [(since, until)] if closed >= until or over <= since else [(since, over), (over, until)]
    for start, end in [w for a, b in parts for w in windows(account, a, b, is_past=closed >= until)]:
        async for page in halved(partial(_pages, how), start, end):
            yield page


def windows(
    account: Account, since: datetime, until: datetime, *, is_past: bool
) -> list[tuple[datetime, datetime]]:
    """Cut the time into windows that the platform accepts, oldest first; the past, where little changes, into few."""
    most = PAST_WINDOW_SECONDS if is_past else min(setting(account, "window_seconds", WINDOW_SECONDS_MAX),
                                                   WINDOW_SECONDS_MAX)
    width = timedelta(seconds=most)
    end = until.replace(microsecond=0)
    start = max(since.replace(microsecond=0), end - timedelta(days=HISTORY_DAYS_MAX))
    found = []
    while start < end:
        found.append((start, min(start + width, end)))
        start += width
    return found


async def _pages(how: Walk, start: datetime, end: datetime) -> AsyncIterator[Page]:
    """Yield a window's pages from the last to the first, oldest change first; the last one yielded has the cursor.

    An unreadable answer is yielded whole and asked for again; raises NotTheAnswer when it stays so.
    """
    reads = _Reads(how, start, end)
    size = setting(how.account, "page_size", PAGE_SIZE)
    reply, page = await reads.page(1, has_total=True)
    total = page.total if page else 0
    last = -(-total // size)
    if last > PAGES_MAX:
        raise NotTheAnswer(f"more than {PAGES_MAX} pages")
    for number in [*range(last, 1, -1), 1] if last > 1 else []:
        for spoilt in reads.take_spoilt():
            yield spoilt
        reply, page = await reads.page(number, has_total=False)
        if page and number > 1:
            yield _page(how, reply, page)
        if page is None:
            break
    for spoilt in reads.take_spoilt():
        yield spoilt
    if page is None:
        raise NotTheAnswer(f"{start} - {end}")
    window = await reads.count() if total else None
    yield _page(how, reply, page, Cursor(end), window)


class _Reads:
    """The reads of one window; what could not be cut waits in `take_spoilt` to be landed whole."""

    def __init__(self, how: Walk, start: datetime, end: datetime) -> None:
        self._how, self._start, self._end = how, start, end
        self._spoilt: list[Page] = []
        self._came: dict[str, Trade] = {}

    async def page(self, number: int, *, has_total: bool) -> tuple[Reply, TradePage | None]:
        """Read a page until it can be cut, a few times at most; None when it stays unreadable."""
        for _ in range(READ_ATTEMPTS_MAX):
            reply = await read(self._how.account, self._start, self._end, number, self._how.http, has_total=has_total)
            try:
                page = cut(reply.body, reply.charset)
            except NotTheAnswer as problem:
                item = Item("unreadable", reply.body)
                self._spoilt.append(Page((item,), _headers(reply), None, f"{API}: {problem}"))
                continue
            # One that does not say who it is came all the same: it is not missing.
            self._came.update((str(one.tid) or f"{number}/{at}", one) for at, one in enumerate(page.read))
            return reply, page
        return reply, None

    async def count(self) -> Window | None:
        """What the platform has in the part of the window that is over, beside what came of it."""
        end = min(self._end, self._how.closed.replace(microsecond=0))
        if end < self._start:
            return None
        reply = await read(self._how.account, self._start, end, 1, self._how.http, has_total=True, fields="tid", size=1)
        try:
            total = cut(reply.body, reply.charset).total
        except NotTheAnswer:
            return None
        low, high = local_text(self._start), local_text(end)
        return Window(self._start, end, total, sum(_is_within(t, low, high) for t in self._came.values()))

    def take_spoilt(self) -> list[Page]:
        spoilt, self._spoilt = self._spoilt, []
        return spoilt


def _is_within(trade: Trade, low: str, high: str) -> bool:
    """Whether it changed in the time; one that says nothing sensible of it was given for that time."""
    return low <= trade.modified <= high or not PLAUSIBLE.match(trade.modified)


async def read(
    account: Account, start: datetime, end: datetime, number: int, http: httpx2.AsyncClient, *, has_total: bool,
    fields: str = FIELDS, size: int = 0,
) -> Reply:
    """Ask for one page of a window."""
    parameters = {
        "fields": fields,
        "start_modified": local_text(start),
        "end_modified": local_text(end),
        "page_no": str(number),
        "page_size": str(size or setting(account, "page_size", PAGE_SIZE)),
        "use_has_next": "false" if has_total else "true",
    }
    return await call(API, parameters, account, http)


def _page(how: Walk, reply: Reply, page: TradePage, cursor: Cursor | None = None, window: Window | None = None) -> Page:
    wanted = [trade for trade, seen in zip(page.trades, page.read, strict=True)
              if not (how.is_open_only and seen.status in FINISHED)]
    return Page(tuple(Item("trade", trade) for trade in reversed(wanted)), _headers(reply), cursor, window=window)


def _headers(reply: Reply) -> tuple[tuple[str, str], ...]:
    return (("content-type", reply.content_type),) if reply.content_type else ()


def setting(account: Account, name: str, default: int) -> int:
    """A number among the account's settings."""
    value = account.settings.get(name)
    return default if value is None else int(value)
