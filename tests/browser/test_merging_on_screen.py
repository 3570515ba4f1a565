"""As who leads a shift: what could leave in one parcel is seen and merged with one press."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.test_quotas_and_snapshots_on_screen import fits
from tests.support.floor import Floor
from tests.support.on_screen import DESK, PHONE, at_console


async def test_what_waits_for_one_receiver_is_merged_with_one_press(
    browser: Browser, floor: Floor, base: str,
) -> None:
    await floor.world.record(3)
    async with at_console(browser, floor.world, base, "operations", size=PHONE, language="en", theme="dark") as page:
        await page.goto(f"{base}/works/together")
        await expect(page.get_by_text("2 parcels less").first).to_be_visible()
        await fits(page, "together-en-390")
    async with at_console(browser, floor.world, base, "operations", size=DESK) as page:
        await page.goto(f"{base}/works")
        await page.get_by_role("link", name="可合单").click()
        await expect(page.get_by_text("少发 2 个包裹")).to_be_visible()
        await fits(page, "together")
        await page.get_by_role("button", name="合单").click()
        await expect(page.get_by_text("已合单")).to_be_visible()
        await expect(page.get_by_text("没有可以合单的作业单")).to_be_visible()
        await fits(page, "together-empty")
        assert len(floor.world.rows("select distinct merge_no from work where merge_no <> ''")) == 1
