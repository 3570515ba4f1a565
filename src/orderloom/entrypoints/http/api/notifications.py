"""Notifications over HTTP: who was told what, acknowledging it, and where recipients are reached."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application import keep_recipients as verbs
from orderloom.application.acknowledge import Acknowledged, acknowledge
from orderloom.application.identity.access import Caller
from orderloom.application.queries import notifications as read
from orderloom.application.queries.notification_rules import NotificationRules, list_rules
from orderloom.application.try_messenger import TrialQueued, try_messenger
from orderloom.domain.notify.address import ADDRESS_MAX
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, Text, Uuid, needs
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["notifications"])
Reader = Annotated[Caller, Depends(needs("cases:read"))]
Writer = Annotated[Caller, Depends(needs("cases:write"))]
Keeper = Annotated[Caller, Depends(needs("accounts:write"))]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class AddressRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mail address, a phone number or an id, as the account's messenger takes it; `-` for somebody in its room."""

    address: Annotated[str, msgspec.Meta(min_length=1, max_length=ADDRESS_MAX)]


class TrialRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which account, and to whom; a room needs no recipient."""

    account: Name
    recipient: Annotated[str, msgspec.Meta(max_length=100)] = ""


@router.get("/notifications", **spoken(read.NotificationPage, problems=(404, 409)),
            summary="通知记录 | Who was told what, newest first")
async def list_notifications(
    desk: DeskHere, who: Reader,
    state: Literal["", "waiting", "sending", "sent", "parked", "given_up", "needless", "unreachable"] = "",
    rule: Text = "", recipient: Text = "", account: Text = "", case: Uuid | None = None, order: Text = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """Messages to people with what became of each."""
    order_id = await desk.order_id(order) if order else ""
    account_id = await desk.account_id(account)
    async with desk.connect() as connection:
        return reply(await read.list_notifications(
            connection, state=state, rule=rule, recipient=recipient, account_id=account_id,
            case_id=str(case) if case else "", order_id=order_id, cursor=cursor, limit=limit))


@router.get("/notifications/rules", **spoken(NotificationRules), summary="通知规则 | Who is told of what")
async def show_rules(desk: DeskHere, who: Reader) -> Response:
    """The blueprint's rules with whom each step means and reaches, the recipients that it names, the messengers."""
    directory = await desk.directory()
    async with desk.connect() as connection:
        return reply(await list_rules(connection, directory, desk.hub.manifests))


@router.post("/notifications/{notification_id}/acknowledge", **spoken(Acknowledged, problems=(404,)),
             summary="知道了 | Acknowledge")
async def acknowledge_notification(desk: DeskHere, who: Writer, notification_id: Uuid) -> Response:
    """Say that one has heard, of this and of what left in the same message: nobody else is told of it any more."""
    return reply(await acknowledge(desk.ports.notices, str(notification_id), who.actor, desk.hub.now()))


@router.post("/notifications/trial", **spoken(TrialQueued, takes=TrialRequest, status=201, problems=(404, 422)),
             summary="试发一条 | Send a trial message")
async def send_trial(request: Request, desk: DeskHere, who: Keeper) -> Response:
    """Queue a message that says it is a trial; its delivery says how it ended."""
    body = await body_of(request, TrialRequest)
    return reply(await try_messenger(desk.ports.notices, desk.hub.manifests, body.account, body.recipient,
                                     desk.hub.now()), 201)


@router.get("/recipients", **spoken(read.RecipientList), summary="接收人地址（已脱敏） | Addresses, masked")
async def list_recipients(desk: DeskHere, who: Keeper) -> Response:
    """Where recipients are reached."""
    async with desk.connect() as connection:
        return reply(await read.list_recipients(connection))


@router.put("/recipients/{recipient}/{account}", **spoken(verbs.Reached, takes=AddressRequest, problems=(404, 422)),
            summary="设置接收人地址 | Set an address")
async def keep_recipient(request: Request, desk: DeskHere, who: Keeper, recipient: str, account: str) -> Response:
    """Reach a recipient of the blueprint at this address from now on; it is stored encrypted."""
    body = await body_of(request, AddressRequest)
    return reply(await verbs.keep_recipient(
        desk.ports.notices, desk.hub.manifests, recipient, account, body.address, who.actor, desk.hub.now()))


@router.delete("/recipients/{recipient}/{account}", **spoken(verbs.Reached, problems=(404,)),
               summary="删除接收人地址 | Forget an address")
async def forget_recipient(desk: DeskHere, who: Keeper, recipient: str, account: str) -> Response:
    """Reach the recipient there no longer."""
    return reply(await verbs.forget_recipient(desk.ports.notices, recipient, account))
