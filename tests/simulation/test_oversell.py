"""Sixteen senders fight for one SKU while their processes are killed: exactly the stock is sold, every round.

Three short rounds by default; ORDERLOOM_TEST_FULL=1 runs fifty rounds of 5,000 attempts on 1,000 units.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings
from orderloom.testing.proof import prove
from tests.support.buyers import PROCESSES, run
from tests.support.seller import rows, settle_in

IS_FULL = bool(os.environ.get("ORDERLOOM_TEST_FULL"))
ROUNDS, ATTEMPTS, UNITS = (50, 5_000, 1_000) if IS_FULL else (2, 600, 120)
SEED = int(os.environ.get("ORDERLOOM_TEST_SEED", "20"))
ROUND_SECONDS_MAX = 240
START_SECONDS_MAX = 60
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["buyers"])
HELD = """
select coalesce(sum(quantity), 0)::int, count(distinct order_id)::int from stock_hold where state = 'active'"""
LEVEL = "select sum(on_hand)::int, sum(reserved)::int, sum(allocated)::int from stock_level"
ORDERS = "select count(*)::int, (count(*) filter (where is_short))::int from orders"
ORPHANS = """
select h.order_id from stock_hold h left join orders o on o.id = h.order_id where o.id is null
union all select m.order_id from stock_movement m left join orders o on o.id = m.order_id
where o.id is null and m.order_id is not null"""


async def test_a_hot_sku_is_sold_exactly_as_often_as_it_is_there_though_senders_are_killed(
    server: str, template: str, home: Path
) -> None:
    print(f"seed {SEED}")
    kills = 0
    for number in range(ROUNDS):
        folder = home / f"round-{number}"
        folder.mkdir()
        with _copy(server, template) as dsn:
            async with open_hub(Settings(home=folder), dsn) as hub:
                await settle_in(hub, {(1, 1): UNITS // 2, (1, 2): UNITS - UNITS // 2})
                began = time.monotonic()
                killed = _fight(dsn, folder, Random(SEED * 1_000 + number))
                took = time.monotonic() - began
                await _exactly_the_stock(hub)
                print(f"round {number}: {UNITS} of {ATTEMPTS} sold, {killed} killed, {took:.1f} s", flush=True)
        kills += killed
    assert kills >= ROUNDS, "hardly anything was killed: nothing is proven"


async def _exactly_the_stock(hub: Hub) -> None:
    assert await rows(hub, HELD) == [(UNITS, UNITS)]
    [(on_hand, reserved, allocated)] = await rows(hub, LEVEL)
    assert on_hand == UNITS and (reserved, allocated) != (0, 0)
    assert int(str(reserved)) + int(str(allocated)) == UNITS
    assert await rows(hub, ORDERS) == [(ATTEMPTS, ATTEMPTS - UNITS)]
    assert await rows(hub, ORPHANS) == []
    assert await prove(hub) == []


def _fight(dsn: str, folder: Path, dice: Random) -> int:
    """Run the senders to their end, killing a process two times on the way and starting it anew; returns the kills."""
    running = [_start(dsn, folder, process) for process in range(PROCESSES)]
    kills = 0
    try:
        _until_up(folder, running)
        for _ in range(2):
            time.sleep(dice.uniform(0.02, 1.5 if IS_FULL else 0.2))  # the random moment at which the power fails
            if alive := [process for process in range(PROCESSES) if running[process].is_alive()]:
                victim = dice.choice(alive)
                running[victim].kill()
                running[victim].join()
                running[victim] = _start(dsn, folder, victim)
                kills += 1
        for process in running:
            process.join(ROUND_SECONDS_MAX)
            assert process.exitcode == 0
    finally:
        for process in running:
            process.kill()
            process.join()
    return kills


def _start(dsn: str, folder: Path, process: int) -> BaseProcess:
    started = forks.Process(target=run, args=(dsn, str(folder), process, ATTEMPTS))
    started.start()
    return started


def _until_up(folder: Path, running: list[BaseProcess]) -> None:
    """Wait until some process sends, so that the kills fall into the fight."""
    end = time.monotonic() + START_SECONDS_MAX
    while not list(folder.glob("sender-*")):
        assert time.monotonic() < end and all(p.exitcode in (None, 0) for p in running), "the senders did not start"
        time.sleep(0.01)


@contextmanager
def _copy(server: str, template: str) -> Iterator[str]:
    """A fresh database for a round."""
    name = f"test_{uuid4().hex[:16]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template {}").format(*map(sql.Identifier, (name, template))))
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
