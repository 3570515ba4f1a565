"""A pooled connection for a limited time: a frozen server or a silent network hangs nobody.

A limit that only asks the server to stop (`statement_timeout`, a cancel request) is worth nothing when the server does
not run, and a cancelled coroutine waits for the answer to its cancel request. So the line itself is cut: whoever waits
on it is told at once that the connection is lost, and the pool throws it away.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db.away import described, is_away, meaning
from orderloom.adapters.db.line import CONNECT_SECONDS_MAX, LINE, TimedConnection, cut, name_line
from orderloom.adapters.db.session import SETTINGS
from orderloom.application.ports import StoreAway
from orderloom.application.within import Within

Connection = AsyncConnection[Any]
Pool = AsyncConnectionPool[Connection]
POOL_SECONDS_MAX = 10.0
"""How long somebody waits for a connection who has no limit of their own."""
T = TypeVar("T")
TRUST_SECONDS_MAX = 1.0
USE_SECONDS_MIN = 0.5
"""What is left for the statements however long the connection was waited for."""


class Openings:
    """Opens connections of a pool; `wait_seconds` and `seconds` (0: none) bound the wait for one, and all in all."""

    def __init__(
        self, pool: Pool, wait_seconds: float = 0.0, seconds: float = 0.0,
    ) -> None:
        self.pool, self._wait_seconds, self._seconds = pool, wait_seconds, seconds

    @asynccontextmanager
    async def connect(self, seconds: float = 0.0) -> AsyncIterator[Connection]:
        """A connection in autocommit; `seconds` instead of the usual limit. Raises StoreAway, StoreRefused."""
        held: Connection | None = None
        try:
            async with self._borrowed(seconds or self._seconds) as held:
                yield held
        except psycopg.Error as error:
            raise meaning(error, held) from None

    @asynccontextmanager
    async def briefly(self, seconds: float) -> AsyncIterator[Connection]:
        """The same, of which each statement may take so long. Raises TooLong too, and the connection is as before."""
        async with self.connect() as connection:
            await connection.execute(f"set statement_timeout to {int(seconds * 1000)}".encode())
            try:
                yield connection
            finally:
                await connection.execute("set statement_timeout to 0")

    def within(self, made: Callable[[Connection], T], queued: Callable[[], None] | None = None) -> Within[T]:
        """An opener of transactions on what is `made` of a connection. `queued` is called after one was committed."""

        @asynccontextmanager
        async def begin() -> AsyncIterator[T]:
            async with self.connect() as connection, connection.transaction():
                yield made(connection)
            if queued is not None:
                queued()

        return begin

    def on(self, made: Callable[[Connection], T]) -> Within[T]:
        """An opener of what is `made` of a connection, with no transaction around it: it takes several of its own."""

        @asynccontextmanager
        async def begin() -> AsyncIterator[T]:
            async with self.connect() as connection:
                yield made(connection)

        return begin

    def _borrowed(self, seconds: float) -> AbstractAsyncContextManager[Connection]:
        if not seconds:
            return self.pool.connection()
        return borrowed(self.pool, min(self._wait_seconds or seconds, seconds), seconds)


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


def make_pool(dsn: str, connections_max: int) -> Pool:
    """A pool that is not open yet."""
    return AsyncConnectionPool(
        dsn, min_size=1, max_size=connections_max, open=False, timeout=POOL_SECONDS_MAX, reconnect_timeout=0,
        kwargs={"autocommit": True, **LINE}, connection_class=TimedConnection, configure=set_up, check=trusted,
    )
