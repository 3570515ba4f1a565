"""A rehearsed run that ends: orders for so many minutes, every fault planted once, then the books and the verdict."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import msgspec

from orderloom.adapters.db.away import told_apart
from orderloom.bootstrap import Hub
from orderloom.rehearsal.books import Bookkeeper, Books, cannot_recall
from orderloom.rehearsal.options import WorldOptions
from orderloom.rehearsal.reckoning import Judgement, judge, sighted
from orderloom.rehearsal.world import World, open_world

LOOK_SECONDS = 5.0
SETTLE_SHARE, SETTLE_SECONDS_MAX = 0.3, 150.0
"""The end of the time, in which nobody orders any more and what is under way arrives."""
LATE_SECONDS_MAX = 240.0
"""How long beyond its time a run waits for its books to add up, before it says that they do not."""
STEADY_LOOKS = 3
"""So often in a row nothing may be missing: a moment in which all adds up is not the end yet."""


class Day(msgspec.Struct):
    """What became of a run. `is_well`: the books add up, and recall and precision are 1.0."""

    seed: int
    minutes: float
    placed: int
    struck: dict[str, int]
    """Failures of platforms that struck, by kind."""
    books: Books
    judged: Judgement

    @property
    def is_well(self) -> bool:
        return not self.books.wrong and not self.judged.missed and not self.judged.strange


Say = Callable[[float, World], None]
"""Told now and then how many seconds have passed."""


class NotFresh(Exception):
    """The hub has orders of before, which no simulator of this run knows."""


async def rehearse_day(hub: Hub, options: WorldOptions, minutes: float, say: Say) -> Day:
    """Rehearse for so many minutes and a little longer, and reckon up. Raises NotFresh, StoreAway, StoreRefused."""
    with told_apart():
        async with hub.pool.connection() as connection:
            if await (await connection.execute(ANY_ORDER)).fetchone():
                raise NotFresh
        async with open_world(hub, options) as world:
            moving = asyncio.create_task(world.run())
            try:
                return await live(world, minutes, say)
            finally:
                moving.cancel()
                await asyncio.gather(moving, return_exceptions=True)


async def live(world: World, minutes: float, say: Say) -> Day:
    """The run of a world that moves already."""
    seconds, begun, since = minutes * 60, time.monotonic(), world.now()
    placing = seconds - min(seconds * SETTLE_SHARE, SETTLE_SECONDS_MAX)
    world.planter.schedule(since, placing)
    steady = 0
    while True:
        await asyncio.sleep(min(LOOK_SECONDS, seconds))
        passed = time.monotonic() - begun
        if world.broken is not None:
            raise world.broken
        say(passed, world)
        world.is_placing = passed < placing
        if passed < seconds:
            continue
        day = await reckon(world, minutes, since)
        is_quiet = not day.books.wrong and not day.judged.missed
        steady = steady + 1 if is_quiet else 0
        if steady >= STEADY_LOOKS or passed > seconds + LATE_SECONDS_MAX:
            return day


async def reckon(world: World, minutes: float, since: datetime) -> Day:
    """The books and the verdict as of now."""
    books = await Bookkeeper(world.hub, world.platforms, world.ledger, world.placed, world.planter).keep()
    async with world.hub.pool.connection() as connection:
        cases = await sighted(connection, since)
        rows = await (await connection.execute(WORKS_OF)).fetchall()
    works: dict[str, set[str]] = {}
    systems: dict[str, set[str]] = {}
    for external_id, number, code in rows:
        works.setdefault(external_id, set()).add(number)
        systems.setdefault(external_id, set()).add(code)
    deaf = cannot_recall(world.platforms)
    left = {work: waybill for waybill, (work, _) in world.platforms.left.items()}
    world.planter.conclude()
    world.planter.raced(lambda key: [left[work] for work in works.get(key, ()) if work in left],
                        lambda key: not systems.get(key, set()).isdisjoint(deaf))
    struck: dict[str, int] = {}
    for _, _, kind, _ in world.planter.struck:
        struck[kind] = struck.get(kind, 0) + 1
    placed = sum(map(len, world.placed.values()))
    return Day(world.options.seed, minutes, placed, struck, books, judge(world.ledger.causes, cases))


ANY_ORDER = "select 1 from orders limit 1"
WORKS_OF = """
select o.external_id, w.number, coalesce(a.code, '') from work w join orders o on o.id = w.order_id
left join account a on a.id = w.account_id"""
