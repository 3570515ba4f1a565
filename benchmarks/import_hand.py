"""The process that imports: lands the files, takes their orders through the route, and tells its time and memory."""

from __future__ import annotations

import asyncio
import resource
import time
from pathlib import Path

import msgspec

from benchmarks.hands import given, say, wait_for_go
from benchmarks.memory import readers_watched
from benchmarks.seed import ACCOUNT
from orderloom.adapters.db.directory import bump
from orderloom.application.import_files import import_files
from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings

FILES = "XLS01"


async def main() -> None:
    """Import what was named, twice: the second time nothing may be new."""
    told = given()
    paths = [Path(path) for path in told["paths"]]
    async with open_hub(Settings(home=Path(told["home"]), dsn=told["dsn"]), told["dsn"]) as hub:
        await _account(hub)
        say()
        wait_for_go()
        began = time.monotonic()
        with readers_watched() as reader_kib:
            done = await import_files(hub, FILES, paths, by="benchmark")
        landed = time.monotonic()
        while await hub.handler.handle_messages():
            pass
        through = time.monotonic()
        again = await import_files(hub, FILES, paths, by="benchmark")
        say(
            land_seconds=landed - began, route_seconds=through - landed, again_seconds=time.monotonic() - through,
            items=done.items, duplicates=done.duplicates, again_new=again.items - again.duplicates,
            rows=[run.rows for run in done.runs], rows_failed=[run.rows_failed for run in done.runs],
            encodings=[run.encoding for run in done.runs], mib=_peak_mib(),
            reader_mib=round(reader_kib[0] / 1024, 1),
        )


async def _account(hub: Hub) -> None:
    async with hub.pool.connection() as connection, connection.transaction():
        cipher = hub.vault.encrypt(msgspec.json.encode({}))
        await connection.execute(ACCOUNT.encode(), (FILES, "channels", "files", FILES, "Asia/Shanghai", cipher, "{}"))
        await bump(connection)


def _peak_mib() -> float:
    """The most that was resident at once."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


if __name__ == "__main__":
    asyncio.run(main())
