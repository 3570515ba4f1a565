"""The HTTP application of a hub: the webhook door first, then the API, the streams, health and the live page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import uvicorn
import uvloop
from fastapi import FastAPI

from orderloom import __version__
from orderloom.bootstrap import Hub, freeze_start, open_hub
from orderloom.entrypoints.http import (
    accounts,
    cases,
    catalogue,
    deliveries,
    files,
    health,
    home,
    insight,
    messages,
    orders,
    stock,
    streams,
    tokens,
    users,
    works,
)
from orderloom.entrypoints.http.connections import (
    BACKLOG,
    IDLE_SECONDS_MAX,
    Connection,
    Places,
    places_for,
    raise_file_limit,
)
from orderloom.entrypoints.http.door import Door
from orderloom.entrypoints.http.front import Front
from orderloom.entrypoints.http.guard import Desk
from orderloom.entrypoints.http.metrics import Metrics
from orderloom.entrypoints.http.problem import install
from orderloom.entrypoints.http.wire import document
from orderloom.settings import Settings

ROUTERS = (
    health, home, streams, orders, stock, cases, messages, deliveries, accounts, catalogue, files, insight, tokens,
    users, works,
)
HOST = "127.0.0.1"
STOP_SECONDS_MAX = 5


def create_app(hub: Hub) -> FastAPI:
    """The application over an open hub. It closes nothing of the hub."""
    app = FastAPI(
        title="Orderloom 织单", version=__version__, summary="订单中枢接口 | The order hub's API",
        openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None, lifespan=_lifespan,
        redirect_slashes=False,
    )
    desk = Desk(hub)
    app.state.desk = desk
    app.state.streams = streams.Streams()
    app.state.metrics = Metrics()
    install(app)
    app.add_middleware(Front, hosts=hub.settings.hosts)
    app.state.door = Door(hub)
    app.router.routes[:0] = app.state.door.routes()
    for module in ROUTERS:
        app.include_router(module.router)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


def serve(settings: Settings, dsn: str) -> None:
    """Run the API process on loopback until it is told to stop (SIGTERM, SIGINT)."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving(settings, dsn))


async def serving(settings: Settings, dsn: str) -> None:
    """The same inside a running loop."""
    async with open_hub(settings, dsn) as hub:
        config = configure(create_app(hub), settings.port, settings.log_level)
        freeze_start()
        await uvicorn.Server(config).serve()


def configure(app: FastAPI, port: int, log_level: str, places: Places | None = None) -> uvicorn.Config:
    """How the app is served: on loopback, within the bounds of `connections`."""
    places = places or Places(places_for(raise_file_limit()))
    return uvicorn.Config(
        app, host=HOST, port=port, access_log=False, log_level=log_level.lower(),
        timeout_graceful_shutdown=STOP_SECONDS_MAX, server_header=False, ws="none", backlog=BACKLOG,
        timeout_keep_alive=IDLE_SECONDS_MAX,
        http=partial(Connection, places=places),  # type: ignore[arg-type]
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One listening connection for all streams while the app runs."""
    desk: Desk = app.state.desk
    shared: streams.Streams = app.state.streams
    listener = asyncio.create_task(shared.bell.listen(str(desk.hub.pool.conninfo)))
    try:
        yield
    finally:
        listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listener
        await app.state.door.close()
