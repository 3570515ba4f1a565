"""How the simulated Amazon lists orders and listings: documented filters are honoured, anything else is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

PAGE_SIZE_MAX = 100
ORDER_IDS_MAX = 50
IDENTIFIERS_MAX = 20
ORDERS = frozenset({
    "MarketplaceIds", "CreatedAfter", "CreatedBefore", "LastUpdatedAfter", "LastUpdatedBefore", "OrderStatuses",
    "FulfillmentChannels", "PaymentMethods", "SellerOrderId", "AmazonOrderIds", "MaxResultsPerPage", "NextToken",
})  # fmt: skip
MARKETPLACE_NAMES = frozenset({"MarketplaceId", "MarketplaceIds", "marketplaceIds", "marketplace_ids"})
"""Public clients send the marketplace under all of these names where the platform asks for none."""
LISTINGS = frozenset({
    "marketplaceIds", "identifiers", "identifiersType", "includedData", "pageSize", "issueLocale", "pageToken",
})  # fmt: skip
KNOWN: dict[str, frozenset[str]] = {
    "getOrders": ORDERS,
    "getOrder": MARKETPLACE_NAMES,
    "getOrderItems": MARKETPLACE_NAMES | {"NextToken"},
    "searchOrders": frozenset({
        "createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore", "fulfillmentStatuses",
        "marketplaceIds", "fulfilledBy", "maxResultsPerPage", "paginationToken", "includedData",
    }),
    "getOrder2026": frozenset({"includedData"}),
    "confirmShipment": frozenset(),
    "getListingsItem": frozenset({"marketplaceIds", "includedData", "issueLocale"}),
    "searchListingsItems": LISTINGS,
    "patchListingsItem": frozenset({"marketplaceIds", "includedData", "mode", "issueLocale"}),
    "createRestrictedDataToken": frozenset(),
}
"""The documented parameters that are honoured here; any other is refused."""
STATUSES = frozenset({
    "PendingAvailability", "Pending", "Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed", "Canceled",
    "Unfulfillable",
})  # fmt: skip
WORDS = {
    "OrderStatuses": STATUSES, "FulfillmentChannels": frozenset({"AFN", "MFN"}),
    "PaymentMethods": frozenset({"COD", "CVS", "Other"}),
}  # fmt: skip
FAMILIES = ("Created", "LastUpdated")
TIMES = {"Created": "PurchaseDate", "LastUpdated": "LastUpdateDate"}
Order = Mapping[str, Any]


class SpError(Exception):
    """An SP-API error: HTTP status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Question:
    """The filters of one getOrders, checked against the platform's rules. Raises SpError."""

    def __init__(self, query: Mapping[str, str], now: datetime, horizon_seconds: float) -> None:
        given = dict(query)
        self.start, digest = _read_token(given.pop("NextToken", ""))
        self.filters = hashlib.sha256(orjson.dumps(sorted(given.items()))).hexdigest()[:16]
        if digest and digest != self.filters:
            raise SpError(400, "NextToken was issued for other filters")
        if not given.get("MarketplaceIds"):
            raise SpError(400, "MarketplaceIds is required")
        self.next_token = ""
        self.size = number(given.get("MaxResultsPerPage"), "MaxResultsPerPage", PAGE_SIZE_MAX)
        self.by = self._family(given)
        self.after, self.before = self._window(given, now, timedelta(seconds=horizon_seconds))
        self._tests = _tests(given)

    def takes(self, order: Order) -> bool:
        """Whether the filters let it through."""
        return self.after <= instant(order[TIMES[self.by]]) <= self.before and all(test(order) for test in self._tests)

    def sort_key(self, order: Order) -> tuple[str, str]:
        """The oldest comes first."""
        return order[TIMES[self.by]], order["AmazonOrderId"]

    def _family(self, given: Mapping[str, str]) -> str:
        families = [name for name in FAMILIES if f"{name}After" in given or f"{name}Before" in given]
        if len(families) != 1 or f"{families[0]}After" not in given:
            raise SpError(400, "exactly one of CreatedAfter and LastUpdatedAfter")
        return families[0]

    def _window(self, given: Mapping[str, str], now: datetime, horizon: timedelta) -> tuple[datetime, datetime]:
        latest, after = now - horizon, instant(given[f"{self.by}After"])
        before = instant(given[f"{self.by}Before"]) if f"{self.by}Before" in given else latest
        if before > latest or before < after:
            raise SpError(400, f"{self.by}Before is at least two minutes before now and not before {self.by}After")
        return after, before


def _tests(given: Mapping[str, str]) -> list[Callable[[Order], bool]]:
    markets = given["MarketplaceIds"].split(",")
    tests: list[Callable[[Order], bool]] = [lambda order: order["MarketplaceId"] in markets]
    for name, field in (("OrderStatuses", "OrderStatus"), ("FulfillmentChannels", "FulfillmentChannel"),
                        ("PaymentMethods", "PaymentMethod"), ("AmazonOrderIds", "AmazonOrderId"),
                        ("SellerOrderId", "SellerOrderId")):
        if given.get(name):
            wanted = frozenset(given[name].split(","))
            _refuse_strange(name, wanted)
            tests.append(lambda order, field=field, wanted=wanted: order[field] in wanted)  # type: ignore[misc]
    return tests


def _refuse_strange(name: str, wanted: frozenset[str]) -> None:
    strange = wanted - WORDS.get(name, wanted)
    if strange:
        raise SpError(400, f"{name}: {', '.join(sorted(strange))}")
    if name == "OrderStatuses" and len(wanted & {"Unshipped", "PartiallyShipped"}) == 1:
        raise SpError(400, "Unshipped and PartiallyShipped must be used together")
    if name == "AmazonOrderIds" and len(wanted) > ORDER_IDS_MAX:
        raise SpError(400, "AmazonOrderIds takes 50 at most")


def refuse_unknown(operation: str, query: Mapping[str, str]) -> None:
    """Raise SpError for a parameter that the platform does not document for this call."""
    for name in query:
        if name not in KNOWN[operation]:
            raise SpError(400, f"{name} is not a parameter of {operation}")


def search_listings(query: Mapping[str, str], skus: Mapping[str, str]) -> dict[str, Any]:
    """The listings with these SKUs; `skus` maps a SKU to its product type."""
    if not query.get("marketplaceIds"):
        raise SpError(400, "marketplaceIds is required")
    if query.get("identifiers") and query.get("identifiersType") != "SKU":
        raise SpError(400, "only identifiersType SKU is known here")
    wanted = query["identifiers"].split(",") if query.get("identifiers") else sorted(skus)
    if len(wanted) > IDENTIFIERS_MAX and query.get("identifiers"):
        raise SpError(400, "identifiers takes 20 at most")
    size = number(query.get("pageSize"), "pageSize", 20)
    items = [listing(sku, skus[sku], query["marketplaceIds"].split(",")[0]) for sku in wanted if sku in skus]
    return {"numberOfResults": len(items), "items": items[:size]}


def listing(sku: str, product_type: str, marketplace: str) -> dict[str, Any]:
    """One listing as the platform shows it."""
    summary = {"marketplaceId": marketplace, "productType": product_type, "status": ["BUYABLE", "DISCOVERABLE"]}
    return {"sku": sku, "summaries": [summary]}


def number(text: str | None, name: str, most: int) -> int:
    """A count between 1 and `most`, which is also the default. Raises SpError."""
    if text is None:
        return most
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise SpError(400, f"{name} is 1-{most}")
    return int(text)


def instant(text: str) -> datetime:
    """An ISO 8601 time. Raises SpError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise SpError(400, f"{text} is no ISO 8601 time") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read_token(token: str) -> tuple[int, str]:
    start, _, digest = token.partition(".")
    if token and not (start.isdigit() and digest):
        raise SpError(400, "NextToken is not valid")
    return int(start or 0), digest
