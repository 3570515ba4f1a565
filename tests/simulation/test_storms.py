"""Seeded storms over the whole hub: what a seller would lose when everything that can go wrong goes wrong at once.

Each test prints its seed; ORDERLOOM_TEST_SEED=n repeats one.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from orderloom.rehearsal import Shares, World, WorldOptions
from orderloom.testing.clock import WrongClock
from orderloom.testing.mortal import NAME
from orderloom.testing.proof import prove
from orderloom.testing.rehearse import rehearse

SEEDS = [int(os.environ["ORDERLOOM_TEST_SEED"])] if "ORDERLOOM_TEST_SEED" in os.environ else [101, 102]
SECONDS_MAX = 120
STORM = WorldOptions(
    sku_count=90, orders_per_minute=600, is_flat=True, orders_max=100, wms_pace_seconds=0.3, carrier_pace_seconds=1.0,
    file_seconds=2.0, clerk_seconds=2.0, fault_kinds=("status_500", "broken_body", "slow"), pull_seconds=0.5,
    opening_stock=500,
    weights={"taobao": 1, "shopify": 1, "amazon": 1, "files": 1},
    shares=Shares(pays_later=0.4, never_pays=0.0, cancels=0.0, asks_refund=0.0, unknown_spelling=0.1, push_lost=0.2,
                  push_doubled=1.0, forged=0.1, test_order=0.0, sent_by_channel=0.0, long_address=0.0, masked=0.0,
                  off_by_a_cent=0.0, garbled_row=0.0, parcel_stalls=0.0, parcel_returns=0.0, faults_per_minute=30.0),
)
"""Everything arrives twice, out of order or late, and platforms fail; yet every buyer pays and must get the parcel."""


async def everything_arrived(world: World) -> bool:
    """Every order that was placed is completed."""
    rows = await world.ask("select external_id from orders where stage = 'completed'")
    placed = {key for ids in world.placed.values() for key in ids}
    return len(placed) == STORM.orders_max and {key for (key,) in rows} == placed


async def everything_told(world: World) -> bool:
    """And nothing waits to be told: a parcel can be faster at its buyer than its number at a channel that fails."""
    waits = "select from delivery where state = 'due' and order_id is not null limit 1"
    return await everything_arrived(world) and not await world.ask(waits)


def once_each(world: World) -> list[str]:
    """Orders of which a channel was not told exactly one parcel for each piece of work."""
    wrong = []
    for channel, simulator in world.platforms.channels.items():
        for key in world.placed[channel]:
            waybills = [parcel["waybill"] for parcel in simulator.shipments.get(key, [])]
            is_told = bool(waybills) and (channel == "files" or len(set(waybills)) == len(waybills))
            wrong += [] if is_told else [f"{channel} {key} {waybills}"]
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_storm_of_duplicates_disorder_and_failures_costs_no_order(
    database: str, home: Path, seed: int
) -> None:
    print(f"seed {seed}")
    async with rehearse(database, home, replace(STORM, seed=seed)) as world:
        await world.until(lambda: everything_told(world), SECONDS_MAX, "every order is completed and told of")
        assert await prove(world.hub) == []
        assert once_each(world) == []
        duplicates = await world.ask("select sum(quantity) from tally where measure = 'duplicates'")
        assert duplicates[0][0] > 0


@pytest.mark.parametrize("seed", SEEDS[:1])
async def test_a_worker_killed_again_and_again_leaves_no_half_done_order(database: str, home: Path, seed: int) -> None:
    print(f"seed {seed}")
    chance = random.Random(seed)
    async with rehearse(database, home, replace(STORM, seed=seed), only=("none",)) as world:
        for _ in range(5):
            await _work_and_die(home, database, chance.uniform(2.0, 5.0))
            await world.until(lambda: _its_sessions_ended(world), SECONDS_MAX, "the server has seen that it is gone")
            await _leases_run_out(world)
        worker = _worker(home, database)
        try:
            await world.until(lambda: everything_told(world), SECONDS_MAX, "every order is completed and told of")
        finally:
            worker.kill()
            worker.wait()
        assert await prove(world.hub) == []
        assert once_each(world) == []


@pytest.mark.parametrize("seed", SEEDS[:1])
async def test_a_clock_that_was_wrong_for_a_while_hides_no_order_and_fires_no_deadline_twice(
    database: str, home: Path, seed: int
) -> None:
    print(f"seed {seed}")
    clock, chance = WrongClock(), random.Random(seed)
    async with rehearse(database, home, replace(STORM, seed=seed), clock=clock) as world:
        for seconds in (chance.uniform(600, 1_800), 0.0, -chance.uniform(60, 300), 0.0):
            await asyncio.sleep(3)
            clock.seconds = seconds
        await world.until(lambda: everything_arrived(world), SECONDS_MAX, "every order is completed")
        assert await prove(world.hub) == []
        twice = "select subject_id, kind, of, due_at from deadline where state = 'fired' group by 1, 2, 3, 4 " \
                "having count(*) > 1"  # fmt: skip
        assert await world.ask(twice) == []


async def _work_and_die(home: Path, dsn: str, seconds: float) -> None:
    worker = _worker(home, dsn)
    await asyncio.sleep(seconds)
    assert worker.poll() is None, "the worker ended by itself"
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def _worker(home: Path, dsn: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "orderloom.testing.worker", str(home),
                             f"{dsn} application_name={NAME}"])  # fmt: skip


async def _its_sessions_ended(world: World) -> bool:
    """Until then the server may still do what the dead worker asked for last, such as lease something."""
    return not await world.ask("select from pg_stat_activity where datname = current_database() "
                               "and application_name = %s limit 1", NAME)


async def _leases_run_out(world: World) -> None:
    """What the dead worker had leased is free after a minute or two; the test does not wait for that."""
    for query in ("update delivery set lease_until = null where state = 'due' and lease_until is not null",
                  "update pull_cursor set lease_until = null, due_at = now()"):
        async with world.hub.pool.connection() as connection:
            await connection.execute(query.encode())
