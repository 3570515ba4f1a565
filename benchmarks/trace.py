"""The whole story of one order with 200 facts, as the API reads it."""

from __future__ import annotations

import asyncio
import time

from benchmarks import stored
from benchmarks.place import Place
from benchmarks.result import Report, measured, percentile
from orderloom.application.commands import PlaceHold, ReleaseHold
from orderloom.application.queries.trace import read_trace
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import person

BENCH = person("bench", "administrator")
FACTS = 200
MILLISECONDS_MOST = 200
REPEATS = 30
PICK = """
select id::text from orders where phase = 'ready' and event_count < 20 order by id limit 1"""
BARE = "select * from order_event where order_id = %s order by seq"


def measure(place: Place, *, is_quick: bool, orders: int) -> Report:
    """The facts are made by the hub: the order is held and released until it has 200 of them."""
    stored.grow(place, orders)
    seconds, bare, count = asyncio.run(_measure(place))
    return Report((
        measured("trace", percentile(seconds, 0.95) * 1e3, "ms", floor=percentile(bare, 0.95) * 1e3,
                 most=MILLISECONDS_MOST, is_right=count >= FACTS),
    ), {"trace": {"facts": count, "orders": orders, "floor": "the order's events by primary key, nothing else"}})


async def _measure(place: Place) -> tuple[list[float], list[float], int]:
    seconds, bare = [], []
    async with open_hub(place.settings(stored.GROWN), place.dsn(stored.GROWN)) as hub:
        order_id = await _with_many_facts(hub)
        async with hub.pool.connection() as connection:
            for _ in range(REPEATS):
                began = time.perf_counter()
                await (await connection.execute(BARE, (order_id,))).fetchall()
                between = time.perf_counter()
                told = await read_trace(connection, order_id)
                seconds.append(time.perf_counter() - between)
                bare.append(between - began)
    assert told is not None
    return seconds, bare, sum(entry.source == "fact" for entry in told.entries)


async def _with_many_facts(hub: Hub) -> str:
    """Hold and release an order until its log is long."""
    async with hub.pool.connection() as connection:
        row = await (await connection.execute(PICK)).fetchone()
    assert row is not None
    order_id = str(row[0])
    for number in range(1, FACTS // 2 + 1):
        await hub.handle([PlaceHold(actor=BENCH, order_id=order_id, type="manual", reason=f"look {number}")])
        await hub.handle([ReleaseHold(actor=BENCH, order_id=order_id, hold_no=number, reason="seen")])
    return order_id
