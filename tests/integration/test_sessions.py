"""Where somebody is signed in: seen with device and address, and ended one by one or everywhere, by nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.api_hub import World, a_world
from tests.support.browser_session import PASSWORD, Browser, a_person


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        await a_person(world)
        await a_person(world, "韩梅", "finance")
        yield world


def a_browser(world: World, address: str = "127.0.0.1", agent: str = "Firefox") -> Browser:
    found = Browser("http://localhost", world.app, address)
    found.headers["User-Agent"] = agent
    return found


async def sessions(browser: Any, path: str = "/api/v1/me/sessions") -> list[Any]:
    return list((await browser.get(path)).json()["sessions"])


async def test_a_person_sees_where_they_are_signed_in_and_ends_it_there(world: World) -> None:
    async with a_browser(world) as desk, a_browser(world, "10.0.0.7", "Safari on a phone") as phone:
        await desk.sign_in()
        await phone.sign_in()
        await phone.get("/api/v1/orders")
        listed = {s["device"]: s for s in await sessions(desk)}
        assert listed["Firefox"]["is_this"] and not listed["Safari on a phone"]["is_this"]
        assert listed["Safari on a phone"]["address"] == "10.0.0.7" and listed["Safari on a phone"]["used_at"]
        assert "olt_" not in str(listed) and "sha256" not in str(listed)
        lost = listed["Safari on a phone"]["id"]
        assert (await desk.delete(f"/api/v1/me/sessions/{lost}")).json() == {"ended": 1}
        assert (await phone.get("/api/v1/me")).status_code == 401
        assert (await desk.delete(f"/api/v1/me/sessions/{lost}")).status_code == 404


async def test_signing_out_everywhere_ends_all_or_all_the_others(world: World) -> None:
    async with a_browser(world) as here, a_browser(world) as there, a_browser(world) as other:
        for browser in (here, there):
            await browser.sign_in()
        await other.sign_in("韩梅")
        program = await here.post("/api/v1/login", json={"name": "李雷", "password": PASSWORD})
        token = {"Authorization": f"Bearer {program.json()['token']}"}
        done = await here.delete("/api/v1/me/sessions", params={"others": "true"})
        assert done.json()["ended"] >= 2
        assert (await here.get("/api/v1/me")).status_code == 200
        assert (await there.get("/api/v1/me")).status_code == 401
        assert (await there.get("/api/v1/me", headers=token)).status_code == 401
        assert (await here.delete("/api/v1/me/sessions")).status_code == 200
        assert (await here.get("/api/v1/me")).status_code == 401
        assert (await other.get("/api/v1/me")).status_code == 200, "nobody else is signed out"


async def test_nobody_ends_or_sees_somebody_elses_session(world: World) -> None:
    async with a_browser(world) as mine, a_browser(world) as other:
        await mine.sign_in()
        await other.sign_in("韩梅")
        theirs = next(s["id"] for s in await sessions(other) if s["is_this"])
        assert theirs not in str(await sessions(mine))
        assert (await mine.delete(f"/api/v1/me/sessions/{theirs}")).status_code == 404
        assert (await mine.get("/api/v1/users/韩梅/sessions")).status_code == 403
        assert (await mine.delete("/api/v1/users/韩梅/sessions")).status_code == 403
        assert (await mine.delete(f"/api/v1/users/韩梅/sessions/{theirs}")).status_code == 403
        assert (await other.get("/api/v1/me")).status_code == 200


async def test_an_administrator_ends_anybodys(world: World) -> None:
    async with a_browser(world) as mine, a_browser(world) as again, await world.client("admin") as admin:
        await mine.sign_in()
        await again.sign_in()
        listed = await sessions(admin, "/api/v1/users/李雷/sessions")
        assert not any(s["is_this"] for s in listed)
        assert (await admin.delete(f"/api/v1/users/韩梅/sessions/{listed[0]['id']}")).status_code == 404
        assert (await admin.delete("/api/v1/users/李雷/sessions")).json()["ended"] == len(listed)
        for browser in (mine, again):
            assert (await browser.get("/api/v1/me")).status_code == 401
        assert (await admin.get("/api/v1/users/nobody/sessions")).status_code == 404
        assert (await admin.delete("/api/v1/me/sessions")).status_code == 403, "a program has none of its own"
