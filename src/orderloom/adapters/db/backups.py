"""Backups and drills that were noted, in the caller's transaction."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.note_backup import BackupNoted


class Backups:
    """See `application.note_backup.BackupBook`."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, noted: BackupNoted) -> None:
        """Keep a note."""
        await self._connection.execute(statement("backups", "add"), msgspec.structs.asdict(noted))
