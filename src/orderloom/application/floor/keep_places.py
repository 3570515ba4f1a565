"""Keep the places of a floor: made and changed as rows, and a house switched to be run here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.domain.assign import Warehouse, WarehouseKind
from orderloom.domain.floor.place import FloorPlace, PlaceKind
from orderloom.domain.floor.walk import SEQUENCE_MAX
from orderloom.domain.refusal import Refusal

ROWS_MAX = 500
UNITS_MAX = 1_000_000_000
NEEDED = (("DOCK", PlaceKind.DOCK), ("PACK", PlaceKind.PACK), ("RETURNS", PlaceKind.RETURNS_BENCH))
"""Places that every floor has: where goods come in, are packed, and come back."""
PlaceCode = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^\S(.*\S)?$")]


class PlaceRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place to keep; null is as it was. `sequence`: its turn in the walk, made of the code where none is given;
    `units_max` 0: no limit; `is_single`: one SKU and one lot of it at a time."""

    code: PlaceCode
    kind: PlaceKind | None = None
    sequence: Annotated[int, msgspec.Meta(ge=0, le=SEQUENCE_MAX)] | None = None
    units_max: Annotated[int, msgspec.Meta(ge=0, le=UNITS_MAX)] | None = None
    is_closed: bool | None = None
    is_single: bool | None = None


class PlacesWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Places of a warehouse that is run here."""

    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    places: Annotated[list[PlaceRow], msgspec.Meta(min_length=1, max_length=ROWS_MAX)]


class PlacesKept(msgspec.Struct, frozen=True):
    """They stand; so many are new, the others were brought up to date."""

    warehouse: str
    kept: int
    made: int


class FloorSwitched(msgspec.Struct, frozen=True):
    """Whether the house is run here."""

    warehouse: str
    is_floor: bool


class PlaceRows(Protocol):
    """Where places are kept."""

    async def places(
        self, house: int, codes: Collection[str] = (), kinds: Collection[str] = (),
    ) -> list[FloorPlace]: ...
    async def keep_places(self, house: int, rows: Sequence[PlaceRow]) -> int: ...
    async def switch(self, house: int, *, is_floor: bool) -> None: ...
    async def lies_there(self, house: int) -> int: ...


class PlaceWork(Protocol):
    """The transaction."""

    @property
    def floor(self) -> PlaceRows: ...


def floor_house(directory: Directory, code: str) -> Warehouse | Refusal:
    """The warehouse, when it is run here."""
    house = next((w for w in directory.warehouses if w.code == code), None)
    if house is None:
        return Refusal("unknown_warehouse", {"warehouse": code})
    return house if house.is_floor else Refusal("not_a_floor", {"warehouse": code})


async def keep_places(
    begin: AbstractAsyncContextManager[PlaceWork], directory: Directory, wish: PlacesWish,
) -> PlacesKept | Refusal:
    """Keep all of them, or none."""
    house = floor_house(directory, wish.warehouse)
    if isinstance(house, Refusal):
        return house
    codes = [row.code for row in wish.places]
    if len(set(codes)) != len(codes):
        return Refusal("place_twice", {"place": next(code for n, code in enumerate(codes) if code in codes[:n])})
    async with begin as work:
        made = await work.floor.keep_places(house.id, wish.places)
    return PlacesKept(wish.warehouse, len(codes), made)


async def switch_floor(
    begin: AbstractAsyncContextManager[PlaceWork], directory: Directory, code: str, *, is_floor: bool,
) -> FloorSwitched | Refusal:
    """Run a house here, with the places that every floor has; no more only once nothing lies on any place."""
    house = next((w for w in directory.warehouses if w.code == code), None)
    if house is None or house.kind is WarehouseKind.TRANSIT:
        return Refusal("unknown_warehouse", {"warehouse": code})
    if house.account_id is not None:
        return Refusal("house_has_system", {"warehouse": code})
    async with begin as work:
        if not is_floor and (units := await work.floor.lies_there(house.id)):
            return Refusal("floor_in_use", {"warehouse": code, "units": str(units)})
        await work.floor.switch(house.id, is_floor=is_floor)
        if is_floor:
            known = {one.kind for one in await work.floor.places(house.id, kinds=[kind for _, kind in NEEDED])}
            rows = [PlaceRow(name, kind) for name, kind in NEEDED if kind not in known]
            if rows:
                await work.floor.keep_places(house.id, rows)
    return FloorSwitched(code, is_floor)
