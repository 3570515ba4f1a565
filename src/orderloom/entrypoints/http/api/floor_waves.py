"""Waves over HTTP: planned by hand or by rule, released, given up, and looked at."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.commands import Outcome
from orderloom.application.floor import plan_wave as plan
from orderloom.application.floor.label_wave import label_wave
from orderloom.application.identity.access import Caller
from orderloom.application.queries import waves as read
from orderloom.domain.floor.wave_states import WaveState
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.seeing import refuse_limited_but_by
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken
from orderloom.entrypoints.refusals import words_of

router = APIRouter(prefix="/api/v1/floor/waves", tags=["floor"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("works:write"))]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]*$",
                            description="The same key counts once, however often it is sent")]
Number = Annotated[str, Path(max_length=40, pattern=r"^[!-~]+$", description="The wave's number, W-…")]


class WaveEnded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a wave is given up."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class LabelRefused(msgspec.Struct, frozen=True):
    """A work that got no label, and why: by a code, and in words."""

    work: str
    code: str
    words: Words


class WaveLabels(msgspec.Struct, frozen=True):
    """Labels asked for now, such as were there or on their way, and works without one."""

    wave: str
    asked: int
    known: int
    refused: list[LabelRefused]


@router.get("", **spoken(read.WavePage, problems=(404,)), summary="波次 | Waves, newest first")
async def list_waves(
    desk: DeskHere, who: Reader, warehouse: Text = "", state: WaveState | None = None, work: Text = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """`work`: those that hold the work with this number."""
    await desk.check(warehouse=warehouse)
    async with desk.connect() as connection:
        return reply(await read.list_waves(
            connection, warehouse=warehouse, state=state or "", work=work, cursor=cursor, limit=limit))


@router.get("/{wave}", **spoken(read.WaveView, problems=(404,)), summary="一个波次 | One wave with tasks and pickers")
async def show_wave(desk: DeskHere, who: Reader, wave: Number) -> Response:
    """Its works, its tasks in the order of the walk, and what happened."""
    return reply(await _seen(desk, wave))


@router.post("", **spoken(read.WaveView, takes=plan.WaveWish, status=201, problems=(404, 409)),
             summary="建波次 | Plan a wave, and release it")
async def plan_wave(request: Request, desk: DeskHere, who: Writer, key: Key) -> Response:
    """Of the works that are named, else of those that the rule chooses: what has to be out first. Unless `is_released`
    is false its tasks are there at once: what expires first, over lots and places, in the order of the walk."""
    wish = await body_of(request, plan.WaveWish)
    await desk.check(warehouse=wish.warehouse)
    refuse_limited_but_by("warehouses")
    call = plan.WaveCall(new_id(), wish, who.doer, key, sha256(b"wave" + msgspec.json.encode(wish)).digest())
    return await _told(desk, await plan.plan_wave(desk.hub.planning, call, desk.hub.now), 201)


@router.post("/{wave}/release", **spoken(read.WaveView, problems=(404, 409)), summary="放行波次 | Release a wave")
async def release_wave(desk: DeskHere, who: Writer, wave: Number) -> Response:
    """Works of which shelves lack something leave it."""
    refuse_limited_but_by("warehouses")
    await _seen(desk, wave)
    return await _told(desk, await plan.release_wave(desk.hub.planning, wave, who.doer, desk.hub.now))


@router.post("/{wave}/labels", **spoken(WaveLabels, problems=(404, 409)),
             summary="预买面单 | Buy the labels of a wave in advance")
async def label_wave_now(desk: DeskHere, who: Writer, wave: Number) -> Response:
    """Each work's first box gets its label once. The carriers answer later; each is printed where its box is closed."""
    refuse_limited_but_by("warehouses")
    await _seen(desk, wave)
    async with desk.connect() as connection:
        works = await read.to_label(connection, wave)
    done = await label_wave(desk.hub, wave, works, who.doer)
    return reply(WaveLabels(wave, done.asked, done.known, [
        LabelRefused(one.work, one.reason, words_of(one.reason, one.particulars) or Words(one.reason, one.reason))
        for one in done.refused]))


@router.post("/{wave}/cancel", **spoken(read.WaveView, takes=WaveEnded, problems=(404, 409)),
             summary="取消波次 | Give a wave up")
async def cancel_wave(request: Request, desk: DeskHere, who: Writer, wave: Number) -> Response:
    """What was picked and not packed is to be put back; closed boxes go out all the same."""
    body = await body_of(request, WaveEnded)
    refuse_limited_but_by("warehouses")
    await _seen(desk, wave)
    return await _told(desk, await plan.cancel_wave(desk.hub.planning, wave, body.reason, who.doer, desk.hub.now))


async def _seen(desk: Desk, number: str) -> read.WaveView:
    async with desk.connect() as connection:
        found = await read.show_wave(connection, number)
    if found is None:
        raise not_found("波次", "wave", number)
    return found


async def _told(desk: Desk, made: str | Refusal, status: int = 200) -> Response:
    if isinstance(made, Refusal):
        raise problem_of(Outcome(refusal=made.code, particulars=made.particulars))
    return reply(await _seen(desk, made), status)
