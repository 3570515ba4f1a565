"""The pace of calls, kept together by every process of the hub: buckets in PostgreSQL, out of which each process takes
a few allowances at a time.

A budget and no spacing: what a bucket holds may be used at once. Live calls are never refused for a short wait: they
get a place in the row, and whoever is less urgent gets nothing before the row is served. Stock leaves a quarter of the
bucket to live calls, a backfill leaves half to both.

Exact to the allowances that processes hold: what each used in the last quarter of a second, for half a second. Measured
with eight workers that call as fast as they may: at 500 a second and a bucket of 500 there were 1,002 calls in the
worst second where 1,000 are allowed, and one look into the database for fifteen calls; at 100 a second 199 where 200
are, and one for four.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from orderloom.adapters.alone import OwnLimits
from orderloom.adapters.db.statements import statement
from orderloom.application.ports import RETRY_AFTER_MAX, Account, Lane, Rate, Transient

Connection = AsyncConnection[Any]
Rates = Callable[[Account, str], tuple[Rate, Rate]]
"""What an account may do in all, and what of one API."""
KEEPS = {Lane.LIVE: 0.0, Lane.STOCK: 0.25, Lane.BACKFILL: 0.5}
"""What of a bucket a lane leaves to those before it."""
WAIT_SECONDS_MAX = {Lane.LIVE: 10.0, Lane.STOCK: 8.0, Lane.BACKFILL: 30.0}
"""What is further off is told, so that nobody stands in a row for ever."""
HOLD_SECONDS = 0.5
"""How long a process holds an allowance that it does not use; and who waits longer for a turn looks again whether the
platform has said "too fast" meanwhile."""
SHARE_SECONDS = 0.25
BATCH_MAX = 50
LOOK_SECONDS_MIN, LOOK_SECONDS_MAX = 0.02, 1.0
PER_SECOND_MIN = 1 / 86_400
UNNAMED = "*"


class _Desk:
    """Allowances of one API and lane that this process holds, by the instants from which they may be used."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.held: deque[float] = deque()
        self.drawn: deque[float] = deque(maxlen=BATCH_MAX)
        self.waiting = self.stale = 0

    def wanted(self, now: float) -> int:
        """How many are used in a moment: as many as just were, and at least those that are waited for."""
        while self.drawn and self.drawn[0] < now - SHARE_SECONDS:
            self.drawn.popleft()
        return max(self.waiting, len(self.drawn))

    def next(self, now: float) -> float | None:
        """One that is not too old; those that are go back to the bucket with the next look into it."""
        while self.held:
            due = self.held.popleft()
            if due + HOLD_SECONDS >= now:
                self.drawn.append(now)
                return due
            self.stale += 1
        return None


class _Taken(NamedTuple):
    given: int
    blocked: float
    first: float
    tokens: list[float]


class SharedLimits:
    """See `application.ports.Limits`. `connect` opens a connection in autocommit.

    An account that is not kept yet (id 0) has its pace in `alone`.
    """

    def __init__(
        self, connect: Callable[[], AbstractAsyncContextManager[Connection]], rates: Rates, alone: OwnLimits,
        clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._connect, self._rates, self._alone, self._clock, self._sleep = connect, rates, alone, clock, sleep
        self._desks: dict[tuple[int, str, Lane], _Desk] = {}

    async def wait(self, account: Account, api: str, lane: Lane) -> None:
        """Return when one call of `api` may be made. Raises Transient `rate_limited`, StoreAway."""
        if not account.id:
            await self._alone.wait(account, api, lane)
            return
        api = api or UNNAMED
        desk = self._desks.setdefault((account.id, api, lane), _Desk())
        until = self._clock() + WAIT_SECONDS_MAX[lane]
        while True:
            pause = await self._draw(desk, account, api, lane, until) - self._clock()
            if pause > 0:
                await self._sleep(pause)
            if pause <= HOLD_SECONDS or not await self._blocked(account, api):
                return

    async def learn(self, account: Account, api: str, seconds: float) -> None:
        """No process calls `api` ('': anything of the account) for so many seconds. Raises StoreAway."""
        if not account.id:
            await self._alone.learn(account, api, seconds)
            return
        for (account_id, name, _), desk in self._desks.items():
            if account_id == account.id and api in ("", name):
                desk.held.clear()
        if seconds > 0:
            async with self._connect() as connection:
                await connection.execute(statement("pace", "learn"), {
                    "account": account.id, "api": api, "seconds": min(seconds, RETRY_AFTER_MAX)})

    async def _draw(self, desk: _Desk, account: Account, api: str, lane: Lane, until: float) -> float:
        """An allowance: the instant from which it may be used."""
        desk.waiting += 1
        try:
            async with desk.lock:
                while (due := desk.next(self._clock())) is None:
                    await self._fill(desk, account, api, lane, until)
                return due
        finally:
            desk.waiting -= 1

    async def _fill(self, desk: _Desk, account: Account, api: str, lane: Lane, until: float) -> None:
        """Take some out of the buckets, or wait a moment. Raises Transient when the next one is too far off."""
        rates = _usable(self._rates(account, api))
        taken = await self._take(desk, account, api, lane, rates, until - self._clock())
        now = self._clock()
        for place in range(1, taken.given + 1):
            late = max([max(place - tokens, 0) / rate.per_second
                        for tokens, rate in zip(taken.tokens, rates, strict=True)])
            desk.held.append(now + taken.blocked + late)
        if taken.given:
            return
        if now + taken.first > until:
            raise Transient("rate_limited", "平台的调用额度已用完，稍后自动继续 | the platform allows no more calls "
                            "for now, it goes on by itself", retry_after=max(taken.first, 1.0))
        await self._sleep(min(max(taken.first, LOOK_SECONDS_MIN), LOOK_SECONDS_MAX))

    async def _take(
        self, desk: _Desk, account: Account, api: str, lane: Lane, rates: tuple[Rate, Rate], later: float,
    ) -> _Taken:
        given = {
            "account": account.id, "api": api, "lane": lane.value, "keeps": KEEPS[lane], "later": max(later, 0.0),
            "per_second": [rate.per_second for rate in rates], "burst": [rate.burst for rate in rates],
            "most": batch_of(rates), "waiting": desk.wanted(self._clock()), "back": desk.stale,
        }
        async with self._connect() as connection:
            row = await self._row(connection, given)
            if row[1] < len(rates):
                await connection.execute(statement("pace", "ensure"), {
                    name: given[name] for name in ("account", "api", "burst")})
                row = await self._row(connection, given)
        desk.stale = 0
        return _Taken(row[0], row[2], row[3], row[4])

    async def _row(self, connection: Connection, given: dict[str, Any]) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = await (await connection.execute(statement("pace", "take"), given)).fetchone()
        assert row is not None
        return row

    async def _blocked(self, account: Account, api: str) -> bool:
        async with self._connect() as connection:
            row = await (await connection.execute(statement("pace", "blocked"), {
                "account": account.id, "api": api})).fetchone()
        return bool(row and row[0] > 0)


def _usable(rates: tuple[Rate, Rate]) -> tuple[Rate, Rate]:
    """Rates by which a bucket is filled at all, and holds one call."""
    whole, own = [Rate(max(rate.per_second, PER_SECOND_MIN), max(rate.burst, 1.0)) for rate in rates]
    return whole, own


def batch_of(rates: tuple[Rate, Rate]) -> int:
    """How many allowances a process takes at once: what is used up in a moment, so that few are held and not used."""
    return max(1, min(int(min([rate.per_second for rate in rates]) * SHARE_SECONDS), BATCH_MAX))
