"""The orders that the Amazon simulator keeps: built from purchases, moved by authorisation, shipping and cancelling."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

DECIMALS = {"JPY": 0}
MARKETPLACES = {"USD": "ATVPDKIKX0DER", "CAD": "A2EUQ1WTGCTBG2", "GBP": "A1F83G8C2ARO7P", "JPY": "A1VC38T7YXB528"}
WITH_ADDRESS = ("Unshipped", "PartiallyShipped", "Shipped", "InvoiceUnconfirmed")
PERSONAL = ("Name", "AddressLine1", "Phone")

Record = dict[str, Any]


def iso(at: datetime) -> str:
    """UTC to the second, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def amount(minor: int, currency: str) -> dict[str, str]:
    """Amazon's money object."""
    places = DECIMALS.get(currency, 2)
    whole, rest = divmod(abs(minor), 10**places)
    text = f"{whole}.{rest:0{places}d}" if places else str(whole)
    return {"CurrencyCode": currency, "Amount": f"-{text}" if minor < 0 else text}


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` by weight without losing a unit; earlier lines take the rest."""
    parts, left, weight_left = [], total, sum(weights)
    for weight in weights:
        part = -(-left * weight // weight_left) if weight_left else left
        parts.append(part)
        left, weight_left = left - part, weight_left - weight
    return parts


class OrderBook:
    """Orders by id with their items."""

    def __init__(self) -> None:
        self.orders: dict[str, Record] = {}
        self.items: dict[str, list[Record]] = {}
        self._purchases: dict[str, Mapping[str, Any]] = {}

    def place(self, purchase: Mapping[str, Any]) -> None:
        """Record a purchase: Pending until its payment is authorised. Raises ValueError when the id is taken."""
        order_id = str(purchase["external_id"])
        if order_id in self.orders:
            raise ValueError(f"{order_id} is already placed")
        self._purchases[order_id] = purchase
        self.orders[order_id] = _order(order_id, purchase)
        self.items[order_id] = [_item(order_id, n, line) for n, line in enumerate(purchase["lines"], start=1)]
        self.touch(order_id, purchase["placed_at"])
        if purchase.get("paid_at"):
            self.pay(order_id, purchase["paid_at"])

    def pay(self, order_id: str, at: datetime) -> None:
        """The payment is authorised: prices, total and address appear."""
        order, purchase = self.orders[order_id], self._purchases[order_id]
        if order["OrderStatus"] != "Pending":
            raise ValueError(f"{order_id} is {order['OrderStatus']}, not Pending")
        order["OrderStatus"] = "Unshipped"
        order["OrderTotal"] = amount(_total(purchase), purchase["currency"])
        order["ShippingAddress"] = _address(purchase["receiver"])
        order["EarliestShipDate"], order["LatestShipDate"] = iso(at), iso(at + timedelta(days=2))
        for item, prices in zip(self.items[order_id], _prices(purchase), strict=True):
            item.update(prices)
        self.touch(order_id, at)

    def cancel(self, order_id: str, at: datetime) -> None:
        """Cancel an order that has not shipped; its items keep no quantity."""
        order = self.orders[order_id]
        if order["OrderStatus"] not in ("Pending", "Unshipped"):
            raise ValueError(f"{order_id} is {order['OrderStatus']}")
        order.update(OrderStatus="Canceled", NumberOfItemsUnshipped=0)
        order.pop("ShippingAddress", None)
        for item in self.items[order_id]:
            item["QuantityOrdered"] = 0
        self.touch(order_id, at)

    def ask_cancel(self, order_id: str, line: int, reason: str, at: datetime) -> None:
        """The buyer asks to cancel a line; the order stays Unshipped."""
        wish = {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": reason}
        self.items[order_id][line]["BuyerRequestedCancel"] = wish
        self.touch(order_id, at)

    def ship(self, order_id: str, quantities: Mapping[str, int], at: datetime) -> None:
        """Add shipped quantities; raises ValueError when an item is unknown or would ship more than was ordered."""
        items = {item["OrderItemId"]: item for item in self.items[order_id]}
        for item_id, quantity in quantities.items():
            item = items.get(item_id)
            if item is None or not 0 < quantity <= item["QuantityOrdered"] - item["QuantityShipped"]:
                raise ValueError(f"orderItemId {item_id} cannot ship {quantity}")
        for item_id, quantity in quantities.items():
            items[item_id]["QuantityShipped"] += quantity
        self.count(order_id, at)

    def unship(self, order_id: str, quantities: Mapping[str, int]) -> None:
        """Take a package's quantities back before it is edited."""
        for item in self.items[order_id]:
            item["QuantityShipped"] -= quantities.get(item["OrderItemId"], 0)

    def count(self, order_id: str, at: datetime) -> None:
        """Derive the order's status and counters from its items."""
        order, items = self.orders[order_id], self.items[order_id]
        shipped = sum(item["QuantityShipped"] for item in items)
        rest = sum(item["QuantityOrdered"] for item in items) - shipped
        order["OrderStatus"] = "Shipped" if not rest else "PartiallyShipped" if shipped else "Unshipped"
        order.update(NumberOfItemsShipped=shipped, NumberOfItemsUnshipped=rest)
        self.touch(order_id, at)

    def touch(self, order_id: str, at: datetime) -> None:
        """Note the instant of the last change."""
        self.orders[order_id]["LastUpdateDate"] = iso(at)

    def shown(self, order_id: str, has_personal_data: bool) -> Record:
        """An order as getOrders answers it; names, streets and phones only with a restricted data token."""
        order = dict(self.orders[order_id])
        if not has_personal_data:
            order.pop("BuyerInfo", None)
            if "ShippingAddress" in order:
                order["ShippingAddress"] = {k: v for k, v in order["ShippingAddress"].items() if k not in PERSONAL}
        elif order["OrderStatus"] not in WITH_ADDRESS:
            order.pop("BuyerInfo", None)
        return order


def _total(purchase: Mapping[str, Any]) -> int:
    goods = sum(line["price"] * line["quantity"] - line["discount"] for line in purchase["lines"])
    return int(goods - purchase["discount"] + purchase["freight"] + purchase["tax"])


def _order(order_id: str, purchase: Mapping[str, Any]) -> Record:
    quantity = sum(line["quantity"] for line in purchase["lines"])
    return {
        "AmazonOrderId": order_id, "SellerOrderId": order_id, "PurchaseDate": iso(purchase["placed_at"]),
        "LastUpdateDate": "", "OrderStatus": "Pending",
        "FulfillmentChannel": purchase.get("fulfillment_channel", "MFN"), "SalesChannel": "Amazon.com",
        "ShipServiceLevel": "Std US D2D Dom", "NumberOfItemsShipped": 0, "NumberOfItemsUnshipped": quantity,
        "PaymentMethod": "Other", "PaymentMethodDetails": ["Standard"],
        "MarketplaceId": MARKETPLACES.get(purchase["currency"], MARKETPLACES["USD"]),
        "ShipmentServiceLevelCategory": "Standard", "OrderType": "StandardOrder", "IsBusinessOrder": False,
        "IsPrime": False, "IsPremiumOrder": False, "IsReplacementOrder": "false", "IsISPU": False,
        "BuyerInfo": {"BuyerEmail": f"{_number(purchase['buyer'], 10)}@marketplace.amazon.com"},
    }  # fmt: skip


def _address(receiver: Mapping[str, str]) -> dict[str, str]:
    return {
        "Name": receiver["name"], "AddressLine1": receiver["detail"], "City": receiver["city"],
        "StateOrRegion": receiver["province"], "District": receiver["district"],
        "PostalCode": receiver["postcode"], "CountryCode": receiver["country"], "Phone": receiver["phone"],
    }  # fmt: skip


def _item(order_id: str, number: int, line: Mapping[str, Any]) -> Record:
    return {
        "ASIN": f"B0{_number(line['sku'], 8)}", "SellerSKU": line["sku"],
        "OrderItemId": f"{_number(order_id, 12)}{number:02d}", "Title": line["title"],
        "QuantityOrdered": line["quantity"], "QuantityShipped": 0, "IsGift": "false", "ConditionId": "New",
        "BuyerRequestedCancel": {"IsBuyerRequestedCancel": "false", "BuyerCancelReason": ""},
    }  # fmt: skip


def _prices(purchase: Mapping[str, Any]) -> list[Record]:
    """Each item's money: `ItemPrice` is unit price x quantity, and order-level sums are shared over the items."""
    lines, currency = purchase["lines"], purchase["currency"]
    goods = [line["price"] * line["quantity"] - line["discount"] for line in lines]
    shares = zip(*(share(purchase[name], goods) for name in ("discount", "freight", "tax")), strict=True)
    return [
        {
            "ItemPrice": amount(line["price"] * line["quantity"], currency),
            "ItemTax": amount(tax, currency),
            "ShippingPrice": amount(freight, currency),
            "PromotionDiscount": amount(line["discount"] + discount, currency),
        }
        for line, (discount, freight, tax) in zip(lines, shares, strict=True)
    ]


def _number(text: str, digits: int) -> str:
    return f"{int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % 10**digits:0{digits}d}"
