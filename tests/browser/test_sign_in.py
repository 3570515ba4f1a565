"""People come in by the page: by password, second factor or one-time password, and get to where they wanted."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World
from tests.support.browser_session import PASSWORD, a_person
from tests.support.on_screen import a_context

PHONE = {"width": 390, "height": 844}
AXE = Path(__file__).resolve().parents[2] / "web/node_modules/axe-core/axe.min.js"
SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    await a_person(world)
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await a_context(browser)
    found = await context.new_page()
    yield found
    await context.close()


async def shot(page: Page, name: str) -> None:
    """Keep a picture for who looks at it."""
    if SHOTS:
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


async def fill(page: Page, name: str, password: str) -> None:
    await page.get_by_label("用户名").fill(name)
    await page.get_by_label("密码", exact=True).fill(password)
    await page.get_by_role("button", name="登录").click()


async def test_who_was_sent_to_sign_in_comes_back_to_the_page_that_they_wanted(page: Page, base: str) -> None:
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    await page.goto(f"{base}/sign-in?next=%2Fdeliveries%3Fstate%3Dparked")
    await shot(page, "sign-in-zh")
    await fill(page, "李雷", "wrong")
    await expect(page.get_by_role("alert")).to_contain_text("没有登录成功")
    await shot(page, "sign-in-wrong")
    await fill(page, "李雷", PASSWORD)
    await page.wait_for_url(f"{base}/deliveries?state=parked")
    assert not troubles
    assert await page.evaluate("document.cookie") == "", "no script reads the session"
    assert "olt_" not in str(await page.evaluate("JSON.stringify({...localStorage})"))


@pytest.mark.parametrize("wanted", [
    "//evil.example/", "https://evil.example/", "/\\evil.example/", "javascript:alert(1)",
])
async def test_no_link_leads_from_signing_in_to_a_page_elsewhere(page: Page, base: str, wanted: str) -> None:
    await page.goto(f"{base}/sign-in?next={wanted}")
    await fill(page, "李雷", PASSWORD)
    await page.wait_for_url(f"{base}/")


async def test_a_locked_name_is_told_until_when(page: Page, base: str) -> None:
    await page.goto(f"{base}/sign-in")
    for _ in range(6):
        async with page.expect_response("**/api/v1/session"):
            await fill(page, "李雷", "wrong")
    await expect(page.get_by_role("alert")).to_contain_text("失败次数太多")
    await expect(page.get_by_role("alert")).to_contain_text(":")


async def test_a_second_factor_is_asked_for_and_a_used_code_is_refused(page: Page, world: World, base: str) -> None:
    second = world.app.state.desk.access.second
    begun = await second.enrol("李雷")
    used = pyotp.TOTP(begun.secret).now()
    await second.confirm("李雷", used)
    await page.goto(f"{base}/sign-in")
    await fill(page, "李雷", PASSWORD)
    await expect(page.get_by_role("heading")).to_have_text("输入验证码")
    await shot(page, "sign-in-code")
    await page.get_by_label("验证码或恢复码").fill(used)
    await page.get_by_role("button", name="确认").click()
    await expect(page.get_by_role("alert")).to_contain_text("没有登录成功")
    codes = (await second.renew("李雷")).recovery_codes
    await page.get_by_label("验证码或恢复码").fill(codes[0])
    await page.get_by_role("button", name="确认").click()
    await page.wait_for_url(f"{base}/")


async def test_a_one_time_password_is_replaced_on_the_way_in(page: Page, world: World, base: str) -> None:
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await page.goto(f"{base}/sign-in")
    await shot(page, "sign-in-390")
    await fill(page, "admin", world.password)
    await expect(page.get_by_role("heading")).to_have_text("设置自己的密码")
    await shot(page, "sign-in-fresh-390")
    await page.get_by_label("新密码").fill("short")
    await page.get_by_label("再输一次").fill("short")
    await page.get_by_role("button", name="保存并进入").click()
    await expect(page.get_by_role("alert")).to_have_text("至少 12 个字符。")
    await page.get_by_label("新密码").fill("a new long password")
    await page.get_by_label("再输一次").fill("a new long password")
    await page.get_by_role("button", name="保存并进入").click()
    await page.wait_for_url(f"{base}/")


async def test_the_way_in_speaks_both_languages_and_is_fit_for_a_screen_reader(page: Page, base: str) -> None:
    await page.goto(f"{base}/sign-in?trouble=unknown_here")
    await expect(page.get_by_role("alert")).to_contain_text("本系统里没有你的用户")
    await page.get_by_role("button", name="Switch to English").click()
    await expect(page.get_by_role("heading")).to_have_text("Sign in to Orderloom")
    await page.get_by_role("button", name="Dark").click()
    await shot(page, "sign-in-en-dark")
    await page.evaluate(AXE.read_text("utf-8"))
    found = await page.evaluate("axe.run().then(done => done.violations.map(one => `${one.impact} ${one.id}`))")
    assert [one for one in found if one.startswith(("serious", "critical"))] == []
