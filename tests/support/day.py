"""One day of a role at the console: wherever they stop, the page must fit the screen and shut nobody out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from orderloom.entrypoints.worker.loops import run
from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, a_world, csv_file
from tests.support.browser_session import a_person
from tests.support.on_screen import PHONE, at_console, grave_findings, settled, too_wide

LOOPS = ("handle", "wake", "publish_events", "add_up", "publish_stock", "replay", "jobs")
WAIT_MS = 30_000
LOOKS = [("zh", (1440, 900)), ("zh", PHONE), ("en", (1440, 900))]
"""In Chinese on a screen and on a phone; in English the same, shortened."""


@asynccontextmanager
async def a_shop(home: Path, database: str) -> AsyncIterator[tuple[World, str]]:
    """A hub at work: three paid orders, two messages with a spelling that nobody knows, one with no quantity, a worker.

    Yields it with its address.
    """
    expect.set_options(timeout=WAIT_MS)
    async with a_world(home, database, orders=3) as world, serve(world.app) as port:
        stop = asyncio.Event()
        worker = asyncio.create_task(run(world.hub, stop, LOOPS))
        async with await world.client("admin") as client:
            for number, body in (("OFF-1", csv_file("M 001")), ("OFF-2", csv_file("M 001")),
                                 ("OFF-3", csv_file("M-001").replace(b",1,100.00\n", ",一件,100.00\n".encode()))):
                name = f"/api/v1/files/XLS?name={number}.csv"
                assert (await client.post(name, content=body.replace(b"OFF1", number.encode()))).status_code == 201
        try:
            yield world, f"http://127.0.0.1:{port}"
        finally:
            stop.set()
            await worker


class Day:
    """A person's page, with what was found wrong on the way."""

    def __init__(self, page: Page, base: str, language: str) -> None:
        self.page, self._base, self._language = page, base, language
        self.wrong: list[str] = []

    def word(self, zh: str, en: str) -> str:
        """What the screen says in the day's language."""
        return zh if self._language == "zh" else en

    def button(self, zh: str, en: str) -> Locator:
        """The first button of that name."""
        return self.page.get_by_role("button", name=self.word(zh, en), exact=True).first

    async def go(self, path: str) -> None:
        """Open a page and look at it."""
        await self.page.goto(self._base + path)
        await self.look()

    async def look(self) -> None:
        """What is on the screen now is held to what must be true of every page."""
        page = self.page
        await settled(page)
        where = page.url.removeprefix(self._base)
        self.wrong += [f"{where}: {one}" for one in await grave_findings(page)]
        if (wide := await too_wide(page)) > 0:
            self.wrong.append(f"{where}: {wide} px wider than the screen")
        if self._language == "en" and (han := await page.locator("main h1, main h2, main th, main button").evaluate_all(
                "all => all.map(e => e.innerText).filter(text => /[\\u4e00-\\u9fff]/.test(text))")):
            self.wrong.append(f"{where}: Chinese in {han[:3]}")


@asynccontextmanager
async def a_day(
    browser: Browser, shop: tuple[World, str], role: str, language: str, size: tuple[int, int], **limits: list[str],
) -> AsyncIterator[Day]:
    """The day of somebody with this role and these limits; at its end nothing was wrong."""
    world, base = shop
    await a_person(world, role, role)
    if limits:
        await world.app.state.desk.identity.limit(role, limits)
    async with at_console(browser, world, base, role, size=size, language=language, name=role) as page:
        day = Day(page, base, language)
        yield day
        assert not day.wrong, "\n".join(day.wrong)
