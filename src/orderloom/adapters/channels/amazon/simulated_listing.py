"""How the simulated Amazon lists orders and listings: documented filters are honoured, anything else is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from orderloom.adapters.channels.amazon.order_form import head_of
from orderloom.adapters.simulated.book import Order
from orderloom.adapters.simulated.clock import iso, read_iso
from orderloom.adapters.simulated.refused import Refused

PAGE_SIZE_MAX = 100
ORDER_IDS_MAX = 50
IDENTIFIERS_MAX, LISTINGS_MAX, LISTINGS_USUAL = 20, 20, 10
ORDERS = ("MarketplaceIds CreatedAfter CreatedBefore LastUpdatedAfter LastUpdatedBefore OrderStatuses "
          "FulfillmentChannels PaymentMethods SellerOrderId AmazonOrderIds MaxResultsPerPage NextToken")  # fmt: skip
SEARCH = ("createdAfter createdBefore lastUpdatedAfter lastUpdatedBefore fulfillmentStatuses marketplaceIds "
          "fulfilledBy maxResultsPerPage paginationToken includedData")  # fmt: skip
MARKETPLACE_NAMES = "MarketplaceId MarketplaceIds marketplaceIds marketplace_ids"
"""Public clients send the marketplace under all of these names where the platform asks for none."""
LISTINGS = "marketplaceIds identifiers identifiersType includedData pageSize issueLocale pageToken sortBy sortOrder"
STATUSES = frozenset({
    "PendingAvailability", "Pending", "Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed", "Canceled",
    "Unfulfillable",
})  # fmt: skip
WORDS = {
    "OrderStatuses": STATUSES, "FulfillmentChannels": frozenset({"AFN", "MFN"}),
    "PaymentMethods": frozenset({"COD", "CVS", "Other"}),
}  # fmt: skip
FILTERS = {"OrderStatuses": "OrderStatus", "FulfillmentChannels": "FulfillmentChannel",
           "PaymentMethods": "PaymentMethod", "AmazonOrderIds": "AmazonOrderId",
           "SellerOrderId": "SellerOrderId"}  # fmt: skip
FAMILIES = {"Created": "placed_at", "LastUpdated": "changed_at"}
OF_LISTINGS = frozenset({
    "summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships",
    "productTypes",
})  # fmt: skip
PRODUCT_TYPE = "HOME"


def wrong(words: str, status: int = 400) -> Refused:
    """Amazon's refusal of what was asked."""
    return Refused({400: "InvalidInput", 404: "NotFound"}[status], words, status=status)


class Question:
    """The filters of one getOrders, checked against the platform's rules. Raises Refused."""

    def __init__(self, query: Mapping[str, str], now: datetime, horizon_seconds: float) -> None:
        given = dict(query)
        self.cursor, digest = _read_token(given.pop("NextToken", ""))
        self.filters = hashlib.sha256(orjson.dumps(sorted(given.items()))).hexdigest()[:16]
        if digest and digest != self.filters:
            raise wrong("NextToken was issued for other filters")
        if not given.get("MarketplaceIds"):
            raise wrong("MarketplaceIds is required")
        self.size = number(given.get("MaxResultsPerPage"), "MaxResultsPerPage", PAGE_SIZE_MAX, PAGE_SIZE_MAX)
        self.by = self._family(given)
        self.field = FAMILIES[self.by]
        self.after, self.before = self._window(given, now, timedelta(seconds=horizon_seconds))
        self._tests = _tests(given)

    def takes(self, order: Order) -> bool:
        """Whether the filters let it through."""
        known = head_of(order)
        return all(test(known) for test in self._tests)

    def key(self, order: Order) -> list[str]:
        """Its place: the oldest comes first."""
        return [iso(getattr(order, self.field)), order.id]

    def token(self, cursor: str) -> str:
        """The token of the next page, which is good for these filters alone."""
        return f"{cursor}.{self.filters}"

    def _family(self, given: Mapping[str, str]) -> str:
        families = [name for name in FAMILIES if f"{name}After" in given or f"{name}Before" in given]
        if len(families) != 1 or f"{families[0]}After" not in given:
            raise wrong("exactly one of CreatedAfter and LastUpdatedAfter")
        return families[0]

    def _window(self, given: Mapping[str, str], now: datetime, horizon: timedelta) -> tuple[datetime, datetime]:
        latest, after = now - horizon, instant(given[f"{self.by}After"])
        before = instant(given[f"{self.by}Before"]) if f"{self.by}Before" in given else latest
        if before > latest or before < after:
            raise wrong(f"{self.by}Before is at least two minutes before now and not before {self.by}After")
        return after, before


def _tests(given: Mapping[str, str]) -> list[Callable[[Mapping[str, str]], bool]]:
    markets = given["MarketplaceIds"].split(",")
    tests: list[Callable[[Mapping[str, str]], bool]] = [lambda known: known["MarketplaceId"] in markets]
    for name, field in FILTERS.items():
        if given.get(name):
            wanted = frozenset(given[name].split(","))
            _refuse_strange(name, wanted)
            tests.append(lambda known, field=field, wanted=wanted: known[field] in wanted)  # type: ignore[misc]
    return tests


def _refuse_strange(name: str, wanted: frozenset[str]) -> None:
    strange = wanted - WORDS.get(name, wanted)
    if strange:
        raise wrong(f"{name}: {', '.join(sorted(strange))}")
    if name == "OrderStatuses" and len(wanted & {"Unshipped", "PartiallyShipped"}) == 1:
        raise wrong("Unshipped and PartiallyShipped must be used together")
    if name == "AmazonOrderIds" and len(wanted) > ORDER_IDS_MAX:
        raise wrong("AmazonOrderIds takes 50 at most")


def search_listings(query: Mapping[str, str], skus: Sequence[str], stock: Mapping[str, int]) -> dict[str, Any]:
    """The listings with these SKUs, or a page of all `skus`."""
    if not query.get("marketplaceIds"):
        raise wrong("marketplaceIds is required")
    if query.get("identifiers") and query.get("identifiersType") != "SKU":
        raise wrong("only identifiersType SKU is known here")
    named = query["identifiers"].split(",") if query.get("identifiers") else None
    if named and len(named) > IDENTIFIERS_MAX:
        raise wrong("identifiers takes 20 at most")
    size = number(query.get("pageSize"), "pageSize", LISTINGS_MAX, LISTINGS_USUAL)
    if (query.get("sortBy", "sku"), query.get("sortOrder", "ASC")) != ("sku", "ASC"):
        raise wrong("only sortBy sku, ASC is known here")
    token = query.get("pageToken", "")
    if token and not token.isdecimal():
        raise wrong("pageToken")
    found = sorted(skus) if named is None else [sku for sku in named if sku in skus]
    start = int(token or 0)
    page = [listing(sku, query, stock) for sku in found[start:start + size]]
    more = {"pagination": {"nextToken": str(start + size)}} if len(found) > start + size else {}
    return {"numberOfResults": len(found), "items": page, **more}


def listing(sku: str, query: Mapping[str, str], stock: Mapping[str, int]) -> dict[str, Any]:
    """One listing with the data that was asked for."""
    wanted = set(query.get("includedData", "summaries").split(","))
    if wanted - OF_LISTINGS:
        raise wrong(f"includedData: {', '.join(sorted(wanted - OF_LISTINGS))}")
    marketplace = query["marketplaceIds"].split(",")[0]
    summary = {"marketplaceId": marketplace, "productType": PRODUCT_TYPE, "status": ["BUYABLE", "DISCOVERABLE"]}
    shown = [{"fulfillmentChannelCode": "DEFAULT", "quantity": stock[sku]}] if sku in stock else []
    data = {"summaries": [summary], "fulfillmentAvailability": shown}
    return {"sku": sku, **{name: value for name, value in data.items() if name in wanted}}


def number(text: str | None, name: str, most: int, usual: int) -> int:
    """A count between 1 and `most`. Raises Refused."""
    if text is None:
        return usual
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise wrong(f"{name} is 1-{most}")
    return int(text)


def instant(text: str) -> datetime:
    """An ISO 8601 time. Raises Refused."""
    try:
        return read_iso(text)
    except ValueError as error:
        raise wrong(f"{text} is no ISO 8601 time") from error


def _read_token(token: str) -> tuple[str, str]:
    cursor, _, digest = token.partition(".")
    if token and not (cursor and digest):
        raise wrong("NextToken is not valid")
    return cursor, digest
