"""As a warehouse would: the number of a missed order is typed, and one look tells what is done and what is not."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.browser.test_quotas_and_snapshots_on_screen import fits
from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console


async def test_a_missed_order_is_typed_and_what_is_missing_is_said(
    browser: Browser, world: World, page_url: str,
) -> None:
    base = page_url.rstrip("/")
    async with await world.client("admin") as client:
        order = (await client.get("/api/v1/works")).json()["works"][0]["order"]
    for language, name, button in (("zh", "抢发漏单", "马上抢发"), ("en", "Rescue a missed order", "Send it now")):
        async with at_console(
            browser, world, base, "operations", size=DESK, language=language, expected="404",
        ) as page:
            await page.goto(f"{base}/works")
            await page.get_by_role("button", name=name).click()
            dialog = page.get_by_role("dialog")
            await dialog.get_by_role("textbox").fill("NOWHERE-1")
            await dialog.get_by_role("button", name=button).click()
            await expect(dialog.get_by_role("alert")).to_be_visible()
            await dialog.get_by_role("textbox").fill(order)
            await dialog.get_by_role("button", name=button).click()
            await expect(dialog.get_by_text("RUSH")).to_be_visible()
            await expect(dialog.get_by_role("alert")).to_have_count(1)
            await fits(page, f"rescue-{language}")
            await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            await fits(page, f"rescue-{language}-390")
