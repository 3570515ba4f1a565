"""Snapshots of stock over HTTP: what every system says, beside the hub; and letting new orders go on earlier."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.identity.access import Caller
from orderloom.application.queries import snapshots as read
from orderloom.application.take_snapshot import ask_for_snapshot, close_breakers
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, needs
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/stock/snapshots", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]


class SnapshotAsked(msgspec.Struct, frozen=True):
    """The number of a snapshot that a worker takes now; look at it until `ended_at` is there."""

    number: str


class BreakerLet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why new orders may go on before their time."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class BreakersClosed(msgspec.Struct, frozen=True):
    """New orders of so many SKUs go on."""

    skus: int


@router.get("", **spoken(read.SnapshotPage), summary="库存快照 | Snapshots of stock, newest first")
async def list_snapshots(desk: DeskHere, who: Reader, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """How many figures were compared, how many differ, and whose new orders wait."""
    async with desk.connect() as connection:
        return reply(await read.list_snapshots(connection, cursor=cursor, limit=limit))


@router.get("/{snapshot}", **spoken(read.SnapshotDetail, problems=(404,)), summary="一次快照 | One snapshot")
async def show_snapshot(
    desk: DeskHere, who: Reader, snapshot: str, cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """Every figure that differs, with what explains it."""
    async with desk.connect() as connection:
        found = await read.show_snapshot(connection, snapshot, cursor=cursor, limit=limit)
    if found is None:
        raise not_found("快照", "snapshot", snapshot)
    return reply(found)


@router.post("", **spoken(SnapshotAsked, status=202), summary="立即快照 | Take a snapshot now")
async def ask(desk: DeskHere, who: Writer) -> Response:
    """A worker asks all systems that can be asked; that may take minutes."""
    number = await ask_for_snapshot(desk.hub.ports.subjects, who.actor, desk.hub.now(), new_id)
    assert number is not None
    return reply(SnapshotAsked(number), 202)


@router.post("/{snapshot}/release", **spoken(BreakersClosed, takes=BreakerLet, problems=(404,)),
             summary="提前放行 | Let new orders go on")
async def release(request: Request, desk: DeskHere, who: Writer, snapshot: str) -> Response:
    """New orders of the SKUs that this snapshot paused go on; those that wait already have a time of their own."""
    body = await body_of(request, BreakerLet)
    async with desk.connect() as connection:
        if await read.show_snapshot(connection, snapshot, limit=1) is None:
            raise not_found("快照", "snapshot", snapshot)
    closed = await close_breakers(desk.hub.ports.subjects, desk.hub.now(), who.actor, snapshot, body.reason)
    return reply(BreakersClosed(closed))
