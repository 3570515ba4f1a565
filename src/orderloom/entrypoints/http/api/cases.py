"""Cases over HTTP: the queue by row and by kind, recovery times, one case with its history, what people do to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application import keep_cases as verbs
from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT
from orderloom.application.not_kept import NotKept
from orderloom.application.queries import cases as read
from orderloom.application.queries.case_filter import CaseFilter, Sort, State
from orderloom.application.queries.case_kinds import CaseKinds, list_kinds
from orderloom.application.queries.recovery import By, Recovery, recovery_times
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, Uuid, needs
from orderloom.entrypoints.http.kit.instants import is_within_reach
from orderloom.entrypoints.http.kit.problem import Problem, not_found
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


Name = Annotated[str, msgspec.Meta(max_length=100)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
BULK_MAX = 200
RECOVERY_DAYS, RECOVERY_DAYS_MAX = 30, 400


class AssignRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The role that has to act from now on, or the user; their role then, unless one is named."""

    owner: Name = ""
    person: Name = ""


class SnoozeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until when the case is out of the caller's own queue; null: it is in it again."""

    until: Instant | None


class CommentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What there is to say."""

    note: Reason


class CaseBulkRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same done to many cases, each for itself. `owner` and `person` are for assign, `until` for snooze,
    `reason` for resolve, reopen and comment."""

    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=BULK_MAX)]
    verb: Literal["assign", "take", "snooze", "resolve", "reopen", "comment"]
    owner: Name = ""
    person: Name = ""
    until: Instant | None = None
    reason: Annotated[str, msgspec.Meta(max_length=verbs.REASON_MAX)] = ""


class BulkRow(msgspec.Struct, frozen=True):
    """How one case came through: `code` is empty when it is done, else the problem's, with words."""

    id: str
    code: str = ""
    detail: str = ""


class BulkDone(msgspec.Struct, frozen=True):
    """A row for each case that was named, in that order."""

    done: int
    refused: int
    rows: list[BulkRow]


Many = Annotated[str, Query(max_length=2_000, description="one or several, joined by commas")]


async def queue_of(
    desk: DeskHere, who: Reader, kind: Many = "", owner: Many = "", person: Many = "", severity: Many = "",
    account: Many = "", channel: Many = "", warehouse: Many = "", cause: Text = "", order: Text = "",
    state: State = "open", stake_min: Annotated[int, Query(ge=0, le=1 << 53)] = 0,
) -> CaseFilter:
    """What of the queue is asked for; `person=me` is the caller. Raises UnknownWord, Problem."""
    given = {"case": kind, "owner": owner, "severity": severity, "account": account, "channel": channel,
             "warehouse": warehouse}
    for name, values in given.items():
        for value in _several(values):
            await desk.check(**{name: value})
    me = who.user
    return CaseFilter(
        _several(kind), _several(owner), tuple(me if one == "me" else one for one in _several(person)),
        _several(severity), _several(account), _several(channel), _several(warehouse), (cause,) if cause else (),
        await desk.order_id(order) if order else "", state, stake_min, me)


Asked = Annotated[CaseFilter, Depends(queue_of)]


def _several(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


@router.get("", **spoken(read.CasePage, problems=(404, 409)), summary="异常单 | Cases, newest first or by time left")
async def list_cases(
    desk: DeskHere, who: Reader, asked: Asked, sort: Sort = "newest", cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """Anomalies; the open ones that the caller has not put off unless asked otherwise."""
    severities = Vocabulary(await desk.directory()).severities()
    async with desk.connect() as connection:
        return reply(await read.list_cases(
            connection, asked, sort=sort, cursor=cursor, limit=limit, severities=severities, at=desk.hub.now()))


@router.get("/kinds", **spoken(CaseKinds, problems=(404, 409)), summary="异常单分类 | The queue by kind and cause")
async def show_kinds(desk: DeskHere, who: Reader, asked: Asked) -> Response:
    """How many cases of each kind and cause, what hangs on them and what money: one mend often ends many."""
    severities = Vocabulary(await desk.directory()).severities()
    async with desk.connect() as connection:
        return reply(await list_kinds(connection, asked, desk.hub.now(), severities))


@router.get("/recovery", **spoken(Recovery), summary="康复时间 | How long troubles last")
async def show_recovery(
    desk: DeskHere, who: Reader, by: By = "kind", since: datetime | None = None, until: datetime | None = None,
) -> Response:
    """From an order's first abnormal state to normal again: median, 90th percentile and distribution of what ended in
    the span, 30 days unless asked otherwise and 400 at most."""
    until = until or desk.hub.now()
    if not is_within_reach(until):
        raise Problem("wrong_value", "until：年份超出范围 | until: the year is out of range")
    since = since or until - timedelta(days=RECOVERY_DAYS)
    if since.tzinfo is None or until.tzinfo is None or not timedelta(0) < until - since <= timedelta(
            days=RECOVERY_DAYS_MAX):
        raise Problem("wrong_value", f"since 到 until：带时区，最多 {RECOVERY_DAYS_MAX} 天 | "
                                     f"since and until: with a zone, {RECOVERY_DAYS_MAX} days apart at most")
    async with desk.connect() as connection:
        return reply(await recovery_times(connection, by, since, until))


@router.post("/bulk", **spoken(BulkDone, takes=CaseBulkRequest), summary="批量处理异常单 | The same done to many cases")
async def do_to_many(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Each case for itself: what is refused is told by row, and stops no other."""
    body = await body_of(request, CaseBulkRequest)
    act = _act(desk, who, body)
    rows = []
    for case_id in map(str, dict.fromkeys(body.ids)):
        try:
            if SIGHT.get().rows is not None:
                await _case(desk, who, UUID(case_id))
            await act(case_id)
        except Problem as unseen:
            rows.append(BulkRow(case_id, unseen.code, unseen.detail))
        except NotKept as refused:
            rows.append(BulkRow(case_id, refused.code, f"{refused.zh} | {refused.en}"))
        else:
            rows.append(BulkRow(case_id))
    refused_count = sum(bool(row.code) for row in rows)
    return reply(BulkDone(len(rows) - refused_count, refused_count, rows))


def _act(desk: Desk, who: Caller, body: CaseBulkRequest) -> Callable[[str], Awaitable[None]]:
    """What is to be done to each case. Raises Problem for a wish that lacks a part."""
    cases, by, at = desk.ports.cases, who.actor, desk.hub.now()
    if body.verb in ("resolve", "reopen", "comment") and not body.reason.strip():
        raise Problem("wrong_value", "reason：写明原因 | reason: say why")
    if body.verb == "assign" and not (body.owner or body.person):
        raise Problem("wrong_value", "owner 或 person：写明转给谁 | owner or person: say to whom")
    if body.verb == "assign":
        return lambda case_id: verbs.give_case(cases, case_id, body.owner, body.person, by, at)
    if body.verb == "snooze":
        return lambda case_id: verbs.snooze_case(cases, case_id, body.until, who.user, at)
    act = {"take": verbs.take_case, "resolve": verbs.resolve_case, "reopen": verbs.reopen_case,
           "comment": verbs.comment_case}[body.verb]
    return lambda case_id: act(cases, case_id, body.reason.strip(), by, at)


@router.get("/{case_id}", **spoken(read.CaseDetail, problems=(404,)), summary="一张异常单 | One case")
async def show_case(desk: DeskHere, who: Reader, case_id: Uuid) -> Response:
    """A case with its evidence and what people did to it; personal values in it are masked."""
    return reply(await _case(desk, who, case_id))


@router.get("/{case_id}/members", **spoken(read.MemberPage, problems=(404, 422)),
            summary="同因异常的明细 | What a case of one cause is about")
async def list_members(
    desk: DeskHere, who: Reader, case_id: Uuid, state: Literal["open", "resolved", "any"] = "open", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """The subjects of a group, the open ones unless asked otherwise; a case that stands alone has none."""
    await _case(desk, who, case_id)
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
    """Give a case to another role or to a person; its history says who did, when, and from whom to whom."""
    body = await body_of(request, AssignRequest)
    if not (body.owner or body.person):
        raise Problem("wrong_value", "owner 或 person：写明转给谁 | owner or person: say to whom")
    await verbs.give_case(desk.ports.cases, str(case_id), body.owner, body.person, who.actor, desk.hub.now())
    return reply(await _case(desk, who, case_id))


@router.post("/{case_id}/snooze", **spoken(read.CaseDetail, takes=SnoozeRequest, problems=(404, 409)),
             summary="稍后处理 | Snooze")
async def snooze_case(request: Request, desk: DeskHere, who: Writer, case_id: Uuid) -> Response:
    """Take a case out of one's own queue until then; nobody else's queue and no time limit changes."""
    body = await body_of(request, SnoozeRequest)
    await verbs.snooze_case(desk.ports.cases, str(case_id), body.until, who.user, desk.hub.now())
    return reply(await _case(desk, who, case_id))


@router.post("/{case_id}/comment", **spoken(read.CaseDetail, takes=CommentRequest, problems=(404,)),
             summary="备注异常单 | Comment on a case")
async def comment_case(request: Request, desk: DeskHere, who: Writer, case_id: Uuid) -> Response:
    """Say something about a case; it stands in its history for good."""
    body = await body_of(request, CommentRequest)
    return await _done(desk, who, case_id, verbs.comment_case, body.note.strip())


async def _done(desk: Desk, who: Caller, case_id: Uuid, act: verbs.Act, word: str) -> Response:
    await act(desk.ports.cases, str(case_id), word, who.actor, desk.hub.now())
    return reply(await _case(desk, who, case_id))


async def _case(desk: Desk, who: Caller, case_id: Uuid) -> read.CaseDetail:
    severities = Vocabulary(await desk.directory()).severities()
    async with desk.connect() as connection:
        found = await read.read_case(connection, str(case_id), severities, me=who.user, at=desk.hub.now())
    if found is None:
        raise not_found("异常单", "case", str(case_id))
    return found
