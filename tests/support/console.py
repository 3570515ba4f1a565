"""A person in the console: signed in with a role, in headless Chromium, with every error that the page tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from tests.support.api_hub import World


@asynccontextmanager
async def a_person(
    world: World, browser: Browser, url: str, role: str = "administrator", language: str = "zh-CN", width: int = 1440,
    **how: Any,
) -> AsyncIterator[Page]:
    """A page of somebody with this role. Fails at the end when the page told of an error of its own."""
    access = world.app.state.desk.access
    name = f"{role}-{width}-{language}"
    first = await access.add_user(name, role)
    login = await access.login(name, first, "127.0.0.1")
    caller = await access.caller(login.token)
    await access.change_password(caller, first, f"{first}-of-mine", "127.0.0.1", "")
    height = 844 if width < 768 else 900
    context = await browser.new_context(viewport={"width": width, "height": height}, locale=language, **how)
    signed = await context.request.post(f"{url}api/v1/session", data={"name": name, "password": f"{first}-of-mine"},
                                        headers={"Origin": url.rstrip("/")})
    assert signed.ok, await signed.text()
    page = await context.new_page()
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda said: told.append(f"{said.text} {said.location}") if said.type == "error" else None)
    yield page
    await context.close()
    assert not told, told
