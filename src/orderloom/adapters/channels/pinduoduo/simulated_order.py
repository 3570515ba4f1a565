"""Pinduoduo's own form of orders and after-sale applications: yuan as numbers, yuan as texts, and fen, by the call."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated.book import (
    AGREED,
    ASKED,
    CANCELLED,
    EXCHANGE,
    PAID,
    REFUND,
    REFUNDED,
    REFUSED,
    RETURN,
    SENT_BACK,
    WITHDRAWN,
    Claim,
    Line,
    Order,
)
from orderloom.adapters.simulated.clock import local
from orderloom.adapters.simulated.draw import number, yuan
from orderloom.adapters.simulated.receivers import token_of
from orderloom.adapters.simulated.shelf import drawn_ids

KINDS = {REFUND: 1, RETURN: 2, EXCHANGE: 3}
"""As a single application tells them; the list's numbers are one more, because there 1 stands for all."""
OPEN = {ASKED: {REFUND: 2, RETURN: 3, EXCHANGE: 14}, AGREED: {REFUND: 4, RETURN: 7, EXCHANGE: 15},
        SENT_BACK: {REFUND: 4, RETURN: 7, EXCHANGE: 18}}  # fmt: skip
ENDED = {REFUSED: 6, REFUNDED: 10, WITHDRAWN: 11}
Shape = dict[str, Any]


def order_status(order: Order) -> int:
    """1 to ship, 2 shipped, 3 signed; what is not paid or was closed stays where it was."""
    if order.received_at:
        return 3
    return 2 if order.shipped_at else 1


def refund_status(order: Order) -> int:
    """1 none or closed, 2 in process, 3 refunding, 4 refunded."""
    if order.phase == CANCELLED:
        return 4 if order.paid_at else 1
    states = {claim.state for claim in order.claims}
    return 2 if states & {ASKED, SENT_BACK} else 3 if AGREED in states else 4 if REFUNDED in states else 1


def after_sales_status(claim: Claim) -> int:
    """The application's own status."""
    if claim.state == REFUNDED and claim.kind == EXCHANGE:
        return 16
    return OPEN[claim.state][claim.kind] if claim.state in OPEN else ENDED[claim.state]


def is_to_ship(order: Order) -> bool:
    """All five conditions under which the platform lets an order go."""
    return order.phase == PAID and refund_status(order) == 1 and not order.is_forbidden


def shown(order: Order, *, is_masked: bool, extra: list[Shape]) -> Shape:
    """The order as lists and the single call show it."""
    is_over = order.phase == CANCELLED
    goods = sum(line.price * line.quantity for line in order.lines)
    parcel = order.parcels[-1] if order.parcels else None
    claim = order.claims[-1] if order.claims else None
    own = sum(line.discount for line in order.lines)
    return {
        "order_sn": order.id, "group_status": 1 if order.paid_at else 0,
        "confirm_status": 2 if is_over and not order.paid_at else 1 if order.paid_at else 0,
        "order_status": order_status(order), "refund_status": refund_status(order),
        "after_sales_status": after_sales_status(claim) if claim else 10 if is_over and order.paid_at else 0,
        "risk_control_status": 1 if order.is_forbidden else 0, "is_lucky_flag": 1, "trade_type": 0, "mkt_biz_type": 0,
        "created_time": local(order.placed_at), "pay_time": _time(order.paid_at), "confirm_time": _time(order.paid_at),
        "updated_at": local(order.changed_at), "last_ship_time": "", "shipping_time": _time(order.shipped_at),
        "receive_time": _time(order.received_at), "goods_amount": _number(goods),
        "discount_amount": _number(own + order.discount), "platform_discount": _number(order.discount),
        "seller_discount": _number(own), "capital_free_discount": 0, "postage": _number(order.freight),
        "pay_amount": _number(order.total), "order_change_amount": 0, "pay_type": "WEIXIN" if order.paid_at else "",
        "pay_no": f"XP{number(order.id, 12)}" if order.paid_at else "", **_receiver(order, is_masked),
        "buyer_memo": order.note, "remark": order.seller_note, "remark_tag": None,
        "logistics_id": int(parcel.carrier) if parcel else 0, "tracking_number": parcel.waybill if parcel else "",
        "is_pre_sale": 0, "is_stock_out": 0, "stock_out_handle_status": -1, "invoice_status": 0, "delivery_one_day": 0,
        "free_sf": 0, "return_freight_payer": 1, "step_order_info": None, "extra_delivery_list": extra,
        "gift_list": [], "order_tag_list": [{"name": "return_freight_payer", "value": 1}],
        "item_list": [_item(line) for line in order.lines],
    }  # fmt: skip


def in_list(order: Order, claim: Claim) -> Shape:
    """An application as the list shows it: yuan as texts, kinds counted from 1 = all."""
    line = order.lines[claim.place]
    goods, sku = drawn_ids(line.sku)
    return {
        "id": int(claim.id), "order_sn": order.id, "after_sales_type": KINDS[claim.kind] + 1,
        "after_sales_status": after_sales_status(claim), "after_sale_reason": claim.reason, "goods_id": int(goods),
        "goods_name": line.title, "goods_number": str(claim.quantity), "goods_price": yuan(line.price),
        "order_amount": yuan(order.total), "refund_amount": yuan(claim.amount), "discount_amount": yuan(order.discount),
        "sku_id": sku, "outer_id": line.sku, "outer_goods_id": line.sku, "created_time": local(claim.asked_at),
        "updated_time": local(claim.changed_at), "confirm_time": _time(order.paid_at),
        "tracking_number": claim.waybill, "shipping_name": claim.carrier, "speed_refund_flag": 0,
        "dispute_refund_status": 0, "user_shipping_status": "1" if order.shipped_at else "0",
    }  # fmt: skip


def in_detail(order: Order, claim: Claim) -> Shape:
    """An application alone: fen, and kinds counted from 1 = refund only."""
    line = order.lines[claim.place]
    return {
        "id": int(claim.id), "order_sn": order.id, "after_sales_type": KINDS[claim.kind],
        "after_sales_status": after_sales_status(claim), "after_sales_reason": claim.reason,
        "order_amount": order.total, "refund_amount": claim.amount, "discount_amount": order.discount,
        "goods_price": line.price, "goods_number": claim.quantity, "sku_id": drawn_ids(line.sku)[1],
        "shipping_status": 1 if order.shipped_at else 0, "expire_time": int(claim.changed_at.timestamp()) + 172_800,
        "images": [], "express_no": claim.waybill, "shipping_name": claim.carrier,
        "updated_time": local(claim.changed_at),
    }  # fmt: skip


def _item(line: Line) -> Shape:
    goods, sku = drawn_ids(line.sku)
    return {
        "goods_id": int(goods), "goods_name": line.title, "goods_price": _number(line.price),
        "goods_count": line.quantity, "goods_spec": "", "goods_img": "https://img.example/x.jpg", "sku_id": int(sku),
        "outer_id": line.sku, "outer_goods_id": line.sku,
    }  # fmt: skip


def _receiver(order: Order, is_masked: bool) -> Shape:
    """Ciphertext while the goods are to be shipped, blank before and afterwards; the masked texts stay."""
    receiver, is_open = order.receiver, is_to_ship(order)
    whole = "".join(receiver[name] for name in ("province", "city", "district", "detail"))
    clear = {"receiver_name": receiver["name"], "receiver_phone": receiver["phone"],
             "receiver_address": receiver["detail"], "address": whole}  # fmt: skip
    told = {name: (_cipher(text) if is_masked else text) if is_open else "" for name, text in clear.items()}
    place = {"country": "中国", "country_id": 0, "province": receiver["province"], "province_id": 31,
             "city": receiver["city"], "city_id": 383, "town": receiver["district"], "town_id": 3237}  # fmt: skip
    return place | told | {
        "receiver_name_mask": f"{receiver['name'][:1]}*",
        "receiver_phone_mask": f"{receiver['phone'][:1]}********{receiver['phone'][-2:]}",
        "receiver_address_mask": f"{receiver['detail'][:1]}***",
        "address_mask": f"{receiver['province']}{receiver['city']}{receiver['district']}{receiver['detail'][:1]}***",
    }  # fmt: skip


def _cipher(text: str) -> str:
    return f"~AgAAAA{token_of({'text': text}, 'text')}~0~"


def _number(fen: int) -> float:
    """Yuan as the platform's JSON numbers."""
    return round(fen / 100, 2)


def _time(at: Any) -> str:
    return local(at) if at else ""
