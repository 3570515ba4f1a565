"""A hub with orders, its page served on loopback, and headless Chromium to look at it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, a_world
from tests.support.floor import Floor, a_floor

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync"]


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


@pytest.fixture
async def empty_world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path is not None, "no Chromium here: run make browser"
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=path, args=ARGS)
        yield found
        await found.close()


@pytest.fixture
async def page_url(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    """A house that is run here."""
    async with a_floor(home, database) as floor:
        yield floor


@pytest.fixture
async def base(floor: Floor) -> AsyncIterator[str]:
    """The address of a floor's hub, without a slash at its end."""
    async with serve(floor.world.app) as port:
        yield f"http://127.0.0.1:{port}"
