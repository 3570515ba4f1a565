"""A terminal that has installed the hub's certificate works under HTTPS, and without network; one that has not is told
by its browser that it may not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.async_api import Browser, Error, async_playwright, expect

from tests.browser.conftest import ARGS
from tests.support.floor import Floor
from tests.support.on_lan import at_localhost, on_lan, until_open
from tests.support.on_screen import a_context, grave_findings, scan, too_wide
from tests.support.terminals import WAIT_MS, a_terminal, a_wave


def install(authority: Path, person: Path) -> None:
    """What a person does with the certificate, for this browser: its store is in their home."""
    store = person / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil = shutil.which("certutil")
    assert certutil is not None, "no certutil here: run make browser"
    for words in (["-N", "--empty-password"], ["-A", "-n", "hub", "-t", "C,,", "-i", str(authority)]):
        subprocess.run([certutil, "-d", f"sql:{store}", *words], check=True, capture_output=True)


async def test_an_installed_terminal_goes_on_without_network(
    browser: Browser, floor: Floor, home: Path, tmp_path: Path,
) -> None:
    lan = at_localhost()
    async with on_lan(floor.world.app, home, lan) as authority, async_playwright() as playwright:
        await until_open(lan)
        install(authority.file, tmp_path / "person")
        trusting = await playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=ARGS,
            env={**os.environ, "HOME": str(tmp_path / "person")})
        async with a_terminal(trusting, floor, lan.hub, "何仓管") as page:
            await a_wave(floor)
            await expect(page.get_by_test_id("place")).to_have_text("A-01-01", timeout=WAIT_MS)
            await page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=WAIT_MS)
            assert await page.evaluate("isSecureContext")
            await page.context.set_offline(True)
            await page.reload()
            await expect(page.get_by_test_id("place")).to_have_text("A-01-01", timeout=WAIT_MS)
            await scan(page, "M-001")
            await page.context.set_offline(False)
            await expect(page.get_by_test_id("right")).to_be_visible(timeout=WAIT_MS)
        await trusting.close()
        assert floor.world.rows("select sum(picked) from pick_task") == [(1,)]
        stranger = await (await a_context(browser)).new_page()
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            await stranger.goto(f"{lan.hub}/terminal")


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
async def test_a_new_device_finds_its_way(browser: Browser, floor: Floor, home: Path, size: tuple[int, int]) -> None:
    lan = at_localhost()
    async with on_lan(floor.world.app, home, lan) as authority:
        await until_open(lan)
        page = await (await a_context(browser, size)).new_page()
        await page.goto(lan.page)
        await expect(page.get_by_text(authority.fingerprint)).to_be_visible()
        assert not await grave_findings(page) and await too_wide(page) <= 0
        if folder := os.environ.get("SCREENS"):
            await page.screenshot(path=Path(folder) / f"lan-{size[0]}.png", full_page=True)
        async with page.expect_download() as download:
            await page.get_by_role("link", name="下载证书").click()
        assert (await download.value).suggested_filename == "orderloom-ca.crt"
