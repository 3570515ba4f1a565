"""Who works in the order list finds orders, sees ahead what a change to many would do, and needs no mouse."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Browser, expect

from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings

SEEN = os.environ.get("SEEN", "")


async def test_many_orders_are_held_after_their_dry_run_was_looked_at(
    browser: Browser, world: World, page_url: str, tmp_path: Path,
) -> None:
    async with at_console(browser, world, page_url.rstrip("/"), "operations", size=DESK, language="zh") as page:
        await page.goto(f"{page_url}orders?phase=ready")
        await expect(page.locator("tbody tr.ant-table-row")).to_have_count(3)
        await page.keyboard.press("j")
        await page.keyboard.press("x")
        await page.keyboard.press("j")
        await page.keyboard.press("x")
        await expect(page.locator(".bulk")).to_contain_text("已选 2 单")
        await page.screenshot(path=f"{SEEN or tmp_path}/orders-chosen.png")
        await page.locator(".bulk").get_by_role("button", name="挂起", exact=True).click()
        await page.get_by_placeholder("请写明原因").fill("等质检结果")
        await page.get_by_role("button", name="试算").click()
        await expect(page.get_by_role("heading", name="会发生什么")).to_be_visible()
        await page.screenshot(path=f"{SEEN or tmp_path}/orders-preview.png")
        await page.get_by_role("button", name="挂起 2 单").click()
        await expect(page.locator(".bulk")).to_have_count(0)
        runner = Runner(world.hub, job_kinds(world.hub))
        while await runner.step():
            pass
        assert world.rows("select count(*) from orders where phase = 'held'") == [(2,)]
        await page.goto(f"{page_url}orders?phase=returned")
        await expect(page.get_by_role("heading", name="没有符合的订单")).to_be_visible()
        await page.get_by_role("button", name="清除筛选").click()
        await expect(page.locator("tbody tr.ant-table-row")).to_have_count(3)
        await page.screenshot(path=f"{SEEN or tmp_path}/orders-all.png")
        assert await grave_findings(page) == []


async def test_chosen_orders_are_replayed_after_a_look_and_each_is_told(
    browser: Browser, world: World, page_url: str, tmp_path: Path,
) -> None:
    async with at_console(browser, world, page_url.rstrip("/"), "administrator", size=DESK, language="zh") as page:
        await page.goto(f"{page_url}orders")
        await expect(page.locator("tbody tr.ant-table-row")).to_have_count(3)
        await page.keyboard.press("j")
        await page.keyboard.press("x")
        await page.locator(".bulk").get_by_role("button", name="重放").click()
        await expect(page.get_by_text("不会改变任何订单。")).to_be_visible()
        await page.screenshot(path=f"{SEEN or tmp_path}/orders-replay.png")
        assert await grave_findings(page) == []
        await page.get_by_role("button", name="重放 1 单").click()
        await expect(page.locator(".bulk")).to_have_count(0)
        runner = Runner(world.hub, job_kinds(world.hub))
        while await runner.step():
            pass
        await expect(page.get_by_text("没有原始消息")).to_be_visible()


async def test_the_list_stands_on_a_phone_and_in_english(
    browser: Browser, world: World, page_url: str, tmp_path: Path,
) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "service", size=PHONE, language="zh", theme="dark") as page:
        await page.goto(f"{base}/orders")
        await expect(page.locator("ul.cards > li")).to_have_count(3)
        await page.screenshot(path=f"{SEEN or tmp_path}/orders-phone.png")
    async with at_console(browser, world, base, "finance", size=DESK, language="en", theme="dark") as page:
        await page.goto(f"{base}/orders?placed=7d")
        await expect(page.locator("tbody tr.ant-table-row")).to_have_count(3)
        await page.screenshot(path=f"{SEEN or tmp_path}/orders-en.png")
        await page.keyboard.press("Control+k")
        number = world.rows("select number from orders limit 1")[0][0]
        await page.keyboard.type(number)
        await expect(page.locator(".palette-list")).to_contain_text(number)
        await page.screenshot(path=f"{SEEN or tmp_path}/palette.png")
