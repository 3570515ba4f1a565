"""Where a seller at Lazada acts on returns: a refusal is of one line, with reason and comment."""

from __future__ import annotations

from typing import Any

import orjson

from orderloom.adapters.channels.lazada.simulated_order import reverse_of
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.book import AGREED, REFUNDED, REFUSED
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

ACTIONS = {
    "agreeReturn": ("return", AGREED), "agreeRefund": ("receipt", REFUNDED), "refuseReturn": ("decline", REFUSED),
    "refuseRefund": ("decline_receipt", REFUSED),
}  # fmt: skip
"""What each answers, and how the line stands then. The platform knows instantRefund and confirmDelivery too."""


def update(shop: ShopSimulator, asked: Asked) -> dict[str, Any]:
    """Act on the lines of a reverse order."""
    action, key, listed = shop.need(asked, "action", "reverse_order_id", "reverse_order_item_ids")
    if action not in ACTIONS:
        raise _no(107, "invalid action")
    claim = shop.book.claims.get(key)
    if claim is None:
        raise _no(112, "no reverse order found")
    whole = reverse_of(shop.book.orders[claim.order_id], claim)
    _check_lines(shop, listed, {one["reverse_order_line_id"] for one in whole["reverse_order_lines"]}, action)
    if action.startswith("refuse"):
        for name, code in (("reason_id", 108), ("comment", 109)):
            if not asked.text(name):
                raise _no(code, f"{name} can't be empty if you want to refuse return or refund")
    if action == "refuseRefund" and not asked.text("image_info"):
        raise _no(110, "image can't be empty if you want to refuse refund")
    answer, state = ACTIONS[action]
    shop.decide(key, answer, state, lambda words: _no(114, f"this reverse does not support this action {words}"))
    return {"data": {"reverse_order_id": key, "reverse_order_line": whole["reverse_order_lines"]}}


def _check_lines(shop: ShopSimulator, listed: str, known: set[int], action: str) -> None:
    try:
        chosen = set(orjson.loads(listed))
    except (orjson.JSONDecodeError, TypeError) as error:
        raise shop.no(why.WRONG_VALUE, "reverse_order_item_ids") from error
    if not chosen or chosen - known:
        raise _no(126, "invalid reverse order lines")
    if action.startswith("refuse") and len(chosen) > 1:
        raise _no(111, "do not support massive reverse order line operation if you want to refuse return or refund")


def _no(code: int, words: str) -> Refused:
    return Refused(str(code), f"E0{code}: {words}")
