"""Works that leave in one parcel: `work merge | part`, and one in two: `work split`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from orderloom.application.queries.together import open_beside
from orderloom.application.work_commands import MergeWorks, PartWork, SplitWork
from orderloom.domain.merge import WORKS_MAX
from orderloom.entrypoints.cli.attach import doer, hub, run
from orderloom.entrypoints.cli.boxes import app
from orderloom.entrypoints.cli.decisions import refuse
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.works import units_of

Numbers = Annotated[list[str], typer.Argument(metavar="NO...", help="作业单号，两张以上 / two works or more")]
Reason = Annotated[str, typer.Option("--reason", help="原因，写入记录 / why, for the log")]


class SplitTold(msgspec.Struct, frozen=True):
    """The works of the order that are open now; `work` is called back."""

    work: str
    works: list[str]


class MergeTold(msgspec.Struct, frozen=True):
    """What became of it: the merge's number, empty when the work goes by itself; `is_known`: it was so before."""

    works: list[str]
    merge: str
    is_known: bool


@app.command("merge", help="合单：几张作业单一个包裹、一张面单 / several works, one parcel and one label")
def merge(numbers: Numbers) -> None:
    """Let works leave in one parcel."""
    works = tuple(dict.fromkeys([number.strip() for number in numbers]))
    if len(works) > WORKS_MAX:
        raise Stop(f"一个包裹最多 {WORKS_MAX} 张作业单。", f"At most {WORKS_MAX} works share a parcel.", code=2)
    told = run(lambda: _ask(list(works), MergeWorks(actor=doer(), works=works)))
    if not screen.answer(told):
        screen.say(f"✓ {len(works)} 张作业单合为一个包裹（{told.merge}）",
                   f"✓ {len(works)} works leave in one parcel ({told.merge})")


@app.command("part", help="拆开合单：这张单独发 / let a work leave its merge")
def part(number: Annotated[str, typer.Argument(metavar="NO", help="作业单号 / the work")], reason: Reason = "") -> None:
    """Let a work go by itself."""
    command = PartWork(actor=doer(), work_no=number.strip(), reason=reason.strip()[:500])
    told = run(lambda: _ask([command.work_no], command))
    if not screen.answer(told):
        screen.say(f"✓ 作业单 {command.work_no} 单独发货", f"✓ Work {command.work_no} goes by itself")


@app.command("split", help="拆单：这些商品单独一个包裹 / these units leave in a parcel of their own")
def split(
    number: Annotated[str, typer.Argument(metavar="NO", help="作业单号 / the work")],
    line: Annotated[list[str], typer.Option("--line", help="SKU=数量，拆出去的 / SKU=UNITS that leave it")],
    reason: Reason = "",
) -> None:
    """Split a work over two parcels."""
    told = run(lambda: _split(SplitWork(
        actor=doer(), work_no=number.strip(), units=units_of(line), reason=reason.strip()[:500])))
    if not screen.answer(told):
        screen.say(f"✓ 作业单 {number} 已拆成：{'、'.join(told.works)}",
                   f"✓ Work {number} is split: {', '.join(told.works)}")


async def _split(command: SplitWork) -> SplitTold:
    async with hub() as opened:
        (outcome,) = await opened.handler.handle([command])
        refuse(outcome)
        async with opened.ports.reading() as one:
            return SplitTold(command.work_no, await open_beside(one, command.work_no))


async def _ask(works: list[str], command: MergeWorks | PartWork) -> MergeTold:
    async with hub() as opened:
        (outcome,) = await opened.handler.handle([command])
    refuse(outcome)
    return MergeTold(works, outcome.particulars.get("merge", ""), "moot" in outcome.particulars)
