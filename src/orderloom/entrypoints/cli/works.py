"""Shipping by hand: `work list | pick | slip | picked | packed | out`, for warehouses without a system."""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
import typer

from orderloom.application.by_hand import report_of
from orderloom.application.commands import ConfirmWork, Outcome
from orderloom.application.directory import Directory
from orderloom.application.queries import paper
from orderloom.application.queries.labels import label_for
from orderloom.application.queries.sql import PAGE_ROWS_MAX, WrongCursor
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.queries.works import (
    STATES,
    WORKS_PICKED_MAX,
    HandPage,
    HandWork,
    PickList,
    list_works,
    pick_list,
    read_work,
)
from orderloom.bootstrap import Hub
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import actor, connection, doer, hub, run
from orderloom.entrypoints.cli.decisions import refuse
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.orders import region
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.refusals import words_of

app = group("手工发货：没有仓储系统的仓库", "shipping by hand: warehouses without a system")
Numbers = Annotated[list[str], typer.Argument(metavar="NO...", help="作业单号 / works' numbers")]
House = Annotated[str, typer.Option("--warehouse", help="仓库编码 / warehouse")]
Sheet = Annotated[bool, typer.Option("--csv", help="输出 CSV / print CSV")]
_UNITS = re.compile(r"[1-9][0-9]{0,8}")
WORDS = {
    "to_pick": Words("待拣货", "to pick"), "picked": Words("已拣货", "picked"), "packed": Words("已打包", "packed"),
    "out": Words("已出库", "out"), "cancelled": Words("已取消", "cancelled"),
}


class WorkAnswer(msgspec.Struct, frozen=True):
    """What became of a person's word on one work; `particulars` explain a refusal."""

    number: str
    is_done: bool
    is_known: bool
    refusal: str
    particulars: dict[str, str] = msgspec.field(name="facts")


class Told(msgspec.Struct, frozen=True):
    """What became of each."""

    works: list[WorkAnswer]


class Slips(msgspec.Struct, frozen=True):
    """Packing slips."""

    works: list[HandWork]


@app.command("list", help="要发的作业单，先来的在前 / works to ship, oldest order first")
def list_command(
    warehouse: House = "", state: Annotated[str, typer.Option(help=" | ".join(STATES))] = "open",
    limit: Annotated[int, typer.Option(min=1, max=PAGE_ROWS_MAX)] = 50, after: str = "",
) -> None:
    """List works."""
    if state not in STATES:
        raise Stop(f"--state 只能是 {'、'.join(STATES)}。", f"--state is one of {', '.join(STATES)}.", code=2)
    page = run(lambda: _list(warehouse, state, limit, after))
    if screen.answer(page):
        return
    screen.table(
        {"作业单": "Work", "仓库": "Warehouse", "状态": "State", "挂起": "Held", "商品": "Goods", "收货人": "Receiver",
         "地区": "Region", "运单": "Waybills", "下发": "Since"},
        [(w.number, w.warehouse, screen.called(WORDS[w.state]), "✓" if w.is_held else "",
          "; ".join(f"{line.sku} × {line.quantity}" for line in w.lines),
          screen.called(names.DAMAGED) if w.receiver.is_damaged else w.receiver.name,
          region(w.receiver), " ".join(b.waybill or "?" for b in w.boxes), w.created_at)
         for w in page.works])
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@app.command("pick", help="拣货单：所选作业单，或所有待拣货的 / pick list: of these works, or of all to pick")
def pick_command(
    numbers: Annotated[list[str] | None, typer.Argument(metavar="NO...", help="作业单号 / works' numbers")] = None,
    warehouse: House = "", is_sheet: Sheet = False,
) -> None:
    """Print the pick list."""
    found = run(lambda: _pick(numbers or [], warehouse))
    if not screen.answer(found):
        _print(paper.pick_csv(found) if is_sheet else paper.pick_text(found, _say))


@app.command("slip", help="装箱单；带 --reason 显示收货人并记录 / packing slips; --reason shows receivers")
def slip_command(
    numbers: Numbers, is_sheet: Sheet = False,
    reason: Annotated[str, typer.Option("--reason", help="为什么要看收货人 / why receivers have to be seen")] = "",
) -> None:
    """Print packing slips."""
    found = run(lambda: _slips(numbers, reason.strip()))
    if not screen.answer(found):
        _print(paper.slip_csv(found.works) if is_sheet else "\n".join(paper.slip_text(w, _say) for w in found.works))


@app.command("picked", help="已拣货 / the goods are off the shelf")
def picked_command(numbers: Numbers) -> None:
    """Report works picked."""
    _report(numbers, "picked")


@app.command("packed", help="已打包 / the goods are in their box")
def packed_command(numbers: Numbers) -> None:
    """Report works packed."""
    _report(numbers, "packed")


@app.command("out", help=(
    "出库；运单可后补，可更正 / the goods left; the waybill may follow, and be corrected\n\n"
    "一张作业单分几箱：每箱一次，用 --line 写明这箱里的商品；多张作业单合一个包裹：同时给出它们的编号。 / "
    "One work in several boxes: once for each, --line says what is in it. Several works in one parcel: name them all."))
def out_command(
    numbers: Numbers,
    waybill: Annotated[str, typer.Option("--waybill", help="运单号 / waybill")] = "",
    carrier: Annotated[str, typer.Option("--carrier", help="承运商，如 顺丰 / carrier, such as SF")] = "",
    line: Annotated[list[str] | None, typer.Option("--line", help="SKU=数量，只装这些 / SKU=UNITS in this box")] = None,
    instead_of: Annotated[str, typer.Option("--instead-of", help="被更正的运单号 / the waybill to correct")] = "",
    reason: Annotated[str, typer.Option("--reason", help="原因，写入审计 / why, for the audit")] = "",
) -> None:
    """Report works out."""
    units = units_of(line or [])
    if (units or instead_of) and len(numbers) > 1:
        raise Stop("--line 和 --instead-of 只用于一张作业单。", "--line and --instead-of are for one work.", code=2)
    _report(numbers, "out", waybill, carrier, units, instead_of, reason)


def _report(
    numbers: list[str], step: str, waybill: str = "", carrier: str = "", units: dict[str, int] | None = None,
    instead_of: str = "", reason: str = "",
) -> None:
    if len(numbers) > WORKS_PICKED_MAX:
        raise Stop(f"一次最多 {WORKS_PICKED_MAX} 张作业单。", f"At most {WORKS_PICKED_MAX} works in one go.", code=2)
    outcomes = run(lambda: _handle(numbers, step, waybill, carrier, units or {}, instead_of, reason))
    told = Told([
        WorkAnswer(number, not o.refusal, "moot" in o.particulars, o.refusal, o.particulars if o.refusal else {})
        for number, o in zip(numbers, outcomes, strict=True)])
    if not screen.answer(told):
        for one in told.works:
            _tell(one, WORDS[step])
    if not all(one.is_done for one in told.works):
        raise typer.Exit(1)


def _tell(one: WorkAnswer, step: Words) -> None:
    if one.is_done:
        before = Words("（此前已报）", " (known before)") if one.is_known else Words("", "")
        screen.say(f"{one.number}：{step.zh}{before.zh}", f"{one.number} is {step.en}{before.en}.")
        return
    words = words_of(one.refusal, one.particulars) or Words(one.refusal, one.refusal)
    screen.note(f"{one.number} 没有执行（{one.refusal}）：{words.zh}",
                f"{one.number} not done ({one.refusal}): {words.en}", style="red")


def units_of(given: list[str]) -> dict[str, int]:
    """Units by SKU as `SKU=UNITS` tells them."""
    units: dict[str, int] = {}
    for text in given:
        sku, _, count = text.rpartition("=")
        if not sku or not _UNITS.fullmatch(count):
            raise Stop(f"--line 写成 SKU=数量，例如 M-001=2，不是“{text}”。",
                       f'--line is SKU=UNITS, such as M-001=2, not "{text}".', code=2)
        units[sku] = units.get(sku, 0) + int(count)
    return units


def _say(zh: str, en: str) -> str:
    return screen.words(zh, en, between=" ")


def _print(text: str) -> None:
    """Text for a printer or a file: as it is, with no colour and no folding."""
    print(text, end="", flush=True)


async def _handle(
    numbers: list[str], step: str, waybill: str, carrier: str, units: dict[str, int], instead_of: str, reason: str,
) -> list[Outcome]:
    async with hub() as opened:
        bought = await _bought(opened, numbers) if step == "out" and not (waybill or instead_of) else {}
        reports = []
        for number in numbers:
            own, by = bought.get(number, (waybill, carrier))
            reports.append(report_of(number, step, opened.now(), waybill=own, carrier=by, units=units, reason=reason))
        wrong = next((r for r in reports if isinstance(r, Refusal)), None)
        if wrong is not None:
            return [Outcome(refusal=wrong.code, particulars=wrong.particulars) for _ in numbers]
        return await opened.handle([
            ConfirmWork(actor=doer(), account_id=None, report=r, instead_of=instead_of)
            for r in reports if not isinstance(r, Refusal)])


async def _bought(opened: Hub, numbers: list[str]) -> dict[str, tuple[str, str]]:
    """Waybill and carrier by work, where a label was bought for the next box."""
    async with opened.ports.reading() as one:
        found = {number: await label_for(one, number) for number in numbers}
    return {number: label for number, label in found.items() if label is not None}


async def _list(warehouse: str, state: str, limit: int, after: str) -> HandPage:
    async with connection() as (opened, one):
        house = _house(await opened.directory(), warehouse)
        try:
            return await list_works(one, opened.vault.show_receiver, warehouse_id=house, state=state, cursor=after,
                                    limit=limit)
        except WrongCursor as error:
            raise Stop("--after 不是上一页给出的位置。", "--after is not a place that the last page gave.",
                       code=2) from error


async def _pick(numbers: list[str], warehouse: str) -> PickList:
    async with connection() as (opened, one):
        house = _house(await opened.directory(), warehouse)
        found = await pick_list(one, numbers=numbers, warehouse_id=house)
    if isinstance(found, Refusal):
        refuse(Outcome(refusal=found.code, particulars=found.particulars))
        raise AssertionError(found.code)
    return found


async def _slips(numbers: list[str], reason: str) -> Slips:
    async with hub() as opened:
        found: list[HandWork] = []
        for number in numbers[:WORKS_PICKED_MAX]:
            async with opened.ports.reading() as one:
                work = await read_work(one, number, opened.vault.show_receiver, is_clear=False)
                if work is None:
                    raise unknown("手工作业单", "work done by hand", number, [])
                if reason:  # that it is seen is written down first
                    await opened.ports.access.unmasked(actor(), work.order_id, reason)
                    work = await read_work(one, number, opened.vault.show_receiver, is_clear=True)
                    assert work is not None
            found.append(work)
        return Slips(found)


def _house(directory: Directory, code: str) -> int | None:
    Vocabulary(directory).check(warehouse=code)
    return next((w.id for w in directory.warehouses if w.code == code), None)
