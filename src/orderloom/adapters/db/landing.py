"""Store vouchers in PostgreSQL, encrypted, each once; and say so only when they are committed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection, Error
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db import writing
from orderloom.adapters.db.away import meaning
from orderloom.adapters.db.limit import borrowed
from orderloom.adapters.db.rereading import owe
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.tables import INTAKE_TABLE, MESSAGE_TABLE
from orderloom.adapters.db.wire import Ids
from orderloom.adapters.vault import Vault
from orderloom.application.land import Voucher

Connection = AsyncConnection[Any]
WAIT_SECONDS_MAX = 2.0
"""How long the door waits for a connection before it spools."""
COPY_LEAST = 40
"""From so many on a group is cheaper copied than inserted, with its transaction and its round trips."""
STORE_SECONDS_MAX = 2.5
"""How long a group may take in all, waiting included: a platform's own time limit is 3 to 5 seconds."""


class DatabaseStore:
    """See `application.land.MessageStore`."""

    def __init__(
        self, pool: AsyncConnectionPool[Connection], vault: Vault, queued: Callable[[], None] = lambda: None,
    ) -> None:
        """`queued` is called when something was stored."""
        self._pool, self._vault, self._queued = pool, vault, queued
        self._repeating = set[int]()
        """Accounts whose last large group had deliveries that were known."""

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        """Commit the vouchers; returns the ids of the new ones. Raises StoreAway when the database is not there or too
        slow, StoreRefused when it does not take them."""
        async with borrowed(self._pool, WAIT_SECONDS_MAX, STORE_SECONDS_MAX) as connection:
            try:
                new = await self.store_on(connection, vouchers)
            except Error as error:
                raise meaning(error, connection) from None
        if new or any(v.rereads for v in vouchers):
            self._queued()
        return new

    async def count_forged(self, counts: Mapping[tuple[int, datetime], int]) -> None:
        """Count what came from untrusted sources and was not kept, by account and hour."""
        async with borrowed(self._pool, WAIT_SECONDS_MAX, STORE_SECONDS_MAX) as connection:
            await connection.execute(statement("messages", "tally"), {
                "account": [account for account, _ in counts], "hour": [hour for _, hour in counts],
                "measure": ["forged"] * len(counts), "quantity": list(counts.values()),
            })

    async def note_pushes(self, heard: Mapping[int, datetime]) -> None:
        """When each account's platform last pushed something genuine. Raises StoreAway, StoreRefused."""
        async with borrowed(self._pool, WAIT_SECONDS_MAX, STORE_SECONDS_MAX) as connection:
            await connection.execute(statement("messages", "pushed"), {
                "account": list(heard), "pushed_at": list(heard.values())})

    async def store_on(self, connection: Connection, vouchers: Sequence[Voucher]) -> set[str]:
        """The same in a transaction of its own on a given connection."""
        owed = [(v.account_id, one, v.received_at) for v in vouchers for one in v.rereads]
        if not owed:
            return await self._each_once(connection, vouchers)
        async with connection.transaction():
            new = await self._each_once(connection, vouchers)
            await owe(connection, owed)
        return new

    async def _each_once(self, connection: Connection, vouchers: Sequence[Voucher]) -> set[str]:
        unique = {(v.account_id, v.event_id): v for v in vouchers}
        if len(unique) == len(vouchers):
            return await self._keep(connection, vouchers)
        kept = {v.id for v in unique.values()}
        async with connection.transaction():
            new = await self._keep(connection, list(unique.values()))
            await _tally(connection, [v for v in vouchers if v.id not in kept], "duplicates")
        return new

    async def _keep(self, connection: Connection, vouchers: Sequence[Voucher]) -> set[str]:
        """Store and count. A large group is copied as if all of it were new, and asked one by one when it is not.

        A copy that fails leaves dead rows behind: where the last group had known deliveries it is not tried.
        """
        accounts = {v.account_id for v in vouchers}
        if len(vouchers) >= COPY_LEAST and self._repeating.isdisjoint(accounts):
            with suppress(UniqueViolation):
                await _copy(connection, vouchers, self._vault)
                return {v.id for v in vouchers}
        new = await _insert(connection, vouchers, self._vault)
        if len(vouchers) >= COPY_LEAST:
            self._repeating -= accounts
            self._repeating |= {v.account_id for v in vouchers if v.id not in new}
        return new


async def _copy(connection: Connection, vouchers: Sequence[Voucher], vault: Vault) -> None:
    """Insert and count what is new. In the order of `messages.sql: land`, so that two landers never wait for each
    other. Raises UniqueViolation, and then nothing was stored."""
    ids = Ids()
    rows = sorted(vouchers, key=lambda v: (v.account_id, v.event_id))
    async with connection.transaction():
        await writing.insert(connection, MESSAGE_TABLE, [
            (ids[v.id], v.account_id, v.event_id, v.topic, v.received_at, vault.encrypt_voucher(v.body), len(v.body),
             v.digest, orjson.dumps(v.headers).decode(), ids[v.parent_id] if v.parent_id else None)
            for v in rows
        ])
        await writing.insert(connection, INTAKE_TABLE, [
            (ids[v.id], v.account_id, v.lane, v.outcome, v.reason, v.received_at) for v in rows
        ])
        await _tally(connection, vouchers, "received")


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


async def _tally(connection: Connection, vouchers: Sequence[Voucher], measure: str) -> None:
    """Count messages per account and hour."""
    sums = Counter[tuple[int, datetime]]()
    for (account, at), count in Counter([(v.account_id, v.received_at) for v in vouchers if v.is_message]).items():
        sums[account, at.replace(minute=0, second=0, microsecond=0)] += count
    if sums:
        await connection.execute(statement("messages", "tally"), {
            "account": [account for account, _ in sums], "hour": [hour for _, hour in sums],
            "measure": [measure] * len(sums), "quantity": list(sums.values()),
        })
