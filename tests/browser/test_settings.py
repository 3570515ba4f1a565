"""One's own account, users and tokens by the page: a secret is shown once, and what was ended has ended."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.application.identity.denied import Denied
from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.browser_session import PASSWORD, a_person
from tests.support.on_screen import PHONE, at_console, grave_findings, too_wide

SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


async def shot(page: Page, name: str) -> None:
    """Keep a picture for who looks at it."""
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


async def test_a_second_factor_is_set_up_and_other_sign_ins_are_ended(
    browser: Browser, world: World, base: str
) -> None:
    async with at_console(browser, world, base, "service") as page:
        other = await world.app.state.desk.access.login("service-zh-1440", PASSWORD, "10.0.0.9", "", "curl/8")
        await page.goto(f"{base}/settings/account")
        await expect(page.get_by_text("10.0.0.9")).to_be_visible()
        await page.get_by_role("button", name="开启第二因素").click()
        await page.get_by_label("再输一次密码").fill(PASSWORD)
        await page.get_by_role("button", name="继续").click()
        await expect(page.get_by_role("img", name="供验证器应用扫描的二维码")).to_be_visible()
        await shot(page, "account-scan")
        secret = (await page.locator(".ant-modal dd.mono").inner_text()).strip()
        await page.get_by_label("6 位数字").fill(pyotp.TOTP(secret).now())
        await page.get_by_role("button", name="确认并开启").click()
        codes = (await page.locator("pre.code").inner_text()).split()
        assert len(codes) == 10 and all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", code) for code in codes)
        await shot(page, "account-codes")
        await page.get_by_role("button", name="已经存好").click()
        await expect(page.get_by_text("还有 10 个恢复码没有用过")).to_be_visible()
        await page.get_by_role("button", name="退出其他地方").click()
        await expect(page.get_by_text("10.0.0.9")).to_be_hidden()
        with pytest.raises(Denied):
            await world.app.state.desk.access.caller(other.token)
        await shot(page, "account-zh")
        assert not await grave_findings(page)
        await expect(page.get_by_role("link", name="用户", exact=True)).to_be_hidden()


async def test_an_administrator_adds_a_user_resets_and_disables(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "administrator") as page:
        await a_person(world, "韩梅", "finance")
        await page.goto(f"{base}/settings/users")
        await page.get_by_role("button", name="添加用户").click()
        dialog = page.get_by_role("dialog", name="添加用户")
        await dialog.get_by_label("名称").fill("小李")
        await dialog.get_by_label("角色").click()
        await page.locator(".ant-select-item-option").filter(has_text="仓储").click()
        await dialog.get_by_role("button", name="添加").click()
        password = (await page.locator("pre.code").inner_text()).strip()
        await shot(page, "users-once")
        await page.get_by_role("button", name="已经记下").click()
        assert (await world.app.state.desk.access.login("小李", password, "127.0.0.1")).must_change_password
        assert password not in await page.content()
        await page.get_by_role("row", name=re.compile("韩梅")).dblclick()
        await shot(page, "users-zh")
        assert not await grave_findings(page)
        await page.get_by_role("button", name="停用", exact=True).click()
        await page.get_by_role("button", name="停用 韩梅").click()
        await expect(page.get_by_role("row", name=re.compile("韩梅")).get_by_text("停用")).to_be_visible()


async def test_a_token_is_shown_once_and_revoked(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "administrator", language="en") as page:
        await page.goto(f"{base}/settings/tokens")
        await page.get_by_role("button", name="Make token").click()
        dialog = page.get_by_role("dialog", name="Make token")
        await dialog.get_by_label("Name").fill("erp")
        await dialog.get_by_label("Scopes").click()
        await page.keyboard.type("orders:read")
        await page.keyboard.press("Enter")
        await dialog.get_by_label("Name").click()
        await dialog.get_by_role("button", name="Add").click()
        token = (await page.locator("pre.code").inner_text()).strip()
        assert token.startswith("olt_") and (await world.app.state.desk.access.caller(token)).actor == "token:erp"
        await page.get_by_role("button", name="I have noted it").click()
        await expect(page.locator("pre.code")).to_be_hidden()
        assert token not in await page.content()
        await shot(page, "tokens-en")
        assert not await grave_findings(page)
        await page.get_by_role("row", name=re.compile("erp")).get_by_role("button", name="Revoke").click()
        await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        await expect(page.get_by_role("row", name=re.compile("erp")).get_by_text("Revoked")).to_be_visible()


async def test_one_signs_out_elsewhere_from_a_phone(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "service", size=PHONE, theme="dark") as page:
        await world.app.state.desk.access.login("service-zh-390", PASSWORD, "10.0.0.9", "", "curl/8")
        await page.goto(f"{base}/settings/account")
        out = page.get_by_role("button", name="退出", exact=True)
        await expect(out).to_have_count(2)
        await out.first.click()
        await expect(out).to_have_count(1)
        await shot(page, "account-390-dark")
        assert not await grave_findings(page) and await too_wide(page) <= 0


async def test_an_administrator_sees_who_looked_at_clear_text(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/unmaskings")
        await expect(page.get_by_text("还没有人查看过明文")).to_be_visible()
        await world.app.state.desk.access.unmasked("user:韩梅", world.order_ids[0], "买家来电改地址")
        await page.reload()
        await expect(page.get_by_role("row", name=re.compile("韩梅.*买家来电改地址"))).to_be_visible()
        await shot(page, "unmaskings-zh")
        assert not await grave_findings(page)
