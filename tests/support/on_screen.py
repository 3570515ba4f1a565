"""Somebody signed in at the console with headless Chromium, and what must be true of every page they see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from tests.support.api_hub import World
from tests.support.browser_session import PASSWORD, a_person

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE, DESK = (390, 844), (1440, 900)
GRAVE = ("serious", "critical")
STILL = """Promise.allSettled(document.getAnimations()
  .filter(one => one.playState === 'running' && one.effect.getTiming().iterations !== Infinity)
  .map(one => one.finished))"""
"""Over when nothing fades or slides any more; what turns for ever is let be."""


async def a_context(browser: Browser, size: tuple[int, int] = DESK, language: str = "zh") -> BrowserContext:
    """A browser of somebody who wants no motion: nothing slides away between the press and the release of a button."""
    return await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=LOCALES[language], reduced_motion="reduce")


@asynccontextmanager
async def at_console(
    browser: Browser, world: World, base: str, role: str, *, size: tuple[int, int] = DESK, language: str = "zh",
    theme: str = "light", name: str = "", expected: str = "",
) -> AsyncIterator[Page]:
    """A page of somebody with this role; at the end the browser must have had nothing to complain of.

    `expected` is what it may complain of: a refusal that the test is about. `base` is the hub's address without a
    slash at its end. A user that is there already is named by `name`.
    """
    who = name or f"{role}-{language}-{size[0]}"
    if not name:
        await a_person(world, who, role)
    context = await a_context(browser, size, language)
    await context.add_init_script(
        f"try {{ localStorage.setItem('orderloom.language', '{language}');"
        f" localStorage.setItem('orderloom.theme', '{theme}') }} catch {{}}")
    answer = await context.request.post(
        f"{base}/api/v1/session", data={"name": who, "password": PASSWORD}, headers={"Origin": base})
    assert answer.ok, await answer.text()
    page = await context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("console", lambda said: troubles.append(f"{page.url}: {said.text}")
            if said.type in ("error", "warning") and not (expected and expected in said.text) else None)
    yield page
    assert not troubles, troubles
    await context.close()


async def scan(page: Page, code: str) -> None:
    """What a scanner does that is a keyboard: all of a code at once, then Enter. Typed key by key a busy machine would
    pause within it, and 80 ms of silence end a code."""
    await expect(page.locator(".scan-field")).to_be_focused()
    await page.keyboard.insert_text(code)
    await page.keyboard.press("Enter")


async def held_back(page: Page, address: str) -> asyncio.Event:
    """What is asked at these addresses (a glob) is not sent on before the event is set."""
    may_go = asyncio.Event()

    async def wait(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await page.route(address, wait)
    return may_go


async def settled(page: Page) -> None:
    """Wait until the page has drawn what it asked for."""
    await page.wait_for_selector("main h1, main h2", timeout=20_000)
    await expect(page.locator(".busy.on, .state-wait, .grid-wait")).to_have_count(0, timeout=20_000)


async def grave_findings(page: Page) -> list[str]:
    """What axe-core finds serious or worse: rule, help and the first place. Colours on their way are not judged."""
    await page.evaluate(STILL)
    await page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['help']} at {one['nodes'][0]['target']}"
            for one in found["violations"] if one["impact"] in GRAVE]


async def too_wide(page: Page) -> int:
    """Pixels by which the page is wider than the screen."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
