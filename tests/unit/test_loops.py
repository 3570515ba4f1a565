"""How long a loop of the worker waits: not at all before a backlog, a moment when a little more makes a batch."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from orderloom.entrypoints.worker import loops


class Pauses:
    """Takes down what is waited for, and ends the loop at the first wait."""

    def __init__(self, stop: asyncio.Event) -> None:
        self.stop = stop
        self.found: list[tuple[str, float]] = []

    async def pause(self, seconds: float) -> None:
        self.found.append(("may rest", seconds))
        self.stop.set()

    async def wait(self, seconds: float) -> None:
        self.found.append(("waits", seconds))
        self.stop.set()


@pytest.mark.parametrize(("done", "waited"), [
    ([0], ("may rest", 0.02)), ([1], ("waits", 0.02)), ([loops.FLOWS], ("waits", loops.GATHER_SECONDS)),
    ([500, 500, loops.GATHERS, 0], ("may rest", 0.02)), ([OSError()], ("waits", loops.AWAY_SECONDS)),
], ids=["nothing", "one", "a few", "a backlog", "a failure"])  # fmt: skip
async def test_a_backlog_never_waits_and_what_comes_densely_gathers(
    done: list[int | Exception], waited: tuple[str, float]
) -> None:
    stop, steps = asyncio.Event(), iter(done)
    hub: Any = SimpleNamespace(rousing=Pauses(stop))

    async def step() -> int:
        found = next(steps)
        if isinstance(found, Exception):
            raise found
        return found

    await loops._repeat(hub, loops.Loop("handle", step, 0.02, loops.GATHERS), stop)
    assert hub.rousing.found == [waited] and next(steps, None) is None
