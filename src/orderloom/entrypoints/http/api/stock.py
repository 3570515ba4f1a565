"""Stock over HTTP: levels, who holds a SKU, the ledger, and movements on a person's word."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from orderloom.adapters.goods_file import UnreadableGoods, read_stock_table
from orderloom.adapters.ids import new_id
from orderloom.application import move_stock as verb
from orderloom.application.commands import Outcome
from orderloom.application.identity.access import Caller
from orderloom.application.queries import stock as read
from orderloom.application.queries.catalogue import has_sku
from orderloom.application.receive_stock import receive_stock
from orderloom.domain.codes import spelling_problem
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found, problem_of
from orderloom.entrypoints.http.kit.upload import file_in, takes_file
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/stock", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
MISTAKES_MAX = 100
"""So many mistakes of a file are told; who mends these sees the next."""
Units = Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]


class MovementRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line for the ledger: by how many base units each bucket changes (negative takes away)."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: Literal["receive", "adjust", "stocktake", "return", "protect"]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    on_hand: Units = 0
    safety: Units = 0
    frozen: Units = 0
    counted: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None
    """For a stocktake: the units found; the difference is worked out under the level's lock."""


class StockTaken(msgspec.Struct, frozen=True):
    """A table that was taken: its rows, how many were booked now, and how many were in the ledger before."""

    rows: int
    booked: int
    known: int


class Moved(msgspec.Struct, frozen=True):
    """The level after the movement."""

    level: read.LevelView


@router.get("", **spoken(read.LevelPage), summary="库存 | Levels with what is available to promise")
async def list_stock(
    desk: DeskHere, who: Reader, sku: Text = "", warehouse: Text = "", is_oversold: bool = False, cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Levels by SKU and warehouse."""
    await desk.check(sku=sku, warehouse=warehouse)
    async with desk.connect() as connection:
        return reply(await read.list_levels(
            connection, sku=sku, warehouse=warehouse, is_oversold=is_oversold, cursor=cursor, limit=limit))


@router.get("/holders", **spoken(read.HolderPage, problems=(404,)), summary="谁占着我的库存 | Who holds my stock")
async def list_holders(desk: DeskHere, who: Reader, sku: Text, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Every order that binds units of a SKU now, oldest first."""
    async with desk.connect() as connection:
        if not await has_sku(connection, sku):
            raise not_found("商品", "SKU", sku)
        return reply(await read.list_holders(connection, sku, cursor=cursor, limit=limit))


@router.get("/movements", **spoken(read.MovementPage), summary="库存流水 | The ledger, newest first")
async def list_movements(
    desk: DeskHere, who: Reader, sku: Text = "", warehouse: Text = "", kind: Text = "", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Every change of stock with its cause, reason and actor."""
    await desk.check(sku=sku, warehouse=warehouse, movement=kind)
    async with desk.connect() as connection:
        return reply(await read.list_movements(
            connection, sku=sku, warehouse=warehouse, kind=kind, cursor=cursor, limit=limit))


@router.post("/movements", **spoken(Moved, takes=MovementRequest, status=201, problems=(404, 409)),
             summary="入库、调整、盘点、保留 | Receive, adjust, stocktake, protect")
async def move_stock(
    request: Request, desk: DeskHere, who: Writer,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=200,
                               description="The same key counts once, however often it is sent")] = "",
) -> Response:
    """Write one line of the ledger. A loss may leave a level oversold: it is shown, never clamped."""
    body = await body_of(request, MovementRequest)
    directory = await desk.directory()
    async with desk.connect() as connection:
        if not await has_sku(connection, body.sku):
            raise not_found("商品", "SKU", body.sku)
    if not any(w.code == body.warehouse for w in directory.warehouses):
        raise not_found("仓库", "warehouse", body.warehouse)
    asked = verb.Moving(
        body.sku, body.warehouse, body.kind, body.reason, who.actor,
        f"api/{who.actor}/{key}" if key else f"by-hand/{new_id()}", on_hand=body.on_hand, safety=body.safety,
        frozen=body.frozen, counted=body.counted)
    found = await verb.move_stock(desk.hub.handler.restock, desk.ports.catalogue, directory, asked, desk.hub.now)
    if isinstance(found, Refusal) and found.code != verb.BOOKED_BEFORE:  # with the same key: the level says so already
        raise problem_of(Outcome(refusal=found.code, particulars=found.particulars))
    async with desk.connect() as connection:
        page = await read.list_levels(connection, sku=body.sku, warehouse=body.warehouse)
    if not page.levels:
        raise Problem("refused", "库存没有建立 | the level was not made")
    return reply(Moved(page.levels[0]), 201)


@router.post("/files", **takes_file(StockTaken, status=201, problems=(404,)),
             summary="上传入库或盘点表 | Upload a table of stock")
async def take_file(
    request: Request, desk: DeskHere, who: Writer,
    document: Annotated[str, Query(max_length=200, description="the person's number; its rows count once")] = "",
    is_set: Annotated[bool, Query(description="the figures are what there is, not what came")] = False,
    reason: Annotated[str, Query(max_length=500)] = "上传 / upload",
) -> Response:
    """Book a CSV or Excel table, all of it or nothing. A row is known by document and line, else by document, SKU and
    warehouse: a corrected, sorted or saved-again copy counts no row twice, and tables without a document number are
    one document, so goods that come again name theirs."""
    _, raw = await file_in(request)
    if wrong := document and spelling_problem(document):
        raise Problem("wrong_value", f"document: {wrong.zh} | {wrong.en}")
    try:
        table = await read_stock_table(raw)
    except UnreadableGoods as error:
        raise Problem("unreadable_file", f"{error.words.zh} | {error.words.en}") from error
    taken = await receive_stock(desk.hub.handler.restock, desk.ports.catalogue, await desk.directory(), table, document,
                                reason, who.actor, desk.hub.now, is_set=is_set)
    if taken.mistakes:
        told = taken.mistakes[:MISTAKES_MAX]
        raise Problem(
            "unreadable_file",
            f"没有入账，{len(taken.mistakes)} 处要改 | nothing was booked, {len(taken.mistakes)} mistakes",
            particulars={f"{m.line}:{m.column}": f"{m.zh} | {m.en}" for m in told})
    return reply(StockTaken(taken.rows, taken.booked, taken.known), 201)
