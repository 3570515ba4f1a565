"""A worker in a process of its own, so that it can be killed: `python -m orderloom.testing.worker HOME DSN`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from orderloom.bootstrap import open_hub
from orderloom.entrypoints.worker.loops import run
from orderloom.settings import Settings


async def work(home: Path, dsn: str) -> None:
    """Run every loop until the process ends."""
    async with open_hub(Settings(home=home), dsn) as hub:
        await run(hub, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2]))
