"""Somebody who has but a file with column names of their own connects it in the browser, and its orders come."""

from __future__ import annotations

import os

from playwright.async_api import Browser, Page, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.on_screen import at_console

COLUMNS = "客户单号,料号2,购买件数,成交价,收件人名,收件电话,送货地址,下单日\n"
ROWS = (
    "A-1001,M-001,2,50.00,王小明,19912345678,浙江省杭州市余杭区文一西路1号,2026-11-20 10:00:00\n"
    "A-1002,M-001,1,48.00,李梅,19912345679,江苏省南京市玄武区中山路2号,2026-11-20 11:00:00\n"
)
SHOTS = os.environ.get("ORDERLOOM_SHOTS", "")

SECONDS_MAX = 30_000
"""Milliseconds that a page may take on a busy machine: files are read by a process of their own."""
expect.set_options(timeout=SECONDS_MAX)


async def shot(page: Page, name: str) -> None:
    """A picture for whoever looks at the screens, where one is asked for."""
    if SHOTS:
        await page.wait_for_timeout(900)
        await page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


async def connect_a_file(page: Page, url: str) -> None:
    """From the list of connections to the sample of a files account."""
    await page.goto(f"{url}connections")
    await expect(page.get_by_role("row").nth(1)).to_be_visible()
    await shot(page, "list")
    await page.get_by_role("link", name="连接", exact=True).last.click()
    await shot(page, "platforms")
    await page.get_by_role("link", name="表格文件").click()
    await page.get_by_label("账号代码").fill("FL01")
    await page.get_by_label("显示名称").fill("线下订单")
    await shot(page, "credentials")
    await page.get_by_role("button", name="下一步").click()
    await expect(page.get_by_text("都通过了")).to_be_visible()
    await shot(page, "test")
    await page.get_by_role("button", name="接入", exact=True).click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="上传一份从后台导出的订单文件").click()
    await (await chooser.value).set_files(
        {"name": "自家订单.csv", "mimeType": "text/csv", "buffer": (COLUMNS + ROWS).encode("gb18030")})
    await expect(page.get_by_text("列里认得")).to_be_visible()
    await shot(page, "sample")


async def test_a_seller_maps_a_file_of_their_own_and_its_orders_come(world: World, browser: Browser) -> None:
    async with (serve(world.app) as port,
                at_console(browser, world, f"http://127.0.0.1:{port}", "administrator") as page):
        await connect_a_file(page, f"http://127.0.0.1:{port}/")
        await page.get_by_role("button", name="打开映射编辑器").click()
        await expect(page.get_by_role("heading", name="映射 · FL01 · row")).to_be_visible()
        await expect(page.get_by_role("button", name="采用全部建议")).to_be_visible()
        await shot(page, "editor")
        await page.get_by_role("button", name="采用全部建议").click()
        await page.get_by_role("button", name="购买件数").click()
        await page.get_by_role("button", name="对应 数量").click()
        await expect(page.get_by_text("必填 4 / 4")).to_be_visible()
        await page.get_by_role("button", name="试跑最近 50 条").click()
        await expect(page.get_by_text("2 条里读出 2 条")).to_be_visible()
        await shot(page, "tried")
        await page.get_by_label("为什么改").fill("线下订单自己的列名")
        await page.get_by_role("button", name="发布第 1 版").click()
        await expect(page.get_by_text("生效版本：第 1 版")).to_be_visible()
        await shot(page, "published")
        await page.goto(f"http://127.0.0.1:{port}/connections/new")
        await page.get_by_role("link", name="表格文件（CSV / Excel） 线下订单").click()
        await page.get_by_role("button", name="下一步").click()
        await expect(page.get_by_text("2 条里 2 条读得出")).to_be_visible()
        await shot(page, "preview")
        await page.get_by_role("button", name="上线并导入这份文件").click()
        await expect(page.get_by_role("heading", name="线下订单")).to_be_visible()
        await world.work()
        await shot(page, "one")
        found = world.rows("select i.outcome, i.mapping from intake i join message m on m.id = i.message_id"
                           " where m.topic = 'row' order by m.id")
        assert found == [("normalised", "row@1")] * 2
