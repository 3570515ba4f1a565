"""How Shopee shows an order: numbers for amounts, one package, and PENDING only to who asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from orderloom.adapters.channels.shopee import simulated_goods as goods
from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.book import CANCELLED, PAID, PART_SHIPPED, RECEIVED, SHIPPED, UNPAID, Order
from orderloom.adapters.simulated.clock import seconds
from orderloom.adapters.simulated.draw import amount, long_number

STATUSES = {UNPAID: "UNPAID", PAID: "READY_TO_SHIP", PART_SHIPPED: "PROCESSED", SHIPPED: "SHIPPED",
            RECEIVED: "COMPLETED", CANCELLED: "CANCELLED"}  # fmt: skip


def money(minor: int, order: Order) -> float:
    """A JSON number, as the platform writes amounts."""
    return float(Decimal(amount(minor, order.currency)))


def status(order: Order) -> str:
    """The platform's word."""
    if order.phase == PAID and order.is_forbidden:
        return "PENDING"
    if order.phase == PAID and any(claim.state == at_book.ASKED for claim in order.claims):
        return "IN_CANCEL"
    return STATUSES[order.phase]


def teller(asked: Asked) -> Callable[[Order], str]:
    """How an order's status is told: PENDING only to who asks for it, as ready to ship to all others."""
    if asked.text("request_order_status_pending").lower() == "true":
        return status
    return lambda order: word if (word := status(order)) != "PENDING" else "READY_TO_SHIP"


def package(order: Order) -> str:
    """The number of its package."""
    return f"OFG{long_number(order.id, 14)}"


def order_of(order: Order, *, is_masked: bool) -> dict[str, Any]:
    """The whole order."""
    items = [item_of(order, line) for line in order.lines]
    word = {PAID: "LOGISTICS_READY", PART_SHIPPED: "LOGISTICS_REQUEST_CREATED", SHIPPED: "LOGISTICS_PICKUP_DONE",
            RECEIVED: "LOGISTICS_DELIVERY_DONE", CANCELLED: "LOGISTICS_INVALID"}.get(order.phase)  # fmt: skip
    parcel = {"package_number": package(order), "logistics_status": word, "shipping_carrier": "Standard Delivery",
               "item_list": [{"item_id": one["item_id"], "model_id": one["model_id"],
                             "model_quantity": one["model_quantity_purchased"]} for one in items]}  # fmt: skip
    country = order.receiver["country"]
    told: dict[str, Any] = {
        "order_sn": order.id, "region": country, "currency": order.currency, "cod": False,
        "order_status": status(order), "payment_method": "Online Banking", "estimated_shipping_fee":
        money(order.freight, order), "message_to_seller": order.note, "create_time": seconds(order.placed_at),
        "update_time": seconds(order.changed_at), "pay_time": seconds(order.paid_at) or None, "days_to_ship": 2,
        "ship_by_date": seconds(order.placed_at) + 2 * 86_400, "buyer_user_id": long_number(order.buyer, 8),
        "buyer_username": order.buyer, "item_list": items, "fulfillment_flag": "fulfilled_by_local_seller",
        "package_list": [parcel] if word else [], "split_up": False, "advance_package": False,
        "cancel_by": "buyer" if order.cancelled_at else "", "cancel_reason": "", "buyer_cancel_reason": "",
        "checkout_shipping_carrier": "Standard Delivery", "note": order.seller_note,
    }  # fmt: skip
    if order.paid_at:
        told |= {"total_amount": money(order.total, order), "recipient_address": _receiver(order.receiver, is_masked)}
    return told


def item_of(order: Order, line: at_book.Line) -> dict[str, Any]:
    """One of its lines."""
    item, model = goods.ids(line.sku)
    return {
        "item_id": int(item), "item_name": line.title, "item_sku": "", "model_id": int(model), "model_name": "",
        "model_sku": line.sku, "model_quantity_purchased": line.quantity, "order_item_id": int(item),
        "model_original_price": money(line.price, order),
        "model_discounted_price": money(line.amount // line.quantity, order), "promotion_type": "",
        "active_qty": line.quantity, "cancelled_qty": 0, "return_requested_qty": 0, "returned_qty": 0,
    }  # fmt: skip


def _receiver(receiver: Mapping[str, str], is_masked: bool) -> dict[str, str]:
    shown = {"name": receiver["name"], "phone": receiver["phone"], "full_address": receiver["detail"]}
    if is_masked:
        shown = {"name": f"{receiver['name'][:1]}****", "phone": f"******{receiver['phone'][-2:]}",
                 "full_address": "****"}  # fmt: skip
    return {**shown, "town": "", "district": receiver["district"], "city": receiver["city"],
            "state": receiver["province"], "region": receiver["country"], "zipcode": receiver["postcode"]}  # fmt: skip
