"""The inbox by the page: what stands apart is seen, looked into without harm, replayed, and let in only on purpose."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.application.jobs.run_jobs import Runner
from orderloom.application.ports import Item
from orderloom.bootstrap.jobs import job_kinds
from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, csv_file
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide

SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


async def shot(page: Page, name: str) -> None:
    """Keep a picture for who looks at it."""
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


async def landed(world: World, body: bytes, *, topic: str = "orders/create", quarantine: str = "",
                 account: str = "SH01", headers: dict[str, str] | None = None) -> str:
    found = (await world.hub.directory()).account_by_code(account)
    assert found is not None
    await world.hub.lander.land(found, (Item(topic, body),), headers or {}, world.hub.now(), quarantine)
    [(newest,)] = world.rows("select id::text from message order by id desc limit 1")
    return str(newest)


async def parked(world: World, number: int, sku: str) -> str:
    async with await world.client("admin") as client:
        body = csv_file(sku).replace(b"OFF1", f"OFF-{number}".encode())
        assert (await client.post(f"/api/v1/files/XLS?name={number}.csv", content=body)).status_code == 201
    await world.work()
    [(newest,)] = world.rows("select id::text from message where parent_id is null order by id desc limit 1")
    [(newest,)] = world.rows("select message_id::text from intake where outcome <> 'split' order by 1 desc limit 1")
    return str(newest)


async def test_an_administrator_looks_into_a_forged_message_and_lets_it_in(
    browser: Browser, world: World, base: str
) -> None:
    good = await parked(world, 1, "M-001")
    [(topic, headers, cipher)] = world.rows(f"select topic, headers, body_cipher from message where id = '{good}'")
    body = world.hub.vault.decrypt_voucher(bytes(cipher)).replace(b"OFF-1", b"OFF-2")
    apart = await landed(world, body, topic=topic, headers=json.loads(headers), account="XLS", quarantine="signature")
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/messages")
        await expect(page.get_by_text("一条不少")).to_be_visible()
        await shot(page, "messages-zh")
        assert not await grave_findings(page)
        await page.get_by_role("tab", name="隔离").click()
        await expect(page).to_have_url(re.compile("state=quarantined"))
        await page.get_by_role("row", name=re.compile("签名不对")).click()
        await expect(page.get_by_text("隔离：签名不对")).to_be_visible()
        text = page.get_by_label("解码后的文字")
        await expect(text).to_have_value(re.compile("OFF-2"))
        assert "王小明" not in await text.input_value() and "19912345678" not in await page.content()
        await page.get_by_label("原因").fill("核对来源")
        await page.get_by_role("button", name="查看明文").click()
        await expect(text).to_have_value(re.compile("王小明"))
        await page.get_by_role("tab", name="字节").click()
        await expect(page.get_by_label("字节")).to_have_value(re.compile(r"^000000  "))
        await shot(page, "message-bytes-zh")
        await page.get_by_role("button", name="放行").click()
        await expect(page.get_by_text("新建 1 单", exact=True)).to_be_visible()
        await shot(page, "message-let-in-zh")
        send = page.get_by_role("button", name=f"放行 …{apart[-6:]}")
        await page.get_by_label("原因").first.fill("电话核实过")
        await expect(send).to_be_disabled()
        await page.get_by_label(f"输入编号末 6 位 {apart[-6:]}").fill(apart[-6:])
        await send.click()
        await expect(page.get_by_text("已放行，正在处理")).to_be_visible()
        await world.work()
        await page.reload()
        await expect(page.get_by_text("已处理，成了订单")).to_be_visible()
        await expect(page.get_by_text("电话核实过")).to_be_visible()
        await shot(page, "message-zh")
        assert not await grave_findings(page)


async def test_a_chosen_set_is_replayed_and_each_result_is_told(browser: Browser, world: World, base: str) -> None:
    for number in (1, 2):
        await parked(world, number, f"NOPE-{number}")
    async with await world.client("admin") as client:
        await client.post("/api/v1/aliases", json={"account": "XLS", "alias": "NOPE-1", "sku": "M-001"})
    async with at_console(browser, world, base, "operations", language="en") as page:
        await page.goto(f"{base}/messages?account=XLS&topic=row")
        await page.get_by_role("checkbox", name="Choose all of this page").check()
        await page.get_by_role("button", name="Replay").click()
        await expect(page.get_by_text("1 new order", exact=True)).to_be_visible()
        await shot(page, "messages-replay-en")
        await page.get_by_role("button", name=re.compile("^Replay \\d")).click()
        await expect(page.get_by_text("Replaying one by one")).to_be_visible()
        runner = Runner(world.hub, job_kinds(world.hub))
        while await runner.step():
            pass
        await expect(page.get_by_text(re.compile("Replayed: 1 processed, 1 still waiting"))).to_be_visible()
        await shot(page, "messages-replayed-en")
        assert not await grave_findings(page)


@pytest.mark.parametrize(("language", "size", "theme"), [("zh", PHONE, "light"), ("en", DESK, "dark")])
async def test_odd_bytes_never_run_and_never_break_the_page(
    browser: Browser, world: World, base: str, language: str, size: tuple[int, int], theme: str,
) -> None:
    page_of = b"<html><body onload=\"document.title='run'\"><script>document.title='run'</script></body></html>"
    large = b'{"lines": [' + b",".join(b'{"sku": "M-%06d"}' % n for n in range(160_000)) + b"]}"
    ids = [await landed(world, body, quarantine="signature")
           for body in (page_of, large, bytes(range(256)) * 20, b'{"a": "\xff\xfe\x80"}', b"PK\x05\x06" + bytes(18))]
    async with at_console(browser, world, base, "administrator", size=size, language=language, theme=theme) as page:
        for at, message in enumerate(ids):
            await page.goto(f"{base}/messages/{message}")
            await settled(page)
            if at < 2:
                await expect(page.locator("textarea.messages-text")).to_be_visible()
            assert "run" not in await page.title() and await too_wide(page) <= 0
            await shot(page, f"message-odd-{at}-{language}")
            assert not await grave_findings(page)
        await page.goto(f"{base}/messages")
        await settled(page)
        await shot(page, f"messages-{language}-{size[0]}")
        assert await too_wide(page) <= 0 and not await grave_findings(page)


async def test_who_does_not_see_prices_sees_no_payload(browser: Browser, world: World, base: str) -> None:
    message = await landed(world, b'{"total": "99.00"}')
    async with at_console(browser, world, base, "service") as page:
        await page.goto(f"{base}/messages/{message}")
        await expect(page.get_by_text("你的角色看不到报文内容")).to_be_visible()
        await expect(page.get_by_role("button", name="重放")).to_be_hidden()
        assert "99.00" not in await page.content()
        await shot(page, "message-no-payload-zh")
