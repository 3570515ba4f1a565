"""Replays of many messages: chosen, queued in chunks, and written down, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.replay_chosen import Chosen, ReplayRun
from orderloom.statements import like_of

Connection = AsyncConnection[Any]


class Replaying:
    """See `application.replay_chosen.Replays`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def choose(self, chosen: Chosen, account_id: int | None, before: datetime) -> list[tuple[str, str, str]]:
        """Id, outcome and reason, oldest first."""
        rows = await self._rows("choose", account=account_id, since=chosen.since, until=chosen.until,
                                topic=like_of(chosen.topic), outcomes=list(chosen.outcomes),
                                reason=chosen.reason, limit=chosen.limit, before=before)
        return [(row[0], row[1], row[2]) for row in rows]

    async def begin(self, run: ReplayRun) -> None:
        """Write a run down."""
        await self._rows("begin", id=run.id, by=run.by, at=run.started_at, total=run.total,
                         chosen=msgspec.json.encode(run.chosen).decode())

    async def run(self, run_id: str) -> tuple[ReplayRun, str | None] | None:
        """A run, locked, and the last message that it queued."""
        rows = await self._rows("run", id=run_id)
        return (_run(rows[0]), rows[0][7]) if rows else None

    async def queue(self, run_id: str, ids: Sequence[str], by: str, at: datetime) -> list[str]:
        """Queue a chunk, in its order."""
        query = statement("pulling", "requeue")
        rows = await self._connection.execute(query, {"ids": list(ids), "by": by, "at": at})
        queued = [row[0] for row in await rows.fetchall()]
        await self._rows("queued", id=run_id, count=len(ids), upto=ids[-1])
        return queued

    async def end(self, run_id: str, at: datetime) -> None:
        """Nothing is left of it."""
        await self._rows("end", id=run_id, at=at)

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found = await self._connection.execute(statement("replays", query), given)
        return await found.fetchall() if found.description else []


def _run(row: Sequence[Any]) -> ReplayRun:
    return ReplayRun(row[0], row[1], row[2], row[3], msgspec.json.decode(row[4], type=Chosen), row[5], row[6])
