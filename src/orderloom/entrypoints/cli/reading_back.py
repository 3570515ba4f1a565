"""`accounts read CODE WHAT`: what a platform says of its stock, or of a day, beside what the hub knows."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from orderloom.application.not_kept import NotKept
from orderloom.application.read_back import ReadBack, read_back
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.screen import Stop, screen

Code = Annotated[str, typer.Argument(metavar="CODE", help="账号代码，如 WD01 / the account's code")]
What = Annotated[str, typer.Argument(metavar="WHAT", help="读什么，如 stock、outbound / what is read")]
Day = Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="哪一天；空为最近 24 小时 / of a day")]
Keep = Annotated[bool, typer.Option("--keep", help="读到的也入库处理 / what is read is landed too")]
SHOWN_MAX = 50


def read_command(code: Code, what: What, day: Day = "", keep: Keep = False) -> None:
    """Read it and show the stock that it tells of; nothing is changed unless it is kept."""
    try:
        of_day = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise Stop(f"“{day}”不是日期，应为 YYYY-MM-DD。", f'"{day}" is no date: YYYY-MM-DD.', code=2) from error
    done = run(lambda: _read(code.upper(), what, of_day, keep))
    if not screen.answer(done):
        _tell(done)


async def _read(code: str, what: str, day: date | None, keep: bool) -> ReadBack:
    async with hub() as opened:
        try:
            return await read_back(opened, code, what, day, is_kept=keep)
        except NotKept as error:
            raise Stop(f"{error.zh}。", f"{error.en}.") from error


def _tell(done: ReadBack) -> None:
    screen.say(f"{done.account} {done.what}：{done.messages} 条，{done.unreadable} 条读不出，入库 {done.landed} 条。",
               f"{done.account} {done.what}: {done.messages} messages, {done.unreadable} unreadable, "
               f"{done.landed} landed.")
    if done.figures:
        screen.table({"仓库": "warehouse", "SKU": "SKU", "数量": "quantity", "含义": "meaning"},
                     [(one.warehouse, one.sku, one.quantity, one.meaning) for one in done.figures[:SHOWN_MAX]])
    if done.figures_in_all > SHOWN_MAX:
        screen.note(f"共 {done.figures_in_all} 条，只显示 {SHOWN_MAX} 条；全部请加 --json。",
                    f"{done.figures_in_all} in all, {SHOWN_MAX} are shown; --json gives all.")
