"""Whoever may read orders reads the rules in words, and sees what they would decide for an order."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.gift_shop import publish_gifts
from tests.support.on_screen import PHONE, at_console, grave_findings, too_wide

SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


async def test_rules_are_read_as_tables_in_chinese_and_tried_on_an_order(
    browser: Browser, world: World, base: str
) -> None:
    number = world.rows("select number from orders order by id")[0][0]
    async with at_console(browser, world, base, "operations", expected="404") as page:
        await page.goto(f"{base}/settings/rules")
        table = page.get_by_role("table")
        await expect(table.get_by_role("columnheader", name="货款（最小货币单位）")).to_be_visible()
        await expect(table.get_by_role("rowheader", name="首单")).to_be_visible()
        await expect(page.get_by_text("没有这些商品编码，不会送出：GIFT-BOX、GIFT-TEA")).to_be_visible()
        await page.get_by_label("订单号或平台单号").fill("no-such-order")
        await page.get_by_role("button", name="试算").click()
        await expect(page.get_by_role("alert").get_by_text("no-such-order")).to_be_visible()
        await page.get_by_label("订单号或平台单号").fill(number)
        await page.get_by_role("button", name="试算").click()
        await expect(page.get_by_text("满足 首单")).to_be_visible()
        await expect(page.get_by_text("此前订单数", exact=True).last).to_be_visible()
        if SHOTS:
            await page.screenshot(path=str(Path(SHOTS) / "rules-zh.png"), full_page=True)
        assert not await grave_findings(page) and not await too_wide(page)
        assert world.rows("select count(*) from order_event where kind = 'gifts_reviewed'") == [(0,)]


async def test_rules_are_read_on_a_phone(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "operations", size=PHONE) as page:
        await page.goto(f"{base}/settings/rules")
        await expect(page.get_by_role("rowheader", name="首单")).to_be_visible()
        if SHOTS:
            await page.screenshot(path=str(Path(SHOTS) / "rules-phone.png"))
        assert not await too_wide(page)


async def test_an_order_says_what_a_rule_gave_and_why_not(browser: Browser, world: World, base: str) -> None:
    two, spoon = "{id: two, then: {gift: M-001, units: 2}}", "{id: spoon, then: {gift: M-002}}"
    await publish_gifts(world.hub, f"  - {two}\n  - {spoon}\n")
    [order_id] = await world.record(1)
    number = world.rows(f"select number from orders where id = '{order_id}'")[0][0]
    async with at_console(browser, world, base, "operations") as page:
        await page.goto(f"{base}/orders/{number}")
        goods = page.locator("#goods")
        await expect(goods.get_by_text("赠品", exact=True)).to_be_visible()
        await expect(page.get_by_text("送赠品 M-001 ×2（规则 more/two）；未送 M-002：缺货")).to_be_visible()
        if SHOTS:
            await page.screenshot(path=str(Path(SHOTS) / "gift-order.png"), full_page=True)
        assert not await grave_findings(page) and not await too_wide(page)
