"""Who searches orders misses none and gets no other, while orders of an older version are brought up as well."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db.search import TERM_MAX, BringUp, index_orders
from orderloom.application.publish import grams
from orderloom.application.queries import order_search
from orderloom.application.queries.order_filter import OrderFilter
from orderloom.application.queries.order_list import list_orders
from tests.support.api_hub import World, a_world

ORDERS = 60
TITLES = (
    "手工陶瓷马克杯 {sku} 礼盒装", "红色马克杯 大号", "不锈钢勺子", "T-Shirt blue/M  SKU-00010", "马克 杯子 两件套",
    "长" * (TERM_MAX + 1) + "尾巴", "Straße 100% İstanbul", "已售 SKU-0001",
)
ASKED = (
    "sku-0001", "SKU-0001", "sku-000", "ku-00", "0001", "00010", "马克杯", "克杯", "马克", "马克 杯", "杯 大", "盒装",
    "长长长尾巴", "blue/m", "t-shirt blue", "shirt blue/m  sku-00010", "100%", "istan", "已售 sku-0001", "zzqq", "sk",
    "sh01-", "ext-0001", "ext-00", "2345", "19912345678", "M-001", "不锈钢勺子 m", "勺子", "尾巴", "_", "%%", "'; --",
)
AS_BEFORE = """
update order_search s set words = null, pairs = null, grams = string_to_array(d.grams, chr(31))
from unnest(%s::uuid[], %s::text[]) as d (id, grams) where s.order_id = d.id"""

ROWS = "select order_id, document, grams, words, pairs from order_search order by 1"


async def _value(world: World, query: str, *given: Any) -> list[tuple[Any, ...]]:
    async with world.hub.pool.connection() as connection:
        rows = await connection.execute(query, given or None)
        return await rows.fetchall() if rows.description else []


@asynccontextmanager
async def a_shop(home: Path, database: str) -> AsyncIterator[World]:
    """Orders of many products, some whole words of which are parts of others'."""
    chance = random.Random(6)
    async with a_world(home, database, orders=ORDERS) as world:
        for number, order_id in enumerate(world.order_ids):
            sku = f"SKU-{chance.randrange(12):04d}"
            await _value(world, "update order_line set title = %s, sku_external = %s where order_id = %s",
                         TITLES[number % len(TITLES)].format(sku=sku), sku, order_id)
        async with world.hub.pool.connection() as connection, connection.transaction():
            await index_orders(connection, world.order_ids)
        yield world


async def _as_before(world: World, ids: Sequence[str]) -> None:
    """As the version before wrote these orders: no words, and the whole document in bigrams."""
    rows = await _value(
        world, "select order_id, document from order_search where order_id = any (%s::uuid[])", list(ids))
    await _value(world, AS_BEFORE, [r[0] for r in rows], ["\x1f".join(grams(r[1])) for r in rows])


async def _found(world: World, wanted: OrderFilter) -> list[str]:
    """Every page of a list."""
    found: list[str] = []
    cursor = ""
    async with world.hub.pool.connection() as connection:
        while True:
            page = await list_orders(connection, wanted, world.hub.vault.show_receiver, cursor=cursor, limit=7)
            found += [order.id for order in page.orders]
            if page.next is None:
                return found
            cursor = page.next


async def _right(world: World, q: str) -> list[str]:
    """What a text finds, by looking at everything."""
    rows = await _value(
        world, "select o.id::text from orders o join order_search s on s.order_id = o.id"
        " where strpos(s.document, %s) > 0 or o.receiver_phone_last4 = %s or o.receiver_phone_index = %s"
        " order by o.id desc", q.lower(), q, world.hub.vault.phone_index(q))
    return [r[0] for r in rows]


async def _compare(world: World) -> None:
    for q in ASKED:
        phone = world.hub.vault.phone_index(q) if q.isdigit() and len(q) == 11 else None
        right = await _right(world, q)
        assert await _found(world, OrderFilter(q=q, phone_index=phone)) == right, q
        assert await _found(world, OrderFilter(q=q, phone_index=phone, is_held=False, phases=("ready",))) == right, q


async def test_every_order_that_holds_a_text_is_found_whoever_wrote_it(database: str, home: Path) -> None:
    async with a_shop(home, database) as world:
        assert len({len(await _right(world, q)) for q in ASKED}) > 6
        await _compare(world)
        await _as_before(world, world.order_ids[::2])
        await _compare(world)
        await _as_before(world, world.order_ids)
        await _compare(world)


async def test_a_text_in_very_many_words_finds_the_same(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_search, "TERMS_MAX", 0)
    async with a_shop(home, database) as world:
        await _as_before(world, world.order_ids[::3])
        await _compare(world)


async def test_orders_of_before_are_brought_up_a_few_at_a_time_and_found_all_the_while(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderloom.adapters.db.search.OLD_PER_STEP", 25)
    async with a_shop(home, database) as world:
        before = await _value(world, ROWS)
        await _as_before(world, world.order_ids)
        steps = []
        past = BringUp()
        async with world.hub.pool.connection() as connection:
            while done := await past.step(connection):
                steps.append(done)
                await connection.commit()
                await _compare(world)
        assert steps == [25, 25, 10]
        assert await _value(world, ROWS) == before


async def test_only_one_worker_brings_up_at_a_time_and_none_stops_the_publisher_for_good(
    database: str, home: Path
) -> None:
    async with a_shop(home, database) as world:
        await _as_before(world, world.order_ids)
        async with world.hub.pool.connection() as one, world.hub.pool.connection() as two:
            async with one.transaction():
                await one.execute("select 1 from watermark where name = 'events' for update")
                assert await BringUp().step(two) == 0
            assert await BringUp().step(two) == ORDERS
