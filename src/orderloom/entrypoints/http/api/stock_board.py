"""The board of stock over HTTP: what lies where, one SKU's equation, what channels are shown, what leaked."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.adapters.manifests import stock_takers
from orderloom.application.find_leaks import Leak
from orderloom.application.identity.access import Caller
from orderloom.application.queries import stock_board as read
from orderloom.application.queries.sale_shown import StockReach, stock_reach
from orderloom.application.queries.sku_filter import SkuFilter
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock_leaks import leaks_of
from orderloom.application.queries.stock_page import StockPage, sku_id_of, stock_page
from orderloom.application.queries.stock_shown import ShownStock, shown_stock
from orderloom.application.queries.stock_who import TakenUnits, who_holds
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1/stock", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Group = Annotated[int | None, Query(ge=0, le=2_000_000_000, description="id of a group of goods; 0: in none")]
State = Literal["", "oversold", "short", "below_safety", "sold_out"]


class ShownList(msgspec.Struct, frozen=True):
    """Where a SKU is shown."""

    shown: list[ShownStock]


class LeakList(msgspec.Struct, frozen=True):
    """What is bound without a cause."""

    leaks: list[Leak]


@router.get("/skus", **spoken(read.BoardPage), summary="库存总表 | Stock by SKU, those in trouble first")
async def list_board(
    desk: DeskHere, who: Reader, q: Text = "", warehouse: Text = "", state: State = "",
    is_active: bool | None = None, category: Group = None, goods_class: Text = "",
    sort: Literal["trouble", "code"] = "trouble", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """SKUs with all their levels. `q` stands in code or name, or begins a spelling."""
    await desk.check(warehouse=warehouse)
    async with desk.connect() as connection:
        wanted = SkuFilter(q.strip(), warehouse, is_active, category, goods_class)
        return reply(await read.stock_board(
            connection, wanted, state=state, is_by_code=sort == "code", cursor=cursor, limit=limit))


@router.get("/sku", **spoken(StockPage, problems=(404,)), summary="一个商品的库存 | One SKU's stock")
async def show_stock(desk: DeskHere, who: Reader, sku: Text) -> Response:
    """The equation in total and by warehouse, what other systems say, and what is bound for nobody."""
    async with desk.connect() as connection:
        return reply(await stock_page(connection, await _named(connection, sku), desk.hub.now()))


@router.get("/who", **spoken(TakenUnits, problems=(404,)), summary="谁占着我的库存 | Who holds what is not free")
async def show_holders(desk: DeskHere, who: Reader, sku: Text, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Orders, quotas and people, by warehouse; and what is bound for nobody."""
    async with desk.connect() as connection:
        sku_id = await _named(connection, sku)
        return reply(await who_holds(connection, sku_id, sku, cursor=cursor, limit=limit))


@router.get("/shown", **spoken(ShownList, problems=(404,)), summary="各渠道展示 | What channels are shown")
async def list_shown(desk: DeskHere, who: Reader, sku: Text) -> Response:
    """By account and spelling: what was last told, what the formula gives now, and why they differ."""
    directory = await desk.directory()
    async with desk.connect() as connection:
        found = await shown_stock(connection, await _named(connection, sku), directory, stock_takers())
    return reply(ShownList(found))


@router.get("/reach", **spoken(StockReach), summary="一处卖出多久各处改数 | Sold here, gone there")
async def show_reach(
    desk: DeskHere, who: Reader,
    hours: Annotated[int, Query(ge=1, le=24 * 90, description="how far back, in whole hours")] = 24,
) -> Response:
    """By shop: how long after a sale at another shop it showed the changed figure, which step waited, the worst SKU,
    and what waits now."""
    directory = await desk.directory()
    async with desk.connect() as connection:
        return reply(await stock_reach(connection, directory, hours, desk.hub.now()))


@router.get("/leaks", **spoken(LeakList), summary="对不上订单的占用 | What is bound for nobody")
async def list_leaks(desk: DeskHere, who: Reader) -> Response:
    """Units that are bound though no order needs them, and levels that say otherwise than the orders. Nothing is set
    free by itself."""
    async with desk.connect() as connection:
        return reply(LeakList(await leaks_of(connection)))


async def _named(connection: Connection, code: str) -> int:
    found = await sku_id_of(connection, code)
    if found is None:
        raise not_found("商品", "SKU", code)
    return found
