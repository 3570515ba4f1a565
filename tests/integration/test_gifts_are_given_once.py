"""A buyer gets once what is given once, however many workers record their orders at the same moment."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from orderloom.adapters.db.gifts import keep_gifts
from orderloom.adapters.db.refold import refold_all
from orderloom.application import commands as c
from orderloom.application.change import GiftOnce
from orderloom.application.ports import Raced
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import person
from orderloom.settings import Settings
from tests.support.gift_race import BUYER, order_of, record
from tests.support.gift_shop import publish_gifts
from tests.support.seller import rows, settle_in

STOCK = {(2, 1): 200, (3, 1): 200}
ONCE = "  - {id: once, then: {gift: C, once_per_buyer: true}}\n"
FIRST = "  - {id: first, when: {orders_before: 0}, then: {gift: C}}\n"
GIFTS = """
select o.external_id from orders o join order_line l on l.order_id = o.id
where l.external_id like 'gift:%%' and not l.is_closed order by 1"""


async def _settle(hub: Hub, given: str) -> None:
    await settle_in(hub, STOCK)
    await publish_gifts(hub, given)


async def _is_sound(hub: Hub) -> None:
    async with hub.pool.connection() as connection:
        found = await refold_all(connection, lambda done, total: None)
    assert found.orders and not found.differing
    assert await rows(hub, """
        select l.sku_id from stock_level l where l.allocated <> (
            select coalesce(sum(quantity), 0) from stock_hold h where h.sku_id = l.sku_id
                and h.warehouse_id = l.warehouse_id and h.state = 'active')""") == []


async def test_workers_that_race_give_one_buyer_one_gift_and_everything_else(database: str, home: Path) -> None:
    settings = Settings(home=home)
    async with open_hub(settings, database) as one, open_hub(settings, database) as other:
        await _settle(one, ONCE)
        await asyncio.gather(*[record(hub, f"{name}{n}-", 3) for n in range(3)
                               for name, hub in (("a", one), ("b", other))])
        assert len(await rows(one, GIFTS)) == 1
        assert await rows(one, "select count(*)::int from work") == [(18,)], "no order waits for a gift it cannot have"
        assert await rows(one, "select buyer, gift from gift_once") == [(BUYER, "more/once")]
        told = await rows(one, "select count(*)::int from order_event where kind = 'gifts_reviewed'")
        assert told == [(18,)]
        await _is_sound(one)


async def test_two_processes_give_one_buyer_one_gift(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await _settle(hub, ONCE)
        racing = [await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.gift_race", str(home), database, name, "15") for name in ("a", "b")]
        assert [await one.wait() for one in racing] == [0, 0]
        assert len(await rows(hub, GIFTS)) == 1 and await rows(hub, "select count(*)::int from work") == [(30,)]
        await _is_sound(hub)


async def test_a_buyer_whose_order_is_cancelled_gets_the_gift_with_the_next(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await _settle(hub, ONCE)
        await hub.handle([order_of("A")])
        await hub.handle([order_of("B"), order_of("C", buyer=b"another")])
        assert await rows(hub, GIFTS) == [("A",), ("C",)]
        [(order_id,)] = await rows(hub, "select id::text from orders where external_id = 'A'")
        await hub.handle([c.CancelOrder(actor=person("li", "administrator"), order_id=str(order_id), reason="r")])
        await asyncio.gather(*[hub.handle([order_of(name)]) for name in ("D", "E")])
        found = [name for (name,) in await rows(hub, GIFTS)]
        assert len(found) == 3 and set(found) - {"A", "C"} <= {"D", "E"}
        await _is_sound(hub)


async def test_a_telephones_first_order_is_told_from_its_second(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await _settle(hub, FIRST)
        for name, phone in (("A", b"p1"), ("B", b"p1"), ("C", b"p2"), ("D", None)):
            await hub.handle([order_of(name, phone=phone)])
        assert await rows(hub, GIFTS) == [("A",), ("C",)]
        [(facts,)] = await rows(hub, "select facts from order_event where kind = 'gifts_reviewed' limit 1")
        assert '"orders_before":0' in str(facts) and "p1" not in str(facts)


async def test_goods_are_asked_by_their_group_and_weight(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        when = "categories, weight_g, skus"
        given = "  - {id: tea, when: {categories: 茶, weight_g: '< 600'}, then: {gift: C}}\n"
        await settle_in(hub, STOCK)
        await rows(hub, """
            with tea as (insert into category (name) values ('茶') returning id),
                green as (insert into category (parent_id, name) select id, '绿茶' from tea returning id)
            update sku set category_id = (select id from green), weight_g = 500 where code = 'B' returning id""")
        await publish_gifts(hub, given, when=when)
        await hub.handle([order_of("A")])
        assert await rows(hub, GIFTS) == [("A",)]
        [(facts,)] = await rows(hub, "select facts from order_event where kind = 'gifts_reviewed' limit 1")
        assert '"categories":["绿茶","茶"]' in str(facts) and '"weight_g":500' in str(facts)


async def test_who_has_it_at_the_end_of_a_batch_is_written_down(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await _settle(hub, ONCE)
        one, two = str(uuid4()), str(uuid4())
        async with hub.pool.connection() as connection:
            await keep_gifts(connection, [GiftOnce(b"b", "g", one), GiftOnce(b"b", "g", two, one)], hub.now())
            await keep_gifts(connection, [GiftOnce(b"b", "g", one, two)], hub.now())
        assert await rows(hub, "select order_id::text from gift_once") == [(one,)]
        with pytest.raises(Raced):
            async with hub.pool.connection() as connection:
                await keep_gifts(connection, [GiftOnce(b"b", "g", two)], hub.now())
