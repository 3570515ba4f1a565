"""Boards of figures over HTTP: orders, value, lag, cases, shipping, by time or by place, against the period before."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT, Rows
from orderloom.application.queries import insight as read
from orderloom.application.queries.insight_recovery import BOARD, read_recovery_board
from orderloom.domain.money import format_minor
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Text, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import as_seen, reply, spoken

router = APIRouter(prefix="/api/v1/insight", tags=["insight"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
BoardName = Literal["overview", "orders", "sync", "cases", "recovery", "shipping"]
UNITS = {"count": "", "seconds": "s", "permille": "%"}
DAYS_SHOWN = 30
"""The span that is shown when none is named."""
Day = Annotated[date | None, Query()]


@router.get("/{board}", **spoken(read.FigureBoard), summary="洞察 | Figures against the period before")
async def show_board(
    desk: DeskHere, who: Reader, board: BoardName, by: read.By = "day",
    since: Annotated[date | None, Query(alias="from")] = None, to: Day = None, channel: Text = "", account: Text = "",
    warehouse: Text = "", form: Literal["json", "csv"] = "json",
) -> Response:
    """Days are the seller's, `to` included. `form=csv` gives what is shown, for a spreadsheet."""
    asked = _seen(await _asked(desk, board, by, since, to, channel, account, warehouse))
    found = await (_recovery(desk, asked) if board == BOARD else _figures(desk, asked))
    if form == "csv":
        name = f"orderloom-{board}-{asked.since}-{asked.until - timedelta(days=1)}.csv"
        return Response("\ufeff" + _csv(as_seen(found)), media_type="text/csv; charset=utf-8",
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})
    return reply(found)


async def _figures(desk: Desk, asked: read.FigureQuestion) -> read.FigureBoard:
    async with desk.connect() as connection:
        return await read.read_board(connection, asked, desk.hub.now())


async def _recovery(desk: Desk, asked: read.FigureQuestion) -> read.FigureBoard:
    """It is added up from the cases themselves, so what was found is kept for those who ask the same."""

    async def ask() -> read.FigureBoard:
        async with desk.connect() as connection:
            return await read_recovery_board(connection, asked, desk.hub.settings.business_zone, desk.hub.now())

    return await desk.kept.get(("recovery", asked), ask)


async def _asked(
    desk: Desk, board: str, by: read.By, since: date | None, to: date | None, channel: str, account: str,
    warehouse: str,
) -> read.FigureQuestion:
    """The span and the places that are meant. Raises Problem, UnknownWord."""
    directory = await desk.directory()
    await desk.check(channel=channel, account=account, warehouse=warehouse)
    last = to or desk.hub.now().astimezone(ZoneInfo(directory.business_zone)).date()
    first = since or last - timedelta(days=DAYS_SHOWN - 1)
    until = last + timedelta(days=1)
    if first >= until:
        raise Problem("wrong_value", "from：不能晚于 to | from: must not lie after to")
    if most := read.days_refused(by, first, until):
        raise Problem("wrong_value", f"from：这样看最多 {most} 天，请缩短时间或改为按周、按月 | "
                                     f"from: {most} days at most are shown so: choose less, or weeks or months")
    accounts = None if not (channel or account) else tuple(
        a.id for a in directory.accounts.values()
        if (not channel or a.connector == channel) and (not account or a.code == account))
    warehouses = None if not warehouse else tuple(w.id for w in directory.warehouses if w.code == warehouse)
    return read.FigureQuestion(board, by, first, until, accounts, warehouses)


def _seen(asked: read.FigureQuestion) -> read.FigureQuestion:
    """The question as far as the caller sees. Raises Problem where figures by day cannot be told apart so far."""
    sight = SIGHT.get()
    rows = sight.rows or Rows()
    if rows.provinces is not None or rows.of_goods:
        raise Problem("not_allowed", "汇总不分省份和商品，只看得到一部分的角色看不了；请找管理员 | "
                                     "figures are not told by province or SKU: ask an administrator")
    return msgspec.structs.replace(
        asked, accounts=_both(asked.accounts, rows.accounts), warehouses=_both(asked.warehouses, rows.warehouses),
        has_money=sight.sees("paid"))


def _both(asked: tuple[int, ...] | None, seen: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """What is asked for and may be seen; None: everything."""
    if asked is None or seen is None:
        return seen if asked is None else asked
    return tuple(one for one in asked if one in seen)


def _csv(board: read.FigureBoard) -> str:
    """The charts one below the other, money in whole units of its currency, shares in percent."""
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(("figure", "unit", board.by, "now", "before"))
    for chart in board.charts:
        unit = chart.currency or UNITS[chart.unit]
        out.writerows((chart.name, unit, p.part, _cell(p.now, chart), _cell(p.before, chart)) for p in chart.points)
    return written.getvalue()


def _cell(number: int | None, chart: read.Chart) -> str:
    if number is None:
        return ""
    if chart.unit == "money":
        return format_minor(number, chart.currency)
    return str(number / 10) if chart.unit == "permille" else str(number)
