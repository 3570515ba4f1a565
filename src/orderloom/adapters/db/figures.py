"""The figures by the seller's day: a projection of the log of facts, added up a few thousand facts at a time.

What a measure counts stands in `sql/queries/figures.sql`. The name of the place in the log holds the definitions'
number and the zone: when one of them is another, the figures begin anew at the first fact; nothing else has to be done.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement

Connection = AsyncConnection[Any]
DEFINITIONS = 1
"""Raised when a measure counts something else than before."""
FACTS_MAX = 5_000
MEASURES = ("orders", "amended", "cancelled", "lag", "assigned", "shipped")
UNDATED = ["files", "manual"]
"""Connectors of what people bring: it is no platform's lag that they bring it late."""
CASES_SECONDS = 30.0


class FigureBook:
    """Adds up; one worker at a time, the others pass."""

    def __init__(self, connection: Connection, zone: str, cases: CasesDue) -> None:
        self._connection, self._zone, self._cases = connection, zone, cases

    async def add_up(self, at: datetime) -> int:
        """Add what the log gained since the last time, in one transaction; returns 0 when that was all."""
        name = place_name(self._zone)
        async with self._connection.transaction():
            since = await self._place(name)
            if since is None:
                return 0
            published = await self._rows("publish", "place", name="events")
            until = published[0][0] if published else "0"  # its ship-by time is read by then
            ((last, is_full),) = await self._rows("figures", "span", since=since, until=until, limit=FACTS_MAX)
            if last is not None:
                await self._add(since, last, at)
                await self._connection.execute(statement("publish", "move"), {
                    "name": name, "xid": str(int(last) + 1), "at": at})
            if self._cases.is_due():
                await self._count_cases(f"{name} cases", at)
        return FACTS_MAX if is_full else 0

    async def _add(self, since: str, last: str, at: datetime) -> None:
        minutes = _yesterday(at, self._zone)
        given = {"since": since, "last": last, "zone": self._zone, "undated": UNDATED, "minutes": minutes}
        for measure in MEASURES:
            await self._connection.execute(statement("figures", measure), given)
        await self._connection.execute(statement("figures", "forget_minutes"), {"since": minutes})

    async def _place(self, name: str) -> str | None:
        """How far the log is added up, locked; None when another worker is at it. Begins anew under a new name."""
        if not await self._rows("publish", "place", name=name):
            await self._connection.execute(statement("figures", "forget"))
            await self._connection.execute(statement("publish", "watermark_new"), {"name": name})
        rows = await self._rows("publish", "watermark", name=name)
        return str(rows[0][0]) if rows else None

    async def _count_cases(self, name: str, at: datetime) -> None:
        found = await self._rows("figures", "cases_from", name=name, zone=self._zone)
        given = {"day": found[0][0] if found else None, "zone": self._zone}
        await self._connection.execute(statement("figures", "cases_forget"), given)
        await self._connection.execute(statement("figures", "cases"), given)
        await self._connection.execute(statement("figures", "cases_counted"), {"name": name, "at": at})

    async def _rows(self, file: str, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement(file, query), given or None)).fetchall()


class CasesDue:
    """Says when this process is to count the cases of the day again: each half minute."""

    def __init__(self, seconds: float = CASES_SECONDS) -> None:
        self._seconds, self._counted = seconds, -seconds

    def is_due(self) -> bool:
        """Whether it is time; the next time begins now."""
        if monotonic() - self._counted < self._seconds:
            return False
        self._counted = monotonic()
        return True


def place_name(zone: str) -> str:
    """The name of the figures' place in the log."""
    return f"figures {DEFINITIONS} {zone}"


def _yesterday(at: datetime, zone: str) -> datetime:
    """The midnight at which the seller's yesterday began."""
    midnight = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(hours=12)).replace(hour=0)
