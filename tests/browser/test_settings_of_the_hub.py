"""Webhooks, warehouses, carriers, notifications and the audit by their pages, as an administrator walks them."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI, Response
from playwright.async_api import Browser, Page, expect

from orderloom.application.checkpoint import checkpoint
from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.on_screen import PHONE, at_console, grave_findings, too_wide

SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")
ACCOUNTS = """
insert into account (code, family, connector, title, zone, credentials_cipher) values
('SF01', 'carriers', 'sf_express', '顺丰', 'Asia/Shanghai', %(none)s),
('EM01', 'messengers', 'email', '邮件', 'UTC', %(none)s)"""


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    with psycopg.connect(world.dsn, autocommit=True) as connection:
        connection.execute(ACCOUNTS, {"none": world.hub.vault.encrypt(b"{}")})
        connection.execute("update cache_version set version = version + 1")
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def listener() -> AsyncIterator[str]:
    """Somebody's own server that takes no event at first."""
    app, answers = FastAPI(), [503]

    @app.post("/hook")
    async def hook() -> Response:
        return Response(status_code=answers.pop() if answers else 204)

    async with serve(app) as port:
        yield f"http://127.0.0.1:{port}/hook"


async def shot(page: Page, name: str) -> None:
    """Keep a picture for who looks at it."""
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


async def test_an_endpoint_is_added_tried_and_each_try_is_seen(
    browser: Browser, world: World, base: str, listener: str
) -> None:
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/webhooks")
        await expect(page.get_by_text("还没有订阅")).to_be_visible()
        await shot(page, "webhooks-empty")
        await page.get_by_role("button", name="添加订阅").click()
        dialog = page.get_by_role("dialog", name="添加订阅")
        await dialog.get_by_label("代码").fill("ERP")
        await dialog.get_by_label("名称").fill("我们的 ERP")
        await dialog.get_by_label("地址", exact=True).fill(listener)
        await dialog.get_by_label("这是内网或本机地址").check()
        await shot(page, "webhooks-add")
        await dialog.get_by_role("button", name="添加订阅").click()
        secret = (await page.locator("pre.code").inner_text()).strip()
        assert secret.startswith("whsec_")
        await page.get_by_role("button", name="已经交付").click()
        await expect(page.locator("pre.code")).to_be_hidden()
        await page.get_by_role("button", name="ERP", exact=True).click()
        await page.get_by_role("button", name="试发一条").click()
        row = page.get_by_role("row", name=re.compile("试发"))
        await expect(row).to_be_visible()
        await world.send()
        await expect(row.get_by_text("503", exact=True)).to_be_visible(timeout=15_000)
        await world.send()
        await expect(row.get_by_text("204", exact=True)).to_be_visible(timeout=15_000)
        await row.get_by_text("已送出").click()
        await expect(page.get_by_role("dialog").get_by_text("not_now: HTTP 503")).to_be_visible()
        await shot(page, "webhooks-one")
        assert secret not in await page.content() and not await grave_findings(page)
        await page.keyboard.press("Escape")
        await row.get_by_role("button", name="重发").click()
        await expect(row.get_by_text("待处理")).to_be_visible()
        await page.get_by_role("button", name="删除").click()
        await page.get_by_role("button", name="删除 ERP").click()
        await expect(page.get_by_text("还没有订阅")).to_be_visible()


async def test_a_warehouse_is_added_and_switched_off_and_a_carrier_too(
    browser: Browser, world: World, base: str
) -> None:
    async with at_console(browser, world, base, "administrator", language="en") as page:
        await page.goto(f"{base}/settings/warehouses")
        await expect(page.get_by_role("row", name=re.compile("HZ"))).to_be_visible()
        await shot(page, "warehouses-en")
        await page.get_by_role("button", name="Add warehouse").click()
        drawer = page.get_by_role("dialog", name="Add warehouse")
        await drawer.get_by_label("Code", exact=True).fill("GZ01")
        await drawer.get_by_label("Name").fill("Guangzhou")
        await drawer.get_by_label("Province").fill("广东")
        await drawer.get_by_role("button", name="Add warehouse").click()
        row = page.get_by_role("row", name=re.compile("GZ01"))
        await row.get_by_text("Guangzhou").click()
        await shot(page, "warehouses-one-en")
        assert not await grave_findings(page)
        await page.get_by_role("button", name="Switch off").click()
        await page.get_by_role("button", name="Switch off GZ01").click()
        await expect(row.get_by_text("Off")).to_be_visible()
        await page.goto(f"{base}/settings/carriers")
        row = page.get_by_role("row", name=re.compile("SF01"))
        await row.get_by_role("button", name="Switch off SF01").click()
        await shot(page, "carriers-en")
        await page.get_by_role("group").get_by_role("button", name="Switch off SF01").click()
        await expect(row.get_by_text("Off", exact=True)).to_be_visible()
        assert not await grave_findings(page)


async def test_rules_say_whom_they_reach_and_an_address_is_kept_masked(
    browser: Browser, world: World, base: str
) -> None:
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/notifications")
        await expect(page.get_by_role("heading", name="严重异常", exact=True)).to_be_visible()
        await expect(page.get_by_text("没有人能收到").first).to_be_visible()
        await shot(page, "notifications-rules")
        await page.get_by_role("tab", name="接收人").click()
        await page.get_by_role("button", name="添加地址").click()
        dialog = page.get_by_role("dialog", name="添加地址")
        await dialog.get_by_label("接收人").click()
        await page.locator(".ant-select-item-option").filter(has_text="运营").click()
        await dialog.get_by_label("通知账号").click()
        await page.locator(".ant-select-item-option").filter(has_text="EM01").click()
        await dialog.get_by_label("地址").fill("ops@example.com")
        await dialog.get_by_role("button", name="添加地址").click()
        row = page.get_by_role("row", name=re.compile("运营"))
        await expect(row).to_be_visible()
        await shot(page, "notifications-people")
        assert "ops@example.com" not in await page.content() and not await grave_findings(page)
        await row.get_by_role("button", name="试发一条 operations EM01").click()
        await expect(page.get_by_text("已排队，结果在记录里")).to_be_visible()
        await page.get_by_role("tab", name="规则").click()
        await expect(page.get_by_text("运营 (EM01)").first).to_be_visible()
        await page.get_by_role("tab", name="记录").click()
        await expect(page.get_by_text("还没有通知过谁")).to_be_visible()


async def test_the_log_is_verified_and_searched(browser: Browser, world: World, base: str) -> None:
    await checkpoint(world.hub.sealer())
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/audit")
        await expect(page.get_by_text("还没有校验过")).to_be_visible()
        await page.get_by_role("button", name="校验", exact=True).click()
        await expect(page.get_by_text("正在校验")).to_be_visible()
        await Runner(world.hub, job_kinds(world.hub)).step()
        await expect(page.get_by_text(re.compile(r"校验过：3 单、\d+ 条事实，全部完好"))).to_be_visible(timeout=15_000)
        await page.get_by_label("发生了什么").click()
        await page.locator(".ant-select-item-option").filter(has_text="订单入库").click()
        await page.get_by_role("button", name="查找").click()
        await expect(page.get_by_role("row", name=re.compile("订单入库"))).to_have_count(3)
        assert "kind=order_recorded" in page.url
        await shot(page, "audit")
        await page.get_by_role("row", name=re.compile("订单入库")).first.get_by_text("订单入库").click()
        await expect(page.get_by_text("链上的指纹")).to_be_visible()
        await shot(page, "audit-one")
        assert not await grave_findings(page)


async def test_a_backup_is_noted_and_the_next_is_due_tomorrow(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/backup")
        await expect(page.get_by_text("还没有记录过备份")).to_be_visible()
        await page.get_by_role("button", name="记录一次").click()
        dialog = page.get_by_role("dialog", name="记录一次")
        await dialog.get_by_label("放在").fill("nas:/orderloom")
        await dialog.get_by_label("大小（字节）").fill("1234567")
        await dialog.get_by_role("button", name="记录一次").click()
        await expect(page.get_by_text("最近一次完好的备份在")).to_be_visible()
        await expect(page.get_by_role("row", name=re.compile("orderloom"))).to_contain_text("1.2 MB")
        await shot(page, "backup")
        assert not await grave_findings(page)


@pytest.mark.parametrize("path", ["webhooks", "warehouses", "carriers", "notifications", "audit", "backup"])
async def test_the_pages_fit_a_phone(browser: Browser, world: World, base: str, path: str) -> None:
    async with await world.client("admin") as client:
        await client.post("/api/v1/subscribers", json={"code": "ERP", "url": "https://erp.example/a/long/way/to/hook"})
    async with at_console(browser, world, base, "administrator", size=PHONE, theme="dark") as page:
        await page.goto(f"{base}/settings/{path}")
        await expect(page.locator(".card").first).to_be_visible()
        await shot(page, f"{path}-390-dark")
        assert not await grave_findings(page) and await too_wide(page) <= 0
