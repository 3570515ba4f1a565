"""The hub about itself over HTTP: the loss equation, the live numbers, the blueprint that is in force."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderloom.adapters.manifests import manifests
from orderloom.application.identity.access import Caller
from orderloom.application.queries import blueprints as published
from orderloom.application.queries.accounting import Accounting
from orderloom.application.queries.live_shapes import Snapshot
from orderloom.domain.carriers import CARRIERS
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.seeing import refuse_limited
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1", tags=["insight"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]


class Title(msgspec.Struct, frozen=True):
    """A word in both languages."""

    zh: str
    en: str


class StageView(msgspec.Struct, frozen=True):
    """A stage of the lifecycle in force."""

    name: str
    title: Title
    phase: str
    owner: str
    limit_seconds: int | None
    is_final: bool


class BlueprintView(msgspec.Struct, frozen=True):
    """The blueprint that decides for new orders, and what was published before it."""

    version: int
    name: str
    stages: list[StageView]
    holds: dict[str, Title]
    cases: dict[str, Title]
    published: list[published.PublishedBlueprint]


class Titles(msgspec.Struct, frozen=True):
    """What things are called in this installation by name: the blueprint's own words (none before one is published),
    and the names of connectors and carriers."""

    stages: dict[str, Words]
    phases: dict[str, Words]
    milestones: dict[str, Words]
    holds: dict[str, Words]
    cases: dict[str, Words]
    roles: dict[str, Words]
    verbs: dict[str, Words]
    effects: dict[str, Words]
    connectors: dict[str, Words]
    carriers: dict[str, Words]


@router.get("/words", **spoken(Titles), summary="用词 | Words")
async def words(desk: DeskHere, who: Reader) -> Response:
    """What stages, phases, milestones, holds, cases, roles, verbs, connectors … are called, in both languages."""
    connectors = {name: Words(m.title["zh"], m.title["en"]) for name, m in manifests().items()}
    carriers = {one.code: Words(one.zh, one.en) for one in CARRIERS}
    directory = await desk.directory()
    active = directory.blueprints.get(directory.blueprint_active)
    if active is None:
        return reply(Titles({}, {}, {}, {}, {}, {}, {}, {}, connectors, carriers))
    said = active.words
    return reply(Titles(
        {s.name: s.title for s in active.lifecycle.stages.values()}, dict(said.phases), dict(said.milestones),
        {h.type: h.title for h in active.holds.values()}, {c.kind: c.title for c in active.cases.values()},
        dict(said.roles), dict(said.verbs), dict(said.effects), connectors, carriers,
    ))


@router.get("/accounting", **spoken(Accounting), summary="消息账 | Loss accounting")
async def accounting(desk: DeskHere, who: Reader) -> Response:
    """received = stored = normalised + pending + quarantined + parked + discarded, or something was lost."""
    return reply((await _now(desk)).accounting)


@router.get("/status", **spoken(Snapshot), summary="总览 | The live numbers")
async def status(desk: DeskHere, who: Reader) -> Response:
    """The live numbers, at most a second old."""
    return reply(await _now(desk))


@router.get("/blueprint", **spoken(BlueprintView, problems=(404,)), summary="业务蓝图 | The blueprint in force")
async def blueprint(desk: DeskHere, who: Reader) -> Response:
    """Stages, hold types and case kinds by name and title."""
    directory = await desk.directory()
    active = directory.blueprints.get(directory.blueprint_active)
    if active is None:
        raise Problem("not_found", "还没有发布业务蓝图 | no blueprint is published yet")
    async with desk.connect() as connection:
        versions = await published.list_blueprints(connection)
    stages = [
        StageView(s.name, Title(s.title.zh, s.title.en), s.phase, s.owner, s.limit_seconds, s.is_final)
        for s in active.lifecycle.stages.values()
    ]
    return reply(BlueprintView(
        directory.blueprint_active, active.name, stages,
        {h.type: Title(h.title.zh, h.title.en) for h in active.holds.values()},
        {c.kind: Title(c.title.zh, c.title.en) for c in active.cases.values()}, versions,
    ))


async def _now(desk: DeskHere) -> Snapshot:
    refuse_limited()
    snapshot = await desk.board.current()
    if not snapshot.is_database_up:
        raise Problem("database_away", "请稍后再试 | try again soon", retry_after=5)
    return snapshot
