"""The formula of shown stock over HTTP: as it is in force, what another one would do, and saving it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.manifests import manifests, stock_takers
from orderloom.application.commands import Outcome
from orderloom.application.directory import Directory
from orderloom.application.identity.access import Caller
from orderloom.application.not_kept import unknown
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.shown_formula import (
    SAMPLES_MAX,
    FormulaPage,
    FormulaPreview,
    formula_page,
    preview_formula,
)
from orderloom.application.save_formula import FormulaRules, save_formula, with_rules
from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.load import BadBlueprint, digest
from orderloom.domain.finding import Finding
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/stock/formula", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
Administrator = Annotated[Caller, Depends(needs("admin"))]
SEEN_FOR = timedelta(hours=1)
"""So long what a preview said counts as seen."""
CHANNEL, SHOP, SKU = Words("渠道", "channel"), Words("店铺", "shop"), Words("商品", "SKU")


class FormulaCandidate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules anew. `demand`: the past's demand so many times; `skus`: samples of which each shop's figure is told
    (none: those that could be oversold most)."""

    rules: FormulaRules
    demand: Literal[1, 2, 3] = 1
    skus: Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]],
                    msgspec.Meta(max_length=SAMPLES_MAX)] = []


class FormulaRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules anew, and why. `version` and `token` are those of the preview of the very same rules."""

    rules: FormulaRules
    version: Annotated[int, msgspec.Meta(ge=1, le=2_000_000_000)]
    token: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class FormulaSaved(msgspec.Struct, frozen=True):
    """The version of the blueprint that is in force now."""

    version: int


@router.get("", **spoken(FormulaPage), summary="可售公式 | The formula of shown stock in force")
async def show_formula(desk: DeskHere, who: Reader) -> Response:
    """What is said by default, channel, shop and SKU, and what holds at each shop."""
    return reply(formula_page(await desk.directory(), stock_takers()))


@router.post("/preview", **spoken(FormulaPreview, takes=FormulaCandidate, problems=(404,)),
             summary="试算公式 | What another formula would do")
async def preview(request: Request, desk: DeskHere, who: Writer) -> Response:
    """How much the formula in force and a candidate could oversell over the last 30 days, by bound and by replay, worst
    SKUs first, and what shops would be told now. Nothing is changed."""
    asked = await body_of(request, FormulaCandidate)
    directory, at = await desk.directory(), desk.hub.now()
    candidate = await _candidate(desk, directory, asked.rules)
    async with desk.connect() as connection:
        await _must_know(asked.skus, (await sku_ids(connection, asked.skus)).keys(), SKU)
        return reply(await preview_formula(
            connection, directory, stock_takers(), candidate, asked.skus, asked.demand, at,
            lambda version: _token(desk, version, candidate, int(at.timestamp()))))


@router.put("", **spoken(FormulaSaved, takes=FormulaRequest, problems=(404, 409)),
            summary="保存公式 | Save another formula")
async def save(request: Request, desk: DeskHere, who: Administrator) -> Response:
    """Publish the blueprint in force with other rules of shown stock; all channels are told anew what changes. 409
    `preview_stale` without the figures of the last hour, `blueprint_moved` when somebody published meanwhile."""
    asked = await body_of(request, FormulaRequest)
    directory = await desk.directory()
    candidate = await _candidate(desk, directory, asked.rules)
    if not _is_seen(desk, asked, candidate, desk.hub.now()):
        raise Problem("preview_stale", "请先试算同一个公式，看过数字再保存 | "
                                       "look at the figures of this very formula first, then save it")
    done = await save_formula(desk.ports.blueprints, asked.rules, asked.version, who.actor, asked.reason)
    if isinstance(done, Refusal):
        raise problem_of(Outcome(refusal=done.code, particulars=done.particulars))
    return reply(FormulaSaved(done))


async def _candidate(desk: Desk, directory: Directory, rules: FormulaRules) -> CompiledBlueprint:
    """The blueprint with these rules. Raises NotKept for places that are not there, Problem for impossible figures."""
    accounts = [one for one in directory.accounts.values() if one.family == "channels"]
    channels = {name for name, one in manifests().items() if one.family == "channels"}
    shops = {*rules.shops, *(code for one in rules.skus.values() for code in one.shops)}
    await _must_know(rules.channels, channels | {one.connector for one in accounts}, CHANNEL)
    await _must_know(shops, {one.code for one in accounts}, SHOP)
    async with desk.connect() as connection:
        await _must_know(rules.skus, (await sku_ids(connection, rules.skus)).keys(), SKU)
    try:
        return compile_blueprint(with_rules(directory.blueprints[directory.blueprint_active].source, rules))
    except BadBlueprint as error:
        raise _wrong(error.findings) from error


async def _must_know(named: Collection[str], known: Collection[str], what: Words) -> None:
    for name in named:
        if name not in known:
            raise unknown(what, name, sorted(known))


def _wrong(findings: tuple[Finding, ...]) -> Problem:
    places = {one.place: f"{one.reason.zh} | {one.reason.en}" for one in findings[:20]}
    first = findings[0]
    told = f"{first.place}：{first.reason.zh} | {first.place}: {first.reason.en}"
    return Problem("wrong_value", told, particulars=places)


def _token(desk: Desk, version: int, candidate: CompiledBlueprint, at: int) -> str:
    """Only the hub makes it: when these figures were told."""
    seal = desk.hub.vault.index("formula seen", f"{version} {digest(candidate.source)} {at}")
    assert seal is not None
    return f"{at}-{seal.hex()[:32]}"


def _is_seen(desk: Desk, asked: FormulaRequest, candidate: CompiledBlueprint, now: datetime) -> bool:
    at, _, _ = asked.token.partition("-")
    if not (at.isascii() and at.isdigit() and len(at) <= 12):
        return False
    age = int(now.timestamp()) - int(at)
    return 0 <= age <= SEEN_FOR.total_seconds() and asked.token == _token(desk, asked.version, candidate, int(at))
