"""Operations: what stands still is mended for all that wait on it, and what is being watched is in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.support.api_hub import World
from tests.support.day import LOOKS, a_day, a_shop
from tests.support.on_screen import PHONE


@pytest.fixture
async def shop(home: Path, database: str) -> AsyncIterator[tuple[World, str]]:
    async with a_shop(home, database) as shop:
        yield shop


@pytest.mark.parametrize(("language", "size"), LOOKS)
async def test_what_stands_still_goes_on(
    browser: Browser, shop: tuple[World, str], language: str, size: tuple[int, int],
) -> None:
    world, _ = shop
    async with a_day(browser, shop, "operations", language, size) as day:
        page = day.page
        await day.go("/")
        await day.go("/cases")
        ((case,),) = world.rows("select id::text from case_file where kind = 'unknown_sku' and resolved_at is null")
        await day.go(f"/cases/{case}")
        await day.button("看会改变什么 ↓", "See what changes ↓").click()
        await expect(page.locator(".counts")).to_contain_text("2")
        await day.look()
        await day.button("登记并重放 2 条", "Add and replay 2").click()
        mended = day.word("已修复，2 条正在重新处理", "Mended; 2 go through again")
        await expect(page.get_by_text(mended)).to_be_visible()
        await day.go("/orders?phase=ready")
        if size != PHONE:
            for key in ("j", "x", "j", "x"):
                await page.keyboard.press(key)
            await page.locator(".bulk").get_by_role("button", name=day.word("挂起", "Hold"), exact=True).click()
            await page.get_by_role("dialog").get_by_role("textbox").first.fill("等质检结果")
            await day.button("试算", "Dry run").click()
            await day.look()
            await day.button("挂起 2 单", "Hold 2 orders").click()
            await expect(page.locator(".bulk")).to_have_count(0)
        for path in ("/products", "/connections", "/deliveries", "/lifecycle?stage=paid", "/insight/overview"):
            await day.go(path)
