"""Units sold by SKU and hour: a projection of the log of facts, added up a few thousand facts at a time.

What is counted stands in `sql/queries/sales.sql`. The name of the place in the log holds the definitions' number: when
they change, everything is added up anew from the first fact.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement

Connection = AsyncConnection[Any]
DEFINITIONS = 1
"""Raised when something else is counted than before."""
FACTS_MAX = 5_000
FOLD_MAX = 5_000
"""Hours of a SKU that become days in one step."""


async def add_up_sales(connection: Connection, at: datetime) -> int:
    """Add what the log gained since the last time, in one transaction; returns 0 when that was all, or when another
    worker is at it."""
    name = f"sales {DEFINITIONS}"
    async with connection.transaction():
        if not await _rows(connection, "publish", "place", name=name):
            await connection.execute(statement("sales", "forget"))
            await connection.execute(statement("publish", "watermark_new"), {"name": name})
        held = await _rows(connection, "publish", "watermark", name=name)
        if not held:
            return 0
        until = str((await _rows(connection, "publish", "horizon"))[0][0])
        given = {"since": str(held[0][0]), "until": until, "limit": FACTS_MAX}
        ((last, is_full),) = await _rows(connection, "figures", "span", **given)
        if last is None:
            return 0
        for counted in ("sold", "assigned"):
            await connection.execute(statement("sales", counted), {"since": given["since"], "last": last})
        await connection.execute(statement("publish", "move"), {
            "name": name, "xid": str(int(last) + 1), "at": at})
    return FACTS_MAX if is_full else 0


async def fold_sales(connection: Connection, keep_seconds: int, zone: str, at: datetime) -> int:
    """Add hours of before that time up to days; returns how many hours of a SKU there were."""
    before = (at - timedelta(seconds=keep_seconds)).astimezone(ZoneInfo(zone)).date()
    found = await _rows(connection, "sales", "fold", before=before, zone=zone, limit=FOLD_MAX)
    return int(found[0][0])


async def _rows(connection: Connection, file: str, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement(file, query), given or None)).fetchall()
