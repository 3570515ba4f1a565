"""The facts of an order that a condition in the blueprint may name, and how to read them from a draft."""

from __future__ import annotations

from typing import Any

from orderloom.domain.draft import OrderDraft

FACT_SAMPLES: dict[str, str | int | bool | list[str]] = {
    "channel": "taobao",
    "shop": "s1",
    "currency": "CNY",
    "total": 12900,
    "paid": 12900,
    "freight": 800,
    "discount": 0,
    "tax": 0,
    "payment": "paid",
    "quantity": 2,
    "line_count": 1,
    "country": "CN",
    "province": "浙江省",
    "city": "杭州市",
    "is_masked": False,
    "is_unsure": False,
    "is_cancelled": False,
    "is_test": False,
    "is_fulfilled_elsewhere": False,
    "hold": "",
    "note": "",
    "native": "WAIT_SELLER_SEND_GOODS",
    "flags": ["from_the_future"],
}
"""Every plain name that a condition may use, with a value of its type; `facts.NAME` reads a further mapped field."""


def facts_of(draft: OrderDraft, channel: str, shop: str = "") -> dict[str, Any]:
    """Return the draft's facts under the names of `FACT_SAMPLES`, money in minor units. No name is ever missing."""
    receiver = draft.receiver
    return {
        "channel": channel,
        "shop": shop,
        "currency": draft.currency,
        "total": draft.total,
        "paid": draft.paid,
        "freight": draft.freight,
        "discount": draft.discount,
        "tax": draft.tax,
        "payment": draft.payment,
        "quantity": sum(line.quantity for line in draft.lines),
        "line_count": len(draft.lines),
        "country": receiver.country,
        "province": receiver.province,
        "city": receiver.city,
        "is_masked": receiver.is_masked,
        "is_unsure": receiver.is_unsure,
        "is_cancelled": draft.is_cancelled,
        "is_test": draft.is_test,
        "is_fulfilled_elsewhere": draft.is_fulfilled_elsewhere,
        "hold": draft.hold,
        "note": draft.note,
        "native": draft.native,
        "flags": list(draft.flags),
        "facts": draft.facts,
    }
