"""Which units a wave fetches: first expired first out, over as many lots and places as it takes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from orderloom.domain.floor.place import SHELVES, FloorPlace, Lot, PlaceKind, PlaceLevel


class Fetch(NamedTuple):
    """So many units of a lot on a place."""

    place: FloorPlace
    lot_id: int
    units: int


def is_good(lot: Lot | None, day: date, days_left: int = 0) -> bool:
    """Whether units of it may be sent on a day: THROUGH its last one, `days_left` more where a customer asks so."""
    if lot is None:
        return True
    return not lot.is_blocked and (lot.expires_on is None or (lot.expires_on - day).days >= days_left)


def fefo(
    levels: Sequence[PlaceLevel], places: Mapping[int, FloorPlace], lots: Mapping[int, Lot], sku_id: int, units: int,
    day: date, days_left: int = 0,
) -> tuple[list[Fetch], int]:
    """Where to fetch units of a SKU, and how many there are not: shelves that are picked from before bulk, what
    expires first, then the walk. Closed places and blocked or expired lots give nothing."""
    usable = [one for one in levels if one.sku_id == sku_id and one.left > 0
              and places[one.place_id].kind in SHELVES and not places[one.place_id].is_closed
              and is_good(lots.get(one.lot_id), day, days_left)]  # fmt: skip
    usable.sort(key=lambda one: _turn(one, places[one.place_id], lots.get(one.lot_id)))
    found: list[Fetch] = []
    for one in usable:
        if units <= 0:
            break
        found.append(Fetch(places[one.place_id], one.lot_id, min(one.left, units)))
        units -= found[-1].units
    return found, max(units, 0)


def _turn(level: PlaceLevel, place: FloorPlace, lot: Lot | None) -> tuple[bool, date, int, int, int]:
    last = lot.expires_on if lot is not None and lot.expires_on is not None else date.max
    return place.kind is PlaceKind.BULK, last, level.lot_id, place.sequence, place.id
