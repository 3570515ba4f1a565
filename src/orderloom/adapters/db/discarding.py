"""Stored messages under a person's hand: taken out, or queued again, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.cases import end_cases
from orderloom.adapters.db.statements import statement
from orderloom.application.discard import Stored, put_away
from orderloom.domain.first_id import first_id

Connection = AsyncConnection[Any]


READ_TOGETHER = "另一半已到，两份一起读取 | its other half came, both were read together"


async def put_together(connection: Connection, told: Collection[tuple[int, str]], at: datetime, by: str) -> None:
    """Half of an export that was parked alone has nothing to wait for once both were read."""
    parked = Messages(connection)
    given = {"accounts": [account for account, _ in told], "events": [event for _, event in told]}
    found = await (await connection.execute(statement("discard", "alone"), given)).fetchall()
    if found:
        await put_away(parked, [row[0] for row in found], READ_TOGETHER, by, at)


class Messages:
    """See `application.discard.Parked`, `application.replay.StoredMessages` and `application.let_in.Quarantined`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_case(self, case_id: str, limit: int) -> list[str]:
        """Ids of what a case is about, oldest first."""
        return [row[0] for row in await self._rows("of_case", id=case_id, limit=limit)]

    async def lock(self, ids: Sequence[str]) -> list[Stored]:
        """Those of them that there are, locked."""
        return [Stored(*row) for row in await self._rows("lock", ids=list(ids))]

    async def put_away(self, ids: Sequence[str], reason: str, by: str, at: datetime) -> None:
        """Discard them, and write down who did and why."""
        given = {"ids": list(ids), "reason": reason, "by": by, "at": at}
        await self._connection.execute(statement("discard", "put_away"), given)

    async def let_in(self, message_id: str, reason: str, by: str, at: datetime) -> None:
        """Queue a quarantined one, and write down who let it in and why."""
        given = {"id": message_id, "reason": reason, "by": by, "at": at}
        await self._connection.execute(statement("discard", "let_in"), given)

    async def close_cases(self, keys: Sequence[tuple[str, str]], reason: str, by: str, at: datetime) -> int:
        """End the cases of these kinds and subjects for which nothing waits any more; returns how many ended."""
        left = {(kind, subject) for kind, subject in await self._rows(
            "left", kinds=[kind for kind, _ in keys], subjects=[subject for _, subject in keys])}
        return await end_cases(self._connection, [key for key in keys if key not in left], at, by, reason)

    async def requeue(self, ids: Sequence[str], by: str, at: datetime) -> list[str]:
        """Queue these again, discarded ones too; returns those that are."""
        return await self._queued("requeue", ids=list(ids), by=by, at=at)

    async def requeue_parked(self, reason: str, limit: int) -> list[str]:
        """Queue parked ones of a reason (or of any) again."""
        return await self._queued("requeue_parked", reason=reason, limit=limit)

    async def requeue_met(self, since: datetime, limit: int) -> list[str]:
        """Queue those again that wait for a channel's order that is there, and those of parts that nobody compared."""
        return (await self._queued("requeue_met", limit=limit)
                + await self._queued("requeue_kin", since=first_id(since), limit=limit))

    async def _queued(self, query: str, /, **given: Any) -> list[str]:
        rows = await self._connection.execute(statement("pulling", query), given)
        return [row[0] for row in await rows.fetchall()]

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("discard", query), given)).fetchall()
