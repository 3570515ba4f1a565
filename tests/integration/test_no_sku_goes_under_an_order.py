"""A SKU is removed only when nothing names it: not even what is being read at the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from orderloom.application.adjust import adjust_stock
from orderloom.application.change import Change
from orderloom.application.keep_skus import keep_skus, remove_sku
from orderloom.application.not_kept import NotKept
from orderloom.application.sku_row import SkuRow
from orderloom.testing.proof import prove
from tests.support.api_hub import World, a_world, csv_file
from tests.support.by_hand import upload
from tests.support.source_hub import until

CLAIM = """insert into stock_claim (system, warehouse_id, sku_id, meaning, quantity, as_of)
    select 'WMS', 1, id, 'free', 1, now() from sku where code = 'M-009'"""
WAITS_FOR_A_ROW = b"""select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'"""
WAITS = b"select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'advisory'"


async def _waits(world: World, waits: bytes = WAITS) -> bool:
    async with world.hub.pool.connection() as connection:
        row = await (await connection.execute(waits)).fetchone()
        return row is not None and row[0] > 0


@pytest.mark.parametrize("is_named", [True, False])
async def test_a_removal_waits_for_the_batch_that_may_name_the_sku(
    database: str, home: Path, is_named: bool,
) -> None:
    async with a_world(home, database, orders=0) as world:
        hub = world.hub
        await keep_skus(hub.ports.catalogue, [SkuRow("M-009")])
        await upload(hub, "XLS", "a.csv", csv_file("M-001"))
        async with hub.begin() as work:
            assert await work.take(10, None), "a batch is under way"
            removing = asyncio.create_task(remove_sku(hub.ports.catalogue, "M-009"))
            await until(lambda: _waits(world), 10.0)
            if is_named:
                await work.connection.execute(CLAIM)
        if is_named:
            with pytest.raises(NotKept, match="has a past"):
                await removing
        else:
            assert (await removing).sku == "M-009"


@pytest.mark.parametrize("is_level_known", [True, False])
async def test_a_removal_waits_for_goods_that_are_being_booked(
    database: str, home: Path, is_level_known: bool,
) -> None:
    """Its levels would go with what lies there, or the database would refuse in words of its own."""
    async with a_world(home, database, orders=0) as world:
        hub = world.hub
        await keep_skus(hub.ports.catalogue, [SkuRow("M-009")])
        async with hub.ports.catalogue() as goods:
            sku_id = (await goods.sku_ids(["M-009"]))["M-009"]
        if is_level_known:
            async with hub.begin() as work:
                await work.ledger.level(sku_id, 1)
        async with hub.begin() as work:
            level, change = await work.ledger.level(sku_id, 1), Change()
            assert adjust_stock(change, level, "receive", "R-1", "arrived", "li", hub.now(), on_hand=5) is None
            await work.save(change, hub.now(), "li")
            removing = asyncio.create_task(remove_sku(hub.ports.catalogue, "M-009"))
            await until(lambda: _waits(world, WAITS_FOR_A_ROW), 10.0)
        with pytest.raises(NotKept, match="has a past"):
            await removing
        assert await prove(hub) == []
