"""One message under a person's hand over HTTP: what stands in it, its bytes as a file, what it would become, letting it
out of quarantine; and replaying a chosen set in the background."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, NamedTuple
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import Damaged
from orderloom.application.discard import REASON_LENGTH_MAX
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.let_in import REASON_LENGTH_MIN, let_in
from orderloom.application.queries import messages as read
from orderloom.application.queries.message_look import MessageLook, extension_of, look_at
from orderloom.application.replay_chosen import ReplayPreview, preview_messages
from orderloom.application.replay_many import IDS_MAX, REPLAY_MANY, ReplayAsked
from orderloom.entrypoints.http.kit.begun import JobBegun
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Key, Reason, Uuid, as_written, may_unmask, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.seeing import refuse_hidden
from orderloom.entrypoints.http.kit.wire import body_of, downloaded, reply, spoken

router = APIRouter(prefix="/api/v1/messages", tags=["messages"])
Reader = Annotated[Caller, Depends(needs("messages:read"))]
Writer = Annotated[Caller, Depends(needs("messages:write"))]
Administrator = Annotated[Caller, Depends(needs("admin"))]
_ODD = re.compile(r"[^\w.-]+")


class ReplayManyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which messages go through the route again, in this order."""

    messages: Annotated[tuple[UUID, ...], msgspec.Meta(min_length=1, max_length=IDS_MAX)]

    @property
    def ids(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(map(str, self.messages)))


class LetInRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is to be believed all the same; kept in its history."""

    reason: Annotated[str, msgspec.Meta(min_length=REASON_LENGTH_MIN, max_length=REASON_LENGTH_MAX, pattern=r"\S")]


class OpenedMessage(NamedTuple):
    """A message that was found, with its bytes; None: no key opens them."""

    view: read.MessageFile
    headers: dict[str, str]
    body: bytes | None


@router.post("/bulk-replay/preview", **spoken(ReplayPreview, takes=ReplayManyRequest),
             summary="批量重放试算 | What replaying these would change")
async def look_ahead_many(request: Request, desk: DeskHere, who: Reader) -> Response:
    """Decided by the same code, and nothing of it kept. What the caller does not see is left out."""
    body = await body_of(request, ReplayManyRequest)
    stood = await desk.ports.standing(body.ids)
    return reply(await _ahead(desk, [message for message, one in stood.items() if one.outcome != "quarantined"]))


@router.post("/bulk-replay", **spoken(JobBegun, takes=ReplayManyRequest, status=202, problems=(409,)),
             summary="批量重放选中的 | Replay these in the background")
async def replay_these(request: Request, desk: DeskHere, who: Writer, key: Key = "") -> Response:
    """A job: `rows` tell what became of each. Quarantined ones are refused, and so is what the caller does not see."""
    asked = ReplayAsked((await body_of(request, ReplayManyRequest)).ids)
    job = await begin_job(
        desk.ports.jobs, new_id(), REPLAY_MANY, who, asked, desk.hub.now(), key=key, total=len(asked.ids))
    return reply(JobBegun(job), 202)


@router.get("/{message_id}/look", **spoken(MessageLook, problems=(404,)), summary="报文内容 | What stands in a message")
async def look_inside(desk: DeskHere, who: Reader, message_id: Uuid, reason: Reason = "") -> Response:
    """Text, encoding and why it was chosen, with people covered; in clear, with its first bytes, for `pii:read` and a
    reason, which is written down. At most 200,000 characters: `/file` has all of it."""
    refuse_hidden("payload")
    is_clear = may_unmask(who, reason)
    found = await _opened(desk, str(message_id))
    if found.body is None:
        return reply(MessageLook(found.view.body_size, "damaged"))
    if is_clear:
        await desk.access.unmasked(who.actor, *found.view.looked_at(as_written(reason)))
    mapping = desk.hub.mappings.of(found.view.channel)
    formats = [document.format for document in mapping.documents_of(found.view.topic)] if mapping else []
    return reply(await asyncio.to_thread(look_at, found.body, found.headers, formats, is_clear=is_clear))


@router.get("/{message_id}/file", **downloaded(problems=(404, 409)), summary="下载报文 | The bytes of a message")
async def download(desk: DeskHere, who: Reader, message_id: Uuid, reason: Reason = "") -> Response:
    """Exactly as it came, for `pii:read` and a reason, which is written down."""
    refuse_hidden("payload")
    if not may_unmask(who, reason):
        raise Problem("wrong_value", "下载要写明原因（X-Unmask-Reason） | say why, in X-Unmask-Reason")
    found = await _opened(desk, str(message_id))
    if found.body is None:
        raise Problem("not_possible", f"{message_id}：存储已损坏，打不开 | its stored bytes are damaged")
    await desk.access.unmasked(who.actor, *found.view.looked_at(as_written(reason)))
    stem = _ODD.sub("_", f"{found.view.account}-{found.view.topic}"[:80])
    name = f"{stem}-{found.view.id[-8:]}.{extension_of(found.body)}"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
               "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(found.body, 200, headers, "application/octet-stream")


@router.post("/{message_id}/preview", **spoken(ReplayPreview, problems=(404,)),
             summary="试算 | What it would become now")
async def look_ahead(desk: DeskHere, who: Reader, message_id: Uuid) -> Response:
    """What a replay would change, of a quarantined one what letting it in would; nothing is kept."""
    if await _stands(desk, str(message_id)) == "split":
        raise Problem("nothing_to_replay", f"{message_id}：已拆成几条，重放它们 | it was split: replay its parts")
    return reply(await _ahead(desk, [str(message_id)]))


@router.post("/{message_id}/let-in", **spoken(read.MessageFile, takes=LetInRequest, problems=(404, 409)),
             summary="放行隔离的消息 | Let a quarantined message in")
async def release(request: Request, desk: DeskHere, who: Administrator, message_id: Uuid) -> Response:
    """It goes through the route as any other from then on; who let it in and why stays in its history."""
    body = await body_of(request, LetInRequest)
    await let_in(desk.ports.messages, str(message_id), body.reason, who.actor, desk.hub.now())
    return reply((await _opened(desk, str(message_id))).view)


async def _ahead(desk: Desk, ids: list[str]) -> ReplayPreview:
    stood = {one: (found.outcome, found.reason) for one, found in (await desk.ports.standing(ids)).items()
             if found.outcome != "split"}
    return await preview_messages(desk.hub, desk.hub.foreseer.foresee, stood)


async def _stands(desk: Desk, message_id: str) -> str:
    found = await desk.ports.standing([message_id])
    if not found:
        raise not_found("消息", "message", message_id)
    return found[message_id].outcome


async def _opened(desk: Desk, message_id: str) -> OpenedMessage:
    async with desk.connect() as connection:
        found = await read.read_message(connection, message_id)
    if found is None:
        raise not_found("消息", "message", message_id)
    view, stored = found
    try:
        body = desk.hub.vault.decrypt_voucher(stored.cipher)
    except Damaged:
        body = None
    return OpenedMessage(view, msgspec.json.decode(stored.headers), body)
