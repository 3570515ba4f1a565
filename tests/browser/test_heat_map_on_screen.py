"""The heat map on screen: what sold in which hour is seen at a desk and on a phone, and what lies still is found."""

from __future__ import annotations

import os

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_stock_on_screen import fits
from tests.support.alarms import watch
from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console


@pytest.mark.parametrize(("size", "theme"), [(DESK, "light"), (PHONE, "dark")], ids=["1440", "390"])
async def test_an_hours_sales_are_seen_by_sku(
    browser: Browser, world: World, page_url: str, size: tuple[int, int], theme: str,
) -> None:
    await watch(world.hub)
    sold = world.rows("select sum(units)::int from sales_hour where warehouse_id = 0")[0][0]
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=size, language="zh", theme=theme) as page:
        await page.goto(f"{base}/stock-heat?by=day")
        await expect(page.get_by_role("heading", name="热度图")).to_be_visible()
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name="M-001", exact=True))
        await expect(row.get_by_role("cell").last).to_have_text(str(sold))
        await fits(page, "days")
        if shots := os.environ.get("SHOTS"):
            await page.screenshot(path=f"{shots}/heat-{size[0]}.png", full_page=True)
        await page.get_by_text("近 24 小时").click()
        await page.get_by_text("卖得最少").click()
        await expect(page).to_have_url(f"{base}/stock-heat?order=worst")
        await fits(page, "worst")
        await page.get_by_label("查找编码、名称、条码").fill("no such thing")
        await page.get_by_label("查找编码、名称、条码").press("Enter")
        await expect(page.get_by_text("没有商品", exact=True)).to_be_visible()
        await fits(page, "empty")
