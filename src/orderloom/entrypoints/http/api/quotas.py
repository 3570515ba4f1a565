"""Quotas over HTTP: what campaigns, channels and customers have a right to."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.commands import Outcome
from orderloom.application.identity.access import Caller
from orderloom.application.keep_quotas import QuotaWish, close_quota, plan_quotas, resize_quota
from orderloom.application.queries import quotas as read
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.subjects import SubjectFact, history_of
from orderloom.domain.inventory.quota_keeping import KeptQuota
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/stock/quotas", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
State = Literal["", "planned", "open", "closed"]


class QuotaSized(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another quantity, in base units, and why."""

    quantity: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    reason: Reason


class QuotaEnded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a quota is closed before its time."""

    reason: Reason


class QuotasPlanned(msgspec.Struct, frozen=True):
    """The quotas that were made, or had been by the same key."""

    quotas: list[read.QuotaView]


class QuotaPaper(msgspec.Struct, frozen=True):
    """A quota with what happened to it; what orders drew of it stands in their own histories."""

    quota: read.QuotaView
    history: list[SubjectFact]


@router.get("", **spoken(read.QuotaPage), summary="预留配额 | Quotas, newest first")
async def list_quotas(
    desk: DeskHere, who: Reader, sku: Text = "", warehouse: Text = "", campaign: Text = "", state: State = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """What is kept for whom, how much of it is set aside now and how much was drawn."""
    await desk.check(sku=sku, warehouse=warehouse)
    async with desk.connect() as connection:
        return reply(await read.list_quotas(
            connection, sku=sku, warehouse=warehouse, campaign=campaign, state=state, cursor=cursor, limit=limit))


@router.get("/{quota}", **spoken(QuotaPaper, problems=(404,)), summary="一个配额 | One quota with its history")
async def show_quota(desk: DeskHere, who: Reader, quota: str) -> Response:
    """The quota as it stands, and each thing that happened to it."""
    found = await _seen(desk, quota)
    async with desk.connect() as connection:
        return reply(QuotaPaper(found, await history_of(connection, quota)))


@router.post("", **spoken(QuotasPlanned, takes=QuotaWish, status=201, problems=(404, 409)),
             summary="设置预留 | Set units aside")
async def plan(
    request: Request, desk: DeskHere, who: Writer,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200,
                               description="The same key makes no second quotas, however often it is sent")],
) -> Response:
    """All lines or none. A quota opens at `starts_at` with what is free then, fills up as goods come in, and gives back
    at `ends_at` what nobody drew."""
    wish = await body_of(request, QuotaWish)
    async with desk.connect() as connection:
        ids = await sku_ids(connection, {line.sku for line in wish.lines})
    hub = desk.hub
    made = await plan_quotas(
        hub.ports.subjects, wish, ids, await desk.directory(), f"api/{who.actor}/{key}", who.actor, hub.now(), new_id)
    if isinstance(made, Refusal):
        raise problem_of(Outcome(refusal=made.code, particulars=made.particulars))
    async with desk.connect() as connection:
        page = await read.list_quotas(connection, numbers=made, limit=len(made))
    return reply(QuotasPlanned(page.quotas), 201)


@router.post("/{quota}/resize", **spoken(read.QuotaView, takes=QuotaSized, problems=(404, 409)),
             summary="改预留数量 | Change how many are wanted")
async def resize(request: Request, desk: DeskHere, who: Writer, quota: str) -> Response:
    """More is set aside as far as it is free, less is given back; never less than orders drew."""
    body = await body_of(request, QuotaSized)
    await _seen(desk, quota)
    found = await resize_quota(desk.hub.ports.subjects, quota, body.quantity, body.reason, who.actor, desk.hub.now())
    return await _told(desk, found)


@router.post("/{quota}/close", **spoken(read.QuotaView, takes=QuotaEnded, problems=(404,)),
             summary="提前结束 | Close a quota")
async def close(request: Request, desk: DeskHere, who: Writer, quota: str) -> Response:
    """What nobody drew goes back to all; what orders drew stays theirs. One that is closed stays as it is."""
    body = await body_of(request, QuotaEnded)
    await _seen(desk, quota)
    return await _told(desk, await close_quota(desk.hub.ports.subjects, quota, body.reason, who.actor, desk.hub.now()))


async def _seen(desk: Desk, number: str) -> read.QuotaView:
    """The quota, if whoever asks sees it."""
    async with desk.connect() as connection:
        page = await read.list_quotas(connection, numbers=[number], limit=1)
    if not page.quotas:
        raise not_found("配额", "quota", number)
    return page.quotas[0]


async def _told(desk: Desk, found: KeptQuota | Refusal) -> Response:
    if isinstance(found, Refusal):
        raise problem_of(Outcome(refusal=found.code, particulars=found.particulars))
    return reply(await _seen(desk, found.number))
