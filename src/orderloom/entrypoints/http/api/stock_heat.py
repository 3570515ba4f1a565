"""The heat map of sales over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT, Rows
from orderloom.application.queries.sku_filter import SkuFilter
from orderloom.application.queries.stock_heat import HeatBy, HeatMap, HeatOrder, HeatQuestion, heat_map
from orderloom.entrypoints.http.kit.guard import DeskHere, Text, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1/stock", tags=["stock"])
Reader = Annotated[Caller, Depends(needs("stock:read"))]
Group = Annotated[int | None, Query(ge=0, le=2_000_000_000, description="id of a group of goods; 0: in none")]


@router.get("/heat", **spoken(HeatMap), summary="热度图 | Units by SKU and hour or day")
async def show_heat(
    desk: DeskHere, who: Reader, by: HeatBy = "hour", order: HeatOrder = "best", q: Text = "",
    category: Group = None, account: Text = "", warehouse: Text = "",
) -> Response:
    """The 50 SKUs that sold most, or least of those with stock: hours of the last 24, or days of the last 28.

    With `warehouse`, or for whoever sees some warehouses alone, by the hour in which the work went there."""
    await desk.check(account=account, warehouse=warehouse)
    directory = await desk.directory()
    goods = SkuFilter(q.strip(), category=category)
    accounts = None if not account else tuple(a.id for a in directory.accounts.values() if a.code == account)
    houses = None if not warehouse else tuple(w.id for w in directory.warehouses if w.code == warehouse)
    asked = _seen(HeatQuestion(by, order, goods, accounts, houses))

    async def ask() -> HeatMap:
        async with desk.connect() as connection:
            return await heat_map(connection, asked, directory.business_zone, desk.hub.now())

    return reply(await desk.kept.get(("heat", asked, SIGHT.get().rows), ask))


def _seen(asked: HeatQuestion) -> HeatQuestion:
    """The question as far as the caller sees; the rows themselves are narrowed besides. Raises Problem."""
    rows = SIGHT.get().rows or Rows()
    if rows.provinces is not None:
        raise Problem("not_allowed", "汇总不分省份，只看得到一部分省份的角色看不了；请找管理员 | "
                                     "sales are not told by province: ask an administrator")
    houses = rows.warehouses if asked.warehouses is None else asked.warehouses
    return msgspec.structs.replace(asked, warehouses=houses)
