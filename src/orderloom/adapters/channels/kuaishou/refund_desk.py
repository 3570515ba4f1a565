"""Where a shop at Kuaishou answers applications: refund, return, receipt and refusal have a call each."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.channels.kuaishou.simulated_order import claim_status, shown_claim
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import AGREED, EXCHANGE, REFUNDED, REFUSED, SENT_BACK
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator


def refund_desk(shop: ShopSimulator) -> dict[str, Call]:
    """The calls of a shop by which it looks at an application and answers it."""
    return {
        "open.seller.order.refund.detail": Call(lambda asked: _detail(shop, asked), "refundId"),
        "open.seller.order.refund.approve": Call(
            lambda asked: _approve(shop, asked),
            "refundId desc refundAmount status negotiateStatus refundHandingWay", is_write=True),
        "open.seller.order.refund.returngoods.approve": Call(
            lambda asked: _take_back(shop, asked), "refundId refundAmount addressId", is_write=True),
        "open.seller.order.refund.confirm.receipt": Call(
            lambda asked: _receive(shop, asked),
            "refundId status returnFreightHandlingAdvice returnFreightAmount returnFreightRejectDesc", is_write=True),
        "open.refund.reject": Call(
            lambda asked: _reject(shop, asked),
            "refundId reasonCode rejectDesc rejectImages refundVersion editHandlingWay editReturnAddressId",
            is_write=True),
    }  # fmt: skip


def _detail(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    claim = shop.claim_named(asked, "refundId")
    return shown_claim(claim, shop.book.orders[claim.order_id])


def _approve(shop: ShopSimulator, asked: Asked) -> None:
    claim = shop.claim_named(asked, "refundId")
    amount, status = shop.need_number(asked, "refundAmount", low=1), shop.need_number(asked, "status")
    if status != claim_status(claim):
        raise _no(f"售后状态已变更 {status}")
    shop.decide(claim.id, "refund", AGREED, _no, amount)


def _take_back(shop: ShopSimulator, asked: Asked) -> None:
    claim = shop.claim_named(asked, "refundId")
    amount, _ = shop.need_number(asked, "refundAmount", low=1), shop.need_number(asked, "addressId", low=1)
    shop.decide(claim.id, "exchange" if claim.kind == EXCHANGE else "return", AGREED, _no, amount)


def _receive(shop: ShopSimulator, asked: Asked) -> None:
    claim = shop.claim_named(asked, "refundId")
    if shop.need_number(asked, "status") != claim_status(claim):
        raise _no("售后状态已变更")
    shop.decide(claim.id, "receipt", REFUNDED, _no)


def _reject(shop: ShopSimulator, asked: Asked) -> None:
    claim = shop.claim_named(asked, "refundId")
    shop.need(asked, "rejectDesc")
    shop.need_number(asked, "reasonCode", low=1)
    shop.decide(claim.id, "decline_receipt" if claim.state == SENT_BACK else "decline", REFUSED, _no)


def _no(words: str) -> Refused:
    return Refused(2005, words)
