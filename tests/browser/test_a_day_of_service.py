"""Customer service: a buyer calls, and is answered from one page; what cannot be answered now is somebody's by name."""

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
async def test_a_buyer_who_calls_is_answered(
    browser: Browser, shop: tuple[World, str], language: str, size: tuple[int, int],
) -> None:
    world, _ = shop
    number = str(world.rows("select number from orders order by number limit 1")[0][0])
    async with a_day(browser, shop, "service", language, size) as day:
        page = day.page
        await day.go("/")
        await day.go("/orders?phase=ready")
        if size == PHONE:
            await page.locator("ul.cards > li").filter(has_text=number).click()
        else:
            await page.keyboard.press("Control+k")
            await page.keyboard.type(number)
            await expect(page.locator(".palette-list")).to_contain_text(number)
            await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=number)).to_be_visible()
        await day.look()
        await page.get_by_role("button", name=day.word("查看明文", "Show clear text")).first.click()
        await page.get_by_label(day.word("原因", "Reason"), exact=True).fill("买家来电核对地址")
        await page.get_by_role("button", name=day.word("查看明文", "Show clear text")).last.click()
        await expect(page.locator("#receiver a[href^='tel:']")).to_be_visible()
        await page.get_by_label(day.word("写备注", "Write note"), exact=True).fill("@仓库 买家要求周五前到")
        await day.button("已联系买家", "Buyer was contacted").click()
        await page.get_by_role("button", name=day.word("写备注", "Write note"), exact=True).click()
        await expect(page.locator(".order-past")).to_contain_text("买家要求周五前到")
        await day.button("挂起", "Hold").click()
        await page.get_by_role("dialog").get_by_label(day.word("原因", "Reason")).fill("买家要改地址")
        await day.button("看会改变什么", "See what changes").click()
        await expect(page.get_by_test_id("effect")).to_be_visible()
        await day.button("挂起 1 单", "Hold: 1 order").click()
        await expect(page.get_by_test_id("say")).to_contain_text(day.word("挂起", "On hold"))
        await day.look()
        if language == "zh":
            await day.go("/cases")
            await expect(page.locator(".piles")).to_contain_text("2")
        if size != PHONE and language == "zh":
            await day.go("/mappings/XLS/row")
            await expect(page.get_by_text("只能查看")).to_be_visible()
            await expect(page.get_by_role("button", name="上传样本")).to_have_count(0)
            await expect(page.get_by_role("button", name="对应 数量")).to_be_disabled()
        await day.go("/settings/account")
        await expect(page.get_by_role("link", name=day.word("用户", "Users"), exact=True)).to_have_count(0)
    assert world.rows("select count(*) from order_note where contacted_at is not null") == [(1,)]
    assert world.rows("select count(*) from unmasking") == [(1,)]
