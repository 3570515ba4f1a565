"""The warehouse: its own works are picked, packed and handed over, and what was counted is booked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.support.api_hub import World
from tests.support.day import LOOKS, a_day, a_shop


@pytest.fixture
async def shop(home: Path, database: str) -> AsyncIterator[tuple[World, str]]:
    async with a_shop(home, database) as shop:
        yield shop


@pytest.mark.parametrize(("language", "size"), LOOKS)
async def test_what_was_sold_today_leaves_the_house(
    browser: Browser, shop: tuple[World, str], language: str, size: tuple[int, int],
) -> None:
    world, _ = shop
    ((work, order),) = world.rows("select w.number, o.number from work w join orders o on o.id = w.order_id limit 1")
    async with a_day(browser, shop, "warehouse", language, size, warehouse=["HZ"]) as day:
        page = day.page
        await day.go("/")
        assert "¥" not in await page.locator("main").inner_text()
        await day.go("/works")
        await page.get_by_text(work).first.click()
        drawer = page.get_by_role("dialog")
        await drawer.get_by_role("button", name=day.word("拣完了", "Picked"), exact=True).click()
        await expect(drawer.locator("dd .tag")).to_have_text(day.word("已拣货", "Picked"))
        await drawer.get_by_role("button", name=day.word("装好了", "Packed"), exact=True).click()
        await expect(drawer.locator("dd .tag")).to_have_text(day.word("已打包", "Packed"))
        await drawer.get_by_label(day.word("承运商", "Carrier")).fill("顺丰")
        await drawer.get_by_label(day.word("运单号", "Waybill")).fill("SF1234567890")
        await drawer.get_by_role("button", name=day.word("登记出库", "Book as out")).click()
        await expect(drawer).to_contain_text(day.word("已出库", "Out"))
        await day.look()
        await day.go(f"/orders/{order}")
        await expect(page.locator("main")).to_contain_text("SF1234567890")
        if language == "zh":
            await day.go("/stock")
            await day.go("/stock/M-001")
            await page.get_by_role("button", name="调整库存").click()
            drawer = page.get_by_role("dialog")
            await drawer.get_by_label("做什么").click()
            await page.get_by_title("盘点", exact=True).click()
            await drawer.get_by_label("仓库").click()
            await page.get_by_title("杭州仓").click()
            await drawer.get_by_label("数量").fill("990")
            await drawer.get_by_label("原因").fill("月底盘点")
            await drawer.get_by_role("button", name="看会改变什么").click()
            await drawer.get_by_role("button", name="确认入账 1 行").click()
            await expect(page.locator("main")).to_contain_text("月底盘点")
            await day.look()
    assert world.rows("select state from parcel") != []
