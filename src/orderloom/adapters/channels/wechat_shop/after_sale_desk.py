"""Where a merchant at WeChat answers applications: accepted, with an address for goods that come back, or rejected."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import AGREED, REFUND, REFUSED
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator


def after_sale_desk(shop: ShopSimulator) -> dict[str, Call]:
    """The calls by which a merchant answers."""
    return {
        "aftersale/acceptapply": Call(lambda asked: _accept(shop, asked), "after_sale_order_id address_id",
                                      is_write=True),
        "aftersale/rejectapply": Call(lambda asked: _reject(shop, asked),
                                      "after_sale_order_id reject_reason reject_reason_type", is_write=True),
    }  # fmt: skip


def _accept(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    claim = shop.claim_named(asked, "after_sale_order_id")
    if claim.kind != REFUND:
        shop.need(asked, "address_id")
    shop.decide(claim.id, "refund" if claim.kind == REFUND else "return", AGREED, _no)
    return {}


def _reject(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    claim = shop.claim_named(asked, "after_sale_order_id")
    shop.need(asked, "reject_reason")
    shop.decide(claim.id, "decline", REFUSED, _no)
    return {}


def _no(words: str) -> Refused:
    return Refused(10020066, f"aftersale order state invalid {words}")
