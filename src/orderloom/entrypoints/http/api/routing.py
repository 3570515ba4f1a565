"""Sourcing over HTTP: why an order goes as it does, regions that carriers have stopped, rule sets beside each other."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.queries.routing import ArmList, Routing, StopList, arms_of, one_stop, routing_of, stops_of
from orderloom.application.stop_carrier import StopView, StopWish, resume_carrier, stop_carrier
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["orders"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
Stopper = Annotated[Caller, Depends(needs("orders:hold"))]


@router.get("/orders/{reference}/routing", **spoken(Routing, problems=(404, 409)),
            summary="选仓依据 | Why an order goes as it does")
async def show_routing(desk: DeskHere, who: Reader, reference: str) -> Response:
    """Every decision with its candidates, what each passed or failed, scores and rule version; by which service each
    work goes and what was promised; what became of it once all parcels have ended."""
    order_id = await desk.order_id(reference)
    warehouses = {w.id: w.code for w in (await desk.directory()).warehouses}
    async with desk.connect() as connection:
        return reply(await routing_of(connection, order_id, warehouses))


@router.get("/routing/arms", **spoken(ArmList), summary="规则分组对比 | Rule sets beside each other")
async def compare_arms(
    desk: DeskHere, who: Reader, days: Annotated[int, Query(ge=1, le=366)] = 30,
) -> Response:
    """What became of decisions of the last days, by arm and rule version: on time, cost, split, returned."""
    async with desk.connect() as connection:
        return reply(await arms_of(connection, desk.hub.now(), days))


@router.get("/carrier-stops", **spoken(StopList), summary="停运区域 | Regions that carriers have stopped")
async def list_stops(desk: DeskHere, who: Reader, in_force: bool = False) -> Response:
    """Stops that people told and that tracking showed, newest first; those of the calendar stand in the blueprint."""
    async with desk.connect() as connection:
        return reply(await stops_of(connection, in_force=in_force))


@router.post("/carrier-stops", **spoken(StopView, takes=StopWish, status=201), summary="停运 | Stop a carrier's region")
async def add_stop(request: Request, desk: DeskHere, who: Stopper) -> Response:
    """New orders go around it from now on; of works that are not out the promise moves, the channel is told where it
    can tell its buyer, and a case opens for each."""
    wish = await body_of(request, StopWish)
    return reply(await _shown(desk, await stop_carrier(desk.ports.stops, wish, who.actor, desk.hub.now())), 201)


@router.delete("/carrier-stops/{stop}", **spoken(StopView, problems=(404,)), summary="恢复 | Serve a region again")
async def end_stop(desk: DeskHere, who: Stopper, stop: str) -> Response:
    """New orders go there again. Promises that have moved stay as they are."""
    await resume_carrier(desk.ports.stops, stop, who.actor, desk.hub.now())
    return reply(await _shown(desk, stop.strip().upper()))


async def _shown(desk: Desk, number: str) -> StopView:
    async with desk.connect() as connection:
        found = await one_stop(connection, number)
    if found is None:
        raise not_found("停运", "stop", number)
    return found
