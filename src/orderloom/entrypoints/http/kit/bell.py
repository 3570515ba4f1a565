"""Wakes every open event stream when the publisher says that there is news; one listening connection for all."""

from __future__ import annotations

import asyncio

import psycopg
import structlog

from orderloom.adapters.db.away import described
from orderloom.adapters.db.limit import time_limit
from orderloom.adapters.db.line import TimedConnection, opened

CHANNEL = "orderloom_events"
AGAIN_SECONDS = 2.0
"""How long a stream waits at most before it looks by itself, and the listener before it connects again."""
ASK_SECONDS = 15.0
ANSWER_SECONDS_MAX = 5.0
"""How often a line without news is asked whether it still is one, and how long it may take to say so."""
log = structlog.get_logger()


class Bell:
    """`ring` is called on news; `wait` returns on the next ring or after `AGAIN_SECONDS`."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        """Sleep until there may be news."""
        try:
            async with asyncio.timeout(AGAIN_SECONDS):
                await self._event.wait()
        except TimeoutError:
            return

    async def listen(self, dsn: str) -> None:
        """Listen for ever; a lost connection is made again, and meanwhile the streams look by themselves."""
        while True:
            try:
                async with await opened(dsn) as connection:
                    await connection.execute(f"listen {CHANNEL}".encode())
                    while True:
                        await self._ring_for(connection)
            except psycopg.OperationalError as error:
                log.info("bell_silent", why=described(error))
            await asyncio.sleep(AGAIN_SECONDS)

    async def _ring_for(self, connection: TimedConnection) -> None:
        """Ring on news for a while, then ask whether the server is still there: a silent line brings no news."""
        async for _ in connection.notifies(timeout=ASK_SECONDS):
            self.ring()
        with time_limit(connection, ANSWER_SECONDS_MAX):
            await connection.execute("")
