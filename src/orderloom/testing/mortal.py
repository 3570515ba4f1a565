"""A worker that dies: by kill -9 of itself, after a chosen number of SQL statements."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncCopy, AsyncCursor, AsyncTransaction

from orderloom import bootstrap
from orderloom.bootstrap import Hub, find_connectors, find_mappings, open_hub
from orderloom.entrypoints.worker.delivering import Deliverer
from orderloom.entrypoints.worker.loops import loops
from orderloom.settings import Settings
from orderloom.testing.clock import FrozenClock

CONNECTORS, MAPPINGS = find_connectors(), find_mappings()
NAME = "mortal"
"""The application name of its connections, by which the server's backends of a dead worker can be told."""
STATEMENTS = (
    (AsyncCursor, "execute"), (AsyncCursor, "executemany"), (AsyncCopy, "__aexit__"),
    (AsyncTransaction, "__aenter__"), (AsyncTransaction, "__aexit__"),
)  # fmt: skip
"""Where a statement ends: queries, row by row writes, COPY, BEGIN, COMMIT."""
LIFE_SECONDS_MAX = 60.0
ROUNDS_MAX = 60
MOVING = b"select coalesce(sum(attempts), 0), count(*) filter (where state <> 'due'), count(*) from delivery"


def live(dsn: str, home: Path, at: datetime, dies_after: int) -> int | None:
    """Let a worker do each of its steps once, in a process of its own, or until it has killed itself.

    The process's exit code: 0 when it lived to the end, -9 when it had run `dies_after` statements.
    """
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    process = server.Process(target=_live, args=(dsn, str(home), at, dies_after), daemon=True)
    process.start()
    process.join(LIFE_SECONDS_MAX)
    if process.is_alive():
        process.kill()
        process.join()
        raise AssertionError("the mortal worker did neither end nor die")
    return process.exitcode


async def work_once(hub: Hub, deliverer: Deliverer) -> int:
    """Every step of a worker that needs no news from outside, once; returns how much the steps say they did."""
    steps = {loop.verb: loop.step for loop in loops(hub)}
    moved = await steps["handle"]() + await steps["wake"]()
    if await deliverer.step():
        await deliverer.drain()
    moved += await steps["publish_events"]()
    await steps["publish_stock"]()
    return moved


async def work_until_quiet(hub: Hub, deliverer: Deliverer) -> None:
    """The same again and again until nothing moves at this instant."""
    for _ in range(ROUNDS_MAX):
        before = await _moving(hub)
        if not await work_once(hub, deliverer) and before == await _moving(hub):
            return
    raise AssertionError(f"the hub does not come to rest within {ROUNDS_MAX} rounds")


async def _moving(hub: Hub) -> Any:
    async with hub.pool.connection() as connection:
        return await (await connection.execute(MOVING)).fetchone()


def _live(dsn: str, home: str, at: datetime, dies_after: int) -> None:
    """In the doomed process alone: what every life would make again, at some cost, was made before the fork."""
    bootstrap.find_connectors, bootstrap.find_mappings = (lambda: CONNECTORS), (lambda: MAPPINGS)
    asyncio.run(_work(dsn, Path(home), at, dies_after))


async def _work(dsn: str, home: Path, at: datetime, dies_after: int) -> None:
    async with open_hub(Settings(home=home), f"{dsn} application_name={NAME}", clock=FrozenClock(at)) as hub:
        await hub.directory()
        deliverer = Deliverer(hub)
        _arm(dies_after)
        await work_once(hub, deliverer)


def _arm(dies_after: int) -> None:
    """From now on every statement that was answered is counted, and the last one allowed is the last thing heard."""
    left = iter(range(dies_after - 1, -1, -1))
    for kind, name in STATEMENTS:
        setattr(kind, name, _counted(getattr(kind, name), left))


def _counted(real: Callable[..., Awaitable[Any]], left: Iterator[int]) -> Callable[..., Awaitable[Any]]:
    async def call(*args: Any, **named: Any) -> Any:
        answer = await real(*args, **named)
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return call
