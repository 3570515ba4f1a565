"""Purchasing: `purchase suggest | list | show | supplier | supply`."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.application.directory import business_day
from orderloom.application.keep_suppliers import (
    COST_MAX,
    SupplierRow,
    SupplyRow,
    keep_supplier,
    keep_supplies,
)
from orderloom.application.queries import purchases as read
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.sql import WrongCursor
from orderloom.application.queries.suggestions import SuggestionFilter, SuggestionPage, list_suggestions
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain.inventory.purchase import PurchaseState
from orderloom.domain.money import format_minor
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import connection, hub, run
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("采购：补货建议、采购单、供应商", "purchasing: what is to be bought, tickets, suppliers")
STATES = ("open", "late", *PurchaseState)
Number = Annotated[str, typer.Argument(metavar="NO", help="采购单号 / its number, P-…")]
Limit = Annotated[int, typer.Option(min=1, max=200)]
Code = Annotated[str, typer.Argument(metavar="SUPPLIER", help="供应商编码 / the supplier's code")]


@app.command("suggest", help="补货建议与理由，最急的在前 / what is to be bought and why, most urgent first")
def suggest_command(supplier: str = "", q: str = "", after: str = "", limit: Limit = 50) -> None:
    """Show suggestions."""
    page = run(lambda: _suggestions(SuggestionFilter(supplier, q), after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"SKU": "SKU", "可用+在途": "Here and coming", "补货点": "Point", "7天销量": "Sold in 7 days",
         "安全": "Safety", "缺": "Missing", "建议": "Buy", "供应商": "Supplier", "还够（天）": "Days left"},
        [(s.sku, s.position, s.point, s.sold, s.safety, s.missing, s.quantity, s.supplier or "-",
          "-" if s.days_left is None else s.days_left) for s in page.suggestions])
    if page.next:
        screen.say(f"共 {page.count} 个，下一页：--after {page.next}",
                   f"{page.count} in all; next page: --after {page.next}")


@app.command("list", help="采购单，新的在前 / purchase tickets, the newest first")
def list_command(
    state: Annotated[str, typer.Option(help=" | ".join(STATES))] = "", supplier: str = "", warehouse: str = "",
    sku: str = "", q: str = "", after: str = "", limit: Limit = 50,
) -> None:
    """List tickets."""
    if state and state not in STATES:
        raise Stop(f"--state 只能是 {'、'.join(STATES)}。", f"--state is one of {', '.join(STATES)}.", code=2)
    page = run(lambda: _list(read.PurchaseFilter(state, supplier, warehouse, sku, q), after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"采购单": "Purchase ticket", "状态": "State", "供应商": "Supplier", "仓库": "Warehouse", "下单": "Ordered",
         "已收": "Received", "还等": "Waited for", "承诺到货": "Promised", "原因": "Reason"},
        [(t.number, names.shown(names.PURCHASE_STATES, t.state), t.supplier, t.warehouse or "", t.quantity, t.received,
          t.rest, f"{t.promised_on or ''}{' !' if t.is_late else ''}", t.reason) for t in page.tickets])
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@app.command("show", help="一张采购单 / one ticket with its lines")
def show(number: Number) -> None:
    """Show one."""
    t = run(lambda: _shown(number))
    if screen.answer(t):
        return
    state = names.shown(names.PURCHASE_STATES, t.state)
    screen.say(f"{t.number} {state}：{t.supplier} → {t.warehouse}，承诺 {t.promised_on or '-'}。{t.reason}",
               f"{t.number} {state}: {t.supplier} → {t.warehouse}, promised {t.promised_on or '-'}. {t.reason}")
    screen.table(
        {"行号": "No.", "SKU": "SKU", "下单": "Ordered", "单价": "Cost", "已收": "Received", "多到": "Found",
         "不再等": "Cancelled", "还等": "Waited for"},
        [(x.no, x.sku, x.quantity, f"{format_minor(x.cost, t.currency)} {t.currency}" if t.currency else "",
          x.received, x.found, x.cancelled, x.rest) for x in t.lines])


@app.command("supplier", help="新增或更新供应商；不带参数则列出 / keep a supplier; without options, list them")
def supplier_command(
    code: Annotated[str, typer.Argument(metavar="[SUPPLIER]")] = "",
    name: Annotated[str | None, typer.Option(help="名称 / name")] = None,
    lead_days: Annotated[int | None, typer.Option(min=0, max=365, help="交期（天）/ days from order to goods")] = None,
    is_active: Annotated[bool | None, typer.Option("--on/--off", help="启用、停用 / switched on or off")] = None,
) -> None:
    """Keep a supplier, or list all."""
    found = run(lambda: _supplier(SupplierRow(code, name, lead_days, is_active) if code else None))
    if screen.answer(found):
        return
    screen.table(
        {"供应商": "Supplier", "名称": "Name", "交期（天）": "Lead days", "商品": "SKUs", "未完": "Open", "启用": "On"},
        [(r.code, r.name, r.lead_days, r.skus, r.tickets_open, "✓" if r.is_active else "") for r in found.suppliers])


@app.command("supply", help="供应商供哪个商品、起订量、每箱、进价（分）/ which SKU a supplier brings, on which terms")
def supply_command(
    supplier: Code, sku: Annotated[str, typer.Argument(metavar="[SKU]")] = "",
    minimum: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="起订量 / least units")] = None,
    pack: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="每箱件数 / units of a pack")] = None,
    cost: Annotated[int | None, typer.Option(min=0, max=COST_MAX, help="进价，最小货币单位 / minor units")] = None,
    currency: Annotated[str | None, typer.Option(help="币种 / such as CNY")] = None,
    priority: Annotated[int | None, typer.Option(min=0, max=100, help="小的优先 / lower first")] = None,
    is_active: Annotated[bool | None, typer.Option("--on/--off", help="供、不再供 / brings it, or no more")] = None,
) -> None:
    """Keep what a supplier brings; without a SKU, list it."""
    row = SupplyRow(supplier, sku, minimum, pack, cost, currency, priority, is_active) if sku else None
    found = run(lambda: _supply(supplier, row))
    if screen.answer(found):
        return
    screen.table(
        {"供应商": "Supplier", "SKU": "SKU", "起订量": "Minimum", "每箱": "Pack", "进价": "Cost", "优先": "Priority"},
        [(y.supplier, y.sku, y.minimum, y.pack,
          "" if y.cost is None else f"{format_minor(y.cost, y.currency)} {y.currency}", y.priority)
         for y in found.supplies])


async def _suggestions(wanted: SuggestionFilter, after: str, limit: int) -> SuggestionPage:
    async with connection() as (opened, one):
        directory = await opened.directory()
        rule = directory.blueprints[directory.blueprint_active].purchasing.rule
        try:
            return await list_suggestions(one, wanted, rule, opened.now(), cursor=after, limit=limit)
        except WrongCursor as error:
            raise _wrong_place() from error


async def _list(wanted: read.PurchaseFilter, after: str, limit: int) -> read.PurchasePage:
    async with connection() as (opened, one):
        directory = await opened.directory()
        Vocabulary(directory).check(warehouse=wanted.warehouse)
        today = business_day(opened.now(), directory.business_zone)
        try:
            return await read.list_purchases(one, wanted, today, cursor=after, limit=limit)
        except WrongCursor as error:
            raise _wrong_place() from error


async def _shown(number: str) -> read.PurchaseView:
    async with connection() as (opened, one):
        today = business_day(opened.now(), (await opened.directory()).business_zone)
        found = await read.purchase_of(one, number.strip().upper(), today)
        if found is None:
            near = await read.list_purchases(one, read.PurchaseFilter(), today, limit=5)
            raise unknown("采购单", "purchase ticket", number, [t.number for t in near.tickets])
        return found


async def _supplier(row: SupplierRow | None) -> read.SupplierList:
    async with hub() as opened:
        if row is not None:
            await keep_supplier(opened.ports.subjects, row)
        async with opened.ports.reading() as one:
            return await read.list_suppliers(one)


async def _supply(supplier: str, row: SupplyRow | None) -> read.SupplyList:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            ids = await sku_ids(one, {row.sku}) if row else {}
        if row is not None:
            await keep_supplies(opened.ports.subjects, [row], ids)
        async with opened.ports.reading() as one:
            return await read.list_supplies(one, supplier, "")


def _wrong_place() -> Stop:
    return Stop("--after 要用上一页给出的。", "--after is what the page before gave.", code=2)
