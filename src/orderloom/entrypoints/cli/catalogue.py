"""What the seller sells and where it lies: `sku`, `alias`, `warehouse`."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from orderloom.application import keep_skus as goods
from orderloom.application import keep_warehouse as houses
from orderloom.application.directory import Directory
from orderloom.application.queries.catalogue import (
    AliasPage,
    SkuPage,
    WarehouseList,
    codes_about,
    list_aliases,
    list_skus,
    list_warehouses,
)
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.sku_row import SkuRow
from orderloom.application.teach_alias import forget_alias, teach_alias, teach_aliases
from orderloom.bootstrap import Ports
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.screen import screen
from orderloom.entrypoints.cli.sku_file import alias_rows, pairs, sku_rows

sku = group("商品：新增、导入、列表、停用、删除", "SKUs: add, import, list, disable, remove")
alias = group("渠道商品别名：新增、列表、删除", "channels' spellings of SKUs: add, list, remove")
warehouse = group("仓库：新增、列表、停用", "warehouses: add, list, disable")
T = TypeVar("T")
Code = Annotated[str, typer.Argument(help="编码 / code")]
Spelling = Annotated[str, typer.Argument(help="渠道的写法 / the channel's spelling")]
OfAccount = Annotated[str, typer.Option("--account", help="账号代码，空为全部 / account, empty for all")]


@sku.command("add", help="新增或更新商品，没给的保持原样 / add or update a SKU; what is not given stays")
def sku_add(
    code: Code, name: Annotated[str | None, typer.Option()] = None, unit: Annotated[str | None, typer.Option()] = None,
    units: Annotated[str, typer.Option(help="换算，如 箱=12，0 为删去；多个用 ; 隔开 / units, box=12; 0 removes")] = "",
    components: Annotated[str, typer.Option(help="组合，如 A-1=2;B-1=1，0 为删去 / a bundle's parts; 0 removes")] = "",
    kind: Annotated[str | None, typer.Option(help="goods 实物、service 服务、virtual 虚拟：后两者不占库存不发货 / "
                                                  "only goods take stock and are sent")] = None,
    hs_code: Annotated[str | None, typer.Option("--hs-code", help="海关编码 6 至 13 位，空为删去 / HS code")] = None,
) -> None:
    """Add a SKU."""
    _keep([SkuRow(code, name, unit, pairs("--units", units), pairs("--components", components), kind,
                        hs_code)])


@sku.command("import", help="从 CSV 或 Excel 导入商品：编码、名称、单位、换算、组合、种类、海关编码 / import SKUs")
def sku_import(file: Path) -> None:
    """Import SKUs; all or none."""
    _keep(sku_rows(file))


@sku.command("list", help="商品列表 / list SKUs")
def sku_list(prefix: Annotated[str, typer.Argument(help="编码开头 / code begins with")] = "", after: str = "",
             limit: Annotated[int, typer.Option(min=1, max=1000)] = 50) -> None:
    """List SKUs."""
    found = run(lambda: _skus(prefix, after, limit))
    if not screen.answer(found.skus):
        screen.table({"编码": "Code", "名称": "Name", "单位": "Unit", "种类": "Kind", "海关编码": "HS code",
                      "启用": "Active"},
                     [(s.code, s.name, s.unit, s.kind, s.hs_code, s.is_active) for s in found.skus])
        _next(found.next)


@sku.command("disable", help="停用：各渠道显示 0，已有订单照常 / off sale: channels are shown 0, orders go on")
def sku_disable(code: Code) -> None:
    """Take a SKU off sale."""
    _switch_sku(code, False)


@sku.command("enable", help="启用：恢复销售 / back on sale")
def sku_enable(code: Code) -> None:
    """Put a SKU back on sale."""
    _switch_sku(code, True)


@sku.command("remove", help="删除从未用过的编码（写错的）；用过的只能停用 / remove a code that was never used")
def sku_remove(code: Code) -> None:
    """Remove a SKU that stands nowhere."""
    done = run(lambda: _done(lambda ports: goods.remove_sku(ports.catalogue, code)))
    if not screen.answer(done):
        screen.say(f"商品 {code} 已删除。", f"SKU {code} was removed.")


@alias.command("add", help="登记渠道对商品的写法，等它的订单随即继续 / tell a spelling; orders that wait for it go on")
def alias_add(
    spelling: Spelling, code: Annotated[str, typer.Argument(metavar="SKU", help="商品编码 / SKU")],
    account: OfAccount = "",
    factor: Annotated[int, typer.Option(min=1, help="一件等于几个基本单位 / base units in one")] = 1,
    replace: Annotated[bool, typer.Option("--replace", help="改掉已有的含义 / change what it means")] = False,
) -> None:
    """Add an alias."""
    done = run(lambda: _done(lambda ports: teach_alias(
        ports.catalogue, spelling, code, account=account, factor=factor, is_replacing=replace)))
    if not screen.answer(done):
        screen.say(f"已登记：{spelling} = {code} × {factor}；{done.released} 条搁置的消息继续处理。",
                   f"Noted: {spelling} = {code} × {factor}; {done.released} parked messages go on.")


@alias.command("import", help="从 CSV 或 Excel 导入别名：渠道写法、商品编码、店铺、含数量 / import spellings")
def alias_import(
    file: Path,
    replace: Annotated[bool, typer.Option("--replace", help="改掉已有的含义 / change what they mean")] = False,
) -> None:
    """Import spellings; all or none."""
    rows = alias_rows(file)
    done = run(lambda: _done(lambda ports: teach_aliases(ports.catalogue, rows, is_replacing=replace)))
    if not screen.answer(done):
        screen.say(f"别名：新增 {done.added}，已有 {done.updated}；{done.released} 条搁置的消息继续处理。",
                   f"Spellings: {done.added} added, {done.updated} known; {done.released} parked messages go on.")


@alias.command("remove", help="删除一个写法；已有订单不变 / remove a spelling; recorded orders keep their SKU")
def alias_remove(spelling: Spelling, account: OfAccount = "") -> None:
    """Remove an alias."""
    done = run(lambda: _done(lambda ports: forget_alias(ports.catalogue, spelling, account=account)))
    if not screen.answer(done):
        screen.say(f"已删除写法 {spelling}。已有订单保持原商品；新订单遇到它会搁置，直到重新登记。",
                   f"Spelling {spelling} was removed. Recorded orders keep their SKU; new ones with it are parked "
                   "until it is told again.")


@alias.command("list", help="别名列表 / list aliases")
def alias_list(account: str = "", sku: str = "", after: str = "",
               limit: Annotated[int, typer.Option(min=1, max=200)] = 50) -> None:
    """List aliases."""
    page = run(lambda: _aliases(account, sku, after, limit))
    if screen.answer(page):
        return
    screen.table({"账号": "Account", "别名": "Alias", "SKU": "SKU", "数量": "Factor", "上架": "Published"},
                 [(a.account or "*", a.alias, a.sku, a.factor, a.is_published) for a in page.aliases])
    _next(page.next)


@warehouse.command("add", help="新增或更新仓库，没给的保持原样 / add or update a warehouse; what is not given stays")
def warehouse_add(
    code: Code, name: Annotated[str | None, typer.Option()] = None,
    country: Annotated[str | None, typer.Option(help="两个字母 / two letters")] = None,
    province: Annotated[str | None, typer.Option(help="省份 / province")] = None,
    account: Annotated[str | None, typer.Option(help="仓储系统的账号，空为没有 / account of its system")] = None,
    priority: Annotated[int | None, typer.Option(min=0, max=houses.PRIORITY_MAX)] = None,
    daily_capacity: Annotated[int | None, typer.Option("--daily-capacity", min=0, max=houses.CAPACITY_MAX)] = None,
    city: Annotated[str | None, typer.Option(help="城市，算距离用 / city, for distances")] = None,
    serves: Annotated[str | None, typer.Option(help="只发这些国家或省份，逗号分隔 / places it serves")] = None,
) -> None:
    """Add a warehouse."""
    places = None if serves is None else tuple(p.strip() for p in serves.replace("，", ",").split(",") if p.strip())
    row = houses.WarehouseRow(code, name, country, province, account, priority, daily_capacity, places, city)
    done = run(lambda: _done(lambda ports: houses.keep_warehouse(ports.catalogue, row)))
    if not screen.answer(done):
        screen.say(f"仓库 {code} 已{'新增' if done.is_new else '更新'}。",
                   f"Warehouse {code} {'added' if done.is_new else 'updated'}.")


@warehouse.command("list", help="仓库列表 / list warehouses")
def warehouse_list() -> None:
    """List warehouses."""
    found = run(_warehouses)
    if not screen.answer(found.warehouses):
        screen.table({"编码": "Code", "名称": "Name", "国家": "Country", "省份": "Province", "系统": "System",
                      "优先": "Priority", "日产能": "Capacity", "服务范围": "Serves", "启用": "Active"},
                     [(w.code, w.name, w.country, w.province, w.account, w.priority, w.daily_capacity,
                       ", ".join(w.serves), w.is_active) for w in found.warehouses])


@warehouse.command("disable", help="停用仓库：不再派新作业单，进行中的照常 / no new work goes there")
def warehouse_disable(code: Code) -> None:
    """Give a warehouse no new work."""
    _switch_warehouse(code, False)


@warehouse.command("enable", help="启用仓库 / work goes there again")
def warehouse_enable(code: Code) -> None:
    """Give a warehouse work again."""
    _switch_warehouse(code, True)


def account_of(directory: Directory, code: str) -> tuple[int, str]:
    """Id and code of an account. Raises Stop."""
    found = directory.account_by_code(code.upper())
    if found is None:
        raise unknown("账号", "account", code, [a.code for a in directory.accounts.values()][:12])
    return found.id, found.code


def must_be_sku(code: str, known: list[str]) -> None:
    """`known` by `codes_about`. Raises Stop with the nearest codes."""
    if code not in known:
        raise unknown("商品", "SKU", code, difflib.get_close_matches(code, known, n=3))


async def _done(verb: Callable[[Ports], Awaitable[T]]) -> T:
    async with hub() as opened:
        return await verb(opened.ports)


def _keep(rows: list[SkuRow]) -> None:
    done = run(lambda: _done(lambda ports: goods.keep_skus(ports.catalogue, rows, actor())))
    if not screen.answer(done):
        screen.say(f"商品：新增 {done.added}，更新 {done.updated}；{done.released} 条搁置的消息继续处理。",
                   f"SKUs: {done.added} added, {done.updated} updated; {done.released} parked messages go on.")


def _switch_sku(code: str, is_active: bool) -> None:
    done = run(lambda: _done(lambda ports: goods.switch_sku(ports.catalogue, code, is_active, actor())))
    if screen.answer(done):
        return
    if is_active:
        screen.say(f"商品 {code} 已恢复销售。", f"SKU {code} is on sale again.")
    else:
        screen.say(f"商品 {code} 已停用，各渠道将显示 0。{done.orders_in_flight} 张已占库存的订单照常发货；"
                   "仍然到来的订单照收。",
                   f"SKU {code} is off sale, channels are shown 0. {done.orders_in_flight} orders that hold units of "
                   "it ship as they are; orders that still come are taken.")


def _switch_warehouse(code: str, is_active: bool) -> None:
    done = run(lambda: _done(lambda ports: houses.switch_warehouse(ports.catalogue, code, is_active)))
    if screen.answer(done):
        return
    if is_active:
        screen.say(f"仓库 {code} 已启用。", f"Warehouse {code} is on.")
    else:
        screen.say(f"仓库 {code} 已停用：不再派新作业单，它的库存不再可售。"
                   f"{done.orders_in_flight} 张已占那里库存的订单照常继续。",
                   f"Warehouse {code} is off: no new work goes there and its stock is not for sale. "
                   f"{done.orders_in_flight} orders that hold stock there go on.")


async def _skus(prefix: str, after: str, limit: int) -> SkuPage:
    async with connection() as (_, one):
        return await list_skus(one, prefix, after, limit)


async def _aliases(account: str, code: str, after: str, limit: int) -> AliasPage:
    async with connection() as (opened, one):
        directory = await opened.directory()
        Vocabulary(directory, skus=await codes_about(one, code)).check(sku=code)
        account_id = account_of(directory, account)[0] if account else None
        return await list_aliases(one, account_id=account_id, sku=code, cursor=after, limit=limit)


async def _warehouses() -> WarehouseList:
    async with connection() as (_, one):
        return await list_warehouses(one)


def _next(place: str | None) -> None:
    if place:
        screen.say(f"下一页：--after {place}", f"Next page: --after {place}")
