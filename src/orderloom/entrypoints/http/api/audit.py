"""The audit over HTTP, for administrators: how it stands, its facts by who, what and when, and verifying them all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.queries.audit import KINDS, AuditState, FactFilter, FactPage, read_audit, search_facts
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.application.verify_audit import VERIFY, VerifyAsked
from orderloom.entrypoints.http.kit.begun import JobBegun
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Key, Limit, Text, needs
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/audit", tags=["access"])
Administrator = Annotated[Caller, Depends(needs("admin"))]
Moment = Annotated[datetime | None, Query(description="an instant with its offset")]


class VerifyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`is_deep`: orders, money, stock and vouchers too, against what the log says of them."""

    is_deep: bool = False


@router.get("", **spoken(AuditState), summary="审计现状 | How the audit stands")
async def show(desk: DeskHere, who: Administrator) -> Response:
    """The newest checkpoint, the latest verifications with what they found, and the one under way."""
    async with desk.connect() as connection:
        return reply(await read_audit(connection, VERIFY))


@router.get("/facts", **spoken(FactPage, problems=(404,)), summary="查事实 | Search the facts of all orders")
async def facts(
    desk: DeskHere, who: Administrator, order: Text = "", actor: Text = "", kind: Text = "", since: Moment = None,
    until: Moment = None, cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """Newest first, by order, by who acted, by kind and time. A page looks at 20,000 facts at most and says how far."""
    if kind and kind not in KINDS:
        raise UnknownWord("kind", kind, KINDS)
    zone = desk.hub.now().tzinfo
    since, until = [None if at is None else at if at.tzinfo else at.replace(tzinfo=zone) for at in (since, until)]
    wanted = FactFilter(await desk.order_id(order) if order else "", actor.strip(), kind, since, until)
    async with desk.connect() as connection:
        return reply(await search_facts(connection, wanted, cursor=cursor, limit=limit))


@router.post("/verify", **spoken(JobBegun, takes=VerifyRequest, status=202, problems=(409,)),
             summary="校验日志 | Verify the log")
async def verify(request: Request, desk: DeskHere, who: Administrator, key: Key = "") -> Response:
    """Have every chain and checkpoint verified in the background; the answer stands among the `checks`."""
    body = await body_of(request, VerifyRequest)
    asked, at = VerifyAsked(body.is_deep), desk.hub.now()
    return reply(JobBegun(await begin_job(desk.ports.jobs, new_id(), VERIFY, who, asked, at, key=key)), 202)
