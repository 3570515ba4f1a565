"""Forgets the text of what was sent, some months after it ended, a few deliveries at a time.

What stays: kind, target, order, instants, attempts, answer, the fields that name what it was about, and the SHA-256 of
the text, so that a copy kept elsewhere can be proven. Deliveries that still wait, or wait for a person, are left alone.
What prints a label is forgotten at the same age, keys of calls after days. It goes through deliveries in the order in
which they were queued, and once a week from the beginning, for what ended late. Stopped anywhere, it goes on there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.domain.first_id import first_id

Connection = AsyncConnection[Any]
KEPT = ("work_no", "order_no", "external_id", "carrier", "waybill", "type")
"""Fields of a body that name what the delivery was about; none is personal."""
PER_STEP = 500
AGAIN_AFTER = timedelta(days=7)
READINGS_KEPT = timedelta(days=7)
READINGS_PER_STEP = 5_000
CALLS_KEPT = timedelta(days=3)
"""How long a repeated call is known by its key."""
BEGINNING = "00000000-0000-0000-0000-000000000000"


async def prune(connection: Connection, days: int, at: datetime) -> int:
    """Take a step; returns 1 when there is another one to take. A transaction of its own."""
    before = at - timedelta(days=days)
    async with connection.transaction():
        await connection.execute(statement("calls", "forget"), {"before": at - CALLS_KEPT})
        await connection.execute(statement("devices", "forget"), {
            "before": at - READINGS_KEPT, "limit": READINGS_PER_STEP})
        await connection.execute(statement("prune", "begin"), {"at": at})
        held = await (await connection.execute(statement("prune", "place"))).fetchone()
        if held is None:
            return 0
        place, began_at = held
        await connection.execute(statement("prune", "labels"), {"ended_before": before, "limit": PER_STEP})
        row = await (await connection.execute(statement("prune", "step"), {
            "from": place, "before": first_id(before), "ended_before": before, "limit": PER_STEP, "at": at,
            "kept": list(KEPT),
        })).fetchone()
        assert row is not None
        is_more = row[0] not in (None, place)
        if is_more:
            await connection.execute(statement("prune", "move"), {"place": row[0], "began_at": None})
        elif place != BEGINNING and at - began_at > AGAIN_AFTER:
            await connection.execute(statement("prune", "move"), {"place": BEGINNING, "began_at": at})
    return int(is_more)
