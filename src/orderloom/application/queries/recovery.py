"""Recovery time: from an order's first abnormal state to normal again, as median, 90th percentile and distribution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
By = Literal["kind", "channel", "account", "warehouse", "owner", "person"]
Time = Literal["day", "week", "month"]
_ENDED = "(ended_at at time zone %(zone)s::text)::date + %(shift)s::integer"
BY: Mapping[str, str] = MappingProxyType({
    **{name: name for name in By.__args__},  # type: ignore[attr-defined]
    "day": f"({_ENDED})::text", "week": f"date_trunc('week', {_ENDED})::date::text",
    "month": f"date_trunc('month', {_ENDED})::date::text",
})
BOUNDS = (900, 3_600, 14_400, 86_400, 259_200)
"""Seconds at which the distribution is cut; the last part is all above."""
ROWS_MAX = 200


class RecoveryRow(msgspec.Struct, frozen=True):
    """Troubles that ended: how many, and within how many seconds half and nine tenths of them. `buckets`: how many
    ended below each bound, and above the last."""

    key: str
    count: int
    median_seconds: int
    p90_seconds: int
    buckets: list[int]


class Recovery(msgspec.Struct, frozen=True):
    """Recovery times in a span, by one thing, what is frequent first; `bounds` are seconds. `total` is None where
    nothing ended."""

    by: str
    since: datetime
    until: datetime
    bounds: list[int]
    total: RecoveryRow | None
    rows: list[RecoveryRow]


async def recovery_times(
    connection: Connection, by: By | Time, since: datetime, until: datetime, zone: str = "UTC", shift_days: int = 0,
) -> Recovery:
    """What ended in the span. Cases of one order that overlap are one trouble; it ends with the last of them.

    By time, days are those of `zone`, told so many days later: a span before is laid over the one after it.
    """
    query = SQL["recovery"].replace("{by}", BY[by])
    given = {"since": since, "until": until, "limit": ROWS_MAX + 1, "zone": zone, "shift": shift_days}
    found = await (await connection.execute(query, given)).fetchall()
    rows = [RecoveryRow(r[0] or "", r[1], round(r[2] or 0), round(r[3] or 0), list(r[4])) for r in found]
    return Recovery(by, since, until, list(BOUNDS), rows[0] if rows and rows[0].count else None, rows[1:])
