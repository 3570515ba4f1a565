"""Erasure on request over HTTP: looked at first, then done in the background, for administrators."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.jobs.erase_people import ERASE, IDS_MAX, REASON_MIN, EraseAsked
from orderloom.application.queries.erasures import (
    ErasurePage,
    ErasurePreview,
    list_erasures,
    orders_of_phone,
    preview_erasure,
)
from orderloom.application.queries.orders import find_orders
from orderloom.domain.rights import ADMIN
from orderloom.entrypoints.http.kit.begun import JobBegun
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Key, Limit, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/erasures", tags=["access"])
Administrator = Annotated[Caller, Depends(needs(ADMIN))]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class ErasureWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose data: orders by number or id, a whole phone number, or both."""

    orders: Annotated[tuple[Reference, ...], msgspec.Meta(max_length=IDS_MAX)] = ()
    phone: Annotated[str, msgspec.Meta(max_length=40)] = ""


class ErasureRequest(ErasureWish, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same, with why, and the number of orders that the preview named, as it was typed."""

    reason: Annotated[str, msgspec.Meta(min_length=REASON_MIN, max_length=500)]
    count: Annotated[int, msgspec.Meta(ge=1, le=IDS_MAX)]


@router.get("", **spoken(ErasurePage), summary="抹除记录 | Erasures")
async def erasures(desk: DeskHere, who: Administrator, limit: Limit = 50, cursor: Cursor = "") -> Response:
    """Every erasure: who had it done, why, of how many orders, and what was emptied. None names the person."""
    async with desk.connect() as connection:
        return reply(await list_erasures(connection, limit=limit, cursor=cursor))


@router.post("/preview", **spoken(ErasurePreview, takes=ErasureWish, problems=(404,)),
             summary="抹除前先看 | What an erasure would be about")
async def look_ahead(request: Request, desk: DeskHere, who: Administrator) -> Response:
    """The orders that are meant, with what stands in the way, and how much of theirs would be emptied."""
    return reply(await _preview(desk, await body_of(request, ErasureWish)))


@router.post("", **spoken(JobBegun, takes=ErasureRequest, status=202, problems=(404, 409)),
             summary="抹除个人信息 | Erase people")
async def erase(request: Request, desk: DeskHere, who: Administrator, key: Key = "") -> Response:
    """In the background, for good: orders that are under way are left out. 409 `preview_stale` when it is another
    number of orders by now."""
    body = await body_of(request, ErasureRequest)
    preview = await _preview(desk, body)
    if preview.order_count != body.count:
        raise Problem("preview_stale", f"现在是 {preview.order_count} 单，请重新预览 | "
                      f"it is {preview.order_count} orders now: look again")
    ids = tuple(row.id for row in preview.rows if not row.why_not)
    asked = EraseAsked(ids, body.reason.strip())
    begun = await begin_job(
        desk.ports.jobs, new_id(), ERASE, who, asked, desk.hub.now(), key=key, total=len(ids))
    return reply(JobBegun(begun), 202)


async def _preview(desk: Desk, wish: ErasureWish) -> ErasurePreview:
    """What is meant. Raises Problem for what is no order."""
    if not wish.orders and not wish.phone:
        raise Problem("wrong_value", "orders: 请给出订单号或电话 | give numbers of orders or a phone")
    async with desk.connect() as connection:
        known = await find_orders(connection, wish.orders) if wish.orders else {}
        if missing := "、".join([one for one in wish.orders if one not in known][:20]):
            raise Problem("no_such_order", f"没有这些订单：{missing} | there are no such orders: {missing}")
        ids = list(known.values())
        if wish.phone and (index := desk.hub.vault.phone_index(wish.phone)) is not None:
            ids += await orders_of_phone(connection, index, IDS_MAX)
        return await preview_erasure(connection, list(dict.fromkeys(ids))[:IDS_MAX], await desk.directory())
