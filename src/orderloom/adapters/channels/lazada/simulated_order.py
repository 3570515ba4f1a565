"""Lazada's own form of an order in the simulator: the order, its items one for each unit, and what is turned back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated.book import CANCELLED, PAID, PART_SHIPPED, RECEIVED, SHIPPED, UNPAID, Claim, Order
from orderloom.adapters.simulated.clock import local, millis
from orderloom.adapters.simulated.draw import amount, long_number, share

ZONE = timezone(timedelta(hours=7))
TIMES = "%Y-%m-%d %H:%M:%S +0700"
STATUSES = {UNPAID: "unpaid", PAID: "pending", PART_SHIPPED: "pending", SHIPPED: "shipped", RECEIVED: "delivered",
            CANCELLED: "canceled"}  # fmt: skip
REVERSE = {
    "CANCEL": {at_book.ASKED: "CANCEL_INIT", at_book.AGREED: "CANCEL_SUCCESS", at_book.SENT_BACK: "CANCEL_SUCCESS",
               at_book.REFUSED: "REQUEST_REJECT", at_book.REFUNDED: "CANCEL_REFUND_ISSUED",
               at_book.WITHDRAWN: "REQUEST_CANCEL"},
    "RETURN": {at_book.ASKED: "REQUEST_INITIATE", at_book.AGREED: "RTM_INIT", at_book.SENT_BACK: "RTM_SHIPPING_BACK",
               at_book.REFUSED: "REQUEST_REJECT", at_book.REFUNDED: "REFUND_SUCCESS",
               at_book.WITHDRAWN: "RTM_CANCELED"},
    "ONLY_REFUND": {at_book.ASKED: "REFUND_INIT", at_book.AGREED: "REFUND_PENDING", at_book.SENT_BACK: "REFUND_PENDING",
                    at_book.REFUSED: "REFUND_REJECTED", at_book.REFUNDED: "REFUND_SUCCESS",
                    at_book.WITHDRAWN: "REQUEST_CANCEL"},
}  # fmt: skip


def ids(name: str) -> tuple[str, str]:
    """The platform's own (item, SKU) of a seller's code."""
    return str(long_number(f"item{name}", 10)), str(long_number(f"sku{name}", 11))


def units(order: Order) -> list[tuple[str, int]]:
    """The id of every unit, with the place of its line."""
    places = [line.place for line in order.lines for _ in range(line.quantity)]
    return [(str(int(order.id) + n + 1), place) for n, place in enumerate(places)]


def items_of(order: Order, packed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The items, one for each unit."""
    freights, count = share(order.freight, [1] * len(units(order))), dict.fromkeys(range(len(order.lines)), 0)
    wishes = any(claim.state == at_book.ASKED for claim in order.claims) and order.phase == PAID
    told = []
    for n, (item, place) in enumerate(units(order)):
        line, (product, sku) = order.lines[place], ids(order.lines[place].sku)
        cut = share(line.discount + line.part, [1] * line.quantity)[count[place]]
        word = _word(order, item, count[place], packed)
        count[place] += 1
        package = packed.get(item, "")
        told.append({
            "order_item_id": int(item), "order_id": order.id, "sku": line.sku, "shop_sku": f"{product}_VNAMZ-{sku}",
            "sku_id": sku, "product_id": product, "name": line.title, "variation": "", "currency": order.currency,
            "item_price": amount(line.price, order.currency), "paid_price": amount(line.price - cut, order.currency),
            "voucher_amount": amount(cut, order.currency), "tax_amount": "0.00", "status": word,
            "shipping_amount": amount(freights[n], order.currency), "shipping_type": "Dropshipping",
            "shipment_provider": "LEX VN" if package else "", "tracking_code": f"LX{package[2:]}" if package else "",
            "package_id": package, "is_fbl": 0, "is_digital": 0, "order_flag": "NORMAL", "order_type": "Normal",
            "buyer_id": str(long_number(order.buyer, 12)), "warehouse_code": "dropshipping",
            "need_cancel_confirm": wishes,
            "created_at": _time(order.placed_at), "updated_at": _time(order.changed_at), "return_status": "",
            "stage_pay_status": None, **({"payment_time": millis(order.paid_at)} if order.paid_at else {}),
        })  # fmt: skip
    return told


def _word(order: Order, item: str, nth: int, packed: Mapping[str, str]) -> str:
    place = dict(units(order))[item]
    if order.phase in (PAID, PART_SHIPPED):
        return "shipped" if nth < order.lines[place].shipped else "packed" if item in packed else "pending"
    return STATUSES[order.phase]


def _time(at: Any) -> str:
    return local(at, ZONE, TIMES)


def order_of(order: Order, packed: Mapping[str, str], *, is_masked: bool) -> dict[str, Any]:
    """The order as the list states it."""
    who, items = order.receiver, items_of(order, packed)
    goods = sum(line.price * line.quantity for line in order.lines)
    cut = goods - order.goods + order.discount
    hidden = {"name": f"{who['name'][:1]}******", "phone": f"84*******{who['phone'][-2:]}", "detail": "1************"}
    shown = {**who, **(hidden if is_masked else {})}
    address = {
        "first_name": shown["name"], "last_name": "", "phone": shown["phone"], "phone2": "",
        "address1": shown["detail"], "address2": "", "address3": who["province"],
        "address4": who["city"], "address5": who["district"],
        "city": who["city"], "post_code": who["postcode"], "country": who["country"],
    }  # fmt: skip
    return {
        "order_id": order.id, "order_number": order.id, "statuses": list(dict.fromkeys(one["status"] for one in items)),
        "price": amount(goods, order.currency), "shipping_fee": amount(order.freight, order.currency),
        "shipping_fee_original": amount(order.freight, order.currency), "shipping_fee_discount_seller": "0.00",
        "shipping_fee_discount_platform": "0.00", "voucher": amount(cut, order.currency), "voucher_platform": "0.00",
        "voucher_seller": amount(cut, order.currency), "items_count": len(items), "payment_method": "MIXEDCARD",
        "created_at": _time(order.placed_at), "updated_at": _time(order.changed_at), "remarks": "",
        "customer_first_name": shown["name"], "customer_last_name": "", "address_shipping": address,
        "address_billing": address, "buyer_note": order.note, "gift_option": "0", "gift_message": "",
        "promised_shipping_times": "", "warehouse_code": "dropshipping",
    }  # fmt: skip


def reverse_of(order: Order, claim: Claim) -> dict[str, Any]:
    """An application as the list of them states it: a line for each unit, amounts in cents but for the dong."""
    kind = "CANCEL" if not order.parcels else "ONLY_REFUND" if claim.kind == at_book.REFUND else "RETURN"
    line = order.lines[claim.place]
    chosen = [item for item, place in units(order) if place == claim.place][:claim.quantity]
    parts = share(claim.amount, [1] * len(chosen))
    return {
        "reverse_order_id": int(claim.id), "trade_order_id": int(order.id), "request_type": kind, "is_rtm": True,
        "shipping_type": "PICK_UP", "reverse_order_lines": [{
            "reverse_order_line_id": int(claim.id) + n + 1, "trade_order_line_id": int(item), "refund_amount": parts[n],
            "reverse_status": REVERSE[kind][claim.state], "reason_text": claim.reason, "tracking_number": claim.waybill,
            "return_order_line_gmt_create": millis(claim.asked_at), "seller_sku_id": line.sku,
            "return_order_line_gmt_modified": millis(claim.changed_at), "item_unit_price": line.price,
        } for n, item in enumerate(chosen)],
    }  # fmt: skip
