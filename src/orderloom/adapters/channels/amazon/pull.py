"""Walks Amazon's changed orders with their items, window by window.

Orders come oldest change first and pages are walked by `NextToken`. The platform's own horizon (`LastUpdatedBefore`)
is the next cursor. The items of an order cost a call of a scarce quota each, so the items of a state that was read are
kept in memory: a pull that was stopped by the rate limit goes on where it stood, and an overlap costs nothing.
Amazon counts nothing, so a sweep reads a time by creation too, which is another index of the platform's.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.channels.amazon import shipping
from orderloom.adapters.channels.amazon.gateway import call
from orderloom.adapters.channels.amazon.slicing import (
    Order,
    OrderPage,
    compose,
    cut_items,
    cut_orders,
    cut_search,
    join_items,
)
from orderloom.adapters.halving import NotTheAnswer, halved
from orderloom.application.ports import Account, Cursor, Item, Page, Transient

ORDERS_PATH = "/orders/v0/orders"
SEARCH_PATH = "/orders/2026-01-01/orders"
V2026 = "2026-01-01"
"""The versions of the orders API that are spoken, by the account's setting `orders_version`; v0 ends on 2027-03-27."""
DATA = ("PROCEEDS", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "PAYMENT")
PERSONAL_DATA = ("BUYER", "RECIPIENT")
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
ITEMS_KEPT_MAX = 20_000
ITEMS_PER_PAGE = 20
"""So many orders are given out at once: reading the items of a whole page can take minutes."""
ORDER_ID = re.compile(r"[0-9A-Za-z-]{1,50}")
"""It stands in the address by which the items are asked for."""
HEADERS = (("content-type", "application/json"),)
CHANGED, CREATED = "LastUpdated", "Created"
OPEN_STATUSES = "PendingAvailability,Pending,Unshipped,PartiallyShipped"


class Walk(msgspec.Struct, frozen=True):
    """How a seller is walked: by which of the platform's times, which states, and only what has not changed since."""

    account: Account
    http: httpx2.AsyncClient
    at: datetime
    by: str = CHANGED
    statuses: str = ""
    changed_before: datetime | None = None
    pause_seconds: float = 0.0

    @property
    def is_new(self) -> bool:
        """Whether the 2026-01-01 version is spoken."""
        return self.account.settings.get("orders_version") == V2026

    def query(self, after: datetime, before: datetime) -> dict[str, str]:
        """The filters of a window."""
        if self.is_new:
            return self._search(after, before)
        filters = {
            "MarketplaceIds": marketplaces(self.account),
            f"{self.by}After": iso(after),
            f"{self.by}Before": iso(before),
            "MaxResultsPerPage": str(setting(self.account, "page_size", PAGE_SIZE)),
        }
        return filters | ({"OrderStatuses": self.statuses} if self.statuses else {})

    def _search(self, after: datetime, before: datetime) -> dict[str, str]:
        by = self.by[0].lower() + self.by[1:]
        filters = {
            "marketplaceIds": marketplaces(self.account),
            f"{by}After": iso(after),
            f"{by}Before": iso(before),
            "maxResultsPerPage": str(setting(self.account, "page_size", PAGE_SIZE)),
            "includedData": ",".join([*DATA, *(PERSONAL_DATA if restricts(self.account) else ())]),
        }
        return filters | ({"fulfillmentStatuses": ",".join(map(_shouted, self.statuses.split(",")))}
                          if self.statuses else {})

    def next(self, query: dict[str, str], token: str) -> dict[str, str]:
        """The question for the page after."""
        return query | {"paginationToken" if self.is_new else "NextToken": token}

    async def page(self, query: dict[str, str]) -> bytes:
        """The answer to a page's question."""
        path = SEARCH_PATH if self.is_new else ORDERS_PATH
        return await call("GET", path, self.account, self.at, self.http, query=query,
                          reads_personal_data=restricts(self.account) and not self.is_new)

    def wants(self, order: Order) -> bool:
        """Whether it changed last in the time that is looked at."""
        changed = _instant(order.LastUpdateDate)
        return self.changed_before is None or changed is None or changed <= self.changed_before


class Orders:
    """Reads orders of every account; keeps the items that it read."""

    def __init__(self) -> None:
        self._items: OrderedDict[tuple[int, bytes], bytes] = OrderedDict()

    async def walk(self, how: Walk, since: datetime, until: datetime) -> AsyncIterator[Page]:
        """Yield the orders of [since, until] window by window; each window's last page moves the cursor."""
        for after, before in windows(since, until):
            async for page in halved(partial(self._pages, how), after, before):
                yield page

    async def _pages(self, how: Walk, after: datetime, before: datetime) -> AsyncIterator[Page]:
        query, cursor = how.query(after, before), Cursor(before)
        for _ in range(PAGES_MAX):
            spoilt, page = await _read_page(query, how)
            for body, problem in spoilt:
                yield Page((Item("unreadable", body),), HEADERS, None, problem)
            if page is None:
                raise NotTheAnswer(f"{after} - {before}")
            items: list[Item] = []
            try:
                for order, body in page.orders:
                    if how.wants(order):
                        items.append(await self._item(order.AmazonOrderId, body, how))
                    if len(items) >= ITEMS_PER_PAGE:
                        yield Page(tuple(items), HEADERS)
                        items = []
            except Transient:
                if items:
                    yield Page(tuple(items), HEADERS)
                raise
            cursor = _horizon(page, cursor)
            yield Page(tuple(items), HEADERS, None if page.next_token else cursor)
            if not page.next_token:
                return
            query = how.next(query, page.next_token)
        raise Transient("too_many_pages", f"more than {PAGES_MAX} pages between {after} and {before}")

    async def _item(self, order_id: str, order: bytes, how: Walk) -> Item:
        if how.is_new:
            return Item("order_2026", order)
        if not ORDER_ID.fullmatch(order_id):
            return Item("order_without_items", order, context=(("problem", "the order has no number of Amazon's"),))
        kept = (how.account.id, hashlib.sha256(order).digest())
        if kept not in self._items:
            await asyncio.sleep(how.pause_seconds)
            try:
                self._items[kept] = await _read_items(order_id, how.account, how.at, how.http)
            except NotTheAnswer as problem:
                return Item("order_without_items", order, context=(("problem", str(problem)),))
            if len(self._items) > ITEMS_KEPT_MAX:
                self._items.popitem(last=False)
        return Item("order", compose(order, self._items[kept]))


async def _read_page(query: dict[str, str], how: Walk) -> tuple[list[tuple[bytes, str]], OrderPage | None]:
    """Read a page until it can be cut; what could not be read comes back with its reason, to be landed whole."""
    spoilt: list[tuple[bytes, str]] = []
    for _ in range(READ_ATTEMPTS_MAX):
        body = await how.page(query)
        try:
            return spoilt, cut_search(body) if how.is_new else cut_orders(body)
        except NotTheAnswer as problem:
            spoilt.append((body, f"getOrders: {problem}"))
    return spoilt, None


async def _read_items(order_id: str, account: Account, at: datetime, http: httpx2.AsyncClient) -> bytes:
    """All items of an order as one array; raises NotTheAnswer when they cannot be read."""
    path, arrays, query = f"{ORDERS_PATH}/{order_id}/orderItems", [], dict[str, str]()
    for _ in range(ITEM_PAGES_MAX):
        array, token = await _read_item_page(path, query, account, at, http)
        arrays.append(array)
        if not token:
            return join_items(arrays)
        query = {"NextToken": token}
    raise NotTheAnswer(f"more than {ITEM_PAGES_MAX} pages of items")


async def _read_item_page(
    path: str, query: dict[str, str], account: Account, at: datetime, http: httpx2.AsyncClient
) -> tuple[bytes, str]:
    for attempt in range(1, READ_ATTEMPTS_MAX + 1):
        body = await call("GET", path, account, at, http, query=query)
        try:
            return cut_items(body)
        except NotTheAnswer:
            if attempt == READ_ATTEMPTS_MAX:
                raise
    raise AssertionError("the loop answers or raises")


def windows(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The time cut into days, oldest first; older than the platform's memory is left out."""
    end = until.replace(microsecond=0)
    start = max(since.replace(microsecond=0), end - timedelta(days=HISTORY_DAYS_MAX))
    found, width = [], timedelta(seconds=WINDOW_SECONDS_MAX)
    while start < end:
        found.append((start, min(start + width, end)))
        start += width
    return found


def _shouted(word: str) -> str:
    """A v0 state as the newer version writes it: PartiallyShipped, PARTIALLY_SHIPPED."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).upper()


def marketplaces(account: Account) -> str:
    """The account's marketplace ids, as the comma list that the platform takes."""
    value: Any = account.settings.get("marketplace_ids") or shipping.MARKETPLACE_DEFAULT
    return value if isinstance(value, str) else ",".join(value)


def _horizon(page: OrderPage, known: Cursor) -> Cursor:
    """The platform's consistency horizon, where it states one that can be read and that does not lie further on."""
    stated = _instant(page.horizon)
    return Cursor(min(stated, known.at)) if stated else known


def _instant(text: str) -> datetime | None:
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stated.astimezone(UTC) if stated.tzinfo else None


def iso(at: datetime) -> str:
    """UTC to the second, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def restricts(account: Account) -> bool:
    """Whether receivers are read, which needs a restricted data token."""
    return bool(account.settings.get("restricted_data", True))


def setting(account: Account, name: str, default: int) -> int:
    """A number among the account's settings."""
    value = account.settings.get(name)
    return default if value is None else int(value)
