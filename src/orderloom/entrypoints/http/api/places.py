"""Warehouses and carriers over HTTP as they stand today: what waits there, what was bought of whom."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.queries.places import (
    CarrierStandings,
    WarehouseStandings,
    list_carrier_standings,
    list_warehouse_standings,
)
from orderloom.domain.carriers import CARRIERS
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1", tags=["catalogue"])
Reader = Annotated[Caller, Depends(needs("skus:read"))]
OfAccounts = Annotated[Caller, Depends(needs("accounts:read"))]
TITLES = {one.code: Words(one.zh, one.en) for one in CARRIERS}


@router.get("/warehouses/standing", **spoken(WarehouseStandings), summary="仓库现状 | How warehouses stand")
async def warehouses(desk: DeskHere, who: Reader) -> Response:
    """Each with its system, the orders that wait there, today's works against its capacity, and what lies there."""
    today = desk.hub.now().astimezone(ZoneInfo(desk.hub.settings.business_zone)).date()
    async with desk.connect() as connection:
        return reply(await list_warehouse_standings(connection, today))


@router.get("/carriers", **spoken(CarrierStandings), summary="承运商 | Carriers")
async def carriers(desk: DeskHere, who: OfAccounts) -> Response:
    """Each account of a carrier: what it can, the labels bought of it, what waits for it, the parcels under way."""
    async with desk.connect() as connection:
        return reply(await list_carrier_standings(
            connection, desk.hub.manifests, TITLES, desk.hub.now()))
