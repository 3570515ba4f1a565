"""How long pages of the console take on screen, from their address to their first row: headless Chromium, in a process
of its own, for the driver is installed only where the browser tests are.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.hands import given, say

ARGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync")
ROW = "tr.ant-table-row"
WAIT_MILLISECONDS_MAX = 20_000


def on_screen(told: dict[str, Any]) -> dict[str, list[float]]:
    """Seconds until the first row of each list, and the goods of an order, can be seen.

    The browser has the console's files already, as whoever works with it has: the first look is not counted.
    """
    base, times, numbers = told["base"], told["repeats"] + 1, told["numbers"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=told["chromium"], args=list(ARGS))
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        who = {"name": told["name"], "password": told["password"]}
        signed = context.request.post(f"{base}/api/v1/session", data=who, headers={"Origin": base})
        assert signed.ok, signed.text()
        page = context.new_page()
        page.set_default_timeout(WAIT_MILLISECONDS_MAX)
        orders = [numbers[n % len(numbers)] for n in range(times)]
        found = {
            "orders": [_seen(page, f"{base}/orders", ROW) for _ in range(times)],
            "orders_filtered": [_seen(page, f"{base}/orders?phase=returned&sort=-amount", ROW) for _ in range(times)],
            "order": [_seen(page, f"{base}/orders/{number}", "#goods tbody tr") for number in orders],
            "cases": [_seen(page, f"{base}/cases", ROW) for _ in range(times)],
            "stock": [_seen(page, f"{base}/stock", ROW) for _ in range(times)],
        }
        browser.close()
    return {name: seconds[1:] for name, seconds in found.items()}


def _seen(page: Page, url: str, row: str) -> float:
    """Seconds from asking for the address, in a page that shows nothing, until the first row stands there."""
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(row).first.wait_for(state="visible")
    return time.perf_counter() - began


if __name__ == "__main__":
    arguments = given()
    say(ready=True)
    say(**on_screen(arguments))
