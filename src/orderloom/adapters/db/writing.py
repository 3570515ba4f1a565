"""The three ways to write rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.columns import Table
from orderloom.adapters.db.wire import Row

Connection = AsyncConnection[Any]
COPY_ROWS_MAX = 500
"""Rows in one COPY. The server looks through all rows that it has not written yet when it takes up another one, up to a
thousand; each COPY costs as much as some 30 rows."""


async def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows; one that exists already is an error."""
    for start in range(0, len(rows), COPY_ROWS_MAX):
        data = table.encoder.encode(rows[start:start + COPY_ROWS_MAX])
        async with connection.cursor() as cursor, cursor.copy(_copy(table)) as copy:
            await copy.write(data)


async def upsert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or bring the ones that exist to the same values."""
    if rows:
        async with connection.cursor() as cursor:
            await cursor.executemany(_upsert(table), rows)


async def update(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Set every column after the key of rows that exist."""
    if rows:
        async with connection.cursor() as cursor:
            await cursor.executemany(_update(table), [(*row[1:], row[0]) for row in rows])


@cache
def _copy(table: Table) -> bytes:
    return f"copy {table.name} ({', '.join(table.names)}) from stdin (format binary)".encode()


@cache
def _upsert(table: Table) -> bytes:
    holes = ", ".join(f"%s::{kind}" for kind in table.kinds)
    rest = ", ".join(f"{name} = excluded.{name}" for name in table.names[table.key:])
    return (
        f"insert into {table.name} ({', '.join(table.names)}) values ({holes}) "
        f"on conflict ({', '.join(table.names[:table.key])}) do {f'update set {rest}' if rest else 'nothing'}"
    ).encode()


@cache
def _update(table: Table) -> bytes:
    rest = ", ".join(
        f"{name} = %s::{kind}" for name, kind in zip(table.names[1:], table.kinds[1:], strict=True)
    )
    return f"update {table.name} set {rest} where {table.names[0]} = %s::uuid".encode()
