"""Wakes the loops of a worker when there is work, so that they may rest when there is none: nothing is lost by a call
that nobody hears, it only waits until the loops look by themselves.

Who queues work calls. In its own process the loops hear it at once; other processes are told by NOTIFY, outside of
every transaction and not more often than `CALL_SECONDS`: a call keeps them awake for longer than that.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from time import monotonic
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.abc import RV, PQGen
from psycopg_pool import AsyncConnectionPool

from orderloom.adapters.db.away import described
from orderloom.adapters.db.limit import borrowed, time_limit
from orderloom.adapters.db.line import TimedConnection, opened
from orderloom.application.ports import StoreAway

CHANNEL = "orderloom_work"
AWAKE_SECONDS = 2.0
"""How long the loops look often after the last call."""
CALL_SECONDS = 0.5
"""How often other processes are told at most; well below the time for which that keeps them awake."""
REST_SECONDS = 2.0
"""How long a loop rests that nobody calls."""
AGAIN_SECONDS = 5.0
ASK_SECONDS = 15.0
"""How often a line that brings no calls has to prove that it would."""
ANSWER_SECONDS_MAX = 5.0
log = structlog.get_logger()
Pool = AsyncConnectionPool[AsyncConnection[Any]]
Pauses = set[asyncio.Future[None]]


class Ear(TimedConnection):
    """A line on which hardly anything comes: it is not looked at ten times a second, as one that is to answer."""

    async def wait(  # its `timeout` is the driver's own
        self, gen: PQGen[RV], interval: float = ASK_SECONDS, timeout: float | None = None,  # noqa: ASYNC109
    ) -> RV:
        """See `TimedConnection.wait`."""
        return await super().wait(gen, max(interval, ASK_SECONDS), timeout)


class Rousing:
    """The calls of one process."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._dsn = pool, str(pool.conninfo)
        self._called_at = self._told_at = float("-inf")
        self._telling: asyncio.Task[None] | None = None
        self._resting: Pauses = set()
        self._waiting: Pauses = set()
        self._is_heard = False
        self._proof = f"{os.getpid()}-{id(self)}"

    @property
    def resting(self) -> int:
        """How many loops rest until somebody calls."""
        return len(self._resting)

    def call(self) -> None:
        """There is work. To be called when it is committed."""
        self.wake()
        if monotonic() - self._told_at >= CALL_SECONDS and (self._telling is None or self._telling.done()):
            self._told_at = monotonic()
            self._telling = asyncio.create_task(self._tell())

    def wake(self) -> None:
        """The same for this process alone."""
        self._called_at = monotonic()
        _end(self._resting)

    def end(self) -> None:
        """End every pause, also those of loops that do not rest."""
        _end(self._resting)
        _end(self._waiting)

    async def pause(self, seconds: float) -> None:
        """Wait for so long; or, when nobody has called for a while, for `REST_SECONDS` or the next call."""
        is_awake = not self._is_heard or monotonic() - self._called_at < AWAKE_SECONDS
        is_rest = not is_awake and seconds < REST_SECONDS
        await _until(self._resting if is_rest else self._waiting, REST_SECONDS if is_rest else seconds)

    async def wait(self, seconds: float) -> None:
        """Wait for so long, whoever calls."""
        await _until(self._waiting, seconds)

    async def listen(self) -> None:
        """Hear the calls of other processes, for ever. While none can be heard the loops look often, as if called."""
        while True:
            try:
                async with await opened(self._dsn, Ear) as line:
                    await line.execute(f"listen {CHANNEL}".encode())
                    while await self._heard(line):
                        continue
                log.info("calls_unheard", why="no answer to a call of our own")
            except psycopg.OperationalError as error:
                log.info("calls_unheard", why=described(error))
            finally:
                self._is_heard = False
                self.wake()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _heard(self, line: TimedConnection) -> bool:
        """Prove by a call of our own that this line brings calls (one through a pooler may bring none), and hear for a
        while; false when the proof does not come."""
        with time_limit(line, ANSWER_SECONDS_MAX):
            await line.execute(b"select pg_notify(%s, %s)", (CHANNEL, self._proof))
        end = monotonic() + ANSWER_SECONDS_MAX
        is_proven = False
        while not is_proven and monotonic() < end:
            async for told in line.notifies(timeout=end - monotonic(), stop_after=1):
                is_proven = is_proven or told.payload == self._proof
                self._hear(told.payload)
        if is_proven and not self._is_heard:
            self._is_heard = True
            self.wake()
        if is_proven:
            async for told in line.notifies(timeout=ASK_SECONDS):
                self._hear(told.payload)
        return is_proven

    def _hear(self, payload: str) -> None:
        if not payload:
            self.wake()

    async def _tell(self) -> None:
        with contextlib.suppress(StoreAway, psycopg.Error):  # they look by themselves
            async with borrowed(self._pool, ANSWER_SECONDS_MAX, ANSWER_SECONDS_MAX) as connection:
                await connection.execute(f"notify {CHANNEL}".encode())


async def _until(pauses: Pauses, seconds: float) -> None:
    """Wait until `_end` or for so long."""
    loop = asyncio.get_running_loop()
    pause: asyncio.Future[None] = loop.create_future()
    pauses.add(pause)
    timer = loop.call_later(seconds, _end, {pause})
    try:
        await pause
    finally:
        timer.cancel()
        pauses.discard(pause)


def _end(pauses: Pauses) -> None:
    for pause in pauses:
        if not pause.done():
            pause.set_result(None)
