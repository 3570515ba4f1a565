"""As operations would click: units set aside, sold and given back; a difference seen and let go; a leak compensated."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from orderloom.adapters.ids import new_id
from orderloom.application.take_snapshot import ask_for_snapshot
from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide

SHOTS = os.environ.get("ORDERLOOM_SHOTS", "")


async def fits(page: Page, where: str) -> None:
    await settled(page)
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{where}.png", full_page=True)
    assert await grave_findings(page) == [], where
    assert await too_wide(page) == 0, where


async def looked_at(browser: Browser, world: World, base: str, paths: dict[str, str]) -> None:
    """Each page on a phone and in the dark, in English too."""
    for language, theme, size in (("zh", "dark", PHONE), ("en", "light", PHONE), ("en", "dark", DESK)):
        async with at_console(browser, world, base, "operations", size=size, language=language, theme=theme) as page:
            for name, path in paths.items():
                await page.goto(base + path)
                await fits(page, f"{name}-{language}-{theme}-{size[0]}")


async def set_aside(page: Page, base: str) -> None:
    await page.goto(f"{base}/stock/quotas")
    await expect(page.get_by_text("还没有预留")).to_be_visible()
    await fits(page, "quotas-empty")
    await page.get_by_role("button", name="设置预留").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("添加商品：编码或名称").fill("M-001")
    await page.get_by_text("马克杯").last.click()
    await drawer.get_by_label("仓库 M-001").click()
    await page.get_by_title("杭州仓").last.click()
    await drawer.get_by_label("件数 M-001").fill("10")
    await drawer.get_by_label("活动").fill("11.11")
    await drawer.get_by_label("原因").fill("双十一主会场")
    await fits(page, "quotas-plan")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("已设置 1 个预留")).to_be_visible()


async def presell(world: World) -> None:
    """Five units that are not there yet are sold to whoever asks."""
    lines = [{"sku": "M-002", "warehouse": "HZ", "quantity": 5}]
    wish = {"lines": lines, "reason": "新品", "promised_on": "2036-01-01"}
    async with await world.client("stock:write") as client:
        answer = await client.post("/api/v1/stock/quotas", json=wish, headers={"Idempotency-Key": "presale"})
        assert answer.is_success, answer.text


async def test_units_are_set_aside_sold_and_given_back(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=DESK) as page:
        await set_aside(page, base)
        await expect(page.get_by_text("10 / 0 / 0")).to_be_visible()
        await fits(page, "quotas")
        await page.locator("a", has_text="Q-").first.click()
        await expect(page.get_by_text("为“活动 11.11”留着 10 件。")).to_be_visible()
        number = page.url.rsplit("/", 1)[-1]
        await world.record(1, facts={"campaign": "11.11"})
        await page.get_by_role("button", name="改数量").click()
        await page.get_by_label("新的件数").fill("20")
        await page.get_by_label("原因").fill("卖得比想的好")
        await page.get_by_role("button", name="改数量").click()
        await expect(page.get_by_text("数量改为 20 件")).to_be_visible()
        await expect(page.get_by_text("为“活动 11.11”留着 19 件。")).to_be_visible()
        await fits(page, "quota")
        await page.goto(f"{base}/stock/M-001")
        await expect(page.get_by_role("link", name=f"用预留 {number}")).to_be_visible()
        await fits(page, "stock-who")
        await presell(world)
        await page.goto(f"{base}/stock/quotas")
        await expect(page.get_by_text("已卖 0 · 还可卖 5")).to_be_visible()
        await fits(page, "quotas-presale")
        await looked_at(browser, world, base, {
            "quotas": "/stock/quotas", "quota": f"/stock/quotas/{number}", "plan": "/stock/quotas?create=M-001",
            "sku": "/stock/M-001"})
        await page.goto(f"{base}/stock/quotas/{number}")
        await page.get_by_role("button", name="提前结束").click()
        await expect(page.get_by_text("马上放回 19 件，所有渠道都能卖；已被订单用掉的 1 件")).to_be_visible()
        await page.get_by_label("原因").fill("活动结束")
        await fits(page, "quota-close")
        await page.get_by_role("button", name="提前结束").click()
        await expect(page.get_by_text("已结束，“活动 11.11”的订单共用掉 1 件。")).to_be_visible()
    assert world.rows("select set_aside, allocated from stock_level where on_hand > 0") == [(0, 4)]


async def plant_a_difference(world: World) -> str:
    """A snapshot that found one SKU differing, whose new orders wait: what a worker would have written."""
    number = await ask_for_snapshot(world.hub.ports.subjects, "user:li", world.hub.now(), new_id)
    assert number is not None
    async with world.hub.pool.connection() as connection, connection.transaction():
        snapshot = (await (await connection.execute(
            "update stock_snapshot set ended_at = now(), compared = 2, explained = 1, differ = 2, systems = '{TB01}', "
            "tripped = '{M-001}', unread = '{\"WD01\": \"连不上 | not reached\"}' where number = %s returning id",
            (number,))).fetchall())[0][0]
        for row, place, theirs, explained in ((1, "M-001", 700, ""), (2, "M-001-B", 990, "on_its_way")):
            await connection.execute(
                "insert into stock_snapshot_row (snapshot_id, row_no, system, place, sku_id, spelling, meaning, ours,"
                " theirs, explained) select %s, %s, 'TB01', %s, id, %s, 'shown', 997, %s, %s from sku "
                "where code = 'M-001'",
                (snapshot, row, place, place, theirs, explained))
        await connection.execute(
            "insert into stock_breaker (sku_id, snapshot_id, opened_at, until) "
            "select id, %s, now(), now() + interval '10 minutes' from sku where code = 'M-001'", (snapshot,))
    return number


async def test_a_difference_is_seen_with_who_waits_and_let_go(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=DESK) as page:
        await page.goto(f"{base}/stock/snapshots")
        await fits(page, "snapshots-empty")
        await page.get_by_role("button", name="立即快照").click()
        await expect(page.get_by_text("正在向各系统询问").first).to_be_visible()
        await fits(page, "snapshot-running")
        number = await plant_a_difference(world)
        await page.goto(f"{base}/stock/snapshots")
        await expect(page.get_by_text("暂停新单 1")).to_be_visible()
        await fits(page, "snapshots")
        await page.get_by_role("link", name=number).click()
        await expect(page.get_by_text("对照 2 个数，2 个不同，其中 1 个在途可解释。1 个商品暂停新单；")).to_be_visible()
        await expect(page.get_by_text("在途：渠道还没收到最新数")).to_be_visible()
        await fits(page, "snapshot")
        await looked_at(browser, world, base, {
            "snapshots": "/stock/snapshots", "snapshot": f"/stock/snapshots/{number}"})
        await page.get_by_role("button", name="提前放行").click()
        await page.get_by_label("原因").fill("已盘点，渠道数已更正")
        await fits(page, "snapshot-release")
        await page.get_by_role("button", name="提前放行").click()
        await expect(page.get_by_text("1 个商品已放行")).to_be_visible()
        await expect(page.get_by_text("1 个商品当时暂停过新单，现在都已恢复。").first).to_be_visible()
    assert world.rows("select count(*) from stock_breaker where closed_at is null") == [(0,)]


async def test_a_leak_is_compensated_where_it_is_seen(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with world.hub.pool.connection() as connection:
        await connection.execute("update stock_level set reserved = reserved + 4")
    async with at_console(browser, world, base, "operations", size=DESK) as page:
        await looked_at(browser, world, base, {"leaks": "/stock/leaks", "leak-sku": "/stock/M-001"})
        await page.goto(f"{base}/stock/leaks")
        await page.get_by_role("link", name="M-001").click()
        await expect(page.get_by_text("没有订单占用").first).to_be_visible()
        await page.get_by_role("button", name="补偿").click()
        await expect(page.get_by_text("库存数多记了 4 件占用")).to_be_visible()
        await page.get_by_label("原因").last.fill("查过：对账脚本写错")
        await fits(page, "leak-asked")
        await page.get_by_role("button", name="补偿 4 件").click()
        await expect(page.get_by_text("已补偿，流水里写明了原因")).to_be_visible()
        await expect(page.get_by_text("可售 997 件。")).to_be_visible()
        await page.goto(f"{base}/stock/leaks")
        await expect(page.get_by_text("没有对不上的占用")).to_be_visible()
        await fits(page, "leaks-none")
    assert world.rows("select reserved from stock_level") == [(0,)]
