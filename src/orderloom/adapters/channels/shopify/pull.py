"""Walks the orders changed since a cursor, window by window, and cuts each page into the exact bytes of its orders.

Within a window the upper bound is fixed, so an order that changes during the walk leaves it and comes in the next one.
`status=any` is asked for because Shopify's default hides archived and cancelled orders. At the end of a window the shop
is asked how many orders it has in it; as many must have come.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec

from orderloom.adapters.channels.shopify.wire import call
from orderloom.adapters.halving import NotTheAnswer, halved
from orderloom.application.ports import Account, Cursor, Item, Page, Transient, Window

OVERLAP_SECONDS = 300
WINDOW_SECONDS_MAX = 86_400
WINDOWS_MAX = 400
"""Per pull; a longer gap goes on at the next pull, from the cursor that the last page carried."""
PAGES_MAX = 4_000
PAGE_SIZE_MAX = 250
SETTLE = timedelta(seconds=3)
"""Times nearer to now than this are not over: orders of the same second may still come."""
REREADS_MAX = 2
"""How often a page that does not parse is asked for again before its window is halved."""
HALF_PAUSE_SECONDS = 2.0
"""Before a half is read: a shop refills its bucket by two calls a second, and a day has seventeen halves."""
YEARS = (2000, 2100)
"""An order that says it changed outside of these says nothing."""
KEPT_HEADERS = ("content-type", "x-shopify-shop-api-call-limit", "x-shopify-api-version", "x-request-id")
NEXT = re.compile(r"<([^>]+)>\s*;\s*rel=\"?next\"?")


class _OrdersPage(msgspec.Struct):
    orders: list[msgspec.Raw]


class _Key(msgspec.Struct):
    id: int | str = ""
    updated_at: str = ""


class _Count(msgspec.Struct):
    count: int


class Walk(msgspec.Struct, frozen=True):
    """How a shop is walked: until when its time is over, and which orders are asked for (`any`, `open`)."""

    account: Account
    http: httpx2.AsyncClient
    closed: datetime
    status: str = "any"


async def pages(how: Walk, since: datetime, until: datetime) -> AsyncIterator[Page]:
    """Pages of orders updated in [since, until]. Raises `Transient` or `Terminal`.

    The last page of a window carries the new cursor. A window with a page that stays unreadable is read half by half.
    """
    for start, end in _windows(how.account, since, until):
        async for page in halved(partial(_window, how), start, end, HALF_PAUSE_SECONDS):
            yield page


def overlap(account: Account) -> timedelta:
    """How far a pull reads back before its cursor."""
    return timedelta(seconds=float(account.settings.get("overlap_seconds", OVERLAP_SECONDS)))


def _windows(account: Account, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    length = timedelta(seconds=float(account.settings.get("window_seconds_max", WINDOW_SECONDS_MAX)))
    start = since
    for _ in range(WINDOWS_MAX):
        if start >= until:
            return
        end = min(start + length, until)
        yield start, end
        start = end


async def _window(how: Walk, start: datetime, end: datetime) -> AsyncIterator[Page]:
    """One window. A page that does not parse is given out as it is and asked for again, a few times."""
    size = str(min(int(how.account.settings.get("page_size", PAGE_SIZE_MAX)), PAGE_SIZE_MAX))
    params = _filter(how, start, end) | {"order": "updated_at asc", "limit": size}
    came: dict[str, str] = {}
    rereads = 0
    for _ in range(PAGES_MAX):
        response = await call(how.http, how.account, "GET", "orders.json", params=params)
        following = _next_page(response)
        page = _cut(response, None if following else Cursor(end))
        if page.problem:
            yield page
            rereads += 1
            if rereads > REREADS_MAX:
                raise NotTheAnswer(f"{start} - {end}")
            continue
        came.update(_keys(page))
        if following is None:
            window = await _count(how, start, end, came)
            yield msgspec.structs.replace(page, window=window)
            return
        yield page
        # Only the token is taken from the link: its host is the answer's word and must not get our access token.
        params, rereads = {"page_info": following, "limit": size}, 0
    raise Transient("too_many_pages", f"more than {PAGES_MAX} pages between {start} and {end}")


def _filter(how: Walk, start: datetime, end: datetime) -> dict[str, str]:
    return {"status": how.status, "updated_at_min": _instant(start), "updated_at_max": _instant(end)}


async def _count(how: Walk, start: datetime, end: datetime, came: dict[str, str]) -> Window | None:
    """What the shop has in the part of the window that is over, beside what came of it."""
    end = min(end, how.closed)
    if end < start:
        return None
    response = await call(how.http, how.account, "GET", "orders/count.json", params=_filter(how, start, end))
    try:
        total = msgspec.json.decode(response.content, type=_Count).count
    except msgspec.DecodeError:
        return None
    low, high = start.replace(microsecond=0), end.replace(microsecond=0)
    return Window(start, end, total, sum(at is None or low <= at <= high for at in map(_parsed, came.values())))


def _keys(page: Page) -> dict[str, str]:
    found = {}
    for item in page.items:
        try:
            key = msgspec.json.decode(item.body, type=_Key)
        except msgspec.DecodeError:
            key = _Key()
        # One that does not say who it is, or when it changed, came all the same: it is not missing.
        found[str(key.id) or sha256(item.body).hexdigest()] = key.updated_at
    return found


def _parsed(text: str) -> datetime | None:
    """When an order says that it changed; None when that cannot be, for the shop gave it within the window."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if YEARS[0] <= at.year <= YEARS[1] else None


def _cut(response: httpx2.Response, cursor: Cursor | None) -> Page:
    headers = tuple((name, response.headers[name]) for name in KEPT_HEADERS if name in response.headers)
    try:
        raws = msgspec.json.decode(response.content, type=_OrdersPage).orders
    except msgspec.DecodeError as error:
        return Page((Item("unreadable", response.content),), headers, None, f"orders.json: {error}")
    return Page(tuple(Item("orders/pulled", bytes(raw)) for raw in raws), headers, cursor)


def _next_page(response: httpx2.Response) -> str | None:
    link = NEXT.search(response.headers.get("link", ""))
    if link is None:
        return None
    return parse_qs(urlsplit(link[1]).query).get("page_info", [None])[0]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
