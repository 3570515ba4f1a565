"""Reading Wangdiantong by windows of at most an hour, each walked from its last page to its first.

Backwards, because a record that changes meanwhile leaves the window and shifts the later pages forward: walked that
way nothing is skipped. A page that cannot be read is landed as it came and asked for once more; then its window is read
half by half, as is one with more pages than are read in a row.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.halving import NARROWEST, NotTheAnswer, halved
from orderloom.adapters.systems.wangdiantong import calls, trade
from orderloom.application.ports import Account, Cursor, Item, Page, Transient

WINDOW = timedelta(minutes=60)
OVERLAP_SECONDS = 120
WINDOWS_MAX = 72
"""Windows read in one pull: three days of silence are caught up in one go, the rest in the next."""
PAGES_MAX = 500
PAGE_SIZE = 100
READS_OF_A_PAGE = 2
HALF_PAUSE_SECONDS = 1.0
"""Before a half is read: the platform takes a call a second."""

STOCKOUT_STATUSES = "5,10,50,51,52,53,54,58,60,61,63,65,70,73,74,75,77,79,90,110"


class _Stockouts(msgspec.Struct):
    order: list[msgspec.Raw] | None = None
    total_count: int | None = None


class _Stock(msgspec.Struct):
    detail_list: list[msgspec.Raw] | None = None
    total_count: int | None = None


class _List(msgspec.Struct, frozen=True):
    """What one kind of list is asked with and cut by. `is_whole`: a page is one item rather than one per record."""

    topic: str
    method: str
    question: dict[str, Any]
    shape: type[_Stockouts] | type[_Stock]
    is_whole: bool


class _Count(msgspec.Struct, frozen=True):
    """How many records a page has, and how many its list is said to have in all."""

    here: int = 0
    total: int | None = None

    def pages(self, size: int) -> int:
        """How many pages there are, when this is the first; more than are read, when it is full and nothing is said.

        Where more are to come, a page holds as many as this one: the platform may give fewer than were asked for.
        """
        if self.total is None:
            return PAGES_MAX + 1 if self.here >= size else 1
        return -(-self.total // (self.here or size)) if self.total > self.here else 1


def _lists(account: Account) -> tuple[_List, ...]:
    """The lists that this account follows: its stock-outs always, its stock unless switched off."""
    stockouts = _List("stockout", "wms.stockout.Sales.queryWithDetail",
                      {"status_type": 3, "status": STOCKOUT_STATUSES}, _Stockouts, False)
    if not account.settings.get("stock_pull", True):
        return (stockouts,)
    warehouses = account.settings.get("warehouses") or [""]
    return (stockouts, *(
        _List("stock", "wms.StockSpec.search2", {"warehouse_no": no} if no else {}, _Stock, True) for no in warehouses
    ))


async def windows(account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
    """Pages of all lists since `cursor` (less the overlap) until `at`; the last page of a window carries its cursor."""
    overlap = timedelta(seconds=int(account.settings.get("overlap_seconds", OVERLAP_SECONDS)))
    start = cursor.at - overlap
    for _ in range(WINDOWS_MAX):
        if start >= at:
            return
        end = min(start + WINDOW, at)
        for wanted in _lists(account):
            async for page in halved(partial(_walk, wanted, account, http), start, end, HALF_PAUSE_SECONDS):
                # The place moves when every list was read, and not with the end of one.
                yield msgspec.structs.replace(page, cursor=None)
        yield Page((), cursor=Cursor(end))
        start = end


async def _walk(
    wanted: _List, account: Account, http: httpx2.AsyncClient, start: datetime, end: datetime
) -> AsyncIterator[Page]:
    """One list within one window, last page first. Raises NotTheAnswer when a page of it cannot be read."""
    first, count = None, _Count()
    async for found, records in _read(wanted, account, start, end, 0, http):
        if found.problem:
            yield found
        else:
            first, count = found, records
    if first is None:
        raise NotTheAnswer(f"{start} - {end}")
    last = count.pages(int(account.settings.get("page_size", PAGE_SIZE))) - 1
    if last >= PAGES_MAX:
        if end - start > NARROWEST:
            raise NotTheAnswer(f"more than {PAGES_MAX} pages")
        raise Transient("too_many_pages", f"{start} 一秒内超过 {PAGES_MAX} 页 / over {PAGES_MAX} pages in a second")
    for number in [*range(last, 0, -1), 0] if last > 0 else []:
        page = None
        async for page, _ in _read(wanted, account, start, end, number, http):
            yield page
        if page is None or page.problem:
            raise NotTheAnswer(f"{start} - {end}")
    if last <= 0 and first.items:
        yield first


async def _read(
    wanted: _List, account: Account, start: datetime, end: datetime, number: int, http: httpx2.AsyncClient
) -> AsyncIterator[tuple[Page, _Count]]:
    """(page, count) of one page; preceded, where the first answer could not be read, by that answer as a problem."""
    span = {"start_time": _local(start), "end_time": _local(end)}
    pager = {
        "page_size": int(account.settings.get("page_size", PAGE_SIZE)),
        "page_no": number,
        "calc_total": int(number == 0),
    }
    headers = (("method", wanted.method), ("window", f"{span['start_time']}/{span['end_time']}"), ("page", str(number)))
    for _ in range(READS_OF_A_PAGE):
        raw = await calls.call(account, http, wanted.method, [span | wanted.question], pager)
        try:
            found = msgspec.json.decode(calls.read(raw), type=wanted.shape, strict=False)
        except Transient as error:
            if error.code != "unreadable_answer":
                raise
            yield Page((Item("unreadable", raw),), headers, problem=error.message), _Count()
            continue
        except msgspec.DecodeError as error:
            yield Page((Item("unreadable", raw),), headers, problem=f"not the list asked for: {error}"), _Count()
            continue
        records = (found.order if isinstance(found, _Stockouts) else found.detail_list) or []
        bodies = [raw] * bool(records) if wanted.is_whole else [bytes(record) for record in records]
        count = _Count(len(records), found.total_count)
        yield Page(tuple(Item(wanted.topic, body) for body in bodies), headers), count
        return


def _local(instant: datetime) -> str:
    return instant.astimezone(trade.CHINA).strftime("%Y-%m-%d %H:%M:%S")
