"""Instants that people name: those that no clock of any zone can show are refused before they are kept.

The database keeps the year 0 and the year 10000; what reads it does not, and the order with such a note or hold could
not be opened by anybody any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

FIRST, LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
"""Within these every zone has the instant in years 1 to 9999, and a year more or less can be reckoned."""


def is_within_reach(at: datetime) -> bool:
    """Whether it can be kept, read again and reckoned with."""
    return at.tzinfo is None or FIRST <= at <= LAST


def out_of_reach(body: object, place: str = "") -> str:
    """Where in a body an instant stands that is out of reach; empty: nowhere."""
    if isinstance(body, datetime):
        return "" if is_within_reach(body) else place
    found = (out_of_reach(value, f"{place}.{name}" if place else name) for name, value in _parts(body))
    return next(filter(None, found), "")


def _parts(body: object) -> Iterator[tuple[str, Any]]:
    if isinstance(body, msgspec.Struct):
        for name, field in zip(body.__struct_encode_fields__, body.__struct_fields__, strict=True):
            yield name, getattr(body, field)
    elif isinstance(body, Mapping):
        yield from ((str(name), value) for name, value in body.items())
    elif isinstance(body, (list, tuple)):
        yield from ((str(number), value) for number, value in enumerate(body))
