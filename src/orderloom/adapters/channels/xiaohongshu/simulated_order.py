"""Xiaohongshu's own form of an order and of an application after the sale, as the simulator shows them."""

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
from orderloom.adapters.simulated.clock import millis
from orderloom.adapters.simulated.draw import hex_token, yuan
from orderloom.adapters.simulated.receivers import token_of

STATUSES = {UNPAID: 1, PAID: 4, PART_SHIPPED: 5, SHIPPED: 6, RECEIVED: 7, CANCELLED: 9}
BEING_CHECKED = 2
CLAIM_STATUSES = {ASKED: 1, AGREED: 2, SENT_BACK: 3, REFUSED: 9, REFUNDED: 4, WITHDRAWN: 5}
Shown = dict[str, Any]


def sku_id(sku: str) -> str:
    """The platform's id of a SKU: 24 hexadecimal digits."""
    return hex_token(f"sku{sku}", 24)


def status(order: Order) -> int:
    """The order's status number."""
    return BEING_CHECKED if order.is_forbidden and order.phase == PAID else STATUSES[order.phase]


def after_sale(claim: Claim | None) -> int:
    """How a line's application stands: 1 none, 2 in process, 3 done, 4 refused, 7 withdrawn."""
    if claim is None:
        return 1
    return {REFUNDED: 3, REFUSED: 4, WITHDRAWN: 7}.get(claim.state, 2)


def open_address(order: Order) -> str:
    """The token that stands for name, phone and place together."""
    return token_of(order.receiver)


def brief(order: Order) -> Shown:
    """The order as the list has it: no goods, no money."""
    return {
        "orderId": order.id, "orderType": 1, "orderStatus": status(order),
        "orderAfterSalesStatus": max((after_sale(order.claim(line.place)) for line in order.lines), default=1),
        "cancelStatus": 0, "createdTime": millis(order.placed_at), "paidTime": millis(order.paid_at),
        "updateTime": millis(order.changed_at), "deliveryTime": millis(order.shipped_at),
        "cancelTime": millis(order.cancelled_at), "finishTime": millis(order.received_at),
        "promiseLastDeliveryTime": 0, "receiverCountryName": "中国",
        "receiverProvinceName": order.receiver["province"], "receiverCityName": order.receiver["city"],
        "receiverDistrictName": order.receiver["district"], "customerRemark": order.note or None,
        "sellerRemark": order.seller_note or None, "sellerRemarkFlag": 1, "originalOrderId": None,
        "logistics": "red_auto", "orderTagList": [],
    }  # fmt: skip


def shown(order: Order, *, is_masked: bool) -> Shown:
    """The order as its detail has it; where receivers are not hidden, the receiver is in it."""
    last = order.parcels[-1] if order.parcels else None
    off = sum(line.discount + line.part for line in order.lines)
    who = order.receiver
    clear = {"receiverName": who["name"], "receiverPhone": who["phone"], "receiverAddress": who["detail"]}
    return {
        **brief(order), **(dict.fromkeys(clear) if is_masked else clear), "openAddressId": open_address(order),
        "skuList": [_line(order, line) for line in order.lines], "totalPayAmount": order.total,
        "totalShippingFree": order.freight, "totalDepositAmount": 0, "totalMerchantDiscount": off,
        "totalRedDiscount": 0, "merchantActualReceiveAmount": order.total, "totalChangePriceAmount": 0,
        "unpack": len(order.parcels) > 1, "expressTrackingNo": last.waybill if last else None,
        "expressCompanyCode": last.carrier if last else None, "paymentType": 2, "userId": hex_token(order.buyer, 24),
        "simpleDeliveryOrderList": _deliveries(order),
    }  # fmt: skip


def _line(order: Order, line: Line) -> Shown:
    key = sku_id(line.sku)
    return {
        "skuId": key, "skuName": line.title, "erpcode": line.sku, "skuSpec": None, "skuQuantity": line.quantity,
        "skuDetailList": [{"skuId": key, "erpCode": line.sku, "quantity": line.quantity}],
        "totalPaidAmount": line.due, "totalMerchantDiscount": line.discount + line.part, "totalRedDiscount": 0,
        "totalTaxAmount": 0, "skuTag": 0, "isChannel": False, "skuAfterSaleStatus": after_sale(order.claim(line.place)),
    }  # fmt: skip


def _deliveries(order: Order) -> list[Shown]:
    sent = [
        {"deliveryOrderIndex": n, "status": 7 if order.received_at else 6, "expressTrackingNo": parcel.waybill,
         "expressCompanyCode": parcel.carrier, "skuIdList": [sku_id(order.lines[p].sku) for p in parcel.quantities]}
        for n, parcel in enumerate(order.parcels, 1)
    ]  # fmt: skip
    waiting = [sku_id(line.sku) for line in order.lines if line.open]
    rest = {"deliveryOrderIndex": len(sent) + 1, "status": status(order) if not sent else 4, "expressTrackingNo": None,
            "expressCompanyCode": None, "skuIdList": waiting}  # fmt: skip
    return [*sent, rest] if waiting else sent


def _state(claim: Claim) -> int:
    """Its number; goods that came back are refused by one of their own."""
    return 9001 if claim.state == REFUSED and claim.waybill else CLAIM_STATUSES[claim.state]


def shown_claim(claim: Claim, order: Order) -> Shown:
    """An application as `afterSale.listAfterSaleInfos` has it: in yuan."""
    kinds = {EXCHANGE: 2, REFUND: 4 if order.lines[claim.place].shipped else 5}
    return {
        "returnsId": f"R{claim.id}", "returnType": kinds.get(claim.kind, 1), "reasonId": 1,
        "reasonNameZh": claim.reason, "status": _state(claim), "userId": hex_token(order.buyer, 24),
        "orderId": order.id, "applyTime": millis(claim.asked_at), "updatedAt": millis(claim.changed_at),
        "expireTime": -1, "desc": "", "returnsTag": 0, "expectedRefundAmountYuan": yuan(claim.amount),
    }  # fmt: skip
