"""From an empty hub to the first parcel with nothing but the browser: a seller's own file, goods, a box, a waybill."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.adapters.db.identity import ensure_administrator
from orderloom.bootstrap import open_hub
from orderloom.entrypoints.worker.loops import run
from orderloom.rehearsal.server import serve
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint
from tests.support.api_hub import World
from tests.support.day import LOOPS
from tests.support.on_screen import a_context

PASSWORD = "a new long password"
SECONDS_MAX = 600
WAIT_MS = 30_000
FILE = (
    "客户单号,料号2,购买件数,成交价,收件人名,收件电话,送货地址,下单日\n"
    "A-1001,CUP-1,2,50.00,王小明,19912345678,浙江省杭州市余杭区文一西路1号,2026-11-20 10:00:00\n"
)
GOODS = "货号,品名\nCUP-1,马克杯\n"


@pytest.fixture
async def empty(home: Path, database: str) -> AsyncIterator[tuple[str, str]]:
    """A hub that has nothing, at work: its address and the administrator's one-time password."""
    with psycopg.connect(database) as connection:
        password = ensure_administrator(connection)
    assert password is not None
    async with open_hub(Settings(home=home), database, connections_max=6) as hub:
        await publish_default_blueprint(hub)
        stop = asyncio.Event()
        async with serve(World(hub, database).app) as port:
            worker = asyncio.create_task(run(hub, stop, LOOPS))
            try:
                yield f"http://127.0.0.1:{port}", password
            finally:
                stop.set()
                await worker


async def test_a_seller_with_nothing_but_a_file_ships_the_first_order(
    browser: Browser, empty: tuple[str, str],
) -> None:
    base, password = empty
    expect.set_options(timeout=WAIT_MS)
    context = await a_context(browser)
    page = await context.new_page()
    began = monotonic()
    await _come_in(page, base, password)
    await _connect(page, base)
    await _map(page)
    await _goods(page, base)
    await _warehouse(page, base)
    await _stock(page, base)
    await _orders(page, base)
    await _ship(page, base)
    await page.goto(f"{base}/orders")
    await page.get_by_role("row").nth(1).dblclick()
    await expect(page.locator("main")).to_contain_text("SF1001")
    await page.goto(base)
    await expect(page.locator(".home-say")).to_be_visible()
    await expect(page.locator(".guide")).to_have_count(0)
    took = monotonic() - began
    await context.close()
    assert took < SECONDS_MAX, f"it took {took:.0f} s"


async def _come_in(page: Page, base: str, password: str) -> None:
    await page.goto(base)
    await page.get_by_label("用户名").fill("admin")
    await page.get_by_label("密码", exact=True).fill(password)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_label("新密码").fill(PASSWORD)
    await page.get_by_label("再输一次").fill(PASSWORD)
    await page.get_by_role("button", name="保存并进入").click()
    await expect(page.locator(".guide .next")).to_contain_text("店铺")


async def _connect(page: Page, base: str) -> None:
    await page.locator(".guide .next").get_by_role("button").click()
    await page.get_by_role("link", name="连接第一家店铺").click()
    await page.get_by_role("link", name="表格文件").click()
    await page.get_by_label("账号代码").fill("FL01")
    await page.get_by_label("显示名称").fill("线下订单")
    await page.get_by_role("button", name="下一步").click()
    await expect(page.get_by_text("都通过了")).to_be_visible()
    await page.get_by_role("button", name="接入", exact=True).click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="上传一份从后台导出的订单文件").click()
    await (await chooser.value).set_files(
        {"name": "自家订单.csv", "mimeType": "text/csv", "buffer": FILE.encode("gb18030")})
    await page.get_by_role("button", name="打开映射编辑器").click()


async def _map(page: Page) -> None:
    await page.get_by_role("button", name="采用全部建议").click()
    await page.get_by_role("button", name="购买件数").click()
    await page.get_by_role("button", name="对应 数量").click()
    await page.get_by_role("button", name="试跑最近 50 条").click()
    await expect(page.get_by_text("1 条里读出 1 条")).to_be_visible()
    await page.get_by_label("为什么改").fill("自家的列名")
    await page.get_by_role("button", name="发布第 1 版").click()
    await expect(page.get_by_text("生效版本：第 1 版")).to_be_visible()


async def _goods(page: Page, base: str) -> None:
    await page.goto(f"{base}/products/import")
    await page.locator("input[type=file]").set_input_files(
        {"name": "goods.csv", "mimeType": "text/csv", "buffer": GOODS.encode("gb18030")})
    await page.get_by_role("button", name="导入 1 行").click()
    await expect(page.get_by_text("已导入 1 行")).to_be_visible()


async def _warehouse(page: Page, base: str) -> None:
    await page.goto(f"{base}/settings/warehouses")
    await page.get_by_role("button", name="添加仓库").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("代码").fill("HZ")
    await dialog.get_by_label("名称").fill("杭州仓")
    await dialog.get_by_label("省份").fill("浙江省")
    await dialog.get_by_role("button", name="添加仓库").click()
    await expect(page.get_by_role("main")).to_contain_text("杭州仓")


async def _stock(page: Page, base: str) -> None:
    await page.goto(f"{base}/stock/CUP-1")
    await page.get_by_role("button", name="调整库存").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("仓库").click()
    await page.get_by_title("杭州仓").click()
    await drawer.get_by_label("数量").fill("10")
    await drawer.get_by_label("原因").fill("期初库存")
    await drawer.get_by_role("button", name="看会改变什么").click()
    await drawer.get_by_role("button", name="确认入账 1 行").click()
    await expect(page.get_by_text("可售 10 件。")).to_be_visible()


async def _orders(page: Page, base: str) -> None:
    await page.goto(f"{base}/connections/new")
    await page.get_by_role("link", name="表格文件（CSV / Excel） 线下订单").click()
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_role("button", name="上线并导入这份文件").click()
    await expect(page.get_by_role("heading", name="线下订单")).to_be_visible()
    await page.goto(f"{base}/orders")
    await expect(page.get_by_role("row")).to_have_count(2)


async def _ship(page: Page, base: str) -> None:
    await page.goto(f"{base}/works")
    await page.get_by_role("row").nth(1).dblclick()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("button", name="拣完了").click()
    await expect(drawer).to_contain_text("已拣货")
    await drawer.get_by_label("承运商").fill("顺丰")
    await drawer.get_by_label("运单号").fill("SF1001")
    await drawer.get_by_role("button", name="登记出库").click()
    await expect(drawer).to_contain_text("已出库")
