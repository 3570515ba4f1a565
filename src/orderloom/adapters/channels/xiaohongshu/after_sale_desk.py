"""Where a shop at Xiaohongshu audits applications and receives what came back; an action says what is answered."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.channels.xiaohongshu.simulated_order import shown_claim
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import AGREED, EXCHANGE, REFUND, REFUNDED, REFUSED, Claim
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

PAYS, SENDS_BACK, REJECTS = 1, 2, 3
RECEIVES, REJECTS_GOODS = 1, 2


def after_sale_desk(shop: ShopSimulator) -> dict[str, Call]:
    """The calls by which a shop looks at an application and answers it."""
    return {
        "afterSale.getAfterSaleInfo": Call(lambda asked: _info(shop, asked), "returnsId needNegotiateRecord"),
        "afterSale.auditReturns": Call(lambda asked: _audit(shop, asked),
                                       "returnsId action reason description message receiverInfo", is_write=True),
        "afterSale.confirmReceive": Call(lambda asked: _receive(shop, asked), "returnsId action reason description",
                                         is_write=True),
    }  # fmt: skip


def _info(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    claim = _claim(shop, asked)
    return {"afterSaleInfo": shown_claim(claim, shop.book.orders[claim.order_id])}


def _audit(shop: ShopSimulator, asked: Asked) -> str:
    claim, action = _claim(shop, asked), shop.need_number(asked, "action", low=PAYS, high=REJECTS)
    if action == PAYS:
        shop.decide(claim.id, "refund", REFUNDED, _no)
    elif action == SENDS_BACK:
        told = asked.args.get("receiverInfo")
        if claim.kind == REFUND or not isinstance(told, dict) or not told.get("sellerAddressRecordId"):
            raise shop.no(why.WRONG_VALUE, "receiverInfo")
        shop.decide(claim.id, "exchange" if claim.kind == EXCHANGE else "return", AGREED, _no)
    else:
        shop.need(asked, "reason", "description")
        shop.decide(claim.id, "decline", REFUSED, _no)
    return "审核成功"


def _receive(shop: ShopSimulator, asked: Asked) -> str:
    claim, action = _claim(shop, asked), shop.need_number(asked, "action", low=RECEIVES, high=REJECTS_GOODS)
    if action == RECEIVES:
        shop.decide(claim.id, "receipt", REFUNDED, _no)
    else:
        shop.need(asked, "reason", "description")
        shop.decide(claim.id, "decline_receipt", REFUSED, _no)
    return "确认收货成功"


def _claim(shop: ShopSimulator, asked: Asked) -> Claim:
    (key,) = shop.need(asked, "returnsId")
    if key.removeprefix("R") not in shop.book.claims:
        raise shop.no(why.NOT_FOUND, key)
    return shop.book.claims[key.removeprefix("R")]


def _no(words: str) -> Refused:
    return Refused(-130, f"售后单状态不允许 {words}")
