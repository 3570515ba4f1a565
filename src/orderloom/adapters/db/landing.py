"""Store vouchers in PostgreSQL, encrypted, each once; and say so only when they are committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection, Error
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db.away import meaning
from orderloom.adapters.db.limit import borrowed
from orderloom.adapters.db.statements import statement
from orderloom.adapters.vault import Vault
from orderloom.application.land import Voucher

Connection = AsyncConnection[Any]
WAIT_SECONDS_MAX = 2.0
"""How long the door waits for a connection before it spools."""
STORE_SECONDS_MAX = 2.5
"""How long a group may take in all, waiting included: a platform's own time limit is 3 to 5 seconds."""


class DatabaseStore:
    """See `application.land.Store`."""

    def __init__(self, pool: AsyncConnectionPool[Connection], vault: Vault) -> None:
        self._pool, self._vault = pool, vault

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        """Commit the vouchers; returns the ids of the new ones. Raises StoreAway when the database is not there or too
        slow, StoreRefused when it does not take them."""
        async with borrowed(self._pool, WAIT_SECONDS_MAX, STORE_SECONDS_MAX) as connection:
            try:
                return await self.store_on(connection, vouchers)
            except Error as error:
                raise meaning(error, connection) from None

    async def count_forged(self, counts: Mapping[tuple[int, datetime], int]) -> None:
        """Count what came from untrusted sources and was not kept, by account and hour."""
        async with borrowed(self._pool, WAIT_SECONDS_MAX, STORE_SECONDS_MAX) as connection:
            await connection.execute(statement("messages", "tally"), {
                "account": [account for account, _ in counts], "hour": [hour for _, hour in counts],
                "measure": ["forged"] * len(counts), "quantity": list(counts.values()),
            })

    async def store_on(self, connection: Connection, vouchers: Sequence[Voucher]) -> set[str]:
        """The same in a transaction of its own on a given connection."""
        unique = {(v.account_id, v.event_id): v for v in vouchers}
        if len(unique) == len(vouchers):
            return await _insert(connection, vouchers, self._vault)
        kept = {v.id for v in unique.values()}
        async with connection.transaction():
            new = await _insert(connection, list(unique.values()), self._vault)
            await _tally_repeated(connection, [v for v in vouchers if v.id not in kept])
        return new


async def _insert(connection: Connection, vouchers: Sequence[Voucher], vault: Vault) -> set[str]:
    """Insert and count in one statement: one webhook is one round trip."""
    rows = orjson.dumps([
        {
            "id": v.id, "account": v.account_id, "event": v.event_id, "topic": v.topic, "at": v.received_at,
            "size": len(v.body), "digest": "\\x" + v.digest.hex(), "headers": orjson.dumps(v.headers).decode(),
            "parent": v.parent_id, "lane": v.lane, "outcome": v.outcome, "reason": v.reason,
            "hour": v.received_at.replace(minute=0, second=0, microsecond=0),
        }
        for v in vouchers
    ])
    found = await connection.execute(statement("messages", "land"), {
        "rows": rows.decode(), "bodies": [vault.encrypt_voucher(v.body) for v in vouchers],
    })
    return {r[0] for r in await found.fetchall()}


async def _tally_repeated(connection: Connection, vouchers: Sequence[Voucher]) -> None:
    """Count what came more than once in one group, per account and hour."""
    sums: dict[tuple[int, datetime], int] = {}
    for v in vouchers:
        if v.is_message:
            hour = v.received_at.replace(minute=0, second=0, microsecond=0)
            sums[v.account_id, hour] = sums.get((v.account_id, hour), 0) + 1
    if sums:
        await connection.execute(statement("messages", "tally"), {
            "account": [account for account, _ in sums], "hour": [hour for _, hour in sums],
            "measure": ["duplicates"] * len(sums), "quantity": list(sums.values()),
        })
