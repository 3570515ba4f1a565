"""As a purchaser would click: what is to be bought is drafted, ordered, received; a supplier looks at it alone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import psycopg
from playwright.async_api import Browser, Page, expect

from tests.support.api_hub import World
from tests.support.browser_session import a_person
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide
from tests.support.purchases import Buyer

SHOTS = os.environ.get("ORDERLOOM_SHOTS", "")


async def fits(page: Page, where: str) -> None:
    await settled(page)
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{where}.png", full_page=True)
    assert await grave_findings(page) == [], where
    assert await too_wide(page) == 0, where


async def looked_at(browser: Browser, world: World, base: str, paths: dict[str, str]) -> None:
    """Each page on a phone and in the dark, in English too."""
    for language, theme, size in (("zh", "light", PHONE), ("en", "dark", PHONE), ("en", "light", DESK)):
        async with at_console(browser, world, base, "operations", size=size, language=language, theme=theme) as page:
            for name, path in paths.items():
                await page.goto(base + path)
                await fits(page, f"{name}-{language}-{size[0]}")


async def goods_that_sell(world: World) -> None:
    """Two SKUs that are to be bought of two suppliers, and one that nobody brings."""
    with psycopg.connect(world.dsn) as connection:
        connection.execute("insert into sku (code, name) values ('M-003', '竹制餐垫 浅色 四片装')")
        for code, units in (("M-001", 2_400), ("M-002", 70), ("M-003", 14)):
            connection.execute(
                "insert into sales_hour select s.id, date_trunc('hour', %s::timestamptz), a.id, 0, %s, 0"
                " from sku s, account a where s.code = %s and a.code = 'SH01'",
                (world.hub.now() - timedelta(hours=30), units, code))
    async with await world.client("admin") as client:
        buyer = Buyer(client)
        await buyer.keep("EAST", {"sku": "M-001", "minimum": 50, "pack": 24, "cost": 1_300, "currency": "CNY"},
                         lead_days=9)
        await buyer.keep("WEST", {"sku": "M-002", "cost": 450, "currency": "CNY"}, name="义乌市西门日用品有限公司")


async def ordered(page: Page, base: str) -> str:
    """A suggestion becomes a ticket that is ordered; its number."""
    await page.goto(f"{base}/purchasing")
    await expect(page.get_by_text("现货 1,000，已占 3")).to_be_visible()
    await fits(page, "suggestions")
    await page.get_by_role("button", name="起草 M-001").click()
    await expect(page.get_by_role("button", name="放弃草稿")).to_be_visible()
    number = page.url.rsplit("/", 1)[-1]
    await fits(page, "draft")
    await page.get_by_role("button", name="下单").click()
    await fits(page, "order")
    await page.get_by_role("form", name="下单").get_by_role("button", name="下单").click()
    await expect(page.get_by_text("已下单").first).to_be_visible()
    await page.get_by_role("button", name="供应商已发货").click()
    await page.get_by_label("运单").fill("SF1234567890")
    await page.get_by_role("form", name="供应商已发货").get_by_role("button", name="供应商已发货").click()
    await expect(page.get_by_text("已记在途")).to_be_visible()
    return number


async def test_what_is_to_be_bought_is_drafted_ordered_and_received(
    browser: Browser, world: World, page_url: str,
) -> None:
    base = page_url.rstrip("/")
    await goods_that_sell(world)
    async with at_console(browser, world, base, "operations", size=DESK) as page:
        number = await ordered(page, base)
        await page.get_by_label("到的件数 M-001").fill("1000")
        await page.get_by_label("送货单号").fill("DN-77")
        await fits(page, "receive")
        await page.get_by_role("region", name="收货").get_by_role("button", name="收货").click()
        await expect(page.get_by_text("已收货入账")).to_be_visible()
        await fits(page, "ticket")
        await page.goto(f"{base}/purchasing/suppliers?supplier=EAST")
        await page.get_by_role("button", name="改供应商 M-001").click()
        await fits(page, "supplier")
        await looked_at(browser, world, base, {
            "suggestions": "/purchasing?supplier=WEST", "suggested": "/purchasing", "tickets": "/purchasing/tickets",
            "ticket": f"/purchasing/tickets/{number}", "suppliers": "/purchasing/suppliers",
            "supplier": "/purchasing/suppliers?supplier=EAST", "new": "/purchasing/tickets?create=true",
            "vmi": "/purchasing/vmi"})
    assert world.rows(f"select on_hand from stock_movement where cause = '{number}/1/1'") == [(1_000,)]


async def test_a_supplier_sees_one_page_and_nothing_to_press(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    await goods_that_sell(world)
    await a_person(world, "east", "supplier")
    await world.app.state.desk.identity.limit("east", {"supplier": ["EAST"]})
    async with at_console(browser, world, base, "supplier", size=DESK, name="east") as page:
        await page.goto(base)
        await expect(page.get_by_role("heading", name="供应商视图")).to_be_visible()
        await expect(page.get_by_text("M-001")).to_be_visible()
        assert await page.get_by_text("M-002").count() == 0
        assert await page.locator("nav a[href^='/']").evaluate_all("all => [...new Set(all.map(a => a.pathname))]") == [
            "/purchasing/vmi", "/settings/account"]
        await fits(page, "vmi-supplier")
