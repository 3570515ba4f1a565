"""The outbox over HTTP: what is to leave, what stuck, and sending again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.db import outbox
from orderloom.application.identity.access import Caller
from orderloom.application.queries import deliveries as read
from orderloom.entrypoints.http.guard import Cursor, DeskHere, Limit, Text, Uuid, needs
from orderloom.entrypoints.http.problem import Problem, not_found
from orderloom.entrypoints.http.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/deliveries", tags=["deliveries"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
Writer = Annotated[Caller, Depends(needs("deliveries:write"))]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class RangeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Send again what an account was to get in a span of time and that ended in one of these states."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    since: Instant
    until: Instant
    states: Annotated[list[Literal["parked", "done", "cancelled"]], msgspec.Meta(min_length=1, max_length=3)]


class Resent(msgspec.Struct, frozen=True):
    """What will be sent again."""

    ids: list[str]


@router.get("", **spoken(read.DeliveryPage, problems=(404, 409)), summary="推送 | Deliveries, newest first")
async def list_deliveries(
    desk: DeskHere, who: Reader, state: Literal["", "due", "done", "parked", "cancelled"] = "", kind: Text = "",
    account: Text = "", order: Text = "", cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """Rows of the outbox."""
    await desk.check(delivery=kind)
    order_id = await desk.order_id(order) if order else ""
    account_id = await desk.account_id(account)
    async with desk.connect() as connection:
        return reply(await read.list_deliveries(
            connection, state=state, kind=kind, account_id=account_id, order_id=order_id, cursor=cursor, limit=limit))


@router.post("/resend", **spoken(Resent, takes=RangeRequest), summary="按时间段重发 | Send a span of time again")
async def resend_range(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Send again by account and span; the targets see the same ids and can tell repeats."""
    body = await body_of(request, RangeRequest)
    account_id = await desk.account_id(body.account)
    assert account_id is not None
    async with desk.connect() as connection:
        return reply(Resent(await outbox.resend_range(
            connection, account_id, body.since, body.until, list(body.states), desk.hub.now())))


@router.get("/{delivery_id}", **spoken(read.DeliveryDetail, problems=(404,)), summary="一次推送 | One delivery")
async def show_delivery(desk: DeskHere, who: Reader, delivery_id: Uuid) -> Response:
    """What is sent and, with scope admin, what was answered; no receiver is in it."""
    async with desk.connect() as connection:
        found = await read.read_delivery(connection, str(delivery_id), with_answer=who.may("admin"))
    if found is None:
        raise not_found("推送", "delivery", str(delivery_id))
    return reply(found)


@router.post("/{delivery_id}/resend", **spoken(Resent, problems=(404, 409)), summary="重发 | Send again")
async def resend_delivery(desk: DeskHere, who: Writer, delivery_id: Uuid) -> Response:
    """Send a parked or ended delivery again under the same id."""
    async with desk.connect() as connection:
        done = await outbox.resend(connection, [str(delivery_id)], desk.hub.now())
        if not done and await read.read_delivery(connection, str(delivery_id)) is None:
            raise not_found("推送", "delivery", str(delivery_id))
    if not done:
        raise Problem("nothing_to_resend", f"{delivery_id}: 还在等待推送 | it is still waiting to be sent")
    return reply(Resent(done))
