"""What the publisher's steps open and close, without a worker."""

from __future__ import annotations

from orderloom.bootstrap import Hub
from tests.support.seller import rows


async def publish(hub: Hub) -> None:
    """One step of the worker's loop `publish_stock`."""
    async with hub.ports.publisher() as publisher:
        await publisher.publish_stock(hub.now())


async def open_cases(hub: Hub) -> list[tuple[object, ...]]:
    """Kind, subject and owner of every open case."""
    return await rows(hub, "select kind, subject, owner from case_file where resolved_at is null order by 1, 2")
