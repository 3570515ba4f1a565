"""Places, lots and what lies where, in the caller's transaction. A place's row is the lock of all that lies on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.statements import statement
from orderloom.application.floor.keep_materials import MaterialRow
from orderloom.application.floor.keep_places import PlaceRow
from orderloom.domain.floor.place import FloorPlace, Lot, PlacedMoves, PlaceKind, PlaceLevel
from orderloom.domain.floor.walk import sequence_of

Connection = AsyncConnection[Any]
Promise = tuple[int, int, int]
"""(place, SKU, lot)"""


class FloorBook:
    """See the ports of `application/floor/`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def places(self, house: int, codes: Collection[str] = (), kinds: Collection[str] = ()) -> list[FloorPlace]:
        """Places of a house by code or kind, in the order of the walk; not locked."""
        return [_place(row) for row in await self._rows(
            "places", house=house, codes=list(codes), kinds=[str(kind) for kind in kinds])]

    async def lock(self, ids: Collection[int]) -> dict[int, FloorPlace]:
        """Places by id, locked with all that lies on them."""
        rows = await self._rows("lock_places", ids=sorted(set(ids))) if ids else []
        return {row[0]: _place(row) for row in rows}

    async def lock_of(self, house: int, skus: Collection[int]) -> dict[int, FloorPlace]:
        """The places on which units of these SKUs lie, locked."""
        return {row[0]: _place(row) for row in await self._rows("lock_places_of", house=house, skus=sorted(skus))}

    async def levels(self, ids: Collection[int]) -> list[PlaceLevel]:
        """What lies on places that are locked."""
        return [PlaceLevel(*row) for row in await self._rows("levels", ids=sorted(ids))]

    async def lots(self, skus: Collection[int]) -> dict[int, Lot]:
        """Every lot of these SKUs, by id."""
        return {row[0]: Lot(*row) for row in await self._rows("lots", skus=sorted(skus))}

    async def keep_lot(self, sku_id: int, code: str, expires_on: date | None) -> Lot:
        """The lot with this code, made on first use."""
        (row,) = await self._rows("keep_lot", sku=sku_id, code=code, expires_on=expires_on)
        return Lot(*row)

    async def block_lot(self, sku_id: int, code: str, expires_on: date | None, *, is_blocked: bool) -> bool:
        """Say whether a lot may be sent; False when there is none."""
        return bool(await self._rows("block_lot", sku=sku_id, code=code, expires_on=expires_on, is_blocked=is_blocked))

    async def keep_places(self, house: int, rows: Sequence[PlaceRow]) -> int:
        """Keep places; how many are new."""
        told = [{**msgspec.to_builtins(row), "walk": sequence_of(row.code)} for row in rows]
        return int((await self._rows("keep_places", house=house, rows=_json(told)))[0][0])

    async def keep_materials(self, rows: Sequence[MaterialRow]) -> None:
        """Keep packing materials."""
        await self._run("keep_materials", rows=_json([msgspec.to_builtins(row) for row in rows]))

    async def switch(self, house: int, *, is_floor: bool) -> None:
        """A house is run here, or no more."""
        await self._run("switch", house=house, is_floor=is_floor)
        await bump(self._connection, NO_GOODS_MOVED)

    async def lies_there(self, house: int) -> int:
        """Units on the places of a house."""
        return int((await self._rows("lies_there", house=house))[0][0])

    async def not_placed(self, house: int, sku_id: int) -> int:
        """Units of a SKU that lie on no place."""
        return int((await self._rows("not_placed", house=house, sku=sku_id))[0][0])

    async def place_with_room(self, target: FloorPlace, sku_id: int, units: int) -> str:
        """Where else units may go, the nearest of its kind; empty where there is none. Not locked: it is proposed."""
        rows = await self._rows("place_with_room", house=target.warehouse_id, kind=str(target.kind), id=target.id,
                                sequence=target.sequence, sku=sku_id, units=units)
        return rows[0][0] if rows else ""

    async def skus_of(self, spellings: Sequence[str]) -> dict[str, int]:
        """SKUs by barcode or code, of those of these spellings that are one."""
        return dict(await self._rows("barcodes", codes=list(spellings)))

    async def move(self, placed: PlacedMoves, promises: Mapping[Promise, int] | None = None) -> None:
        """Write lines of the ledger, and what comes to units promised; the places are locked."""
        sums: dict[Promise, list[int]] = {key: [0, units] for key, units in (promises or {}).items()}
        for one in placed.moves:
            for place, units in ((one.from_id, -one.units), (one.to_id, one.units)):
                if place:
                    sums.setdefault((place, one.sku_id, one.lot_id), [0, 0])[0] += units
        if placed.moves:
            lines = [{**msgspec.to_builtins(one), "line_no": no, "from_id": one.from_id or None,
                      "to_id": one.to_id or None, "task_no": one.task_no or None}
                     for no, one in enumerate(placed.moves, start=1)]
            await self._run("moved", cause=placed.cause, by=placed.by, at=placed.at, wave=placed.wave_id,
                            rows=_json(lines))
        if sums:
            rows = _json([{"place_id": p, "sku_id": s, "lot_id": lot, "units": units, "promised": promised}
                          for (p, s, lot), (units, promised) in sorted(sums.items())])
            await self._run("add_to_levels", rows=rows)
            await self._run("change_levels", rows=rows)

    async def _rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("floor", name), given)).fetchall()

    async def _run(self, name: str, /, **given: Any) -> None:
        await self._connection.execute(statement("floor", name), given)


def _place(row: Sequence[Any]) -> FloorPlace:
    return FloorPlace(row[0], row[1], row[2], PlaceKind(row[3]), *row[4:])


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()
