"""The live page in a real browser: it shows what is there, keeps up by itself, and says when it cannot."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, csv_file
from tests.support.by_hand import upload

WIDTHS = (1440, 390)
MILLISECONDS_MAX = 10_000
SECONDS_MAX = 20.0


async def opened(browser: Browser, url: str, width: int = 1440) -> tuple[Page, list[str]]:
    """A page at the hub's address, and everything that it complains of."""
    page = await browser.new_page(viewport={"width": width, "height": 900}, locale="zh-CN")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    await page.goto(f"{url}old")
    return page, troubles


async def total(page: Page, stage: str) -> str:
    """The count of a stage as shown."""
    return await page.locator(f'#route [data-stage="{stage}"] .total').inner_text()


@pytest.mark.parametrize("width", WIDTHS)
async def test_the_page_shows_the_hub_at_a_glance_and_fits(
    browser: Browser, world: World, page_url: str, width: int
) -> None:
    page, troubles = await opened(browser, page_url, width)
    await expect(page.locator("#orders tbody tr")).to_have_count(3, timeout=MILLISECONDS_MAX)
    await expect(page.locator("#link")).to_have_text("实时")
    await expect(page.locator("#route li")).to_have_count(11)
    assert await total(page, "record") == "3"
    await expect(page.locator('#phases [data-phase="ready"] b')).to_have_text("3")
    await expect(page.locator("#verdict")).to_have_text("一条不少")
    await expect(page.locator("#orders tbody")).to_contain_text("¥100.00")
    await expect(page.locator("#orders tbody")).to_contain_text("已付款", timeout=MILLISECONDS_MAX)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out sideways"
    assert "林" not in await page.locator("main").inner_text(), "no person is on the page"
    assert troubles == []


async def test_new_orders_and_cases_appear_without_a_reload(browser: Browser, world: World, page_url: str) -> None:
    page, troubles = await opened(browser, page_url)
    await expect(page.locator("#orders tbody tr")).to_have_count(3, timeout=MILLISECONDS_MAX)
    await expect(page.locator('[data-word="no_cases"]')).to_be_visible()
    await world.record(2)
    await upload(world.hub, "XLS", "a.csv", csv_file("UNKNOWN"))
    await world.work()
    await expect(page.locator("#orders tbody tr")).to_have_count(5, timeout=MILLISECONDS_MAX)
    await expect(page.locator("#cases li")).to_have_count(1, timeout=MILLISECONDS_MAX)
    await expect(page.locator("#cases li")).to_contain_text("商品编码未登记")
    await expect(page.locator('#route [data-stage="translate"] .notes')).to_contain_text("搁置 1")
    await expect(page.locator("#accounting")).to_contain_text("搁置1")
    assert troubles == []


async def test_each_kind_of_standing_still_is_called_by_its_own_word(
    browser: Browser, world: World, page_url: str
) -> None:
    async with httpx2.AsyncClient() as stranger:
        await stranger.post(f"{page_url}webhooks/SH01", content=b"{}")
    await upload(world.hub, "XLS", "a.csv", csv_file("UNKNOWN"))
    await world.work()
    page, _ = await opened(browser, page_url)
    notes = [page.locator(f'#route [data-stage="{stage}"] .notes') for stage in ("land", "translate")]
    for words in (("隔离 1", "搁置 1"), ("quarantined 1", "parked 1")):
        for note, text in zip(notes, words, strict=True):
            await expect(note).to_have_text(text, timeout=MILLISECONDS_MAX)
        await page.locator("#language").click()
    await world.discard_parked("测试")
    await expect(page.locator("#accounting")).to_contain_text("作废1", timeout=MILLISECONDS_MAX)


async def test_the_page_speaks_english_and_remembers_it(browser: Browser, world: World, page_url: str) -> None:
    page, _ = await opened(browser, page_url)
    await page.locator("#language").click()
    await expect(page.locator("#verdict")).to_have_text("nothing is lost", timeout=MILLISECONDS_MAX)
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.reload()
    await expect(page.locator("h2").first).to_have_text("The route of an order")
    await expect(page.locator("#orders tbody tr").first).to_contain_text("Paid", timeout=MILLISECONDS_MAX)
    han = await page.locator("main").evaluate("e => (e.innerText.match(/[\\u4e00-\\u9fff]/g) || []).length")
    assert han == 0, "no Chinese is left over"


async def test_an_empty_hub_says_what_to_do_next(browser: Browser, empty_world: World) -> None:
    async with serve(empty_world.app) as port:
        page, _ = await opened(browser, f"http://127.0.0.1:{port}/old")
        await expect(page.locator('[data-word="no_orders"]')).to_be_visible(timeout=MILLISECONDS_MAX)
        await expect(page.locator('[data-word="no_orders"]')).to_contain_text("orderloom connect")
        await expect(page.locator("#orders")).to_be_hidden()


async def test_a_database_that_is_away_is_said_and_the_last_numbers_stay(
    browser: Browser, world: World, page_url: str
) -> None:
    page, _ = await opened(browser, page_url)
    await expect(page.locator("#orders tbody tr")).to_have_count(3, timeout=MILLISECONDS_MAX)
    await world.hub.pool.close()
    await expect(page.locator("#banner")).to_contain_text("数据库暂时连不上", timeout=MILLISECONDS_MAX)
    await expect(page.locator("#orders tbody tr")).to_have_count(3)
    assert await total(page, "record") == "3"


class Process:
    """The API as a process of its own on a free port, stopped as an operator stops it."""

    def __init__(self, world: World) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        settings = world.hub.settings
        self._command = [sys.executable, "-c", (
            "from pathlib import Path; from orderloom.settings import Settings; "
            "from orderloom.entrypoints.http.app import serve; "
            f"serve(Settings(home=Path({str(settings.home)!r}), port={self.port}), {world.dsn!r})")]

    async def start(self) -> asyncio.subprocess.Process:
        """Start it and wait until it is ready."""
        process = await asyncio.create_subprocess_exec(*self._command)
        async with asyncio.timeout(SECONDS_MAX), httpx2.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"http://127.0.0.1:{self.port}/ready")).status_code == 200:
                        return process
                except httpx2.TransportError:
                    await asyncio.sleep(0.1)


async def test_a_hub_that_stopped_is_said_and_found_again(browser: Browser, world: World) -> None:
    hub = Process(world)
    first = await hub.start()
    page, _ = await opened(browser, f"http://127.0.0.1:{hub.port}/")
    await expect(page.locator("#orders tbody tr")).to_have_count(3, timeout=MILLISECONDS_MAX)
    first.terminate()
    async with asyncio.timeout(SECONDS_MAX):
        assert await first.wait() in (0, -signal.SIGTERM), "an open page does not keep the process from stopping"
    await expect(page.locator("#banner")).to_contain_text("连接已断开", timeout=MILLISECONDS_MAX)
    await expect(page.locator("#link")).to_have_attribute("data-state", "lost")
    await world.record(1)
    second = await hub.start()
    try:
        await expect(page.locator("#orders tbody tr")).to_have_count(4, timeout=MILLISECONDS_MAX)
        await expect(page.locator("#banner")).to_be_hidden()
    finally:
        second.terminate()
        await second.wait()


async def test_the_login_that_the_start_prints_leads_in_from_anywhere(browser: Browser, world: World) -> None:
    """Whom a proxy brings is asked for a login; the one-time password is taken, replaced, and the page opens."""
    chosen = "a password of my own"
    async with serve(world.app) as port:
        context = await browser.new_context(locale="zh-CN", extra_http_headers={"X-Forwarded-For": "192.0.2.1"})
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{port}/old")
        await expect(page.locator("#banner")).to_contain_text("登录", timeout=MILLISECONDS_MAX)
        await expect(page.locator("#orders tbody tr")).to_have_count(0)
        await page.locator("#account").click()
        await page.locator('[name="name"]').fill("admin")
        await page.locator('[name="password"]').fill("wrong")
        await page.locator("#signin .main").click()
        await expect(page.locator("#signin .trouble")).to_contain_text("请核对", timeout=MILLISECONDS_MAX)
        await page.locator('[name="password"]').fill(world.password)
        await page.locator("#signin .main").click()
        await page.locator('[name="fresh"]').fill(chosen, timeout=MILLISECONDS_MAX)
        await page.locator("#signin .main").click()
        await expect(page.locator("#orders tbody tr")).to_have_count(3, timeout=MILLISECONDS_MAX)
        await expect(page.locator("#orders tbody")).to_contain_text("已付款", timeout=MILLISECONDS_MAX)
        await page.locator("#account").click()
        await expect(page.locator("#account")).to_have_text("登录", timeout=MILLISECONDS_MAX)
        await expect(page.locator("#banner")).to_contain_text("登录", timeout=MILLISECONDS_MAX)
        await context.close()
