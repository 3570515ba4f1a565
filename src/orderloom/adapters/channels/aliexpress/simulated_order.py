"""AliExpress's own form of an order in the simulator: as the list states it, and its detail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated.book import CANCELLED, PAID, RECEIVED, SHIPPED, UNPAID, Line, Order, Parcel
from orderloom.adapters.simulated.clock import local
from orderloom.adapters.simulated.draw import amount, long_number

PACIFIC = ZoneInfo("America/Los_Angeles")
FINISH, WAITING = "FINISH", "WAIT_SELLER_SEND_GOODS"


def ids(name: str) -> tuple[str, str]:
    """The platform's own product of a seller's code; a SKU has no number, its code is told."""
    return str(1_005_000_000_000_000 + long_number(f"item{name}", 12)), ""


def line_id(order: Order, place: int) -> str:
    """A child order; an order of one line is its own."""
    return order.id if len(order.lines) == 1 else str(int(order.id) + 10_000 * (place + 1))


def _time(at: datetime) -> str:
    return local(at, PACIFIC)


def _money(minor: int, order: Order) -> dict[str, str]:
    return {"amount": amount(minor, order.currency), "currency_code": order.currency}


def status(order: Order, parts: Sequence[Parcel]) -> str:
    """The order's own word."""
    if order.phase in (CANCELLED, RECEIVED):
        return FINISH
    if order.phase == PAID and order.is_forbidden:
        return "RISK_CONTROL"
    if order.paid_at and any(one.state == at_book.ASKED for one in order.claims):
        return "IN_ISSUE" if order.parcels else "IN_CANCEL"
    return {UNPAID: "PLACE_ORDER_SUCCESS", SHIPPED: "WAIT_BUYER_ACCEPT_GOODS"}.get(
        order.phase, "SELLER_PART_SEND_GOODS" if parts else WAITING)  # fmt: skip


def listed(order: Order, parts: Sequence[Parcel]) -> dict[str, Any]:
    """The order as the list states it; `parts` were told before its last parcel."""
    sent = "BUYER_ACCEPT_GOODS" if order.received_at else "SELLER_SEND_GOODS" if order.parcels else \
        "SELLER_SEND_PART_GOODS" if parts else WAITING  # fmt: skip
    disputed = "IN_ISSUE" if status(order, parts) == "IN_ISSUE" else "NO_ISSUE"
    told = {
        "order_id": int(order.id), "order_status": status(order, parts), "logistics_status": sent,
        "fund_status": "PAY_SUCCESS" if order.paid_at else "NOT_PAY", "issue_status": disputed,
        "frozen_status": "NO_FROZEN", "biz_type": "AE_COMMON", "gmt_create": _time(order.placed_at),
        "gmt_update": _time(order.changed_at), "pay_amount": _money(order.total, order), "buyer_login_id": order.buyer,
        "buyer_signer_fullname": order.receiver["name"], "seller_login_id": "demo_seller", "payment_type": "MIXEDCARD",
        "end_reason": "", "product_list": [_child(order, line, status(order, parts), disputed) for line in order.lines],
    }  # fmt: skip
    first = [one.at for one in (*parts, *order.parcels)]
    return told | ({"gmt_pay_time": _time(order.paid_at)} if order.paid_at else {}) | (
        {"gmt_send_goods_time": _time(first[0])} if first else {})  # fmt: skip


def _child(order: Order, line: Line, word: str, disputed: str) -> dict[str, Any]:
    """A child order. Of an order that is sent in parts the platform does not say which of them went."""
    return {
        "order_id": int(order.id), "child_id": int(line_id(order, line.place)), "product_id": int(ids(line.sku)[0]),
        "product_name": line.title, "sku_code": line.sku, "product_count": line.quantity, "product_unit": "piece",
        "product_unit_price": _money(line.price, order), "logistics_type": "CAINIAO_STANDARD",
        "total_product_amount": _money(line.price * line.quantity, order), "issue_status": disputed, "memo": "",
        "logistics_service_name": "AliExpress Standard Shipping", "goods_prepare_time": 5,
        "son_order_status": WAITING if word == "SELLER_PART_SEND_GOODS" else word, "can_submit_issue": False,
        "send_goods_operator": "SELLER_SEND_GOODS",
    }  # fmt: skip


def detail(order: Order, parts: Sequence[Parcel], *, is_masked: bool) -> dict[str, Any]:
    """What the call for one order tells beside it: the receiver, the freight, parcels, what went back."""
    who = order.receiver
    hidden = {"name": f"{who['name'][:1]}***", "phone": f"{who['phone'][:3]}****{who['phone'][-2:]}", "detail": "****"}
    shown = {**who, **(hidden if is_masked else {})}
    told: dict[str, Any] = {
        "id": int(order.id), "gmt_create": _time(order.placed_at), "gmt_modified": _time(order.changed_at),
        "order_status": status(order, parts), "order_amount": _money(order.total, order),
        # The platform states no tax of its own; what the buyer pays beside the goods is freight to it.
        "logistics_amount": _money(order.freight + order.tax, order), "memo": order.note, "buyerloginid": order.buyer,
        "receipt_address": {
            "contact_person": shown["name"], "phone_country": "", "phone_area": "", "phone_number": "",
            "mobile_no": shown["phone"], "country": who["country"], "province": who["province"], "city": who["city"],
            "address": shown["detail"], "address2": "", "detail_address": shown["detail"], "zip": who["postcode"],
            "localized_address": "",
        },
        "logistic_info_list": [{"logistics_no": one.waybill, "logistics_type_code": one.carrier,
                                "logistics_service_name": one.carrier, "gmt_send": _time(one.at)}
                               for one in (*parts, *order.parcels)], "child_order_list": [],
    }  # fmt: skip
    if over := order.cancelled_at or order.received_at:
        told["gmt_trade_end"] = _time(over)
    if back := sum(one.amount for one in order.claims if one.state == at_book.REFUNDED):
        told["refund_info"] = {"refund_status": "refund_ok", "refund_cash_amt": _money(back, order)}
    return told
