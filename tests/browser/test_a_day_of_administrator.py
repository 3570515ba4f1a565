"""The administrator: somebody new gets in with what their role needs and no more, and who looked at what is known."""

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
async def test_somebody_new_gets_in(
    browser: Browser, shop: tuple[World, str], language: str, size: tuple[int, int],
) -> None:
    world, _ = shop
    async with a_day(browser, shop, "administrator", language, size) as day:
        page = day.page
        await day.go("/settings/users")
        await day.button("添加用户", "Add user").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label(day.word("名称", "Name")).fill("小李")
        await dialog.get_by_label(day.word("角色", "Role")).click()
        await page.locator(".ant-select-item-option").filter(has_text=day.word("仓储", "Warehouse")).click()
        await dialog.get_by_role("button", name=day.word("添加", "Add"), exact=True).click()
        await expect(page.locator("pre.code")).to_be_visible()
        await day.look()
        await page.locator(".ant-modal button.ant-btn-primary").click()
        await expect(page.locator("main")).to_contain_text("小李")
        for path in ("/settings/roles", "/settings/tokens", "/settings/unmaskings", "/settings/account"):
            await day.go(path)
    assert world.rows("select role from app_user where name = '小李'") == [("warehouse",)]
