"""As who leads a shift: a house becomes one that is run here, a wave is planned, watched, given up."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.test_quotas_and_snapshots_on_screen import fits
from tests.support.floor import Floor
from tests.support.on_screen import DESK, PHONE, at_console

WAIT_MS = 15_000


async def test_a_wave_is_planned_watched_and_given_up(browser: Browser, floor: Floor, base: str) -> None:
    await floor.put("A-01-01", 50)
    await floor.world.record(4)
    async with at_console(browser, floor.world, base, "operations", size=DESK) as page:
        await page.goto(f"{base}/works")
        await page.get_by_role("link", name="波次").click()
        await expect(page.get_by_text("还没有波次")).to_be_visible()
        await fits(page, "waves-empty")
        await page.get_by_role("button", name="建波次").click()
        await page.get_by_role("combobox", name="拣法").click()
        await page.locator(".ant-select-item-option").filter(has_text="边拣边分").click()
        await fits(page, "waves-plan")
        await page.get_by_role("button", name="建好并放行").click()
        detail = page.get_by_role("dialog")
        await expect(detail.get_by_text("已拣 0 / 4")).to_be_visible()
        task = (await floor.ask("GET", f"/waves/{await _number(floor)}"))["tasks"][0]["task"]
        assert (await floor.beep("picked", task, "M-001"))["verdict"] == "right"
        await expect(detail.get_by_text("已拣 1 / 4")).to_be_visible(timeout=WAIT_MS)
        await detail.get_by_role("button", name="预买面单").click()
        await expect(detail.get_by_text("面单：新申请 0，已有 0")).to_be_visible()
        await expect(detail.get_by_text("没有启用能申请面单的承运商账号").first).to_be_visible()
        await fits(page, "waves-one")
        await detail.get_by_role("button", name="取消波次").click()
        await detail.get_by_label("原因").fill("改天拣")
        await detail.get_by_role("button", name="取消波次").click()
        await expect(detail.get_by_text("放回 1")).to_be_visible()
    async with at_console(browser, floor.world, base, "operations", size=PHONE, language="en", theme="dark") as page:
        await page.goto(f"{base}/works/waves")
        await expect(page.get_by_text("1 of 4 picked").first).to_be_visible()
        await fits(page, "waves-en-390")
        await page.get_by_text("1 of 4 picked").first.click()
        await expect(page.get_by_role("dialog").get_by_text("Given up").first).to_be_visible()
        await fits(page, "waves-one-en-390")


async def test_a_house_is_run_here_by_a_switch(browser: Browser, floor: Floor, base: str) -> None:
    async with at_console(browser, floor.world, base, "administrator", size=DESK) as page:
        await page.goto(f"{base}/settings/warehouses")
        await page.get_by_text("HZ", exact=True).first.click()
        await page.get_by_role("button", name="不再自管").click()
        await expect(page.get_by_role("button", name="改为自管仓")).to_be_visible()
        await page.get_by_role("button", name="改为自管仓").click()
        await expect(page.get_by_role("link", name="自管仓：按库位拣货，用波次和手持终端")).to_be_visible()
        await fits(page, "house-floor")


async def _number(floor: Floor) -> str:
    number: str = (await floor.ask("GET", "/waves"))["waves"][0]["number"]
    return number
