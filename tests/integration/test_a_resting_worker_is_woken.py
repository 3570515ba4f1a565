"""A worker with nothing to do rests; no order waits for that: not when a call is lost, nor when none can be heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from orderloom.adapters.db import rousing
from orderloom.application.ports import Item
from orderloom.bootstrap import Hub, open_hub
from orderloom.entrypoints.worker import loops
from orderloom.settings import Settings
from tests.support.api_hub import World, a_world
from tests.support.silent_network import Proxy, Weather, between

LONG_SECONDS = 60.0
"""A rest that nobody waits for here: what is handled during it was called."""
SOON_SECONDS_MAX = 15.0
LOOPS = ("handle", "deliver")
DROP = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and query like '%pg_notify%'"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("REST_SECONDS", LONG_SECONDS), ("AWAKE_SECONDS", 0.1), ("ASK_SECONDS", 0.3),
                          ("ANSWER_SECONDS_MAX", 0.7), ("AGAIN_SECONDS", 1.0), ("CALL_SECONDS", 0.0)):
        monkeypatch.setattr(rousing, name, seconds)


@asynccontextmanager
async def at_work(home: Path, dsn: str) -> AsyncIterator[Hub]:
    """A worker of its own, without the door's process."""
    async with open_hub(Settings(home=home), dsn) as hub:
        stop = asyncio.Event()
        working = asyncio.create_task(loops.run(hub, stop, LOOPS))
        try:
            yield hub
        finally:
            stop.set()
            await asyncio.wait_for(working, SOON_SECONDS_MAX)


async def until(condition: Callable[[], Awaitable[bool] | bool], what: str) -> None:
    end = monotonic() + SOON_SECONDS_MAX
    while True:
        found = condition()
        if found if isinstance(found, bool) else await found:
            return
        assert monotonic() < end, f"{what} did not happen within {SOON_SECONDS_MAX:.0f} s"
        await asyncio.sleep(0.02)


async def rests(worker: Hub) -> None:
    await until(lambda: worker.rousing.resting == len(LOOPS) - 1 + loops.HANDLERS, "that every loop rests")


async def is_handled(world: World, database: str, number: int) -> None:
    """A delivery at the door is taken up soon."""
    account = (await world.hub.directory()).account_by_code("SH01")
    assert account is not None
    await world.hub.lander.land(account, [Item("orders/create", f"no order {number}".encode())], {},
                                datetime.now(UTC))

    async def none_waits() -> bool:
        async with await psycopg.AsyncConnection.connect(database) as line:
            rows = await line.execute("select count(*) filter (where outcome = 'pending'), count(*) from intake")
            return await rows.fetchone() == (0, number)

    await until(none_waits, f"that message {number} is handled")


async def test_an_order_wakes_the_worker_of_another_process(database: str, home: Path) -> None:
    async with a_world(home, database, orders=0) as world, at_work(home, database) as worker:
        for number in (1, 2):
            await rests(worker)
            await is_handled(world, database, number)


async def test_an_order_whose_call_is_lost_waits_only_for_the_end_of_a_rest(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rousing, "REST_SECONDS", 1.0)
    async with a_world(home, database, orders=0) as world, at_work(home, database) as worker:
        monkeypatch.setattr(world.hub.store, "_queued", lambda: None)
        await rests(worker)
        await is_handled(world, database, 1)


async def dropped(database: str, proxy: Proxy) -> None:
    async with await psycopg.AsyncConnection.connect(database) as line:
        rows = await (await line.execute(DROP)).fetchall()
    assert len(rows) == 1, "the listening line alone"


async def frozen(database: str, proxy: Proxy) -> None:
    proxy.turn(Weather.HELD)


async def swallowed(database: str, proxy: Proxy) -> None:
    proxy.turn(Weather.SWALLOWED)


@pytest.mark.parametrize("happens", [dropped, frozen, swallowed])
async def test_a_worker_that_can_hear_nothing_looks_by_itself_and_rests_again_when_it_can(
    database: str, home: Path, happens: Callable[[str, Proxy], Awaitable[None]]
) -> None:
    with between(database) as proxy:
        async with a_world(home, database, orders=0) as world, at_work(home, proxy.dsn) as worker:
            await rests(worker)
            await happens(database, proxy)
            await until(lambda: worker.rousing.resting == 0, "that the worker knows that it hears nothing")
            proxy.turn(Weather.FLOWS)
            await is_handled(world, database, 1)
            await rests(worker)
            await is_handled(world, database, 2)


async def test_a_worker_behind_a_pooler_that_brings_no_calls_never_rests(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    async def nothing(*_: object, **__: object) -> AsyncIterator[psycopg.Notify]:
        tries.append(1)
        await asyncio.sleep(0.01)
        for never in ():
            yield never

    monkeypatch.setattr(rousing.Ear, "notifies", nothing)
    async with a_world(home, database, orders=0) as world, at_work(home, database) as worker:
        await until(lambda: len(tries) > 20, "that it listened in vain")
        assert worker.rousing.resting == 0
        await is_handled(world, database, 1)
