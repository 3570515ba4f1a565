"""How far every account was read, kept in PostgreSQL; each call is a statement of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.ports import Cursor
from orderloom.application.sources.hub import DuePull, Lease, Walk

Connection = AsyncConnection[Any]


class PullBook:
    """See `application.sources.hub.ReadingBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def set_back(self, by: timedelta, at: datetime) -> None:
        """Put every place back by so much."""
        await self._run("set_back", by=by, at=at)

    async def take(self, lease: Lease, connectors: Sequence[str], swept: Sequence[str]) -> list[DuePull]:
        """Lease the accounts of these connectors that are to be read now."""
        names = list(connectors)
        await self._run("ensure", since=lease.again, connectors=names)
        await self._run("ensure_sweeps", connectors=list(swept), at=lease.at)
        rows = await self._rows("take", at=lease.at, lease_until=lease.until, connectors=names, again=lease.again,
                                latest=lease.latest, lease_latest=lease.lease_latest)
        return [DuePull(r[0], Cursor(r[1], r[2]), r[3], r[4]) for r in rows]

    async def move(self, account_id: int, place: Cursor | None, started: datetime, lease_until: datetime) -> None:
        """The page is durable; without a place the pull goes on where it stood."""
        if place is None:
            await self._run("stay", account=account_id, lease_until=lease_until)
        else:
            await self._run("move", account=account_id, lease_until=lease_until, cursor_at=place.at, key=place.key,
                            started=started)

    async def done(
        self, account_id: int, due_at: datetime, failures: int, error: str, started: datetime, at: datetime,
    ) -> None:
        """A reading has ended: when the next is due, and how the account is."""
        await self._run("done", due_at=due_at, failures=failures, error=error, at=at, account=account_id,
                        started=started)
        await self._run("health", is_well=not failures, health=error, at=at, account=account_id)
        if failures:
            await self._run("count_failure", account=account_id, hour=at.replace(minute=0, second=0, microsecond=0))

    async def note_clock(self, account_id: int, ahead: int, at: datetime) -> None:
        """The source's clock is ahead of ours by so many seconds."""
        await self._run("clock", account=account_id, ahead=ahead, at=at)

    async def count_found(self, account_id: int, found: int) -> None:
        """So many orders came that an earlier reading should have brought."""
        await self._run("count_found", found=found, account=account_id)

    async def take_walks(self, lease: Lease) -> list[Walk]:
        """Lease the walks that are to go on."""
        rows = await self._rows("take_walks", at=lease.at, lease_until=lease.until, again=lease.again,
                                latest=lease.latest, due_latest=lease.due_latest, lease_latest=lease.lease_latest)
        return [Walk(r[0], r[1], r[2], r[3], Cursor(r[4], r[5]), r[6], r[7]) for r in rows]

    async def move_walk(
        self, account_id: int, kind: str, place: Cursor | None, landed: int, lease_until: datetime,
    ) -> None:
        """The page is durable; without a place the walk goes on where it stood."""
        given = {"account": account_id, "kind": kind, "landed": landed, "lease_until": lease_until}
        if place is None:
            await self._run("count_walk", **given)
        else:
            await self._run("move_walk", **given, cursor_at=place.at, key=place.key)

    async def end_walk(
        self, account_id: int, kind: str, due_at: datetime, failures: int, error: str, at: datetime,
    ) -> None:
        """A step of a walk has ended: when the next is due."""
        await self._run("end_walk", due_at=due_at, failures=failures, error=error, at=at, account=account_id,
                        kind=kind)

    async def silent(self, at: datetime, heard_before: datetime, limit: int) -> list[tuple[str, str, str]]:
        """Parcels that nobody has told of: carrier, waybill, last digits of the phone."""
        rows = await self._rows("silent", at=at, heard_before=heard_before, limit=limit)
        return [(r[0], r[1], r[2]) for r in rows]

    async def _run(self, query: str, /, **given: Any) -> None:
        await self._connection.execute(statement("pulling", query), given)

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("pulling", query), given)).fetchall()
