"""The 2026-01-01 version at the simulated Amazon: the same orders, listed and written in the newer way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from orderloom.adapters.channels.amazon.simulated_listing import SEARCH, wrong

DATA = frozenset({
    "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX",
    "PAYMENT", "FULFILLMENT_ORDERS",
})  # fmt: skip
STATUSES = {
    "PENDING_AVAILABILITY": "PendingAvailability", "PENDING": "Pending", "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped", "SHIPPED": "Shipped", "CANCELLED": "Canceled",
    "UNFULFILLABLE": "Unfulfillable",
}  # fmt: skip
PARTIES = {"MERCHANT": "MFN", "AMAZON": "AFN"}
Record = Mapping[str, Any]


def old_query(query: Mapping[str, str]) -> dict[str, str]:
    """The same question in v0's words. Raises Refused."""
    asked = {name[0].upper() + name[1:]: value for name, value in query.items() if name in SEARCH.split()}
    asked.pop("IncludedData", None)
    statuses, parties = asked.pop("FulfillmentStatuses", ""), asked.pop("FulfilledBy", "")
    if "PaginationToken" in asked:
        asked["NextToken"] = asked.pop("PaginationToken")
    if statuses:
        asked["OrderStatuses"] = ",".join(_word(word, STATUSES, "fulfillmentStatuses") for word in statuses.split(","))
    if parties:
        asked["FulfillmentChannels"] = ",".join(_word(word, PARTIES, "fulfilledBy") for word in parties.split(","))
    return asked


def included(query: Mapping[str, str]) -> frozenset[str]:
    """The data sets asked for. Raises Refused for one that there is not."""
    wanted = frozenset(filter(None, query.get("includedData", "").split(",")))
    if wanted - DATA:
        raise wrong(f"includedData: {', '.join(sorted(wanted - DATA))}")
    return wanted


def shown(order: Record, items: Sequence[Record], packages: Sequence[Record], wanted: frozenset[str]) -> dict[str, Any]:
    """An order as searchOrders answers it."""
    status = next(new for new, old in STATUSES.items() if old == order["OrderStatus"])
    answer: dict[str, Any] = {
        "orderId": order["AmazonOrderId"], "createdTime": order["PurchaseDate"],
        "lastUpdatedTime": order["LastUpdateDate"], "programs": [],
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": order["MarketplaceId"],
                         "marketplaceName": order["SalesChannel"]},
        "orderItems": [_item(item, wanted) for item in items],
    }  # fmt: skip
    if "FULFILLMENT" in wanted:
        party = next(new for new, old in PARTIES.items() if old == order["FulfillmentChannel"])
        answer["fulfillment"] = {"fulfillmentStatus": status, "fulfilledBy": party,
                                 "fulfillmentServiceLevel": order["ShipmentServiceLevelCategory"].upper()}
    if "BUYER" in wanted and "BuyerInfo" in order:
        answer["buyer"] = {"buyerEmail": order["BuyerInfo"]["BuyerEmail"]}
    if "RECIPIENT" in wanted and "ShippingAddress" in order:
        answer["recipient"] = {"deliveryAddress": _address(order["ShippingAddress"])}
    if "PROCEEDS" in wanted and "OrderTotal" in order:
        answer["proceeds"] = {"grandTotal": _money(order["OrderTotal"]), "breakdowns": _sums(answer["orderItems"])}
    if "PACKAGES" in wanted:
        answer["packages"] = [
            {"packageReferenceId": one["reference"], "carrier": one["carrier"], "trackingNumber": one["waybill"],
             "shipTime": order["LastUpdateDate"], "packageStatus": {"status": "SHIPPED"}} for one in packages
        ]  # fmt: skip
    return answer


def _item(item: Record, wanted: frozenset[str]) -> dict[str, Any]:
    quantity = item["QuantityOrdered"]
    answer: dict[str, Any] = {
        "orderItemId": item["OrderItemId"], "quantityOrdered": quantity,
        "product": {"asin": item["ASIN"], "title": item["Title"], "sellerSku": item["SellerSKU"]},
    }  # fmt: skip
    if "ItemPrice" in item and quantity:
        price = _money(item["ItemPrice"])
        unit = Decimal(price["amount"]) / quantity
        answer["product"]["price"] = {"unitPrice": price | {"amount": str(unit.quantize(Decimal(price["amount"])))}}
    if "PROCEEDS" in wanted and "ItemPrice" in item:
        answer["proceeds"] = {"breakdowns": [
            {"type": kind, "subtotal": _money(item[name], negative=kind == "DISCOUNT")}
            for kind, name in (("ITEM", "ItemPrice"), ("SHIPPING", "ShippingPrice"), ("TAX", "ItemTax"),
                               ("DISCOUNT", "PromotionDiscount"))
        ]}  # fmt: skip
    if "FULFILLMENT" in wanted:
        done = item["QuantityShipped"]
        answer["fulfillment"] = {"quantityFulfilled": done, "quantityUnfulfilled": quantity - done}
    if "CANCELLATION" in wanted and item["BuyerRequestedCancel"]["IsBuyerRequestedCancel"] == "true":
        reason = item["BuyerRequestedCancel"]["BuyerCancelReason"]
        answer["cancellation"] = {"cancellationRequest": {"requester": "BUYER", "cancelReason": reason}}
    return answer


def _sums(items: Sequence[Record]) -> list[dict[str, Any]]:
    """The categories over all items, exact to the digit."""
    found: dict[str, dict[str, Any]] = {}
    for part in (part for item in items for part in item.get("proceeds", {}).get("breakdowns", ())):
        before = found.get(part["type"])
        found[part["type"]] = _add(before, part["subtotal"]) if before else part["subtotal"]
    return [{"type": kind, "subtotal": subtotal} for kind, subtotal in found.items()]


def _add(one: Record, other: Record) -> dict[str, Any]:
    return {"amount": str(Decimal(one["amount"]) + Decimal(other["amount"])), "currencyCode": one["currencyCode"]}


def _money(money: Record, *, negative: bool = False) -> dict[str, str]:
    amount = str(money["Amount"])
    is_less = negative and re.search(r"[1-9]", amount)
    return {"amount": f"-{amount}" if is_less else amount, "currencyCode": money["CurrencyCode"]}


def _address(address: Record) -> dict[str, str]:
    names = {"Name": "name", "AddressLine1": "addressLine1", "City": "city", "StateOrRegion": "stateOrRegion",
             "District": "districtOrCounty", "PostalCode": "postalCode", "CountryCode": "countryCode",
             "Phone": "phone"}  # fmt: skip
    return {new: address[old] for old, new in names.items() if old in address}


def _word(word: str, known: Mapping[str, str], name: str) -> str:
    if word not in known:
        raise wrong(f"{name}: {word}")
    return known[word]
