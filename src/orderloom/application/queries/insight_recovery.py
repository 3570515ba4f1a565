"""The board of recovery times: how long troubles last, by time or place, against the period before.

It shares the question with the cases' own tab; what is new is the period before, laid over the one that is shown.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from orderloom.application.queries.insight import (
    PARTS_MAX,
    TIMES,
    Chart,
    ChartPoint,
    FigureBoard,
    FigureQuestion,
    times,
)
from orderloom.application.queries.recovery import By, Recovery, RecoveryRow, Time, recovery_times
from orderloom.application.queries.sql import Connection

BOARD = "recovery"
Figure = Literal["recovery_p50", "recovery_p90", "recovered"]
CHARTS: tuple[tuple[Figure, str], ...] = (
    ("recovery_p50", "seconds"), ("recovery_p90", "seconds"), ("recovered", "count"))


async def read_recovery_board(
    connection: Connection, asked: FigureQuestion, zone: str, at: datetime,
) -> FigureBoard:
    """Median, 90th percentile and number of troubles that ended. It is told of all shops and warehouses only."""
    if asked.accounts is not None or asked.warehouses is not None:
        return FigureBoard(BOARD, asked.by, asked.since, asked.until, at, False, [], [name for name, _ in CHARTS])
    days = (asked.until - asked.since).days
    by = cast(By | Time, asked.by)
    since, until = _midnight(asked.since, zone), _midnight(asked.until, zone)
    now = await recovery_times(connection, by, since, until, zone)
    earlier = _midnight(asked.since - timedelta(days=days), zone)
    before = await recovery_times(connection, by, earlier, since, zone, days)
    charts = [_chart(name, unit, asked, now, before) for name, unit in CHARTS]
    return FigureBoard(BOARD, asked.by, asked.since, asked.until, at, False, charts)


def _chart(name: Figure, unit: str, asked: FigureQuestion, now: Recovery, before: Recovery) -> Chart:
    sides = [{row.key: row for row in side.rows} for side in (now, before)]
    parts = list(times(asked)) if asked.by in TIMES else list({**sides[0], **sides[1]})[:PARTS_MAX]
    points = [ChartPoint(part, *[_figure(name, side.get(part)) for side in sides]) for part in parts]
    return Chart(name, unit, "", "cases", _figure(name, now.total), _figure(name, before.total), points)


def _figure(name: Figure, row: RecoveryRow | None) -> int | None:
    if row is None:
        return None
    return {"recovery_p50": row.median_seconds, "recovery_p90": row.p90_seconds, "recovered": row.count}[name]


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
