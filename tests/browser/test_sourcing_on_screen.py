"""Whoever may hold orders stops a carrier's region on screen, and sees at an order why it went elsewhere."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, expect

from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.rehearsal.server import serve
from orderloom.testing.drive import BLUEPRINT
from tests.support.api_hub import World
from tests.support.carried import service, services
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, too_wide

SHOTS = os.environ.get("ORDERLOOM_TEST_SHOTS", "")


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


async def test_a_region_is_stopped_and_served_again_on_screen(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "administrator") as page:
        await page.goto(f"{base}/settings/sourcing")
        await expect(page.get_by_text("没有停运")).to_be_visible()
        await page.get_by_role("button", name="停运").first.click()
        await page.get_by_label("区域").fill("浙江省")
        await page.get_by_label("快递").fill("中通")
        await page.get_by_label("原因").fill("暴雪")
        await page.get_by_role("dialog").get_by_role("button", name="停运").click()
        await expect(page.get_by_text("生效中")).to_be_visible()
        assert world.rows("select carrier, division, reason, source from carrier_stop") == [
            ("zhongtong", "33", "暴雪", "hand")]
        if SHOTS:
            await page.screenshot(path=str(Path(SHOTS) / "sourcing-zh.png"), full_page=True)
        assert not await grave_findings(page) and not await too_wide(page)
        await page.get_by_role("button", name="恢复").click()
        await page.get_by_role("group", name="恢复").get_by_role("button", name="恢复").click()
        await expect(page.get_by_text("生效中")).to_be_hidden()


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_a_delivery_is_tried_before_anything_is_sold(
    browser: Browser, world: World, base: str, size: tuple[int, int],
) -> None:
    rule = load_folder(BLUEPRINT)
    near = service("zto", "zhongtong", ["HZ"], 1, 300), service("sf", "shunfeng", ["HZ"], 1, 1_300)
    sourcing = replace(rule.sourcing, services=services(*near))
    await publish_blueprint(world.hub.ports.blueprints, replace(rule, sourcing=sourcing), "li", "ways")
    async with at_console(browser, world, base, "administrator", size=size, expected="422") as page:
        await page.goto(f"{base}/settings/sourcing")
        await page.get_by_label("收货省").fill("浙江省")
        await page.get_by_label("收货市").fill("杭州市")
        await page.get_by_label("商品编码").fill("M-001:2")
        await page.get_by_role("button", name="试算").click()
        await expect(page.get_by_text("推荐")).to_have_count(1)
        await expect(page.get_by_text("sf", exact=True)).to_be_visible()
        if SHOTS:
            await page.screenshot(path=str(Path(SHOTS) / f"delivery-{size[0]}.png"), full_page=True)
        assert not await grave_findings(page) and not await too_wide(page)
        await page.get_by_label("商品编码").fill("NOPE")
        await page.get_by_role("button", name="试算").click()
        await expect(page.get_by_text("没有 NOPE")).to_be_visible()


async def test_sourcing_is_read_on_a_phone(browser: Browser, world: World, base: str) -> None:
    async with at_console(browser, world, base, "operations", size=PHONE) as page:
        await page.goto(f"{base}/settings/sourcing")
        await expect(page.get_by_text("没有停运")).to_be_visible()
        assert not await too_wide(page)
