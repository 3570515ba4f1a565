"""Taobao's own form of an order: the trade with its sub-orders, its receiver in clear or masked, and its ids."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated.book import (
    CANCELLED,
    EXCHANGE,
    PAID,
    PART_SHIPPED,
    RECEIVED,
    REFUND,
    RETURN,
    SHIPPED,
    UNPAID,
    Claim,
    Line,
    Order,
)
from orderloom.adapters.simulated.clock import local, millis
from orderloom.adapters.simulated.draw import number, yuan
from orderloom.adapters.simulated.receivers import token_of

STATUSES = {
    UNPAID: "WAIT_BUYER_PAY", PAID: "WAIT_SELLER_SEND_GOODS", PART_SHIPPED: "SELLER_CONSIGNED_PART",
    SHIPPED: "WAIT_BUYER_CONFIRM_GOODS", RECEIVED: "TRADE_FINISHED", CANCELLED: "TRADE_CLOSED",
}  # fmt: skip
REFUNDS = {"asked": "WAIT_SELLER_AGREE", "agreed": "WAIT_BUYER_RETURN_GOODS", "refused": "SELLER_REFUSE_BUYER",
           "sent_back": "WAIT_SELLER_CONFIRM_GOODS", "refunded": "SUCCESS", "withdrawn": "CLOSED"}  # fmt: skip
DISPUTES = {REFUND: "REFUND", RETURN: "REFUND_AND_RETURN", EXCHANGE: "TAOBAO_EXCHANGE"}
Trade = dict[str, Any]


def listing_ids(sku: str) -> tuple[int, int]:
    """Taobao's own (`num_iid`, `sku_id`) of a seller's code."""
    return 600_000_000_000 + number(f"item{sku}", 11), 5_000_000_000_000 + number(f"sku{sku}", 12)


def status(order: Order) -> str:
    """The trade's status word."""
    if order.phase == CANCELLED and not order.paid_at:
        return "TRADE_CLOSED_BY_TAOBAO"
    return "PAID_FORBID_CONSIGN" if order.is_forbidden and order.phase == PAID else STATUSES[order.phase]


def line_id(tid: str, place: int, count: int) -> str:
    """The `oid` of a sub-order: the trade's own id when it is the only one."""
    return str(int(tid) + (place + 1 if count > 1 else 0))


def trade(order: Order, *, is_masked: bool) -> Trade:
    """The trade as the platform knows it, with every field that this simulator has."""
    ends = order.cancelled_at or order.received_at
    is_part = order.phase == PART_SHIPPED
    orders = [_sub_order(order, line) for line in order.lines]
    times = {"pay_time": order.paid_at, "consign_time": order.shipped_at, "end_time": ends}
    return {
        "tid": int(order.id), "tid_str": order.id, "status": status(order), "type": "fixed", "trade_from": "WAP,WAP",
        "shipping_type": "express", "created": local(order.placed_at), "modified": local(order.changed_at),
        "payment": yuan(order.total), "total_fee": yuan(order.goods), "post_fee": yuan(order.freight),
        "discount_fee": yuan(order.discount), "adjust_fee": "0.00", "order_tax_fee": yuan(order.tax),
        "received_payment": "0.00", "num": order.lines[0].quantity if len(orders) == 1 else 0,
        "seller_nick": "demo_shop", "buyer_nick": order.buyer, "buyer_open_uid": f"AAH{number(order.buyer, 18)}",
        "buyer_message": order.note, "seller_flag": 0, "is_part_consign": is_part, **_receiver(order, is_masked),
        "orders": {"order": orders}, **{name: local(at) for name, at in times.items() if at},
    }  # fmt: skip


def refund(order: Order, claim: Claim) -> dict[str, Any]:
    """An application after the sale, with every field of the list and of the single one."""
    line = order.lines[claim.place]
    is_back = claim.kind != REFUND
    good = "BUYER_RETURNED_GOODS" if claim.waybill else "BUYER_RECEIVED" if is_back else "BUYER_NOT_RECEIVED"
    return {
        "refund_id": claim.id, "tid": int(order.id), "oid": int(line_id(order.id, claim.place, len(order.lines))),
        "title": line.title, "outer_id": line.sku, "num": claim.quantity, "buyer_nick": order.buyer,
        "seller_nick": "demo_shop", "total_fee": yuan(line.due), "status": REFUNDS[claim.state],
        "created": local(claim.asked_at), "modified": local(claim.changed_at), "order_status": status(order),
        "good_status": good, "has_good_return": is_back, "refund_fee": yuan(claim.amount),
        "payment": yuan(line.due - claim.amount), "reason": claim.reason, "desc": "", "company_name": claim.carrier,
        "sid": claim.waybill, "refund_phase": "aftersale" if order.received_at else "onsale",
        "refund_version": millis(claim.changed_at), "dispute_type": DISPUTES[claim.kind],
    }  # fmt: skip


def _sub_order(order: Order, line: Line) -> dict[str, Any]:
    oid, (item, sku) = line_id(order.id, line.place, len(order.lines)), listing_ids(line.sku)
    sent = next((parcel for parcel in order.parcels if line.place in parcel.quantities), None)
    word, claim = status(order), order.claim(line.place)
    if word == "SELLER_CONSIGNED_PART":
        word = "WAIT_BUYER_CONFIRM_GOODS" if sent else "WAIT_SELLER_SEND_GOODS"
    refund = "SUCCESS" if word == "TRADE_CLOSED" else REFUNDS[claim.state] if claim else "NO_REFUND"
    shipping = {"invoice_no": sent.waybill, "logistics_company": sent.carrier, "consign_time": local(sent.at)} \
        if sent else {}  # fmt: skip
    return {
        "oid": int(oid), "oid_str": oid, "status": word, "refund_status": refund,
        "num": line.quantity, "price": yuan(line.price), "total_fee": yuan(line.amount),
        "discount_fee": yuan(line.discount), "adjust_fee": "0.00", "payment": yuan(line.amount),
        "divide_order_fee": yuan(line.due), "part_mjz_discount": yuan(line.part), "num_iid": item,
        "sku_id": str(sku), "outer_iid": line.sku, "outer_sku_id": line.sku, "title": line.title, **shipping,
        **({"refund_id": claim.id} if claim else {}),
    }  # fmt: skip


def _receiver(order: Order, is_masked: bool) -> dict[str, str]:
    receiver = order.receiver
    fields = {
        "receiver_state": receiver["province"], "receiver_city": receiver["city"],
        "receiver_district": receiver["district"], "receiver_zip": receiver["postcode"],
    }  # fmt: skip
    if not is_masked:
        clear = {"receiver_name": receiver["name"], "receiver_mobile": receiver["phone"]}
        return fields | clear | {"receiver_address": receiver["detail"]}
    hidden = {"receiver_name": f"{receiver['name'][:1]}**", "receiver_mobile": f"{receiver['phone'][:1]}**********"}
    return fields | hidden | {"receiver_address": f"{receiver['detail'][:1]}***", "oaid": f"1{token_of(receiver)}="}
