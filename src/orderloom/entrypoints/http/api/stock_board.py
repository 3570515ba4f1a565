"""The board of stock over HTTP: what lies where, one SKU's equation, what channels are shown, what leaked."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.adapters.manifests import stock_takers
from orderloom.application.commands import Outcome
from orderloom.application.compensate_leak import LeakSeen, free_leak
from orderloom.application.find_leaks import Leak
from orderloom.application.identity.access import Caller
from orderloom.application.queries import stock_board as read
from orderloom.application.queries.sale_shown import StockReach, stock_reach
from orderloom.application.queries.sku_filter import SkuFilter
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock_leaks import LeakList, leaks_of
from orderloom.application.queries.stock_page import StockPage, sku_id_of, stock_page
from orderloom.application.queries.stock_shown import ShownStock, shown_stock
from orderloom.application.queries.stock_who import TakenUnits, who_holds
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/stock", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
Group = Annotated[int | None, Query(ge=0, le=2_000_000_000, description="id of a group of goods; 0: in none")]
State = Literal["", "oversold", "short", "below_safety", "sold_out"]


class ShownList(msgspec.Struct, frozen=True):
    """Where a SKU is shown."""

    shown: list[ShownStock]


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


@router.post("/leaks/compensate", **spoken(LeakList, takes=LeakSeen, problems=(404, 409)),
             summary="补偿一笔对不上的占用 | Set a leak free")
async def compensate(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Exactly the leak that was looked at, asked anew under lock: an order's log tells that its units are free, and a
    level that says more or less than orders hold is put right by a line of the ledger. Answers what is left of the
    SKU; 409 `no_leak` when somebody needs the units by now."""
    seen = await body_of(request, LeakSeen)
    house = next((one.id for one in (await desk.directory()).warehouses if one.code == seen.warehouse), None)
    if house is None:
        raise not_found("仓库", "warehouse", seen.warehouse)
    async with desk.connect() as connection:
        sku_id = await _named(connection, seen.sku)

    async def leaks() -> list[Leak]:
        async with desk.connect() as connection:
            return await leaks_of(connection, sku_id)

    hub = desk.hub
    left = await free_leak(
        hub.ports.subjects, hub.handle, leaks, seen, (sku_id, house), who.doer, hub.now(), new_id())
    if isinstance(left, Refusal):
        raise problem_of(Outcome(refusal=left.code, particulars=left.particulars))
    return reply(LeakList(left))


async def _named(connection: Connection, code: str) -> int:
    found = await sku_id_of(connection, code)
    if found is None:
        raise not_found("商品", "SKU", code)
    return found
