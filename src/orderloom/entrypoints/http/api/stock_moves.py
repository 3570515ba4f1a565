"""Moves of stock over HTTP: take in, correct, count, transfer, protect, freeze - looked at first, then done once."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import Response

from orderloom.adapters.manifests import stock_takers
from orderloom.application.commands import Outcome
from orderloom.application.identity.access import Caller
from orderloom.application.move_lines import Moves, book_moves, read_lines
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.stock_preview import MovePreview, RowRefused, preview_moves, refusals
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import problem_of, title_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken
from orderloom.entrypoints.refusals import words_of

router = APIRouter(prefix="/api/v1/stock/moves", tags=["stock"])
Writer = Annotated[Caller, Depends(needs("stock:write"))]


class MovesDone(msgspec.Struct, frozen=True):
    """So many lines are booked; `is_known`: they were before, by the same key. `rows`: lines that were left out."""

    booked: int
    is_known: bool
    rows: list[RowRefused]


@router.post("/preview", **spoken(MovePreview, takes=Moves), summary="库存变动预览 | What moving stock would do")
async def preview(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Levels before and after, what channels will be told, and lines that cannot be. Nothing is changed."""
    asked = await body_of(request, Moves)
    directory = await desk.directory()
    async with desk.connect() as connection:
        wishes = read_lines(await sku_ids(connection, {line.sku for line in asked.lines}), directory, asked)
        return reply(await preview_moves(connection, wishes, asked, directory, stock_takers(), desk.hub.now(), told))


@router.post("", **spoken(MovesDone, takes=Moves, status=201, problems=(404, 409)),
             summary="调整、盘点、调拨、安全库存、冻结 | Move stock")
async def move(
    request: Request, desk: DeskHere, who: Writer,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200,
                               description="The same key counts once, however often it is sent")],
) -> Response:
    """All lines in one transaction, or none of them; with `is_partial` those that can be. A transfer takes out of one
    warehouse and into the other under one cause."""
    asked = await body_of(request, Moves)
    async with desk.connect() as connection:
        ids = await sku_ids(connection, {line.sku for line in asked.lines})
    wishes = read_lines(ids, await desk.directory(), asked)
    done = await book_moves(desk.hub.handler.restock, wishes, asked, f"api/{who.actor}/{key}", who.actor, desk.hub.now)
    if isinstance(done, Refusal):
        raise problem_of(Outcome(refusal=done.code, particulars=done.particulars))
    return reply(MovesDone(done.booked, done.is_known, refusals(done.refused, asked, told)), 201)


def told(refusal: Refusal) -> Words:
    """Why not, in both languages, with the figures that explain it."""
    if words := words_of(refusal.code, refusal.particulars):
        return words
    title = title_of(refusal.code)
    figures = ", ".join(f"{name}={value}" for name, value in refusal.particulars.items())
    return Words(f"{title.zh}（{figures}）", f"{title.en} ({figures})") if figures else title
