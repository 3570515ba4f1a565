"""What the watcher's steps open and close, without a worker."""

from __future__ import annotations

from orderloom.adapters.db.watching import LookDue
from orderloom.bootstrap import Hub
from tests.support.seller import rows


async def watch(hub: Hub) -> list[tuple[object, ...]]:
    """One step of the worker's loop `watch_stock`, however short the time since the last; kind, subject and owner of
    every case that is open then."""
    async with hub.ports.stock_watch() as watching:
        watching.due = LookDue()
        while await watching.step(hub.now()):
            pass
    return await rows(hub, "select kind, subject, owner from case_file where resolved_at is null order by 1, 2")
