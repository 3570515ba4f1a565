"""Places of a floor as they are shown: what lies on each, and what of the book lies on none."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import msgspec

from orderloom.application.queries.sql import HEX, Connection, from_cursor, to_cursor, where
from orderloom.domain.floor.place import PlaceKind
from orderloom.statements import beside

SQL = beside(__file__)
_SEQUENCE, _ID = re.compile(r"[0-9]{1,16}"), re.compile(r"[0-9]{1,10}")


class LiesHere(msgspec.Struct, frozen=True):
    """Units of a SKU and lot on a place; `promised` of them are fetched by open tasks."""

    sku: str
    name: str
    lot: str
    expires_on: date | None
    quantity: int
    promised: int


class FloorPlaceView(msgspec.Struct, frozen=True):
    """A place with what lies on it; `sequence` is its turn in the walk, `units_max` 0 no limit."""

    code: str
    kind: PlaceKind
    sequence: int
    units_max: int
    is_closed: bool
    is_single: bool
    lies: list[LiesHere]


class PlacePage(msgspec.Struct, frozen=True):
    """A page of places, in the order of the walk."""

    warehouse: str
    places: list[FloorPlaceView]
    next: str | None


class NotPlaced(msgspec.Struct, frozen=True):
    """A SKU of a house: on hand, of it on places, and the rest on none - below zero where places hold more than the
    book."""

    sku: str
    name: str
    on_hand: int
    placed: int
    not_placed: int


class NotPlacedPage(msgspec.Struct, frozen=True):
    """SKUs of which something lies on no place, or places hold too much."""

    warehouse: str
    skus: list[NotPlaced]
    next: str | None


async def list_places(
    connection: Connection, warehouse: str, *, kind: str = "", sku: str = "", q: str = "", cursor: str = "",
    limit: int = 50,
) -> PlacePage:
    """A page of a house's places. Raises WrongCursor."""
    parts, values = ["w.code = %(warehouse)s"], dict[str, Any](warehouse=warehouse, limit=limit + 1)
    if kind:
        parts.append("p.kind = %(kind)s")
        values["kind"] = kind
    if q:
        parts.append("starts_with(upper(p.code), upper(%(q)s))")
        values["q"] = q
    if sku:
        parts.append("exists (select from place_level l join sku s on s.id = l.sku_id where l.place_id = p.id"
                     " and s.code = %(sku)s and l.quantity > 0)")
        values["sku"] = sku
    if cursor:
        parts.append("(p.sequence, p.id) > (%(sequence)s::bigint, %(id)s::bigint)")
        values["sequence"], values["id"] = from_cursor(cursor, _SEQUENCE, _ID)
    rows = await (await connection.execute(SQL["places"].replace("{where}", where(parts)), values)).fetchall()
    found = [FloorPlaceView(row[0], PlaceKind(row[1]), row[2], row[3], row[4], row[5],
                       msgspec.convert(row[6], list[LiesHere])) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return PlacePage(warehouse, found, to_cursor(last[2], last[7]) if last else None)


async def list_not_placed(
    connection: Connection, warehouse: str, *, sku: str = "", cursor: str = "", limit: int = 50,
) -> NotPlacedPage:
    """SKUs with units on no place; of one that is asked for its figures in any case. Raises WrongCursor."""
    after = bytes.fromhex(from_cursor(cursor, HEX)[0]).decode(errors="replace") if cursor else ""
    rows = await (await connection.execute(SQL["not_placed"], {
        "warehouse": warehouse, "sku": sku, "after": after, "limit": limit + 1})).fetchall()
    found = [NotPlaced(*row) for row in rows[:limit]]
    return NotPlacedPage(warehouse, found, to_cursor(found[-1].sku.encode().hex()) if len(rows) > limit else None)
