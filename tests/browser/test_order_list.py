"""Who works in the order list finds orders, sees ahead what a change to many would do, and needs no mouse."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from orderloom.entrypoints.http.kit.connections import TARGET_BYTES_MAX
from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, held_back, settled, too_wide

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


async def test_a_phone_has_its_filters_in_one_sheet(
    browser: Browser, world: World, page_url: str, tmp_path: Path,
) -> None:
    async with at_console(browser, world, page_url.rstrip("/"), "operations", size=PHONE, language="zh") as page:
        await page.goto(f"{page_url}orders?phase=returned")
        await expect(page.get_by_role("heading", name="没有符合的订单")).to_be_visible()
        await page.get_by_role("button", name="筛选 1").click()
        sheet = page.get_by_role("dialog", name="筛选")
        await sheet.get_by_role("button", name="清除 阶段").click()
        await expect(sheet.get_by_text("已退回")).to_have_count(0)
        await sheet.get_by_role("combobox", name="筛选").click()
        await page.locator(".ant-select-item-option").get_by_text("付款", exact=True).click()
        await sheet.get_by_role("combobox", name="付款").click()
        await page.locator(".ant-select-item-option").get_by_text("已付款", exact=True).click()
        await page.keyboard.press("Escape")
        await page.screenshot(path=f"{SEEN or tmp_path}/orders-phone-filters.png")
        assert await grave_findings(page) == []
        await sheet.get_by_role("button", name="看结果").click()
        await expect(page.get_by_role("button", name="筛选 1")).to_be_visible()
        await expect(page).to_have_url(re.compile("payment=paid"))


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
        await expect(page.get_by_text("正在逐单重放")).to_be_visible()
        runner = Runner(world.hub, job_kinds(world.hub))
        while await runner.step():
            pass
        await expect(page.get_by_text("没有原始消息")).to_be_visible()


async def test_enter_opens_what_was_typed_last_however_late_its_answer_is(
    browser: Browser, world: World, page_url: str,
) -> None:
    first, second = (row[0] for row in world.rows("select number from orders order by number limit 2"))
    async with at_console(browser, world, page_url.rstrip("/"), "service") as page:
        await page.goto(f"{page_url}orders")
        await expect(page.locator("tbody tr.ant-table-row")).to_have_count(3)
        await page.keyboard.press("Control+k")
        await page.locator(".palette input").fill(first)
        await expect(page.locator(".palette-list")).to_contain_text(first)
        may_go = await held_back(page, f"**/api/v1/search?q={second}")
        await page.locator(".palette input").fill(second)
        await page.keyboard.press("Enter")
        await expect(page.locator(".palette-list")).to_be_visible()
        may_go.set()
        await expect(page).to_have_url(re.compile(f"/orders/{second}"))


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


PASTED = """async ([selector, text]) => {
  const data = new DataTransfer(); data.setData('text/plain', text);
  const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
}"""
SEARCH, FIND, ROW = ".palette input", ".find-in input", "tbody tr.ant-table-row, .cards > *"


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh"), (PHONE, "en")])
async def test_a_pasted_list_of_numbers_opens_its_orders_and_names_the_missing(
    browser: Browser, world: World, page_url: str, tmp_path: Path, size: tuple[int, int], language: str,
) -> None:
    missing = [f"NO-{n:04}" for n in range(12)]
    zh = language == "zh"
    async with at_console(browser, world, page_url.rstrip("/"), "operations", size=size, language=language) as page:
        await page.goto(page_url)
        await settled(page)
        await page.keyboard.press("Control+k")
        await expect(page.locator(SEARCH)).to_be_focused()
        await page.evaluate(PASTED, [SEARCH, "\n".join([f"N-{n:05}" for n in range(201)])])
        await expect(page.get_by_role("alert")).to_contain_text("200")
        await page.evaluate(PASTED, [SEARCH, "\r\n".join(["订单号", "EXT-00000", "EXT-00001", *missing])])
        offer = page.get_by_role("button", name="打开这 14 单" if zh else "Open these 14 orders")
        await expect(offer).to_be_visible()
        await page.screenshot(path=f"{SEEN or tmp_path}/numbers-offer-{language}.png")
        await page.locator(SEARCH).press("Enter")
        await expect(page.get_by_text("EXT-00002")).to_have_count(0)
        told = page.locator(".missing")
        await expect(told).to_contain_text("12 个单号没有订单" if zh else "12 numbers have no order")
        await expect(told).to_contain_text("NO-0009")
        await expect(told).not_to_contain_text("NO-0010")
        await expect(told).to_contain_text("还有 2 个" if zh else "and 2 more")
        if size == PHONE:
            await expect(page.get_by_role("button", name="Filter 1")).to_be_visible()
        else:
            await expect(page.locator(".tok")).to_contain_text("14 个")
        await expect(page.locator(ROW)).to_have_count(2)
        await page.screenshot(path=f"{SEEN or tmp_path}/numbers-list-{language}.png")
        assert await grave_findings(page) == [] and await too_wide(page) <= 0
        await page.reload()
        await expect(page.locator(ROW)).to_have_count(2)
        if size == PHONE:
            await page.get_by_role("button", name="Filter 1").click()
            await page.locator(".orders-sheet .bare").click()
            await page.get_by_role("button", name="See results").click()
        else:
            await page.locator(".tok .bare").click()
        await expect(page.locator(ROW)).to_have_count(3)
        await expect(told).to_have_count(0)
        await page.evaluate(PASTED, [FIND, "EXT-00002,NO-0001"])
        await expect(page.locator(ROW)).to_have_count(1)
        await expect(told).to_contain_text("NO-0001")
        await page.evaluate(PASTED, [FIND, ",".join([f"N-{n:05}" for n in range(201)])])
        await expect(page.get_by_role("alert")).to_contain_text("200")
        await expect(page.locator(ROW)).to_have_count(1)


async def test_as_many_numbers_as_the_console_takes_fit_into_every_address(
    browser: Browser, world: World, page_url: str,
) -> None:
    async with at_console(browser, world, page_url.rstrip("/"), "operations") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.removeprefix(page_url)))
        await page.goto(f"{page_url}orders")
        await expect(page.locator(ROW)).to_have_count(3)
        await page.evaluate(PASTED, [FIND, "\n".join(["EXT-00000", *[f"N{n:031}" for n in range(199)]])])
        await expect(page.locator(".missing")).to_contain_text("199 个单号没有订单")
        await page.reload()
        await expect(page.locator(".missing")).to_contain_text("199 个单号没有订单")
        await expect(page.locator(ROW)).to_have_count(1)
        assert 6_500 < max(map(len, asked)) < TARGET_BYTES_MAX
        await page.evaluate(PASTED, [FIND, "\n".join([f"N{n:063}" for n in range(200)])])
        await expect(page.get_by_role("alert")).to_contain_text("7,000")
