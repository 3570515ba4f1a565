"""An order on the phone: the receiver is pasted, goods are found, the server tells the sum, and it is an order."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from playwright.async_api import Browser, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.by_hand import manual_account
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide

PASTED = "王小明 19912345678 浙江省杭州市余杭区文一西路1号"
WAIT_MS = 20_000


async def test_a_phone_order_is_an_order_in_six_steps(browser: Browser, empty_world: World) -> None:
    await manual_account(empty_world.hub, "PH01")
    async with serve(empty_world.app) as port:
        base = f"http://127.0.0.1:{port}"
        async with at_console(browser, empty_world, base, "operations", size=DESK) as page:
            await page.goto(f"{base}/orders/new")
            await settled(page)

            await page.get_by_label("粘贴收件人").fill(PASTED)
            await page.get_by_role("button", name="拆开").click()
            await expect(page.locator("#enter-city")).to_have_value("杭州市", timeout=WAIT_MS)
            await page.get_by_role("combobox", name="找商品：编码或名称").fill("M-001")
            await page.locator(".ant-select-item-option").first.click(timeout=WAIT_MS)
            await page.get_by_label("单价").fill("59.90")
            await expect(page.get_by_test_id("total")).to_have_text("¥59.90", timeout=WAIT_MS)
            if folder := os.environ.get("SCREENS"):
                await page.screenshot(path=Path(folder) / "enter.png", full_page=True)
            assert not await grave_findings(page)
            worker = asyncio.create_task(working(empty_world))
            await page.get_by_role("button", name="建单").click()
            await expect(page.get_by_test_id("say")).to_be_visible(timeout=WAIT_MS)
            worker.cancel()
            await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            await page.goto(f"{base}/orders/new")
            await settled(page)
            assert await too_wide(page) <= 0
    assert empty_world.rows("select total, payment from orders") == [(5_990, "paid")]


async def working(world: World) -> None:
    """A worker that takes what is typed until it is stopped."""
    while True:
        await world.work()
        await asyncio.sleep(0.05)
