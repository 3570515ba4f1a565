"""Subjects and their logs in the caller's transaction: numbers drawn, rows locked, logs that go on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import Ids, ids_of, ints_of
from orderloom.application.change import Change
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

    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]:
        """Those of them that there are, by number, locked (docs/locking.md)."""
        rows = await self._connection.execute(statement("subjects", "lock"), {"numbers": list(numbers)})
        return {number: LoggedSubject(id, LoggedKind(kind), number, opened_at, count, bytes(head))
                for id, kind, number, opened_at, count, head in await rows.fetchall()}


def has_known(change: Change) -> bool:
    """Whether something is told of a subject that was there before."""
    return any(before.event_count for before, _ in change.subjects.values())


async def go_on(connection: Connection, change: Change, ids: Ids) -> None:
    """Where the logs of known subjects end now. Raises Raced when one is not what was read."""
    known = [pair for _, pair in sorted(change.subjects.items()) if pair[0].event_count]
    if not known:
        return
    done = await connection.execute(statement("subjects", "go_on"), {
        "ids": ids_of([ids[now.id] for _, now in known]), "seen": ints_of([before.event_count for before, _ in known]),
        "counts": ints_of([now.event_count for _, now in known]), "heads": [now.event_head for _, now in known],
    })
    if done.rowcount != len(known):
        raise Raced(f"{len(known) - done.rowcount} subjects moved meanwhile")
