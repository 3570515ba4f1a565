"""Write the few rows of a small batch in one statement: a single order has rows in a dozen tables, and a COPY into each
is two round trips that cost more than the rows.

The rows of a table go over as one JSON text. What is written is the statement's shape, and the server keeps a plan of
every shape that comes again. A row that exists already is the same unique violation as it is in a COPY.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
from psycopg import AsyncConnection, AsyncRawCursor

from orderloom.adapters.db.columns import Table
from orderloom.adapters.db.wire import Id, Json, Row
from orderloom.application.sort import Became

ROWS_MAX = 600
"""Up to so many rows are few; with more, a COPY for each table is the cheaper way."""
Part = tuple[str, int]
"""A part of the statement, with holes by number, and how many holes it has."""
LEVELS = """
locked as materialized (
    select l.sku_id, l.warehouse_id, d.on_hand, d.reserved, d.allocated, d.safety, d.frozen, d.set_aside, d.taken,
        d.bound
    from unnest({0}::integer[], {1}::smallint[], {2}::integer[], {3}::integer[], {4}::integer[], {5}::integer[],
        {6}::integer[], {7}::integer[], {8}::integer[], {9}::integer[])
        as d (sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen, set_aside, taken, bound)
    join stock_level l on l.sku_id = d.sku_id and l.warehouse_id = d.warehouse_id
    where {after}
    order by l.sku_id, l.warehouse_id for update of l
), levels as (
    update stock_level l
    set on_hand = l.on_hand + d.on_hand, reserved = l.reserved + d.reserved, allocated = l.allocated + d.allocated,
        safety = l.safety + d.safety, frozen = l.frozen + d.frozen, set_aside = l.set_aside + d.set_aside
    from locked d
    where l.sku_id = d.sku_id and l.warehouse_id = d.warehouse_id
        and (d.taken <= 0 or l.free >= d.taken) and (d.bound <= 0 or l.free + l.set_aside >= d.bound)
        and l.set_aside + d.set_aside >= 0
    returning 1
)""", 10
LOADS = """
loads as (
    insert into warehouse_load (warehouse_id, day, works)
    select u.warehouse_id, {0}::date, u.works from unnest({1}::smallint[], {2}::integer[]) as u (warehouse_id, works)
    where {after} order by u.warehouse_id
    on conflict (warehouse_id, day) do update set works = warehouse_load.works + excluded.works
    returning 1
)""", 3
ENDED = """
ended as (
    update intake i
    set outcome = r.outcome, reason = r.reason, detail = r.detail, park_key = r.park_key, order_id = r.order_id,
        attempts = i.attempts + 1, processed_at = {0}::timestamptz, stake = r.stake, currency = r.currency,
        mapping = r.mapping
    from json_to_recordset({1}::json) as r (id uuid, outcome text, reason text, detail text, park_key text,
        order_id uuid, stake bigint, currency text, mapping text)
    where i.message_id = any ({2}::uuid[]) and i.message_id = r.id
)""", 3


class Few:
    """What one statement is to write. Parts follow each other as they are added: stock levels and warehouse loads, the
    rows that every batch wants, are locked after all rows before them are in (docs/locking.md)."""

    def __init__(self) -> None:
        self._parts: list[Table | Part] = []
        self._given: list[str] = []
        self._levels = 0

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Add rows of a table; each table once."""
        if rows:
            self._parts.append(table)
            self._given.append(objects([dict(zip(table.names, row, strict=True)) for row in rows]))

    def add_to_levels(self, deltas: Sequence[Sequence[int]]) -> None:
        """SKU, warehouse, what comes to each figure, how much has to be free for it, and how much there at all."""
        if deltas:
            self._parts.append(LEVELS)
            self._given += [_array(column) for column in zip(*deltas, strict=True)]
            self._levels = len(deltas)

    def add_to_loads(self, loads: Mapping[int, int], day: date) -> None:
        """Works given to each warehouse on a day."""
        if loads:
            self._parts.append(LOADS)
            self._given += [day.isoformat(), _array(loads), _array(loads.values())]

    def end(self, became: Sequence[Became], at: datetime) -> None:
        """What became of messages."""
        if became:
            self._parts.append(ENDED)
            self._given += [at.isoformat(), objects(became), _array([x.id for x in became])]

    async def run(self, connection: AsyncConnection[Any]) -> int:
        """Write it all; returns how many levels had not enough free and were left alone."""
        if not self._parts:
            return 0
        cursor = AsyncRawCursor(connection)
        await cursor.execute(_statement(tuple(self._parts)), self._given)
        row = await cursor.fetchone()
        return self._levels - (row[0] if row else 0)


@cache
def _statement(parts: tuple[Table | Part, ...]) -> bytes:
    """The statement of this shape. A part that locks what others want begins when those before it are through."""
    texts, through, holes = list[str](), ["true"], iter(range(1, 1_000))
    for part in parts:
        if isinstance(part, Table):
            text, count, name = _insert(part), 1, f"{part.name}_rows"
        else:
            text, count = part
            name = text.split()[0] if part is not LEVELS else "levels"
        texts.append(text.format(*[f"${next(holes)}" for _ in range(count)], after=" and ".join(through)))
        through.append(f"(select count(*) from {name}) >= 0")
    done = "(select count(*) from levels)" if LEVELS in parts else "0"
    return f"with {', '.join(texts)} select {done}".encode()


def _insert(table: Table) -> str:
    names = ", ".join(table.names)
    typed = ", ".join([f"{name} {kind}" for name, kind in zip(table.names, table.kinds, strict=True)])
    return (f"{table.name}_rows as (insert into {table.name} ({names}) "
            f"select {names} from json_to_recordset({{0}}::json) as r ({typed}) returning 1)")


def objects(rows: Sequence[Any]) -> str:
    """Rows, each with its columns by name, as the text that `json_to_recordset` takes."""
    return orjson.dumps(rows, _plain).decode()


def _plain(value: Any) -> Any:
    """What JSON has no form for, as PostgreSQL reads it in a JSON text."""
    if isinstance(value, Id):
        return value.hex()
    if isinstance(value, Json):
        return orjson.Fragment(value.text())
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, Became):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    raise TypeError(type(value).__name__)


def _array(values: Iterable[int | str]) -> str:
    """An array of numbers or ids."""
    return f"{{{','.join(map(str, values))}}}"
