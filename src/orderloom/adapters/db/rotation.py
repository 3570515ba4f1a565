"""Encrypted rows under their keys: counted, streamed by id, and renewed batch by batch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.statements import statement
from orderloom.adapters.vault import KeyMissing, Vault
from orderloom.application.rotate_keys import Renewed

Connection = AsyncConnection[Any]
ROWS_PER_STEP = 1_000


class Rotation:
    """See `application.rotate_keys.SealedRows`."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def outstanding(self) -> dict[str, int]:
        """Rows of each table that are still under another key than the newest."""
        return await self._counts("counts", self._vault.newest)

    async def under(self, key_id: int) -> dict[str, int]:
        """Rows of each table under this very key."""
        return await self._counts("used", key_id)

    async def batches(self, table: str, key_id: int | None = None) -> AsyncIterator[list[str]]:
        """Ids of rows that are under this key, or (None) not under the newest."""
        name = f"ids_{table}" if key_id is None else f"used_{table}"
        async with self._connection.cursor("rotation", withhold=True) as cursor:
            await cursor.execute(statement("rotation", name), {
                "key": self._vault.newest if key_id is None else key_id})
            while rows := await cursor.fetchmany(ROWS_PER_STEP):
                yield [row[0] for row in rows]

    async def renew(self, table: str, ids: Sequence[str]) -> Renewed:
        """Encrypt these anew, in a transaction of its own; what cannot be opened stays as it is.

        Vouchers from before they were packed become so on the way.
        """
        seal = self._vault.encrypt_voucher if table == "message" else self._vault.encrypt
        new: list[tuple[str, bytes]] = []
        damaged = []
        async with self._connection.transaction():
            for row_id, cipher in await self._taken(table, ids):
                if cipher and cipher[0] != self._vault.newest:
                    clear = self._opened(table, cipher)
                    if clear is None:
                        damaged.append(row_id)
                    else:
                        new.append((row_id, seal(clear)))
            if new:
                await self._connection.execute(statement("rotation", f"put_{table}"), {
                    "id": [row_id for row_id, _ in new], "new": [cipher for _, cipher in new]})
                if table == "account":
                    await bump(self._connection, NO_GOODS_MOVED)
        return Renewed(len(new), tuple(damaged))

    async def opens_any(self, table: str, ids: Sequence[str]) -> bool:
        """Whether some of these rows can still be opened."""
        async with self._connection.transaction():
            rows = await self._taken(table, ids)
        return any(self._opened(table, cipher) is not None for _, cipher in rows if cipher)

    async def _taken(self, table: str, ids: Sequence[str]) -> list[tuple[str, bytes]]:
        rows = await self._connection.execute(statement("rotation", f"take_{table}"), {"ids": list(ids)}, binary=True)
        return [(row[0], bytes(row[1] or b"")) for row in await rows.fetchall()]

    def _opened(self, table: str, cipher: bytes) -> bytes | None:
        """Clear bytes; None where no key fits: what is damaged is told, and does not hold up the others."""
        try:
            return self._vault.decrypt_voucher(cipher) if table == "message" else self._vault.decrypt(cipher)
        except KeyMissing:
            return None

    async def _counts(self, name: str, key_id: int) -> dict[str, int]:
        return dict(await (await self._connection.execute(statement("rotation", name), {"key": key_id})).fetchall())
