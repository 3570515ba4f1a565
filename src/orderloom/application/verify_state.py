"""Names the first thing in an order's stored state that its log does not say. Pure; tells no personal text."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

from orderloom.application.verify import Fault
from orderloom.domain.axes import axes_of
from orderloom.domain.order import Order

TABLES = {
    "lines": "order_line", "charges": "order_charge", "claims": "claim", "holds": "hold", "stock_holds": "stock_hold",
    "works": "work", "parcels": "parcel", "money": "money_entry",
    "after_sales": "after_sale",
}
"""Where the parts of an order are stored, by their stored names; everything else is in its own row."""
AXES = ("phase", "intake", "payment", "fulfilment", "parcel", "after_sales", "holds_active")
PLAIN = (bool, int, datetime, Enum, bytes, type(None))


def judge_state(stored: Order, folded: Order) -> Fault | None:
    """The first difference between what is stored and what the events fold to."""
    for here, name in zip(stored.__struct_fields__, stored.__struct_encode_fields__, strict=True):
        have, right = getattr(stored, here), getattr(folded, here)
        if have != right:
            field, detail = _where(name, have, right)
            return Fault("differs", stored.number, stored.id, table=TABLES.get(name, "orders"), field=field,
                         detail=detail)
    return None


def judge_axes(order: Order, stored: dict[str, str | int]) -> Fault | None:
    """Whether the columns that lists and filters read are those that the order's state gives."""
    holds = sum([hold.released_at is None for hold in order.holds])
    derived = axes_of(order)._asdict() | {"holds_active": holds}
    for name, have in stored.items():
        right = derived[name]
        if have != right:
            return Fault("differs", order.number, order.id, table="orders", field=name,
                         detail=f"{have} is stored, {right} follows from the log")
    return None


def _where(name: str, have: Any, right: Any) -> tuple[str, str]:
    """Path of the first difference below a field, and both values where they are no free text."""
    if isinstance(have, tuple) and isinstance(right, tuple):
        if len(have) != len(right):
            return name, f"{len(have)} are stored, {len(right)} follow from the log"
        for place, (one, other) in enumerate(zip(have, right, strict=True)):
            if one != other:
                return _where(f"{name}[{place}]", one, other)
    if isinstance(have, msgspec.Struct) and isinstance(right, msgspec.Struct):
        for field, shown in zip(have.__struct_fields__, have.__struct_encode_fields__, strict=True):
            if getattr(have, field) != getattr(right, field):
                return _where(f"{name}.{shown}", getattr(have, field), getattr(right, field))
    if isinstance(have, PLAIN) and isinstance(right, PLAIN):
        return name, f"{_told(have)} is stored, {_told(right)} follows from the log"
    return name, "is not what follows from the log"


def _told(value: Any) -> str:
    return value.hex()[:16] if isinstance(value, bytes) else str(value)
