"""Where a mall at Pinduoduo agrees to applications: the call is good, and says within it whether it was done."""

from __future__ import annotations

from typing import Any

import orjson

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.book import AGREED, REFUND, REFUNDED
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

AGREES = frozenset({"after_sales_id", "order_sn", "operate_desc"})


def agree(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    """The money goes: at once for goods that came back, else as soon as the platform has sent it."""
    said = _said(shop, asked, AGREES, AGREES - {"operate_desc"})
    claim = shop.book.claims.get(str(said["after_sales_id"]))
    is_plain = claim is None or claim.kind == REFUND
    answer, state = ("refund", AGREED) if is_plain else ("receipt", REFUNDED)
    return {"result": _answered(shop, said, answer, state, "succ", "退款操作成功")}


def take_back(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    """The buyer may send the goods to an address of the mall's list."""
    known = AGREES | {"return_address_id"}
    result = _answered(shop, _said(shop, asked, known, known), "return", AGREED, "success", "同意退货成功")
    is_good = result["success"]
    return {"success": is_good, "error_code": 0 if is_good else 50001, "error_msg": "" if is_good else
            result["message"], "result": result}  # fmt: skip


def _said(shop: ShopSimulator, asked: Asked, known: frozenset[str], needed: frozenset[str]) -> dict[str, Any]:
    try:
        said = orjson.loads(shop.need(asked, "request")[0])
    except orjson.JSONDecodeError as error:
        raise shop.no(why.WRONG_VALUE, "request") from error
    if not isinstance(said, dict) or said.keys() - known:
        raise shop.no(why.UNKNOWN_PARAMETER, "request")
    if missing := sorted(needed - {name for name, value in said.items() if value not in ("", None)}):
        raise shop.no(why.MISSING, missing[0])
    return said


def _answered(
    shop: ShopSimulator, said: dict[str, Any], answer: str, state: str, good: str, words: str
) -> dict[str, Any]:
    key, is_done = str(said["after_sales_id"]), True
    claim = shop.book.claims.get(key)
    try:
        if claim is None or claim.order_id != said["order_sn"]:
            raise _no("售后单与订单不符")
        shop.decide(key, answer, state, _no)
    except Refused as refused:
        is_done, words = False, refused.sub_message
    return {"after_sales_id": int(key), "order_sn": said["order_sn"], "message": words, good: is_done}


def _no(words: str) -> Refused:
    return Refused(50001, "业务服务错误", "50001", words)
