"""Brings everything that is encrypted under the newest key, batch by batch; stopped anywhere, it goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.statements import statement
from orderloom.adapters.vault import Vault

Connection = AsyncConnection[Any]
TABLES = ("account", "orders", "message")
ROWS_PER_STEP = 1_000


async def outstanding(connection: Connection, key_id: int) -> dict[str, int]:
    """Rows of each table that are still under another key."""
    return dict(await (await connection.execute(statement("rotation", "counts"), {"key": key_id})).fetchall())


async def rows_under(connection: Connection, key_id: int) -> dict[str, int]:
    """Rows of each table that only this key opens."""
    return dict(await (await connection.execute(statement("rotation", "used"), {"key": key_id})).fetchall())


async def re_encrypt(connection: Connection, vault: Vault, progress: Callable[[int, int], None]) -> int:
    """Re-encrypt what is not under the vault's newest key; returns how many rows. Raises vault.KeyMissing."""
    total = sum((await outstanding(connection, vault.newest)).values())
    done = 0
    for table in TABLES:
        async with connection.cursor("rotation", withhold=True) as cursor:
            await cursor.execute(statement("rotation", f"ids_{table}"), {"key": vault.newest})
            while rows := await cursor.fetchmany(ROWS_PER_STEP):
                done += await _step(connection, table, [row[0] for row in rows], vault)
                progress(done, max(total, done))
    return done


async def _step(connection: Connection, table: str, ids: list[str], vault: Vault) -> int:
    """One batch in a transaction of its own; returns how many rows changed."""
    # Vouchers from before they were packed become so on the way.
    is_voucher = table == "message"
    read = vault.decrypt_voucher if is_voucher else vault.decrypt
    write = vault.encrypt_voucher if is_voucher else vault.encrypt
    async with connection.transaction():
        taken = await connection.execute(statement("rotation", f"take_{table}"), {"ids": ids}, binary=True)
        old = [(r[0], bytes(r[1])) for r in await taken.fetchall() if r[1] and r[1][0] != vault.newest]
        if old:
            await connection.execute(statement("rotation", f"put_{table}"), {
                "id": [r[0] for r in old], "new": [write(read(r[1])) for r in old],
            })
            if table == "account":
                await bump(connection, NO_GOODS_MOVED)
    return len(old)
