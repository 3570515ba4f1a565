"""The simulated shop itself: its orders as REST resources, what buyers and the merchant do, and its webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.adapters.channels.shopify.simulated_fulfilment import Fulfilment
from orderloom.adapters.channels.shopify.simulated_order import build, stamp
from orderloom.adapters.channels.shopify.simulated_resource import gid
from orderloom.adapters.channels.shopify.simulated_stock import Stock, stock_ids
from orderloom.adapters.simulated.book import REFUNDED
from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.draw import amount
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shelf import Shelf
from orderloom.adapters.simulated.shop import ShopSimulator


def signature(secret: str, body: bytes) -> str:
    """What a webhook carries in X-Shopify-Hmac-Sha256."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Shop(ShopSimulator):
    """One shop. `orders` are the REST resources, of which GraphQL shows the same; the book knows what happened."""

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.zone = ZoneInfo(settings.get("shop_zone", "America/New_York"))
        self.orders: dict[str, dict[str, Any]] = {}
        self.fulfilment = Fulfilment(self.orders, settings, self._told)
        self._serial = 9_000_000
        super().__init__(credentials, now, settings)
        self.shelf = Shelf(stock_ids)
        self.stock = self.shelf.stock
        self.items = Stock(self.shelf, self.check_refusal, lambda: self.now())

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return str(int(order_id) * 100 + place + 1)

    # What happens in the shop

    def place(self, purchase: dict[str, Any]) -> None:
        """A buyer places an order (pays it too when `paid_at` is set)."""
        super().place(purchase)
        changed = purchase.get("paid_at") or purchase["placed_at"]
        self.orders[purchase["external_id"]] = build(purchase, changed, self.zone)

    def pay(self, external_id: str, at: datetime) -> None:
        """The payment arrives."""
        super().pay(external_id, at)
        self._change(external_id, at, financial_status="paid", total_outstanding="0.00")

    def cancel(self, external_id: str, at: datetime) -> None:
        """The order is cancelled; as on the platform, that alone refunds nothing."""
        super().cancel(external_id, at)
        self._change(external_id, at, cancelled_at=stamp(at, self.zone), cancel_reason="customer")

    def remove(self, external_id: str, sku: str, quantity: int, at: datetime) -> None:
        """The merchant takes `quantity` of a line off the order: `quantity` stays, `current_quantity` shrinks."""
        order = self.orders[external_id]
        line = next(one for one in order["line_items"] if one["sku"] == sku)
        line["current_quantity"] -= quantity
        line["fulfillable_quantity"] -= quantity
        cut = sum((Decimal(one["amount"]) for one in line["discount_allocations"]), Decimal(0)) * quantity
        cut = (cut / line["quantity"]).quantize(Decimal(line["price"]))
        _lower(order, cut, Decimal(line["price"]) * quantity - cut)
        self._change(external_id, at)

    def ask_refund(self, external_id: str, line: int, at: datetime, kind: str = "refund") -> str:
        """The buyer asks to give a line back: a return, whatever is wanted for it."""
        claim_id = super().ask_refund(external_id, line, at, kind)
        self._change(external_id, at)
        return claim_id

    def move_claim(self, claim_id: str, state: str, at: datetime, carrier: str = "", waybill: str = "") -> None:
        """A return goes on; money that goes back is a refund of the order."""
        super().move_claim(claim_id, state, at, carrier, waybill)
        claim = self.book.claims[claim_id]
        order = self.orders[claim.order_id]
        if state == REFUNDED:
            self._refund(order, claim, at)
        self._change(claim.order_id, at)

    def _refund(self, order: dict[str, Any], claim: Any, at: datetime) -> None:
        line, bought = order["line_items"][claim.place], self.book.orders[claim.order_id].lines[claim.place]
        was_open = line["fulfillable_quantity"]
        line.update(current_quantity=0, fulfillable_quantity=0)
        cut, back = bought.discount + bought.part, claim.amount
        _lower(order, *(Decimal(amount(minor, order["currency"])) for minor in (cut, back)))
        told = {"id": int(claim.id) + 7, "kind": "refund", "status": "success", "currency": order["currency"],
                "amount": amount(back, order["currency"])}  # fmt: skip
        order["refunds"].append({
            "id": int(claim.id) + 5, "order_id": order["id"], "created_at": stamp(at, self.zone), "note": None,
            "processed_at": stamp(at, self.zone), "transactions": [told], "order_adjustments": [],
            "refund_line_items": [{"line_item_id": line["id"], "quantity": claim.quantity}], "return_id": claim.id,
        })  # fmt: skip
        is_all = Decimal(order["current_total_price"]) <= 0
        order["financial_status"] = "refunded" if is_all else "partially_refunded"
        if was_open:
            bought.shipped = bought.quantity  # nothing of it is to be sent any more

    def hold(self, external_id: str) -> None:
        """Put the order's fulfilment order on hold."""
        self.fulfilment.held.add(external_id)

    def listing(self, sku: str) -> dict[str, str]:
        """The ids under which the shop keeps stock of `sku`: what a stock delivery's `listing` must hold."""
        self.shelf.put_up(sku)
        return self.items.ids(sku)

    def status(self, external_id: str) -> str:
        return str(self.orders[external_id]["financial_status"])

    def _change(self, external_id: str, at: datetime, **fields: Any) -> None:
        self.orders[external_id].update(fields, updated_at=stamp(at, self.zone))

    # Webhooks

    def news(self, external_id: str, topic: str) -> Push:
        """The order as of now, or the return that is the newest of it."""
        topic = topic or "orders/updated"
        body = self._body(external_id) if topic.startswith("orders/") else self._return_body(external_id, topic)
        return Push(body, self._headers(topic, body))

    def _body(self, external_id: str) -> bytes:
        return json.dumps(self.orders[external_id], ensure_ascii=False, separators=(",", ":")).encode()

    def _return_body(self, external_id: str, topic: str) -> bytes:
        order = self.orders[external_id]
        about = {"id": order["id"], "admin_graphql_api_id": order["admin_graphql_api_id"]}
        if topic == "refunds/create":
            found: dict[str, Any] = {**order["refunds"][-1], "order_id": order["id"]} if order["refunds"] else {
                "order_id": order["id"]}
            return json.dumps(found).encode()
        claim = self.book.orders[external_id].claims[-1]
        return json.dumps({"id": int(claim.id), "admin_graphql_api_id": gid("Return", claim.id), "order": about,
                           "status": claim.state, "name": f"{order['name']}-R1"}).encode()  # fmt: skip

    def _headers(self, topic: str, body: bytes) -> dict[str, str]:
        self._serial += 1
        secret = self.credentials.get(self.settings.get("sign_with", "client_secret"), "")
        return {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": signature(secret, body),
            "X-Shopify-Shop-Domain": self.settings.get("shop_domain") or "demo-shop.myshopify.com",
            "X-Shopify-API-Version": "2026-04",
            "X-Shopify-Webhook-Id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{topic}/{self._serial}")),
            "X-Shopify-Event-Id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"event/{self._serial}")),
            "X-Shopify-Triggered-At": self.now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }

    def _told(self, order: dict[str, Any], lines: list[dict[str, Any]], tracking: Mapping[str, Any]) -> dict[str, Any]:
        """A fulfilment is made: the shop's book, its resource and what tests look at. Raises ValueError."""
        key, at = str(order["id"]), self.now()
        places = {line["id"] - order["id"] * 100 - 1: line["quantity"] for line in lines}
        numbers = tracking.get("numbers") or [tracking.get("number") or ""]
        try:
            self.ship(key, places, tracking.get("company") or "", numbers[0], lambda words: Refused("", words))
        except Refused as refused:
            raise ValueError(refused.message) from refused
        self._serial += 1
        made = {
            "id": self._serial, "order_id": order["id"], "status": "success", "created_at": stamp(at, self.zone),
            "updated_at": stamp(at, self.zone), "tracking_company": tracking.get("company"), "shipment_status": None,
            "tracking_number": numbers[0], "tracking_numbers": list(numbers), "line_items": lines,
        }  # fmt: skip
        order["fulfillments"].append(made)
        self._change(key, at)
        return made


def _lower(order: dict[str, Any], cut: Decimal, price: Decimal) -> None:
    """The current figures of an order that holds less: without the discount of what left, and its price."""
    for name, less in (("current_total_discounts", cut), ("current_total_price", price)):
        order[name] = f"{Decimal(order[name]) - less:f}"
