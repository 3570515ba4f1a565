"""The outbox over HTTP: what is to leave, what stuck, sending again and giving up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application import resend as again
from orderloom.application.give_up import GIVE_UP_MAX, REASON_LENGTH_MAX, GivenUp, give_up, give_up_case
from orderloom.application.identity.access import Caller
from orderloom.application.queries import deliveries as read
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, Text, Uuid, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/deliveries", tags=["deliveries"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
Writer = Annotated[Caller, Depends(needs("deliveries:write"))]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_LENGTH_MAX, pattern=r"\S")]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class RangeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Send again what an account was to get in a span of time and that ended in one of these states."""

    account: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    since: Instant
    until: Instant
    states: Annotated[
        list[Literal["parked", "done", "cancelled", "given_up"]], msgspec.Meta(min_length=1, max_length=4)]


class GiveUpRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, and which parked deliveries: these, or (`case`) all that an open case is about."""

    reason: Why
    ids: Annotated[list[UUID], msgspec.Meta(max_length=GIVE_UP_MAX)] = []
    case: UUID | None = None


class GiveUpReason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the delivery is not to be sent."""

    reason: Why


class Resent(msgspec.Struct, frozen=True):
    """What will be sent again, and how many will not because their text is not kept any more."""

    ids: list[str]
    pruned: int = 0


@router.get("", **spoken(read.DeliveryPage, problems=(404, 409)), summary="推送 | Deliveries, newest first")
async def list_deliveries(
    desk: DeskHere, who: Reader, state: Literal["", "due", "done", "parked", "cancelled", "given_up"] = "",
    kind: Text = "",
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
    return reply(Resent(*await again.resend_range(
        desk.ports.outbox, account_id, body.since, body.until, list(body.states), who.actor, desk.hub.now())))


@router.post("/give-up", **spoken(GivenUp, takes=GiveUpRequest, problems=(404, 409)),
             summary="批量放弃 | Give up parked deliveries")
async def give_up_parked(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Give parked deliveries up, together or not at all: later ones of their orders go out; they stay stored."""
    body = await body_of(request, GiveUpRequest)
    if bool(body.ids) == bool(body.case):
        raise Problem("wrong_value", "ids 或 case，二者给一个 | give either ids or case")
    carry, outbox, at = desk.hub.handler.handle, desk.ports.outbox, desk.hub.now()
    if body.case:
        return reply(await give_up_case(carry, outbox, str(body.case), body.reason, who.doer, at))
    return reply(await give_up(carry, outbox, [str(i) for i in body.ids], body.reason, who.doer, at))


@router.post("/{delivery_id}/give-up", **spoken(GivenUp, takes=GiveUpReason, problems=(404, 409)),
             summary="放弃 | Give up one delivery")
async def give_up_delivery(request: Request, desk: DeskHere, who: Writer, delivery_id: Uuid) -> Response:
    """Give one parked delivery up, with a reason."""
    body = await body_of(request, GiveUpReason)
    return reply(await give_up(
        desk.hub.handler.handle, desk.ports.outbox, [str(delivery_id)], body.reason, who.doer, desk.hub.now()))


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
    done, pruned = await again.resend(desk.ports.outbox, [str(delivery_id)], who.actor, desk.hub.now())
    if pruned:
        raise Problem("text_not_kept", f"{delivery_id}: 保留期已过，只留下摘要；可在订单上重新操作 | the time for "
                      "which it is kept is over, only its digest is left: act on the order instead")
    if not done:
        async with desk.connect() as connection:
            if await read.read_delivery(connection, str(delivery_id)) is None:
                raise not_found("推送", "delivery", str(delivery_id))
        raise Problem(
            "nothing_to_resend", f"{delivery_id}: 还在等待推送，或作业单已召回、取消 | it is still waiting "
            "to be sent, or its work was recalled or cancelled")
    return reply(Resent(done))
