"""A carrier sells a waybill and its answer is lost, a hundred times, while two workers ask and are killed: exactly one
is bought for each box, and it is in the hub, or at the in-doubt desk until the carrier can be asked."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx2
import orjson

from orderloom.adapters.db.directory import bump
from orderloom.testing.proof import prove
from tests.support.accounts import ACCOUNT
from tests.support.api_hub import World, a_world
from tests.support.connector_folders import folders, now, serve
from tests.support.lossy_carrier import LOST, LossyCarrier, work
from tests.support.street import SENDER

ROUNDS, WORKERS, KILLS, SILENT_EVERY = 100, 2, 3, 10
WAIT_SECONDS_MAX = 120
STATES = "select state, count(*)::int from label group by 1"
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["tests.support.lossy_carrier"])


async def test_of_a_hundred_waybills_whose_answers_were_lost_exactly_one_each_is_bought(
    home: Path, database: str
) -> None:
    began = time.monotonic()
    async with a_world(home, database, orders=0) as world, _carrier(world) as carrier:
        await world.record(ROUNDS)
        numbers = [row[0] for row in world.rows("select number from work order by number")]
        carrier.silent = {f"{number}-1" for number in numbers[::SILENT_EVERY]}
        async with await world.client("admin") as client:
            for number in numbers:
                asked = await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})
                assert asked.json()["state"] == "asked", asked.text
            await _worked(world, home, lambda: not _count(world, "asked"), KILLS)
            assert _count(world, "bought") == ROUNDS - len(carrier.silent)
            await _settled_at_the_desk(client, carrier)
            await _worked(world, home, lambda: _count(world, "bought") == ROUNDS, 0)
            assert (await client.get("/api/v1/works/doubts")).json()["doubts"] == []
        assert Counter(carrier.book) == Counter([f"{number}-1" for number in numbers])
        known = dict(world.rows("select number, waybill from label"))
        assert known == {key: label.waybill for key, label in carrier.labels.sold.items()}
        assert sorted(carrier.struck) == sorted(LOST) and sum(carrier.struck.values()) == ROUNDS
        assert await prove(world.hub) == []
    print(f"{ROUNDS} answers lost ({dict(carrier.struck)}), {carrier.requests} asked, "
          f"{time.monotonic() - began:.1f} s")


async def _settled_at_the_desk(client: httpx2.AsyncClient, carrier: LossyCarrier) -> None:
    """All that nobody could ask about are at the desk, and asking again ends them."""
    doubts = (await client.get("/api/v1/works/doubts", params={"limit": 100})).json()["doubts"]
    assert {one["number"] for one in doubts} == carrier.silent
    assert {(one["state"], one["delivery_state"]) for one in doubts} == {("in_doubt", "parked")}
    carrier.silent = set()
    for one in doubts:
        assert (await client.post(f"/api/v1/deliveries/{one['delivery']}/resend")).is_success


async def _worked(world: World, home: Path, is_over: Callable[[], bool], kills: int) -> None:
    """Two workers send until it is over; both are killed in the middle of it so often, and their leases run out."""
    running: list[BaseProcess] = []
    end = time.monotonic() + WAIT_SECONDS_MAX
    try:
        while not is_over():
            assert time.monotonic() < end, (world.rows(STATES), world.rows(
                "select state, attempts, last_error, count(*) from delivery group by 1, 2, 3"))
            if not running:
                running = [_start(world.dsn, home) for _ in range(WORKERS)]
            await asyncio.sleep(0.02)
            leased = len(world.rows("select from delivery where lease_until > now()"))
            if kills and leased > 3:
                kills -= 1
                running = await _killed(world, running)
    finally:
        await _killed(world, running)
    assert not kills, "hardly anybody was killed: nothing is proven"


def _start(dsn: str, home: Path) -> BaseProcess:
    started = forks.Process(target=work, args=(dsn, str(home)))
    started.start()
    return started


async def _killed(world: World, running: list[BaseProcess]) -> list[BaseProcess]:
    for process in running:
        process.kill()
        await asyncio.to_thread(process.join)
    async with world.hub.pool.connection() as connection:
        await connection.execute("update delivery set lease_until = now() - interval '1 second'"
                                 " where lease_until is not null")
    return []


def _count(world: World, state: str) -> int:
    return dict(world.rows(STATES)).get(state, 0)


@asynccontextmanager
async def _carrier(world: World) -> AsyncIterator[LossyCarrier]:
    """The carrier behind HTTP, and an account of it that may be asked as fast as one likes."""
    [folder] = [f for f in folders("carriers") if f.name == "sf_express"]
    account = folder.account()
    carrier = LossyCarrier(dict(account.credentials), now, dict(account.settings))
    async with serve(carrier.app) as base:
        settings = {**account.settings, **SENDER, "rate": {"per_second": 1_000, "burst": 1_000}}
        async with world.hub.pool.connection() as connection, connection.transaction():
            await connection.execute(ACCOUNT, {
                "code": "SF01", "family": "carriers", "connector": "sf_express", "title": "SF", "zone": "Asia/Shanghai",
                "base_url": base + "/std/service", "settings": orjson.dumps(settings).decode(),
                "credentials": world.hub.vault.encrypt(orjson.dumps(dict(account.credentials)))})
            await bump(connection)
        yield carrier
