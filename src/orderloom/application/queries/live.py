"""The live numbers, asked once and shared by all who look: the page, `/status`, and the metrics.

A number whose question grows with the stored rows is asked again no sooner than twenty times as long as the answer
took, so looking never costs more than a twentieth of a core. Facts are counted by reading only what the log gained.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from msgspec.structs import replace

from orderloom.application.ports import OnDisk
from orderloom.application.queries import live_shapes as shape
from orderloom.application.queries.accounting import COUNTS, EMPTY, Accounting, accounting_of, with_disk
from orderloom.application.queries.kept_answers import AGE_SECONDS_MIN, COST_SHARE, KeptAnswers
from orderloom.application.queries.sql import Connection
from orderloom.domain.first_id import first_id
from orderloom.statements import beside

SQL = {**beside(__file__), "accounting": COUNTS}
LONG_SECONDS = 0.25
"""An answer that took longer is asked for again beside those who look."""
WHILE = timedelta(hours=1)
"""How old a message or delivery may be whose end still counts in the rate per minute."""
SAMPLES_MAX = 300
LEG_FACTS: Mapping[str, tuple[str, ...]] = {
    "check": ("order_recorded", "order_amended"),
    "record": ("order_recorded", "order_amended"),
    "reserve": ("stock_held",),
    "assign": ("work_assigned",),
    "confirm": ("work_moved",),
    "track": ("parcel_tracked",),
}
"""Which facts say that an order has passed a stage; the stages between are counted by their queues."""

Connect = Callable[[], AbstractAsyncContextManager[Connection]]


class FactCounts:
    """Facts by kind, ever and per minute, kept up by reading only the log's new end."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}
        self._next = "0"
        self._samples: deque[tuple[float, dict[str, int]]] = deque(maxlen=SAMPLES_MAX)

    async def advance(self, connection: Connection, at: datetime) -> None:
        """Count what was committed since the last time; rows of running transactions are left for the next."""
        row = await (await connection.execute(SQL["horizon"])).fetchone()
        assert row is not None
        given = {"from": self._next, "to": row[0], "since": at - timedelta(minutes=1)}
        rows = await (await connection.execute(SQL["kinds"], given)).fetchall()
        now = monotonic()
        if not self._samples:
            self._samples.append((now - 60, {kind: total - recent for kind, total, recent in rows}))
        for kind, total, _ in rows:
            self.totals[kind] = self.totals.get(kind, 0) + total
        self._next = row[0]
        self._samples.append((now, dict(self.totals)))

    def total(self, kinds: Sequence[str]) -> int:
        """How many facts of these kinds there are."""
        return sum(self.totals.get(k, 0) for k in kinds)

    def per_minute(self, kinds: Sequence[str]) -> int:
        """How many came per minute, over the last minute or the time since somebody last looked."""
        if not self._samples:
            return 0
        now, newest = self._samples[-1]
        then, old = next((s for s in reversed(self._samples) if s[0] <= now - 60), self._samples[0])
        gained = sum(newest.get(k, 0) - old.get(k, 0) for k in kinds)
        return round(gained * 60 / max(now - then, 1.0))


class Board:
    """Keeps the newest snapshot. `away` are the errors that mean that the database is not there."""

    def __init__(
        self, connect: Connect, now: Callable[[], datetime], on_disk: Callable[[], OnDisk],
        away: tuple[type[Exception], ...],
    ) -> None:
        self._connect, self._now, self._on_disk, self._away = connect, now, on_disk, away
        self._lock = asyncio.Lock()
        self._kept = KeptAnswers(AGE_SECONDS_MIN / 2, LONG_SECONDS)
        self._facts = FactCounts()
        self._facts_due = 0.0
        self._snapshot: shape.Snapshot | None = None
        self._asked = 0.0

    async def current(self) -> shape.Snapshot:
        """The numbers, at most a second old; never raises because the database is away."""
        async with self._lock:
            if self._snapshot is None or monotonic() - self._asked >= AGE_SECONDS_MIN:
                self._snapshot = await self._take()
                self._asked = monotonic()
            return self._snapshot

    async def _take(self) -> shape.Snapshot:
        at = self._now()
        try:
            return await self._read(at)
        except self._away:
            last = self._snapshot or _nothing(at)
            return replace(last, at=at, is_database_up=False, accounting=with_disk(last.accounting, self._on_disk()))

    async def _read(self, at: datetime) -> shape.Snapshot:
        minute = {"minute": first_id(at - timedelta(minutes=1)), "while": first_id(at - WHILE),
                  "since": at - timedelta(minutes=1)}
        if monotonic() >= self._facts_due:
            begun = monotonic()
            async with self._connect() as connection:
                await self._facts.advance(connection, at)
            self._facts_due = begun + max(AGE_SECONDS_MIN, (monotonic() - begun) * COST_SHARE)
        one = {name: (await self._ask(name))[0] for name in ("waiting", "outbox", "unsent")}
        phases = {str(r[0]): int(r[1]) for r in await self._ask("phases")}
        rates = (await self._ask("minute", minute))[0]
        unpublished = (await self._ask("unpublished"))[0][0]
        accounting = accounting_of(await self._ask("accounting"), self._on_disk())
        numbers = _stages(self._facts, one, rates, int(unpublished), phases.get("blocked", 0), accounting)
        return shape.Snapshot(
            at, True, numbers, accounting, phases,
            [shape.LastOrder(*r) for r in await self._ask("last_orders")],
            [shape.OpenCases(*r) for r in await self._ask("open_cases")],
            [shape.AccountHealth(*r) for r in await self._ask("accounts")],
            [shape.ShopFollows(r[0], {int(k): v for k, v in r[1].items()}, r[2], r[3])
             for r in await self._ask("follows", {"since": at - timedelta(hours=1)})],
        )

    async def _ask(self, name: str, given: Mapping[str, Any] | None = None) -> Sequence[Sequence[Any]]:
        """Rows of a statement, or those of last time while they may still be shown."""

        async def fetch() -> Sequence[Sequence[Any]]:
            async with self._connect() as connection:
                return await (await connection.execute(SQL[name], given or {})).fetchall()

        return await self._kept.get(name, fetch)


def _stages(
    facts: FactCounts, one: Mapping[str, Sequence[Any]], rates: Sequence[Any], unpublished: int, short: int,
    accounting: Accounting,
) -> list[shape.StageCount]:
    """The route in its order. `rates` are landed, translated, dispatched and delivered in the last minute."""
    waiting, outbox, unsent = one["waiting"], one["outbox"], one["unsent"]
    every = list(facts.totals)
    by_fact = {verb: (facts.total(kinds), facts.per_minute(kinds)) for verb, kinds in LEG_FACTS.items()}
    rows = {
        "land": (accounting.stored, rates[0], accounting.spooled, waiting[2]),
        "translate": (accounting.normalised, rates[1], waiting[0], waiting[1]),
        "record": (*by_fact["record"], 0, 0),
        "check": (*by_fact["check"], 0, 0),
        "reserve": (*by_fact["reserve"], 0, short),
        "assign": (*by_fact["assign"], 0, 0),
        "dispatch": (outbox[0], rates[2], 0, 0),
        "deliver": (outbox[1], rates[3], unsent[0], unsent[1]),
        "confirm": (*by_fact["confirm"], 0, 0),
        "track": (*by_fact["track"], 0, 0),
        "publish": (max(facts.total(every) - unpublished, 0), facts.per_minute(every), unpublished, 0),
    }
    return [shape.StageCount(verb, *map(int, numbers)) for verb, numbers in rows.items()]


def _nothing(at: datetime) -> shape.Snapshot:
    return shape.Snapshot(at, False, [], EMPTY, {}, [], [], [])
