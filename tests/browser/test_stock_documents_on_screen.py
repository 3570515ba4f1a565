"""A count on a phone shows no figure, is done again by somebody else, and what is large waits for another person."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide

SHOTS = os.environ.get("ORDERLOOM_SHOTS", "")


async def fits(page: Page, where: str) -> None:
    await settled(page)
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{where}.png", full_page=True)
    assert await grave_findings(page) == [], where
    assert await too_wide(page) == 0, where


def shows_books(text: str) -> bool:
    return any(figure in text for figure in ("997", "1,000", "1000", "995"))


async def draft(page: Page, base: str, kind: str, units: str = "") -> None:
    await page.goto(f"{base}/stock/documents")
    await page.get_by_role("button", name="新建单据").first.click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("类型").click()
    await page.get_by_title(kind, exact=True).last.click()
    await drawer.get_by_label("原因").fill("月底例行")
    await drawer.get_by_label("添加商品：编码或名称").fill("M-001")
    await page.get_by_text("马克杯").last.click()
    if units:
        await drawer.get_by_label("件数 M-001").fill(units)
    await fits(page, f"draft-{kind}")
    await drawer.get_by_role("button", name="存为草稿").click()
    await expect(page.get_by_text("草稿", exact=True).first).to_be_visible()


async def test_a_count_is_blind_and_counted_again_by_somebody_else(
    browser: Browser, world: World, page_url: str,
) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=DESK) as page:
        await draft(page, base, "盘点")
        await page.get_by_role("button", name="开始盘点").click()
        await expect(page.get_by_text("盘点中", exact=True).first).to_be_visible()
        number = page.url.rsplit("/", 1)[-1]
        await fits(page, "counting")
    slip = "409"
    async with at_console(browser, world, base, "administrator", size=PHONE, expected=slip) as page:
        await page.goto(f"{base}/stock/documents/{number}")
        await expect(page.get_by_text("盲盘：不显示账面数")).to_be_visible()
        await fits(page, "count-phone")
        assert not shows_books(await page.locator("main").inner_text())
        await page.get_by_label("件数 M-001").fill("9950")
        await page.get_by_role("button", name="报 1 行").click()
        await expect(page.get_by_text("这个数像是按错了")).to_be_visible()
        await page.get_by_label("件数 M-001").fill("995")
        await page.get_by_label("我再数过了").check()
        await page.get_by_role("button", name="报 1 行").click()
        await expect(page.get_by_text("等别人复盘")).to_be_visible()
        await fits(page, "recount-phone")
        assert not shows_books(await page.locator("main").inner_text())
    async with at_console(browser, world, base, "operations", size=PHONE, name="operations-zh-1440") as page:
        await page.goto(f"{base}/stock/documents/{number}")
        await expect(page.get_by_text("待复盘")).to_be_visible()
        await page.get_by_label("件数 M-001").fill("995")
        await page.get_by_role("button", name="报 1 行").click()
        await expect(page.get_by_text("已入账", exact=True).first).to_be_visible()
        await expect(page.get_by_text("账面 1,000").first).to_be_visible()
        await fits(page, "posted-phone")
    assert world.rows("select on_hand, frozen from stock_level") == [(995, 0)]


async def test_what_is_large_waits_for_another_person(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=DESK) as page:
        await draft(page, base, "报损", "600")
        await page.get_by_role("button", name="提交").click()
        await expect(page.get_by_text("件数超过限额")).to_be_visible()
        await expect(page.get_by_role("button", name="批准")).to_have_count(0)
        number = page.url.rsplit("/", 1)[-1]
        await fits(page, "waiting")
    async with at_console(browser, world, base, "administrator", size=DESK, language="en", theme="dark") as page:
        await page.goto(f"{base}/stock/documents")
        await fits(page, "list-en")
        await page.get_by_role("link", name=number).click()
        await page.get_by_role("button", name="Approve").click()
        await expect(page.get_by_text("Posted", exact=True).first).to_be_visible()
        await fits(page, "approved-en")
    assert world.rows("select on_hand from stock_level") == [(400,)]
