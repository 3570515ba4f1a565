"""Wakes every open event stream when the publisher says that there is news; one listening connection for all."""

from __future__ import annotations

import asyncio

import psycopg
import structlog

from orderloom.adapters.db.away import described

CHANNEL = "orderloom_events"
AGAIN_SECONDS = 2.0
"""How long a stream waits at most before it looks by itself, and the listener before it connects again."""
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
                async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
                    await connection.execute(f"listen {CHANNEL}".encode())
                    async for _ in connection.notifies():
                        self.ring()
            except psycopg.OperationalError as error:
                log.info("bell_silent", why=described(error))
            await asyncio.sleep(AGAIN_SECONDS)
