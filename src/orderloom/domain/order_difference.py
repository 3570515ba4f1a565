"""In what two states of an order differ, field by field, in texts that name nobody. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from orderloom.domain.order import Line, Order
from orderloom.domain.shown import shown_of

HIDDEN = "***"
OF_PEOPLE = ("receiver", "receiver_stated", "note")
"""Told to have changed; not from what to what."""
_APART = ("lines", "charges", "claims", "holds", "bindings", "works", "parcels", "money", "after_sales",
          "facts")
_LEFT_OUT = frozenset({"id", "received_at", "staged_at", "blueprint", "event_count", "event_head", *_APART})
"""Of the order itself: what every statement moves, and what is told in a way of its own."""
_LINE = ("sku_external", "title", "ordered", "price", "discount", "amount", "factor", "native", "is_closed",
         "is_disputed", "cancelled", "elsewhere", "kind", "unpaid")


class FieldDifference(msgspec.Struct, frozen=True):
    """One field: null is what is not there."""

    field: str
    before: str | None
    after: str | None


def differences(before: Order | None, after: Order) -> list[FieldDifference]:
    """What changes from the one to the other; of an order that was not there, all that it states."""
    old, new = dict(_told(before)) if before is not None else {}, dict(_told(after))
    found = []
    for field in dict.fromkeys((*new, *old)):
        was, is_now = old.get(field), new.get(field)
        if was == is_now:
            continue
        if field in OF_PEOPLE:
            was, is_now = was and HIDDEN, is_now and HIDDEN
        elif field.startswith("facts."):
            was, is_now = was and _fact(field, was), is_now and _fact(field, is_now)
        found.append(FieldDifference(field, was, is_now))
    return found


def _told(order: Order) -> Iterator[tuple[str, str]]:
    for one in msgspec.structs.fields(Order):
        if one.name not in _LEFT_OUT and (text := _text(getattr(order, one.name))):
            yield one.name, text
    yield from _facts(order.facts)
    for line in order.lines:
        yield from _line(line)
    for charge in order.charges:
        yield f"charges[{charge.kind}{f' {charge.title}' if charge.title else ''}]", str(charge.amount)
    for name, told in (
        ("holds", sorted(hold.type for hold in order.holds if hold.released_at is None)),
        ("works", [f"{work.number} {work.state}" for work in order.works]),
        ("parcels", [f"{parcel.waybill} {parcel.state}" for parcel in order.parcels]),
        ("claims", [f"{claim.system} {claim.milestone}" for claim in order.claims]),
        ("money", [f"{entry.kind} {entry.amount}" for entry in order.money]),
        ("after_sales", [f"{one.external_id} {one.kind} {one.state} {one.refunded}" for one in order.after_sales]),
    ):
        if told:
            yield name, ", ".join(told)


def _line(line: Line) -> Iterator[tuple[str, str]]:
    place = f"lines[{line.external_id or line.no}]"
    for name in _LINE:
        if text := _text(getattr(line, name)):
            yield f"{place}.{name}", text


def _facts(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in facts.items():
        if text := _text(value):
            yield f"facts.{name}", text


def _fact(field: str, value: str) -> str:
    """A mapped field may be anything: one that is named for a person is hidden."""
    return shown_of(field.replace("_", "."), value) or HIDDEN


def _text(value: Any) -> str:
    """Empty for what says nothing."""
    if value is None or value is False or value == "" or value == ():
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return "true" if value is True else str(value)
