"""The HTTP application of a hub: the door for webhooks first, then the rooms of those who ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from functools import partial
from ssl import SSLContext
from typing import Literal

import uvicorn
import uvloop
from fastapi import FastAPI
from starlette.types import ASGIApp

from orderloom import __version__
from orderloom.adapters.lan_authority import LanAuthority
from orderloom.adapters.oidc import OpenIdProvider
from orderloom.bootstrap import Hub, freeze_start, open_hub
from orderloom.entrypoints.http.api import (
    acceptances,
    accounts,
    audit,
    backups,
    boxes,
    bulk,
    cases,
    catalogue,
    connecting,
    connections,
    connectors,
    console,
    deliveries,
    doubts,
    entering,
    erasures,
    events,
    exports,
    files,
    floor_devices,
    floor_materials,
    floor_places,
    floor_scans,
    floor_waves,
    goods,
    home,
    hub,
    imports,
    insight,
    jobs,
    lifecycle,
    mappings,
    me,
    mend_many,
    mends,
    merges,
    message_desk,
    messages,
    notes,
    notifications,
    order_commands,
    order_desk,
    order_list,
    orders,
    papers,
    places,
    printing,
    purchasing,
    quotas,
    replays,
    rescues,
    roles,
    routing,
    rules,
    search,
    second_factor,
    session,
    sessions,
    snapshots,
    stock,
    stock_board,
    stock_documents,
    stock_formula,
    stock_heat,
    stock_moves,
    subscribers,
    tables,
    tokens,
    unmaskings,
    users,
    vmi,
    works,
)
from orderloom.entrypoints.http.api.connecting import ConnectRequest
from orderloom.entrypoints.http.api.connectors import connect_forms
from orderloom.entrypoints.http.console import pages
from orderloom.entrypoints.http.fronts import shown
from orderloom.entrypoints.http.kit import foreseen
from orderloom.entrypoints.http.kit.connections import (
    BACKLOG,
    IDLE_SECONDS_MAX,
    BoundedConnection,
    Seats,
    raise_file_limit,
    seats_for,
)
from orderloom.entrypoints.http.kit.front import Front
from orderloom.entrypoints.http.kit.guard import Desk
from orderloom.entrypoints.http.kit.problem import install
from orderloom.entrypoints.http.kit.wire import document
from orderloom.entrypoints.http.lan_doors import lan_doors
from orderloom.entrypoints.http.monitor import health
from orderloom.entrypoints.http.monitor.metrics import Metrics
from orderloom.entrypoints.http.oauth import callback, elsewhere
from orderloom.entrypoints.http.webhooks.door import Door
from orderloom.entrypoints.lan import Lan
from orderloom.settings import Settings

ROUTERS = (
    health,
    shown,
    home,
    events,
    exports,
    entering,
    erasures,
    order_desk,
    bulk,
    order_list,
    orders,
    lifecycle,
    order_commands,
    notes,
    routing,
    stock_board,
    stock_documents,
    stock_formula,
    stock_heat,
    stock_moves,
    quotas,
    purchasing,
    vmi,
    snapshots,
    stock,
    cases,
    message_desk,
    messages,
    replays,
    deliveries,
    accounts,
    subscribers,
    connecting,
    places,
    catalogue,
    files,
    floor_devices,
    floor_places,
    floor_scans,
    floor_materials,
    floor_waves,
    hub,
    imports,
    tokens,
    unmaskings,
    audit,
    backups,
    users,
    insight,
    jobs,
    roles,
    rules,
    session,
    me,
    boxes,
    doubts,
    papers,
    printing,
    merges,
    works,
    acceptances,
    rescues,
    notifications,
    callback,
    console,
    search,
    sessions,
    second_factor,
    connections,
    mappings,
    goods,
    connectors,
    elsewhere,
    mend_many,
    mends,
    tables,
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
    app.state.streams = events.Streams()
    app.state.screens = console.Screens(desk, app.state.streams.bell)
    app.state.metrics = Metrics()
    app.state.provider = OpenIdProvider(hub.settings.oidc, hub.now) if hub.settings.oidc else None
    install(app)
    foreseen.install(app)
    app.state.door = Door(hub)
    app.add_middleware(Front, hosts=hub.settings.hosts, door=app.state.door)
    for module in ROUTERS:
        app.include_router(module.router)
    app.include_router(pages.router)  # last: whatever nothing else answers is an address of the console
    forms = {ConnectRequest.__name__: connect_forms(hub)}
    app.openapi = lambda: document(app, forms)  # type: ignore[method-assign]
    return app


def serve(settings: Settings, dsn: str, lan: Lan | None = None) -> None:
    """Run the API process on loopback, and in the local network when told so, until it is told to stop (SIGTERM,
    SIGINT)."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving(settings, dsn, lan))


async def serving(settings: Settings, dsn: str, lan: Lan | None = None) -> None:
    """The same inside a running loop."""
    if lan is not None:
        settings = replace(settings, hosts=(*settings.hosts, str(lan.address)))
    async with open_hub(settings, dsn) as hub:
        app, seats = create_app(hub), Seats(seats_for(raise_file_limit()))
        config = configure(app, settings.port, settings.log_level, seats)

        def beside(other: ASGIApp, context: SSLContext | None) -> uvicorn.Config:
            return configure(other, settings.port, settings.log_level, seats, context, lifespan="off")

        freeze_start()
        async with lan_doors(app, lan, LanAuthority(settings.home), beside) if lan else nullcontext():
            await uvicorn.Server(config).serve()


def configure(
    app: ASGIApp, port: int, log_level: str, seats: Seats | None = None, context: SSLContext | None = None,
    lifespan: Literal["auto", "off"] = "auto",
) -> uvicorn.Config:
    """How an application is served: on loopback unless its server is given a socket, within the bounds of
    `connections`, under HTTPS when there is a context for it."""
    seats = seats or Seats(seats_for(raise_file_limit()))
    return uvicorn.Config(
        app, host=HOST, port=port, access_log=False, log_level=log_level.lower(), lifespan=lifespan,
        timeout_graceful_shutdown=STOP_SECONDS_MAX, server_header=False, ws="none", backlog=BACKLOG,
        timeout_keep_alive=IDLE_SECONDS_MAX,
        ssl_context_factory=(lambda _config, _usual: context) if context else None,
        http=partial(BoundedConnection, seats=seats),  # type: ignore[arg-type]
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One listening connection for all streams while the app runs. Home is counted from the start on: whoever
    looks first would wait until millions of facts are."""
    desk: Desk = app.state.desk
    shared: events.Streams = app.state.streams
    tasks = (asyncio.create_task(desk.hub.listen(shared.bell.ring)), asyncio.create_task(desk.board.current()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await app.state.door.close()
