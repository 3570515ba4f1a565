"""JD's own form of orders and of the two kinds of after-sale applications: yuan as texts, and fen for applications."""

from __future__ import annotations

from datetime import datetime
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
    RETURN,
    SENT_BACK,
    SHIPPED,
    UNPAID,
    WITHDRAWN,
    Claim,
    Line,
    Order,
    Rating,
)
from orderloom.adapters.simulated.clock import local
from orderloom.adapters.simulated.draw import number, yuan
from orderloom.adapters.simulated.receivers import mask_phone, token_of
from orderloom.adapters.simulated.shelf import drawn_ids

STATES = {
    UNPAID: "NOT_PAY", PAID: "WAIT_SELLER_STOCK_OUT", PART_SHIPPED: "WAIT_GOODS_RECEIVE_CONFIRM",
    SHIPPED: "WAIT_GOODS_RECEIVE_CONFIRM", RECEIVED: "FINISHED_L", CANCELLED: "TRADE_CANCELED",
}  # fmt: skip
REMARKS = {
    "NOT_PAY": "等待付款", "WAIT_SELLER_STOCK_OUT": "等待出库", "WAIT_GOODS_RECEIVE_CONFIRM": "等待确认收货",
    "FINISHED_L": "完成", "TRADE_CANCELED": "取消", "LOCKED": "锁定", "POP_ORDER_PAUSE": "暂停",
}  # fmt: skip
EXPECTS = {RETURN: (10, "退货"), REFUND: (11, "仅退款"), EXCHANGE: (20, "换货")}
SERVICES = {
    ASKED: (10001, "待审核"), AGREED: (10005, "待收货"), SENT_BACK: (10007, "待处理"), REFUSED: (10004, "审核关闭"),
    REFUNDED: (10010, "完成"), WITHDRAWN: (10011, "取消"),
}  # fmt: skip
APPLICATIONS = {ASKED: 0, AGREED: 1, SENT_BACK: 1, REFUSED: 2, REFUNDED: 3}
NEVER = "0001-01-01 00:00:00"
NOT_PAID = "1970-01-01 08:00:00"
Shape = dict[str, Any]


def state(order: Order) -> str:
    """The order's status word: an application before shipping locks it, a review pauses it."""
    if order.phase == PAID and any(claim.state in (ASKED, AGREED) for claim in order.claims):
        return "LOCKED"
    return "POP_ORDER_PAUSE" if order.phase == PAID and order.is_forbidden else STATES[order.phase]


def is_before_shipping(order: Order, claim: Claim) -> bool:
    """Whether it was asked for while the goods were here: another list shows it then."""
    return order.shipped_at is None or claim.asked_at < order.shipped_at


def shown(order: Order, *, is_masked: bool) -> Shape:
    """The order with every field that this simulator has."""
    goods = sum(line.price * line.quantity for line in order.lines)
    reduced = goods - order.goods + order.discount
    word, parent = state(order), order.parent or "0"
    waybills = "|".join(parcel.waybill for parcel in order.parcels)
    return {
        "orderSellerPrice": yuan(goods - reduced), "orderType": "22", "venderRemark": order.seller_note, "flag": "",
        "couponDetailList": _coupons(order.id, reduced), "orderId": order.id,
        "sendpayMap": '{"34":"3","26":"2","39":"1"}', "venderId": "10000000",
        "paymentConfirmTime": local(order.paid_at) if order.paid_at else NOT_PAID, "orderStateRemark": REMARKS[word],
        "orderState": word, "itemInfoList": [_item(line) for line in order.lines], "payType": "4-在线支付",
        "pin": order.buyer, "parentOrderId": parent, "modified": local(order.changed_at),
        "freightPrice": yuan(order.freight), "vatInfo": [], "balanceUsed": "0.00", "directParentOrderId": parent,
        "invoiceInfo": "不需要开具发票", "orderSource": "移动端订单",
        "dataVersion": str(int(order.changed_at.timestamp()) * 1_000 + order.revision % 1_000),
        "orderTotalPrice": yuan(goods), "deliveryType": "任意时间", "storeId": "0", "mdbStoreId": "",
        "idSopShipmenttype": 67, "orderPayment": yuan(order.total), "idShipmenttype": "70",
        "outBoundDate": _time(order.shipped_at), "consigneeInfo": _receiver(order, is_masked),
        "sellerDiscount": yuan(reduced), "returnOrder": "0", "storeOrder": "", "orderRemark": order.note,
        "orderStartTime": local(order.placed_at), "orderEndTime": _time(order.received_at or order.cancelled_at),
        **({"waybill": waybills} if waybills else {}),
    }  # fmt: skip


def service(order: Order, claim: Claim) -> Shape:
    """An application after shipping: fen, typed as a decimal."""
    (expect, expect_name), (status, status_name) = EXPECTS[claim.kind], SERVICES[claim.state]
    line = order.lines[claim.place]
    return {
        "applyId": int(claim.id) % 10**10, "serviceId": int(claim.id), "orderId": int(order.id),
        "applyTime": local(claim.asked_at), "customerExpect": expect, "customerExpectName": expect_name,
        "serviceStatus": status, "serviceStatusName": status_name, "applyRefundSum": float(claim.amount),
        "skuId": int(sku_id(line.sku)), "wareName": line.title, "serviceCount": claim.quantity, "orderType": 22,
        "pickwareType": 40, "refundStatus": 1 if claim.state == REFUNDED else 0, "updateDate": local(claim.changed_at),
    }  # fmt: skip


def application(order: Order, claim: Claim) -> Shape:
    """An application before shipping."""
    return {
        "id": int(claim.id), "orderId": int(order.id), "buyerId": order.buyer, "applyRefundSum": float(claim.amount),
        "status": APPLICATIONS.get(claim.state, 2), "applyTime": local(claim.asked_at),
        "checkTime": "" if claim.state == ASKED else local(claim.changed_at),
    }  # fmt: skip


def sku_id(sku: str) -> str:
    """JD's own id of a seller's code."""
    return drawn_ids(sku)[1]


def _item(line: Line) -> Shape:
    ware, sku = drawn_ids(line.sku)
    return {
        "skuName": line.title, "itemTotal": str(line.quantity), "wareId": ware, "outerSkuId": line.sku,
        "jdPrice": yuan(line.price), "id": number(f"{ware}/{line.place}", 12), "invoiceContentId": "",
        "itemExt": '{"isVMI":0,"newStoreId":"0"}', "giftPoint": "0", "productNo": line.sku, "skuId": sku,
        "newStoreId": "0",
    }  # fmt: skip


def comment(n: int, order: Order, said: Rating) -> Shape:
    """A buyer's rating of a line."""
    return {"commentId": str(9_000_000_000 + n), "skuid": sku_id(order.lines[said.place].sku), "score": said.stars,
            "content": said.words, "creationTime": local(said.at), "orderId": int(order.id), "nickName": "j***d",
            "status": 1, "isVenderReply": False, "replyCount": 0}  # fmt: skip


def _coupons(key: str, reduced: int) -> list[Shape]:
    if not reduced:
        return []
    return [{"orderId": key, "skuId": "", "couponType": "34-促销优惠", "couponPrice": yuan(reduced)}]


def _receiver(order: Order, is_masked: bool) -> Shape:
    receiver = order.receiver
    place = {"town": "", "city": receiver["city"], "county": receiver["district"], "province": receiver["province"],
             "cityId": "1601", "townId": "63199", "provinceId": "19", "countyId": "3634"}  # fmt: skip
    if not is_masked:
        return place | {"mobile": receiver["phone"], "telephone": receiver["phone"], "fullname": receiver["name"],
                        "fullAddress": receiver["detail"], "desen_mobile": "", "desen_telephone": ""}  # fmt: skip
    phone, index = mask_phone(receiver["phone"]), token_of(receiver, "phone")
    return place | {
        "mobile": phone, "telephone": phone, "fullname": f"AAS/{token_of(receiver, 'name')}==",
        "fullAddress": f"AAS/{token_of(receiver)}==", "desen_mobile": index, "desen_telephone": index,
    }  # fmt: skip


def _time(at: datetime | None) -> str:
    return local(at) if at else NEVER
