"""Waves in the caller's transaction: as their rows say, and as their events leave them; works that may join one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db import tables as t
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import id_of
from orderloom.adapters.db.writing import upsert
from orderloom.domain.floor.choose import WorkToPick
from orderloom.domain.floor.walk import zone_of
from orderloom.domain.floor.wave import Wave, WorkKey, fold
from orderloom.domain.floor.wave_event import AnyWaveEvent
from orderloom.domain.ship_by import ship_by
from orderloom.domain.subject_event import subject_event_of

Connection = AsyncConnection[Any]
RUSH = "rush"
"""The flag of an order that goes before others of its time."""


class WaveBook:
    """See the ports of `application/floor/`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def kept(self, id: str) -> Wave:
        """The wave as its rows say it; who reads it to change it holds its subject."""
        (row,) = await self._read(f"select {t.WAVE.select()} from wave where id = %s::uuid", id)
        works = await self._read(f"select {t.WAVE_WORK.select()} from wave_work where wave_id = %s::uuid"
                                 " order by slot, order_id, work_seq", id)
        tasks = await self._read(f"select {t.PICK_TASK.select()} from pick_task where wave_id = %s::uuid"
                                 " order by task_no", id)
        found: Wave = t.WAVE.read(row, works=tuple([t.WAVE_WORK.read(one) for one in works]),
                                  tasks=tuple([t.PICK_TASK.read(one) for one in tasks]))
        return found

    async def named(self, number: str) -> Wave | None:
        """The wave with this number, as its rows say it."""
        rows = await (await self._connection.execute(statement("scans", "wave_of"), {"number": number})).fetchall()
        return await self.kept(rows[0][0]) if rows else None

    async def of(self, id: str) -> Wave:
        """The wave as its events leave it."""
        wave: Wave | None = None
        rows = await self._connection.execute(statement("documents", "events"), {"id": id})
        for facts, at in await rows.fetchall():
            event = subject_event_of(facts)
            assert isinstance(event, AnyWaveEvent), "only waves are told of here"
            wave = fold(wave, event, at)
        assert wave is not None, "a subject has a first event"
        return wave

    async def keep(self, id: str, before: Wave | None, after: Wave) -> None:
        """Bring the rows to what the wave is: those that changed."""
        row = id_of(id)
        works = set(before.works) if before else set()
        tasks = set(before.tasks) if before else set()
        await upsert(self._connection, t.WAVE_TABLE, [(row, *t.WAVE.values(after))])
        await upsert(self._connection, t.WAVE_WORK_TABLE, [
            (row, *t.WAVE_WORK.values(one)) for one in after.works if one not in works])
        await upsert(self._connection, t.PICK_TASK_TABLE, [
            (row, *t.PICK_TASK.values(one)) for one in after.tasks if one not in tasks])

    async def to_pick(self, house: int, numbers: Sequence[str], limit: int) -> list[WorkToPick]:
        """Works that may join a wave: of these numbers, else all, the oldest orders first."""
        return await self._works(house=house, numbers=list(numbers) or None, orders=None, seqs=None, limit=limit)

    async def again(self, works: Sequence[WorkKey]) -> list[WorkToPick]:
        """Those of these works, which are in a wave, that could still join one."""
        return await self._works(house=None, numbers=None, orders=[key[0] for key in works],
                                 seqs=[key[1] for key in works], limit=len(works))

    async def scanned(self, house: int, since: datetime) -> int:
        """Units of right scans at a house since then."""
        (row,) = await self._rows("scanned", house=house, since=since)
        return int(row[0])

    async def to_tend(self, limit: int) -> list[str]:
        """Waves that hold works which have ended another way."""
        return [row[0] for row in await self._rows("to_tend", limit=limit)]

    async def ended(self, works: Sequence[WorkKey]) -> dict[WorkKey, str]:
        """Those of these works that have ended, and how."""
        rows = await self._rows("ended", orders=[key[0] for key in works], seqs=[key[1] for key in works])
        return {(row[0], row[1]): row[2] for row in rows}

    async def _works(self, **given: Any) -> list[WorkToPick]:
        return [WorkToPick(
            r[0], r[1], r[2], r[3], r[4], ship_by(r[5], r[6]), int(RUSH in r[7]), r[8],
            zones.pop() if len(zones := {zone_of(code) for code in r[9] or ()}) == 1 else "",
            tuple([(sku, units) for sku, units in r[10]]), r[11], r[12], r[13],
        ) for r in await self._rows("to_pick", **given)]

    async def _read(self, query: str, id: str) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(query.encode(), (id,))).fetchall()

    async def _rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("waves", name), given)).fetchall()
