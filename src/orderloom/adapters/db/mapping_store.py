"""Keeps mappings that people edited, version by version; what comes into force is told to every process."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.statements import statement
from orderloom.application.edit_mapping import StoredVersion
from orderloom.domain.override import Override

Connection = AsyncConnection[Any]


class MappingStore:
    """See `application.edit_mapping.MappingVersions`; in the caller's transaction."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection, self._at = connection, at

    async def lock(self, account_id: int) -> None:
        """Nobody else edits this account's mappings until the transaction ends."""
        await self._rows("lock", account=account_id)

    async def in_force(self, account_id: int) -> list[Override]:
        """What holds now."""
        return [Override(*row) for row in await self._rows("in_force", account=account_id)]

    async def draft(self, account_id: int, topic: str) -> StoredVersion | None:
        """The draft of a topic."""
        return await self._find(account_id, topic, "draft", 0)

    async def version(self, account_id: int, topic: str, version: int) -> StoredVersion | None:
        """A version by its number."""
        return await self._find(account_id, topic, "", version)

    async def save_draft(self, account_id: int, topic: str, content: str, digest: str, author: str) -> int:
        """Keep the draft; its number."""
        rows = await self._rows("save_draft", account=account_id, topic=topic, content=content, digest=digest,
                                author=author, at=self._at)
        return int(rows[0][0])

    async def drop_draft(self, account_id: int, topic: str) -> bool:
        """Forget the draft; False where there is none."""
        done = await self._connection.execute(statement("mappings", "drop_draft"), {
            "account": account_id, "topic": topic})
        return done.rowcount > 0

    async def note_trial(self, account_id: int, topic: str, digest: str, trial: str) -> None:
        """Write down how the draft with this digest was tried."""
        await self._rows("note_trial", account=account_id, topic=topic, digest=digest, trial=trial)

    async def put_in_force(self, account_id: int, topic: str, author: str, reason: str) -> int:
        """The draft holds from now on, in every process; what could not be read before goes through again."""
        await self._rows("retire", account=account_id, topic=topic)
        rows = await self._rows("put_in_force", account=account_id, topic=topic, author=author, reason=reason,
                                at=self._at)
        await self._changed(account_id)
        return int(rows[0][0])

    async def retire(self, account_id: int, topic: str) -> int | None:
        """The connector's own holds again; the number of what held until now."""
        rows = await self._rows("retire", account=account_id, topic=topic)
        await self._changed(account_id)
        return int(rows[0][0]) if rows else None

    async def _changed(self, account_id: int) -> None:
        await bump(self._connection, NO_GOODS_MOVED)
        await self._rows("requeue", account=account_id)

    async def _find(self, account_id: int, topic: str, state: str, version: int) -> StoredVersion | None:
        rows = await self._rows("find", account=account_id, topic=topic, state=state, version=version)
        return StoredVersion(*rows[0]) if rows else None

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found = await self._connection.execute(statement("mappings", query), given)
        return await found.fetchall() if found.description else []
