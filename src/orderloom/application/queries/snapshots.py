"""Snapshots of stock, newest first, and the figures that differed in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import NUMBER, Connection, from_cursor, to_cursor
from orderloom.domain.inventory.snapshot import SnapshotRow
from orderloom.statements import beside

SQL = beside(__file__)
SNAPSHOT_NUMBER = re.compile(r"[A-Z]-[0-9]{8}-[0-9]{4,9}")


class SnapshotView(msgspec.Struct, frozen=True):
    """A snapshot: how many figures were compared, how many differ, how many of these what is on its way explains; by
    system that gave nothing, why. New orders of `tripped` wait until `paused_until`, null when they do not any more.
    `ended_at` null: it is being taken."""

    number: str
    scheduled_for: datetime | None
    began_at: datetime
    ended_at: datetime | None
    by: str
    compared: int
    explained: int
    differ: int
    systems: list[str]
    unread: dict[str, str]
    tripped: list[str]
    paused_until: datetime | None


class DifferenceView(msgspec.Struct, frozen=True):
    """A figure that differs, by how many per mille; what explains it: in_flight, on_its_way, sold_since, or nothing."""

    system: str
    place: str
    sku: str
    spelling: str
    meaning: str
    ours: int | None
    theirs: int | None
    permille: int
    explained: str


class SnapshotPage(msgspec.Struct, frozen=True):
    """A page of snapshots; null after the last one."""

    snapshots: list[SnapshotView]
    next: str | None


class SnapshotDetail(msgspec.Struct, frozen=True):
    """A snapshot with a page of what differs, in the order of the systems."""

    snapshot: SnapshotView
    rows: list[DifferenceView]
    next: str | None


async def list_snapshots(connection: Connection, *, cursor: str = "", limit: int = 50) -> SnapshotPage:
    """A page of snapshots. Raises WrongCursor."""
    (after,) = from_cursor(cursor, SNAPSHOT_NUMBER) if cursor else ("",)
    rows = await _snapshots(connection, after=after, limit=limit + 1)
    found = [SnapshotView(*row) for row in rows[:limit]]
    return SnapshotPage(found, to_cursor(found[-1].number) if len(rows) > limit else None)


async def show_snapshot(
    connection: Connection, number: str, *, cursor: str = "", limit: int = 50,
) -> SnapshotDetail | None:
    """One snapshot; None when there is none with the number. Raises WrongCursor."""
    (after,) = from_cursor(cursor, NUMBER) if cursor else ("0",)
    heads = await _snapshots(connection, number=number, limit=1)
    if not heads:
        return None
    given = {"number": number, "after": int(after), "limit": limit + 1}
    rows = await (await connection.execute(SQL["rows"], given)).fetchall()
    shown = [_difference(SnapshotRow(*row[1:])) for row in rows[:limit]]
    return SnapshotDetail(SnapshotView(*heads[0]), shown, to_cursor(rows[limit - 1][0]) if len(rows) > limit else None)


def _difference(row: SnapshotRow) -> DifferenceView:
    return DifferenceView(row.system, row.place, row.sku, row.spelling, row.meaning, row.ours, row.theirs, row.permille,
                          row.explained)


async def _snapshots(
    connection: Connection, *, number: str = "", after: str = "", limit: int,
) -> Sequence[Sequence[Any]]:
    given = {"number": number, "after": after, "limit": limit}
    return await (await connection.execute(SQL["snapshots"], given)).fetchall()
