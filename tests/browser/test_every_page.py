"""Every page of the console, for somebody who may see all, in both languages, on a screen and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.support.api_hub import World
from tests.support.on_screen import DESK, PHONE, at_console, grave_findings, settled, too_wide

ROUTES = Path(__file__).resolve().parents[2] / "web" / "src" / "shell" / "routes.tsx"
PATHS = [path for path in re.findall(r'path: "(/[^"]*)"', ROUTES.read_text("utf-8")) if "$" not in path]


@pytest.mark.parametrize(("language", "size", "theme"), [
    ("zh", DESK, "light"), ("en", DESK, "dark"), ("zh", PHONE, "dark"), ("en", PHONE, "light")])
async def test_no_page_complains_overflows_or_shuts_somebody_out(
    browser: Browser, world: World, page_url: str, language: str, size: tuple[int, int], theme: str,
) -> None:
    base, wrong = page_url.rstrip("/"), []
    async with at_console(browser, world, base, "administrator", size=size, language=language, theme=theme) as page:
        for path in PATHS:
            await page.goto(base + path)
            await settled(page)
            wrong += [f"{path}: {one}" for one in await grave_findings(page)]
            if (wide := await too_wide(page)) > 0:
                wrong.append(f"{path}: {wide} px wider than the screen")
            if await page.locator("main h1").count() != 1:
                wrong.append(f"{path}: not one heading")
    assert not wrong, "\n".join(wrong)
