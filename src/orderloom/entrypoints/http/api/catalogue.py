"""What is sold and where it lies over HTTP: SKUs, channels' spellings of them, warehouses."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application import keep_skus as goods
from orderloom.application import keep_warehouse as houses
from orderloom.application.identity.access import Caller
from orderloom.application.queries import catalogue as read
from orderloom.application.queries.sku_filter import SkuFilter
from orderloom.application.sku_row import SkuRow
from orderloom.application.teach_alias import Forgotten, Taught, forget_alias, teach_alias
from orderloom.domain.goods import COSTS
from orderloom.domain.tariff import HsCode, search
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["catalogue"])
Reader = Annotated[Caller, Depends(needs("skus:read"))]
Writer = Annotated[Caller, Depends(needs("skus:write"))]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Group = Annotated[int | None, Query(ge=0, le=2_000_000_000, description="id of a group of goods; 0: in none")]
SKUS_MAX = 2_000


class SkusRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """SKUs to keep, all or none. What is null or left out stays as it was; a unit or component of 0 is taken away."""

    skus: Annotated[list[SkuRow], msgspec.Meta(min_length=1, max_length=SKUS_MAX)]


class CodeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A SKU or warehouse by its code."""

    code: Code


class AliasRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel's spelling of a SKU; `account` null or empty means every account. One of it is `factor` base units.

    A spelling that means something else already is refused unless `replace` says that it is to change.
    """

    alias: Code
    sku: Code
    account: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    factor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    replace: bool = False


@router.get("/skus", **spoken(read.SkuPage), summary="商品 | SKUs by code")
async def list_skus(
    desk: DeskHere, who: Reader, prefix: Text = "", q: Text = "", is_active: bool | None = None, category: Group = None,
    goods_class: Text = "", kind: Text = "", is_bundle: bool | None = None, after: Text = "", limit: Limit = 50,
) -> Response:
    """SKUs whose code begins with `prefix`; `q` stands in code or name, or begins a spelling or barcode. `after` is the
    `next` of the page before."""
    wanted = SkuFilter(q.strip(), "", is_active, category, goods_class, kind, is_bundle)
    async with desk.connect() as connection:
        return reply(await read.list_skus(connection, prefix, after, limit, wanted))


class HsCodes(msgspec.Struct, frozen=True):
    """Codes of the Harmonised System, those that fit best first."""

    codes: list[HsCode]


@router.get("/hs-codes", **spoken(HsCodes), summary="海关编码查询 | Search HS codes")
async def search_hs_codes(who: Reader, q: Annotated[str, Query(max_length=200)], limit: Limit = 10) -> Response:
    """By words, in English or everyday Chinese, or by the beginning of a code."""
    return reply(HsCodes(list(search(q, limit))))


@router.post("/skus", **spoken(goods.SkusKept, takes=SkusRequest, status=201), summary="新增或更新商品 | Keep SKUs")
async def keep_skus(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Add SKUs or bring known ones up to date; messages that waited for a code go on by themselves."""
    body = await body_of(request, SkusRequest)
    if "cost" in who.hides and any(getattr(row, field) is not None for row in body.skus for field in COSTS):
        raise Problem("no_scope", "你看不到成本，也不能改 | costs are hidden from you, and not yours to change")
    return reply(await goods.keep_skus(desk.ports.catalogue, body.skus, who.actor), 201)


@router.post("/skus/disable", **spoken(goods.SkuSwitched, takes=CodeRequest, problems=(404,)),
             summary="停用商品 | Take a SKU off sale")
async def disable_sku(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Channels are shown 0 of it; orders that hold it ship, and orders that still come are taken."""
    body = await body_of(request, CodeRequest)
    return reply(await goods.switch_sku(desk.ports.catalogue, body.code, False, who.actor))


@router.post("/skus/enable", **spoken(goods.SkuSwitched, takes=CodeRequest, problems=(404,)),
             summary="启用商品 | Put a SKU back on sale")
async def enable_sku(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Channels are shown its stock again."""
    body = await body_of(request, CodeRequest)
    return reply(await goods.switch_sku(desk.ports.catalogue, body.code, True, who.actor))


@router.post("/skus/remove", **spoken(goods.SkuRemoved, takes=CodeRequest, problems=(404, 409)),
             summary="删除商品 | Remove a SKU that was never used")
async def remove_sku(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Remove a slip of the hand. A SKU with a past is refused: disable it."""
    body = await body_of(request, CodeRequest)
    return reply(await goods.remove_sku(desk.ports.catalogue, body.code))


@router.get("/aliases", **spoken(read.AliasPage), summary="别名 | SKU aliases")
async def list_aliases(
    desk: DeskHere, who: Reader, account: Text = "", sku: Text = "", cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """How channels spell our SKUs."""
    await desk.check(sku=sku)
    account_id = await desk.account_id(account)
    async with desk.connect() as connection:
        return reply(await read.list_aliases(
            connection, account_id=account_id, sku=sku, cursor=cursor, limit=limit))


@router.post("/aliases", **spoken(Taught, takes=AliasRequest, status=201, problems=(404, 409)),
             summary="建立别名 | Add an alias")
async def add_alias(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Say what a spelling means; messages that waited for it go on by themselves, and their cases close."""
    body = await body_of(request, AliasRequest)
    return reply(await teach_alias(
        desk.ports.catalogue, body.alias, body.sku, account=body.account or "", factor=body.factor,
        is_replacing=body.replace), 201)


@router.delete("/aliases", **spoken(Forgotten, problems=(404,)), summary="删除别名 | Remove an alias")
async def remove_alias(
    desk: DeskHere, who: Writer, alias: Annotated[str, Query(min_length=1, max_length=200)], account: Text = "",
) -> Response:
    """Recorded orders keep their SKU; new ones with this spelling are parked until it is told again."""
    return reply(await forget_alias(desk.ports.catalogue, alias, account=account))


@router.get("/warehouses", **spoken(read.WarehouseList), summary="仓库 | Warehouses")
async def list_warehouses(desk: DeskHere, who: Reader) -> Response:
    """Every warehouse, by priority."""
    async with desk.connect() as connection:
        return reply(await read.list_warehouses(connection))


@router.post("/warehouses", **spoken(houses.WarehouseKept, takes=houses.WarehouseRow, status=201, problems=(404,)),
             summary="新增或更新仓库 | Keep a warehouse")
async def keep_warehouse(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Add a warehouse or change what is given of a known one; what is null or left out stays."""
    body = await body_of(request, houses.WarehouseRow)
    return reply(await houses.keep_warehouse(desk.ports.catalogue, body), 201)


@router.post("/warehouses/disable", **spoken(houses.WarehouseSwitched, takes=CodeRequest, problems=(404,)),
             summary="停用仓库 | Switch a warehouse off")
async def disable_warehouse(request: Request, desk: DeskHere, who: Writer) -> Response:
    """No new work goes there and its stock is not for sale; what is under way there goes on."""
    body = await body_of(request, CodeRequest)
    return reply(await houses.switch_warehouse(desk.ports.catalogue, body.code, False))


@router.post("/warehouses/enable", **spoken(houses.WarehouseSwitched, takes=CodeRequest, problems=(404,)),
             summary="启用仓库 | Switch a warehouse on")
async def enable_warehouse(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Work goes there again."""
    body = await body_of(request, CodeRequest)
    return reply(await houses.switch_warehouse(desk.ports.catalogue, body.code, True))
