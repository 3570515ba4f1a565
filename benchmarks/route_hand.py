"""A worker of the route benchmark: lands groups of 500, takes them through the route, and times the stages."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.hands import given, say, wait_for_go
from benchmarks.seed import TAOBAO, batches, taobao_items
from orderloom.adapters.db.unit_of_work import PostgresWork
from orderloom.application import handle
from orderloom.bootstrap import Hub, freeze_start, open_hub
from orderloom.entrypoints.worker.loops import HANDLERS
from orderloom.settings import Settings

STAGES = ("land", "take", "sort", "load", "decide", "save", "finish")
ASYNC_STAGES = {"take": "take", "load": "load", "save": "save", "finish": "finish_messages"}
"""Stage → method of the unit of work."""


class StageNotSeen(RuntimeError):
    """A stage took no time at all: what is watched under its name is not what the route runs."""


class Stages:
    """Seconds by stage, added up over batches."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def watch(self) -> None:
        """From now on the stages of every batch in this process are timed."""
        for name, method in ASYNC_STAGES.items():
            setattr(PostgresWork, method, self._timed(name, getattr(PostgresWork, method)))
        handle.decide_each = self._clocked("decide", handle.decide_each)

    def watch_sort(self, hub: Hub) -> None:
        """The same for the sorting (translate and seal), which the hub wired in."""
        hub.handler._sorter = self._clocked("sort", hub.handler._sorter)

    def told(self) -> dict[str, float]:
        """The seconds. Raises StageNotSeen for a stage that no batch passed."""
        unseen = [name for name in STAGES if not self.seconds.get(name)]
        if unseen:
            raise StageNotSeen(f"not watched where the route runs them: {', '.join(unseen)}")
        alone = {"save": self.seconds["save"] - self.seconds["finish"]}  # it is the save that finishes
        return {name: self.seconds[name] for name in STAGES} | alone

    def _timed(self, name: str, do: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def timed(*arguments: Any) -> Any:
            began = time.perf_counter()
            found = await do(*arguments)
            self.seconds[name] += time.perf_counter() - began
            return found

        return timed

    def _clocked(self, name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def clocked(*arguments: Any) -> Any:
            began = time.perf_counter()
            found = do(*arguments)
            self.seconds[name] += time.perf_counter() - began
            return found

        return clocked


IDLE_SECONDS = 0.005


async def work(told: dict[str, Any]) -> None:
    """Land and handle `count` orders numbered from `start`; one batch before the clock starts.

    With `is_asked` it stays connected after that until it is told to go, so that the server's time can be read.
    """
    at = datetime.now(UTC)
    items = taobao_items(told["start"], told["count"], at, has_many=bool(told.get("has_many")))
    stages = Stages()
    stages.watch()
    async with open_hub(Settings(home=Path(told["home"]), dsn=told["dsn"]), told["dsn"]) as hub:
        account = (await hub.directory()).account_by_code(TAOBAO)
        assert account is not None
        stages.watch_sort(hub)
        groups = list(batches(items))
        await hub.lander.land(account, groups[0], {}, hub.now())
        await hub.handler.handle_messages(500)
        stages.seconds.clear()
        freeze_start()
        say(ready=True)
        wait_for_go()
        began, python = time.monotonic(), time.process_time()
        landed = asyncio.Event()
        handling = [asyncio.create_task(_handle(hub, landed)) for _ in range(HANDLERS)]
        for group in groups[1:]:
            before = time.perf_counter()
            await hub.lander.land(account, group, {}, hub.now())
            stages.seconds["land"] += time.perf_counter() - before
        landed.set()
        await asyncio.gather(*handling)
        measured = len(items) - len(groups[0])
        say(began=began, ended=time.monotonic(), orders=measured, python=time.process_time() - python,
            stages=stages.told() if measured and told.get("has_stages", True) else {})
        if told.get("is_asked"):
            wait_for_go()


async def _handle(hub: Hub, landed: asyncio.Event) -> None:
    """What a worker's loop does, until everything has landed and nothing waits; a worker has several of them."""
    while True:
        is_last = landed.is_set()
        if not await hub.handler.handle_messages(500):
            if is_last:
                return
            await asyncio.sleep(IDLE_SECONDS)


if __name__ == "__main__":
    asyncio.run(work(given()))
