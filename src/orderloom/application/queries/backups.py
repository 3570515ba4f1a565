"""Whether the hub could be brought back: the last good backup, the last drill, and when the next are due."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
BACKUP_EVERY, DRILL_EVERY = timedelta(days=1), timedelta(days=90)
LATE_AFTER = timedelta(hours=2)
SHOWN_MAX = 30


class BackupRun(msgspec.Struct, frozen=True):
    """A backup or a drill that was noted."""

    id: str
    kind: str
    began_at: datetime
    ended_at: datetime
    is_good: bool
    bytes: int
    place: str
    detail: str
    by: str


class BackupState(msgspec.Struct, frozen=True):
    """`database_bytes` is what the database holds now. A backup is due a day after the last good one, a drill 90 days;
    both at once when there was none. `runs` are the latest, the newest first."""

    as_of: datetime
    database_bytes: int
    last_backup: BackupRun | None
    last_drill: BackupRun | None
    backup_due_at: datetime
    drill_due_at: datetime
    is_backup_late: bool
    is_drill_late: bool
    runs: list[BackupRun]


async def read_backups(connection: Connection, at: datetime) -> BackupState:
    """How it stands."""
    size = await (await connection.execute(SQL["size"])).fetchone()
    rows = await (await connection.execute(SQL["runs"], {"limit": SHOWN_MAX})).fetchall()
    good = {row[1]: BackupRun(*row) for row in await (await connection.execute(SQL["last_good"])).fetchall()}
    backup, drill = good.get("backup"), good.get("drill")
    backup_due = backup.ended_at + BACKUP_EVERY if backup else at
    drill_due = drill.ended_at + DRILL_EVERY if drill else at
    return BackupState(
        at, int(size[0]) if size else 0, backup, drill, backup_due, drill_due,
        backup is None or at > backup_due + LATE_AFTER, drill is None or at > drill_due, [BackupRun(*r) for r in rows])
