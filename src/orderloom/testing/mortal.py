"""A worker that dies: by kill -9 of itself, at the first time that a chosen SQL statement follows another."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import AsyncCopy, AsyncCursor, AsyncTransaction

from orderloom.application.sending import Deliverer
from orderloom.bootstrap import Hub, find_connectors, find_mappings, open_hub
from orderloom.bootstrap import hub as wiring
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
EDGES = ("__aenter__", "__aexit__")
"""Named so without a text: BEGIN and COMMIT, which are another thing after each statement."""
STEPS = "steps"
"""The file in the hub's home that an undisturbed life leaves behind."""
NAME_LENGTH_MAX = 120
LIFE_SECONDS_MAX = 60.0
ROUNDS_MAX = 60
MOVING = b"select coalesce(sum(attempts), 0), count(*) filter (where state <> 'due'), count(*) from delivery"


def live(dsn: str, home: Path, at: datetime, dies_at: str = "") -> tuple[int | None, list[str]]:
    """Let a worker do each of its steps once, in a process of its own, or until it has killed itself.

    Gives the process's exit code, 0 when it lived to the end, -9 when it died at the step `dies_at`; and the different
    steps that it took, in their order. A step is a statement, however often it is repeated; for the beginning and the
    end of a transaction it is that after a certain statement.
    """
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    process = server.Process(target=_live, args=(dsn, str(home), at, dies_at), daemon=True)
    process.start()
    process.join(LIFE_SECONDS_MAX)
    if process.is_alive():
        process.kill()
        process.join()
        raise AssertionError("the mortal worker did neither end nor die")
    file = home / STEPS
    steps = file.read_text("utf-8").splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return process.exitcode, steps


async def work_once(hub: Hub, deliverer: Deliverer) -> int:
    """Every step of a worker that needs no news from outside, once; returns how much the steps say they did."""
    steps = {loop.verb: loop.step for loop in loops(hub)}
    moved = await steps["handle"]() + await steps["wake"]()
    await deliverer.step()
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


def _live(dsn: str, home: str, at: datetime, dies_at: str) -> None:
    """In the doomed process alone: what every life would make again, at some cost, was made before the fork."""
    vars(wiring).update(find_connectors=lambda *_: CONNECTORS, find_mappings=lambda **_: MAPPINGS)
    asyncio.run(_work(dsn, Path(home), at, dies_at))


async def _work(dsn: str, home: Path, at: datetime, dies_at: str) -> None:
    async with open_hub(Settings(home=home), f"{dsn} application_name={NAME}", clock=FrozenClock(at)) as hub:
        await hub.directory()
        deliverer = Deliverer(hub)
        fate = _Fate(dies_at)
        for kind, name in STATEMENTS:
            setattr(kind, name, _watched(getattr(kind, name), name, fate))
        await work_once(hub, deliverer)
    (home / STEPS).write_text("\n".join(fate.steps), "utf-8")


class _Fate:
    """Steps taken so far, and the one at which to die."""

    def __init__(self, dies_at: str) -> None:
        self._dies_at, self._before = dies_at, "begin"
        self.steps: dict[str, None] = {}

    def taken(self, statement: str) -> None:
        """A statement was answered."""
        step = f"{self._before} > {statement}" if statement in EDGES else statement
        self._before = statement
        self.steps[step] = None
        if step == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _watched(real: Callable[..., Awaitable[Any]], name: str, fate: _Fate) -> Callable[..., Awaitable[Any]]:
    async def call(*args: Any, **named: Any) -> Any:
        answer = await real(*args, **named)
        fate.taken(_name(name, *args[:2]))
        return answer

    return call


def _name(method: str, one: Any, text: object = "") -> str:
    """Which statement it was, in one line: its first words, or what a COPY copies into."""
    if isinstance(one, AsyncCopy):
        text = getattr(getattr(one.cursor, "_query", None), "query", "")
    words = text.decode() if isinstance(text, bytes) else text if isinstance(text, str) else ""
    return f"{method} {' '.join(words.split())[:NAME_LENGTH_MAX]}".strip()
