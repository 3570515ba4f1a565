"""OrderNotes on orders, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.write_note import NoteWritten

Connection = AsyncConnection[Any]


class OrderNotes:
    """See `application.write_note.NoteBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def users(self, names: Sequence[str]) -> list[str]:
        """Those of the names that are users who may log in."""
        rows = await self._connection.execute(statement("notes", "users"), {"names": list(names)})
        return [row[0] for row in await rows.fetchall()]

    async def add(self, note: NoteWritten) -> None:
        """Keep a note."""
        await self._connection.execute(statement("notes", "add"), msgspec.structs.asdict(note))

    async def see(self, name: str, upto: datetime) -> None:
        """Note what somebody has seen."""
        await self._connection.execute(statement("notes", "see"), {"name": name, "upto": upto})
