"""The facts of an order that a condition in the blueprint may name: one description, whoever speaks of the order."""

from __future__ import annotations

from typing import Any

from orderloom.domain.order import Order

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
    "is_out": False,
    "hold": "",
    "note": "",
    "native": "WAIT_SELLER_SEND_GOODS",
    "flags": ["from_the_future"],
}
"""Every plain name that a condition may use, with a value of its type; `facts.NAME` reads a further mapped field."""


def facts_of(order: Order, channel: str, shop: str = "") -> dict[str, Any]:
    """Return the order's facts under the names of `FACT_SAMPLES`, money in minor units. No name is ever missing.

    `channel` is the connector's name and `shop` the account's code; `hold` is the newest hold that stands.
    """
    return {
        "channel": channel, "shop": shop, "currency": order.currency, "total": order.total, "paid": order.paid,
        "freight": order.freight, "discount": order.discount, "tax": order.tax, "payment": order.payment,
        "quantity": sum([line.ordered // line.factor for line in order.lines if not line.is_closed]),
        "line_count": len(order.lines), "country": order.country, "province": order.province, "city": order.city,
        "is_masked": order.is_masked, "is_unsure": order.is_unsure, "is_cancelled": order.is_cancelled,
        "is_test": False, "is_out": order.is_out,
        "is_fulfilled_elsewhere": order.is_fulfilled_elsewhere, "hold": order.standing_hold,
        "note": order.note, "native": order.native, "flags": list(order.flags), "facts": order.facts,
    }
