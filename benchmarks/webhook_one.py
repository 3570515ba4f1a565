"""What one webhook order costs when it comes alone: landed and taken through the route by itself, in processor time."""

from __future__ import annotations

import asyncio

from benchmarks.cpu import Cpu, Spent
from benchmarks.place import Place
from benchmarks.result import Report, measured
from benchmarks.seed import SHOPIFY, shopify_items
from orderloom.application.ports import Account
from orderloom.bootstrap import Hub, freeze_start, open_hub

MILLISECONDS_MOST = 3.0
WARM_UP = 40
"""By then the server has a plan of every statement and keeps it."""
START = 7_000_000_000_000
KNOWN = 2_000
"""Orders that went before in batches: by then the process knows all goods, and the tables have rows."""


def measure(place: Place, *, is_quick: bool) -> Report:
    """One order a batch, Python and PostgreSQL added up; the sender and HTTP are not in it."""
    count = 200 if is_quick else 400
    with place.database("bench_one") as dsn:
        land, handle, is_right = asyncio.run(_measure(place, dsn, count))
    each = {"land": land, "handle": handle}
    total = (land.total + handle.total) / count * 1e3
    return Report((
        measured("webhook_one", total, "ms CPU", floor=None, most=MILLISECONDS_MOST, is_right=is_right),
    ), {"webhook_one": {
        "orders": count,
        **{f"{name}_{side}_ms": round(getattr(spent, side) / count * 1e3, 3)
           for name, spent in each.items() for side in ("python", "postgres")},
    }})


async def _measure(place: Place, dsn: str, count: int) -> tuple[Spent, Spent, bool]:
    async with open_hub(place.settings("bench_one"), dsn, connections_max=1) as hub:
        account = (await hub.directory()).account_by_code(SHOPIFY)
        assert account is not None
        await hub.lander.land(account, shopify_items(START - KNOWN, KNOWN, hub.now()), {}, hub.now())
        while await hub.handler.handle_messages():
            continue
        for number in range(WARM_UP):
            await _land(hub, account, START + number, 1)
            await hub.handler.handle_messages(1)
        freeze_start()
        cpu = Cpu(place.home)
        landed = await _land(hub, account, START + WARM_UP, count, cpu)
        cpu.start()
        for _ in range(count):
            await hub.handler.handle_messages(1)
        handled = cpu.spent()
        async with hub.pool.connection() as connection:
            row = await (await connection.execute(
                "select count(*) from orders where fulfilment = 'allocated'")).fetchone()
    return landed, handled, row == (count + WARM_UP + KNOWN,)


async def _land(hub: Hub, account: Account, start: int, count: int, cpu: Cpu | None = None) -> Spent:
    """Land orders one by one; returns what that cost by itself."""
    items = shopify_items(start, count, hub.now())
    if cpu is not None:
        cpu.start()
    for item in items:
        await hub.lander.land(account, [item], {}, hub.now())
    return cpu.spent() if cpu is not None else Spent(0, 0)
