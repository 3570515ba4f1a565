"""Imports of files, written down as they go, and what of them waits; in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.import_errors import StoredItem
from orderloom.application.import_shapes import ImportRun
from orderloom.domain.shown import key_of

Connection = AsyncConnection[Any]


class Importing:
    """See `application.import_shapes.Imports` and `application.import_errors.LeftBehind`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def begin(self, run: ImportRun, account_id: int) -> str:
        """Write an import down; returns its id."""
        rows = await self._rows("begin", account=account_id, file=run.file, digest=run.digest, bytes=run.bytes,
                                by=run.by, at=run.begun_at, options=msgspec.json.encode(run.options).decode(),
                                message=run.message)
        return str(rows[0][0])

    async def note(self, run: ImportRun) -> None:
        """How far it is."""
        await self._rows("note", id=run.id, at=run.seen_at, ended_at=run.ended_at, encoding=run.encoding, rows=run.rows,
                         rows_failed=run.rows_failed, items=run.items, items_known=run.items_known,
                         refused=run.refused)

    async def message_of(self, account_id: int, event_id: str) -> str | None:
        """The stored message of an identity."""
        rows = await self._rows("message_of", account=account_id, event=key_of(event_id))
        return rows[0][0] if rows else None

    async def known(self, account_id: int, events: Sequence[str]) -> set[str]:
        """Those of these identities that landed before."""
        keys = {key_of(event): event for event in events}
        return {keys[row[0]] for row in await self._rows("known", account=account_id, events=list(keys))}

    async def failed(self, run_id: str, limit: int) -> tuple[str, list[StoredItem]] | None:
        """The file's name and what of it waits."""
        named = await self._rows("file_of", id=run_id)
        if not named:
            return None
        rows = await self._rows("failed", id=run_id, limit=limit)
        return named[0][0], [StoredItem(bytes(row[0]), row[1], row[2]) for row in rows]

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found = await self._connection.execute(statement("imports", query), given)
        return await found.fetchall() if found.description else []
