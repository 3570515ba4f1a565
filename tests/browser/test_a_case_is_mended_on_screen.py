"""The queue of cases and the page that mends one: what is wrong is seen, its effect is shown, and one click ends it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from tests.support.api_hub import World, csv_file
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, too_wide


@pytest.fixture
async def waiting(world: World) -> AsyncIterator[World]:
    """Two orders wait for a spelling that nobody knows, a third for a quantity that is none."""
    async with await world.client("admin") as client:
        for number, body in (("OFF-1", csv_file("M 001")), ("OFF-2", csv_file("M 001")),
                             ("OFF-3", csv_file("M-001").replace(b",1,100.00\n", ",一件,100.00\n".encode()))):
            name = f"/api/v1/files/XLS?name={number}.csv"
            assert (await client.post(name, content=body.replace(b"OFF1", number.encode()))).status_code == 201
            await world.work()
    yield world


async def keep(page: Page, name: str) -> None:
    """A picture for whoever looks at the screens, where they are asked for."""
    if folder := os.environ.get("ORDERLOOM_SCREENS"):
        await page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("size", "language", "theme"), [(DESK, "zh", "light"), (PHONE, "zh", "light"),
                                                         (DESK, "en", "dark")])
async def test_a_spelling_is_taught_from_its_case_and_what_waited_goes_on(
    browser: Browser, waiting: World, page_url: str, size: tuple[int, int], language: str, theme: str,
) -> None:
    base, zh = page_url.rstrip("/"), language == "zh"
    shot = f"{size[0]}-{language}-{theme}"
    async with at_console(browser, waiting, base, "administrator", size=size, language=language, theme=theme) as page:
        await page.goto(f"{base}/cases")
        await expect(page.locator(".piles")).to_contain_text("2")
        await keep(page, f"cases-{shot}")
        assert await too_wide(page) <= 0
        async with await waiting.client("admin") as client:
            (case,) = (await client.get("/api/v1/cases", params={"kind": "unknown_sku"})).json()["cases"]
        await page.goto(f"{base}/cases/{case['id']}")
        await expect(page.locator(".payload .culprit")).to_contain_text("M 001")
        await keep(page, f"case-{shot}")
        await page.get_by_role("button", name="看会改变什么" if zh else "See what changes").click()
        commit = page.get_by_role("button", name="登记并重放 2 条" if zh else "Add and replay 2")
        await expect(commit).to_be_enabled()
        await expect(page.locator(".counts")).to_contain_text("2")
        assert "step=preview" in page.url
        await keep(page, f"case-preview-{shot}")
        assert await grave_findings(page) == [] and await too_wide(page) <= 0
        await commit.click()
        done = "已修复，2 条正在重新处理" if zh else "Mended; 2 go through again"
        await expect(page.get_by_text(done)).to_be_visible()
        await waiting.work()
    assert waiting.rows("select count(*) from orders where external_id like 'OFF-%'") == [(2,)]


async def test_cases_that_are_junk_are_taken_out_together_after_a_look(
    browser: Browser, waiting: World, page_url: str,
) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, waiting, base, "administrator", size=DESK, language="zh", theme="light") as page:
        await page.goto(f"{base}/cases")
        await expect(page.locator("tbody tr.ant-table-row")).to_have_count(2)
        for key in "jxjx":
            await page.keyboard.press(key)
        await page.locator(".bulk").get_by_role("button", name="一起修").click()
        await page.get_by_role("tab", name="作废 2 张").click()
        await page.get_by_placeholder("请写明原因").fill("压测用的测试单")
        await page.get_by_role("button", name="看会改变什么").click()
        commit = page.get_by_role("button", name="作废：2 张，3 条")
        await expect(commit).to_be_enabled()
        await keep(page, "cases-together")
        assert await grave_findings(page) == []
        await commit.click()
        await expect(page.get_by_text("正在逐张处理")).to_be_visible()
        runner = Runner(waiting.hub, job_kinds(waiting.hub))
        while await runner.step():
            pass
        await expect(page.get_by_text("2 张已处理")).to_be_visible()
        await expect(page.get_by_text("已处理 2 条")).to_be_visible()
        await keep(page, "cases-together-done")
    assert waiting.rows("select count(*) from intake where outcome = 'discarded'") == [(3,)]


async def test_how_long_troubles_last_and_an_empty_queue_are_told(
    browser: Browser, world: World, page_url: str,
) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "administrator", size=DESK, language="zh", theme="light") as page:
        for path in ("/cases?tab=recovery", "/cases?kind=no_lines"):
            await page.goto(base + path)
            await expect(page.locator(".state, .plain").first).to_be_visible()
            await keep(page, f"other-{path[-8:]}".replace("=", "-"))
            assert await grave_findings(page) == []
