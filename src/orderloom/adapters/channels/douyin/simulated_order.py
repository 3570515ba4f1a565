"""Douyin's own form of an order and of an application after the sale, as the simulator shows them."""

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
    REFUNDED,
    REFUSED,
    RETURN,
    SENT_BACK,
    SHIPPED,
    UNPAID,
    WITHDRAWN,
    Claim,
    Line,
    Order,
)
from orderloom.adapters.simulated.clock import seconds
from orderloom.adapters.simulated.draw import hex_token
from orderloom.adapters.simulated.receivers import masked, token_of
from orderloom.adapters.simulated.shelf import drawn_ids

STATUSES = {UNPAID: 1, PAID: 2, PART_SHIPPED: 101, SHIPPED: 3, RECEIVED: 5, CANCELLED: 4}
WITH_THE_PLATFORM = 105
CLAIM_STATUSES = {ASKED: 6, AGREED: 12, SENT_BACK: 11, REFUSED: 27, REFUNDED: 12, WITHDRAWN: 28}
CLAIM_WORDS = {6: "待商家处理", 7: "待买家退货", 11: "待商家收货", 12: "售后成功", 27: "商家拒绝", 28: "售后关闭"}
REFUNDED_STATUS = 3
Shown = dict[str, Any]


def line_id(order_id: str, place: int) -> str:
    """A sub-order's id: the first one has its order's own."""
    return str(int(order_id) + place)


def status(order: Order) -> int:
    """The order's status number."""
    return WITH_THE_PLATFORM if order.is_forbidden and order.phase == PAID else STATUSES[order.phase]


def claim_status(claim: Claim) -> int:
    """The application's status number: a return that is agreed waits for the goods."""
    return 7 if claim.state == AGREED and claim.kind != "refund" else CLAIM_STATUSES[claim.state]


def claim_type(claim: Claim, order: Order) -> int:
    """What is asked for; a refund alone is another number before shipping than after it."""
    if claim.kind in (RETURN, EXCHANGE):
        return 0 if claim.kind == RETURN else 3
    return 1 if order.lines[claim.place].shipped else 2


def refund_status(claim: Claim | None) -> int:
    """How far the money is: 0 nothing, 1 to be refunded, 3 refunded."""
    if claim is None:
        return 0
    return REFUNDED_STATUS if claim.state == REFUNDED else 1


def shown(order: Order, *, is_masked: bool) -> Shown:
    """The order as the platform knows it."""
    word = status(order)
    off = sum(line.discount + line.part for line in order.lines)
    main = 21 if word == 4 and order.paid_at else word
    return {
        "shop_id": 1234567, "shop_name": "示例抖店", "open_id": "", "order_id": order.id, "order_level": 2, "biz": 2,
        "order_type": 0, "order_status": word, "main_status": main, "create_time": seconds(order.placed_at),
        "update_time": seconds(order.changed_at), "pay_time": seconds(order.paid_at), "exp_ship_time": 0,
        "ship_time": 0 if order.phase == PART_SHIPPED else seconds(order.shipped_at),
        "finish_time": seconds(order.received_at), "cancel_reason": "", "pay_type": 1 if order.paid_at else 0,
        "order_amount": order.total + off, "pay_amount": order.total, "post_amount": order.freight,
        "promotion_amount": off, "modify_amount": 0, "tax_amount": order.tax, **_receiver(order, is_masked),
        "doudian_open_id": f"1@#{hex_token(order.buyer, 12)}", "buyer_words": order.note,
        "seller_words": order.seller_note, "seller_remark_stars": 0, "order_phase_list": [],
        "logistics_info": [
            {"tracking_no": parcel.waybill, "company": parcel.carrier, "ship_time": seconds(parcel.at),
             "delivery_id": f"pk{n}", "product_info": [
                 {"sku_order_id": line_id(order.id, place), "product_count": units}
                 for place, units in parcel.quantities.items()]}
            for n, parcel in enumerate(order.parcels, 1)
        ],
        "sku_order_list": [_sub_order(order, line, word) for line in order.lines],
    } | ({"pay_type": 1} if word == STATUSES[UNPAID] else {})  # fmt: skip


def _sub_order(order: Order, line: Line, word: int) -> Shown:
    claim = order.claim(line.place)
    item, variant = drawn_ids(line.sku)
    if word == STATUSES[PART_SHIPPED]:
        word = 2 if not line.shipped else 101 if line.open else 3
    said, kind = (claim_status(claim), claim_type(claim, order)) if claim else (0, 0)
    after = {"after_sale_status": said, "after_sale_type": kind, "refund_status": refund_status(claim)}
    return {
        "order_id": line_id(order.id, line.place), "parent_order_id": order.id, "order_level": 3, "order_status": word,
        "main_status": word, "trade_type": 0, "order_type": 0, "create_time": seconds(order.placed_at),
        "update_time": seconds(order.changed_at), "pay_time": seconds(order.paid_at), "product_id": int(item),
        "product_id_str": item, "sku_id": int(variant), "product_name": line.title, "code": line.sku,
        "out_sku_id": line.sku, "spec": [], "item_num": line.quantity, "origin_amount": line.price,
        "sum_amount": line.price * line.quantity, "order_amount": line.price * line.quantity, "pay_amount": line.due,
        "promotion_amount": line.discount + line.part, "post_amount": 0, "pre_sale_type": 0, "goods_type": 0,
        "given_product_type": "", "after_sale_info": after,
        "inventory_list": [{"warehouse_id": "", "inventory_type": 1, "warehouse_type": 0, "count": line.quantity}],
    }  # fmt: skip


def _receiver(order: Order, is_masked: bool) -> Shown:
    receiver = order.receiver
    area = {name: {"name": receiver[part], "id": "0"} for name, part in
            (("province", "province"), ("city", "city"), ("town", "district"))}  # fmt: skip
    area["street"] = {"name": "", "id": "0"}
    if not is_masked:
        return {"post_receiver": receiver["name"], "post_tel": receiver["phone"], "encrypt_post_receiver": "",
                "encrypt_post_tel": "", "post_addr": {**area, "detail": receiver["detail"], "encrypt_detail": ""}}
    hidden = masked(receiver)
    return {
        "post_receiver": "", "post_tel": "", "encrypt_post_receiver": f"##{token_of(receiver, 'name')}##",
        "encrypt_post_tel": f"$${token_of(receiver, 'phone')}$$",
        "post_addr": {**area, "detail": "", "encrypt_detail": f"##{token_of(receiver)}##"},
        "mask_post_receiver": hidden["name"], "mask_post_tel": hidden["phone"],
        "mask_post_addr": {**area, "detail": hidden["detail"]},
    }  # fmt: skip


def shown_claim(claim: Claim, order: Order) -> Shown:
    """An application as `afterSale.List` has it."""
    line, word = order.lines[claim.place], claim_status(claim)
    return {
        "aftersale_info": {
            "aftersale_id": claim.id, "aftersale_order_type": 1, "aftersale_type": claim_type(claim, order),
            "aftersale_status": word, "related_id": line_id(order.id, claim.place),
            "apply_time": seconds(claim.asked_at), "update_time": seconds(claim.changed_at), "status_deadline": 0,
            "refund_amount": claim.amount,
            "refund_post_amount": 0, "aftersale_num": claim.quantity, "refund_status": refund_status(claim),
            "arbitrate_status": 0, "got_pkg": 0, "return_logistics_code": claim.waybill,
        },
        "order_info": {"shop_order_id": order.id, "related_order_info": [
            {"sku_order_id": line_id(order.id, claim.place), "order_status": status(order), "pay_amount": line.due,
             "item_num": line.quantity, "shop_sku_code": line.sku, "product_name": line.title}]},
        "text_part": {"aftersale_status_text": CLAIM_WORDS[word], "reason_text": claim.reason},
    }  # fmt: skip
