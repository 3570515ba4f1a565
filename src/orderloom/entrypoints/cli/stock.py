"""Stock on a person's word: `stock levels | receive | adjust | stocktake | import`."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from psycopg.errors import UniqueViolation

from orderloom.application.queries.stock import LevelPage, list_levels
from orderloom.bootstrap import Hub
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.catalogue import sku_of
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.sku_file import rows_of

app = group("库存:查询、入库、调整、盘点、导入", "stock: levels, receive, adjust, stocktake, import")
Sku = Annotated[str, typer.Argument(metavar="SKU", help="商品编码 / SKU")]
House = Annotated[str, typer.Argument(metavar="WAREHOUSE", help="仓库编码 / warehouse")]
Reason = Annotated[str, typer.Option("--reason", help="原因,写入流水 / why, kept in the ledger")]
Cause = Annotated[str, typer.Option("--cause", help="凭据号,同一号只记一次 / voucher number: counted once")]


class Known(Stop):
    """The ledger has a line with this cause already."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"凭据号 {cause} 已入账,没有重复记。", f"Voucher {cause} is in the ledger: not counted again.")


class Moved(msgspec.Struct, frozen=True):
    """A level after a movement."""

    sku: str
    warehouse: str
    on_hand: int
    reserved: int
    allocated: int
    safety: int
    frozen: int
    free: int
    is_oversold: bool


@app.command("levels", help="库存与可用量 / levels with what is available to promise")
def levels(sku: Annotated[str, typer.Argument()] = "", warehouse: str = "",
           oversold: Annotated[bool, typer.Option("--oversold", help="只看超卖 / oversold ones")] = False,
           after: str = "", limit: Annotated[int, typer.Option(min=1, max=200)] = 50) -> None:
    """Show levels."""
    page = run(lambda: _levels(sku, warehouse, oversold, after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"SKU": "SKU", "仓库": "Warehouse", "在库": "On hand", "预占": "Reserved", "分配": "Allocated",
         "安全": "Safety", "冻结": "Frozen", "可用": "Free", "超卖": "Oversold"},
        [(v.sku, v.warehouse, v.on_hand, v.reserved, v.allocated, v.safety, v.frozen, v.atp, v.is_oversold)
         for v in page.levels])
    if page.next:
        screen.say(f"下一页:--after {page.next}", f"Next page: --after {page.next}")


@app.command("receive", help="入库 / goods came in")
def receive(sku: Sku, warehouse: House, quantity: Annotated[int, typer.Argument(min=1)],
            reason: Reason = "入库 / received", cause: Cause = "") -> None:
    """Receive units."""
    _tell(run(lambda: _move(sku, warehouse, "receive", reason, cause, on_hand=quantity)))


@app.command("adjust", help="调整在库、安全、冻结数(负数为减)/ change what is on hand, safe or frozen",
             context_settings={"ignore_unknown_options": True})
def adjust(sku: Sku, warehouse: House, reason: Reason, on_hand: Annotated[int, typer.Option("--on-hand")] = 0,
           safety: int = 0, frozen: int = 0, cause: Cause = "") -> None:
    """Adjust a level."""
    _tell(run(lambda: _move(sku, warehouse, "adjust", reason, cause, on_hand=on_hand, safety=safety, frozen=frozen)))


@app.command("stocktake", help="盘点:实际数了多少 / stocktake: how many were counted")
def stocktake(sku: Sku, warehouse: House, counted: Annotated[int, typer.Argument(min=0)],
              reason: Reason = "盘点 / stocktake", cause: Cause = "") -> None:
    """Write down a count."""
    _tell(run(lambda: _move(sku, warehouse, "stocktake", reason, cause, counted=counted)))


@app.command("import", help="从 CSV 入库:编码,仓库,数量;同一文件重来不重复 / receive from CSV; a repeat counts once")
def import_command(file: Path, reason: Reason = "期初导入 / import") -> None:
    """Receive a table of stock."""
    rows = [(line, row) for line, row in rows_of(file, ("code", "warehouse", "quantity"))]
    batch = f"import/{sha256(file.read_bytes()).hexdigest()[:16]}"
    count, known = run(lambda: _import(file, batch, rows, reason))
    if not screen.answer({"received": count, "known": known}):
        screen.say(f"已入库 {count} 行;{known} 行此前已入过。", f"{count} rows received; {known} were before.")


async def _levels(sku: str, warehouse: str, is_oversold: bool, after: str, limit: int) -> LevelPage:
    async with connection() as (_, one):
        return await list_levels(one, sku=sku, warehouse=warehouse, is_oversold=is_oversold, cursor=after, limit=limit)


async def _move(sku: str, warehouse: str, kind: str, reason: str, cause: str, **changes: Any) -> Moved:
    async with hub() as opened:
        return await _moved(opened, sku, warehouse, kind, reason, cause, **changes)


async def _moved(
    opened: Hub, sku: str, warehouse: str, kind: str, reason: str, cause: str, **changes: Any
) -> Moved:
    directory = await opened.directory()
    sku_of(directory, sku)
    houses = [w.code for w in directory.warehouses]
    if warehouse not in houses:
        raise unknown("仓库", "warehouse", warehouse, houses[:12])
    try:
        level = await opened.adjust_stock(sku, warehouse, kind, reason, actor(), cause=cause, **changes)
    except UniqueViolation as known:
        raise Known(cause) from known
    if isinstance(level, Refusal):
        facts = " ".join(f"{name}={value}" for name, value in level.facts.items())
        raise Stop(f"没有执行:{level.code} {facts}", f"Not done: {level.code} {facts}")
    return _view(sku, warehouse, level)


async def _import(file: Path, batch: str, rows: list[tuple[int, dict[str, str]]], reason: str) -> tuple[int, int]:
    """Row by row, each its own line of the ledger, keyed by the file's content and line: a repeat changes nothing."""
    known = 0
    async with hub() as opened:
        with screen.progress("入库", "Receiving") as advance:
            for done, (line, row) in enumerate(rows):
                if not row["quantity"].isdigit() or int(row["quantity"]) < 1:
                    raise Stop(f"{file}:{line} 数量“{row['quantity']}”不是正整数。",
                               f'{file}:{line} quantity "{row["quantity"]}" is no positive whole number.')
                try:
                    await _moved(opened, row["code"], row["warehouse"], "receive", reason, f"{batch}/{line}",
                                 on_hand=int(row["quantity"]))
                except Known:
                    known += 1
                advance(done + 1, len(rows))
    return len(rows) - known, known


def _view(sku: str, warehouse: str, level: Level) -> Moved:
    return Moved(sku, warehouse, level.on_hand, level.reserved, level.allocated, level.safety, level.frozen,
                 level.free, level.is_oversold)


def _tell(moved: Moved) -> None:
    if screen.answer(moved):
        return
    screen.say(f"{moved.sku} @ {moved.warehouse}:在库 {moved.on_hand},可用 {moved.free}",
               f"{moved.sku} @ {moved.warehouse}: {moved.on_hand} on hand, {moved.free} free")
    if moved.is_oversold:
        screen.say("注意:已超卖,请补货或取消订单。", "Oversold: restock or cancel orders.", style="red")
