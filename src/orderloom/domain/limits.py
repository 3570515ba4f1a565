"""What the hub can keep: the named bounds of every text, number and instant of a draft (`beyond.py` names what is not).

The bounds are those of the database's columns and of sense: a message that breaks one waits with a problem in words,
and never reaches a statement that would refuse it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orderloom.domain.destroyed import is_destroyed
from orderloom.domain.draft import OrderDraft
from orderloom.domain.money import CURRENCIES
from orderloom.domain.phase import AXES
from orderloom.domain.states import LineKind

KEY_TEXTS = {
    "external_id": 128, "parent_external_id": 128, "sku_external": 128, "sku": 128, "warehouse": 64, "work_no": 64,
    "waybill": 64, "carrier": 64, "code": 64, "unit": 32, "currency": 3, "hold": 64, "milestone": 32, "meaning": 32,
    "incident": 32, "blame": 32,
    "external_number": 128, "kind": 32, "order_external_id": 128, "refund_external_id": 128, "state": 32,
    "echo_of": 128, "listing": 128,
}  # fmt: skip
"""Texts by which things are found again: at most so many characters, and every one of them readable."""
FREE_TEXTS = {
    "title": 1_000, "note": 10_000, "native": 200, "reason": 1_000, "text": 2_000, "location": 200, "name": 200,
    "phone": 64, "country": 80, "province": 200, "city": 200, "district": 200, "detail": 1_000, "postcode": 32,
    "token": 4_000, "buyer": 500, "source_zone": 64, "source_placed_at": 100, "payment": 32,
}  # fmt: skip
"""Texts for people."""
TEXT_MAX = {**FREE_TEXTS, **KEY_TEXTS}
QUANTITY_MAX = 100_000_000
UNITS_MAX = 2**31 - 1
"""Base units of one line: the database's integer."""
MONEY_MAX = 10**15
"""Minor units of one amount: the sums of the lines of an order stay far inside the database's bigint."""
LINES_MAX = 2_000
STATEMENTS_MAX = 200
PARTS_MAX = 500
"""Charges, refunds, or shipments of one order."""
ENTRIES_MAX = 2_000
FIGURES_MAX = 100_000
STARS_MAX = 100
"""Platforms count in five stars, ten points, or per cent."""
FACTS_MAX = 200
FACT_TEXT_MAX = 2_000
TIME_MIN = datetime(2000, 1, 1, tzinfo=UTC)
TIME_MAX = datetime(2100, 1, 1, tzinfo=UTC)
PAYMENTS = frozenset(AXES["payment"])
LINE_KINDS = frozenset({"", *LineKind})

def fits(d: OrderDraft) -> bool:
    """The quick way for the usual order: true only when nothing can be beyond its bound."""
    r = d.receiver
    free = f"{d.native}{d.buyer}{r.name}{r.province}{r.city}{r.district}{r.detail}"
    short = f"{d.hold}{r.country}{r.postcode}"
    if d.charges or d.refunds or d.shipments or d.refunded:
        return False
    keys = f"{d.external_id}{d.parent_external_id}{d.external_number}{d.echo_of}"
    sources = f"{d.source_zone}{d.source_placed_at}{r.phone}"
    long = f"{d.note}{r.token}"
    if "+" in keys and is_destroyed(d.external_id):
        return False
    if len(free) > 200 or len(short) > 32 or len(keys) > 128 or len(sources) > 64 or len(long) > 1_000:
        return False
    joined = free + short + keys + sources + long
    for line in d.lines:
        keys, words = line.external_id + line.sku_external, line.native + line.unit
        amount = line.amount
        if (
            not 0 < line.quantity <= QUANTITY_MAX
            or not -MONEY_MAX < line.price < MONEY_MAX
            or not -MONEY_MAX < line.discount < MONEY_MAX
            or (amount is not None and not -MONEY_MAX < amount < MONEY_MAX)
            or (line.goods is not None and not -MONEY_MAX < line.goods < MONEY_MAX)
            or (line.fulfilled is not None and not 0 <= line.fulfilled <= QUANTITY_MAX)
            or line.kind not in LINE_KINDS
            or len(keys) > 128
            or len(words) > 32
            or ("+" in keys and (is_destroyed(line.external_id) or is_destroyed(line.sku_external)))
        ):
            return False
        joined += keys + words + line.title
    return (
        len(joined) < 1_000
        and joined.isprintable()
        and "\ufffd" not in joined
        and _have_sense(d)
        and (not d.facts or _facts_fit(d.facts))
    )


def _have_sense(d: OrderDraft) -> bool:
    for said in d.said:
        if not is_time(said.at) or len(said.native) > 32 or not said.native.isprintable():
            return False
    return (
        d.external_id != ""
        and d.currency in CURRENCIES
        and 0 < len(d.lines) <= LINES_MAX
        and len(d.said) <= STATEMENTS_MAX
        and d.payment in PAYMENTS
        and 0 <= d.total < MONEY_MAX
        and 0 <= d.paid < MONEY_MAX
        and -MONEY_MAX < d.freight < MONEY_MAX
        and -MONEY_MAX < d.discount < MONEY_MAX
        and -MONEY_MAX < d.tax < MONEY_MAX
        and is_time(d.revision)
        and is_time(d.placed_at)
        and is_time(d.paid_at)
    )


def _facts_fit(facts: dict[str, Any]) -> bool:
    for value in facts.values():
        if value.__class__ is str:
            if len(value) > 32 or not value.isprintable():
                return False
        elif value.__class__ is int and not -(2**63) < value < 2**63:
            return False
    return len(facts) <= FACTS_MAX


def is_time(at: datetime | None) -> bool:
    """Whether it is an instant that can be kept, or none."""
    return at is None or (at.tzinfo is not None and TIME_MIN <= at < TIME_MAX)
