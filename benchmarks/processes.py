"""The hub's own processes as a benchmark runs them: the API process, a worker process, and the warehouse's simulator.

`python -m benchmarks.processes` with a `role`: api | worker | wms | shops. Each says when it is
ready and runs until SIGTERM.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
import uvloop
from psycopg.types.json import Jsonb
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks.hands import given, say
from orderloom.adapters.outside import PRIVATE_HOSTS, host_name
from orderloom.adapters.systems.wangdiantong.rehearsal import SHOP_NO
from orderloom.adapters.systems.wangdiantong.simulator import Simulator
from orderloom.application.handle import BATCH_MAX
from orderloom.bootstrap import Hub, freeze_start, open_hub
from orderloom.entrypoints.http.app import serving
from orderloom.entrypoints.worker.loops import run as run_loops
from orderloom.rehearsal.platforms import CREDENTIALS, WAREHOUSES
from orderloom.rehearsal.server import serve
from orderloom.settings import Settings

LOOPS = {"api": uvloop.new_event_loop}
"""As `orderloom api` has it; the others run on Python's own."""
ANSWER_SECONDS = 0.1
TRIES_MAX, TRY_AGAIN_SECONDS = 3_000, 0.02


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def point_at(dsn: str, account: str, base_url: str) -> None:
    """Tell the hub where on this machine an account's platform is served, and let it go there."""
    allowed = Jsonb({PRIVATE_HOSTS: [host_name(base_url)]})
    with psycopg.connect(dsn) as connection:
        connection.execute("update account set base_url = %s, settings = settings || %s where code = %s",
                           (base_url, allowed, account))  # fmt: skip
        connection.execute("update cache_version set version = version + 1")


async def api(told: dict[str, Any]) -> None:
    """The API process as `orderloom api` runs it."""
    settings = Settings(home=Path(told["home"]), dsn=told["dsn"], port=told["port"], log_level="WARNING")
    task = asyncio.create_task(serving(settings, told["dsn"]))
    for _ in range(TRIES_MAX):
        if task.done() or await _listens(told["port"]):
            break
        await asyncio.sleep(TRY_AGAIN_SECONDS)
    say(ready=True)
    await task


async def worker(told: dict[str, Any]) -> None:
    """A worker process with all its loops."""
    stop = _told_to_stop()
    settings = Settings(home=Path(told["home"]), dsn=told["dsn"])
    async with open_hub(settings, told["dsn"]) as hub:
        await hub.directory()
        commits = Commits(hub)
        freeze_start()
        say(ready=True)
        await run_loops(hub, stop, only=told.get("only", ()))
    if "commits" in told:
        await asyncio.to_thread(Path(told["commits"]).write_bytes, orjson.dumps(commits.found))


class Commits:
    """When batches of messages were committed: `found` maps the instant that each has written to the seconds until its
    commit was through."""

    def __init__(self, hub: Hub) -> None:
        self.found: dict[str, float] = {}
        self._at: dict[asyncio.Task[Any] | None, datetime] = {}
        self._now, self._handle = hub.now, hub.handler.handle_messages
        hub.handler._now = self._note
        hub.handler.handle_messages = self._watched  # type: ignore[method-assign]

    def _note(self) -> datetime:
        at = self._at[asyncio.current_task()] = self._now()
        return at

    async def _watched(self, limit: int = BATCH_MAX) -> int:
        count = await self._handle(limit)
        if count:
            at = self._at[asyncio.current_task()]
            self.found[at.isoformat()] = (self._now() - at).total_seconds()
        return count


async def wms(told: dict[str, Any]) -> None:
    """The Wangdiantong simulator; at its end it writes when it took each piece of work, by the machine's one clock."""
    seen: dict[str, float] = {}
    simulator = Simulator(CREDENTIALS["wangdiantong"], lambda: datetime.now(UTC), {
        "shop_no": SHOP_NO, "warehouses": [code for code, _, _ in WAREHOUSES], "seed": 1,
    })
    accept = simulator.floor.take

    def noted(raw: dict[str, Any], lines: list[dict[str, Any]], at: datetime) -> Any:
        seen.setdefault(str(raw["tid"]), time.monotonic())
        return accept(raw, lines, at)

    simulator.floor.take = noted  # type: ignore[method-assign]
    stop = _told_to_stop()
    async with serve(simulator.app, told["port"]):
        say(ready=True)
        await stop.wait()
    await asyncio.to_thread(Path(told["seen"]).write_bytes, orjson.dumps(seen))


async def shops(told: dict[str, Any]) -> None:
    """Shops that take what they are told of stock after a tenth of a second; at their end they write down when."""
    seen: list[tuple[str, str, int, float]] = []

    async def take(request: Request) -> JSONResponse:
        asked = orjson.loads(await request.body())
        await asyncio.sleep(ANSWER_SECONDS)
        at = time.monotonic()
        seen.extend((request.url.path.split("/")[1], one["inventoryItemId"].rsplit("/", 1)[1], one["quantity"], at)
                    for one in asked["variables"]["i"]["quantities"])
        done = {"inventoryAdjustmentGroup": {"id": "gid://shopify/InventoryAdjustmentGroup/1"}, "userErrors": []}
        return JSONResponse({"data": {"inventorySetQuantities": done}})

    stop = _told_to_stop()
    async with serve(Starlette(routes=[Route("/{path:path}", take, methods=["POST"])]), told["port"]):
        say(ready=True)
        await stop.wait()
    await asyncio.to_thread(Path(told["seen"]).write_bytes, orjson.dumps(seen))


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    return stop


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


if __name__ == "__main__":
    arguments = given()
    with asyncio.Runner(loop_factory=LOOPS.get(arguments["role"])) as runner:
        runner.run({"api": api, "worker": worker, "wms": wms, "shops": shops}[arguments["role"]](arguments))
