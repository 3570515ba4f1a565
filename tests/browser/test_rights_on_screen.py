"""An administrator limits a user by what there is, and looks at the console as another role sees it."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.browser_session import a_person
from tests.support.on_screen import PHONE, at_console, grave_findings, settled, too_wide

SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


async def shot(page: Page, name: str) -> None:
    """Keep a picture for who looks at it."""
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


async def test_a_user_is_limited_by_what_there_is(browser: Browser, world: World, base: str) -> None:
    await a_person(world, "仓管员", "warehouse")
    await world.app.state.desk.identity.limit("仓管员", {})
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/users?peek=仓管员")
        await expect(page.get_by_text("角色必须限定仓库")).to_be_visible()
        await page.get_by_role("button", name="改数据范围").click()
        await page.get_by_label("仓库", exact=True).click()
        await page.locator(".ant-select-item-option").filter(has_text="杭州仓").click()
        await page.get_by_role("heading", name="数据范围").click()
        await page.get_by_label("商品编码", exact=True).fill("M-*")
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="数据范围").click()
        await shot(page, "users-limits-zh")
        await page.get_by_role("button", name="保存").click()
        await expect(page.get_by_text("数据范围已更新")).to_be_visible()
        [(kept,)] = world.rows("select limits::text from app_user where name = '仓管员'")
        assert "HZ" in kept and "M-*" in kept
        await expect(page.get_by_text("角色必须限定仓库")).to_be_hidden()
        await shot(page, "users-limited-zh")
        assert not await grave_findings(page)


async def test_who_has_no_warehouse_yet_is_told_so_and_led_through_no_guide(
    browser: Browser, world: World, base: str
) -> None:
    await a_person(world, "新仓管", "warehouse")
    await world.app.state.desk.identity.limit("新仓管", {})
    async with at_console(browser, world, base, "warehouse", name="新仓管") as page:
        for path in ("/", "/works"):
            await page.goto(f"{base}{path}")
            await settled(page)
            await expect(page.get_by_text("还没有给你指定仓库")).to_be_visible()
            await expect(page.get_by_text("五步走到第一单")).to_have_count(0)
        await world.app.state.desk.identity.limit("新仓管", {"warehouse": ["*"]})
        await page.reload()
        await settled(page)
        await expect(page.get_by_text("还没有给你指定仓库")).to_have_count(0)


async def test_the_console_is_seen_as_a_role_and_nothing_can_be_changed_so(
    browser: Browser, world: World, base: str
) -> None:
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/roles")
        await page.get_by_role("button", name="看成 客服").click()
        await expect(page.get_by_text("正在以“客服”的身份查看")).to_be_visible()
        await expect(page.get_by_role("link", name="生命周期")).to_be_visible()
        await page.goto(f"{base}/settings/account")
        await expect(page.get_by_role("link", name="用户", exact=True)).to_be_hidden()
        await page.goto(f"{base}/orders")
        await settled(page)
        await shot(page, "see-as-zh")
        assert not await grave_findings(page)
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert await too_wide(page) <= 0
        await page.get_by_role("button", name="回到我自己").click()
        await expect(page).to_have_url(re.compile("/settings/roles"))
        await expect(page.get_by_text("正在以“客服”的身份查看")).to_be_hidden()


async def test_habits_are_kept_and_the_chosen_page_comes_first(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "management") as page:
        await page.goto(f"{base}/settings/account")
        await page.locator(".habits").get_by_text("宽松").click()
        await page.get_by_label("打开后先到").click()
        await page.locator(".ant-select-item-option").filter(has_text="洞察").click()
        await expect(page.get_by_text("已保存")).to_be_visible()
        await shot(page, "habits-zh")
        assert not await grave_findings(page)
        fresh = await page.context.new_page()
        await fresh.goto(f"{base}/")
        await expect(fresh).to_have_url(re.compile("/insight"))
        await fresh.get_by_role("link", name="首页", exact=True).click()
        await expect(fresh.get_by_role("heading", level=1, name="首页")).to_be_visible()
        assert await fresh.evaluate("document.documentElement.dataset.density") == "comfortable"
    [(kept,)] = world.rows("select preferences::text from app_user where name like 'management%'")
    assert "/insight" in kept and "comfortable" in kept
