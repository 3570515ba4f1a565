"""Amazon's own form of an order in the old version: the order, its items with their money, and what is personal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from orderloom.adapters.simulated.book import CANCELLED, PAID, PART_SHIPPED, RECEIVED, SHIPPED, UNPAID, Line, Order
from orderloom.adapters.simulated.clock import iso
from orderloom.adapters.simulated.draw import amount, number, share

MARKETPLACES = {"USD": "ATVPDKIKX0DER", "CAD": "A2EUQ1WTGCTBG2", "GBP": "A1F83G8C2ARO7P", "JPY": "A1VC38T7YXB528"}
STATUSES = {UNPAID: "Pending", PAID: "Unshipped", PART_SHIPPED: "PartiallyShipped", SHIPPED: "Shipped",
            RECEIVED: "Shipped", CANCELLED: "Canceled"}  # fmt: skip
WITH_ADDRESS = ("Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed")
PERSONAL = ("Name", "AddressLine1", "Phone")
NO_WISH = {"IsBuyerRequestedCancel": "false", "BuyerCancelReason": ""}
SHIPS_WITHIN = timedelta(days=2)
Record = dict[str, Any]
Wishes = Mapping[tuple[str, int], str]
"""Why a buyer wants a line cancelled, by the order's id and the line's place."""


def item_id(order_id: str, place: int) -> str:
    """Amazon's id of a line."""
    return f"{number(order_id, 12):012d}{place + 1:02d}"


def money(minor: int, currency: str) -> dict[str, str]:
    """Amazon's money object."""
    return {"CurrencyCode": currency, "Amount": amount(minor, currency)}


def head_of(order: Order) -> dict[str, str]:
    """What lists are filtered by."""
    return {
        "AmazonOrderId": order.id, "SellerOrderId": order.id, "OrderStatus": STATUSES[order.phase],
        "FulfillmentChannel": str(order.purchase.get("fulfillment_channel", "MFN")), "PaymentMethod": "Other",
        "MarketplaceId": MARKETPLACES.get(order.currency, MARKETPLACES["USD"]),
    }  # fmt: skip


def record(order: Order, has_personal_data: bool) -> Record:
    """An order as getOrders answers it; names, streets and phones only with a restricted data token."""
    shipped = sum(line.shipped for line in order.lines)
    is_open = order.phase != CANCELLED
    found: Record = {
        **head_of(order), "PurchaseDate": iso(order.placed_at), "LastUpdateDate": iso(order.changed_at),
        "SalesChannel": "Amazon.com", "ShipServiceLevel": "Std US D2D Dom", "NumberOfItemsShipped": shipped,
        "NumberOfItemsUnshipped": sum(line.open for line in order.lines) if is_open else 0,
        "PaymentMethodDetails": ["Standard"], "ShipmentServiceLevelCategory": "Standard",
        "OrderType": "StandardOrder", "IsBusinessOrder": False, "IsPrime": False, "IsPremiumOrder": False,
        "IsReplacementOrder": "false", "IsISPU": False,
    }  # fmt: skip
    if order.paid_at:
        found["OrderTotal"] = money(order.total, order.currency)
        found["EarliestShipDate"], found["LatestShipDate"] = iso(order.paid_at), iso(order.paid_at + SHIPS_WITHIN)
    if found["OrderStatus"] in WITH_ADDRESS:
        found["ShippingAddress"] = _address(order.receiver, has_personal_data)
        if has_personal_data:
            found["BuyerInfo"] = {"BuyerEmail": f"{number(order.buyer, 10):010d}@marketplace.amazon.com"}
    return found


def items(order: Order, wishes: Wishes) -> list[Record]:
    """The order's items: a Pending order states no prices, and a cancelled item keeps no quantity."""
    amounts = [line.amount for line in order.lines]
    freights, taxes = share(order.freight, amounts), share(order.tax, amounts)
    found = []
    for line, freight, tax in zip(order.lines, freights, taxes, strict=True):
        wish = wishes.get((order.id, line.place))
        asked = {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": wish} if wish else NO_WISH
        prices = _prices(line, freight, tax, order.currency) if order.paid_at else {}
        found.append({
            "ASIN": f"B0{number(line.sku, 8):08d}", "SellerSKU": line.sku, "OrderItemId": item_id(order.id, line.place),
            "Title": line.title, "QuantityOrdered": 0 if order.phase == CANCELLED else line.quantity,
            "QuantityShipped": line.shipped, "IsGift": "false", "ConditionId": "New", "BuyerRequestedCancel": asked,
            **prices,
        })  # fmt: skip
    return found


def _prices(line: Line, freight: int, tax: int, currency: str) -> Record:
    """`ItemPrice` is unit price x quantity; order-level sums are shared over the items."""
    sums = {"ItemPrice": line.price * line.quantity, "ItemTax": tax, "ShippingPrice": freight,
            "PromotionDiscount": line.discount + line.part}  # fmt: skip
    return {name: money(minor, currency) for name, minor in sums.items()}


def _address(receiver: Mapping[str, str], has_personal_data: bool) -> dict[str, str]:
    whole = {
        "Name": receiver["name"], "AddressLine1": receiver["detail"], "City": receiver["city"],
        "StateOrRegion": receiver["province"], "District": receiver["district"],
        "PostalCode": receiver["postcode"], "CountryCode": receiver["country"], "Phone": receiver["phone"],
    }  # fmt: skip
    return {name: value for name, value in whole.items() if has_personal_data or name not in PERSONAL}
