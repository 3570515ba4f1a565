"""Taobao: pulls changed trades, reports shipments and stock, tells whether an account works.

Trades are listed newest change first, so a trade that changes during the walk moves towards page 1: pages are read from
the last to the first, and page 1 is read again at the end.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx2

from orderloom.adapters.channels.taobao import shipping, stocking
from orderloom.adapters.channels.taobao.gateway import Reply, call, local_text
from orderloom.adapters.channels.taobao.slicing import TradePage, Unreadable, cut
from orderloom.application.ports import (
    Account,
    Answer,
    Cursor,
    Health,
    Inbound,
    Item,
    Outgoing,
    Page,
    Refused,
    Terminal,
    Verdict,
)

API = "taobao.trades.sold.increment.get"
FIELDS = (
    "tid,tid_str,status,type,created,modified,pay_time,consign_time,end_time,payment,total_fee,post_fee,discount_fee,"
    "adjust_fee,order_tax_fee,received_payment,num,step_trade_status,step_paid_fee,cod_status,seller_nick,buyer_nick,"
    "buyer_open_uid,buyer_message,seller_memo,seller_flag,trade_from,shipping_type,is_part_consign,oaid,receiver_name,"
    "receiver_state,receiver_city,receiver_district,receiver_town,receiver_address,receiver_zip,receiver_mobile,"
    "receiver_phone,orders"
)
WINDOW_SECONDS_MAX = 1_800
OVERLAP_SECONDS = 120
PAGE_SIZE = 50
HISTORY_DAYS_MAX = 89
"""The platform keeps three months; the account's first pull may not ask for more."""
READ_ATTEMPTS_MAX = 2
"""How often one page is asked for while it comes back unreadable, before its window is halved."""
NARROWEST = timedelta(seconds=1)
PAGES_MAX = 2_000


class Taobao:
    """The connector of family `channels`, name `taobao`."""

    name = "taobao"

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Quarantine whatever is posted: Taobao never pushes by HTTP, it is pulled."""
        items = (Item("unexpected", request.body),)
        return Verdict(items, "taobao_does_not_push", 404, b'{"error":"taobao does not push"}')

    async def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Yield the trades changed since the cursor, window by window; each window's last page moves the cursor."""
        for start, end in _windows(account, cursor, at):
            async for page in _walk(account, start, end, http):
                yield page

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Report a `shipment` or set `stock`; raises Terminal for a kind that Taobao has no use for."""
        if outgoing.kind == "shipment":
            return await shipping.send(outgoing, account, http)
        if outgoing.kind == "stock":
            return await stocking.send(outgoing, account, http)
        raise Terminal("unknown_kind", f"taobao takes shipment and stock, not {outgoing.kind}")

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Health:
        """Ask for one trade of the last minute: the address, the key, the session and the permission are tried."""
        now = datetime.now(UTC)
        try:
            await _read(account, now - timedelta(minutes=1), now, 1, http, has_total=False)
        except Refused as refused:
            return Health(False, f"淘宝账号不可用 Taobao account does not work: {refused}")
        return Health(True, "淘宝账号正常 Taobao account works")


def _windows(account: Account, cursor: Cursor, at: datetime) -> list[tuple[datetime, datetime]]:
    """Cut the time from the cursor (less the overlap) to `at` into windows that the platform accepts, oldest first."""
    width = timedelta(seconds=min(_setting(account, "window_seconds", WINDOW_SECONDS_MAX), WINDOW_SECONDS_MAX))
    overlap = timedelta(seconds=_setting(account, "overlap_seconds", OVERLAP_SECONDS))
    end = at.replace(microsecond=0)
    start = max(cursor.at.replace(microsecond=0) - overlap, end - timedelta(days=HISTORY_DAYS_MAX))
    windows = []
    while start < end:
        windows.append((start, min(start + width, end)))
        start += width
    return windows


async def _walk(account: Account, start: datetime, end: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
    """Yield one window's pages; where a page stays unreadable the window is halved until it stands alone.

    So trouble that passes costs nothing, and a page that the platform can never write costs one second's trades, which
    are in a case, and not its neighbours.
    """
    try:
        async for page in _pages(account, start, end, http):
            yield page
        return
    except Unreadable:
        pass
    if end - start <= NARROWEST:
        yield Page((), (), Cursor(end))
        return
    middle = start + timedelta(seconds=int((end - start).total_seconds()) // 2)
    for part_start, part_end in ((start, middle), (middle, end)):
        async for page in _walk(account, part_start, part_end, http):
            yield page


async def _pages(account: Account, start: datetime, end: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
    """Yield a window's pages from the last to the first, oldest change first; the last one yielded has the cursor.

    An unreadable answer is yielded whole and asked for again; raises Unreadable when it stays so.
    """
    reads = _Reads(account, start, end, http)
    size = _setting(account, "page_size", PAGE_SIZE)
    reply, page = await reads.page(1, has_total=True)
    last = min(-(-page.total // size), PAGES_MAX) if page else 0
    for number in [*range(last, 1, -1), 1] if last > 1 else []:
        for spoilt in reads.take_spoilt():
            yield spoilt
        reply, page = await reads.page(number, has_total=False)
        if page and number > 1:
            yield _page(reply, page, None)
        if page is None:
            break
    for spoilt in reads.take_spoilt():
        yield spoilt
    if page is None:
        raise Unreadable(f"{start} - {end}")
    yield _page(reply, page, Cursor(end))


class _Reads:
    """The reads of one window; what could not be cut waits in `take_spoilt` to be landed whole."""

    def __init__(self, account: Account, start: datetime, end: datetime, http: httpx2.AsyncClient) -> None:
        self._account, self._start, self._end, self._http = account, start, end, http
        self._spoilt: list[Page] = []

    async def page(self, number: int, *, has_total: bool) -> tuple[Reply, TradePage | None]:
        """Read a page until it can be cut, a few times at most; None when it stays unreadable."""
        for _ in range(READ_ATTEMPTS_MAX):
            reply = await _read(self._account, self._start, self._end, number, self._http, has_total=has_total)
            try:
                return reply, cut(reply.body, reply.charset)
            except Unreadable as problem:
                item = Item("unreadable", reply.body)
                self._spoilt.append(Page((item,), _headers(reply), None, f"{API}: {problem}"))
        return reply, None

    def take_spoilt(self) -> list[Page]:
        spoilt, self._spoilt = self._spoilt, []
        return spoilt


async def _read(
    account: Account, start: datetime, end: datetime, number: int, http: httpx2.AsyncClient, *,
    has_total: bool,
) -> Reply:
    parameters = {
        "fields": FIELDS,
        "start_modified": local_text(start),
        "end_modified": local_text(end),
        "page_no": str(number),
        "page_size": str(_setting(account, "page_size", PAGE_SIZE)),
        "use_has_next": "false" if has_total else "true",
    }
    return await call(API, parameters, account, http)


def _page(reply: Reply, page: TradePage, cursor: Cursor | None) -> Page:
    return Page(tuple(Item("trade", trade) for trade in reversed(page.trades)), _headers(reply), cursor)


def _headers(reply: Reply) -> tuple[tuple[str, str], ...]:
    return (("content-type", reply.content_type),) if reply.content_type else ()


def _setting(account: Account, name: str, default: int) -> int:
    value = account.settings.get(name)
    return default if value is None else int(value)


CONNECTOR = Taobao()
