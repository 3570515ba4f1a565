"""What was asked of carriers and whose answer was lost: bought or not, booked or not, nobody knows yet."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
DOUBTS_MAX = 200


class DoubtedRequest(msgspec.Struct, frozen=True):
    """A request in doubt. `kind` is label, label_cancel, pickup or pickup_cancel; `delivery` is what may be made again
    or given up, null where it is pruned; `delivery_state` says whether it waits for that (parked)."""

    kind: str
    number: str
    work: str
    order: str
    box: int
    account: str
    carrier: str
    state: str
    error: str
    asked_by: str
    asked_at: datetime
    delivery: str | None
    delivery_state: str | None


class DoubtList(msgspec.Struct, frozen=True):
    """Requests in doubt, oldest first. `is_more`: there are more than are told."""

    doubts: list[DoubtedRequest]
    is_more: bool


async def doubts_of(connection: Connection, before: datetime) -> DoubtList:
    """All of them; what was asked after `before` and is not answered yet is in no doubt."""
    rows = await (await connection.execute(SQL["doubts"], {"before": before, "limit": DOUBTS_MAX + 1})).fetchall()
    return DoubtList([DoubtedRequest(*row) for row in rows[:DOUBTS_MAX]], len(rows) > DOUBTS_MAX)
