"""A pooled connection for a limited time: a frozen server or a silent network hangs nobody.

A limit that only asks the server to stop (`statement_timeout`, a cancel request) is worth nothing when the server does
not run, and a cancelled coroutine waits for the answer to its cancel request. So the line itself is cut: whoever waits
on it is told at once that the connection is lost, and the pool throws it away.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db.away import described, is_away
from orderloom.adapters.db.line import CONNECT_SECONDS_MAX, TimedConnection, cut, name_line
from orderloom.adapters.db.session import SETTINGS
from orderloom.application.ports import StoreAway

Connection = AsyncConnection[Any]
TRUST_SECONDS_MAX = 1.0
USE_SECONDS_MIN = 0.5
"""What is left for the statements however long the connection was waited for."""


@asynccontextmanager
async def borrowed(
    pool: AsyncConnectionPool[Connection], wait_seconds: float, seconds: float,
) -> AsyncIterator[Connection]:
    """A connection, waited for at most `wait_seconds` and cut off `seconds` after it was asked for.

    Raises StoreAway when the database is away or too slow; every other error passes through as it is.
    """
    begun = monotonic()
    held: Connection | None = None
    try:
        async with pool.connection(timeout=wait_seconds) as held:
            with time_limit(held, max(seconds - (monotonic() - begun), USE_SECONDS_MIN)):
                yield held
    except psycopg.Error as error:
        if is_away(error, held):
            raise StoreAway(described(error)) from None
        raise


@contextlib.contextmanager
def time_limit(connection: Connection, seconds: float) -> Any:
    """Cut the connection's line when the block takes longer than `seconds`."""
    timer = asyncio.get_running_loop().call_later(seconds, cut, connection)
    try:
        yield
    finally:
        timer.cancel()


async def trusted(connection: Connection) -> None:
    """Ask an idle connection whether it still answers, when another one did not since it last proved to.

    Raises psycopg.Error: the pool throws it away and takes the next one.
    """
    if not isinstance(connection, TimedConnection) or connection.proven_at > TimedConnection.doubted_at:
        return
    with time_limit(connection, TRUST_SECONDS_MAX):
        await connection.execute("")
    connection.proven_at = monotonic()


async def set_up(connection: Connection) -> None:
    """Give a new connection its session settings; one that does not answer is given up as soon as connecting is."""
    with time_limit(connection, CONNECT_SECONDS_MAX):
        await connection.execute("; ".join(SETTINGS).encode())
        if isinstance(connection, TimedConnection):
            await name_line(connection)
            connection.proven_at = monotonic()
