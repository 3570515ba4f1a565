"""What has to be read again at its source, kept in PostgreSQL together with the hint that said so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.ports import Reread
from orderloom.application.sources.hub import Lease, Owed

Connection = AsyncConnection[Any]


async def owe(connection: Connection, owed: Sequence[tuple[int, Reread, datetime]]) -> None:
    """Write down that these are to be read again, in the caller's transaction."""
    if owed:
        await connection.execute(statement("reread", "owe"), {
            "account": [account for account, _, _ in owed], "what": [one.what for _, one, _ in owed],
            "id": [one.id for _, one, _ in owed], "times": [at for _, _, at in owed]})


class OwedReadings:
    """See `application.sources.hub.RereadBook`; each call is a statement of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def owe(self, account_id: int, owed: Sequence[Reread], at: datetime) -> None:
        """They are to be read again."""
        await owe(self._connection, [(account_id, one, at) for one in owed])

    async def take(self, lease: Lease, busy: Collection[int], limit: int) -> list[Owed]:
        """Lease what is due, but for these accounts."""
        rows = await self._connection.execute(statement("reread", "take"), {
            "at": lease.at, "lease_until": lease.until, "due_latest": lease.due_latest,
            "lease_latest": lease.lease_latest, "busy": list(busy), "limit": limit})
        return [Owed(*row) for row in await rows.fetchall()]

    async def done(self, account_id: int, what: str, owed: Sequence[Owed], at: datetime) -> None:
        """They were read."""
        await self._connection.execute(statement("reread", "done"), {
            "account": account_id, "what": what, "id": [one.id for one in owed], "hints": [one.hints for one in owed],
            "at": at})

    async def failed(self, account_id: int, what: str, due: Sequence[tuple[Owed, datetime]], error: str) -> None:
        """They could not be read, and are asked for again then."""
        await self._connection.execute(statement("reread", "failed"), {
            "account": account_id, "what": what, "id": [one.id for one, _ in due], "due_at": [at for _, at in due],
            "error": error})

    async def extend(self, account_id: int, what: str, owed: Sequence[Owed], until: datetime) -> None:
        """They are still being read."""
        await self._connection.execute(statement("reread", "extend"), {
            "account": account_id, "what": what, "id": [one.id for one in owed], "lease_until": until})
