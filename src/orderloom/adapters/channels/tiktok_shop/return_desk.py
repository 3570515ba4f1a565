"""Where a seller at TikTok Shop answers returns and cancellations: the decision has to fit how each stands."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import AGREED, EXCHANGE, REFUND, REFUNDED, REFUSED, RETURN
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

APPROVALS = {
    "APPROVE_REFUND": ("refund", REFUND, REFUNDED), "APPROVE_RETURN": ("return", RETURN, AGREED),
    "APPROVE_RECEIVED_PACKAGE": ("receipt", RETURN, REFUNDED), "APPROVE_REPLACEMENT": ("exchange", EXCHANGE, AGREED),
}  # fmt: skip
REJECTIONS = {
    "REJECT_REFUND": ("decline", REFUND, REFUSED), "REJECT_RETURN": ("decline", RETURN, REFUSED),
    "REJECT_RECEIVED_PACKAGE": ("decline_receipt", RETURN, REFUSED),
    "REJECT_REPLACEMENT": ("decline", EXCHANGE, REFUSED),
}  # fmt: skip
"""What each says, to which kind, and how it stands then."""


def return_desk(shop: ShopSimulator) -> dict[str, Call]:
    """The calls by which a seller answers."""
    approve = "decision buyer_keep_item idempotency_key"
    reject = "decision reject_reason comment images idempotency_key"
    return {
        "returns/approve": Call(lambda asked: _answer(shop, asked, APPROVALS), approve,
                                at="POST /return_refund/202309/returns/{id}/approve", is_write=True),
        "returns/reject": Call(lambda asked: _answer(shop, asked, REJECTIONS), reject,
                               at="POST /return_refund/202309/returns/{id}/reject", is_write=True),
        "cancellations/approve": Call(lambda asked: _cancel(shop, asked, is_granted=True), "idempotency_key",
                                      at="POST /return_refund/202309/cancellations/{id}/approve", is_write=True),
        "cancellations/reject": Call(lambda asked: _cancel(shop, asked, is_granted=False),
                                     "reject_reason comment images idempotency_key",
                                     at="POST /return_refund/202309/cancellations/{id}/reject", is_write=True),
    }  # fmt: skip


def _answer(shop: ShopSimulator, asked: Asked, known: dict[str, tuple[str, str, str]]) -> dict[str, Any]:
    answer, kind, state = known[shop.one_of(asked, "decision", known)]
    if known is REJECTIONS:
        shop.need(asked, "reject_reason")
    key = _key(shop, asked, are_sent=True)

    def decide() -> dict[str, Any]:
        if shop.book.claims[key].kind != kind:
            raise _no(f"The decision {asked.text('decision')} does not fit the return type.")
        shop.decide(key, answer, state, _no)
        return {}

    found: dict[str, Any] = shop.once(asked.text("idempotency_key"), decide)
    return found


def _cancel(shop: ShopSimulator, asked: Asked, *, is_granted: bool) -> dict[str, Any]:
    if not is_granted:
        shop.need(asked, "reject_reason")
    key = _key(shop, asked, are_sent=False)
    answer, state = ("cancel", AGREED) if is_granted else ("decline", REFUSED)
    shop.once(asked.text("idempotency_key"), lambda: shop.decide(key, answer, state, _no))
    return {}


def _key(shop: ShopSimulator, asked: Asked, *, are_sent: bool) -> str:
    key = asked.parts["id"]
    claim = shop.book.claims.get(key)
    if claim is None or bool(shop.book.orders[claim.order_id].parcels) is not are_sent:
        raise shop.no(why.NOT_FOUND, key)
    return key


def _no(words: str) -> Refused:
    return Refused(25_011_014, words)
