"""Kuaishou's own form of an order and of an application after the sale, as the simulator shows them."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated.book import (
    AGREED,
    ASKED,
    CANCELLED,
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
from orderloom.adapters.simulated.clock import millis
from orderloom.adapters.simulated.draw import hex_token
from orderloom.adapters.simulated.receivers import masked, token_of
from orderloom.adapters.simulated.shelf import drawn_ids

STATUSES = {UNPAID: 10, PAID: 30, PART_SHIPPED: 30, SHIPPED: 40, RECEIVED: 70, CANCELLED: 80}
UNDER_REVIEW = 2
PROMISE_SECONDS = 172_800
Shown = dict[str, Any]


def line_id(order_id: str, place: int) -> str:
    """The main item has its order's own id, what is below it the ids that follow."""
    return str(int(order_id) + place)


def status(order: Order) -> int:
    """The order's status number."""
    return STATUSES[order.phase]


def claim_status(claim: Claim) -> int:
    """The application's status number."""
    asked = 10 if claim.kind == REFUND else 11
    return {ASKED: asked, AGREED: 50 if claim.kind == REFUND else 30, SENT_BACK: 40, REFUSED: asked, REFUNDED: 60,
            WITHDRAWN: 70}[claim.state]  # fmt: skip


def shown(order: Order, *, is_masked: bool) -> Shown:
    """The order as the platform knows it. Kuaishou sells one item an order: of several lines, which it never has, the
    first bears the money and the others stand below it."""
    first, *others = order.lines
    goods = order.total - order.freight
    is_blocked = order.is_forbidden and order.phase == PAID
    item, variant = drawn_ids(first.sku)
    return {
        "orderBaseInfo": {
            "oid": int(order.id), "status": status(order), "createTime": millis(order.placed_at),
            "payTime": millis(order.paid_at), "updateTime": millis(order.changed_at),
            "sendTime": 0 if order.phase == PART_SHIPPED else millis(order.shipped_at),
            "recvTime": millis(order.received_at), "buyerOpenId": hex_token(order.buyer, 16), "buyerNick": "k***",
            "sellerOpenId": "seller-open", "totalFee": goods, "expressFee": order.freight,
            "discountFee": first.price * first.quantity - goods, "remark": order.note, "payType": 1, "preSale": 0,
            "disableDeliveryReasonCode": [UNDER_REVIEW] if is_blocked else [],
            "validPromiseShipmentTimeStamp": 0 if is_blocked else millis(order.placed_at) + PROMISE_SECONDS * 1_000,
            "riskCode": 0, "allActivityType": [],
        },
        "orderItemInfo": {
            "skuId": int(variant), "relSkuId": 0, "skuNick": first.sku, "skuDesc": "", "itemId": int(item),
            "itemTitle": first.title, "num": first.quantity, "originalPrice": first.price,
            "price": goods // first.quantity, "discountFee": first.price * first.quantity - goods,
        },
        "orderAddress": _address(order, is_masked=is_masked or is_blocked, is_hidden=is_blocked),
        "orderRefundList": [{"refundId": int(claim.id), "refundStatus": claim_status(claim)}
                            for claim in reversed(order.claims)],
        "orderLogisticsInfo": _parcels(order, 0), "orderDeliveryInfo": {"deliveryNum": first.shipped},
        "subOrderInfo": [_below(order, line) for line in others],
        "orderNote": {"orderNoteInfo": [{"note": order.seller_note}] if order.seller_note else []},
    }  # fmt: skip


def _below(order: Order, line: Line) -> Shown:
    item, variant = drawn_ids(line.sku)
    word = 40 if line.shipped and not line.open and status(order) == STATUSES[PAID] else status(order)
    return {
        "subOrderBaseInfo": {"oid": int(line_id(order.id, line.place)), "status": word},
        "subOrderItemInfo": {"skuId": int(variant), "skuNick": line.sku, "itemId": int(item), "itemTitle": line.title,
                             "num": line.quantity, "originalPrice": line.price, "price": 0},
        "subOrderLogisticsInfo": _parcels(order, line.place), "subOrderDeliveryInfo": {"deliveryNum": line.shipped},
        "subOrderType": 2,
    }  # fmt: skip


def _parcels(order: Order, place: int) -> list[Shown]:
    return [{"expressNo": parcel.waybill, "expressCode": int(parcel.carrier), "logisticsId": n}
            for n, parcel in enumerate(order.parcels, 1) if place in parcel.quantities]  # fmt: skip


def _address(order: Order, *, is_masked: bool, is_hidden: bool) -> Shown:
    """Receivers come as ciphertext with masked texts; while shipping is blocked they do not come at all."""
    who = order.receiver
    area = {"province": who["province"], "city": who["city"], "district": who["district"], "town": ""}
    shown_as = masked(who) if is_masked else who
    names = (("Consignee", "name"), ("Mobile", "phone"), ("Address", "detail"))
    for name, part in names:
        area[f"encrypted{name}"] = "" if is_hidden else f"#{token_of(who, part)}"
        area[f"desensitise{name}"] = "" if is_hidden else shown_as[part]
    return area


def shown_claim(claim: Claim, order: Order) -> Shown:
    """An application as `open.seller.order.refund.pcursor.list` has it."""
    line = order.lines[claim.place]
    return {
        "refundId": int(claim.id), "oid": int(order.id), "status": claim_status(claim),
        "handlingWay": {REFUND: 10, "exchange": 3}.get(claim.kind, 1),
        "negotiateStatus": {ASKED: 1, REFUSED: 3}.get(claim.state, 2), "refundType": 1, "refundFee": claim.amount,
        "refundReason": 1, "refundReasonDesc": claim.reason, "refundDesc": "", "createTime": millis(claim.asked_at),
        "updateTime": millis(claim.changed_at), "submitTime": millis(claim.asked_at), "endTime": 0,
        "skuId": int(drawn_ids(line.sku)[1]), "skuNick": line.sku,
    }  # fmt: skip
