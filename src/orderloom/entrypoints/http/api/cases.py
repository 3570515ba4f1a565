"""Cases over HTTP: the list, one case with its evidence and history, taking, closing, reopening and assigning."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application import keep_cases as verbs
from orderloom.application.identity.access import Caller
from orderloom.application.queries import cases as read
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, Uuid, needs
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])
Reader = Annotated[Caller, Depends(needs("cases:read"))]
Writer = Annotated[Caller, Depends(needs("cases:write"))]


Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=verbs.REASON_MAX, pattern=r"\S")]


class ResolveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the case ended."""

    resolution: Reason


class ReopenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why the case has not ended after all."""

    reason: Reason


class AssignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The role that has to act from now on."""

    owner: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


@router.get("", **spoken(read.CasePage, problems=(404, 409)), summary="异常单 | Cases, newest first")
async def list_cases(
    desk: DeskHere, who: Reader, kind: Text = "", owner: Text = "", severity: Text = "", order: Text = "",
    state: Literal["open", "resolved", "any"] = "open", cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """Anomalies; the open ones unless asked otherwise."""
    await desk.check(case=kind, owner=owner, severity=severity)
    order_id = await desk.order_id(order) if order else ""
    severities = Vocabulary(await desk.directory()).severities()
    async with desk.connect() as connection:
        return reply(await read.list_cases(
            connection, kind=kind, owner=owner, state=state, order_id=order_id, cursor=cursor, limit=limit,
            severity=severity, severities=severities))


@router.get("/{case_id}", **spoken(read.CaseDetail, problems=(404,)), summary="一张异常单 | One case")
async def show_case(desk: DeskHere, who: Reader, case_id: Uuid) -> Response:
    """A case with its evidence and what people did to it; personal values in it are masked."""
    return reply(await _case(desk, case_id))


@router.get("/{case_id}/members", **spoken(read.MemberPage, problems=(404, 422)),
            summary="同因异常的明细 | What a case of one cause is about")
async def list_members(
    desk: DeskHere, who: Reader, case_id: Uuid, state: Literal["open", "resolved", "any"] = "open", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """The subjects of a group, the open ones unless asked otherwise; a case that stands alone has none."""
    await _case(desk, case_id)
    async with desk.connect() as connection:
        return reply(await read.list_members(connection, str(case_id), state=state, cursor=cursor, limit=limit))


@router.post("/{case_id}/resolve", **spoken(read.CaseDetail, takes=ResolveRequest, problems=(404, 409)),
             summary="关闭 | Resolve")
async def resolve_case(request: Request, desk: DeskHere, who: Writer, case_id: Uuid) -> Response:
    """Close a case by hand, a group with all its members. If its cause is still there it opens again."""
    body = await body_of(request, ResolveRequest)
    return await _done(desk, who, case_id, verbs.resolve_case, body.resolution)


@router.post("/{case_id}/take", **spoken(read.CaseDetail, problems=(404, 409)), summary="接手 | Take")
async def take_case(desk: DeskHere, who: Writer, case_id: Uuid) -> Response:
    """Say that one is at it: whoever else was to be told of the case is not told any more."""
    return await _done(desk, who, case_id, verbs.take_case, "")


@router.post("/{case_id}/reopen", **spoken(read.CaseDetail, takes=ReopenRequest, problems=(404, 409)),
             summary="重新打开 | Reopen")
async def reopen_case(request: Request, desk: DeskHere, who: Writer, case_id: Uuid) -> Response:
    """Open a closed case again, a group with the members that were closed with it."""
    body = await body_of(request, ReopenRequest)
    return await _done(desk, who, case_id, verbs.reopen_case, body.reason)


@router.post("/{case_id}/assign", **spoken(read.CaseDetail, takes=AssignRequest, problems=(404, 409)),
             summary="转给 | Assign")
async def assign_case(request: Request, desk: DeskHere, who: Writer, case_id: Uuid) -> Response:
    """Give a case to another role; the case's history says who did, when, and from whom to whom."""
    body = await body_of(request, AssignRequest)
    return await _done(desk, who, case_id, verbs.assign_case, body.owner)


async def _done(desk: Desk, who: Caller, case_id: Uuid, act: verbs.Act, word: str) -> Response:
    await act(desk.ports.cases, str(case_id), word, who.actor, desk.hub.now())
    return reply(await _case(desk, case_id))


async def _case(desk: Desk, case_id: Uuid) -> read.CaseDetail:
    severities = Vocabulary(await desk.directory()).severities()
    async with desk.connect() as connection:
        found = await read.read_case(connection, str(case_id), severities)
    if found is None:
        raise not_found("异常单", "case", str(case_id))
    return found
