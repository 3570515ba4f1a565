"""Say what lies on a place: the difference comes from what lies on no place, or goes there. The book stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Annotated, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.floor.keep_places import UNITS_MAX, PlaceCode, floor_house
from orderloom.application.floor.tries import again
from orderloom.domain.floor.place import FloorPlace, Lot, PlacedMoves, PlaceLevel, PlaceMove
from orderloom.domain.refusal import Refusal


class PlaceCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of a SKU, of a lot where it has one, that lie on a place."""

    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    place: PlaceCode
    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    units: Annotated[int, msgspec.Meta(ge=0, le=UNITS_MAX)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    lot: Annotated[str, msgspec.Meta(max_length=60, pattern=r"^(\S(.*\S)?)?$")] = ""
    expires_on: date | None = None


class PlaceCounted(msgspec.Struct, frozen=True):
    """What lay there by the book, and what lies there now; `not_placed`: units of the SKU that lie on no place, below
    zero where places hold more than the book."""

    place: str
    sku: str
    was: int
    units: int
    not_placed: int


class CountRows(Protocol):
    """Places, lots and what lies where."""

    async def places(
        self, house: int, codes: Collection[str] = (), kinds: Collection[str] = (),
    ) -> list[FloorPlace]: ...
    async def lock(self, ids: Collection[int]) -> dict[int, FloorPlace]: ...
    async def levels(self, ids: Collection[int]) -> list[PlaceLevel]: ...
    async def keep_lot(self, sku_id: int, code: str, expires_on: date | None) -> Lot: ...
    async def not_placed(self, house: int, sku_id: int) -> int: ...
    async def move(self, placed: PlacedMoves) -> None: ...


class CountWork(Protocol):
    """The transaction."""

    @property
    def floor(self) -> CountRows: ...


async def recount_place(
    begin: Callable[[], AbstractAsyncContextManager[CountWork]], directory: Directory, told: PlaceCount, sku_id: int,
    id: str, by: str, at: datetime,
) -> PlaceCounted | Refusal:
    """The same figure again changes nothing."""
    house = floor_house(directory, told.warehouse)
    if isinstance(house, Refusal):
        return house

    async def count(work: CountWork) -> PlaceCounted | Refusal:
        places = await work.floor.places(house.id, [told.place])
        if not places:
            return Refusal("no_such_place", {"place": told.place})
        place = (await work.floor.lock([places[0].id]))[places[0].id]
        lot = (await work.floor.keep_lot(sku_id, told.lot, told.expires_on)).id if told.lot else 0
        was = sum([one.quantity for one in await work.floor.levels([place.id])
                   if (one.sku_id, one.lot_id) == (sku_id, lot)])
        if told.units != was:
            where = {"to_id": place.id} if told.units > was else {"from_id": place.id}
            move = PlaceMove("recount", house.id, sku_id, lot, abs(told.units - was), **where)
            await work.floor.move(PlacedMoves(f"recount/{id}", (move,), by, at))
        return PlaceCounted(place.code, told.sku, was, told.units, await work.floor.not_placed(house.id, sku_id))

    return await again(begin, count)
