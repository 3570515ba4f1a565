"""Where a shop at Douyin answers applications: one call, whose type says what is answered."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.channels.douyin.simulated_order import claim_status
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.book import AGREED, EXCHANGE, REFUND, REFUNDED, REFUSED, RETURN, Claim
from orderloom.adapters.simulated.clock import seconds
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

TYPES = {
    101: ("return", RETURN, AGREED), 102: ("decline", RETURN, REFUSED), 111: ("receipt", RETURN, REFUNDED),
    112: ("decline_receipt", RETURN, REFUSED), 201: ("refund", REFUND, AGREED), 202: ("decline", REFUND, REFUSED),
    301: ("exchange", EXCHANGE, AGREED), 302: ("decline", EXCHANGE, REFUSED),
}  # fmt: skip
"""What is answered, to which kind of application, and how it stands then."""
WITH_ADDRESS = (101, 301)
KNOWN = {"aftersale_id", "reason", "remark", "evidence", "logistics", "reject_reason_code", "update_time"}


def detail(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    """An application by itself."""
    claim = _claim(shop, shop.need(asked, "after_sale_id")[0])
    return {"order_info": {"shop_order_id": claim.order_id}, "process_info": {"after_sale_info": {
        "after_sale_id": claim.id, "after_sale_status": claim_status(claim), "refund_amount": claim.amount,
        "update_time": seconds(claim.changed_at)}}}  # fmt: skip


def operate(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    """Answer one application; of several in a call this shop takes none."""
    kind, items = asked.args.get("type"), asked.args.get("items")
    if kind not in TYPES:
        raise shop.no(why.WRONG_VALUE, "type")
    if not isinstance(items, list) or len(items) != 1 or items[0].keys() - KNOWN:
        raise shop.no(why.WRONG_VALUE, "items")
    [item] = items
    claim = _claim(shop, str(item.get("aftersale_id") or ""))
    answer, of, state = TYPES[kind]
    _check(shop, kind, item, claim, of)
    shop.decide(claim.id, answer, state, _no)
    return {"items": [{"aftersale_id": int(claim.id), "status_code": 0, "status_msg": "success"}]}


def _check(shop: ShopSimulator, kind: int, item: dict[str, Any], claim: Claim, of: str) -> None:
    if claim.kind != of:
        raise _no(f"操作类型 {kind} 与售后类型不符")
    if item.get("update_time") not in (None, seconds(claim.changed_at)):
        raise _no("售后单已变更，请刷新")
    for name in ("reason", "remark", "reject_reason_code") if TYPES[kind][2] == REFUSED else ():
        if not item.get(name):
            raise shop.no(why.MISSING, name)
    if kind in WITH_ADDRESS and not (item.get("logistics") or {}).get("receiver_address_id"):
        raise shop.no(why.MISSING, "receiver_address_id")


def _claim(shop: ShopSimulator, key: str) -> Claim:
    if key not in shop.book.claims:
        raise Refused(20000, "系统错误", "isp.service-error:10000", "存在无效的售后单")
    return shop.book.claims[key]


def _no(words: str) -> Refused:
    return Refused(50002, "业务处理失败", "isv.business-failed:20309541", words)
