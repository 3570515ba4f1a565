"""A browser on a page of the hub, and somebody who signs in with it."""

from __future__ import annotations

import httpx2
from fastapi import FastAPI

from tests.support.api_hub import World

PASSWORD = "a long password of mine"


async def a_person(world: World, name: str = "李雷", role: str = "service") -> None:
    """A user who has chosen `PASSWORD`."""
    access = world.app.state.desk.access
    first = await access.add_user(name, role)
    login = await access.login(name, first, "127.0.0.1")
    await access.change_password(await access.caller(login.token), first, PASSWORD, "127.0.0.1", "")


class Browser(httpx2.AsyncClient):
    """Sends what a page of the hub makes a browser send."""

    def __init__(self, base: str, app: FastAPI | None = None, address: str = "127.0.0.1") -> None:
        """`app`: asked without a network, as from this address."""
        transport = None if app is None else httpx2.ASGITransport(app=app, client=(address, 50_000))
        super().__init__(
            base_url=base, headers={"Origin": base, "Sec-Fetch-Site": "same-origin"}, transport=transport)

    async def sign_in(self, name: str = "李雷", password: str = PASSWORD, code: str = "") -> httpx2.Response:
        """Sign in, and keep what the page is told."""
        answer = await self.post("/api/v1/session", json={"name": name, "password": password, "code": code})
        if answer.status_code == 200:
            self.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return answer

    @property
    def token(self) -> str:
        """What the cookie carries."""
        return next(iter(self.cookies.jar)).value or ""
