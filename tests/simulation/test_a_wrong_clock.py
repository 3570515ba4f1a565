"""Pulls under a clock that jumps between any two readings: no order is passed over, whatever the seed.

ORDERLOOM_TEST_SEED=n repeats one seed; ORDERLOOM_TEST_FULL=1 tries many more.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.ports import Account, Cursor, Item, Page
from orderloom.application.sources.pulling import Puller
from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint

SEEDS = range(400) if "ORDERLOOM_TEST_FULL" in os.environ else range(40)
if "ORDERLOOM_TEST_SEED" in os.environ:
    SEEDS = range(int(os.environ["ORDERLOOM_TEST_SEED"]), int(os.environ["ORDERLOOM_TEST_SEED"]) + 1)
STEPS, QUIET_STEPS = 60, 12
OVERLAP = timedelta(seconds=120)
BEGIN = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


class Machine:
    """The truth, and a clock that may be wrong by up to half an hour and changes its mind at any reading."""

    def __init__(self, seed: int) -> None:
        self.chance, self.truth, self.off, self.is_steady = random.Random(seed), BEGIN, timedelta(0), False

    def now(self) -> datetime:
        read = self.truth + self.off
        if not self.is_steady and self.chance.random() < 0.08:
            self.off = timedelta(seconds=self.chance.choice((0.0, self.chance.uniform(10, 1_800),
                                                             -self.chance.uniform(10, 300))))
        return read

    def monotonic(self) -> float:
        return (self.truth - BEGIN).total_seconds()


class Source:
    """A platform whose own clock is right: it lists the orders of a time, and never what has not happened yet."""

    name = "taobao"

    def __init__(self, machine: Machine) -> None:
        self.machine, self.orders = machine, dict[str, datetime]()

    async def pull(self, account: Account, cursor: Cursor, at: datetime, http: Any) -> AsyncIterator[Page]:
        start, end = cursor.at - OVERLAP, at
        found = [key for key, placed in self.orders.items() if start <= placed <= end]
        yield Page(tuple(Item("trade", key.encode()) for key in found), (), Cursor(end))
        if not self.machine.is_steady and self.machine.chance.random() < 0.05:
            raise asyncio.CancelledError  # the worker is killed between the page and the end of the pull


async def test_no_order_is_passed_over_by_a_clock_that_jumps_at_any_moment(database: str, home: Path) -> None:
    machine = Machine(0)
    async with open_hub(Settings(home=home), database, clock=lambda: machine.now()) as hub:
        await publish_default_blueprint(hub)
        wrong = {}
        for seed in SEEDS:
            machine = Machine(seed)
            missed = await _live(hub, machine, f"S{seed}")
            if missed:
                wrong[seed] = missed
        assert wrong == {}, f"seeds with orders that were passed over: {wrong}"


async def _live(hub: Hub, machine: Machine, code: str) -> list[str]:
    """One account's life under this clock; returns the orders that never landed."""
    source = Source(machine)
    hub.connectors = {**hub.connectors, "taobao": source}  # type: ignore[dict-item]
    account = await _account(hub, code, machine.chance.choice((30, 900)))
    puller = Puller(hub, machine.monotonic)
    for step in range(STEPS + QUIET_STEPS):
        machine.truth += timedelta(seconds=machine.chance.uniform(1, 60))
        if step == STEPS:
            machine.is_steady, machine.off = True, timedelta(0)
        if step < STEPS:
            source.orders[f"{code}-{step}"] = machine.truth.replace(microsecond=0)
        elif step > STEPS:
            machine.truth += timedelta(seconds=300)
        await puller.step()
        await puller.drain()
        for killed in [key for key, task in puller._busy.items() if task.cancelled()]:
            del puller._busy[killed]
    async with hub.pool.connection() as connection:
        rows = await connection.execute("select event_id from message where account_id = %s", (account,))
        landed = len(await rows.fetchall())
        await connection.execute("update account set is_active = false")
        read = await (await connection.execute("select last_error from pull_cursor where account_id = %s",
                                               (account,))).fetchone()
    return [] if landed == STEPS else [f"{landed} of {STEPS}; {read}"]


async def _account(hub: Hub, code: str, interval: int) -> int:
    sealed = hub.vault.encrypt(b"{}")
    async with hub.pool.connection() as connection:
        row = await (await connection.execute(
            "insert into account (code, family, connector, zone, credentials_cipher, settings) "
            "values (%s, 'channels', 'taobao', 'Asia/Shanghai', %s, jsonb_build_object('interval_seconds', %s::int)) "
            "returning id", (code, sealed, interval))).fetchone()
        assert row is not None
        await connection.execute("insert into pull_cursor (account_id, at, due_at) values (%s, %s, %s)",
                                 (row[0], BEGIN, BEGIN))
        await connection.execute("insert into cache_version values ('directory', 1) on conflict (name) do update "
                                 "set version = cache_version.version + 1")
    return int(row[0])


@pytest.fixture(autouse=True)
def _say_seeds() -> None:
    print(f"seeds {SEEDS}")
