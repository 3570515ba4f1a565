"""However many workers call a platform, together they keep to what it allows; live orders never wait for old ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from time import monotonic
from typing import Any

import psycopg
import pytest

from orderloom.adapters.alone import OwnLimits
from orderloom.adapters.db.limit import Openings, make_pool
from orderloom.adapters.db.pace import HOLD_SECONDS, SharedLimits
from orderloom.application.ports import Account, Lane, Rate, Transient
from tests.support.source_hub import until

ACCOUNT = Account(1, "TB01", "channels", "taobao", "Asia/Shanghai", "", {}, {})
PLENTY = Rate(100_000, 100_000)
Worker = Callable[..., SharedLimits]


class Counting:
    """Connections of a pool, counted: each is one look into the buckets."""

    def __init__(self, connect: Callable[[], AbstractAsyncContextManager[Any]]) -> None:
        self._connect, self.looks = connect, 0

    def __call__(self) -> AbstractAsyncContextManager[Any]:
        self.looks += 1
        return self._connect()


@asynccontextmanager
async def workers(database: str, count: int, rate: Rate, own: Rate = PLENTY) -> AsyncIterator[list[SharedLimits]]:
    """So many workers, each with a pool of its own, on one account."""
    with psycopg.connect(database) as connection:
        connection.execute("insert into account (code, family, connector, zone, credentials_cipher) "
                           "values ('TB01', 'channels', 'taobao', 'UTC', '')")
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(count):
            pool = make_pool(database, 2)
            await stack.enter_async_context(pool)
            made.append(SharedLimits(Counting(Openings(pool).connect), lambda account, api: (rate, own), OwnLimits()))
        yield made


async def calls(limits: SharedLimits, lane: Lane, end: float, made: list[float], api: str = "orders") -> None:
    """Call again and again until then, and write down when."""
    while monotonic() < end:
        try:
            await limits.wait(ACCOUNT, api, lane)
        except Transient:
            return
        made.append(monotonic())


async def test_eight_workers_together_call_no_more_often_than_the_platform_allows(database: str) -> None:
    rate = Rate(40, 10)
    async with workers(database, 8, rate) as several:
        made: list[float] = []
        start = monotonic()
        await asyncio.gather(*[calls(limits, Lane.LIVE, start + 1.5, made) for limits in several])
        allowed = rate.burst + rate.per_second * (max(made) - start)
        assert allowed * 0.6 <= len(made) <= allowed + 1


async def test_an_api_that_is_counted_apart_is_kept_apart(database: str) -> None:
    async with workers(database, 2, PLENTY, Rate(20, 5)) as several:
        orders: list[float] = []
        stock: list[float] = []
        start = monotonic()
        await asyncio.gather(*[calls(limits, Lane.LIVE, start + 0.5, made, api)
                               for limits in several for made, api in ((orders, "orders"), (stock, "stock"))])
        for made in (orders, stock):
            assert 10 <= len(made) <= 5 + 20 * (max(made) - start) + 1


async def test_sixty_a_minute_are_a_budget_and_no_second_between_two_calls(database: str) -> None:
    async with workers(database, 2, Rate(1, 10)) as several:
        start = monotonic()
        await asyncio.gather(*[limits.wait(ACCOUNT, "orders", Lane.LIVE) for limits in several for _ in range(5)])
        assert monotonic() - start < 3, "spaced out they would take ten"


async def test_a_backfill_that_takes_all_it_can_get_holds_up_no_live_order(database: str) -> None:
    async with workers(database, 3, Rate(4, 8)) as (first, second, live):
        old: list[float] = []
        end = monotonic() + 2.0
        flood = [asyncio.create_task(calls(limits, Lane.BACKFILL, end, old)) for limits in (first, second, first)]
        waited = []
        while monotonic() < end:
            begun = monotonic()
            await live.wait(ACCOUNT, "orders", Lane.LIVE)
            waited.append(monotonic() - begun)
            await asyncio.sleep(0.3)  # orders come now and then
        await asyncio.gather(*flood)
        assert sorted(waited)[len(waited) // 2] < 0.1, "in an empty bucket each would wait for a quarter of a second"
        assert len(old) >= 4, "and what live orders leave is used"


async def test_a_backfill_waits_while_live_orders_need_all_of_it(database: str) -> None:
    async with workers(database, 2, Rate(30, 3)) as (busy, walk):
        old: list[float] = []
        new: list[float] = []
        end = monotonic() + 1.2
        await asyncio.gather(*[calls(busy, Lane.LIVE, end, new) for _ in range(6)],
                             calls(walk, Lane.BACKFILL, end, old))
        assert len(old) <= 2
        assert len(new) >= 20


async def test_stock_goes_before_a_backfill_even_where_a_bucket_holds_one_call(database: str) -> None:
    async with workers(database, 2, Rate(20, 1)) as (shop, walk):
        old: list[float] = []
        told: list[float] = []
        end = monotonic() + 1.2
        await asyncio.gather(calls(shop, Lane.STOCK, end, told), calls(walk, Lane.BACKFILL, end, old))
        assert len(told) >= 2 * len(old)


async def test_what_one_worker_is_told_every_worker_obeys(database: str) -> None:
    async with workers(database, 2, Rate(100, 100)) as (told, other):
        await other.wait(ACCOUNT, "stock", Lane.LIVE)
        await told.learn(ACCOUNT, "orders", 0.8)
        start = monotonic()
        await asyncio.gather(other.wait(ACCOUNT, "orders", Lane.LIVE), told.wait(ACCOUNT, "orders", Lane.BACKFILL))
        assert monotonic() - start >= 0.75
        await told.learn(ACCOUNT, "orders", 60)
        for lane in Lane:
            with pytest.raises(Transient) as refused:
                async with asyncio.timeout(5):
                    await other.wait(ACCOUNT, "orders", lane)
            assert refused.value.code == "rate_limited"
            assert 55 < refused.value.retry_after <= 61
        await other.wait(ACCOUNT, "stock", Lane.LIVE)
        await told.learn(ACCOUNT, "", 60)
        with pytest.raises(Transient):
            await told.wait(ACCOUNT, "stock", Lane.LIVE)


async def test_who_stands_in_the_row_when_the_platform_says_stop_stops_too(database: str) -> None:
    async with workers(database, 2, Rate(2, 1), Rate(2, 1)) as (told, other):
        await other.wait(ACCOUNT, "orders", Lane.LIVE)

        async def in_row() -> bool:
            return await _left(database, "orders") < -1.5

        row = [asyncio.create_task(other.wait(ACCOUNT, "orders", Lane.LIVE)) for _ in range(3)]
        await until(in_row, 2)
        await told.learn(ACCOUNT, "orders", 60)
        ended = await asyncio.gather(*row, return_exceptions=True)
        assert sum(isinstance(one, Transient) for one in ended) >= 2


async def test_a_call_costs_no_look_into_the_database_of_its_own(database: str) -> None:
    async with workers(database, 1, Rate(200, 400)) as (limits,):
        for _ in range(400):
            await limits.wait(ACCOUNT, "orders", Lane.LIVE)
        assert limits._connect.looks <= 400 / 40  # type: ignore[attr-defined]


async def test_what_is_not_used_goes_back(database: str) -> None:
    async with workers(database, 1, Rate(4, 40)) as (limits,):
        for _ in range(3):  # a process holds one at a time, and lets it go each time
            await limits.wait(ACCOUNT, "orders", Lane.LIVE)
        limits._desks[1, "orders", Lane.LIVE].held.extend([monotonic() - HOLD_SECONDS - 0.1] * 10)
        await limits.wait(ACCOUNT, "orders", Lane.LIVE)
        assert await _left(database) == pytest.approx(39, abs=1), "three were used, ten came back, one was used"


async def _left(database: str, api: str = "") -> float:
    async with await psycopg.AsyncConnection.connect(database) as connection:
        row = await (await connection.execute("select tokens from pace where api = %s", (api,))).fetchone()
    assert row
    return float(row[0])
