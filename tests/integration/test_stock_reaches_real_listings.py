"""Stock at channels whose listing ids nobody typed in: what a seller would oversell if they were not looked up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db import publishing
from orderloom.adapters.db.directory import bump
from orderloom.application.keep_skus import switch_sku
from orderloom.application.keep_warehouse import switch_warehouse
from orderloom.application.sending import Deliverer
from orderloom.application.sources.listing import Seeker
from orderloom.application.switch_account import switch_account
from tests.support.by_hand import move
from tests.support.source_hub import Source, opened

STOCKED = ("taobao", "shopify", "amazon")
ROUNDS = 5
KEPT_BACK = {"amazon": 2}
"""Units that the default blueprint does not show."""


async def _goods(source: Source, **units: int) -> None:
    """SKUs of these codes with so many units in one warehouse."""
    async with source.hub.pool.connection() as connection:
        await connection.execute("insert into warehouse (code, name) values ('HZ', 'HZ') on conflict do nothing")
        for code in units:
            await connection.execute("insert into sku (code) values (%s)", (code.replace("_", "-"),))
        await bump(connection)
    for code, number in units.items():
        await _receive(source, code.replace("_", "-"), number)


async def _receive(source: Source, code: str, number: int) -> None:
    await move(source.hub, code, "HZ", "receive", "test", "test", on_hand=number)


async def _sell(source: Source, *codes: str) -> None:
    for code in codes:
        put_up = source.simulator.listing if source.account.connector == "shopify" else source.simulator.list_sku
        put_up(code)


async def _tell(source: Source) -> None:
    """Look up, publish and send until nothing is left to do."""
    seeker, deliverer = Seeker(source.hub), Deliverer(source.hub)
    for _ in range(ROUNDS):
        await seeker.step()
        directory = await source.hub.directory()
        async with source.hub.pool.connection() as connection:
            await publishing.publish_stock(connection, directory, source.hub.now())
        await deliverer.step()
        await deliverer.drain()


async def _alias(source: Source, alias: str, code: str, *, is_for_all: bool = False, **more: Any) -> None:
    async with source.hub.pool.connection() as connection:
        await connection.execute(
            "insert into sku_alias (account_id, alias, sku_id, factor, is_published) "
            "select %s, %s, id, %s, %s from sku where code = %s",
            (None if is_for_all else source.account.id, alias, more.get("factor", 1), more.get("is_published", True),
             code))
        await bump(connection)


@pytest.mark.parametrize("name", STOCKED)
async def test_stock_is_shown_where_the_channel_spells_our_own_code_and_nowhere_else(
    name: str, database: str, home: Path
) -> None:
    async with opened(name, database, home) as source:
        await _sell(source, "M-001", "shop-2", "shop-3", "6-PACK")
        await _goods(source, M_001=7, M_002=12, M_003=5, M_004=9)
        await _alias(source, "shop-2", "M-002")
        await _alias(source, "6-PACK", "M-002", factor=6)
        await _alias(source, "shop-3", "M-003", is_for_all=True)
        await _tell(source)
        less = KEPT_BACK.get(name, 0)
        assert source.simulator.stock == {
            "M-001": 7 - less, "shop-2": 12 - less, "6-PACK": (12 - less) // 6, "shop-3": 5 - less,
        }
        parked = await source.ask("select kind, last_error from delivery where state <> 'done'")
        assert parked == [] and not await source.ask("select 1 from case_file")
        await _receive(source, "M-001", 3)
        asked = len(source.simulator.requests), sum(source.simulator.requests.values())
        await _tell(source)
        assert source.simulator.stock["M-001"] == 10 - less
        assert sum(source.simulator.requests.values()) - asked[1] <= 3, "ids that were found are kept"


async def test_an_item_of_taobaos_without_skus_shows_its_stock_too(database: str, home: Path) -> None:
    async with opened("taobao", database, home) as source:
        source.simulator.list_item("M-001")
        await _goods(source, M_001=7)
        await _tell(source)
        assert source.simulator.stock == {"M-001": 7}
        assert await source.ask("select 1 from delivery where state <> 'done'") == []


@pytest.mark.parametrize("name", ["taobao", "shopify"])
async def test_every_listing_of_one_code_shows_its_stock(name: str, database: str, home: Path) -> None:
    async with opened(name, database, home) as source:
        source.simulator.list_again("M-001")
        await _goods(source, M_001=7)
        await _tell(source)
        assert source.simulator.stock == {"M-001": 7, "M-001 again": 7}
        assert await source.ask("select 1 from delivery where state <> 'done'") == []


async def test_a_listing_that_is_made_later_or_made_anew_is_found_by_itself(database: str, home: Path) -> None:
    async with opened("shopify", database, home) as source:
        await _goods(source, M_001=7)
        await _tell(source)
        assert source.simulator.stock == {}
        await _sell(source, "M-001")
        source.clock.moved += timedelta(hours=7)
        await _tell(source)
        assert source.simulator.stock == {"M-001": 7}


async def test_a_spelling_that_means_something_else_is_not_taken_for_our_code(database: str, home: Path) -> None:
    async with opened("taobao", database, home) as source:
        await _sell(source, "M-001", "M-002")
        await _goods(source, M_001=7, M_002=4)
        await _alias(source, "M-001", "M-002")
        await _alias(source, "M-002", "M-002", is_published=False)
        await _tell(source)
        assert source.simulator.stock == {"M-001": 4}


async def test_a_platform_that_fails_is_asked_again_and_a_lookup_that_was_killed_too(database: str, home: Path) -> None:
    async with opened("amazon", database, home) as source:
        await _sell(source, "M-001")
        await _goods(source, M_001=7)
        source.simulator.fault("status_500")
        await _tell(source)
        assert source.simulator.stock == {}
        source.clock.moved += timedelta(minutes=11)
        await _tell(source)
        assert source.simulator.stock == {"M-001": 7 - KEPT_BACK["amazon"]}


async def test_a_channel_that_cannot_take_stock_is_never_sent_any(database: str, home: Path) -> None:
    async with opened("shopify", database, home) as source:
        sealed = source.hub.vault.encrypt(b"{}")
        async with source.hub.pool.connection() as connection:
            row = await (await connection.execute(
                "insert into account (code, family, connector, zone, credentials_cipher) "
                "values ('FL01', 'channels', 'files', 'Asia/Shanghai', %s) returning id", (sealed,))).fetchone()
        assert row is not None
        await _goods(source, M_001=7)
        await _sell(source, "M-001")
        async with source.hub.pool.connection() as connection:
            await connection.execute("insert into sku_alias (account_id, alias, sku_id) select %s, 'F-1', id from sku",
                                     (row[0],))
            await bump(connection)
        await _tell(source)
        assert await source.ask("select distinct account_id from delivery") == [(source.account.id,)]
        assert source.simulator.stock == {"M-001": 7}


async def test_a_shop_that_is_switched_off_is_not_asked_and_what_waits_for_it_keeps_no_worker_busy(
    database: str, home: Path
) -> None:
    async with opened("shopify", database, home) as source:
        await _sell(source, "M-001")
        await _goods(source, M_001=7)
        seeker, deliverer = Seeker(source.hub), Deliverer(source.hub)
        await seeker.step()
        async with source.hub.pool.connection() as connection:
            await publishing.publish_stock(connection, await source.hub.directory(), source.hub.now())
            await connection.execute("update account set is_active = false")
            await connection.execute("update channel_listing set looked_at = looked_at - interval '2 days'")
            await bump(connection)
        seeker = Seeker(source.hub)
        assert await seeker.step() == 0 and await deliverer.step() == 0
        assert not source.simulator.stock


async def test_a_platform_that_asks_for_a_pause_keeps_no_worker_busy_until_it_is_over(
    database: str, home: Path
) -> None:
    async with opened("shopify", database, home) as source:
        await _sell(source, "M-001")
        await _goods(source, M_001=7)
        await _tell(source)
        await _receive(source, "M-001", 1)
        deliverer = Deliverer(source.hub)
        async with source.hub.pool.connection() as connection:
            await connection.execute("update token_bucket set blocked_until = %s", (
                source.hub.now() + timedelta(minutes=1),))
            await publishing.publish_stock(connection, await source.hub.directory(), source.hub.now())
        for _ in range(2):
            steps = await deliverer.step()
            await deliverer.drain()
        assert steps == 0 and source.simulator.stock == {"M-001": 7}
        async with source.hub.pool.connection() as connection:
            await connection.execute("update token_bucket set blocked_until = null, tokens = 1")
        for _ in range(2):
            await deliverer.step()
            await deliverer.drain()
        assert source.simulator.stock == {"M-001": 8}


async def test_what_is_switched_off_or_on_is_shown_so_though_nothing_moves(database: str, home: Path) -> None:
    async with opened("shopify", database, home) as source:
        await _sell(source, "M-001")
        await _goods(source, M_001=7)
        await _tell(source)
        shown = []
        for house, sku, is_active in (("HZ", "", False), ("HZ", "", True), ("", "M-001", False), ("", "M-001", True)):
            kept = source.hub.ports.catalogue
            if house:
                await switch_warehouse(kept, house, is_active)
            else:
                await switch_sku(kept, sku, is_active)
            await _tell(source)
            shown.append(source.simulator.stock["M-001"])
        assert shown == [0, 7, 0, 7]


async def test_a_shop_that_is_switched_on_again_shows_what_was_sold_elsewhere_meanwhile(
    database: str, home: Path
) -> None:
    async with opened("shopify", database, home) as source:
        await _sell(source, "M-001")
        await _goods(source, M_001=7)
        await _tell(source)
        for is_active in (False, True):
            await switch_account(source.hub.ports.accounts, source.account.code, is_active)
            if not is_active:
                await move(source.hub, "M-001", "HZ", "adjust", "sold elsewhere", "test", on_hand=-6)
            await _tell(source)
        assert source.simulator.stock == {"M-001": 1}
