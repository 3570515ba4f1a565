"""Keeps what people put right in single messages, sealed: a corrected value may be a person's phone or address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.discarding import Messages
from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import Vault
from orderloom.blueprint.mapping.corrections import Correction, told_of

Connection = AsyncConnection[Any]


class Corrections(Messages):
    """See `application.mends.ways.CorrectedMessages`; in the caller's transaction."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        super().__init__(connection)
        self._vault = vault

    async def correct(self, ids: Sequence[str], told: Correction, author: str, reason: str, at: datetime) -> None:
        """Keep what is to be read in these messages."""
        sealed = self._vault.encrypt(msgspec.json.encode(told))
        await self._connection.execute(statement("messages", "correct"), {
            "ids": [new_id() for _ in ids], "messages": list(ids), "path": told.path, "value": sealed,
            "author": author, "reason": reason, "at": at})

    def told(self, sealed: Sequence[bytes]) -> str:
        """Corrections as a message carries them."""
        return told_of([msgspec.json.decode(self._vault.decrypt(bytes(one)), type=Correction) for one in sealed])
