"""As who leads a shift: what is urgent and why, how stations do, which places are hot, and what stands still."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser, expect

from tests.browser.test_quotas_and_snapshots_on_screen import fits
from tests.support.floor import Floor
from tests.support.on_screen import DESK, PHONE, at_console

WAIT_MS = 15_000


async def test_the_floor_is_seen_as_it_is_now(browser: Browser, floor: Floor, base: str) -> None:
    await floor.put("A-01-01", 50)
    await floor.world.record(3)
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {"orders_max": 2}}, status=201)
    await floor.beep("picked", wave["tasks"][0]["task"], "M-001", station="BENCH-1")
    async with at_console(browser, floor.world, base, "operations", size=DESK) as page:
        await page.goto(f"{base}/works")
        await page.get_by_role("link", name="现场").click()
        await expect(page.get_by_label("先拣哪张").first.get_by_text("平台时限")).to_be_visible()
        await expect(page.get_by_text("BENCH-1")).to_be_visible()
        await expect(page.get_by_text("1 + 1", exact=True)).to_be_visible()
        await expect(page.get_by_text("没有停住的作业单")).to_be_visible()
        await fits(page, "floor-now")
        await floor.beep("picked", wave["tasks"][1]["task"], "M-001", station="BENCH-1")
        await expect(page.get_by_text("2", exact=True).first).to_be_visible(timeout=WAIT_MS)
    later = floor.world.hub.now() + timedelta(hours=3)
    floor.world.hub.now = lambda: later  # type: ignore[method-assign]
    async with at_console(browser, floor.world, base, "operations", size=PHONE, language="en", theme="dark") as page:
        await page.goto(f"{base}/works/floor")
        await expect(page.get_by_text("Standing still 3")).to_be_visible()
        await expect(page.get_by_text("No scans in the last hour")).to_be_visible()
        await fits(page, "floor-now-en-390")
