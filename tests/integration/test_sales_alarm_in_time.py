"""A SKU that suddenly sells far faster than usual is told within the minute, to who buys and who packs; figures that
nobody states or tells any more are told within seconds. Both end by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from orderloom.application import commands as c
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.domain.draft import StockFigure, StockReport
from orderloom.entrypoints.worker.loops import run
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import FrozenClock
from tests.support.alarms import watch
from tests.support.moves import CHANNEL, WMS, sealed
from tests.support.seller import rows, settle_in

PLENTY = {(1, 1): 5_000, (2, 1): 5_000, (3, 1): 5_000}
KINDS = "select kind from case_file where resolved_at is null"
FAST = [("velocity", "A", "purchaser")]
LONG_AGO = "insert into sales_day values (3, '2026-10-01', 1, 0, 0, 0) returning sku_id"
"""The hub has seen days of sales before."""


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
async def hub(database: str, home: Path, clock: FrozenClock) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home), database, clock=clock) as opened:
        await settle_in(opened, PLENTY)
        await watch(opened)  # what it has counted before is added up anew once
        await rows(opened, LONG_AGO)
        yield opened


async def sell(hub: Hub, name: str, units: int, sku: str = "A") -> None:
    draft = a_draft(name, a_line(sku, units), at=hub.now())
    await hub.handle([c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(0),
                                    received_at=hub.now())])


async def test_an_hour_above_the_daily_mean_is_told_and_ends_by_itself(hub: Hub, clock: FrozenClock) -> None:
    for day in range(7):
        await sell(hub, f"day {day}", 10)
        clock.forward(86_400)
    await sell(hub, "usual", 30)
    assert await watch(hub) == [], "30 are three days' sales, not more"
    await sell(hub, "one more", 1)
    assert await watch(hub) == FAST
    [(evidence,)] = await rows(hub, "select evidence from case_file where kind = 'velocity'")
    assert isinstance(evidence, dict) and (evidence["units"], evidence["week"]) == (31, 70)
    clock.forward(3_600)
    assert await watch(hub) == FAST, "what was sold in the last minutes of an hour is heard of in the next"
    clock.forward(3_600)
    assert await watch(hub) == []


async def test_on_the_first_day_of_a_hub_nothing_is_fast(hub: Hub, clock: FrozenClock) -> None:
    await rows(hub, "delete from sales_day returning sku_id")
    await sell(hub, "first", 500)
    assert await watch(hub) == [], "there is no day yet to have a mean of"
    clock.forward(90_000)
    await sell(hub, "next day", 2_000)
    assert await watch(hub) == FAST


async def test_the_first_sale_of_a_sku_is_no_alarm(hub: Hub) -> None:
    await sell(hub, "first", 19)
    assert await watch(hub) == []
    await sell(hub, "second", 1)
    assert await watch(hub) == FAST


async def test_a_bundle_counts_as_itself_and_as_its_parts(hub: Hub) -> None:
    await sell(hub, "kits", 12, "KIT")
    assert await watch(hub) == FAST, "24 A in 12 kits"
    sold = "select sku_id, sum(units)::int, sum(in_bundles)::int from sales_hour where warehouse_id = 0 group by 1"
    assert sorted(await rows(hub, sold)) == [(1, 0, 24), (2, 0, 12), (4, 12, 0)]
    sent = "select sku_id, warehouse_id, sum(units)::int from sales_hour where warehouse_id <> 0 group by 1, 2"
    assert sorted(await rows(hub, sent)) == [(1, 1, 24), (2, 1, 12)]


async def test_a_case_that_a_person_closed_stays_closed_for_that_hour(hub: Hub) -> None:
    await sell(hub, "much", 50)
    assert await watch(hub) == FAST
    await rows(hub, "update case_file set resolved_at = %s, resolved_by = 'li' returning 1", [hub.now()])
    assert await watch(hub) == []


async def test_sales_are_added_once_whatever_the_steps_and_days_keep_what_hours_were(
    hub: Hub, clock: FrozenClock,
) -> None:
    for n in range(5):
        await sell(hub, f"o{n}", n + 1)
        await watch(hub)
    assert await rows(hub, "select sum(units)::int from sales_hour where warehouse_id = 0") == [(15,)]
    clock.forward(36 * 86_400)
    async with hub.ports.stock_watch() as watching:
        assert await watching.fold(hub.now()) > 0 and await watching.fold(hub.now()) == 0
    assert await rows(hub, "select count(*)::int from sales_hour") == [(0,)]
    assert await rows(hub, "select sum(units)::int from sales_day where warehouse_id = 0") == [(15,)]


async def state(hub: Hub) -> None:
    figure = StockFigure("HZ", "A", 5_000, "physical", hub.now())
    await hub.handle([c.StateStock(actor=connector("WMS"), account_id=WMS, report=StockReport((figure,)))])


async def test_a_system_that_falls_silent_is_told_until_it_speaks_again(hub: Hub, clock: FrozenClock) -> None:
    assert await watch(hub) == [], "who never stated stock is not waited for"
    await state(hub)
    clock.forward(1_800)
    assert await watch(hub) == []
    clock.forward(1)
    assert await watch(hub) == [("stock_stale", "WMS:said", "operations")]
    await state(hub)
    assert await watch(hub) == []


async def test_a_shop_that_waits_for_a_figure_is_told_until_it_got_it(hub: Hub, clock: FrozenClock) -> None:
    await rows(hub, "insert into delivery (id, account_id, kind, order_key, body, state, due_at, created_at) values"
                    " (gen_random_uuid(), 1, 'stock', 'stock:7', '{}', 'due', %s, %s) returning 1", [clock(), clock()])
    clock.forward(59)
    assert await watch(hub) == []
    clock.forward(1)
    assert await watch(hub) == [("stock_stale", "TB01:told", "operations")]
    await rows(hub, "update delivery set state = 'done' returning 1")
    assert await watch(hub) == []


async def test_a_movement_that_nobody_publishes_is_told(hub: Hub, clock: FrozenClock) -> None:
    clock.forward(61)
    async with hub.ports.publisher() as publisher:
        await publisher.publish_stock(hub.now())
    assert await watch(hub) == []
    await sell(hub, "unseen", 1)
    clock.forward(61)
    assert await watch(hub) == [("stock_stale", "publish_stock", "operations")]


async def test_the_workers_own_loops_tell_within_ten_seconds(database: str, home: Path) -> None:
    """On the real clock: from the movement to the case."""
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, {(1, 1): 30})
        await watch(hub)
        await rows(hub, LONG_AGO)
        stop = asyncio.Event()
        worker = asyncio.create_task(run(hub, stop, only=("watch_stock",)))
        try:
            began = monotonic()
            await sell(hub, "nearly all", 27)
            while set(await rows(hub, KINDS)) < {("low_stock",), ("velocity",)}:
                assert monotonic() - began < 10, await rows(hub, KINDS)
                await asyncio.sleep(0.1)
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await worker
