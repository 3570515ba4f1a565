"""What the seller sells and where it lies: `sku`, `alias`, `warehouse`."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any

import typer

from orderloom.adapters.db.catalogue import SkuRow, WarehouseRow, add_alias, add_skus, add_warehouse, skus, warehouses
from orderloom.application.directory import Directory
from orderloom.application.queries.accounts import AliasPage, list_aliases
from orderloom.entrypoints.cli.attach import connection, run
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.sku_file import pairs, sku_rows

sku = group("商品:新增、导入、列表", "SKUs: add, import, list")
alias = group("渠道商品对照:新增、列表", "channels' spellings of SKUs: add, list")
warehouse = group("仓库:新增、列表", "warehouses: add, list")
ROWS_PER_STEP = 5_000
Code = Annotated[str, typer.Argument(help="编码 / code")]


@sku.command("add", help="新增或更新一个商品 / add or update a SKU")
def sku_add(
    code: Code, name: str = "", unit: str = "",
    units: Annotated[str, typer.Option(help="换算,如 箱=12;托=480 / units, such as box=12")] = "",
    components: Annotated[str, typer.Option(help="组合,如 A-1=2;B-1=1 / a bundle's parts")] = "",
) -> None:
    """Add a SKU."""
    row = SkuRow(code, name, unit, pairs("--units", units), pairs("--components", components))
    new, known = run(lambda: _add_skus([row]))
    _tell_skus(new, known)


@sku.command("import", help="从 CSV 导入商品:编码[,名称,单位,换算,组合] / import SKUs from CSV")
def sku_import(file: Path) -> None:
    """Import SKUs; all or none."""
    rows = sku_rows(file)
    new, known = run(lambda: _add_skus(rows))
    _tell_skus(new, known)


@sku.command("list", help="商品列表 / list SKUs")
def sku_list(prefix: Annotated[str, typer.Argument(help="编码开头 / code begins with")] = "", after: str = "",
             limit: Annotated[int, typer.Option(min=1, max=1000)] = 50) -> None:
    """List SKUs."""
    found = run(lambda: _skus(prefix, after, limit))
    if not screen.answer([dict(zip(("code", "name", "unit"), row, strict=True)) for row in found]):
        screen.table({"编码": "Code", "名称": "Name", "单位": "Unit"}, found)


@alias.command("add", help="登记渠道对商品的写法,等它的订单随即继续 / tell a spelling; orders that wait for it go on")
def alias_add(
    spelling: Annotated[str, typer.Argument(help="渠道的写法 / the channel's spelling")],
    code: Annotated[str, typer.Argument(metavar="SKU", help="商品编码 / SKU")],
    account: Annotated[str, typer.Option(help="账号代码,空为全部 / account, empty for all")] = "",
    factor: Annotated[int, typer.Option(min=1, help="一件等于几个基本单位 / base units in one")] = 1,
) -> None:
    """Add an alias."""
    released = run(lambda: _alias(spelling, code, account, factor))
    if not screen.answer({"alias": spelling, "sku": code, "account": account or None, "released": released}):
        screen.say(f"已登记:{spelling} = {code} × {factor};{released} 条等待的消息继续处理。",
                   f"Noted: {spelling} = {code} × {factor}; {released} waiting messages go on.")


@alias.command("list", help="对照列表 / list aliases")
def alias_list(account: str = "", sku: str = "", after: str = "",
               limit: Annotated[int, typer.Option(min=1, max=200)] = 50) -> None:
    """List aliases."""
    page = run(lambda: _aliases(account, sku, after, limit))
    if screen.answer(page):
        return
    screen.table({"账号": "Account", "写法": "Alias", "商品": "SKU", "数量": "Factor", "上架": "Published"},
                 [(a.account or "*", a.alias, a.sku, a.factor, a.is_published) for a in page.aliases])
    if page.next:
        screen.say(f"下一页:--after {page.next}", f"Next page: --after {page.next}")


@warehouse.command("add", help="新增或更新仓库 / add or update a warehouse")
def warehouse_add(
    code: Code, name: str = "", country: str = "CN", province: str = "",
    account: Annotated[str, typer.Option(help="仓储系统的账号代码 / account of its system")] = "",
    priority: Annotated[int, typer.Option(min=0, max=100)] = 1,
    daily_capacity: Annotated[int, typer.Option("--daily-capacity", min=0)] = 1_000_000,
    serves: Annotated[str, typer.Option(help="只发这些国家或省份,逗号分隔 / places it serves")] = "",
) -> None:
    """Add a warehouse."""
    places = tuple(part.strip() for part in serves.replace("，", ",").split(",") if part.strip())
    row = WarehouseRow(code, name or code, country, province, None, priority, daily_capacity, places)
    is_new = run(lambda: _warehouse(row, account))
    if not screen.answer({"warehouse": code, "is_new": is_new}):
        screen.say(f"仓库 {code} 已{'新增' if is_new else '更新'}。",
                   f"Warehouse {code} {'added' if is_new else 'updated'}.")


@warehouse.command("list", help="仓库列表 / list warehouses")
def warehouse_list() -> None:
    """List warehouses."""
    found = run(_warehouses)
    names = ("code", "name", "country", "province", "account", "priority", "daily_capacity", "serves", "is_active")
    if not screen.answer([dict(zip(names, row, strict=True)) for row in found]):
        screen.table({"编码": "Code", "名称": "Name", "国家": "Country", "省份": "Province", "系统": "System",
                      "优先": "Priority", "日产能": "Capacity", "服务范围": "Serves", "启用": "Active"}, found)


def account_of(directory: Directory, code: str) -> tuple[int, str]:
    """Id and code of an account. Raises Stop."""
    found = directory.account_by_code(code.upper())
    if found is None:
        raise unknown("账号", "account", code, [a.code for a in directory.accounts.values()][:12])
    return found.id, found.code


def sku_of(directory: Directory, code: str) -> int:
    """Id of a SKU. Raises Stop with the nearest codes."""
    found = directory.by_code.get(code)
    if found is None:
        raise unknown("商品", "SKU", code, difflib.get_close_matches(code, directory.by_code, n=3))
    return found


async def _add_skus(rows: list[SkuRow]) -> tuple[int, int]:
    async with connection(is_writing=True) as (hub, one):
        known = {row.code for row in rows} | set((await hub.directory()).by_code)
        for row in rows:
            for part in row.components:
                if part not in known or part == row.code:
                    raise Stop(f"{row.code} 的组件 {part} 不是已有的商品。",
                               f"{part}, a component of {row.code}, is no known SKU.")
        new = old = 0
        with screen.progress("写入商品", "Writing SKUs") as advance:
            for start in range(0, len(rows), ROWS_PER_STEP):
                added, kept = await add_skus(one, rows[start : start + ROWS_PER_STEP])
                new, old = new + added, old + kept
                advance(start, len(rows))
        return new, old


def _tell_skus(new: int, known: int) -> None:
    if not screen.answer({"added": new, "updated": known}):
        screen.say(f"商品:新增 {new},更新 {known}。", f"SKUs: {new} added, {known} updated.")


async def _skus(prefix: str, after: str, limit: int) -> list[tuple[Any, ...]]:
    async with connection() as (_, one):
        return await skus(one, prefix, after, limit)


async def _alias(spelling: str, code: str, account: str, factor: int) -> int:
    async with connection(is_writing=True) as (hub, one):
        directory = await hub.directory()
        owner = account_of(directory, account) if account else None
        return await add_alias(one, owner, spelling, sku_of(directory, code), factor)


async def _aliases(account: str, code: str, after: str, limit: int) -> AliasPage:
    async with connection() as (hub, one):
        account_id = account_of(await hub.directory(), account)[0] if account else None
        return await list_aliases(one, account_id=account_id, sku=code, cursor=after, limit=limit)


async def _warehouse(row: WarehouseRow, account: str) -> bool:
    async with connection(is_writing=True) as (hub, one):
        if account:
            account_id = account_of(await hub.directory(), account)[0]
            row = WarehouseRow(row.code, row.name, row.country, row.province, account_id, row.priority,
                               row.daily_capacity, row.serves)
        return await add_warehouse(one, row)


async def _warehouses() -> list[tuple[Any, ...]]:
    async with connection() as (_, one):
        return await warehouses(one)
