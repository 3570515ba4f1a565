"""Which orders of a change the database would refuse, all at once and without writing: asked when a batch has failed.

The change's rows are made and not written. Their values are held against the columns' types here, and the database
itself is asked which rows break one of its checks, with the very expressions of the schema, and which have a key that
another row had for good: one that was there before this transaction looked, so that looking again would change nothing.
A key that was taken meanwhile is a race, and not told here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from orderloom.adapters.db.few import objects
from orderloom.adapters.db.rows import Way, deliveries, family
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import Ids
from orderloom.application.change import Change
from orderloom.application.ports import StoreRefused
from orderloom.domain.shown import storable

Connection = AsyncConnection[Any]
INTEGERS = {
    "int2": 1 << 15, "int4": 1 << 31, "int8": 1 << 63, "smallint": 1 << 15, "integer": 1 << 31, "bigint": 1 << 63,
}

Rule = tuple[str, str, list[str]]
"""Name, expression, columns."""


class WouldBe(NamedTuple):
    """Rows of one table as they would be written: column names, their types, values."""

    table: str
    names: Sequence[str]
    kinds: Sequence[str]
    values: Sequence[Sequence[Any]]
    is_new: bool = False
    """They are inserted, whatever is there."""


async def unstorable(
    connection: Connection, change: Change, at: datetime, seen: str, broken_key: str = "",
) -> dict[str, StoreRefused]:
    """By order id, where the database would refuse what is to be written for it. `seen`: the oldest transaction that
    ran when this one looked first; `broken_key`: what it has named."""
    ids = Ids()
    written = [WouldBe(put.table.name, put.table.names, put.table.kinds, put.rows, put.way is Way.INSERT)
               for put in (*family(change, ids), deliveries(change, at, ids)) if put.rows]
    if not written:
        return {}
    found: dict[str, StoreRefused] = {}
    tables = [rows.table for rows in written]
    checks = await _expressions(connection, "checks", tables)
    keys = await _expressions(connection, "keys", tables, broken_key)
    for rows in written:
        owner = _owner(rows)
        if owner is None:
            continue
        wrong = _wrong_values(rows)
        sound = [row for number, row in enumerate(rows.values) if number not in wrong] if wrong else rows.values
        for number, column in wrong.items():
            found.setdefault(str(rows.values[number][owner]), StoreRefused(f"{rows.table}.{column}"))
        broken = await _broken(connection, rows, sound, checks.get(rows.table, []))
        if rows.is_new and sound:
            for key in keys.get(rows.table, []):
                broken += await _taken(connection, rows, sound, key, seen)
        for number, constraint in broken:
            found.setdefault(str(sound[number - 1][owner]), StoreRefused(f"{rows.table} {constraint}"))
    return found


def _owner(rows: WouldBe) -> int | None:
    """The place of the order's id in the rows; None: they are nobody's or of several orders."""
    names = ("order_id", "subject_id", *(("id",) if rows.table == "orders" else ()))
    return next((rows.names.index(name) for name in names if name in rows.names), None)


def _wrong_values(rows: WouldBe) -> dict[int, str]:
    """By the number of a row, the column that cannot hold its value. Whole columns are looked at first."""
    found: dict[int, str] = {}
    for name, kind, column in zip(rows.names, rows.kinds, zip(*rows.values, strict=True), strict=False):
        if kind in INTEGERS:
            bound = INTEGERS[kind]
            known = [value for value in column if value is not None]
            if known and (min(known) < -bound or max(known) >= bound):
                found |= {n: f"{name} {kind}" for n, value in enumerate(column)
                          if value is not None and not -bound <= value < bound}
        elif kind == "text":
            whole = "".join([value for value in column if value is not None])
            if storable(whole) != whole:
                found |= {n: f"{name} {kind}" for n, value in enumerate(column)
                          if value is not None and storable(value) != value}
    return found


async def _expressions(
    connection: Connection, kind: str, tables: Sequence[str], broken: str = "",
) -> dict[str, list[Rule]]:
    """By table: the name of each check or key, its expression, and the columns that it looks at."""
    rows = await connection.execute(statement("rehearse", kind), {"tables": list(tables), "broken": broken})
    found: dict[str, list[Rule]] = {}
    for table, name, expression, columns in await rows.fetchall():
        found.setdefault(table, []).append((name, expression, columns))
    return found


async def _broken(
    connection: Connection, rows: WouldBe, values: Sequence[Sequence[Any]], checks: Sequence[Rule],
) -> list[tuple[int, str]]:
    """(number of the row from 1, name of a check that it breaks)."""
    asked = [check for check in checks if set(check[2]) <= set(rows.names)]
    if not asked or not values:
        return []
    source, given = _source(rows, values, sorted(set().union(*[columns for _, _, columns in asked])))
    cases = " ".join(f"when not ({expression}) then '{name}'" for name, expression, _ in asked)
    text = f"select * from (select n, case {cases} end as name from {source}) x where name is not null"
    answer = await connection.execute(text.encode(), [given])
    return [(int(number), str(name)) for number, name in await answer.fetchall()]


async def _taken(
    connection: Connection, rows: WouldBe, values: Sequence[Sequence[Any]], key: Rule, seen: str,
) -> list[tuple[int, str]]:
    """(number of the row from 1, name of the key) of those whose key an older row has, or an earlier one of these."""
    name, condition, columns = key
    if not set(columns) <= set(rows.names):
        return []
    source, given = _source(rows, values, columns)
    listed = ", ".join(columns)
    held = " and ".join(f"t.{column} = r.{column}" for column in columns)
    full = " and ".join(f"{column} is not null" for column in columns)
    text = (
        f"with r as (select * from {source}) "
        f"select r.n from r join (select {listed}, xmin as x from {rows.table} where {condition}) t on {held} "
        f"where age(t.x) > age(((%s::bigint) & 4294967295)::text::xid) "
        f"union select n from (select n, row_number() over (partition by {listed} order by n) as place "
        f"from r where {full}{_own(condition, columns)}) x where place > 1"
    )
    return [(int(n), name) for (n,) in await (await connection.execute(text.encode(), [given, seen])).fetchall()]


def _source(rows: WouldBe, values: Sequence[Sequence[Any]], names: Sequence[str]) -> tuple[str, str]:
    """These columns of the rows as a source `r` of a query, with their numbers `n` from 1, and what it is given."""
    places = [(name, rows.names.index(name)) for name in names]
    typed = ", ".join(f"{name} {rows.kinds[place]}" for name, place in places)
    source = f"rows from (json_to_recordset(%s::json) as ({typed})) with ordinality as r ({', '.join(names)}, n)"
    return source, objects([{name: row[place] for name, place in places} for row in values])


def _own(condition: str, columns: Sequence[str]) -> str:
    """The key's condition where it can be asked of the new rows themselves: it looks at nothing but the key."""
    words = set(re.findall(r"[a-z_]+", re.sub(r"'[^']*'|::[a-z ]+", "", condition)))
    return f" and {condition}" if words <= {*columns, "true", "and", "or", "not", "is", "null"} else " and false"
