"""Stock on a person's word: `stock levels | who | compensate | snapshot | receive | adjust | import | document …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from orderloom.adapters.goods_file import FILE_BYTES_MAX, UnreadableGoods, read_stock_table
from orderloom.adapters.ids import new_id
from orderloom.application.move_stock import BOOKED_BEFORE, Moving, move_stock
from orderloom.application.queries.catalogue import codes_about
from orderloom.application.queries.snapshots import SnapshotDetail, show_snapshot
from orderloom.application.queries.stock import LevelPage, list_levels
from orderloom.application.queries.stock_page import sku_id_of
from orderloom.application.queries.stock_who import TakenUnits, who_holds
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.receive_stock import Taken, receive_stock
from orderloom.application.take_snapshot import ask_for_snapshot, take_snapshot
from orderloom.bootstrap import Hub
from orderloom.domain.codes import spelling_problem
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.cli import stock_documents, stock_leaks
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.catalogue import must_be_sku
from orderloom.entrypoints.cli.frame import group, must_be_file, unknown, written
from orderloom.entrypoints.cli.screen import Stop, screen, when
from orderloom.entrypoints.refusals import words_of

app = group("库存：查询、入库、调整、盘点、导入、单据", "stock: levels, receive, adjust, stocktake, import, documents")
app.add_typer(stock_documents.app, name="document")
app.command("compensate", help=(
    "补偿一笔对不上的占用：查明原因后放回 / set units free that are bound for nobody"))(stock_leaks.compensate)
Sku = Annotated[str, typer.Argument(metavar="SKU", help="商品编码 / SKU")]
House = Annotated[str, typer.Argument(metavar="WAREHOUSE", help="仓库编码 / warehouse")]
Reason = Annotated[str, typer.Option("--reason", callback=written, help="原因，写入流水 / why, kept in the ledger")]
Units = Annotated[int, typer.Option(min=-1_000_000_000, max=1_000_000_000)]
Cause = Annotated[str, typer.Option("--cause", help="凭据号，同一号只记一次 / voucher number: counted once")]


MISTAKES_SHOWN_MAX = 100
REFUSED = {
    "below_zero": ("数量会小于零；实际数过的请用 orderloom stock stocktake",
                   "it would fall below zero; what was really counted goes in by orderloom stock stocktake"),
    "too_many": ("数量太大，请核对", "that is more than can be kept: check the figure"),
    "nothing_to_change": ("没有差别", "there is no difference"),
}
BUCKETS = {"on_hand": "现货", "safety": "安全库存", "frozen": "冻结"}
UNITS_MAX = 1_000_000_000


class Known(Stop):
    """The ledger has a line with this cause already."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"凭据号 {cause} 已入账，没有重复记。",
                         f"Voucher {cause} is in the ledger: not counted again.")


class TableTaken(msgspec.Struct, frozen=True):
    """A table that was taken: its rows, how many were booked now (received or counted), how many were before."""

    rows: int
    received: int
    known: int


class LevelMoved(msgspec.Struct, frozen=True):
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
    set_aside: int


@app.command("levels", help="库存与可售 / levels with what is available to promise")
def levels(sku: Annotated[str, typer.Argument()] = "", warehouse: str = "",
           oversold: Annotated[bool, typer.Option("--oversold", help="只看超卖 / oversold ones")] = False,
           after: str = "", limit: Annotated[int, typer.Option(min=1, max=200)] = 50) -> None:
    """Show levels."""
    page = run(lambda: _levels(sku, warehouse, oversold, after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"SKU": "SKU", "仓库": "Warehouse", "现货": "On hand", "预占": "Reserved", "占用": "Allocated",
         "预留": "Set aside", "安全库存": "Safety stock", "冻结": "Frozen", "可售": "Available", "超卖": "Oversold"},
        [(v.sku, v.warehouse, v.on_hand, v.reserved, v.allocated, v.set_aside, v.safety, v.frozen, v.atp, v.is_oversold)
         for v in page.levels])
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@app.command("who", help="谁占着我的库存：订单、预留、人 / who holds my stock: orders, quotas, people")
def who(sku: Sku, after: str = "", limit: Annotated[int, typer.Option(min=1, max=200)] = 50) -> None:
    """Show who holds each unit that is not free."""
    held = run(lambda: _who(sku, after, limit))
    if screen.answer(held):
        return
    screen.table(
        {"仓库": "Warehouse", "占用": "Bucket", "件数": "Units", "谁": "Who", "说明": "About", "自": "Since"},
        [*[(o.warehouse, o.kind, o.quantity, o.order, o.quota or o.account, when(o.held_at)) for o in held.orders],
         *[(q.warehouse, "set_aside", q.units, q.number, q.kept_for, when(q.since)) for q in held.quotas],
         *[(p.warehouse, p.bucket, p.units, p.actor, p.reason, when(p.at)) for p in held.people]])
    for leak in held.leaks:
        screen.say(f"对不上：{leak.warehouse} {leak.kind} {leak.quantity} 件，{leak.order or '没有订单'}（{leak.why}）",
                   f"Leaked: {leak.quantity} {leak.kind} in {leak.warehouse}, {leak.order or 'no order'} ({leak.why})",
                   style="red")
    if held.next:
        screen.say(f"下一页：--after {held.next}", f"Next page: --after {held.next}")


@app.command("snapshot", help=(
    "库存快照：各系统的数与本系统对照，超差的商品暂停新单 / "
    "every system's figures beside the hub's; new orders of SKUs that differ wait"))
def snapshot(limit: Annotated[int, typer.Option(min=1, max=200, help="列出几行 / rows told")] = 50) -> None:
    """Take a snapshot now, and show what differs."""
    taken = run(lambda: _snapshot(limit))
    if screen.answer(taken):
        return
    head = taken.snapshot
    screen.say(f"{head.number}：对照 {head.compared} 个数，{head.differ} 个不同，其中 {head.explained} 个在途可解释。",
               f"{head.number}: {head.compared} figures compared, {head.differ} differ, {head.explained} explained.")
    for system, why in head.unread.items():
        screen.say(f"{system} 没有给出：{why.partition(' | ')[0]}", f"{system} gave nothing: {why.partition(' | ')[2]}")
    screen.table(
        {"系统": "System", "位置": "Place", "SKU": "SKU", "本系统": "Hub", "对方": "Theirs", "‰": "‰",
         "解释": "Explained"},
        [(r.system, r.place, r.sku or r.spelling, r.ours, r.theirs, r.permille, r.explained) for r in taken.rows])
    if head.tripped:
        screen.say(f"暂停新单到 {when(head.paused_until)}：{'、'.join(head.tripped)}",
                   f"New orders wait until {when(head.paused_until)}: {', '.join(head.tripped)}", style="red")


@app.command("receive", help="入库 / goods came in")
def receive(sku: Sku, warehouse: House, quantity: Annotated[int, typer.Argument(min=1, max=UNITS_MAX)],
            reason: Reason = "入库 / received", cause: Cause = "") -> None:
    """Receive units."""
    _tell(run(lambda: _move(sku, warehouse, "receive", reason, cause, on_hand=quantity)))


@app.command("adjust", help="调整现货、安全库存、冻结数（负数为减）/ change what is on hand, safe or frozen",
             context_settings={"ignore_unknown_options": True})
def adjust(sku: Sku, warehouse: House, reason: Reason, on_hand: Units = 0, safety: Units = 0, frozen: Units = 0,
           cause: Cause = "") -> None:
    """Adjust a level."""
    _tell(run(lambda: _move(sku, warehouse, "adjust", reason, cause, on_hand=on_hand, safety=safety, frozen=frozen)))


@app.command("stocktake", help="盘点：实际数了多少 / stocktake: how many were counted")
def stocktake(sku: Sku, warehouse: House, counted: Annotated[int, typer.Argument(min=0, max=UNITS_MAX)],
              reason: Reason = "盘点 / stocktake", cause: Cause = "") -> None:
    """Write down a count."""
    _tell(run(lambda: _move(sku, warehouse, "stocktake", reason, cause, counted=counted)))


@app.command("import", help=(
    "从 CSV 或 Excel 入库（编码、仓库、数量）或盘点（编码、仓库、盘点数）/ receive or count from a table\n\n"
    "全部正确才入账。每行按 单号+行号 识别，没有行号时按 单号+编码+仓库；改过、重排、另存的文件都不会把已入账的行"
    "再记一次。没有单号的文件都算同一张单：再次到货请写 --document 或“单号”列。 / "
    "All rows or none. A row is known by document and line, or document, SKU and warehouse. Files without a number are "
    "all one document: goods that come again need --document or the column."))
def import_command(
    file: Path, reason: Reason = "期初导入 / import",
    document: Annotated[str, typer.Option(help="单号；同一单号的行只记一次 / its number; counted once")] = "",
    is_set: Annotated[bool, typer.Option("--set", help="数量是现有数，不是新到的 / figures are what there is")] = False,
) -> None:
    """Receive or count a table of stock, all or none."""
    must_be_file(file)
    if file.stat().st_size > FILE_BYTES_MAX:
        raise Stop(f"{file} 超过 {FILE_BYTES_MAX >> 20} MiB。", f"{file} is over {FILE_BYTES_MAX >> 20} MiB.", code=2)
    if wrong := document and spelling_problem(document):
        raise Stop(f"--document：{wrong.zh}。", f"--document: {wrong.en}.", code=2)
    content = file.read_bytes()
    taken = run(lambda: _import(file, content, document, reason, is_set))
    if taken.mistakes:
        raise _mistaken(file, taken)
    if screen.answer(TableTaken(taken.rows, taken.booked, taken.known)):
        return
    screen.say(f"已入账 {taken.booked} 行。", f"{taken.booked} rows booked.")
    if taken.known:
        screen.say(f"{taken.known} 行此前已入账，没有再记。如果是新到的货，请用 --document 写上新的单号。",
                   f"{taken.known} rows were booked before and are not counted again. If these are new goods, give "
                   "their number by --document.")


async def _levels(sku: str, warehouse: str, is_oversold: bool, after: str, limit: int) -> LevelPage:
    async with connection() as (hub, one):
        Vocabulary(await hub.directory(), skus=await codes_about(one, sku)).check(sku=sku, warehouse=warehouse)
        return await list_levels(one, sku=sku, warehouse=warehouse, is_oversold=is_oversold, cursor=after, limit=limit)


async def _snapshot(limit: int) -> SnapshotDetail:
    async with hub() as opened:
        begin = opened.ports.subjects
        number = await ask_for_snapshot(begin, actor(), opened.now(), new_id, is_taken_now=True)
        assert number is not None
        await take_snapshot(opened, number, actor())
        async with opened.ports.reading() as one:
            found = await show_snapshot(one, number, limit=limit)
        assert found is not None
        return found


async def _who(sku: str, after: str, limit: int) -> TakenUnits:
    async with connection() as (_, one):
        must_be_sku(sku, await codes_about(one, sku))
        sku_id = await sku_id_of(one, sku)
        assert sku_id is not None
        return await who_holds(one, sku_id, sku, cursor=after, limit=limit)


async def _move(sku: str, warehouse: str, kind: str, reason: str, cause: str, **changes: Any) -> LevelMoved:
    async with hub() as opened:
        return await _moved(opened, sku, warehouse, kind, reason, cause, **changes)


async def _moved(
    opened: Hub, sku: str, warehouse: str, kind: str, reason: str, cause: str, **changes: Any
) -> LevelMoved:
    directory = await opened.directory()
    async with opened.ports.reading() as one:
        must_be_sku(sku, await codes_about(one, sku))
    houses = [w.code for w in directory.warehouses]
    if warehouse not in houses:
        raise unknown("仓库", "warehouse", warehouse, houses[:12])
    asked = Moving(sku, warehouse, kind, reason, actor(), cause or f"by-hand/{new_id()}", **changes)
    level = await move_stock(opened.handler.restock, opened.ports.catalogue, directory, asked, opened.now)
    if isinstance(level, Refusal) and level.code == BOOKED_BEFORE:
        raise Known(cause)
    if isinstance(level, Refusal):
        raise _refused(sku, warehouse, level)
    return _view(sku, warehouse, level)


async def _import(file: Path, content: bytes, document: str, reason: str, is_set: bool) -> Taken:
    try:
        async with hub() as opened:
            table = await read_stock_table(content)
            return await receive_stock(opened.handler.restock, opened.ports.catalogue, await opened.directory(), table,
                                       document, reason, actor(), opened.now, is_set=is_set)
    except UnreadableGoods as error:
        raise Stop(f"{file}：{error.words.zh}", f"{file}: {error.words.en}") from error


def _mistaken(file: Path, taken: Taken) -> Stop:
    """Every mistake with its line, both languages; the list is cut where nobody reads on."""
    shown, count = taken.mistakes[:MISTAKES_SHOWN_MAX], len(taken.mistakes)
    more_zh = f"\n…… 还有 {count - len(shown)} 处" if count > len(shown) else ""
    more_en = f"\n… and {count - len(shown)} more" if count > len(shown) else ""
    return Stop(
        f"没有入账：{count} 处要改，改好后重新导入即可。\n"
        + "\n".join(f"{file}:{m.line} {m.zh}" for m in shown) + more_zh,
        f"Nothing was booked: {count} mistakes. Mend them and import again.\n"
        + "\n".join(f"{file}:{m.line} {m.en}" for m in shown) + more_en)


def _refused(sku: str, warehouse: str, refusal: Refusal) -> Stop:
    if words := words_of(refusal.code, refusal.particulars):
        return Stop(f"{sku} @ {warehouse} 没有改动：{words.zh}", f"{sku} @ {warehouse} was not changed: {words.en}")
    zh, en = REFUSED.get(refusal.code, (refusal.code, refusal.code))
    particulars = " ".join(f"{BUCKETS.get(name, name)}={value}" for name, value in refusal.particulars.items())
    figures = " ".join(f"{name}={value}" for name, value in refusal.particulars.items())
    return Stop(f"{sku} @ {warehouse} 没有改动：{zh}（{particulars}）",
                f"{sku} @ {warehouse} was not changed: {en} ({figures})")


def _view(sku: str, warehouse: str, level: Level) -> LevelMoved:
    return LevelMoved(sku, warehouse, level.on_hand, level.reserved, level.allocated, level.safety, level.frozen,
                      level.free, level.is_oversold, level.set_aside)


def _tell(moved: LevelMoved) -> None:
    if screen.answer(moved):
        return
    screen.say(f"{moved.sku} @ {moved.warehouse}：现货 {moved.on_hand}，可售 {moved.free}",
               f"{moved.sku} @ {moved.warehouse}: {moved.on_hand} on hand, {moved.free} free")
    if moved.is_oversold:
        screen.say("注意：已超卖，请补货或取消订单。", "Oversold: restock or cancel orders.", style="red")
