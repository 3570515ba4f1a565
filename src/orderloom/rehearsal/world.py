"""The rehearsed world: a seller's platforms, warehouses, carriers and buyers, repeatable by seed, in real time."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import structlog

from orderloom.adapters.db.away import told_apart
from orderloom.bootstrap import Hub
from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.clerk import Clerk
from orderloom.rehearsal.doings import Doings
from orderloom.rehearsal.introduce import introduce
from orderloom.rehearsal.ledger import PlantedCauses
from orderloom.rehearsal.memory import Memory, remember
from orderloom.rehearsal.options import WorldOptions
from orderloom.rehearsal.packer import Packer
from orderloom.rehearsal.planting import Planter
from orderloom.rehearsal.platforms import Platforms, chosen
from orderloom.rehearsal.resume import resume
from orderloom.rehearsal.server import Fork, serve
from orderloom.rehearsal.setup import setup
from orderloom.rehearsal.stream import Stream, pauses

TICK_SECONDS = 0.2
CLERK_EVERY_SECONDS = 5.0
ORDERS_PER_TICK_MAX = 2_000
LOOK_SECONDS = 0.1
PUSHES_AT_ONCE = 20
STATE = {
    "orders": "select account_id, stage, count(*), (array_agg(number order by id))[1:3] from orders group by 1, 2",
    "messages": "select account_id, outcome, reason, count(*) from intake where outcome <> 'normalised' "
    "group by 1, 2, 3",
    "deliveries": "select account_id, kind, state, count(*), max(last_error) from delivery where state <> 'done' "
    "group by 1, 2, 3",
    "cases": "select kind, count(*), count(resolved_at), min(evidence::text) from case_file group by 1",
    "pulls": "select account_id, failures, last_error from pull_cursor where failures > 0",
}
FAILED_PULLS = "select a.code, p.failures from pull_cursor p join account a on a.id = p.account_id"
log = structlog.get_logger()


class NeverCame(AssertionError):
    """A condition that was waited for did not come true in time."""


class World:
    """Open it with `open_world`. It moves only inside `run`; `burst` places orders at once."""

    def __init__(
        self, hub: Hub, options: WorldOptions, memory: Memory, hub_url: str, now: Callable[[], datetime]
    ) -> None:
        self.hub, self.options, self.memory, self.now = hub, options, memory, now
        self.catalogue = Assortment(memory.seed, options.sku_count, tuple(chosen(options, "channels")))
        self.platforms = Platforms(options, self.catalogue, hub.settings.home / "world", now)
        self.stream = Stream(options, self.catalogue)
        chance = random.Random(f"{memory.seed}/world/{memory.next_order}")
        trouble = random.Random(f"{memory.seed}/trouble/{memory.next_order}")
        self.ledger = PlantedCauses()
        self.planter = Planter(self.ledger, self.platforms, self.catalogue, options)
        self.doings = Doings(options, self.platforms, self.planter, hub_url, trouble)
        self.packer = Packer(hub, self.platforms)
        self.is_placing = True
        """Whether buyers still order; what was placed goes on."""
        self.broken: Exception | None = None
        """Why it moves no more, when it was not told to stop."""
        self.clerk = Clerk(hub, self.catalogue, self.platforms, options.clerk_seconds)
        self.lateness_max = 0.0
        """The longest that a tick came late, in seconds: above a second the machine does not keep up."""
        self._chance, self._hub_url = chance, hub_url
        self._next_at = now()
        self._first = memory.next_order
        self._file_at = self._clerk_at = self._asked_at = time.monotonic()

    @property
    def placed(self) -> dict[str, list[str]]:
        """Ids of the orders placed in this run, by channel, in their order."""
        return self.doings.placed

    def burst(self, count: int) -> None:
        """Place so many orders at this moment."""
        now = self.now()
        for _ in range(count):
            self.doings.place(self.stream.wish(self.memory.take()), now)

    async def run(self) -> None:
        """Move until cancelled."""
        try:
            await asyncio.gather(self._move(), self._push())
        except Exception as broken:
            self.broken = broken
            raise

    async def _move(self) -> None:
        due = time.monotonic()
        while True:
            await self._tick()
            due += TICK_SECONDS
            self.lateness_max = max(self.lateness_max, time.monotonic() - due)
            due = max(due, time.monotonic())
            await asyncio.sleep(due - time.monotonic())

    async def _push(self) -> None:
        """Webhooks leave beside everything else: a hub that is slow to take them does not stop the world."""
        chance = random.Random(f"{self.memory.seed}/pushes/{self.memory.next_order}")
        async with httpx2.AsyncClient(timeout=10.0) as http:
            while True:
                if await _is_there(self._hub_url):
                    await self.doings.push(http)
                    twice = chance.random() < self.options.shares.push_doubled
                    for telling in self.platforms.telling:
                        await telling.flush(http, int(twice), at_once=PUSHES_AT_ONCE)
                await asyncio.sleep(TICK_SECONDS)

    async def until(
        self, condition: Callable[[], Awaitable[object]], seconds_max: float, what: str = "the condition"
    ) -> None:
        """Wait until the condition is true; raises NeverCame, with how the hub stands, after `seconds_max`."""
        end = time.monotonic() + seconds_max
        while not await condition():
            if time.monotonic() > end:
                raise NeverCame(f"not within {seconds_max:.0f} s: {what}; the hub stands so: {await self.state()}")
            await asyncio.sleep(LOOK_SECONDS)

    async def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of a query to the hub's database."""
        async with self.hub.pool.connection() as connection:
            return await (await connection.execute(query.encode(), given or None)).fetchall()

    async def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """How the hub stands, for whoever wonders why something did not come: orders, messages, deliveries, cases."""
        return {name: await self.ask(query) for name, query in STATE.items()} | {
            "placed": [(channel, len(ids)) for channel, ids in self.placed.items()]
        }

    async def _tick(self) -> None:
        now = self.now()
        self._place_due(now)
        self.doings.do_due(now)
        self.doings.upset(TICK_SECONDS)
        if self.planter.is_anybody_away and time.monotonic() - self._asked_at > CLERK_EVERY_SECONDS / 2:
            self._asked_at = time.monotonic()
            self.planter.failed_pulls = dict(await self.ask(FAILED_PULLS))
        self.planter.step(now)
        self.platforms.step(now)
        if time.monotonic() - self._file_at > self.options.file_seconds:
            self._file_at = time.monotonic()
            self._drop_files(now)
        await self._let_clerk_work(now)

    def _place_due(self, now: datetime) -> None:
        maximum = self.options.orders_max
        if not self.is_placing:
            self._next_at = now
            return
        for _ in range(ORDERS_PER_TICK_MAX):
            if self._next_at > now or (maximum is not None and self.memory.next_order - self._first >= maximum):
                return
            self.doings.place(self.stream.wish(self.memory.take()), now)
            self._next_at += timedelta(seconds=pauses(self.options, self._chance, now))
        self._next_at = now

    def _drop_files(self, now: datetime) -> None:
        for name, part in self.platforms.parts["channels"].items():
            if part.drop is not None:
                part.drop(self.platforms.channels[name], now)

    async def _let_clerk_work(self, now: datetime) -> None:
        if time.monotonic() - self._clerk_at > CLERK_EVERY_SECONDS:
            self._clerk_at = time.monotonic()
            await self.clerk.round(now)
            await self.packer.round(now)


@asynccontextmanager
async def open_world(
    hub: Hub, options: WorldOptions, now: Callable[[], datetime] | None = None
) -> AsyncIterator[World]:
    """Serve the world's platforms and make the hub know them; orders begin with `World.run` or `World.burst`.

    `now` is the platforms' clock, which is the hub's unless it is given.
    """
    memory = remember(hub.settings.home, options.seed)
    hub_url = options.hub_url or f"http://127.0.0.1:{hub.settings.port}"
    world = World(hub, options, memory, hub_url, now or hub.now)
    # Platforms break their connections on purpose: the server's complaints about that are no news.
    async with serve(Fork(world.platforms.apps), options.port or memory.port, log_level="critical") as port:
        memory.note_port(port)
        base = f"http://127.0.0.1:{port}"
        async with _listening(world.platforms):
            await setup(hub, world.platforms, world.catalogue, base, hub_url, options.opening_stock)
            await introduce(hub, world.platforms)
            again = await resume(hub, world.platforms, world.stream, world.doings, hub_url)
            log.info("world.open", taken_up=again, seed=memory.seed, next_order=memory.next_order, base=base)
            try:
                yield world
            finally:
                memory.close()


@asynccontextmanager
async def _listening(platforms: Platforms) -> AsyncIterator[None]:
    """Platforms that are reached otherwise than by HTTP listen by themselves."""
    async with AsyncExitStack() as doors:
        for name, simulator in platforms.all.items():
            if hasattr(simulator, "listening"):
                platforms.addresses[name] = await doors.enter_async_context(simulator.listening())
        yield


async def run(hub: Hub, options: WorldOptions) -> None:
    """Rehearse until cancelled. Raises StoreAway, StoreRefused."""
    with told_apart():
        async with open_world(hub, options) as world:
            await world.run()


async def _is_there(url: str) -> bool:
    """Does anybody listen? Nothing is pushed at a hub that is down: a platform's own retries outlast a restart."""
    parts = urlsplit(url)
    try:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port or 80, family=socket.AF_INET)
    except OSError:
        return False
    writer.close()
    return True
