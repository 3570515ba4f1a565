"""A worker that is told to stop lets what is under way end: it would be done again only when its lease is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.application.ports import Account, Answer, Cursor, Outgoing, Page
from orderloom.bootstrap import Hub
from orderloom.entrypoints.worker import loops
from orderloom.testing.builders import a_purchase
from orderloom.testing.doubles import FailingConnector
from tests.support.source_hub import reading_from
from tests.support.stage import open_stage, plain, spare, tid

WAIT_SECONDS_MAX = 30


class Wait:
    """Lets somebody wait, and knows how that ended."""

    def __init__(self) -> None:
        self.begun, self.is_over, self.how_it_ended = asyncio.Event(), asyncio.Event(), ""

    async def __call__(self) -> None:
        self.begun.set()
        try:
            await self.is_over.wait()
            self.how_it_ended = "answered"
        except asyncio.CancelledError:
            self.how_it_ended = "cut"
            raise


class SlowSource:
    """A platform without orders."""

    name = "taobao"

    def __init__(self, wait: Wait) -> None:
        self._wait = wait

    async def pull(self, account: Account, cursor: Cursor, at: Any, http: Any) -> AsyncIterator[Page]:
        await self._wait()
        yield Page((), (), Cursor(at))


class SlowTarget(FailingConnector):
    """A system that does what it is told, some time later."""

    def __init__(self, real: Any, wait: Wait) -> None:
        super().__init__(real)
        self._wait = wait

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        await self._wait()
        return await super().send(outgoing, account, http)


async def stopped(hub: Hub, verb: str, wait: Wait, *, is_answered: bool = True) -> None:
    """Run a loop, and stop it while it waits for its platform."""
    stop = asyncio.Event()
    async with asyncio.timeout(WAIT_SECONDS_MAX):
        working = asyncio.create_task(loops.run(hub, stop, [verb]))
        await wait.begun.wait()
        stop.set()
        if is_answered:
            wait.is_over.set()
        await working


async def leased(hub: Hub) -> int:
    """How many accounts no other worker may read now."""
    async with hub.pool.connection() as connection:
        rows = await connection.execute("select from pull_cursor where lease_until > now()")
        return len(await rows.fetchall())


async def test_a_reading_that_ends_in_a_moment_is_written_down(database: str, home: Path) -> None:
    wait = Wait()
    async with reading_from(SlowSource(wait), home, database) as hub:
        await stopped(hub, "pull", wait)
        assert (wait.how_it_ended, await leased(hub)) == ("answered", 0)


async def test_one_that_takes_longer_is_cut(database: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "END_SECONDS_MAX", 0.2)
    wait = Wait()
    async with reading_from(SlowSource(wait), home, database) as hub:
        await stopped(hub, "pull", wait, is_answered=False)
        assert (wait.how_it_ended, await leased(hub)) == ("cut", 1)


async def test_work_that_is_being_told_is_written_down_and_told_once(database: str, home: Path) -> None:
    wait = Wait()
    async with open_stage(database, home) as stage:
        stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
        await stage.pull()
        await stage.hub.handler.handle_messages()
        target = SlowTarget(stage.hub.connectors["wangdiantong"], wait)
        stage.hub.connectors["wangdiantong"] = target  # type: ignore[index]
        await stopped(stage.hub, "deliver", wait)
        assert (wait.how_it_ended, len(target.sent)) == ("answered", 1)
        assert await stage.deliveries("work") == [("work", "done", 1)]
