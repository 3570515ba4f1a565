"""Replays of many stored messages over HTTP: what would change, beginning one, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.identity.access import Caller
from orderloom.application.queries.replays import list_replays
from orderloom.application.replay import REPLAY_MAX
from orderloom.application.replay_chosen import (
    Chosen,
    ReplayPreview,
    ReplayRun,
    begin_replay,
    go_on_replay,
    preview_replay,
)
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Limit, Uuid, needs
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/replays", tags=["messages"])
Reader = Annotated[Caller, Depends(needs("messages:read"))]
Writer = Annotated[Caller, Depends(needs("messages:write"))]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Words = Annotated[str, msgspec.Meta(max_length=200)]
Outcomes = Annotated[tuple[Literal["parked", "normalised", "discarded"], ...], msgspec.Meta(min_length=1, max_length=3)]
AHEAD_MAX = 2_000
"""Messages that one request looks ahead at: it must be answered in time."""


class ReplayRequestOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which messages: every condition that is given must hold. `topic` may hold * and ?; `until` is past the last."""

    account: Words = ""
    since: Instant | None = None
    until: Instant | None = None
    topic: Words = ""
    outcomes: Outcomes = ("parked", "normalised")
    reason: Words = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=REPLAY_MAX)] = REPLAY_MAX

    def chosen(self, most: int) -> Chosen:
        """As the verb takes it, of so many at most."""
        return Chosen(self.account, self.since, self.until, self.topic, self.outcomes, self.reason,
                      min(self.limit, most))


class ReplayRuns(msgspec.Struct, frozen=True):
    """Replays, the newest first."""

    replays: list[ReplayRun]


@router.post("/preview", **spoken(ReplayPreview, takes=ReplayRequestOf, problems=(404,)),
             summary="重放预演 | What a replay would change")
async def look_ahead(request: Request, desk: DeskHere, who: Reader) -> Response:
    """Look ahead at the first 2,000 of these messages: orders with their fields from and to, messages that would wait.

    Nothing is changed, and nobody is recognisable in it.
    """
    body = await body_of(request, ReplayRequestOf)
    return reply(await preview_replay(desk.hub, desk.ports.replays, desk.hub.foreseer.foresee, body.chosen(AHEAD_MAX)))


@router.post("", **spoken(ReplayRun, takes=ReplayRequestOf, status=201, problems=(404,)),
             summary="批量重放 | Replay many messages")
async def begin(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Queue these messages behind live orders, and write down who did. The workers take them from there."""
    body = await body_of(request, ReplayRequestOf)
    run = await begin_replay(desk.hub, desk.ports.replays, body.chosen(REPLAY_MAX), new_id(), who.actor)
    await go_on_replay(desk.hub, desk.ports.replays, run.id, who.actor)
    return reply(await _one(desk, run.id), 201)


@router.get("", **spoken(ReplayRuns), summary="重放记录 | Replays and how far they are")
async def list_runs(desk: DeskHere, who: Reader, limit: Limit = 50) -> Response:
    """Who replayed what, and when; `waiting` of those queued are not through yet."""
    async with desk.connect() as connection:
        return reply(ReplayRuns(await list_replays(connection, limit)))


@router.get("/{run_id}", **spoken(ReplayRun, problems=(404,)), summary="一次重放 | One replay")
async def show_run(desk: DeskHere, who: Reader, run_id: Uuid) -> Response:
    """How far it is."""
    return reply(await _one(desk, str(run_id)))


@router.post("/{run_id}/resume", **spoken(ReplayRun, problems=(404,)), summary="继续重放 | Go on with a replay")
async def resume_run(desk: DeskHere, who: Writer, run_id: Uuid) -> Response:
    """Queue what is left of a replay that was cut short; of one that is over nothing."""
    await go_on_replay(desk.hub, desk.ports.replays, str(run_id), who.actor)
    return reply(await _one(desk, str(run_id)))


async def _one(desk: Desk, run_id: str) -> ReplayRun:
    async with desk.connect() as connection:
        found = await list_replays(connection, 1, run_id)
    if not found:
        raise not_found("重放", "replay", run_id)
    return found[0]
