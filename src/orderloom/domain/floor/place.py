"""Places of a floor, what lies on them, and where goods may be put. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from orderloom.domain.refusal import Refusal
from orderloom.domain.states import State


class PlaceKind(State):
    """What a place is for: fetched from, kept in bulk, a tote, a bench, the door, and what is not to be sold."""

    PICK = "pick"
    BULK = "bulk"
    TOTE = "tote"
    PACK = "pack"
    DOCK = "dock"
    RETURNS_BENCH = "returns_bench"
    DAMAGE = "damage"
    QUARANTINE = "quarantine"


SHELVES = (PlaceKind.PICK, PlaceKind.BULK)
"""Where goods wait to be fetched."""


class FloorPlace(msgspec.Struct, frozen=True):
    """A place. `units_max` 0: no limit; `is_single`: one SKU, and of it one lot, at a time."""

    id: int
    warehouse_id: int
    code: str
    kind: PlaceKind
    sequence: int
    units_max: int = 0
    is_closed: bool = False
    is_single: bool = False


class Lot(msgspec.Struct, frozen=True):
    """A lot of a SKU: good through its last day, unless somebody blocked it. Id 0 is none."""

    id: int
    sku_id: int
    code: str
    expires_on: date | None = None
    is_blocked: bool = False


class PlaceLevel(msgspec.Struct, frozen=True):
    """Units of a SKU and lot on a place; `promised` of them open tasks will fetch."""

    place_id: int
    sku_id: int
    lot_id: int
    quantity: int
    promised: int = 0

    @property
    def left(self) -> int:
        """What no task will fetch; below zero where the place was counted and lacks what is promised."""
        return self.quantity - self.promised


class PlaceMove(msgspec.Struct, frozen=True):
    """One line of the places' ledger. No place (0): across the wall, or from and to what lies on no place."""

    kind: str
    warehouse_id: int
    sku_id: int
    lot_id: int
    units: int
    from_id: int = 0
    to_id: int = 0
    task_no: int = 0


class PlacedMoves(msgspec.Struct, frozen=True):
    """Lines of the places' ledger under one cause; `wave_id` where they are of a wave's tasks."""

    cause: str
    moves: tuple[PlaceMove, ...]
    by: str
    at: datetime
    wave_id: str | None = None


def may_put(
    place: FloorPlace, there: Sequence[PlaceLevel], sku_id: int, lot_id: int, units: int,
) -> Refusal | None:
    """Why units may not be put on a place that holds `there`; None when they may. Its row is locked."""
    lying = [one for one in there if one.quantity > 0]
    if place.is_closed:
        return Refusal("place_closed", {"place": place.code})
    held = sum([one.quantity for one in lying])
    if place.units_max and held + units > place.units_max:
        return Refusal("place_full", {"place": place.code, "most": str(place.units_max), "there": str(held)})
    if place.is_single and any(one.sku_id != sku_id for one in lying):
        return Refusal("other_sku", {"place": place.code})
    if place.is_single and any(one.lot_id != lot_id for one in lying):
        return Refusal("other_lot", {"place": place.code})
    return None


def take_from(
    levels: Sequence[PlaceLevel], sku_id: int, units: int, lot_id: int | None = None,
) -> dict[int, int] | None:
    """Units by lot that a place gives of a SKU, `lot_id` alone where one is named; None when it lacks them."""
    found: dict[int, int] = {}
    for one in sorted(levels, key=lambda level: level.lot_id):
        if one.sku_id == sku_id and one.quantity > 0 and lot_id in (None, one.lot_id) and units > 0:
            found[one.lot_id] = min(one.quantity, units)
            units -= found[one.lot_id]
    return found if units == 0 else None
