"""Regions that carriers have stopped, in the caller's transaction; every change tells all processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import asdict
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, Shelf, bump
from orderloom.adapters.db.statements import statement
from orderloom.application.directory import Directory
from orderloom.application.meet_stops import Meeting, SilentPlace, StopToMeet
from orderloom.application.stop_carrier import StopTold
from orderloom.domain.carriage import CarrierStop, StopSource

Connection = AsyncConnection[Any]


class StopBook:
    """See `application.stop_carrier.Stops` and `application.meet_stops.StopsMet`."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection, self._shelf = connection, shelf

    async def directory(self) -> Directory:
        """The directory as of now."""
        return await self._shelf.get(self._connection)

    async def add(self, told: StopTold) -> int:
        """Keep a stop; returns its id."""
        (found,) = await self._rows("add", **asdict(told))
        await bump(self._connection, NO_GOODS_MOVED)
        return int(found[0])

    async def end(self, number: int, by: str, at: datetime) -> bool:
        """End a stop; False when none of that id is in force."""
        done = await self._connection.execute(statement("stops", "end"), {"id": number, "by": by, "at": at})
        if done.rowcount:
            await bump(self._connection, NO_GOODS_MOVED)
        return bool(done.rowcount)

    async def end_over(self, at: datetime) -> int:
        """End those whose time is over."""
        done = await self._connection.execute(statement("stops", "end_over"), {"at": at})
        if done.rowcount:
            await bump(self._connection, NO_GOODS_MOVED)
        return done.rowcount

    async def open_count(self) -> int:
        """How many are in force, or will be."""
        return int((await self._rows("open_count"))[0][0])

    async def to_meet(self, at: datetime) -> StopToMeet | None:
        """The next stop whose works have to be looked at."""
        found = await self._rows("to_meet", at=at)
        if not found:
            return None
        (r,) = found
        return StopToMeet(r[0], CarrierStop(r[1], r[2], r[3], r[4], r[5], r[6], StopSource(r[7])))

    async def orders(self, meeting: Meeting, after: str, limit: int) -> list[str]:
        """Ids of orders with works that the stop may meet."""
        return [row[0] for row in await self._rows("orders_to_meet", after=after, limit=limit, **asdict(meeting))]

    async def met(self, stop_id: int, at: datetime) -> None:
        """All its works were looked at."""
        await self._connection.execute(statement("stops", "met"), {"id": stop_id, "at": at})

    async def silent(self, before: datetime, since: datetime, least: int) -> list[SilentPlace]:
        """Cities to which so many parcels of a carrier are without news."""
        rows = await self._rows("silent", before=before, since=since, least=least)
        return [SilentPlace(*row) for row in rows]

    async def found(self) -> list[tuple[int, str, str]]:
        """Id, carrier and division of the stops in force that tracking showed."""
        return [(row[0], row[1], row[2]) for row in await self._rows("found")]

    async def _rows(self, name: str, **given: Any) -> Sequence[Sequence[Any]]:
        return await (await self._connection.execute(statement("stops", name), given or None)).fetchall()
