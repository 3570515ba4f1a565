"""One mend for many cases over HTTP: by which ways, what it would change, and doing it in the background."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.foresee import First
from orderloom.application.give_up import GIVE_UP_MAX
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.mends import mend_many as many
from orderloom.application.mends.foretell import foretell, plain_preview
from orderloom.application.mends.shapes import MendPreview
from orderloom.application.mends.ways import REASON_MAX, teach_spelling
from orderloom.application.preview import PreviewStale, SameChange
from orderloom.application.queries import cases as read
from orderloom.application.queries.case_filter import CaseFilter
from orderloom.application.queries.mend_evidence import spelling_of
from orderloom.domain.mending import MENDERS
from orderloom.entrypoints.http.kit.begun import JobBegun
from orderloom.entrypoints.http.kit.foreseen import with_words
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Key, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])
Reader = Annotated[Caller, Depends(needs("cases:read"))]
Code = Annotated[str, msgspec.Meta(max_length=200)]


class WholePile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All open cases of a kind, of one cause where it is named, that the caller has not put off."""

    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    cause: Annotated[str, msgspec.Meta(max_length=300)] = ""


class CasesChosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which cases: these, or a whole pile; 500 at most."""

    ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=many.CASES_MAX)] = ()
    pile: WholePile | None = None


class MendManyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The way, and what it asks for: `sku factor reach` for alias, `reason` for discard and give_up. `token` is the
    preview's."""

    mend: many.ManyWay
    cases: CasesChosen
    sku: Code = ""
    factor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    reach: Annotated[str, msgspec.Meta(pattern="^(shop|connector|all)$")] = "shop"
    reason: Annotated[str, msgspec.Meta(max_length=REASON_MAX)] = ""
    token: Annotated[str, msgspec.Meta(max_length=64)] = ""


class SharedWay(msgspec.Struct, frozen=True):
    """A way by which `cases` of the chosen ones can be mended alike. `scope` is what the caller lacks; `spelling`: the
    one that all of them are about, `example` a case of them, to look for SKUs by."""

    mend: str
    cases: int
    scope: str = ""
    spelling: str = ""
    example: str = ""


class SharedWays(msgspec.Struct, frozen=True):
    """The ways of so many chosen cases, the one that mends most of them first."""

    cases: int
    ways: list[SharedWay]


class ManyMendPreview(msgspec.Struct, frozen=True):
    """What it would do to all that waits for `cases` of the chosen ones; for `left_out` nothing waits that it mends."""

    cases: int
    left_out: int
    preview: MendPreview


@router.post("/bulk-mend/ways", **spoken(SharedWays, takes=CasesChosen, problems=(404,)),
             summary="一起修的办法 | The ways to mend many cases alike")
async def list_shared_ways(request: Request, desk: DeskHere, who: Reader) -> Response:
    """A spelling can be taught to all of them only where all of them are about the same one."""
    chosen = await _chosen(desk, who, await body_of(request, CasesChosen))
    found = [(mend, await _fitting(desk, mend, chosen)) for mend in many.WAYS]
    ways = [SharedWay(mend, len(cases), "" if who.may(scope := MENDERS[mend].scope) else scope,
                      spelling_of(cases[0]) if mend == "alias" else "", cases[0].id)
            for mend, cases in found if cases]
    return reply(SharedWays(len(chosen), sorted(ways, key=lambda one: -one.cases)))


@router.post("/bulk-mend/preview", **spoken(ManyMendPreview, takes=MendManyRequest, problems=(404, 409)),
             summary="一起修的预览 | What one mend would do to many cases")
async def look_ahead(request: Request, desk: DeskHere, who: Reader) -> Response:
    """Decided by the same code, nothing is kept: what would still wait comes first. Of more than 1,000 messages the
    first are looked at."""
    preview, _ = await _ahead(desk, who, await _wish(request, who))
    return reply(preview)


@router.post("/bulk-mend", **spoken(JobBegun, takes=MendManyRequest, status=202, problems=(404, 409)),
             summary="一起修 | Mend many cases")
async def mend_these(request: Request, desk: DeskHere, who: Reader, key: Key = "") -> Response:
    """A job, each case for itself: its `rows` tell what became of each. With the preview's `token` nothing is begun
    when it would now end otherwise: 409 `preview_stale`."""
    wish = await _wish(request, who)
    now, ids = await _ahead(desk, who, wish)
    if wish.token and now.preview.token != wish.token:
        raise PreviewStale(now.preview)
    asked = many.MendManyAsked(wish.mend, ids, wish.sku, wish.factor, wish.reach, wish.reason.strip())
    job = await begin_job(
        desk.ports.jobs, new_id(), many.MEND_MANY, who, asked, desk.hub.now(), key=key, total=len(ids))
    return reply(JobBegun(job), 202)


async def _wish(request: Request, who: Caller) -> MendManyRequest:
    wish = await body_of(request, MendManyRequest)
    if not who.may(scope := MENDERS[wish.mend].scope):
        raise Problem("no_scope", f"需要权限 {scope}，请找管理员 | scope {scope} is needed: ask an administrator")
    if wish.mend in ("discard", "give_up") and not wish.reason.strip():
        raise Problem("wrong_value", "reason：写明原因 | reason: say why")
    return wish


async def _ahead(desk: Desk, who: Caller, wish: MendManyRequest) -> tuple[ManyMendPreview, tuple[str, ...]]:
    """The preview, and the cases that it is about. Raises Problem, NotKept."""
    chosen = await _chosen(desk, who, wish.cases)
    cases = await _fitting(desk, wish.mend, chosen)
    is_sent = MENDERS[wish.mend].on == "deliveries"
    waits = [one for case in cases for one in await (_stuck if is_sent else _waiting)(desk, case.id)]
    if not waits:
        raise Problem("nothing_waits", "选中的异常单没有可以这样修的消息或推送，可能已被别人修好 | nothing waits for "
                                       "these cases that is mended so: somebody may have mended them")
    preview = await _foretold(desk, wish, cases, list(dict.fromkeys(waits)))
    return (ManyMendPreview(len(cases), len(chosen) - len(cases), preview), tuple(case.id for case in cases))


async def _foretold(desk: Desk, wish: MendManyRequest, cases: Sequence[read.CaseView], waits: list[str]) -> MendPreview:
    if wish.mend not in ("alias", "replay"):
        return plain_preview(desk.hub.now(), waits, wish.mend)
    if wish.mend == "replay":
        return _worded(await foretell(desk.hub.foreseer.foresee, waits, None))
    same = [SameChange("lines.sku", spelling_of(cases[0]), wish.sku)]
    return _worded(await foretell(desk.hub.foreseer.foresee, waits, await _taught(desk, wish, cases), same))


def _worded(preview: MendPreview) -> MendPreview:
    worded = with_words(preview)
    assert isinstance(worded, MendPreview)
    return worded


async def _taught(desk: Desk, wish: MendManyRequest, cases: Sequence[read.CaseView]) -> First:
    """The spelling taught to the shops of all of them, in a transaction that is undone."""
    directory = await desk.directory()
    asked = many.wish_of(many.MendManyAsked(wish.mend, (), wish.sku, wish.factor, wish.reach))

    async def first(work: Any) -> None:
        for case in cases:
            about = many.spelt(case.account or "", spelling_of(case), directory)
            await teach_spelling(lambda: nullcontext(work.catalogue), asked, about, is_releasing=False)

    return first


async def _chosen(desk: Desk, who: Caller, chosen: CasesChosen) -> list[read.CaseView]:
    """The open ones of the chosen cases. Raises Problem for too many, or none that is seen."""
    if bool(chosen.ids) == (chosen.pile is not None):
        raise Problem("wrong_value", "ids 和 pile 二选一 | give either ids or pile")
    async with desk.connect() as connection:
        if chosen.pile is None:
            found = await read.read_cases(connection, list(dict.fromkeys(map(str, chosen.ids))))
        else:
            await desk.check(case=chosen.pile.kind)
            cause = (chosen.pile.cause,) if chosen.pile.cause else ()
            asked = CaseFilter(kinds=(chosen.pile.kind,), causes=cause, me=who.user)
            found = (await read.list_cases(connection, asked, limit=many.CASES_MAX + 1, at=desk.hub.now())).cases
    if len(found) > many.CASES_MAX:
        raise Problem("wrong_value", f"一次最多 {many.CASES_MAX} 张，请缩小范围 | "
                                     f"at most {many.CASES_MAX} cases at once: narrow it")
    if not found:
        raise Problem("not_found", "没有这些异常单 | there are no such cases")
    return [case for case in found if case.resolved_at is None]


async def _fitting(desk: Desk, mend: many.ManyWay, chosen: Sequence[read.CaseView]) -> list[read.CaseView]:
    """Those of them that the way mends: what waits can always be tried again, the other ways are the kind's own. A
    spelling is taught only where all of them are about the same one."""
    directory = await desk.directory()
    blueprint = directory.blueprints[directory.blueprint_active]
    named = [case for case in chosen if mend == "replay" or mend in blueprint.case(case.kind).menders]
    if MENDERS[mend].on == "deliveries":
        return [case for case in named if await _stuck(desk, case.id)]
    found = [case for case in named if case.messages > 0]
    return [] if mend == "alias" and len({spelling_of(case) for case in found}) > 1 else found


async def _waiting(desk: Desk, case_id: str) -> list[str]:
    async with desk.ports.messages() as messages:
        return await messages.of_case(case_id, many.MESSAGES_MAX)


async def _stuck(desk: Desk, case_id: str) -> list[str]:
    async with desk.ports.outbox() as outbox:
        return await outbox.parked_of_case(case_id, GIVE_UP_MAX)
