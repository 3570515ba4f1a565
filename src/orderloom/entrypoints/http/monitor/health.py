"""Whether the process lives, whether it can work, and how much it does: for load balancers and Prometheus."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom import __version__
from orderloom.application.ports import StoreAway
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, viewer
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import reply, spoken
from orderloom.entrypoints.http.monitor.metrics import MEDIA_TYPE, Metrics

router = APIRouter(tags=["health"])
ASK_SECONDS_MAX = 2.0


class Health(msgspec.Struct, frozen=True):
    """The process lives. `database` is up | away | old (not migrated to this build) | new (by a later build)."""

    status: str
    version: str
    database: str


@router.get("/health", **spoken(Health, is_open=True), summary="存活 | Liveness")
async def health(desk: DeskHere) -> Response:
    """Always 200 while the process answers; the state of the database is in the body."""
    return reply(Health("alive", __version__, await database_state(desk)))


@router.get("/ready", **spoken(Health, is_open=True), summary="就绪 | Readiness")
async def ready(desk: DeskHere) -> Response:
    """200 when the database is up and migrated, else 503."""
    state = await database_state(desk)
    if state != "up":
        raise Problem("not_ready", f"database: {state}", retry_after=5)
    return reply(Health("ready", __version__, state))


@router.get("/metrics", include_in_schema=False, dependencies=[Depends(viewer)])
async def metrics(request: Request, desk: DeskHere) -> Response:
    """Prometheus text; open on this machine, elsewhere with any valid token."""
    shown: Metrics = request.app.state.metrics
    return Response(shown.text(await desk.board.current()), media_type=MEDIA_TYPE)


async def database_state(desk: Desk) -> str:
    """Ask the database for its revision; never waits longer than `ASK_SECONDS_MAX`."""
    try:
        return await desk.ports.schema_state(ASK_SECONDS_MAX)
    except StoreAway:
        return "away"
