"""People of a floor before their screens: a hand terminal, a pack bench; and a wave for them to work on."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from orderloom.testing.builders import a_line
from tests.support.browser_session import PASSWORD, a_person
from tests.support.floor import Floor
from tests.support.on_screen import a_context

SMALL = (360, 640)
WAIT_MS = 15_000
QUIET = ("ERR_INTERNET_DISCONNECTED", "Failed to load resource", "ERR_NETWORK")
"""What a browser without network says of it."""


def a_terminal(
    browser: Browser, floor: Floor, base: str, name: str, language: str = "zh",
) -> AbstractAsyncContextManager[Page]:
    """Somebody of the warehouse with a terminal in hand, who may be without network."""
    return _at(browser, floor, f"{base}/terminal", (name, "warehouse"), SMALL, language, QUIET)


def a_bench(
    browser: Browser, floor: Floor, base: str, size: tuple[int, int], language: str = "zh",
) -> AbstractAsyncContextManager[Page]:
    """A packer of HZ at the bench."""
    return _at(browser, floor, f"{base}/bench", (f"packer-{language}", "picker"), size, language, ())


@asynccontextmanager
async def _at(
    browser: Browser, floor: Floor, address: str, who: tuple[str, str], size: tuple[int, int], language: str,
    quiet: tuple[str, ...],
) -> AsyncIterator[Page]:
    """A page of a person (name, role) of HZ; once they are in it must have nothing to complain of but of `quiet`."""
    name, role = who
    await a_person(floor.world, name, role)
    await floor.world.app.state.desk.identity.limit(name, {"warehouse": ["HZ"]})
    context = await a_context(browser, size, language)
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" and not any(
        one in said.text for one in quiet) else None)
    await page.goto(address)
    await page.locator("[name=username]").fill(name)
    await page.locator("[name=password]").fill(PASSWORD)
    troubles.clear()  # a 401 before signing in is the way in
    await page.locator("button.main").click()
    await expect(page.locator(".top-bar")).to_contain_text("HZ", timeout=WAIT_MS)
    yield page
    assert not troubles, troubles
    await context.close()


async def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: where `SCREENS` says."""
    if folder := os.environ.get("SCREENS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def a_wave(floor: Floor) -> str:
    """Three works of a cup at one place, one of two spoons at another; the wave's number."""
    await floor.put("A-01-01", 50)
    goods = {"warehouse": "HZ", "reason": "x", "lines": [{"sku": "M-002", "quantity": 9}]}
    await floor.ask("POST", "/receive", goods, status=201)
    await floor.beep("put_away", "B-01-01", "M-002", 9)
    await floor.world.record(3)
    await floor.world.record(1, lines=(a_line("M-002", 2, 5_000),))
    made = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {"kind": "cluster"}}, status=201)
    return str(made["number"])
