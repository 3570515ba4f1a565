"""Subjects and their logs in the caller's transaction: numbers drawn, rows locked, logs that go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.columns import Table
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import Row, ids_of, ints_of
from orderloom.application.ports import Raced
from orderloom.domain.subject import LoggedKind, LoggedSubject, subject_number

Connection = AsyncConnection[Any]


class SubjectBook:
    """The subjects there are; satisfies what verbs about them ask for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def next_number(self, kind: LoggedKind, day: date) -> str:
        """A number that nobody else has. Others who want one of the same day wait until this transaction ends."""
        rows = await self._connection.execute(statement("subjects", "number"), {"kind": str(kind), "day": day})
        (row,) = await rows.fetchall()
        return subject_number(kind, day, row[0])

    async def numbers(self, ids: Sequence[str]) -> dict[str, str]:
        """Numbers by id, of those of them that there are."""
        rows = await self._connection.execute(statement("subjects", "numbers"), {"ids": list(ids)})
        return dict(await rows.fetchall())

    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]:
        """Those of them that there are, by number, locked (docs/locking.md)."""
        rows = await self._connection.execute(statement("subjects", "lock"), {"numbers": list(numbers)})
        return {number: LoggedSubject(id, LoggedKind(kind), number, opened_at, count, bytes(head))
                for id, kind, number, opened_at, count, head in await rows.fetchall()}


async def go_on(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Where the logs of known subjects end now: id, how many events were read, how many there are, the last one's hash.
    Raises Raced when one is not what was read."""
    if not rows:
        return
    ids, seen, counts, heads = zip(*rows, strict=True)
    done = await connection.execute(statement("subjects", "go_on"), {
        "ids": ids_of(ids), "seen": ints_of(seen), "counts": ints_of(counts), "heads": list(heads)})
    if done.rowcount != len(rows):
        raise Raced(f"{len(rows) - done.rowcount} {table.name} rows moved meanwhile")
