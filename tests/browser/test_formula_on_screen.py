"""The formula of shown stock on screen: its price tag is read before the button that saves it can be pressed."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.test_stock_on_screen import fits
from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console


async def test_a_buffer_for_a_shop_is_priced_and_then_saved(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "administrator", size=DESK, language="zh", theme="light") as page:
        await page.goto(f"{base}/stock")
        await page.get_by_role("link", name="可售公式").click()
        await expect(page.get_by_role("heading", name="可售公式")).to_be_visible()
        await fits(page, "formula")
        await page.get_by_role("button", name="加一条").click()
        await page.get_by_label("店铺", exact=True).click()
        await page.get_by_title("SH01").click()
        await page.get_by_label("缓冲（件）").fill("5")
        await fits(page, "form")
        await page.get_by_role("button", name="放进草稿").click()
        await expect(page.get_by_text("草稿还没保存")).to_be_visible()
        await page.get_by_label("原因").fill("留五件给门店")
        await expect(page.get_by_role("button", name="保存为新版本")).to_be_disabled()
        await page.get_by_label("看这些商品").fill("M-001")
        await page.get_by_role("button", name="看会多卖多少").click()
        await expect(page.get_by_text("最多可能多卖").first).to_be_visible()
        await expect(page.get_by_role("cell", name="3 件 1 个商品")).to_be_visible()
        await fits(page, "figures")
        await page.get_by_role("button", name="保存为新版本").click()
        await expect(page.get_by_text("已保存，蓝图第 2 版生效")).to_be_visible()
        await expect(page.get_by_role("cell", name="留 5 件")).to_be_visible()
    assert world.rows("select reason from blueprint_version where version = 2") == [("留五件给门店",)]
    assert world.rows("select content #>> '{publish,shops,SH01,buffer}' from blueprint_version"
                      " where version = 2") == [("5",)]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
async def test_what_a_formula_could_oversell_fits_desk_and_phone(
    browser: Browser, world: World, page_url: str, size: tuple[int, int]
) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "administrator", size=size, language="zh", theme="light") as page:
        await page.goto(f"{base}/stock-formula")
        await page.get_by_role("button", name="看会多卖多少").click()
        await expect(page.get_by_text("最多可能多卖").first).to_be_visible()
        await fits(page, "figures")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "390"])
async def test_how_soon_others_show_a_sale_fits_desk_and_phone(
    browser: Browser, world: World, page_url: str, size: tuple[int, int]
) -> None:
    base = page_url.rstrip("/")
    assert world.rows("insert into sale_shown select a.id, date_trunc('hour', now()), 1000, 98, 0, 10, 20, 300, 400,"
                      " 900, s.id, a.id, array[0, 10, 20, 300, 400] from account a, sku s"
                      " where a.code = 'SH01' and s.code = 'M-001' returning 1") == [(1,)]
    async with at_console(browser, world, base, "administrator", size=size, language="zh", theme="light") as page:
        await page.goto(f"{base}/stock")
        await expect(page.get_by_text("一处卖出，多久各处改数").first).to_be_visible()
        await fits(page, "stock")
