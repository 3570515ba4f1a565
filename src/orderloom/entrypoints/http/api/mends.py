"""Mending a case over HTTP: its evidence, the ways there are, what each would change, and doing just that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.adapters.vault import Damaged
from orderloom.application.discard import DISCARD_MAX, discard_case
from orderloom.application.foresee import First
from orderloom.application.give_up import GIVE_UP_MAX, give_up_case
from orderloom.application.identity.access import Caller
from orderloom.application.mends import ways
from orderloom.application.mends.foretell import foretell, plain_preview
from orderloom.application.mends.shapes import (
    Corrected,
    Evidence,
    MendChoice,
    Mended,
    MendPreview,
    Mends,
    MendWish,
    NewSku,
)
from orderloom.application.preview import PreviewStale, SameChange
from orderloom.application.queries import cases as read
from orderloom.application.queries import mend_offer as offer
from orderloom.application.queries import mends as facts
from orderloom.application.queries.mend_evidence import ReadMessage, evidence_of, read_stored, spelling_of, wanted_of
from orderloom.application.queries.mend_look import gather, tries_of
from orderloom.application.queries.messages import read_message
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.replay import replay
from orderloom.application.resend import resend
from orderloom.blueprint.mapping.fragment import steps_of
from orderloom.domain.mending import MENDERS
from orderloom.entrypoints.http.kit.foreseen import with_words
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Uuid, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])
Reader = Annotated[Caller, Depends(needs("cases:read"))]
Code = Annotated[str, msgspec.Meta(max_length=200)]
Here = Literal["alias", "sku", "correct", "status", "warehouse", "replay", "discard", "resend", "give_up"]
FOUND_MAX = 20
MESSAGES_MAX = 100_000
"""Messages that one mend takes through again."""


class MendRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is wished, as far as the way asks for it. alias: `sku`, `factor`, `reach`; sku: `new_sku` beside them;
    correct: `corrections`; status: `dictionary`, `meaning` (milestone, payment, cancelled …); warehouse: its code.
    `reason` is kept. Unless it `is_replaying` a spelling is taught and what waits stays. `token` is the preview's."""

    sku: Code = ""
    new_sku: NewSku | None = None
    factor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    reach: Literal["shop", "connector", "all"] = "shop"
    is_replaying: bool = True
    corrections: Annotated[tuple[Corrected, ...], msgspec.Meta(max_length=20)] = ()
    dictionary: Code = ""
    meaning: Annotated[dict[str, str | bool], msgspec.Meta(max_length=20)] = {}
    warehouse: Code = ""
    reason: Annotated[str, msgspec.Meta(max_length=ways.REASON_MAX)] = ""
    token: Annotated[str, msgspec.Meta(max_length=64)] = ""


class Candidates(msgspec.Struct, frozen=True):
    """SKUs to choose from, with reasons; what fits best first."""

    choices: list[MendChoice]


@router.get("/{case_id}/evidence", **spoken(Evidence, problems=(404,)), summary="证据 | The evidence of a case")
async def show_evidence(
    desk: DeskHere, who: Reader, case_id: Uuid, message: Uuid | None = None,
) -> Response:
    """The part of a payload that matters, with the culprit marked: of the first message that waits, or of `message`.
    Nobody can be recognised in it."""
    case = await _case(desk, who, str(case_id))
    ids = await _waiting(desk, case.id)
    found = await _read(desk, str(message) if message else _first(case, ids))
    return reply(Evidence(len(ids)) if found is None else evidence_of(case, found, len(ids)))


@router.get("/{case_id}/mends", **spoken(Mends, problems=(404,)), summary="怎么修 | The ways to mend a case")
async def list_mends(desk: DeskHere, who: Reader, case_id: Uuid) -> Response:
    """The ways there are, the right one first, with what there is to choose from and why; what was tried by itself."""
    case = await _case(desk, who, str(case_id))
    ids, stuck = await _waiting(desk, case.id), await _stuck(desk, case.id)
    message = await _read(desk, _first(case, ids))
    evidence = Evidence(len(ids)) if message is None else evidence_of(case, message, len(ids))
    directory = await desk.directory()
    rule = directory.blueprints[directory.blueprint_active].case(case.kind)
    order = await desk.ports.order(case.order_id) if case.order_id else None
    async with desk.connect() as connection:
        known = await gather(connection, case, desk.hub.mappings, directory, order, who.roles, message,
                             messages=len(ids), deliveries=len(stuck))
        tries = await tries_of(connection, case, known, ids, stuck)
        waiting = await facts.under_way(connection, case.kind, case.subject)
    return reply(Mends(offer.offered_mends(case, rule.menders, known, evidence, who.may), tries, waiting))


@router.get("/{case_id}/candidates", **spoken(Candidates, problems=(404,)), summary="候选商品 | SKUs that may be meant")
async def list_candidates(
    desk: DeskHere, who: Reader, case_id: Uuid, q: Annotated[str, Query(min_length=1, max_length=100)],
) -> Response:
    """SKUs that have this text in their code, name or a spelling, each with how like the case's line it is."""
    case = await _case(desk, who, str(case_id))
    message = await _read(desk, _first(case, await _waiting(desk, case.id)))
    async with desk.connect() as connection:
        found = await facts.looked_for(connection, q.strip(), FOUND_MAX)
    return reply(Candidates(offer.sku_choices(wanted_of(spelling_of(case), message), found, is_asked=True)))


@router.post("/{case_id}/mends/{mend}/preview", **spoken(MendPreview, takes=MendRequest, problems=(404, 409)),
             summary="修复预览 | What a mend would change")
async def look_ahead(request: Request, desk: DeskHere, who: Reader, case_id: Uuid, mend: Here) -> Response:
    """What all that waits for the case would become, decided by the same code; nothing is kept. Of more than 1,000
    messages the first are looked at."""
    wish = await _wish(request, who, mend)
    case = await _case(desk, who, str(case_id))
    return reply(with_words(await _preview(desk, who, case, mend, wish)))


@router.post("/{case_id}/mends/{mend}", **spoken(Mended, takes=MendRequest, problems=(404, 409)),
             summary="修复 | Mend a case")
async def mend_case(request: Request, desk: DeskHere, who: Reader, case_id: Uuid, mend: Here) -> Response:
    """Do it, all of it or nothing. With the preview's `token` nothing is done when it would now end otherwise: 409
    `preview_stale` with the new preview. The case closes by itself when the last that waited is through."""
    wish = await _wish(request, who, mend)
    case = await _case(desk, who, str(case_id))
    if wish.token:
        now = await _preview(desk, who, case, mend, wish)
        if now.token != wish.token:
            raise PreviewStale(now)
    released = await _carry_out(desk, who, case, mend, wish)
    async with desk.ports.cases() as book:
        await book.write(case.id, "mended", _told(mend, wish, released), who.actor, desk.hub.now())
    return reply(Mended(released))


async def _wish(request: Request, who: Caller, mend: str) -> MendWish:
    scope = MENDERS[mend].scope
    if not who.may(scope):
        raise Problem("no_scope", f"需要权限 {scope}，请找管理员 | scope {scope} is needed: ask an administrator")
    return MendWish(**msgspec.structs.asdict(await body_of(request, MendRequest)))


async def _preview(desk: Desk, who: Caller, case: read.CaseDetail, mend: str, wish: MendWish) -> MendPreview:
    if mend in ("resend", "give_up", "discard"):
        ids = await (_waiting if mend == "discard" else _stuck)(desk, case.id)
        _must_wait(ids)
        return plain_preview(desk.hub.now(), ids, mend)
    ids = await _waiting(desk, case.id)
    _must_wait(ids)
    about = await _about(desk, case, wish, ids)
    return await foretell(desk.hub.foreseer.foresee, ids, _first_of(desk, who, mend, wish, about),
                          _same(mend, wish, about))


def _first_of(desk: Desk, who: Caller, mend: str, wish: MendWish, about: ways.MendSubject) -> First | None:
    """What the mend writes, in a transaction that is undone."""
    at = desk.hub.now()

    async def first(work: Any) -> None:
        if mend in ("alias", "sku"):
            await ways.teach_spelling(lambda: nullcontext(work.catalogue), wish, about, is_releasing=False)
        elif mend == "status":
            await ways.teach_word(
                desk.hub, lambda: nullcontext(work.edited_mappings(at)), wish, about, who.actor)
        elif mend == "warehouse":
            await ways.give_warehouse(lambda: nullcontext(work.catalogue), wish, about)
        else:
            await ways.correct_values(
                lambda: nullcontext(work.corrections), wish, about, who.actor, at, is_releasing=False)

    return None if mend == "replay" else first


async def _carry_out(desk: Desk, who: Caller, case: read.CaseDetail, mend: str, wish: MendWish) -> int:
    """Do it; how many messages or deliveries go on."""
    ports, by, at = desk.ports, who.actor, desk.hub.now()
    reason = wish.reason.strip()
    if mend in ("discard", "give_up") and not reason:
        raise Problem("wrong_value", "reason：写明原因 | reason: say why")
    if mend == "discard":
        return (await discard_case(ports.messages, case.id, reason, by, at)).messages
    if mend == "give_up":
        done = await give_up_case(desk.hub.handler.handle, ports.outbox, case.id, reason, who.doer, at)
        return done.deliveries
    if mend == "resend":
        sent = await resend(ports.outbox, await _stuck(desk, case.id), by, at)
        if sent.pruned:
            raise Problem("text_not_kept", f"推送 {sent.pruned[0]} 的正文已不再保存 | the text of delivery "
                                           f"{sent.pruned[0]} is not kept any more")
        return len(sent.ids)
    ids = await _waiting(desk, case.id)
    about = await _about(desk, case, wish, ids)
    act: Callable[[], Awaitable[Any]] = {
        "alias": lambda: ways.teach_spelling(ports.catalogue, wish, about, is_releasing=wish.is_replaying),
        "sku": lambda: ways.teach_spelling(ports.catalogue, wish, about, is_releasing=True),
        "status": lambda: ways.teach_word(desk.hub, ports.mappings, wish, about, by),
        "warehouse": lambda: ways.give_warehouse(ports.catalogue, wish, about),
        "correct": lambda: ways.correct_values(ports.corrections, wish, about, by, at, is_releasing=True),
        "replay": lambda: replay(ports.messages, ids, by, at),
    }[mend]
    done = await act()
    return done if isinstance(done, int) else len(ids)


async def _about(desk: Desk, case: read.CaseDetail, wish: MendWish, ids: list[str]) -> ways.MendSubject:
    message = await _read(desk, _first(case, ids))
    values: dict[str, Any] = {}
    for one in wish.corrections:
        values[one.path] = None if message is None else ways.value_there(message.data, steps_of(one.path), one.path)
    return ways.MendSubject(message.account if message else None, spelling_of(case), offer.word_of(case), ids, values,
                      await desk.directory())


def _same(mend: str, wish: MendWish, about: ways.MendSubject) -> list[SameChange]:
    """What would change alike in every message, as the way makes it."""
    if mend in ("alias", "sku"):
        return [SameChange("lines.sku", about.spelling, wish.new_sku.code if wish.new_sku else wish.sku)]
    if mend == "correct":
        return [SameChange(one.path, str(about.values.get(one.path) or ""), str(one.value or ""))
                for one in wish.corrections]
    return []


def _told(mend: str, wish: MendWish, released: int) -> dict[str, Any]:
    """What the case's history keeps: no corrected value, which may be a person's."""
    told: dict[str, Any] = {"mend": mend, "released": released, "sku": wish.new_sku.code if wish.new_sku else wish.sku,
                            "warehouse": wish.warehouse, "paths": [one.path for one in wish.corrections],
                            "reason": wish.reason.strip(), "reach": wish.reach if mend in ("alias", "sku") else ""}
    return {name: value for name, value in told.items() if value not in ("", [], None)}


def _must_wait(ids: list[str]) -> None:
    if not ids:
        raise Problem("nothing_waits", "没有等着它的消息或推送，可能已被别人修好 | nothing waits for it: "
                                       "somebody may have mended it")


async def _waiting(desk: Desk, case_id: str) -> list[str]:
    async with desk.ports.messages() as messages:
        return await messages.of_case(case_id, MESSAGES_MAX)


async def _stuck(desk: Desk, case_id: str) -> list[str]:
    async with desk.ports.outbox() as outbox:
        return await outbox.parked_of_case(case_id, min(GIVE_UP_MAX, DISCARD_MAX))


def _first(case: read.CaseDetail, ids: list[str]) -> str:
    first = case.evidence.get("first")
    return ids[0] if ids else str((first if isinstance(first, dict) else case.evidence).get("message", ""))


async def _read(desk: Desk, message_id: str) -> ReadMessage | None:
    """A message as far as it can be read; None for none, and for bytes that no key opens."""
    if not message_id:
        return None
    async with desk.connect() as connection:
        found = await read_message(connection, message_id)
    if found is None:
        return None
    view, stored = found
    try:
        body = desk.hub.vault.decrypt_voucher(stored.cipher)
    except Damaged:
        return None
    return read_stored(view, stored, body, await desk.directory(), desk.hub.mappings)


async def _case(desk: Desk, who: Caller, case_id: str) -> read.CaseDetail:
    severities = Vocabulary(await desk.directory()).severities()
    async with desk.connect() as connection:
        found = await read.read_case(connection, case_id, severities, me=who.user, at=desk.hub.now())
    if found is None:
        raise not_found("异常单", "case", case_id)
    return found
