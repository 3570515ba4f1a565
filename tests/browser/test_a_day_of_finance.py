"""Finance: what was sold is looked at by shop and taken home as a table; no name of a buyer is on it."""

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
async def test_closed_orders_go_home_as_a_table(
    browser: Browser, shop: tuple[World, str], language: str, size: tuple[int, int],
) -> None:
    world, _ = shop
    async with a_day(browser, shop, "finance", language, size) as day:
        page = day.page
        await day.go("/")
        await day.go("/orders?placed=7d")
        assert "林" not in await page.locator("main").inner_text(), "finance sees no receiver"
        number = str(world.rows("select number from orders order by number limit 1")[0][0])
        await day.go(f"/orders/{number}")
        hidden = day.word("你的角色看不到收件人。", "Your role does not see the receiver.")
        await expect(page.locator("#receiver").get_by_text(hidden)).to_be_visible()
        await day.go("/orders?placed=7d")
        await day.button("导出", "Export").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_text("CSV", exact=True).click()
        await dialog.get_by_role("button", name=day.word("开始导出", "Export")).click()
        await page.get_by_role("button", name=day.word("后台任务", "Background jobs")).click()
        link = page.get_by_role("link", name=day.word("下载", "Download"))
        async with page.expect_download() as taken:
            await link.first.click()
        assert (await (await taken.value).path()).stat().st_size > 0
        await day.look()
        if language == "zh":
            await day.go("/cases")
            await day.go("/insight/orders?by=account")
    assert world.rows("select count(*) from unmasking") == [(0,)]
