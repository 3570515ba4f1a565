"""Walks the orders changed since a cursor, window by window, and cuts each page into the exact bytes of its orders.

Within a window the upper bound is fixed, so an order that changes during the walk leaves it and comes in the next one.
`status=any` is asked for because Shopify's default hides archived and cancelled orders.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec

from orderloom.adapters.channels.shopify.wire import call
from orderloom.application.ports import Account, Cursor, Item, Page, Transient

OVERLAP_SECONDS = 300
WINDOW_SECONDS_MAX = 86_400
WINDOWS_MAX = 400
"""Per pull; a longer gap goes on at the next pull, from the cursor that the last page carried."""
PAGES_MAX = 4_000
PAGE_SIZE_MAX = 250
REREADS_MAX = 2
"""How often a page that does not parse is asked for again before the window is given up for this time."""
KEPT_HEADERS = ("content-type", "x-shopify-shop-api-call-limit", "x-shopify-api-version", "x-request-id")
NEXT = re.compile(r"<([^>]+)>\s*;\s*rel=\"?next\"?")


class _OrdersPage(msgspec.Struct):
    orders: list[msgspec.Raw]


async def pages(account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
    """Pages of orders updated from `cursor` (less the overlap) up to `at`. Raises `Transient` or `Terminal`.

    The last page of a window carries the new cursor. A window with a page that stayed unreadable ends the pull without
    moving it, so the next pull reads the window again: nothing in it is skipped.
    """
    for start, end in _windows(account, cursor, at):
        is_whole = True
        async for page in _window(account, start, end, http):
            is_whole = not page.problem
            yield page
        if not is_whole:
            return


def _windows(account: Account, cursor: Cursor, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    overlap = timedelta(seconds=float(account.settings.get("overlap_seconds", OVERLAP_SECONDS)))
    length = timedelta(seconds=float(account.settings.get("window_seconds_max", WINDOW_SECONDS_MAX)))
    start = cursor.at - overlap
    for _ in range(WINDOWS_MAX):
        if start >= at:
            return
        end = min(start + length, at)
        yield start, end
        start = end


async def _window(account: Account, start: datetime, end: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
    """One window. A page that does not parse is given out as it is and asked for again, a few times."""
    size = str(min(int(account.settings.get("page_size", PAGE_SIZE_MAX)), PAGE_SIZE_MAX))
    params = {
        "status": "any",
        "updated_at_min": _instant(start),
        "updated_at_max": _instant(end),
        "order": "updated_at asc",
        "limit": size,
    }
    rereads = 0
    for _ in range(PAGES_MAX):
        response = await call(http, account, "GET", "orders.json", params=params)
        following = _next_page(response)
        page = _cut(response, None if following else Cursor(end))
        yield page
        if page.problem:
            rereads += 1
            if rereads > REREADS_MAX:
                return
            continue
        if following is None:
            return
        # Only the token is taken from the link: its host is the answer's word and must not get our access token.
        params, rereads = {"page_info": following, "limit": size}, 0
    raise Transient("too_many_pages", f"more than {PAGES_MAX} pages between {start} and {end}")


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
