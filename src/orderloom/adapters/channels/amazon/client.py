"""Amazon: pulls changed orders with their items, confirms shipments, sets listing quantities, tests an account.

Orders come oldest change first and pages are walked by `NextToken`. The platform's own horizon (`LastUpdatedBefore`)
is the next cursor. The items of an order cost a call of a scarce quota each, so the items of a state that was read are
kept in memory: a pull that was stopped by the rate limit goes on where it stood, and an overlap costs nothing.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from orderloom.adapters.channels.amazon import shipping, stocking
from orderloom.adapters.channels.amazon.gateway import call
from orderloom.adapters.channels.amazon.slicing import (
    OrderPage,
    Unreadable,
    compose,
    cut_items,
    cut_orders,
    join_items,
)
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
    Transient,
    Verdict,
)

ORDERS_PATH = "/orders/v0/orders"
HORIZON_SECONDS = 120
"""The platform refuses a `LastUpdatedBefore` that is nearer to now than this."""
OVERLAP_SECONDS = 120
WINDOW_SECONDS_MAX = 86_400
HISTORY_DAYS_MAX = 729
PAGE_SIZE = 100
PAGES_MAX = 10_000
ITEM_PAGES_MAX = 50
READ_ATTEMPTS_MAX = 2
"""How often one page is asked for while it comes back unreadable, before its window is halved."""
NARROWEST = timedelta(seconds=1)
ITEMS_KEPT_MAX = 20_000
HEADERS = (("content-type", "application/json"),)


class Amazon:
    """The connector of family `channels`, name `amazon`."""

    name = "amazon"

    def __init__(self) -> None:
        self._items: OrderedDict[tuple[int, bytes], bytes] = OrderedDict()

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Quarantine whatever is posted: Amazon notifies through queues, never by HTTP."""
        items = (Item("unexpected", request.body),)
        return Verdict(items, "amazon_does_not_push", 404, b'{"error":"amazon does not push"}')

    async def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Yield the orders changed since the cursor, up to the horizon; each window's last page moves the cursor."""
        for after, before in _windows(account, cursor, at):
            async for page in self._walk(account, after, before, at, http):
                yield page

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Confirm a `shipment` or set `stock`; raises Terminal for a kind that Amazon has no use for."""
        if outgoing.kind == "shipment":
            return await shipping.send(outgoing, account, datetime.now(UTC), http)
        if outgoing.kind == "stock":
            return await stocking.send(outgoing, account, datetime.now(UTC), http)
        raise Terminal("unknown_kind", f"amazon takes shipment and stock, not {outgoing.kind}")

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Health:
        """Ask for one order of the last minutes: token, role and marketplace are tried."""
        now = datetime.now(UTC)
        before = now - timedelta(seconds=_setting(account, "horizon_seconds", HORIZON_SECONDS))
        query = _query(account, before - timedelta(minutes=1), before) | {"MaxResultsPerPage": "1"}
        try:
            await call("GET", ORDERS_PATH, account, now, http, query=query, reads_personal_data=_restricts(account))
        except Refused as refused:
            return Health(False, f"亚马逊账号不可用 Amazon account does not work: {refused}")
        return Health(True, "亚马逊账号正常 Amazon account works")

    async def _walk(
        self, account: Account, after: datetime, before: datetime, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Yield one window's pages; where a page stays unreadable the window is halved until it stands alone."""
        try:
            async for page in self._pages(account, after, before, at, http):
                yield page
            return
        except Unreadable:
            pass
        if before - after <= NARROWEST:
            yield Page((), HEADERS, Cursor(before))
            return
        middle = after + timedelta(seconds=int((before - after).total_seconds()) // 2)
        for start, end in ((after, middle), (middle, before)):
            async for page in self._walk(account, start, end, at, http):
                yield page

    async def _pages(
        self, account: Account, after: datetime, before: datetime, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        query, cursor = _query(account, after, before), Cursor(before)
        for _ in range(PAGES_MAX):
            spoilt, page = await _read_page(account, query, at, http)
            for body, problem in spoilt:
                yield Page((Item("unreadable", body),), HEADERS, None, problem)
            if page is None:
                raise Unreadable(f"{after} - {before}")
            items: list[Item] = []
            try:
                for order_id, order in page.orders:
                    items.append(await self._item(order_id, order, account, at, http))
            except Transient:
                if items:
                    yield Page(tuple(items), HEADERS)
                raise
            cursor = _horizon(page, cursor)
            yield Page(tuple(items), HEADERS, None if page.next_token else cursor)
            if not page.next_token:
                return
            query = query | {"NextToken": page.next_token}

    async def _item(
        self, order_id: str, order: bytes, account: Account, at: datetime, http: httpx2.AsyncClient
    ) -> Item:
        kept = (account.id, hashlib.sha256(order).digest())
        if kept not in self._items:
            try:
                self._items[kept] = await _read_items(order_id, account, at, http)
            except Unreadable as problem:
                return Item("order_without_items", order, context=(("problem", str(problem)),))
            if len(self._items) > ITEMS_KEPT_MAX:
                self._items.popitem(last=False)
        return Item("order", compose(order, self._items[kept]))


async def _read_page(
    account: Account, query: dict[str, str], at: datetime, http: httpx2.AsyncClient
) -> tuple[list[tuple[bytes, str]], OrderPage | None]:
    """Read a page until it can be cut; what could not be read comes back with its reason, to be landed whole."""
    spoilt: list[tuple[bytes, str]] = []
    for _ in range(READ_ATTEMPTS_MAX):
        body = await call(
            "GET", ORDERS_PATH, account, at, http, query=query, reads_personal_data=_restricts(account)
        )
        try:
            return spoilt, cut_orders(body)
        except Unreadable as problem:
            spoilt.append((body, f"getOrders: {problem}"))
    return spoilt, None


async def _read_items(order_id: str, account: Account, at: datetime, http: httpx2.AsyncClient) -> bytes:
    """All items of an order as one array; raises Unreadable when they cannot be read."""
    path, arrays, query = f"{ORDERS_PATH}/{order_id}/orderItems", [], dict[str, str]()
    for _ in range(ITEM_PAGES_MAX):
        array, token = await _read_item_page(path, query, account, at, http)
        arrays.append(array)
        if not token:
            break
        query = {"NextToken": token}
    return join_items(arrays)


async def _read_item_page(
    path: str, query: dict[str, str], account: Account, at: datetime, http: httpx2.AsyncClient
) -> tuple[bytes, str]:
    for attempt in range(1, READ_ATTEMPTS_MAX + 1):
        body = await call("GET", path, account, at, http, query=query)
        try:
            return cut_items(body)
        except Unreadable:
            if attempt == READ_ATTEMPTS_MAX:
                raise
    raise AssertionError("the loop answers or raises")


def _windows(account: Account, cursor: Cursor, at: datetime) -> list[tuple[datetime, datetime]]:
    end = at.replace(microsecond=0) - timedelta(seconds=_setting(account, "horizon_seconds", HORIZON_SECONDS))
    overlap = timedelta(seconds=_setting(account, "overlap_seconds", OVERLAP_SECONDS))
    start = max(cursor.at.replace(microsecond=0) - overlap, end - timedelta(days=HISTORY_DAYS_MAX))
    windows, width = [], timedelta(seconds=WINDOW_SECONDS_MAX)
    while start < end:
        windows.append((start, min(start + width, end)))
        start += width
    return windows


def _query(account: Account, after: datetime, before: datetime) -> dict[str, str]:
    return {
        "MarketplaceIds": marketplaces(account),
        "LastUpdatedAfter": _iso(after),
        "LastUpdatedBefore": _iso(before),
        "MaxResultsPerPage": str(_setting(account, "page_size", PAGE_SIZE)),
    }


def marketplaces(account: Account) -> str:
    """The account's marketplace ids, as the comma list that the platform takes."""
    value: Any = account.settings.get("marketplace_ids") or shipping.MARKETPLACE_DEFAULT
    return value if isinstance(value, str) else ",".join(value)


def _horizon(page: OrderPage, known: Cursor) -> Cursor:
    """The platform's consistency horizon, where it states one that can be read and that does not lie further on."""
    try:
        stated = datetime.fromisoformat(page.horizon)
    except ValueError:
        return known
    return Cursor(min(stated.astimezone(UTC), known.at)) if stated.tzinfo else known


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _restricts(account: Account) -> bool:
    return bool(account.settings.get("restricted_data", True))


def _setting(account: Account, name: str, default: int) -> int:
    value = account.settings.get(name)
    return default if value is None else int(value)


CONNECTOR = Amazon()
