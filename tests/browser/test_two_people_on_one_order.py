"""Two people look at one order: what one does the other sees at once, and who was slower loses nothing of a form."""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic

from playwright.async_api import Browser, Page, expect

from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide

SEEN_SECONDS_MAX = 2.0
WAIT_MS = 20_000
RECEIVER = {"name": "李雷", "phone": "19900055555", "province": "浙江省", "city": "杭州市", "detail": "南山路1号"}


async def number_of(world: World) -> str:
    return str(world.rows(f"select number from orders where id = '{world.order_ids[0]}'")[0][0])


async def shot(page: Page, name: str) -> None:
    """A picture of the page for whoever wants to look: where `SCREENS` says."""
    if folder := os.environ.get("SCREENS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_a_hold_by_one_is_seen_by_the_other_within_two_seconds(
    browser: Browser, world: World, page_url: str,
) -> None:
    base, number = page_url.rstrip("/"), await number_of(world)
    async with at_console(browser, world, base, "administrator", size=DESK) as mine:
        async with at_console(browser, world, base, "service", size=DESK) as theirs:
            for page in (mine, theirs):
                await page.goto(f"{base}/orders/{number}")
                await settled(page)
            await shot(mine, "order")
            await mine.get_by_role("button", name="挂起", exact=True).click()
            await mine.get_by_label("原因").fill("买家要求等一等")
            await mine.get_by_role("button", name="看会改变什么").click()
            await expect(mine.get_by_test_id("effect")).to_be_visible(timeout=WAIT_MS)
            await shot(mine, "order-hold")
            async with mine.expect_response(lambda answer: answer.url.endswith(f"/{number}/hold")):
                await mine.get_by_role("button", name="挂起 1 单").click()
            began = monotonic()
            await expect(theirs.get_by_test_id("say")).to_contain_text("挂起", timeout=WAIT_MS)
            took = monotonic() - began
            await shot(theirs, "order-held")
    assert took < SEEN_SECONDS_MAX, f"seen after {took:.1f} s"


async def test_the_slower_of_two_edits_is_told_and_keeps_what_was_typed(
    browser: Browser, world: World, page_url: str,
) -> None:
    base, number = page_url.rstrip("/"), await number_of(world)
    async with at_console(browser, world, base, "service", size=DESK, expected="409 (Conflict)") as mine:
        await mine.goto(f"{base}/orders/{number}?act=receiver")
        for field, value in RECEIVER.items():
            await mine.locator(f"#receiver-{field}").fill(value)
        await mine.locator("#act-reason").fill("买家来电更正")
        await mine.get_by_role("button", name="看会改变什么").click()
        await expect(mine.get_by_test_id("effect")).to_be_visible(timeout=WAIT_MS)
        async with await world.client("admin") as other:
            done = await other.post(f"/api/v1/orders/{number}/receiver", json={
                **RECEIVER, "name": "韩梅梅", "reason": "other"})
            assert done.status_code == 200, done.text
        await expect(mine.locator(".order-news")).to_contain_text("改了收件人", timeout=WAIT_MS)
        await mine.get_by_role("button", name="改收件人 1 单").click()
        await expect(mine.get_by_text("你打开之后，有人改过")).to_be_visible(timeout=WAIT_MS)
        await expect(mine.locator("#receiver-name")).to_have_value("李雷")
        await shot(mine, "order-conflict")
        await mine.get_by_role("button", name="重新应用").click()
        await mine.get_by_role("button", name="看会改变什么").click()
        await mine.get_by_role("button", name="改收件人 1 单").click()
        await expect(mine.locator("#receiver-name")).to_have_count(0, timeout=WAIT_MS)
    assert world.rows("select count(*) from order_event where kind = 'receiver_changed'") == [(2,)]


async def test_two_change_the_goods_of_one_order_and_neither_loses_a_word(
    browser: Browser, world: World, page_url: str,
) -> None:
    base, number = page_url.rstrip("/"), await number_of(world)
    async with at_console(browser, world, base, "operations", size=DESK, expected="409 (Conflict)") as mine:
        async with at_console(browser, world, base, "administrator", size=DESK) as theirs:
            for page in (mine, theirs):
                await page.goto(f"{base}/orders/{number}?act=lines")
                await settled(page)
            await mine.get_by_label("单价").first.fill("90.00")
            await mine.locator("#act-reason").fill("谈好的价")
            await mine.get_by_role("button", name="看会改变什么").click()
            effect = mine.get_by_test_id("effect")
            await expect(effect).to_contain_text("¥100.00 → ¥90.00", timeout=WAIT_MS)
            await expect(effect).to_contain_text("应退买家")
            await shot(mine, "order-lines")
            assert not await grave_findings(mine)
            await theirs.get_by_role("combobox", name="加商品：编码或名称").fill("M-001")
            await theirs.locator(".ant-select-item-option").first.click(timeout=WAIT_MS)
            await theirs.locator("#act-reason").fill("送一件")
            await theirs.get_by_role("button", name="看会改变什么").click()
            asked = monotonic()
            await mine.request.get(f"{base}/api/v1/orders/{number}")
            pace = monotonic() - asked
            async with theirs.expect_response(lambda answer: answer.url.endswith(f"/{number}/lines")):
                await theirs.get_by_role("button", name="改商品 1 单").click()
            began = monotonic()
            await expect(mine.locator(".order-news")).to_contain_text("改了商品", timeout=WAIT_MS)
            took = monotonic() - began
            await mine.get_by_role("button", name="改商品 1 单").click()
            conflict = mine.locator(".order-conflict")
            await expect(conflict).to_contain_text("M-001 ×1 · 90.00", timeout=WAIT_MS)
            await expect(conflict).to_contain_text("M-001 ×1 · 100.00")
            await expect(mine.get_by_label("单价").first).to_have_value("90.00")
            await shot(mine, "order-lines-conflict")
            await mine.get_by_role("button", name="重新应用").click()
            await mine.get_by_role("button", name="看会改变什么").click()
            await mine.get_by_role("button", name="改商品 1 单").click()
            await expect(mine.locator("#act-reason")).to_have_count(0, timeout=WAIT_MS)
    assert world.rows(f"select l.quantity_ordered, l.price from order_line l where l.order_id = '{world.order_ids[0]}' "
                      "order by l.line_no") == [(1, 9_000), (1, 0)], "both changes are there"
    assert took < SEEN_SECONDS_MAX + pace, f"seen after {took:.1f} s, where an order is read in {pace:.1f} s"


async def test_a_tag_is_put_on_by_a_key_and_taken_back_by_a_click(
    browser: Browser, world: World, page_url: str,
) -> None:
    base, number = page_url.rstrip("/"), await number_of(world)
    async with at_console(browser, world, base, "service", size=DESK) as page:
        await page.goto(f"{base}/orders/{number}")
        await settled(page)
        await page.locator("h1").click()
        await page.keyboard.press("t")
        await page.keyboard.type("关注")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("已加标签 关注")).to_be_visible(timeout=WAIT_MS)
        await page.locator("h1").click()
        await expect(page.locator(".order-head .tag", has_text="关注")).to_be_visible(timeout=WAIT_MS)
        await shot(page, "order-tag")
        assert not await grave_findings(page)
        await page.get_by_role("button", name="撤销").click()
        await expect(page.locator(".order-head .tag", has_text="关注")).to_have_count(0, timeout=WAIT_MS)
    assert world.rows("select count(*) from order_tag") == [(0,)]


async def test_an_order_fits_every_screen_and_shuts_nobody_out(browser: Browser, world: World, page_url: str) -> None:
    base, number, wrong = page_url.rstrip("/"), await number_of(world), list[str]()
    for language, size, theme in (("zh", PHONE, "light"), ("en", DESK, "dark")):
        async with at_console(browser, world, base, "administrator", size=size, language=language, theme=theme) as page:
            for path in (f"/orders/{number}", f"/orders/{number}?tab=voucher", f"/orders/{number}?act=cancel",
                         f"/orders/{number}?act=lines"):
                await page.goto(base + path)
                await settled(page)
                await shot(page, f"order-{language}-{size[0]}-{len(path)}")
                wrong += [f"{path}: {one}" for one in await grave_findings(page)]
                if (wide := await too_wide(page)) > 0:
                    wrong.append(f"{path}: {wide} px wider than the screen")
    assert not wrong, "\n".join(wrong)
