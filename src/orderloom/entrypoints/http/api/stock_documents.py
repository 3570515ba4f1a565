"""Stock documents over HTTP: drafted, submitted, approved by somebody else, counted blind, received, and read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.act_on_document import DocumentCall, act_on_document
from orderloom.application.commands import Outcome
from orderloom.application.draft_document import DocumentWish, DraftCall, StockLinesWish, draft_document, lines_of
from orderloom.application.identity.access import Caller
from orderloom.application.queries import documents as read
from orderloom.application.queries.catalogue import sku_ids
from orderloom.domain.inventory import document_acts as acts
from orderloom.domain.inventory.count import UnitsTold
from orderloom.domain.inventory.document import StockDocument
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/stock/documents", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]*$",
                            description="The same key counts once, however often it is sent")]
Number = Annotated[str, Path(max_length=40, pattern=r"^[!-~]+$", description="The document's number, D-…")]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
LineNo = Annotated[int, msgspec.Meta(ge=1, le=500)]
Units = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Some = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
View = read.StockDocumentView


class DocumentWhy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a document is refused or given up."""

    reason: Why


class LineFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units counted of a line. `counted_at`: when it was scanned, now if it is not told; `is_sure`: counted once more
    after `digit_slip`."""

    line: LineNo
    units: Units
    counted_at: datetime | None = None
    is_sure: bool = False


class CountsTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody counted; the books are shown to nobody before all lines are agreed on."""

    counts: Annotated[list[LineFigure], msgspec.Meta(min_length=1, max_length=500)]


class LineUnits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many units of a line."""

    line: LineNo
    units: Some


class GoodsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came in of a transfer; more than was sent is booked as found, and a case."""

    arrived: Annotated[list[LineUnits], msgspec.Meta(min_length=1, max_length=500)]


class GoodsGone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is given up of a transfer, and why."""

    lost: Annotated[list[LineUnits], msgspec.Meta(min_length=1, max_length=500)]
    reason: Why


@router.get("", **spoken(read.DocumentPage), summary="库存单据列表 | Stock documents")
async def list_documents(
    desk: DeskHere, who: Reader, kind: DocumentKind | None = None, state: DocumentState | None = None,
    warehouse: Text = "", sku: Text = "", maker: Text = "", q: Text = "",
    cursor: Annotated[str, Query(max_length=40)] = "", limit: Limit = 50,
) -> Response:
    """The newest first. `q` begins a number or stands in a reason; `warehouse` is a line's, or where it goes."""
    await desk.check(warehouse=warehouse)
    wanted = read.DocumentFilter(kind or "", state or "", warehouse, sku, maker, q)
    async with desk.connect() as connection:
        return reply(await read.list_documents(connection, wanted, cursor=cursor, limit=limit))


@router.get("/{document}", **spoken(View, problems=(404,)), summary="一张库存单据 | One stock document")
async def one_document(desk: DeskHere, who: Reader, document: Number) -> Response:
    """With its lines and history. Of a count under way nobody is told a figure."""
    return reply(await _seen(desk, who, document))


@router.post("", **spoken(View, takes=DocumentWish, status=201, problems=(404, 409)),
             summary="新建库存单据 | Draft a stock document")
async def draft(request: Request, desk: DeskHere, who: Writer, key: Key) -> Response:
    """It touches no stock until it is submitted."""
    wish = await body_of(request, DocumentWish)
    async with desk.connect() as connection:
        ids = await sku_ids(connection, {line.sku for line in wish.lines})
    call = DraftCall(new_id(), wish, who.doer, ids, key, _digest("draft", wish))
    made = await draft_document(desk.ports.subjects, call, await desk.directory(), desk.hub.now())
    return await _told(desk, who, made, 201)


@router.put("/{document}/lines", **spoken(View, takes=StockLinesWish, problems=(404, 409)),
            summary="改草稿的明细 | Replace a draft's lines")
async def put_lines(request: Request, desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """All lines at once."""
    wish = await body_of(request, StockLinesWish)
    seen, houses = await _seen(desk, who, document), (await desk.directory()).stocked
    async with desk.connect() as connection:
        ids = await sku_ids(connection, {line.sku for line in wish.lines})
    lines = lines_of(wish.lines, seen.kind, houses.get(seen.to or "", 0), ids, houses)
    if isinstance(lines, Refusal):
        raise _problem(lines)
    return await _act(desk, who, document, key, wish, lambda g: acts.state_lines(g, lines))


@router.post("/{document}/submit", **spoken(View, problems=(404, 409)), summary="提交 | Submit")
async def submit(desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """It is posted, or waits for approval; a count begins, and what it counts is frozen."""
    return await _act(desk, who, document, key, "submit", acts.submit)


@router.post("/{document}/approve", **spoken(View, problems=(404, 409)), summary="批准 | Approve")
async def approve(desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """By one of the roles that it waits for, and never by its maker."""
    return await _act(desk, who, document, key, "approve", acts.approve)


@router.post("/{document}/refuse", **spoken(View, takes=DocumentWhy, problems=(404, 409)), summary="驳回 | Refuse")
async def refuse(request: Request, desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """By whoever may approve it."""
    body = await body_of(request, DocumentWhy)
    return await _act(desk, who, document, key, ("refuse", body), lambda g: acts.refuse(g, body.reason))


@router.post("/{document}/cancel", **spoken(View, takes=DocumentWhy, problems=(404, 409)), summary="取消 | Cancel")
async def cancel(request: Request, desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """By its maker or who may approve, before it is posted; what a count froze is released."""
    body = await body_of(request, DocumentWhy)
    return await _act(desk, who, document, key, ("cancel", body), lambda g: acts.cancel(g, body.reason))


@router.post("/{document}/count", **spoken(View, takes=CountsTold, problems=(404, 409)), summary="报盘点数 | Count")
async def count(request: Request, desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """Blind: a line whose figure is not the books' is asked of somebody else; with the last one agreed on it is posted,
    or waits for approval."""
    body = await body_of(request, CountsTold)
    told = [UnitsTold(one.line, one.units, one.is_sure) for one in body.counts]
    scanned = {one.line: one.counted_at for one in body.counts if one.counted_at is not None}
    if any(at.tzinfo is None for at in scanned.values()):
        raise Problem("wrong_value", "counted_at：要带时区 | counted_at: needs a time zone")
    return await _act(desk, who, document, key, body, lambda g: acts.count(g, told), scanned)


@router.post("/{document}/receive", **spoken(View, takes=GoodsIn, problems=(404, 409)),
             summary="调拨收货 | Receive a transfer")
async def receive(request: Request, desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """What came, as often as goods come; what did not stays in transit and ages."""
    body = await body_of(request, GoodsIn)
    came = _by_line(body.arrived)
    return await _act(desk, who, document, key, body, lambda g: acts.receive(g, came))


@router.post("/{document}/lose", **spoken(View, takes=GoodsGone, problems=(404, 409)),
             summary="在途丢失 | Write goods in transit off")
async def lose(request: Request, desk: DeskHere, who: Writer, document: Number, key: Key) -> Response:
    """By somebody who may approve documents and did not make this one."""
    body = await body_of(request, GoodsGone)
    lost = _by_line(body.lost)
    return await _act(desk, who, document, key, body, lambda g: acts.give_up(g, lost, body.reason))


async def _act(
    desk: Desk, who: Caller, number: str, key: str, asked: object, act: acts.DocumentAct,
    scanned: Mapping[int, datetime] | None = None,
) -> Response:
    seen = await _seen(desk, who, number)
    if seen.lines_hidden:
        raise Problem("limited_rows", f"{number} 有 {seen.lines_hidden} 行不在你的范围内 | "
                                      f"{seen.lines_hidden} lines of {number} are out of your sight")
    async with desk.connect() as connection:
        skus = await read.skus_of_document(connection, number)
    call = DocumentCall(number, who.doer, act, skus, key, _digest(number, asked), scanned or {})
    return await _told(desk, who, await act_on_document(desk.hub.handler.restock, call, desk.hub.now))


async def _told(desk: Desk, who: Caller, made: StockDocument | Refusal, status: int = 200) -> Response:
    if isinstance(made, Refusal):
        raise _problem(made)
    return reply(await _seen(desk, who, made.number), status)


async def _seen(desk: Desk, who: Caller, number: str) -> View:
    """The document as the caller sees it. Raises Problem `not_found`."""
    directory = await desk.directory()
    limits = directory.blueprints[directory.blueprint_active].documents
    async with desk.connect() as connection:
        found = await read.document_of(connection, number, read.Seer(who.actor, who.roles), limits)
    if found is None:
        raise not_found("库存单据", "stock document", number)
    return found


def _by_line(told: list[LineUnits]) -> dict[int, int]:
    if len({one.line for one in told}) != len(told):
        raise Problem("line_counted_twice", "一次里同一行只报一个数 | tell one figure for each line")
    return {one.line: one.units for one in told}


def _digest(about: str, asked: object) -> bytes:
    """What is asked, to tell a repeated call from another one with its key."""
    return sha256(about.encode() + msgspec.json.encode(asked)).digest()


def _problem(refusal: Refusal) -> Problem:
    return problem_of(Outcome(refusal=refusal.code, particulars=refusal.particulars))
