"""How long two pages of the console take on screen, from their address to their first row: headless Chromium, where it
and its driver are installed.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

ARGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync")
ROW = "tr.ant-table-row"
WAIT_MILLISECONDS_MAX = 20_000


def on_screen(
    base: str, name: str, password: str, numbers: Sequence[str], repeats: int,
) -> dict[str, list[float]] | None:
    """Seconds until the first row of `orders`, and the goods of an `order`, can be seen; None without Chromium.

    The browser has the console's files already, as whoever works with it has: the first look is not counted.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or find_spec("playwright") is None:
        return None
    from playwright.sync_api import sync_playwright  # noqa: PLC0415: it is not installed where nothing is tested

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGS))
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        signed = context.request.post(f"{base}/api/v1/session", data={"name": name, "password": password},
                                      headers={"Origin": base})
        assert signed.ok, signed.text()
        page = context.new_page()
        page.set_default_timeout(WAIT_MILLISECONDS_MAX)
        found = {
            "orders": [_seen(page, f"{base}/orders", ROW) for _ in range(repeats + 1)][1:],
            "orders_filtered": [_seen(page, f"{base}/orders?phase=returned&sort=-amount", ROW)
                                for _ in range(repeats + 1)][1:],
            "order": [_seen(page, f"{base}/orders/{numbers[n % len(numbers)]}", "#goods tbody tr")
                      for n in range(repeats + 1)][1:],
        }
        browser.close()
    return found


def _seen(page: Any, url: str, row: str) -> float:
    """Seconds from asking for the address, in a page that shows nothing, until the first row stands there."""
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(row).first.wait_for(state="visible")
    return time.perf_counter() - began
