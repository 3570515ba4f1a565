"""A short rehearsal over all four channels: what a seller would lose if the hub could not carry a day by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from orderloom.adapters.ids import new_id
from orderloom.application.take_snapshot import ask_for_snapshot, take_snapshot
from orderloom.rehearsal import SMOOTH, Shares, World, WorldOptions
from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.platforms import chosen
from orderloom.rehearsal.stream import Stream
from orderloom.testing.proof import prove
from orderloom.testing.rehearse import rehearse

QUICK = WorldOptions(
    seed=11, sku_count=120, orders_per_minute=240, is_flat=True, orders_max=60, wms_pace_seconds=0.3,
    carrier_pace_seconds=1.0, file_seconds=2.0, clerk_seconds=3.0, pull_seconds=0.5,
    shares=SMOOTH,
)
"""Sixty orders in fifteen seconds, and parcels that arrive in a dozen more."""
SECONDS_MAX = 60


@pytest.fixture
async def world(database: str, home: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    options: WorldOptions = getattr(request, "param", QUICK)
    async with rehearse(database, home, options) as opened:
        yield opened


async def completed(world: World) -> dict[str, int]:
    rows = await world.ask(
        "select a.connector, count(*) from orders o join account a on a.id = o.account_id where o.stage = 'completed' "
        "group by 1"
    )
    return dict(rows)


async def all_read(world: World) -> bool:
    """No message waits or was refused; shops that are asked all the time always have one on its way."""
    rows = await world.ask("select outcome, reason from intake where outcome not in ('normalised', 'split')")
    assert [row for row in rows if row[0] != "pending"] == []
    return not rows


async def test_every_order_of_every_channel_reaches_its_buyer_with_no_hand_on_it(world: World) -> None:
    async def all_there() -> bool:
        placed = {channel: len(ids) for channel, ids in world.placed.items()}
        return sum(placed.values()) == QUICK.orders_max and await completed(world) == placed

    await world.until(all_there, SECONDS_MAX, "every order is completed")
    assert await prove(world.hub) == []
    assert await world.ask("select kind, subject, evidence from case_file where resolved_at is null") == []
    await world.until(lambda: all_read(world), SECONDS_MAX, "what came last is read, too")
    for channel, simulator in world.platforms.channels.items():
        told = {key for key, parcels in simulator.shipments.items() if parcels}
        assert told == set(world.placed[channel]), channel
    number = await ask_for_snapshot(world.hub.ports.subjects, "test", world.hub.now(), new_id, is_taken_now=True)
    assert number is not None
    found = await take_snapshot(world.hub, number, "test")
    assert found is not None
    wrong = [(row.system, row.place, row.sku, row.ours, row.theirs) for row in found.rows if not row.explained]
    assert found.compared and wrong == [] and found.tripped == ()


ALL = replace(QUICK, seed=13, orders_per_minute=0.01, pull_seconds=2.0, has_all=True)


@pytest.mark.parametrize("world", [ALL], indirect=True)
async def test_every_connector_that_has_a_simulator_can_be_in_the_world_and_brings_its_orders(world: World) -> None:
    channels = world.platforms.channels
    assert len(channels) > len(chosen(QUICK, "channels")) and len(world.platforms.systems) > 1

    async def all_there() -> bool:
        rows = await world.ask(
            "select a.connector, count(*) from orders o join account a on a.id = o.account_id group by 1")
        return dict(rows) == {channel: len(ids) for channel, ids in world.placed.items() if ids}

    while not all(world.placed.values()):
        world.burst(10)
    await world.until(all_there, SECONDS_MAX, "an order of every channel is known")
    assert await prove(world.hub) == []


TROUBLED = WorldOptions(
    seed=12, sku_count=120, orders_per_minute=300, is_flat=True, orders_max=120, wms_pace_seconds=0.3,
    carrier_pace_seconds=1.0, file_seconds=2.0, clerk_seconds=3.0, pull_seconds=0.5,
    weights={"taobao": 1, "shopify": 1, "amazon": 1, "files": 1},
    fault_kinds=("status_500", "broken_body", "slow"),
    shares=Shares(unknown_spelling=0.1, push_lost=0.2, push_doubled=0.5, forged=0.1, test_order=0.05, cancels=0.1,
                  off_by_a_cent=0.02, parcel_stalls=0.0, parcel_returns=0.0, long_address=0.0, masked=0.0,
                  garbled_row=0.02, faults_per_minute=20.0),
)


@pytest.mark.parametrize("world", [TROUBLED], indirect=True)
async def test_a_troubled_day_loses_no_message_and_moves_no_unit_twice(world: World) -> None:
    async def settled() -> bool:
        rows = await world.ask(
            "select count(*) filter (where stage in ('completed', 'cancelled')), count(*) from orders "
            "where stage not in ('awaiting_payment', 'elsewhere') and holds_active = 0"
        )
        done, alive = rows[0]
        waiting = await world.ask("select count(*) from intake where outcome = 'pending' or reason = 'unknown_sku'")
        everything = sum(len(ids) for ids in world.placed.values())
        return everything == TROUBLED.orders_max and alive > everything // 2 and done == alive and waiting == [(0,)]

    await world.until(settled, SECONDS_MAX, "every order that can go on has ended")
    assert await prove(world.hub) == []
    seen = dict(await world.ask("select reason, count(*) from intake where outcome = 'quarantined' group by 1"))
    assert seen["signature"] > 0
    assert world.clerk.aliases_added > 0
    known = {row[0] for row in await world.ask("select external_id from orders")}
    tests = {w.purchase["external_id"] for w in map(world.stream.wish, range(120)) if w.purchase.get("test")}
    garbled = {w.purchase["external_id"] for w in map(world.stream.wish, range(120)) if w.is_garbled}
    placed = {key for ids in world.placed.values() for key in ids}
    lost = placed - known - tests
    assert known <= placed and len(lost) <= len(garbled), lost


def test_the_same_seed_gives_the_same_orders_so_that_a_failure_can_be_seen_again() -> None:
    options = WorldOptions(seed=5)
    once, again = (Stream(options, Assortment(5, 1_000)) for _ in range(2))
    other = Stream(WorldOptions(seed=6), Assortment(6, 1_000))
    assert [once.wish(n) for n in range(200)] == [again.wish(n) for n in reversed(range(200))][::-1]
    assert [once.wish(n) for n in range(200)] != [other.wish(n) for n in range(200)]


async def test_a_second_start_goes_on_with_the_orders_of_the_first_and_repeats_none(database: str, home: Path) -> None:
    options = replace(QUICK, orders_max=24, orders_per_minute=600)
    async with rehearse(database, home, options) as first:
        async def half_way() -> bool:
            rows = await first.ask(
                "select (select count(*) from orders), (select count(*) from parcel where state <> 'delivered')")
            return rows[0][0] == options.orders_max and rows[0][1] > 3  # what no platform told yet dies with the world

        await first.until(half_way, SECONDS_MAX, "some parcels are on the road")
        before = {key for ids in first.placed.values() for key in ids}
    async with rehearse(database, home, options) as second:
        async def all_there() -> bool:
            rows = await second.ask("select count(*), count(*) filter (where stage = 'completed') from orders")
            return rows[0] == (2 * options.orders_max, 2 * options.orders_max)

        await second.until(all_there, SECONDS_MAX, "the orders of both runs are completed")
        assert not before & {key for ids in second.placed.values() for key in ids}
        assert await prove(second.hub) == []
