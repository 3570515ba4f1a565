"""The form of a manual order: what a clerk would lose if it misled, and what the order would lose afterwards."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.by_hand import manual_account
from tests.support.on_screen import (
    DESK,
    PHONE,
    a_context,
    at_console,
    grave_findings,
    held_back,
    settled,
    too_wide,
)

PASTED = "张三 13800138000 浙江省杭州市余杭区文一西路969号1幢"
WAIT_MS = 20_000


@pytest.fixture
async def base(empty_world: World) -> AsyncIterator[str]:
    """The hub's address, with a worker that takes what lands."""
    await manual_account(empty_world.hub, "PH01")

    async def work() -> None:
        while True:
            await empty_world.work()
            await asyncio.sleep(0.02)

    worker = asyncio.create_task(work())
    async with serve(empty_world.app) as port:
        yield f"http://127.0.0.1:{port}"
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#enter-{name.replace('.', '-')}")


async def find(page: Page, typed: str) -> None:
    """Goods are looked for, and the first that is suggested is taken."""
    await page.get_by_role("combobox", name="找商品：编码或名称").fill(typed)
    await page.locator(".ant-select-item-option").first.click(timeout=WAIT_MS)


async def type_it(page: Page, base: str) -> None:
    """A phone order of two mugs."""
    await page.goto(f"{base}/orders/new")
    await settled(page)
    await page.get_by_label("粘贴收件人").fill(PASTED)
    await page.get_by_role("button", name="拆开").click()
    await expect(field(page, "receiver.name")).to_have_value("张三", timeout=WAIT_MS)
    await find(page, "M-001")
    await field(page, "lines.0.quantity").fill("2")
    await field(page, "lines.0.price").fill("89")
    await field(page, "freight").fill("10.5")


async def made(page: Page, button: str) -> str:
    """What was typed is sent; the number of the order on whose page one is then."""
    await page.get_by_role("button", name=button).click()
    await expect(page.get_by_test_id("say")).to_be_visible(timeout=WAIT_MS)
    return page.url.rpartition("/")[2]


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_a_phone_order_is_typed_and_gets_its_number(
    browser: Browser, empty_world: World, base: str, size: tuple[int, int],
) -> None:
    async with at_console(browser, empty_world, base, "operations", size=size) as page:
        await type_it(page, base)
        await expect(page.get_by_test_id("total")).to_have_text("¥188.50", timeout=WAIT_MS)
        await shot(page, f"enter-{size[0]}")
        assert await too_wide(page) <= 0 and not await grave_findings(page)
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_test_id("say")).to_be_visible(timeout=WAIT_MS)
    assert empty_world.rows("select total, payment from orders") == [(18_850, "paid")]


async def test_enter_never_takes_goods_of_what_was_typed_before(
    browser: Browser, empty_world: World, base: str,
) -> None:
    """A scanner types faster than the server answers: its Enter adds what was typed last."""
    async with at_console(browser, empty_world, base, "operations") as page:
        await page.goto(f"{base}/orders/new")
        await settled(page)
        box = page.get_by_role("combobox", name="找商品：编码或名称")
        await box.fill("M-001")
        await expect(page.locator(".ant-select-item-option")).to_have_count(1, timeout=WAIT_MS)
        may_go = await held_back(page, "**/api/v1/goods?q=M-002*")
        await box.fill("M-002")
        await box.press("Enter")
        await expect(field(page, "lines.0.sku")).to_have_count(0)
        may_go.set()
        await expect(field(page, "lines.0.sku")).to_have_value("M-002", timeout=WAIT_MS)


async def test_each_refusal_stands_beside_its_field_in_both_languages(
    browser: Browser, empty_world: World, base: str,
) -> None:
    async with at_console(browser, empty_world, base, "operations", size=PHONE, theme="dark", expected="422") as page:
        await type_it(page, base)
        await find(page, "M-0011")
        await field(page, "receiver.phone").fill("110")
        await field(page, "lines.0.price").fill("89元")
        await page.get_by_role("button", name="建单").click()
        for name, words in (("lines.1.sku", "M-001"), ("lines.0.price", "12.50"), ("receiver.phone", "13800138000")):
            await expect(field(page, name)).to_have_attribute("aria-invalid", "true", timeout=WAIT_MS)
            await expect(page.locator(f"#enter-{name.replace('.', '-')}-wrong")).to_contain_text(words)
        await expect(page.get_by_role("alert")).to_be_visible()
        await expect(field(page, "receiver.phone")).to_be_focused()
        await shot(page, "enter-refused-390")
        assert await too_wide(page) <= 0 and not await grave_findings(page)
    async with at_console(browser, empty_world, base, "operations", language="en", expected="422") as page:
        await page.goto(f"{base}/orders/new")
        await page.get_by_role("combobox", name="Find goods by code or name").fill("M-001")
        await page.locator(".ant-select-item-option").first.click(timeout=WAIT_MS)
        await field(page, "currency").fill("XYZ")
        await page.get_by_role("button", name="Create order").click()
        await expect(page.locator("#enter-currency-wrong")).to_contain_text("three letters", timeout=WAIT_MS)
        await shot(page, "enter-refused-en")
    assert empty_world.rows("select count(*) from orders") == [(0,)]


async def test_what_was_typed_is_corrected_by_the_same_form_and_cancelled_from_the_order(
    browser: Browser, empty_world: World, base: str,
) -> None:
    async with at_console(browser, empty_world, base, "administrator", expected="409", theme="dark") as page:
        await type_it(page, base)
        number = await made(page, "建单")
        await page.goto(f"{base}/orders/{number}/correct")
        await expect(field(page, "lines.0.quantity")).to_have_value("2", timeout=WAIT_MS)
        await expect(field(page, "receiver.name")).to_have_count(0)
        await shot(page, "correct")
        assert await too_wide(page) <= 0 and not await grave_findings(page)
        await page.get_by_label("原因").fill("顾客要改地址")
        await page.get_by_role("button", name="显示收件人").click()
        await expect(field(page, "receiver.name")).to_have_value("张三", timeout=WAIT_MS)
        await field(page, "lines.0.quantity").fill("1")
        await expect(page.get_by_test_id("total")).to_have_text("¥99.50", timeout=WAIT_MS)
        await made(page, "更正订单")
        assert empty_world.rows("select total from orders") == [(9_950,)]
        await page.goto(f"{base}/orders/{number}/correct")
        await expect(field(page, "lines.0.quantity")).to_have_value("1", timeout=WAIT_MS)
        stale = await page.context.new_page()
        await stale.goto(f"{base}/orders/{number}?act=cancel")
        await stale.get_by_label("原因").fill("顾客来电取消")
        await stale.get_by_role("button", name="看会改变什么").click()
        await stale.get_by_role("button", name="取消订单 1 单").click()
        await expect(stale.get_by_test_id("say")).to_contain_text("已取消", timeout=WAIT_MS)
        await page.get_by_role("button", name="更正订单").click()
        await expect(page.get_by_role("alert")).to_contain_text("有人改过", timeout=WAIT_MS)
        await page.get_by_role("button", name="重新应用我的").click()
        await page.get_by_role("button", name="更正订单").click()
        await expect(page.get_by_role("alert")).to_contain_text("已取消", timeout=WAIT_MS)
    assert empty_world.rows("select is_cancelled, total from orders") == [(True, 9_950)]


async def test_escape_leaves_and_nothing_that_was_typed_is_lost(
    browser: Browser, empty_world: World, base: str,
) -> None:
    async with at_console(browser, empty_world, base, "operations") as page:
        await type_it(page, base)
        await page.get_by_role("combobox", name="找商品：编码或名称").fill("M-0")
        await expect(page.locator(".ant-select-item-option").first).to_be_visible(timeout=WAIT_MS)
        await page.keyboard.press("Escape")
        await expect(page.locator(".ant-select-item-option").first).to_be_hidden(timeout=WAIT_MS)
        assert page.url.endswith("/orders/new"), "the list of suggestions is closed first"
        await page.keyboard.press("Escape")
        await page.wait_for_url(f"{base}/orders**", timeout=WAIT_MS)
        await page.get_by_role("button", name="手工订单").click()
        await expect(field(page, "lines.0.price")).to_have_value("89", timeout=WAIT_MS)
        await expect(page.get_by_role("status").filter(has_text="草稿")).to_be_visible()
        await page.get_by_role("button", name="清空").click()
        await expect(field(page, "lines.0.price")).to_have_count(0)


async def test_an_order_abroad_is_in_its_own_currency_to_its_own_country(
    browser: Browser, empty_world: World, base: str,
) -> None:
    async with at_console(browser, empty_world, base, "operations") as page:
        await page.goto(f"{base}/orders/new")
        await find(page, "M-001")
        await field(page, "lines.0.price").fill("1890")
        await field(page, "currency").fill("jpy")
        await expect(page.get_by_test_id("total")).to_have_text("JPY 1,890", timeout=WAIT_MS)
        for name, value in (("name", "山田太郎"), ("phone", "0312345678"), ("country", "jp"), ("city", "Tokyo"),
                            ("detail", "1-1 Marunouchi")):
            await field(page, f"receiver.{name}").fill(value)
        await made(page, "建单")
    assert empty_world.rows("select total, currency, receiver_country from orders") == [(1_890, "JPY", "JP")]


async def test_who_is_not_signed_in_is_asked_to_and_comes_back_to_the_form(browser: Browser, base: str) -> None:
    page = await (await a_context(browser)).new_page()
    await page.goto(f"{base}/orders/new")
    await page.wait_for_url(f"{base}/sign-in?next=**", timeout=WAIT_MS)
    assert "%2Forders%2Fnew" in page.url or "/orders/new" in page.url
