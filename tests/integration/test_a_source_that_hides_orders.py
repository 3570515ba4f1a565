"""Completeness against the source: orders that a platform hides are found, pulled and told, and nothing else is."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.queries.accounts import list_accounts
from orderloom.application.sources.pulling import pull_step
from orderloom.application.sources.walking import walk_step
from tests.support.source_hub import Source, opened

ORDERS, BUSY_ORDERS = 20, 60
COUNTED = ("taobao", "shopify")
"""Channels that say how many orders they have in a time."""


async def _cases(source: Source) -> list[dict[str, Any]]:
    rows = await source.ask("select evidence from case_file where kind = 'pull_incomplete' and resolved_at is null")
    return [row[0] for row in rows]


async def _pull(source: Source) -> None:
    async with source.hub.pool.connection() as connection:
        await connection.execute("update pull_cursor set due_at = %s", (source.clock(),))
    await pull_step(source.hub)


async def _shop_of_orders(source: Source) -> list[str]:
    """Twenty orders within some minutes after the connection, and time enough that they are over."""
    source.clock.moved += timedelta(minutes=10)
    ids = [source.place(n, timedelta(seconds=10 + 7 * n)) for n in range(1, ORDERS + 1)]
    source.clock.moved += timedelta(minutes=4)
    return ids


@pytest.mark.parametrize("name", ["taobao", "shopify", "amazon"])
async def test_seven_orders_hidden_in_three_ways_are_found_pulled_and_told(
    name: str, database: str, home: Path
) -> None:
    async with opened(name, database, home, page_size=4) as source:
        ids = await _shop_of_orders(source)
        hiding = source.simulator.hiding
        hiding.short_page(ids[5:8])
        hiding.late_write(ids[10:12], source.clock() + timedelta(minutes=30))
        hiding.moved_page(2)
        await _pull(source)
        seen = len(await source.landed())
        assert seen == (ORDERS - 2 if name in COUNTED else ORDERS - 7), "a count shows at once what a page left out"
        source.clock.moved += timedelta(hours=3)
        await _pull(source)
        assert set(ids[10:12]).isdisjoint(await source.landed()), "the live pull never sees what was written late"
        await walk_step(source.hub)
        assert set(await source.landed()) == set(ids)
        (told,) = await _cases(source)
        assert (told["missing"], told["found"]) == (0, 7)
        assert [w["found"] for w in told["windows"]] == ([5, 2] if name in COUNTED else [7])
        async with source.hub.pool.connection() as connection:
            (view,) = (await list_accounts(connection, {})).accounts
        assert view.found_late == 7
        assert view.swept_up_to and source.clock() - view.swept_up_to < timedelta(hours=2, minutes=5)


@pytest.mark.parametrize("name", COUNTED)
async def test_what_a_second_reading_finds_does_not_hide_what_is_still_missing(
    name: str, database: str, home: Path
) -> None:
    async with opened(name, database, home, page_size=4) as source:
        ids = await _shop_of_orders(source)
        source.simulator.hiding.late_write(ids[10:12], source.clock() + timedelta(minutes=30))
        await _pull(source)
        source.clock.moved += timedelta(hours=3)
        await _pull(source)
        source.simulator.hiding.short_page(ids[5:6], times=1_000)
        await walk_step(source.hub)
        assert set(ids[10:12]) <= set(await source.landed())
        (told,) = await _cases(source)
        assert (told["found"], told["missing"]) == (2, 1)
        async with source.hub.pool.connection() as connection:
            (view,) = (await list_accounts(connection, {})).accounts
        assert view.found_late == 2


@pytest.mark.parametrize("name", COUNTED)
async def test_an_order_that_is_never_shown_is_told_as_missing_and_stops_no_other(
    name: str, database: str, home: Path
) -> None:
    async with opened(name, database, home, page_size=4) as source:
        ids = await _shop_of_orders(source)
        source.simulator.hiding.short_page(ids[:1], times=1_000)
        await _pull(source)
        assert set(await source.landed()) == set(ids[1:])
        (told,) = await _cases(source)
        assert (told["found"], told["missing"]) == (0, 1)
        after = source.place(99, timedelta(seconds=1))
        source.clock.moved += timedelta(minutes=4)
        await _pull(source)
        assert after in await source.landed()


@pytest.mark.parametrize("name", COUNTED)
async def test_what_is_missing_from_one_stretch_of_time_is_not_hidden_by_the_next_and_is_told_until_all_is_there(
    name: str, database: str, home: Path
) -> None:
    async with opened(name, database, home, page_size=4, overlap_seconds=60) as source:
        ids = await _shop_of_orders(source)
        hidden = [ids[0]]
        source.simulator.hiding.short_page(hidden, times=10_000)
        await _pull(source)
        source.clock.moved += timedelta(minutes=40)
        hidden.append(source.place(99, timedelta(seconds=30)))
        source.simulator.hiding.short_page(hidden, times=10_000)
        source.clock.moved += timedelta(minutes=4)
        await _pull(source)
        (told,) = await _cases(source)
        assert [w["missing"] for w in told["windows"]] == [1, 1] and told["missing"] == 2
        source.simulator.hiding.short_page(hidden, times=0)
        source.clock.moved += timedelta(hours=3)
        await _pull(source)
        await walk_step(source.hub)
        assert set(hidden) <= set(await source.landed()) and await _cases(source) == []


async def _be_busy(source: Source) -> None:
    """Orders arrive and are paid, all the time while the shop is read."""
    chance, waiting = random.Random(7), list[str]()
    for n in range(1, BUSY_ORDERS + 1):
        waiting.append(source.place(n, timedelta(0), is_paid=False))
        if len(waiting) > 4:
            source.simulator.pay(waiting.pop(chance.randrange(len(waiting))), source.clock())
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("name", COUNTED)
async def test_a_busy_shop_that_changes_while_it_is_read_raises_no_alarm(name: str, database: str, home: Path) -> None:
    async with opened(name, database, home, page_size=5, overlap_seconds=60) as source:
        shop = asyncio.create_task(_be_busy(source))
        for _ in range(12):
            await _pull(source)
            source.clock.moved += timedelta(seconds=1)
        await shop
        source.clock.moved += timedelta(hours=2)
        await _pull(source)
        await walk_step(source.hub)
        assert await _cases(source) == []
        assert len(await source.landed()) == BUSY_ORDERS


async def test_time_that_the_source_no_longer_shows_is_told_and_reading_goes_on(database: str, home: Path) -> None:
    async with opened("lazada", database, home) as source:
        source.clock.moved += timedelta(days=100)
        placed = source.place(1, timedelta(minutes=5))
        await _pull(source)
        assert placed in await source.landed()
        told = await source.ask("select evidence from case_file where kind = 'out_of_reach' and resolved_at is null")
        (evidence,) = [row[0] for row in told]
        assert timedelta(days=10) < _at(evidence["to"]) - _at(evidence["from"]) < timedelta(days=13)
        await _pull(source)
        assert len(await source.ask("select 1 from case_file where kind = 'out_of_reach'")) == 1


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["amazon", "ebay", "lazada", "shopee", "woocommerce"])
async def test_what_changed_while_the_live_reading_was_away_was_not_left_out(
    name: str, database: str, home: Path
) -> None:
    """A second look by the time of creation meets orders as they are now: what they became since is news, no find."""
    async with opened(name, database, home) as source:
        source.clock.moved += timedelta(minutes=10)
        ids = [source.place(n, timedelta(seconds=10 + 7 * n)) for n in range(1, 4)]
        source.clock.moved += timedelta(minutes=10)
        await _pull(source)
        assert set(await source.landed()) == set(ids)
        source.clock.moved += timedelta(hours=3)
        source.simulator.cancel(ids[1], source.clock() - timedelta(seconds=5))
        before = (await source.ask("select count(*) from message"))[0][0]
        await walk_step(source.hub)
        assert (await source.ask("select count(*) from message"))[0][0] == before + 1, "it is taken all the same"
        assert await _cases(source) == []
        await _pull(source)
        assert await _cases(source) == []


async def test_what_a_page_left_out_is_told_though_another_list_of_the_shop_is_refused(
    database: str, home: Path
) -> None:
    async with opened("taobao", database, home, page_size=4) as source:
        ids = await _shop_of_orders(source)
        source.simulator.trouble.add("status_500", 1_000, on="refunds")
        source.simulator.hiding.short_page(ids[5:7])
        source.simulator.hiding.short_page(ids[8:9], times=1_000)
        await _pull(source)
        assert set(await source.landed()) == set(ids) - {ids[8]}
        (told,) = await _cases(source)
        assert (told["missing"], told["found"]) == (1, 2)
        ((why,),) = await source.ask("select last_error from pull_cursor")
        assert why.startswith("refunds")


async def test_a_second_look_goes_on_past_an_order_of_which_a_part_cannot_be_read(database: str, home: Path) -> None:
    async with opened("amazon", database, home) as source:
        source.clock.moved += timedelta(minutes=10)
        ids = [source.place(n, timedelta(seconds=10 + 7 * n)) for n in range(1, 4)]
        source.clock.moved += timedelta(hours=3)
        await _pull(source)
        source.simulator.cancel(ids[1], source.clock() - timedelta(seconds=5))
        source.simulator.trouble.add("broken_body", 100, on="getOrderItems")
        await walk_step(source.hub)
        ((failures, why),) = await source.ask("select failures, last_error from pull_walk")
        assert (failures, why) == (0, "")
        assert ("order_without_items",) in await source.ask("select topic from message")
