"""Where a seller at Shopee answers returns: confirmed as they are asked for, or disputed with a reason."""

from __future__ import annotations

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import AGREED, REFUND, REFUSED
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

REASONS = frozenset({"NON_RECEIPT", "OTHER", "NOT_RECEIVED"})


def return_desk(shop: ShopSimulator) -> dict[str, Call]:
    """The calls by which a seller answers."""
    return {
        "returns/confirm": Call(lambda asked: _confirm(shop, asked), "return_sn", at="POST /api/v2/returns/confirm",
                                is_write=True),
        "returns/dispute": Call(lambda asked: _dispute(shop, asked),
                                "return_sn email dispute_reason dispute_text_reason image",
                                at="POST /api/v2/returns/dispute", is_write=True),
    }  # fmt: skip


def _confirm(shop: ShopSimulator, asked: Asked) -> dict[str, str]:
    (key,) = shop.need(asked, "return_sn")
    claim = shop.book.claims.get(key)
    if claim is None:
        raise shop.no(why.NOT_FOUND, "return_sn")
    shop.decide(key, "refund" if claim.kind == REFUND else "return", AGREED, _no)
    return {"return_sn": key}


def _dispute(shop: ShopSimulator, asked: Asked) -> dict[str, str]:
    key, email, _ = shop.need(asked, "return_sn", "email", "dispute_text_reason")
    if "@" not in email:
        raise shop.no(why.WRONG_VALUE, "email")
    shop.one_of(asked, "dispute_reason", REASONS)
    if key not in shop.book.claims:
        raise shop.no(why.NOT_FOUND, "return_sn")
    shop.decide(key, "decline", REFUSED, _no)
    return {"return_sn": key}


def _no(words: str) -> Refused:
    return Refused("error_param", f"Wrong parameters, detail: {words}.")
