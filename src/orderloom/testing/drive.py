"""A whole hub in the caller's process: its door on loopback and its worker's loops, for tests and rehearsals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache

import orjson

from orderloom.blueprint.load import digest, load_folder, to_document
from orderloom.bootstrap import Hub
from orderloom.carried import BLUEPRINT
from orderloom.entrypoints.http.app import create_app
from orderloom.entrypoints.worker.loops import run as run_loops
from orderloom.rehearsal.server import serve

STOP_SECONDS_MAX = 10.0
PUBLISH = """
insert into blueprint_version (version, content, digest, author, reason)
select 1, %s::jsonb, %s, 'world', 'the default blueprint'
where not exists (select from blueprint_version)"""


@asynccontextmanager
async def drive(hub: Hub, *, port: int = 0, only: Sequence[str] = ()) -> AsyncIterator[str]:
    """Run the hub while the block runs; gives its address. `only` names the worker's loops that run, empty means all.

    An empty hub gets the default blueprint. At the end a loop finishes its step first, within ten seconds.
    """
    await publish_default_blueprint(hub)
    stop = asyncio.Event()
    async with serve(create_app(hub), port) as taken:
        working = asyncio.create_task(run_loops(hub, stop, only))
        try:
            yield f"http://127.0.0.1:{taken}"
        finally:
            stop.set()
            _, left = await asyncio.wait([working], timeout=STOP_SECONDS_MAX)
            for task in left:
                task.cancel()
            await asyncio.gather(working, return_exceptions=True)


async def publish_default_blueprint(hub: Hub) -> None:
    """Give a hub that has no blueprint yet the default one."""
    async with hub.pool.connection() as connection:
        await connection.execute(PUBLISH, _shipped())


@cache
def _shipped() -> tuple[str, bytes]:
    """The default blueprint as it is kept, and its digest: read once for all hubs of a process."""
    blueprint = load_folder(BLUEPRINT)
    return orjson.dumps(to_document(blueprint)).decode(), bytes.fromhex(digest(blueprint))

