"""`accounts read CODE WHAT`: what a platform says of stock, listings, or a day, and where the hub knows otherwise."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from orderloom.application.not_kept import NotKept
from orderloom.application.read_back import DAYS_MAX, ROWS_MAX, ReadBack, ReadWish, read_back
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.screen import Stop, screen

Code = Annotated[str, typer.Argument(metavar="CODE", help="账号代码，如 WD01 / the account's code")]
What = Annotated[str, typer.Argument(metavar="WHAT", help="listings 在售库存、stock 仓库库存、outbound 某日出库、"
                                     "ratings 评价 / what is read: listings, stock, outbound, ratings")]
Day = Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="哪一天；空为最近 24 小时 / of a day")]
Days = Annotated[int, typer.Option("--days", min=1, max=DAYS_MAX, help="或最近几天 / or of the last days")]
Keep = Annotated[bool, typer.Option("--keep", help="读到的也入库处理 / what is read is landed too")]
All = Annotated[bool, typer.Option("--all", help="一致的也列出 / what agrees is listed too")]
After = Annotated[str, typer.Option("--after", help="上一页的 next / the `next` of the page before")]
SHOWN_MAX = 50
COLUMNS = {"编号": "about", "位置": "place", "结论": "verdict", "平台": "theirs", "本系统": "ours", "备注": "note"}
VERDICTS = {"same": "一致 / agree", "differs": "不同 / differs", "only_there": "只在平台 / only there",
            "only_here": "只在本系统 / only here", "unknown": "本系统不认识 / unknown here"}


def read_command(
    code: Code, what: What, day: Day = "", days: Days = 1, keep: Keep = False, is_all: All = False, after: After = "",
) -> None:
    """Read it and show where the hub knows otherwise; nothing is changed unless it is kept."""
    try:
        of_day = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise Stop(f"“{day}”不是日期，应为 YYYY-MM-DD。", f'"{day}" is no date: YYYY-MM-DD.', code=2) from error
    asked = ReadWish(what, of_day, days, is_kept=keep, is_all=is_all, limit=ROWS_MAX, after=after)
    done = run(lambda: _read(code.upper(), asked))
    if not screen.answer(done):
        _tell(done)


async def _read(code: str, asked: ReadWish) -> ReadBack:
    async with hub() as opened:
        try:
            return await read_back(opened, opened.ports.known, code, asked)
        except NotKept as error:
            raise Stop(f"{error.zh}。", f"{error.en}.") from error


def _tell(done: ReadBack) -> None:
    screen.say(f"{done.account} {done.what}：{done.messages} 条，{done.unreadable} 条读不出，入库 {done.landed} 条。",
               f"{done.account} {done.what}: {done.messages} messages, {done.unreadable} unreadable, "
               f"{done.landed} landed.")
    if not done.is_whole:
        screen.note("平台内容过多，只读了一部分。", "There is more than was read: it ended at a bound.")
    if done.counts:
        told = "，".join(f"{VERDICTS[name]} {count}" for name, count in sorted(done.counts.items()))
        screen.say(f"对照：{told}。", "Compared with what the hub knows.")
    if done.rows:
        screen.table(COLUMNS,
                     [(one.about, one.place, VERDICTS[one.verdict], _number(one.theirs), _number(one.ours), one.note)
                      for one in done.rows[:SHOWN_MAX]])
    if done.ratings:
        screen.table({"订单": "order", "SKU": "SKU", "评分": "stars", "时间": "at"},
                     [(one.order or one.order_external_id, one.sku, one.stars, one.at)
                      for one in done.ratings[:SHOWN_MAX]])
    if max(len(done.rows), len(done.ratings)) > SHOWN_MAX:
        screen.note(f"只显示前 {SHOWN_MAX} 条；全部请加 --json。",
                    f"The first {SHOWN_MAX} are shown; --json gives all.")


def _number(units: int | None) -> str:
    return "" if units is None else str(units)
