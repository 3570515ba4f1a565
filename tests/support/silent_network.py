"""A TCP proxy before PostgreSQL whose packets can be held back or swallowed, without an error to either side.

It runs in a thread of its own, so that code which blocks is served as well.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from psycopg.conninfo import conninfo_to_dict, make_conninfo

PIECE = 64 << 10
SECONDS_MAX = 10.0


class Weather(StrEnum):
    """What happens to packets. Whoever connects is let in whatever it is."""

    FLOWS = "flows"
    HELD = "held"
    """They are delivered, both ways and in order, once it flows again."""
    SWALLOWED = "swallowed"
    """They are gone for good, both ways; so are those of the connections that were made meanwhile."""
    DEAF = "deaf"
    """Questions reach the server and are carried out; the answers are gone for good."""


class Proxy:
    """Passes bytes on, as the weather is."""

    def __init__(self, server: str) -> None:
        parts = conninfo_to_dict(server)
        self._host, self._port = str(parts["host"]), int(parts.get("port") or 5432)
        self._server = server
        self._weather = Weather.FLOWS
        self._flows = asyncio.Event()
        self._flows.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.loop = asyncio.new_event_loop()
        self.port = 0

    @property
    def dsn(self) -> str:
        """The database as seen through the proxy."""
        return make_conninfo(self._server, host="127.0.0.1", port=self.port, sslmode="disable")

    def turn(self, weather: Weather) -> None:
        """From now on; what was on its way is subject to it, too."""
        asyncio.run_coroutine_threadsafe(self._turn(weather), self.loop).result(SECONDS_MAX)

    async def _turn(self, weather: Weather) -> None:
        self._weather = weather
        if weather is Weather.FLOWS:
            self._flows.set()
        else:
            self._flows.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        if self._weather is Weather.SWALLOWED:
            await self._flows.wait()  # nobody was ever told of it
            writer.close()
            return
        with suppress(OSError):
            there, back = await self._connect()
            one = asyncio.create_task(self._pass(reader, back, is_answer=False))
            two = asyncio.create_task(self._pass(there, writer, is_answer=True))
            self._tasks |= {one, two}
            await asyncio.gather(one, two, return_exceptions=True)
            self._tasks -= {one, two}

    async def run(self, is_open: threading.Event, end: asyncio.Event) -> None:
        """Serve until the end."""
        door = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = door.sockets[0].getsockname()[1]
        is_open.set()
        await end.wait()
        door.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._host.startswith("/"):
            return await asyncio.open_unix_connection(f"{self._host}/.s.PGSQL.{self._port}")
        return await asyncio.open_connection(self._host, self._port)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_answer: bool) -> None:
        is_lost = False
        try:
            while piece := await source.read(PIECE):
                if self._weather is Weather.HELD:
                    await self._flows.wait()
                # A stream that lost a piece cannot be mended: whatever follows is lost, too, as behind a middlebox
                # that has forgotten the connection.
                is_lost |= self._weather is Weather.SWALLOWED or (self._weather is Weather.DEAF and is_answer)
                if not is_lost:
                    target.write(piece)
                    await target.drain()
            if is_lost or self._weather is not Weather.FLOWS:
                await asyncio.Event().wait()  # an end is a packet as well: the other side never hears of it
        finally:
            target.close()


@contextmanager
def between(server: str) -> Iterator[Proxy]:
    """A proxy on loopback while the block runs."""
    proxy, is_open, end = Proxy(server), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=proxy.loop.run_until_complete, args=(proxy.run(is_open, end),), daemon=True)
    thread.start()
    assert is_open.wait(SECONDS_MAX)
    try:
        yield proxy
    finally:
        proxy.turn(Weather.FLOWS)
        proxy.loop.call_soon_threadsafe(end.set)
        thread.join(SECONDS_MAX)
