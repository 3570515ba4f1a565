"""Management: how it goes against before, down to the rows; nothing can be broken by looking."""

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
async def test_figures_lead_to_their_rows(
    browser: Browser, shop: tuple[World, str], language: str, size: tuple[int, int],
) -> None:
    world, _ = shop
    number = str(world.rows("select number from orders order by number limit 1")[0][0])
    async with a_day(browser, shop, "management", language, size) as day:
        page = day.page
        boards = ("overview", "orders", "sync", "cases", "recovery", "shipping") if language == "zh" else ("overview",)
        for board in boards:
            await day.go(f"/insight/{board}")
        await day.go("/orders")
        await day.go(f"/orders/{number}")
        for verb in (("挂起", "Hold"), ("取消订单", "Cancel order"), ("改收件人", "Change receiver")):
            await expect(page.get_by_role("button", name=day.word(*verb), exact=True)).to_have_count(0)
        await day.go("/settings/account")
        await expect(page.get_by_role("link", name=day.word("用户", "Users"), exact=True)).to_have_count(0)
