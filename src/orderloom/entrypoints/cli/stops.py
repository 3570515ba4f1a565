"""Carriers' regions: `stop list | add | end` - new orders go around them, promises move."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
import typer

from orderloom.application.queries.routing import StopList, one_stop, stops_of
from orderloom.application.stop_carrier import StopView, StopWish, resume_carrier, stop_carrier
from orderloom.domain.carriers import name
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.frame import group, written
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("停运：快递不通的区域", "stops: regions that a carrier does not serve")
Instant = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"],
                                                  help="例 / like 2026-11-11T00:00:00+0800")]


@app.command("list", help="停运区域，新的在前 / stops, newest first")
def list_command(
    in_force: Annotated[bool, typer.Option("--in-force", help="只看生效中的 / those in force")] = False,
) -> None:
    """List stops."""
    found = run(lambda: _list(in_force))
    if not screen.answer(found):
        _table(found.stops)


@app.command("add", help="停运一个区域：新订单绕开，承诺改期 / stop a region: new orders go around it")
def add_command(
    region: Annotated[str, typer.Argument(metavar="REGION", help="省、市或其代码 / a province, city or its code")],
    reason: Annotated[str, typer.Option("--reason", callback=written, help="原因 / why")],
    carrier: Annotated[str, typer.Option(help="快递公司，空为全部 / carrier, empty: every one")] = "",
    begins: Instant = None, ends: Instant = None,
) -> None:
    """Stop a region."""
    try:
        wish = msgspec.convert({"region": region, "reason": reason, "carrier": carrier, "begins_at": begins,
                                "ends_at": ends}, StopWish)
    except msgspec.ValidationError as error:
        raise Stop(f"参数不对：{error}。", f"Not so: {error}.", code=2) from error
    found = run(lambda: _add(wish))
    if not screen.answer(found):
        _table([found])


@app.command("end", help="恢复 / serve the region again")
def end_command(number: Annotated[str, typer.Argument(metavar="NO", help="停运号 / the stop's number")]) -> None:
    """End a stop."""
    found = run(lambda: _end(number))
    if not screen.answer(found):
        _table([found])


def _table(stops: list[StopView]) -> None:
    screen.table({"编号": "Number", "快递": "Carrier", "区域": "Region", "开始": "From", "结束": "Until",
                  "原因": "Reason", "来源": "Source", "已结束": "Ended"},
                 [(s.number, name(s.carrier) or "*", s.region, s.begins_at, s.ends_at, s.reason, s.source, s.ended_at)
                  for s in stops])


async def _list(in_force: bool) -> StopList:
    async with connection() as (_, one):
        return await stops_of(one, in_force=in_force)


async def _add(wish: StopWish) -> StopView:
    async with hub() as opened:
        number = await stop_carrier(opened.ports.stops, wish, actor(), opened.now())
        async with opened.ports.reading() as one:
            found = await one_stop(one, number)
    assert found is not None
    return found


async def _end(number: str) -> StopView:
    async with hub() as opened:
        await resume_carrier(opened.ports.stops, number, actor(), opened.now())
        async with opened.ports.reading() as one:
            found = await one_stop(one, number.strip().upper())
    assert found is not None
    return found
