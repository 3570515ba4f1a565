"""The form of a manual order, in a real browser: what a clerk on the phone would lose if it misled."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.by_hand import manual_account

SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")
"""A folder for pictures, where somebody wants to look."""
WIDTHS = [(1440, 900), (390, 844)]
PASTED = "张三 13800138000 浙江省杭州市余杭区文一西路969号1幢"


@pytest.fixture
async def form_url(world: World) -> AsyncIterator[str]:
    """The form's address, with a worker that takes what lands."""
    await manual_account(world.hub, "PH01")

    async def work() -> None:
        while True:
            await world.work()
            await asyncio.sleep(0.02)

    worker = asyncio.create_task(work())
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}/old/orders/new"
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def signed_in(browser: Browser, world: World, url: str, width: int = 1440, **more: Any) -> Page:
    client = await world.user("service")
    token = client.headers["Authorization"].removeprefix("Bearer ")
    page = await (await browser.new_context(viewport={"width": width, "height": 900}, **more)).new_page()
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda said: page.faults.append(said.text)  # type: ignore[attr-defined]
            if said.type == "error" and "status of 4" not in said.text else None)
    await page.add_init_script(f"localStorage.setItem('token', '{token}'); localStorage.setItem('name', '小林');"
                               f"if (!localStorage.getItem('language')) localStorage.setItem('language', 'zh');")
    await page.goto(url)
    return page


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def type_it(page: Page) -> None:
    """A phone order of two mugs."""
    await page.get_by_label("商品编码或名称").type("马克")
    await page.get_by_role("option", name="M-001").click()
    await page.get_by_label("数量").fill("2")
    await page.get_by_label("单价").fill("89")
    await page.get_by_label("运费").fill("10.5")
    await page.get_by_label("粘贴姓名、电话、地址").fill(PASTED)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
async def test_a_phone_order_is_typed_and_gets_its_number(
    world: World, form_url: str, browser: Browser, width: int, height: int
) -> None:
    page = await signed_in(browser, world, form_url, width)
    await shot(page, f"empty-{width}")
    await type_it(page)
    await expect(page.locator("#sums dd.total")).to_have_text("¥188.50")
    assert await page.locator("[name='receiver.name']").input_value() == "张三"
    await shot(page, f"typed-{width}")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#done .number")).not_to_be_empty()
    await shot(page, f"done-{width}")
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0 and page.faults == [], page.faults  # type: ignore[attr-defined]


async def test_each_refusal_stands_beside_its_field(world: World, form_url: str, browser: Browser) -> None:
    page = await signed_in(browser, world, form_url, 390, color_scheme="dark")
    await type_it(page)
    await page.get_by_label("商品编码或名称").fill("M-0011")
    await page.locator("[name='receiver.phone']").fill("110")
    await page.get_by_label("单价").fill("89元")
    await page.locator("#send").click()
    for place, words in (("sku", "M-001"), ("price", "12.50")):
        told = page.locator(f".line [data-part={place}]")
        await expect(told).to_have_attribute("aria-invalid", "true")
        await expect(page.locator(f"label:has([data-part={place}]) .wrong")).to_contain_text(words)
    await expect(page.locator("label:has([name='receiver.phone']) .wrong")).to_contain_text("13800138000")
    await expect(page.locator("#banner")).to_be_visible()
    await shot(page, "refused-dark-390")
    await page.locator("#language").click()
    await expect(page.locator("#send")).to_have_text("Enter the order")
    await shot(page, "refused-en-390")
    assert page.faults == [], page.faults  # type: ignore[attr-defined]


async def test_what_was_typed_is_corrected_and_cancelled_by_the_same_form(
    world: World, form_url: str, browser: Browser
) -> None:
    page = await signed_in(browser, world, form_url, color_scheme="dark")
    await type_it(page)
    await page.locator("#send").click()
    await page.locator("#done a", has_text="更正或取消").click()
    await expect(page.get_by_label("数量")).to_have_value("2")
    await expect(page.locator("#known")).to_be_visible()
    await expect(page.locator("[name='receiver.name']")).not_to_be_visible()
    await shot(page, "mend-dark-1440")
    await page.get_by_label("查看原因").fill("顾客要改地址")
    await page.locator("#see").click()
    await expect(page.locator("[name='receiver.name']")).to_have_value("张三")
    await page.get_by_label("数量").fill("1")
    await page.locator("#send").click()
    await expect(page.locator("#done")).to_contain_text("已更正")
    await page.get_by_label("取消原因").fill("顾客来电取消")
    await page.locator("#cancel").click()
    await expect(page.locator("#done")).to_contain_text("已取消")
    await page.locator("#send").click()
    await expect(page.locator("#banner")).to_contain_text("已取消")
    assert page.faults == [], page.faults  # type: ignore[attr-defined]


async def test_who_is_not_signed_in_is_asked_to(form_url: str, browser: Browser) -> None:
    page = await (await browser.new_context(locale="zh-CN")).new_page()
    await page.goto(form_url)
    await expect(page.locator("#signin")).to_be_visible()
