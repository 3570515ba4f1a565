"""Sourcing over HTTP: why an order goes as it does, regions that carriers have stopped, rule sets beside each other."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.queries.deliverable import free_units, goods_asked
from orderloom.application.queries.routing import ArmList, Routing, StopList, arms_of, one_stop, routing_of, stops_of
from orderloom.application.recommend_delivery import DeliveryOption, DeliveryPlace, delivery_options
from orderloom.application.stop_carrier import StopView, StopWish, resume_carrier, stop_carrier
from orderloom.domain.distance import division_code
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

LINES_MAX, UNITS_MAX = 50, 1_000_000


class DeliveryOptions(msgspec.Struct, frozen=True):
    """The ways, best first; none where no warehouse has all of the goods, or none of the services goes there."""

    options: list[DeliveryOption]


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


@router.get("/delivery-options", **spoken(DeliveryOptions), summary="配送方式推荐 | How goods could come to a place")
async def recommend(
    desk: DeskHere, who: Reader, sku: Annotated[list[str], Query(min_length=1, max_length=LINES_MAX)],
    province: Annotated[str, Query(max_length=40)], city: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Before anything is sold: parcel, rider or counter, from which warehouse that has all of it, at what price, until
    when, best first. `sku` may be repeated, with units behind a colon: `sku=M-001:2`. It promises no stock."""
    units = _units_of(sku)
    if not division_code(province, city):
        raise Problem("wrong_value", f"province: 没有“{province}” | there is no {province}")
    directory = await desk.directory()
    async with desk.connect() as connection:
        goods, unknown = await goods_asked(connection, units)
        free = await free_units(connection, goods)
    if unknown:
        raise Problem("wrong_value", f"sku: 没有 {', '.join(unknown)[:200]} | there is no {', '.join(unknown)[:200]}")
    return reply(DeliveryOptions(delivery_options(
        directory, goods, free, DeliveryPlace(province, city), desk.hub.now())))


def _units_of(asked: list[str]) -> dict[str, int]:
    units: dict[str, int] = {}
    for one in asked:
        code, _, count = one.rpartition(":")
        is_counted = bool(code) and count.isascii() and count.isdigit()
        number = int(count) if is_counted and len(count) < 8 else 0 if is_counted else 1
        if not 1 <= number <= UNITS_MAX:
            raise Problem("wrong_value", f"sku: {one[:80]!r} 的数量应在 1 到 {UNITS_MAX} | from 1 to {UNITS_MAX} units")
        named = code if is_counted else one
        units[named] = units.get(named, 0) + number
    return units


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
