"""Youzan's own form of an order, of what is refunded of it and of its parcels, as the simulator shows them."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated.book import (
    AGREED,
    ASKED,
    CANCELLED,
    EXCHANGE,
    PAID,
    PART_SHIPPED,
    RECEIVED,
    REFUND,
    REFUNDED,
    REFUSED,
    SENT_BACK,
    SHIPPED,
    UNPAID,
    WITHDRAWN,
    Claim,
    Line,
    Order,
)
from orderloom.adapters.simulated.clock import local
from orderloom.adapters.simulated.draw import hex_token, long_number, yuan
from orderloom.adapters.simulated.receivers import masked
from orderloom.adapters.simulated.shelf import drawn_ids

STATUSES = {
    UNPAID: "WAIT_BUYER_PAY", PAID: "WAIT_SELLER_SEND_GOODS", PART_SHIPPED: "WAIT_SELLER_SEND_GOODS",
    SHIPPED: "WAIT_BUYER_CONFIRM_GOODS", RECEIVED: "TRADE_SUCCESS", CANCELLED: "TRADE_CLOSED",
}  # fmt: skip
CLAIM_STATES = {ASKED: 10, AGREED: 30, SENT_BACK: 40, REFUSED: 20, REFUNDED: 60, WITHDRAWN: 50}
Shown = dict[str, Any]


def line_id(order_id: str, place: int) -> str:
    """A line's id: 19 digits."""
    return str(long_number(f"oid{order_id}/{place}", 19))


def status(order: Order) -> str:
    """The order's status word."""
    return "WAIT_CONFIRM" if order.is_forbidden and order.phase == PAID else STATUSES[order.phase]


def _refund_state(order: Order) -> int:
    if order.cancelled_at and order.paid_at:
        return 12
    return 2 if any(claim.state == REFUNDED for claim in order.claims) else 0


def full(order: Order, *, is_masked: bool) -> Shown:
    """The order as the list has it; what is absent is the empty text, or the text "null"."""
    who = masked(order.receiver) if is_masked else order.receiver
    when = {"pay_time": order.paid_at, "consign_time": None if order.phase == PART_SHIPPED else order.shipped_at,
            "success_time": order.received_at, "confirm_time": None}  # fmt: skip
    return {"full_order_info": {
        "order_info": {
            "tid": order.id, "status": status(order), "type": 0, "pay_type": 10, "express_type": 0,
            "refund_state": _refund_state(order), "close_type": 4 if order.cancelled_at else 0,
            "created": local(order.placed_at), "update_time": local(order.changed_at),
            "expired_time": local(order.placed_at), **{name: local(at) if at else "" for name, at in when.items()},
            "order_tags": {"is_payed": order.paid_at is not None}, "order_extra": {"is_points_order": "0"},
        },
        "pay_info": {"total_fee": yuan(order.goods), "post_fee": yuan(order.freight), "phase_payments": [],
                     "payment": yuan(sum(line.due for line in order.lines)), "transaction": []},
        "buyer_info": {"outer_user_id": hex_token(order.buyer, 16), "buyer_phone": ""},
        "remark_info": {"buyer_message": order.note, "star": None, "trade_memo": order.seller_note or "null"},
        "address_info": {
            "receiver_name": who["name"], "receiver_tel": who["phone"], "delivery_province": who["province"],
            "delivery_city": who["city"], "delivery_district": who["district"], "delivery_address": who["detail"],
            "delivery_postal_code": "", "self_fetch_info": "", "address_extra": "{}"},
        "source_info": {"is_offline_order": False, "biz_source": "null"}, "child_info": None,
        "orders": [_line(order, line) for line in order.lines],
    }}  # fmt: skip


def _line(order: Order, line: Line) -> Shown:
    item, variant = drawn_ids(line.sku)
    return {
        "oid": line_id(order.id, line.place), "item_id": int(item), "sku_id": int(variant), "item_type": 0,
        "title": line.title, "num": line.quantity, "outer_sku_id": line.sku, "outer_item_id": line.sku,
        "price": yuan(line.price), "discount_price": yuan(line.amount // line.quantity),
        "total_fee": yuan(line.amount), "payment": yuan(line.due), "points_price": "0", "is_present": False,
        "is_pre_sale": "null", "pre_sale_type": "null", "sku_properties_name": "[]", "buyer_messages": "{}",
    }  # fmt: skip


def detailed(order: Order, *, is_masked: bool) -> Shown:
    """The order as its detail has it: with what is refunded and what was sent."""
    return {
        **full(order, is_masked=is_masked), "refund_order": _refunds(order), "qr_info": None,
        "order_promotion": {"adjust_fee": "0.00", "order_discount_fee": yuan(order.discount), "order": []},
        "delivery_order": [
            {"pk_id": n, "express_state": 1, "express_type": 0,
             "oids": [{"oid": line_id(order.id, place)} for place in parcel.quantities],
             "dists": [{"dist_id": str(n), "create_time": local(parcel.at),
                        "express_info": {"express_id": int(parcel.carrier), "express_no": parcel.waybill}}]}
            for n, parcel in enumerate(order.parcels, 1)],
    }  # fmt: skip


def _refunds(order: Order) -> list[Shown]:
    """One row an application; of an order that was cancelled, one more with all the rest."""
    rows = [_refund(claim.id, yuan(claim.amount), CLAIM_STATES[claim.state], [line_id(order.id, claim.place)])
            for claim in order.claims]  # fmt: skip
    if _refund_state(order) == 12:
        back = sum(claim.amount for claim in order.claims if claim.state == REFUNDED)
        every = [line_id(order.id, line.place) for line in order.lines]
        rows.append(_refund(str(long_number(f"rest{order.id}", 20)), yuan(order.total - back), 60, every))
    return rows


def _refund(key: str, fee: str, state: int, oids: list[str]) -> Shown:
    return {"refund_type": 1, "refund_fee": fee, "refund_id": key, "refund_state": state,
            "oids": [{"oid": oid} for oid in oids]}  # fmt: skip


def shown_claim(claim: Claim) -> Shown:
    """An application as the search has it, as far as anything is known of that."""
    return {
        **_refund(claim.id, yuan(claim.amount), CLAIM_STATES[claim.state], [line_id(claim.order_id, claim.place)]),
        "tid": claim.order_id, "demand": {REFUND: 1, EXCHANGE: 3}.get(claim.kind, 2), "reason": claim.reason,
        "create_time": local(claim.asked_at), "update_time": local(claim.changed_at),
    }  # fmt: skip
