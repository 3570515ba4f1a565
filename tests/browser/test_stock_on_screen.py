"""Stock and products on screen: an adjustment is seen before it is done, and a seller's own file is taken."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from tests.support.api_hub import World
from tests.support.on_screen import DESK, at_console, grave_findings, too_wide

STEPS_MAX = 20
GOODS = "货号,品名,重量(g),备注\nT-001,茶壶,1200,甲\nT-002,茶杯,abc,乙\n"


async def fits(page: Page, where: str) -> None:
    await expect(page.locator(".busy.on, .state-wait, .grid-wait")).to_have_count(0, timeout=20_000)
    assert await grave_findings(page) == [], where
    assert await too_wide(page) == 0, where


async def test_an_adjustment_is_seen_before_it_is_booked(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=DESK, language="zh", theme="light") as page:
        await page.goto(f"{base}/stock")
        await page.get_by_role("link", name="M-001").click()
        await expect(page.get_by_role("heading", name="M-001")).to_be_visible()
        await expect(page.get_by_text("可售 997 件。")).to_be_visible()
        await fits(page, "one")
        await page.get_by_role("button", name="调整库存").click()
        drawer = page.get_by_role("dialog")
        await drawer.get_by_label("仓库").click()
        await page.get_by_title("杭州仓").click()
        await drawer.get_by_label("数量").fill("-7")
        await drawer.get_by_label("原因").fill("盘点差异")
        await drawer.get_by_role("button", name="看会改变什么").click()
        await expect(drawer.locator("ins").first).to_have_text("993")
        await fits(page, "preview")
        await drawer.get_by_role("button", name="确认入账 1 行").click()
        await expect(page.get_by_text("可售 990 件。")).to_be_visible()
        await expect(page.get_by_text("现货 −7").first).to_be_visible()
    assert world.rows("select on_hand from stock_level") == [(993,)]


async def test_a_sellers_own_file_is_taken_on_screen(browser: Browser, world: World, page_url: str) -> None:
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=DESK, language="zh", theme="light") as page:
        await page.goto(f"{base}/products/import")
        await page.locator("input[type=file]").set_input_files(
            {"name": "goods.csv", "mimeType": "text/csv", "buffer": GOODS.encode("gb18030")})
        await expect(page.get_by_text("共 2 行：新增 1，更新 0，要改 1。")).to_be_visible()
        await expect(page.get_by_role("cell", name="abc", exact=True)).to_be_visible()
        await fits(page, "import")
        await page.get_by_role("button", name="只导入没有问题的 1 行").click()
        await expect(page.get_by_text("正在导入")).to_be_visible()
        runner = Runner(world.hub, job_kinds(world.hub))
        for _ in range(STEPS_MAX):
            if not await runner.step():
                break
        await expect(page.get_by_text("已导入 1 行，1 行没有导入")).to_be_visible()
        await page.goto(f"{base}/products/T-001")
        await page.get_by_label("英文名称").fill("Teapot")
        await fits(page, "product")
        await page.get_by_role("button", name="保存").click()
        await expect(page.get_by_text("已保存")).to_be_visible()
    assert world.rows("select name_en, weight_g from sku where code = 'T-001'") == [("Teapot", 1200)]
