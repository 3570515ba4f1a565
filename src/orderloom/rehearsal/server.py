"""Serves applications on one loopback port, each under its own first part of the path, within the running loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

BACKLOG = 512
LOOPBACK = "127.0.0.1"


class Fork:
    """Sends `/name/rest` to the application `name`, which sees `/rest`: signatures and tokens cover the path."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        if scope["type"] != "http":
            return
        name, _, rest = scope["path"].lstrip("/").partition("/")
        app = self._apps.get(name)
        if app is None:
            await PlainTextResponse("no such platform in this world", 404)(scope, receive, send)
            return
        await app({**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}, receive, send)


class _Server(uvicorn.Server):
    """Leaves the process's signals to whoever runs the world."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@asynccontextmanager
async def serve(app: ASGIApp, port: int = 0, *, log_level: str = "error") -> AsyncIterator[int]:
    """Serve on loopback while the block runs; gives the port. A taken `port` is replaced by a free one."""
    door = open_door(port)
    server = _Server(uvicorn.Config(app, log_level=log_level, lifespan="off", access_log=False, backlog=BACKLOG))
    task = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield int(door.getsockname()[1])
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


def open_door(port: int = 0) -> socket.socket:
    """A listening socket on loopback; a taken `port` is replaced by a free one.

    It answers at once: asyncio asks for that (TCP_NODELAY) only of listeners that it opened itself, and without it each
    answer on a connection that is kept waits some 40 ms for the other side's acknowledgement.
    """
    try:
        door = socket.create_server((LOOPBACK, port), backlog=BACKLOG)
    except OSError:
        door = socket.create_server((LOOPBACK, 0), backlog=BACKLOG)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door
