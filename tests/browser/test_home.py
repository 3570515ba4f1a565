"""Home in a real browser: the shop at a glance, live, in both languages; and the pages that its figures lead to."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx2
import pytest
from playwright.async_api import Browser, expect

from orderloom.adapters.db.figures import CasesDue, FigureBook
from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, csv_file
from tests.support.by_hand import upload
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide

MILLISECONDS_MAX = 20_000


async def _add_up(world: World) -> None:
    await world.publish()
    async with world.hub.pool.connection() as connection:
        await FigureBook(connection, "Asia/Shanghai", CasesDue()).add_up(world.hub.now())


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_the_shop_is_seen_at_a_glance_and_fits(
    browser: Browser, world: World, page_url: str, size: tuple[int, int],
) -> None:
    await _add_up(world)
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=size) as page:
        await page.goto(f"{base}/")
        await expect(page.locator(".home-say")).to_contain_text("今天 3 单", timeout=MILLISECONDS_MAX)
        await expect(page.locator(".home-say")).to_contain_text("消息账平")
        await expect(page.locator(".route > li")).to_have_count(11)
        await expect(page.locator(".message-account")).to_contain_text("一条不少")
        await expect(page.locator(".home")).to_contain_text("SH01")
        assert "林" not in await page.locator("main").inner_text(), "a person is on the page"
        assert await too_wide(page) == 0 and await grave_findings(page) == []


async def test_new_orders_and_cases_appear_without_a_reload_each_by_its_own_word(
    browser: Browser, world: World, page_url: str,
) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations") as page:
        await page.goto(f"{base}/")
        await expect(page.locator(".home")).to_contain_text("没有未关闭的异常单", timeout=MILLISECONDS_MAX)
        async with httpx2.AsyncClient() as stranger:
            await stranger.post(f"{page_url}webhooks/SH01", content=b"{}")
        await world.record(2)
        await upload(world.hub, "XLS", "a.csv", csv_file("UNKNOWN"))
        await world.work()
        await _add_up(world)
        await expect(page.locator(".home-say")).to_contain_text("今天 5 单", timeout=MILLISECONDS_MAX)
        await expect(page.locator(".home")).to_contain_text("商品编码未登记", timeout=MILLISECONDS_MAX)
        await expect(page.locator(".home-mine")).to_contain_text("等我处理")
        await expect(page.locator(".route > li").nth(0)).to_contain_text("隔离 1")
        await expect(page.locator(".route > li").nth(1)).to_contain_text("搁置 1")
        await page.get_by_role("button", name="展开").click()
        await expect(page.locator(".message-account")).to_contain_text(re.compile("隔离 ?1"))


async def test_home_in_english_has_no_chinese_left_but_names(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", language="en") as page:
        await page.goto(f"{base}/")
        await expect(page.locator(".message-account")).to_contain_text("Nothing is lost", timeout=MILLISECONDS_MAX)
        han = await page.locator("main").evaluate("e => (e.innerText.match(/[\\u4e00-\\u9fff]/g) || []).length")
        assert han == 0, await page.locator("main").inner_text()


async def test_an_empty_hub_is_led_to_its_first_order_and_the_guide_can_be_put_aside(
    browser: Browser, empty_world: World,
) -> None:
    async with serve(empty_world.app) as port:
        base = f"http://127.0.0.1:{port}"
        async with at_console(browser, empty_world, base, "administrator") as page:
            await page.goto(f"{base}/")
            await expect(page.locator(".guide")).to_be_visible(timeout=MILLISECONDS_MAX)
            await expect(page.locator(".guide .steps > li")).to_have_count(5)
            await expect(page.locator(".guide .next")).to_contain_text("等第一单")
            await empty_world.record(1)
            await expect(page.locator(".guide")).to_have_count(0, timeout=MILLISECONDS_MAX)
            async with empty_world.hub.pool.connection() as connection:
                await connection.execute(b"update warehouse set is_active = false")
            await page.reload()
            await page.get_by_role("button", name="先收起").click(timeout=MILLISECONDS_MAX)
            await expect(page.locator(".guide")).to_have_count(0)
            await page.reload()
            await expect(page.locator(".home-say")).to_be_visible(timeout=MILLISECONDS_MAX)
            await expect(page.locator(".guide")).to_have_count(0)


async def test_the_lifecycle_is_drawn_with_its_orders_and_every_stage_explains_itself(
    browser: Browser, world: World, page_url: str,
) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations") as page:
        await page.goto(f"{base}/lifecycle")
        paid = page.locator(".stage-box").filter(has_text="已付款")
        await expect(paid).to_contain_text("3 单", timeout=MILLISECONDS_MAX)
        await paid.click()
        await expect(page).to_have_url(re.compile("stage=paid"))
        doc = page.locator(".stage-doc")
        for text in ("负责", "时限", "顾客看到", "怎么进来", "怎么离开", "谁可以"):
            await expect(doc).to_contain_text(text)
        assert await grave_findings(page) == []
        await page.goto(f"{base}/lifecycle?view=list&stage=paid")
        await expect(page.locator(".stages .stage-doc")).to_contain_text("怎么进来", timeout=MILLISECONDS_MAX)
        assert await grave_findings(page) == []


async def test_a_boards_numbers_are_a_table_too_and_the_address_keeps_what_is_shown(
    browser: Browser, world: World, page_url: str,
) -> None:
    await _add_up(world)
    today = world.hub.now().date()
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "management", size=DESK) as page:
        span = f"from={today - timedelta(days=3)}&to={today + timedelta(days=1)}"
        await page.goto(f"{base}/insight/orders?by=account&{span}")
        panel = page.get_by_role("region", name="订单数", exact=True)
        await expect(panel.locator("svg").first).to_be_visible(timeout=MILLISECONDS_MAX)
        await panel.get_by_role("button", name="看数据").click()
        await expect(panel.locator("tbody tr")).to_have_count(1)
        await expect(panel.locator("tbody")).to_contain_text("SH01")
        await page.get_by_role("link", name="同步").click()
        await settled(page)
        await expect(page).to_have_url(re.compile("/insight/sync.*by=account"))
        assert await grave_findings(page) == []


async def test_a_warehouse_sees_orders_but_no_money_on_home_and_boards(
    browser: Browser, world: World, page_url: str,
) -> None:
    await _add_up(world)
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "warehouse") as page:
        for path in ("/", "/insight/orders"):
            await page.goto(base + path)
            await settled(page)
            await expect(page.locator("main")).to_contain_text("订单", timeout=MILLISECONDS_MAX)
            assert "¥" not in await page.locator("main").inner_text(), path
