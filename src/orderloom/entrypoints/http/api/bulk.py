"""The same for many orders over HTTP: begun at once, done in the background, with a result for every order."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.bulk_orders import BULK, IDS_MAX, BulkAsked, Verb
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.queries.orders import find_orders
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Key, decides
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])
Decider = Annotated[Caller, Depends(decides("orders:write", "cases:write"))]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class ManyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done to which orders, by number or id. `hold_type`: one of the blueprint's, for `hold`."""

    verb: Verb
    orders: Annotated[tuple[Reference, ...], msgspec.Meta(min_length=1, max_length=IDS_MAX)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    hold_type: Annotated[str, msgspec.Meta(max_length=100)] = "manual"


class JobBegun(msgspec.Struct, frozen=True):
    """The job that does it: GET /api/v1/jobs/{id} tells how far it is."""

    job: str


@router.post("/bulk", **spoken(JobBegun, takes=ManyRequest, status=202, problems=(409,)),
             summary="批量处理 | Do the same to many orders")
async def change_many(request: Request, desk: DeskHere, who: Decider, key: Key = "") -> Response:
    """Hold, release or cancel up to 500 orders, as one order would be; `rows` of the job say what became of each.

    A refused order stays as it is and does not stop the others. `release` lifts every hold that the caller may lift.
    """
    body = await body_of(request, ManyRequest)
    if body.verb == "hold" and not who.may("orders:write"):
        raise Problem("no_scope", "需要权限 orders:write，请找管理员 | orders:write is needed: ask an administrator")
    if body.verb == "hold" and body.hold_type not in await _hold_types(desk):
        known = "、".join(await _hold_types(desk))
        raise Problem("wrong_value", f"hold_type：可用 {known} | hold_type: one of {known}")
    asked = BulkAsked(body.verb, await _ids(desk, body.orders), body.reason, body.hold_type)
    job = await begin_job(desk.ports.jobs, new_id(), BULK, who, asked, desk.hub.now(), key=key, total=len(asked.ids))
    return reply(JobBegun(job), 202)


async def _hold_types(desk: Desk) -> list[str]:
    directory = await desk.directory()
    return list(directory.blueprints[directory.blueprint_active].holds)


async def _ids(desk: Desk, references: tuple[str, ...]) -> tuple[str, ...]:
    """Each order once. Raises Problem that names what is no order."""
    async with desk.connect() as connection:
        known = await find_orders(connection, references)
    missing = [r for r in references if r not in known]
    if missing:
        named = "、".join(missing[:20])
        raise Problem("no_such_order", f"没有这些订单：{named} | there are no such orders: {named}")
    return tuple(dict.fromkeys(known[r] for r in references))
