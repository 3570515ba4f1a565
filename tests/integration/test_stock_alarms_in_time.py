"""Who has to act hears within seconds of stock that runs out, falls below zero or is promised without goods, and hears
no more of it when it is right again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderloom.adapters.db.directory import bump
from orderloom.adapters.ids import new_id
from orderloom.application.keep_quotas import QuotaLine, QuotaWish, plan_quotas
from orderloom.application.keep_skus import keep_skus
from orderloom.application.sku_row import SkuRow
from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings
from tests.support.alarms import watch
from tests.support.by_hand import move
from tests.support.moves import SKUS
from tests.support.seller import settle_in

OPENING = {(1, 1): 10, (2, 1): 10}


@pytest.fixture
async def hub(database: str, home: Path) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home), database) as opened:
        await settle_in(opened, OPENING)
        yield opened


async def adjust(hub: Hub, units: int, cause: str) -> None:
    await move(hub, "A", "HZ", "adjust", cause, "li", on_hand=units, cause=cause)


async def ship_unseen(hub: Hub, units: int) -> None:
    """More left than the book knew of: that is never refused."""
    async with hub.pool.connection() as connection, connection.transaction():
        await connection.execute("update stock_level set on_hand = on_hand - %s where sku_id = 1", (units,))
        await bump(connection)


async def test_a_sku_that_runs_low_is_told_to_the_purchaser_until_goods_come(hub: Hub) -> None:
    await adjust(hub, -4, "sold")
    assert await watch(hub) == [], "six are more than five"
    await adjust(hub, -1, "one more")
    assert await watch(hub) == [("low_stock", "A", "purchaser")]
    await adjust(hub, 5, "goods")
    assert await watch(hub) == []


async def test_a_skus_own_limit_goes_first_and_0_is_never(hub: Hub) -> None:
    await keep_skus(hub.ports.catalogue, [SkuRow("A", low_at=10)])
    assert await watch(hub) == [("low_stock", "A", "purchaser")], "without any movement"
    await keep_skus(hub.ports.catalogue, [SkuRow("A", low_at=0)])
    await adjust(hub, -10, "all gone")
    assert await watch(hub) == []
    await keep_skus(hub.ports.catalogue, [SkuRow("A", low_at=-1)])
    assert await watch(hub) == [("low_stock", "A", "purchaser")], "the blueprint's limit again"


async def test_a_level_below_zero_is_a_case_until_it_is_counted(hub: Hub) -> None:
    await keep_skus(hub.ports.catalogue, [SkuRow("A", low_at=0)])
    await ship_unseen(hub, 12)
    assert ("stock_negative", "A@HZ", "warehouse") in await watch(hub)
    await ship_unseen(hub, -12)
    assert await watch(hub) == []


async def test_safety_stock_that_is_eaten_into_is_below_zero_without_being_oversold(hub: Hub) -> None:
    await keep_skus(hub.ports.catalogue, [SkuRow("A", low_at=0)])
    await move(hub, "A", "HZ", "protect", "safety", "li", safety=8, cause="safety")
    await adjust(hub, -4, "lost")
    assert await watch(hub) == [("stock_negative", "A@HZ", "warehouse")]
    await adjust(hub, 2, "found")
    assert await watch(hub) == []


async def test_a_quota_that_nothing_lies_there_for_is_a_case(hub: Hub) -> None:
    await keep_skus(hub.ports.catalogue, [SkuRow("A", low_at=0)])
    wish = QuotaWish([QuotaLine("A", "HZ", 8)], "双十一", campaign="11.11")
    await plan_quotas(hub.begin, wish, SKUS, await hub.directory(), "k", "li", hub.now(), new_id)
    await adjust(hub, -5, "lost")
    assert await watch(hub) == [("quota_unbacked", "A@HZ", "operations")]
    await adjust(hub, 3, "found")
    assert await watch(hub) == []
