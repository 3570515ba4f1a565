"""Source vouchers over HTTP: what waits and why, the bytes for those who may see them, replay and discarding."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from orderloom.adapters.vault import Damaged
from orderloom.application.discard import DISCARD_MAX, REASON_LENGTH_MAX, Discarded, discard, discard_case
from orderloom.application.identity.access import Caller
from orderloom.application.ports import TooLong
from orderloom.application.queries import messages as read
from orderloom.application.queries.message_became import MessageBecame, what_became_of
from orderloom.application.replay import replay
from orderloom.application.replay import replay_parked as replay_all
from orderloom.entrypoints.http.kit.guard import (
    Cursor,
    DeskHere,
    Limit,
    Reason,
    Text,
    Uuid,
    as_written,
    may_unmask,
    needs,
)
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/messages", tags=["messages"])
Reader = Annotated[Caller, Depends(needs("messages:read"))]
Writer = Annotated[Caller, Depends(needs("messages:write"))]
REPLAY_MAX = 1000
LIST_SECONDS = 2.0
NARROW = ("按这些条件要翻的消息太多；请缩短时间，或去掉一个条件 | "
          "too many messages have to be looked at: narrow the time, or drop a filter")
Instant = Annotated[AwareDatetime | None, Query(description="with its zone, such as 2026-11-26T00:00:00+08:00")]


class MessageDetail(msgspec.Struct, frozen=True):
    """A message with its headers. `body` is null unless personal data may be seen; `encoding` is utf-8 or base64, or
    `damaged` for bytes that no key opens."""

    message: read.MessageFile
    headers: dict[str, Any]
    digest: str
    parent_id: str | None
    encoding: str
    body: str | None
    became: MessageBecame


class ReplayRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parked messages to take through the route again: of one reason, or of any when it is empty."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=REPLAY_MAX)] = REPLAY_MAX


class Replayed(msgspec.Struct, frozen=True):
    """What is going through again."""

    ids: list[str]


class DiscardRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, and which parked messages: these, or (`case`) all that an open case is about."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_LENGTH_MAX, pattern=r"\S")]
    ids: Annotated[list[UUID], msgspec.Meta(max_length=DISCARD_MAX)] = []
    case: UUID | None = None


class DiscardReason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the message is nothing to act on."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=REASON_LENGTH_MAX, pattern=r"\S")]


@router.get("", **spoken(read.MessagePage, problems=(404, 409)), summary="原始消息 | Messages, newest first")
async def list_messages(
    desk: DeskHere, who: Reader,
    outcome: Literal["", "pending", "normalised", "parked", "quarantined", "discarded", "split"] = "",
    account: Text = "", topic: Text = "", park_key: Text = "", reason: Text = "", order: Text = "",
    since: Instant = None, until: Instant = None, cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """What landed and what became of it. `topic` may hold * and ?; `until` is past the last."""
    order_id = await desk.order_id(order) if order else ""
    account_id = await desk.account_id(account)
    try:
        async with desk.briefly(LIST_SECONDS) as connection:
            if reason and not await read.is_reason(connection, reason):
                await desk.check(reason=reason)
            return reply(await read.list_messages(
                connection, outcome=outcome, account_id=account_id, park_key=park_key, reason=reason,
                order_id=order_id, topic=topic, since=since, until=until, cursor=cursor, limit=limit))
    except TooLong as error:
        raise Problem("narrow_time", NARROW) from error


@router.post("/replay", **spoken(Replayed, takes=ReplayRequest), summary="批量重放 | Replay parked messages")
async def replay_parked(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Take parked messages through the route again, oldest first."""
    body = await body_of(request, ReplayRequest)
    return reply(Replayed(await replay_all(desk.ports.messages, body.reason, body.limit)))


@router.post("/discard", **spoken(Discarded, takes=DiscardRequest, problems=(404, 409)),
             summary="批量作废 | Discard parked messages")
async def discard_parked(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Take parked junk out, together or not at all; it stays stored and counted, and a replay brings it back."""
    body = await body_of(request, DiscardRequest)
    if bool(body.ids) == bool(body.case):
        raise Problem("wrong_value", "ids 或 case，二者给一个 | give either ids or case")
    parked, at = desk.ports.messages, desk.hub.now()
    if body.case:
        return reply(await discard_case(parked, str(body.case), body.reason, who.actor, at))
    return reply(await discard(parked, [str(i) for i in body.ids], body.reason, who.actor, at))


@router.post("/{message_id}/discard", **spoken(Discarded, takes=DiscardReason, problems=(404, 409)),
             summary="作废 | Discard one message")
async def discard_message(request: Request, desk: DeskHere, who: Writer, message_id: Uuid) -> Response:
    """Take one parked message out, with a reason."""
    body = await body_of(request, DiscardReason)
    return reply(await discard(desk.ports.messages, [str(message_id)], body.reason, who.actor, desk.hub.now()))


@router.get("/{message_id}", **spoken(MessageDetail, problems=(404,)), summary="一条消息 | One message")
async def show_message(desk: DeskHere, who: Reader, message_id: Uuid, reason: Reason = "") -> Response:
    """Headers for all who may read messages; the bytes only with scope pii:read and a reason, written down."""
    is_clear = may_unmask(who, reason)
    async with desk.connect() as connection:
        found = await read.read_message(connection, str(message_id))
        if found is None:
            raise not_found("消息", "message", str(message_id))
        view, stored = found
        became = await what_became_of(connection, view)
    body, encoding = None, ""
    if is_clear:
        await desk.access.unmasked(who.actor, *view.looked_at(as_written(reason)))
        try:
            body, encoding = _text(desk.hub.vault.decrypt_voucher(stored.cipher))
        except Damaged:
            encoding = "damaged"
    headers = msgspec.json.decode(stored.headers)
    return reply(MessageDetail(view, headers, stored.digest, stored.parent_id, encoding, body, became))


@router.post("/{message_id}/replay", **spoken(Replayed, problems=(404, 409)), summary="重放 | Replay one message")
async def replay_message(desk: DeskHere, who: Writer, message_id: Uuid) -> Response:
    """Take a message through the route again; a quarantined one is never processed."""
    async with desk.connect() as connection:
        found = await read.read_message(connection, str(message_id))
    if found is None:
        raise not_found("消息", "message", str(message_id))
    if found[0].outcome == "quarantined":
        raise Problem("quarantined", f"{message_id}: {found[0].reason}，来源不可信 | its source is not trusted")
    done = await replay(desk.ports.messages, [str(message_id)], who.actor, desk.hub.now())
    if not done:
        raise Problem("nothing_to_replay", f"{message_id}: {found[0].outcome}")
    return reply(Replayed(done))


def _text(body: bytes) -> tuple[str, str]:
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"
