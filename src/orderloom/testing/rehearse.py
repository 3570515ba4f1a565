"""A hub, its worker and the rehearsed world together in one process: what route and simulation tests run in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from orderloom.bootstrap import open_hub, utc_now
from orderloom.rehearsal import World, WorldOptions, open_world
from orderloom.settings import Settings
from orderloom.testing.drive import drive


@asynccontextmanager
async def rehearse(
    dsn: str, home: Path, options: WorldOptions, *, clock: Callable[[], datetime] = utc_now, only: Sequence[str] = (),
) -> AsyncIterator[World]:
    """A moving world around a hub on the migrated, empty database `dsn`; `only` names the hub's loops that run.

    `clock` is the hub's own and may go wrong; the platforms' clock is right.
    """
    async with open_hub(Settings(home=home), dsn, clock=clock) as hub, drive(hub, only=only) as url:
        async with open_world(hub, replace(options, hub_url=url), utc_now) as world:
            moving = asyncio.create_task(world.run())
            try:
                yield world
            finally:
                moving.cancel()
                await asyncio.gather(moving, return_exceptions=True)
