"""Where a seller answers refunds at Taobao: agreed, to be sent back, or refused, each against the refund's version."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import AGREED, REFUND, REFUNDED, REFUSED, Claim
from orderloom.adapters.simulated.clock import millis
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

AT_ONCE = 1
"""Of up to twenty refunds in one call this shop takes one."""
MESSAGE_MIN, MESSAGE_MAX = 2, 200
PHASES = frozenset({"", "onsale", "aftersale"})
AGREES = "code refund_infos"
RETURNS = ("refund_id name address post tel mobile remark refund_phase refund_version seller_address_id "
           "post_fee_bear_role virtual_return_goods")  # fmt: skip
REFUSES = "refund_id refuse_message refuse_proof refund_phase refund_version refuse_reason_id"


def refund_desk(shop: ShopSimulator) -> dict[str, Call]:
    """The calls of a shop by which it answers."""
    return {
        "taobao.rp.refunds.agree": Call(lambda asked: _agree(shop, asked), AGREES, is_write=True),
        "taobao.rp.returngoods.agree": Call(lambda asked: _take_back(shop, asked), RETURNS, is_write=True),
        "taobao.refund.refuse": Call(lambda asked: _refuse(shop, asked), REFUSES, is_write=True),
    }


def _agree(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    """`refund_id|fen|version|phase`: the whole call is good, and says of each refund what became of it."""
    infos = shop.need(asked, "refund_infos")[0].split(",")
    parts = infos[0].split("|")
    if len(infos) > AT_ONCE or not 3 <= len(parts) <= 4 or not parts[1].isdigit():
        raise shop.no(why.WRONG_VALUE, "refund_infos")
    claim = shop.book.claims.get(parts[0])
    try:
        _check(shop, claim, parts[2], parts[3] if len(parts) > 3 else "")
        answer = "refund" if claim is not None and claim.kind == REFUND else "receipt"
        shop.decide(parts[0], answer, REFUNDED, _no, int(parts[1]))
    except Refused as refused:
        return _told(parts[0], refused.sub_message, is_good=False)
    return _told(parts[0], "操作成功", is_good=True)


def _told(refund_id: str, message: str, *, is_good: bool) -> dict[str, Any]:
    row = {"refund_id": int(refund_id), "succ": is_good, "message": message}
    return {"succ": is_good, "message": message, "msg_code": "OP_SUCC" if is_good else "OP_FAIL",
            "results": {"refund_mapping_result": [row]}}  # fmt: skip


def _take_back(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    key, address = shop.need(asked, "refund_id", "seller_address_id")
    if not address.isdigit():
        raise shop.no(why.WRONG_VALUE, "seller_address_id")
    _check(shop, shop.book.claims.get(key), asked.text("refund_version"), asked.text("refund_phase"))
    shop.decide(key, "return", AGREED, _no)
    return {"is_success": True}


def _refuse(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    key, message = shop.need(asked, "refund_id", "refuse_message")
    if not MESSAGE_MIN <= len(message) <= MESSAGE_MAX:
        raise shop.no(why.WRONG_VALUE, "refuse_message")
    claim = shop.book.claims.get(key)
    _check(shop, claim, asked.text("refund_version"), asked.text("refund_phase"))
    if claim is not None and not shop.book.orders[claim.order_id].shipped_at:
        raise _no("卖家未发货，不能拒绝")
    shop.decide(key, "decline", REFUSED, _no)
    return {"is_success": True, "refund": {"refund_id": int(key)}}


def _check(shop: ShopSimulator, claim: Claim | None, version: str, phase: str) -> None:
    """It is there, and as the caller has seen it."""
    if claim is None:
        raise _no("退款单不存在")
    stage = "aftersale" if shop.book.orders[claim.order_id].received_at else "onsale"
    if phase not in PHASES or (phase and phase != stage):
        raise _no(f"退款阶段不对 {phase}")
    if version and version != str(millis(claim.changed_at)):
        raise _no("退款版本号已过期")


def _no(words: str) -> Refused:
    return Refused(15, "Remote service error", "isv.refund-operate-error", words)
