"""Where a shop at Youzan answers applications, each call against the version that it has seen."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.channels.youzan.simulated_order import shown_claim
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.book import AGREED, REFUNDED, REFUSED, Claim
from orderloom.adapters.simulated.clock import millis
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator


def look(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    """An application with its version."""
    claim = shop.claim_named(asked, "refund_id")
    return {**shown_claim(claim), "version": millis(claim.changed_at)}


def agree(shop: ShopSimulator, asked: Asked) -> dict[str, bool]:
    """The money goes back."""
    shop.decide(_seen(shop, asked).id, "refund", REFUNDED, _no)
    return {"is_success": True}


def refuse(shop: ShopSimulator, asked: Asked) -> dict[str, bool]:
    """The buyer hears the remark, and may change the application."""
    shop.need(asked, "remark")
    shop.decide(_seen(shop, asked).id, "decline", REFUSED, _no)
    return {"is_success": True}


def take_back(shop: ShopSimulator, asked: Asked) -> dict[str, bool]:
    """The buyer hears where the goods go to."""
    shop.need(asked, "name", "mobile", "address")
    shop.decide(_seen(shop, asked).id, "return", AGREED, _no)
    return {"is_success": True}


def _seen(shop: ShopSimulator, asked: Asked) -> Claim:
    claim = shop.claim_named(asked, "refund_id")
    if shop.need_number(asked, "version", high=10**15) != millis(claim.changed_at):
        raise _no("退款版本号已变更")
    return claim


def _no(words: str) -> Refused:
    return Refused(101430, words)
