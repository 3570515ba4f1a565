"""The three ways to write rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.generators import copy_end, copy_to, execute
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn

from orderloom.adapters.db.columns import Table
from orderloom.adapters.db.wire import Row

Connection = AsyncConnection[Any]
COPY_ROWS_MAX = 500
"""Rows in one COPY. The server looks through all rows that it has not written yet when it takes up another one, up to a
thousand; each COPY costs as much as some 30 rows."""
PIECE_BYTES = 128 << 10
"""Handed over at once: the driver's own library copies bigger ones again and again."""
FLUSH_BYTES = 1 << 20
"""Of more than that each piece has to be on its way before the next one is handed over."""


async def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows; one that exists already is an error. The caller's transaction is open."""
    for start in range(0, len(rows), COPY_ROWS_MAX):
        data = table.encoder.encode(rows[start:start + COPY_ROWS_MAX])
        async with connection.lock:
            await connection.wait(_copied(connection.pgconn, _copy(table), data))


def _copied(line: PGconn, text: bytes, data: bytearray) -> PQGen[None]:
    """What the driver's `cursor.copy` does for data that is there already, in one go: half of what a COPY cost there
    was the objects around it."""
    line.send_query(text)
    (answer,) = yield from execute(line)
    if answer.status != ExecStatus.COPY_IN:
        raise error_from_result(answer)
    for start in range(0, len(data), PIECE_BYTES):
        yield from copy_to(line, data[start:start + PIECE_BYTES], flush=len(data) > FLUSH_BYTES)
    yield from copy_end(line, None)


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
