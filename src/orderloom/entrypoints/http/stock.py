"""Stock over HTTP: levels, who holds a SKU, the ledger, and movements on a person's word."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Header, Request
from psycopg.errors import UniqueViolation
from starlette.responses import Response

from orderloom.application.commands import Outcome
from orderloom.application.identity.access import Caller
from orderloom.application.queries import stock as read
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.guard import Cursor, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.orders import refused
from orderloom.entrypoints.http.problem import Problem, not_found
from orderloom.entrypoints.http.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/stock", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
Units = Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)]


class MovementRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line for the ledger: by how many base units each bucket changes (negative takes away)."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: Literal["receive", "adjust", "stocktake", "return", "protect"]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    on_hand: Units = 0
    safety: Units = 0
    frozen: Units = 0
    counted: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None
    """For a stocktake: the units found; the difference is worked out under the level's lock."""


class Moved(msgspec.Struct, frozen=True):
    """The level after the movement."""

    level: read.LevelView


@router.get("", **spoken(read.LevelPage), summary="库存 | Levels with what is available to promise")
async def list_stock(
    desk: DeskHere, who: Reader, sku: Text = "", warehouse: Text = "", is_oversold: bool = False, cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Levels by SKU and warehouse."""
    async with desk.connect() as connection:
        return reply(await read.list_levels(
            connection, sku=sku, warehouse=warehouse, is_oversold=is_oversold, cursor=cursor, limit=limit))


@router.get("/holders", **spoken(read.HolderPage, problems=(404,)), summary="谁占着我的库存 | Who holds my stock")
async def list_holders(desk: DeskHere, who: Reader, sku: Text, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Every order that binds units of a SKU now, oldest first."""
    if sku not in (await desk.directory()).by_code:
        raise not_found("商品", "SKU", sku)
    async with desk.connect() as connection:
        return reply(await read.list_holders(connection, sku, cursor=cursor, limit=limit))


@router.get("/movements", **spoken(read.MovementPage), summary="库存流水 | The ledger, newest first")
async def list_movements(
    desk: DeskHere, who: Reader, sku: Text = "", warehouse: Text = "", kind: Text = "", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Every change of stock with its cause, reason and actor."""
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
    if body.sku not in directory.by_code:
        raise not_found("商品", "SKU", body.sku)
    if not any(w.code == body.warehouse for w in directory.warehouses):
        raise not_found("仓库", "warehouse", body.warehouse)
    try:
        found = await desk.hub.adjust_stock(
            body.sku, body.warehouse, body.kind, body.reason, who.actor, on_hand=body.on_hand, safety=body.safety,
            frozen=body.frozen, counted=body.counted, cause=f"api/{who.actor}/{key}" if key else "",
        )
    except UniqueViolation:  # the same key: it was counted before, and the level says so
        found = None
    if isinstance(found, Refusal):
        raise refused(Outcome(refusal=found.code, facts=found.facts))
    async with desk.connect() as connection:
        page = await read.list_levels(connection, sku=body.sku, warehouse=body.warehouse)
    if not page.levels:
        raise Problem("refused", "库存没有建立 | the level was not made")
    return reply(Moved(page.levels[0]), 201)
