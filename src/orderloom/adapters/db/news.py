"""Listens for the publisher's word that there is news, on a connection of its own that is never trusted for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
import structlog

from orderloom.adapters.db.away import described
from orderloom.adapters.db.limit import time_limit
from orderloom.adapters.db.line import TimedConnection, opened

CHANNEL = "orderloom_events"
AGAIN_SECONDS = 2.0
"""How long the listener waits before it connects again."""
ASK_SECONDS = 15.0
ANSWER_SECONDS_MAX = 5.0
"""How often a line without news is asked whether it still is one, and how long it may take to say so."""
log = structlog.get_logger()


async def listen(dsn: str, ring: Callable[[], None]) -> None:
    """Ring on every news, for ever; a lost connection is made again."""
    while True:
        try:
            async with await opened(dsn) as connection:
                await connection.execute(f"listen {CHANNEL}".encode())
                while True:
                    await _ring_for(connection, ring)
        except psycopg.OperationalError as error:
            log.info("bell_silent", why=described(error))
        await asyncio.sleep(AGAIN_SECONDS)


async def _ring_for(connection: TimedConnection, ring: Callable[[], None]) -> None:
    """Ring for a while, then ask whether the server is still there: a silent line brings no news."""
    async for _ in connection.notifies(timeout=ASK_SECONDS):
        ring()
    with time_limit(connection, ANSWER_SECONDS_MAX):
        await connection.execute("")
