"""The audit: `audit verify | export | seal`. docs/audit.md describes what is proven, and the standalone verifier."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from orderloom.application.checkpoint import NotOurs, checkpoint
from orderloom.application.verify import Fault, Report
from orderloom.bootstrap.auditing import exported, keep_check, verify_all, verify_chains
from orderloom.bootstrap.hub import utc_now
from orderloom.entrypoints.cli.attach import actor, database, hub, run
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.settings import read_settings

app = group("审计：验证、导出、签章", "audit: verify, export, seal")
WORDS = {
    "changed": ("被改动", "changed"), "deleted": ("被删除", "deleted"), "reordered": ("被调换顺序", "reordered"),
    "cut_off": ("尾部被截断", "cut off"), "inserted": ("被插入", "inserted"), "rewritten": ("整链被重写", "rewritten"),
    "checkpoint_forged": ("检查点被伪造", "checkpoint forged"),
    "checkpoint_missing": ("检查点缺失", "checkpoint missing"),
    "differs": ("与日志不符", "not what the log says"), "unreadable": ("无法读取", "cannot be read"),
    "missing": ("所指不存在", "what it names is gone"),
}
SHOWN_MAX = 20
DEEP = ("并由日志重算订单、明细、包裹、资金、库存，核对收件人与原始报文 / "
        "refold orders, lines, parcels, money, stock; check receivers and vouchers")


class Verified(Report):
    """A verification of the log with its verdict."""

    is_whole: bool = False


class Exported(msgspec.Struct, frozen=True):
    """The file and how many lines it has."""

    file: str
    lines: int


class Sealed(msgspec.Struct, frozen=True):
    """How many events a checkpoint covers now that none did before."""

    sealed: int


@app.command("verify", help="逐条验证日志与检查点，退出码 0 完好、1 有改动 / exit 0: whole, 1: something was changed")
def verify(
    deep: Annotated[bool, typer.Option("--deep", help=DEEP)] = False,
) -> None:
    """Verify the whole log, and with --deep everything that follows from it."""
    report = run(lambda: _verify(deep))
    if not screen.answer(Verified(**msgspec.structs.asdict(report), is_whole=report.is_whole)):
        screen.say(f"订单 {report.orders}，事件 {report.events}；单据等 {report.subjects}，"
                   f"事件 {report.subject_events}；检查点 {report.checkpoints}，尚未签章 {report.unsealed}",
                   f"{report.orders} orders, {report.events} events; {report.subjects} documents and the like, "
                   f"{report.subject_events} events; {report.checkpoints} checkpoints, {report.unsealed} events not "
                   "sealed yet")
        _tell_cover(report)
        _tell(report.faults)
    if not report.is_whole:
        raise typer.Exit(1)


@app.command("export", help="导出日志供独立验证（.gz 则压缩）/ export the log for tools/verify_audit.py")
def export(file: Annotated[Path, typer.Argument(help="JSON-lines")]) -> None:
    """Export the log."""
    if file.exists():
        raise Stop(f"{file} 已存在。", f"{file} exists already.", code=2)
    count = run(lambda: _export(file))
    if not screen.answer(Exported(str(file), count)):
        screen.say(f"已导出 {count} 行到 {file}。验证：python tools/verify_audit.py {file}",
                   f"{count} lines written to {file}. Verify: python tools/verify_audit.py {file}")


@app.command("seal", help="立即签章尚未覆盖的事件（后台进程每 10 秒自动做）/ seal now what no checkpoint covers yet")
def seal() -> None:
    """Make a checkpoint now."""
    count = run(_seal)
    if not screen.answer(Sealed(count)):
        screen.say(f"已签章 {count} 条事件。", f"{count} events sealed.")


async def _verify(is_deep: bool) -> Report:
    settings, began = read_settings(), utc_now()
    with database(settings) as dsn:
        with screen.progress("验证事件", "Verifying events") as advance:
            report = await verify_chains(settings, dsn, advance)
        if is_deep:
            with screen.progress("核对数据", "Verifying what follows") as advance:
                await verify_all(settings, dsn, report, advance)
        await keep_check(dsn, report, actor(), began)
    return report


async def _export(file: Path) -> int:
    settings = read_settings()
    with database(settings) as dsn, screen.progress("导出", "Exporting") as advance:
        async with exported(settings, dsn) as lines:
            return await _write(file, lines, advance)


async def _write(file: Path, lines: AsyncIterator[bytes], advance: Any) -> int:
    """Write what comes; a half-written file does not stay under the final name."""
    draft = file.with_name(file.name + ".part")
    count = 0
    with gzip.open(draft, "wb") if file.suffix == ".gz" else draft.open("wb") as out:
        async for line in lines:
            out.write(line)
            count += 1
            if count % 5_000 == 0:
                advance(count, 0)
    draft.rename(file)
    return count


async def _seal() -> int:
    async with hub() as opened:
        try:
            return await checkpoint(opened.sealer())
        except NotOurs as strange:
            raise Stop(str(strange), str(strange)) from strange


def _tell_cover(report: Report) -> None:
    """What was looked at, and what was not."""
    if report.is_deep:
        screen.say(f"重算订单 {report.refolded}，库存 {report.levels}，原始报文 {report.vouchers}",
                   f"{report.refolded} orders refolded, {report.levels} stock levels, {report.vouchers} vouchers")
    else:
        screen.say("只验证了日志与台账；订单、库存等由日志推出的数据请加 --deep。",
                   "Only the log and the ledgers were verified: add --deep for what follows from them.")


def _tell(faults: list[Fault]) -> None:
    if not faults:
        screen.say("✓ 日志完好。", "✓ The log is whole.", style="green")
        return
    first = faults[0]
    zh, en = WORDS[first.why]
    where = f"{first.order or first.order_id} #{first.seq} {first.kind}" if first.order_id or first.order else (
        f"checkpoint {first.checkpoint}")
    if first.table and not first.seq:
        where = f"{first.table}.{first.field} {first.order or first.order_id}".strip(". ")
    screen.say(f"✗ 首个问题：{where} {zh}（{first.detail}）", f"✗ First fault: {where} {en} ({first.detail})",
               style="red")
    screen.table(
        {"问题": "Fault", "表": "Table", "字段": "Field", "编号": "Number", "序": "Seq", "事实": "Fact",
         "检查点": "Checkpoint", "说明": "Detail"},
        [(screen.words(*WORDS[f.why], between=" "), f.table, f.field, f.order or f.order_id, f.seq or "", f.kind,
          f.checkpoint or "", f.detail) for f in faults[:SHOWN_MAX]],
        title=f"{len(faults)}")
