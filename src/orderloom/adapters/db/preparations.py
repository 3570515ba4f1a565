"""Keeps what somebody is preparing: samples that a mapping is made with, accounts half connected. All of it sealed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import Vault
from orderloom.application.prepare import KeptSample, StoredDraft

Connection = AsyncConnection[Any]
DRAFTS_MAX = 50
KEPT = timedelta(days=14)
"""Keys that somebody typed in and never tried are forgotten after so long."""


class Preparations:
    """See `application.prepare.Preparing`; in the caller's transaction."""

    def __init__(self, connection: Connection, vault: Vault, at: datetime) -> None:
        self._connection, self._vault, self._at = connection, vault, at

    async def keep_sample(self, account_id: int, topic: str, name: str, body: bytes, by: str) -> None:
        """Keep a sample; the one of before is gone."""
        await self._rows("keep_sample", id=new_id(), account=account_id, subject=topic, told=name,
                         sealed=self._vault.encrypt(body), by=by, at=self._at)

    async def sample(self, account_id: int, topic: str) -> KeptSample | None:
        """The sample of a topic."""
        rows = await self._rows("sample", account=account_id, subject=topic)
        return KeptSample(rows[0][1], self._vault.decrypt(bytes(rows[0][2])), rows[0][3], rows[0][4]) if rows else None

    async def drop_sample(self, account_id: int, topic: str) -> None:
        """Forget it."""
        await self._rows("drop_sample", account=account_id, subject=topic)

    async def keep_draft(self, draft_id: str, connector: str, told: str, sealed: bytes, by: str) -> str:
        """Keep an account half connected (empty id: a new one); its id."""
        draft_id = draft_id or new_id()
        await self._rows("forget", before=self._at - KEPT)
        await self._rows("keep_draft", id=draft_id, subject=connector, told=told, sealed=self._vault.encrypt(sealed),
                         by=by, at=self._at)
        return draft_id

    async def drafts(self, draft_id: str | None = None) -> list[StoredDraft]:
        """All of them, the newest first, or one."""
        rows = await self._rows("drafts", id=draft_id, limit=DRAFTS_MAX)
        return [StoredDraft(r[0], r[1], r[2], self._vault.decrypt(bytes(r[3])), r[4], r[5], r[6]) for r in rows]

    async def drop_draft(self, draft_id: str) -> None:
        """It is connected, or given up."""
        await self._rows("drop_draft", id=draft_id)

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found = await self._connection.execute(statement("preparations", query), given)
        return await found.fetchall() if found.description else []
