"""Does an order cost more when ten times as many are stored? Batches go to both databases in turn, after a checkpoint.

Counted is processor time, of this process and of the server: the machine's other work is not in it.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from statistics import median

from benchmarks import stored
from benchmarks.cpu import Cpu, Spent
from benchmarks.place import Place
from benchmarks.result import Report, measured
from benchmarks.seed import TAOBAO, batches, taobao_items
from orderloom.bootstrap import Hub, open_hub

RATIO_MOST = 1.15
FEW = "bench_few"


def measure(place: Place, *, is_quick: bool, orders: int) -> Report:
    """Medians of batches of 500, landed and handled by one process that is connected to both."""
    stored.make(place, orders)
    stored.grow(place, orders)
    with place.database(FEW, stored.MADE):
        few, many = asyncio.run(_measure(place, 9 if is_quick else 15))
    return Report((
        measured("growth", median(s.total for s in many), "µs/order", floor=median(s.total for s in few),
                 ratio_most=RATIO_MOST),
    ), {"growth": {"microseconds": {"few": _parts(few), "many": _parts(many)},
                   "stored_few": stored.made_of(orders), "stored_many": orders, "batches": len(many),
                   "counted": "processor time of Python and PostgreSQL, from a checkpoint on",
                   "floor": "the same batches with fewer orders stored"}})


def _parts(batches: list[Spent]) -> dict[str, float]:
    return {"python": round(median(s.python for s in batches), 1),
            "postgres": round(median(s.postgres for s in batches), 1)}


async def _measure(place: Place, rounds: int) -> tuple[list[Spent], list[Spent]]:
    few, many = list[Spent](), list[Spent]()
    cpu = Cpu(place.home)
    small, large = place.settings(FEW), place.settings(stored.GROWN)
    async with open_hub(small, small.dsn) as hub_small, open_hub(large, large.dsn) as hub_large:
        start = int(time.time()) * 10**6  # databases that are kept have the orders of the runs before
        place.checkpoint()
        for number in range(rounds + 1):
            first = ((hub_small, few), (hub_large, many))
            for hub, into in first if number % 2 else reversed(first):
                into.append(await _batch(hub, start + number * 1000, cpu))
    return few[1:], many[1:]


async def _batch(hub: Hub, start: int, cpu: Cpu) -> Spent:
    """Microseconds of the processor per order of one batch."""
    account = (await hub.directory()).account_by_code(TAOBAO)
    assert account is not None
    items = taobao_items(start, 500, datetime.now(UTC), has_many=True)
    cpu.start()
    for group in batches(items):
        await hub.lander.land(account, group, {}, hub.now())
        await hub.handler.handle_messages(500)
    python, postgres = cpu.spent()
    return Spent(python / len(items) * 1e6, postgres / len(items) * 1e6)
