"""Cases under a person's hand, with what was done to each, in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation

from orderloom.adapters.db.notices import acknowledge_case
from orderloom.adapters.db.statements import statement
from orderloom.application.keep_cases import LockedCase

Connection = AsyncConnection[Any]


class CaseHistory:
    """See `application.keep_cases.CaseBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lock(self, case_id: str) -> LockedCase | None:
        """The case, locked; None when there is none."""
        row = await (await self._connection.execute(statement("case_history", "lock"), {"id": case_id})).fetchone()
        return None if row is None else LockedCase(*row)

    async def role_of(self, person: str) -> str | None:
        """The role of a user who may log in."""
        found = await self._connection.execute(statement("case_history", "role_of"), {"person": person})
        row = await found.fetchone()
        return None if row is None else str(row[0])

    async def assign(self, case_id: str, owner: str, person: str | None) -> None:
        """Give it to a role, and to a person of it."""
        await self._run("assign", id=case_id, owner=owner, person=person)

    async def snooze(self, case_id: str, person: str, until: datetime | None) -> None:
        """Put it off in that person's queue; None: no more."""
        await self._run("wake" if until is None else "snooze", id=case_id, person=person,
                        **({} if until is None else {"until": until}))

    async def take(self, case_id: str, by: str, at: datetime) -> None:
        """Somebody is at it: nobody else is told."""
        await self._run("take", id=case_id, by=by, at=at)
        await acknowledge_case(self._connection, case_id, by, at)

    async def resolve(self, case_id: str, resolution: str, by: str, at: datetime) -> None:
        """Close it, a group with its members."""
        given = {"id": case_id, "at": at, "by": by, "resolution": resolution}
        await self._run("resolve_members", **given)
        await self._run("resolve", **given)

    async def reopen(self, case_id: str, locked: LockedCase) -> bool:
        """Open it again with the members that were closed with it; False when a newer one of its kind is open."""
        try:
            async with self._connection.transaction():
                if not await self._run("reopen", id=case_id):
                    return False
                await self._run("reopen_members", id=case_id, closed_at=locked.resolved_at,
                                closed_by=locked.resolved_by)
        except UniqueViolation:  # it was opened between our look and our writing
            return False
        return True

    async def write(self, case_id: str, kind: str, detail: dict[str, Any], by: str, at: datetime) -> None:
        """Add to its history."""
        await self._run("write", id=case_id, at=at, by=by, kind=kind, detail=orjson.dumps(detail).decode())

    async def _run(self, query: str, /, **given: Any) -> int:
        return (await self._connection.execute(statement("case_history", query), given)).rowcount
