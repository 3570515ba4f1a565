"""Carrier region stops at 14:00 in the rehearsed world: orders go around it, promises change, customers are told."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from time import monotonic
from typing import Any

from orderloom.adapters.channels.own_site.rehearsal import CREDENTIALS
from orderloom.adapters.channels.own_site.simulator import Simulator, external_id
from orderloom.application.queries.routing import Routing, arms_of, routing_of, stops_of
from orderloom.application.stop_carrier import StopWish, resume_carrier, stop_carrier
from orderloom.blueprint.sourcing import StopRule
from orderloom.domain.order import Order
from orderloom.testing.builders import a_purchase
from tests.support.carried import carried
from tests.support.stage import Stage, spare

CHINA = timezone(timedelta(hours=8))
SECONDS_MAX = 5


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CHINA)


class Site:
    """A seller's own site, which can tell its buyers."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.platform = Simulator(CREDENTIALS, stage.clock, {})
        stage.apps["site"] = self.platform.app

    async def open(self, **sourcing: Any) -> None:
        await self.stage.account("OS01", "channels", "own_site", "Asia/Shanghai", "/site/hooks/orderloom",
                                 credentials=CREDENTIALS, is_pulled=False)
        await carried(self.stage, **sourcing)

    async def sells(self, n: int) -> Order:
        """An order for Hangzhou, paid, and all that follows at once."""
        found = a_purchase(external_id(n), self.stage.clock(), lines=[spare("M-001", 1)], freight=0, discount=0)
        self.platform.place(found)
        push = self.platform.news(external_id(n), "order.created")
        await self.stage.land("OS01", "order.created", push.body)
        await self.stage.settle()
        return await self.stage.order(external_id(n))

    async def routing(self, n: int) -> Routing:
        directory = await self.stage.hub.directory()
        order = await self.stage.order(external_id(n))
        async with self.stage.hub.pool.connection() as connection:
            return await routing_of(connection, order.id, {w.id: w.code for w in directory.warehouses})


async def _house(site: Site, order: Order) -> str:
    (work,) = order.works
    return (await site.stage.hub.directory()).warehouse(work.warehouse_id).code


async def test_at_14_00_the_region_stops_and_no_order_waits_nobody_is_left_with_a_wrong_promise(stage: Stage) -> None:
    site = Site(stage)
    await site.open()
    stage.clock.set(at(21, 13, 30))
    before = await site.sells(1)
    assert await _house(site, before) == "HZ01" and before.works[0].promised_at == at(22, 23, 59)

    stage.clock.set(at(21, 14))
    began = monotonic()
    number = await stop_carrier(stage.hub.ports.stops, StopWish("浙江省", "暴雪 snow", "中通"), "li", stage.clock())
    after = await site.sells(2)
    assert monotonic() - began < SECONDS_MAX
    assert await _house(site, after) == "SH01" and after.works[0].promised_at == at(23, 23, 59)

    why = (await site.routing(2)).decisions[0]
    looked = {one.warehouse: one for one in why.candidates}
    assert looked["HZ01"].verdict == "stopped" and looked["HZ01"].services[0].stop == number
    assert looked["SH01"].verdict == "chosen" and looked["SH01"].services[0].cost == 400
    assert why.rule.startswith("default@")

    assert await stage.steps["meet_stops"]() > 0
    await stage.settle()
    moved = await site.routing(1)
    assert [(p.was, p.promised_at, p.stop) for p in moved.promises] == [
        (None, at(22, 23, 59), ""), (at(22, 23, 59), at(25, 23, 59), number)]
    assert moved.stops[0].reason == "暴雪 snow" and moved.stops[0].region == "浙江省"
    assert [(x["order"], x["reason"]) for x in site.platform.promises] == [(external_id(1), "carrier_stopped")]
    assert [kind for kind in await stage.kinds() if kind == "carrier_stopped"] == ["carrier_stopped"]

    assert await stage.steps["meet_stops"]() == 0, "each is met once, and told once"
    await resume_carrier(stage.hub.ports.stops, number, "li", stage.clock())
    assert await _house(site, await site.sells(3)) == "HZ01"


async def test_an_unpaid_order_moves_when_it_is_paid_and_each_decision_learns_what_became_of_it(stage: Stage) -> None:
    site = Site(stage)
    await site.open()
    unpaid = a_purchase(external_id(1), stage.clock(), lines=[spare("M-001", 1)], freight=0, discount=0, paid_at=None)
    site.platform.place(unpaid)
    await stage.land("OS01", "order.created", site.platform.news(external_id(1), "order.created").body)
    await stage.settle()
    assert (await stage.held("M-001"))[1] == 1, "reserved in Hangzhou"
    number = await stop_carrier(stage.hub.ports.stops, StopWish("3301", "flood", "zto"), "li", stage.clock())
    site.platform.pay(external_id(1), stage.clock.forward(60))
    await stage.land("OS01", "order.updated", site.platform.news(external_id(1), "order.updated").body)
    await stage.settle()
    assert await _house(site, await stage.order(external_id(1))) == "SH01"
    assert (await stage.held("M-001"))[1:] == (0, 0), "what was reserved in Hangzhou is free again"
    open_ones = [one.warehouse for one in (await site.routing(1)).decisions[-1].candidates if one.verdict != "stopped"]
    assert set(open_ones) <= {"SH01", "NJ01", "GZ01"}, "the three nearest that can go on"

    await resume_carrier(stage.hub.ports.stops, number, "li", stage.clock())
    order = await site.sells(2)
    await stage.wait(1_800, step=120)
    assert (await stage.order(external_id(2))).stage == "completed", "the carrier has delivered it"
    learnt = (await site.routing(2)).outcome
    assert learnt is not None and learnt.is_on_time and learnt.cost == 300
    async with stage.hub.pool.connection() as connection:
        (arm,) = (await arms_of(connection, stage.clock(), 30)).arms
    assert (arm.orders, arm.on_time, arm.cost) == (1, 1, order.works[0].cost)


async def test_parcels_without_news_stop_their_region_until_news_comes(stage: Stage) -> None:
    site = Site(stage)
    await site.open(stops=StopRule(parcels=2))
    for n in range(1, 9):
        await site.sells(n)
    while await stage.value("select count(*) from parcel where state = 'in_transit'") < 8:
        assert stage.clock() < at(21, 10), "the warehouse ships"
        await stage.wait(50, step=50)
    assert await stage.steps["find_stops"]() == 0, "there is news"
    stage.clock.forward(25 * 3_600)
    assert await stage.steps["find_stops"]() > 0, "of eight parcels two are of one carrier"
    assert await stage.steps["find_stops"]() == 0, "it is known"
    async with stage.hub.pool.connection() as connection:
        found = (await stops_of(connection, in_force=True)).stops
    assert {(one.source, one.region) for one in found} == {("tracking", "浙江省杭州市")}
    await stage.wait(600, step=100)
    await stage.steps["find_stops"]()
    async with stage.hub.pool.connection() as connection:
        assert (await stops_of(connection, in_force=True)).stops == [], "parcels arrive again"
