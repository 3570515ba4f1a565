"""A browser's session: nobody else's page uses it, nothing of it is left after signing out, no habit is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, a_world
from tests.support.browser_session import PASSWORD, Browser, a_person

SECONDS_MAX = 15.0


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        await a_person(world)
        yield world


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


async def test_a_person_signs_in_works_and_signs_out_and_the_cookie_is_worth_nothing(base: str) -> None:
    async with Browser(base) as browser, httpx2.AsyncClient(base_url=base) as thief:
        answer = await browser.sign_in()
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie and "Secure" not in cookie
        assert "olt_" not in answer.text and answer.headers["cache-control"] == "no-store"
        me = (await browser.get("/api/v1/me")).json()
        assert (me["name"], me["role"]) == ("李雷", "service") and "orders:hold" in me["scopes"]
        assert me["role_title"]["zh"] == "客服" and me["csrf"] == browser.headers["X-CSRF-Token"]
        thief.headers["Cookie"] = cookie.split(";")[0]
        assert (await thief.get("/api/v1/orders")).status_code == 200
        assert (await browser.delete("/api/v1/session")).status_code == 200
        assert not list(browser.cookies.jar), "the browser forgets it"
        assert (await browser.get("/api/v1/me")).json()["code"] == "no_token"
        assert (await thief.get("/api/v1/orders")).json()["code"] == "wrong_token"


async def test_the_database_holds_nothing_that_opens_a_session(world: World, base: str) -> None:
    async with Browser(base) as browser:
        await browser.sign_in()
        secret = browser.token.split("_", 2)[2]
    with psycopg.connect(world.dsn) as connection:
        rows = connection.execute("select t::text from api_token t").fetchall()
    assert rows and not any(secret in row[0] for row in rows)


@pytest.mark.parametrize(("headers", "code"), [
    ({"X-CSRF-Token": ""}, "csrf"), ({"X-CSRF-Token": "guess"}, "csrf"), ({"X-CSRF-Token": "\u00e9"}, "csrf"),
    ({"Origin": "https://evil.example"}, "csrf"), ({"Origin": "null"}, "csrf"),
    ({"Sec-Fetch-Site": "cross-site"}, "csrf"), ({"Sec-Fetch-Site": "same-site"}, "csrf"),
    ({"Sec-Fetch-Site": "none"}, "csrf"),
])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_no_page_elsewhere_changes_anything_in_somebodys_name(
    base: str, method: str, headers: dict[str, str], code: str,
) -> None:
    address = {"POST": "/api/v1/orders/X/cancel", "PUT": "/api/v1/me/preferences", "DELETE": "/api/v1/session",
               "PATCH": "/api/v1/orders/X"}[method]
    async with Browser(base) as browser:
        await browser.sign_in()
        sent = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = await browser.request(method, address, json={"reason": "x"}, headers=sent)
        if method != "PATCH":  # no operation has this method: it is refused before anybody is asked for
            assert (answer.status_code, answer.json()["code"]) == (403, code)
        assert (await browser.get("/api/v1/me")).status_code == 200, "and nobody was signed out"


async def test_a_page_that_a_browser_says_nothing_of_changes_nothing(base: str) -> None:
    async with Browser(base) as browser:
        await browser.sign_in()
        del browser.headers["Origin"], browser.headers["Sec-Fetch-Site"]
        answer = await browser.put("/api/v1/me/preferences", json={"preferences": {}})
        assert answer.json()["code"] == "csrf"


async def test_the_proof_of_one_session_is_none_for_another(base: str) -> None:
    async with Browser(base) as mine, Browser(base) as other:
        await mine.sign_in()
        await other.sign_in()
        assert mine.headers["X-CSRF-Token"] != other.headers["X-CSRF-Token"]
        mine.headers["X-CSRF-Token"] = other.headers["X-CSRF-Token"]
        assert (await mine.delete("/api/v1/session")).json()["code"] == "csrf"


async def test_a_page_elsewhere_signs_nobody_in(base: str) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        async with Browser(base) as browser:
            body = {"name": "李雷", "password": PASSWORD}
            answer = await browser.post("/api/v1/session", json=body, headers=headers)
            assert answer.status_code == 403 and "set-cookie" not in answer.headers


async def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(base: str, world: World) -> None:
    async with Browser(base) as attacker, Browser(base) as victim:
        await attacker.sign_in()
        planted = next(iter(attacker.cookies.jar))
        victim.cookies.set(planted.name, planted.value or "")
        answer = await victim.sign_in("admin", world.password)
        assert answer.status_code == 200 and planted.value not in answer.headers["set-cookie"]
        assert (await attacker.get("/api/v1/me")).status_code == 401, "what the browser had before has ended"


async def test_a_programs_token_is_no_session(world: World, base: str) -> None:
    made = await world.app.state.desk.access.make_token("erp", ("admin",), "admin")
    async with Browser(base) as browser:
        await browser.sign_in()
        name = next(iter(browser.cookies.jar)).name
        browser.cookies.clear()
        browser.cookies.set(name, made.token)
        assert (await browser.get("/api/v1/orders")).json()["code"] == "wrong_token"


async def test_behind_https_the_cookie_never_travels_in_clear(world: World) -> None:
    async with await world.client() as client:
        body = {"name": "李雷", "password": PASSWORD}
        secure = "https://localhost/api/v1/session"
        answer = await client.post(secure, json=body, headers={"Origin": "https://localhost"})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-orderloom=") and "Secure" in cookie and "Domain" not in cookie
        plain = cookie.split(";")[0].replace("__Host-orderloom", "orderloom_8000")
        told = await client.get("https://localhost/api/v1/me", headers={"Cookie": plain})
        assert told.status_code == 401, "a cookie that came in clear counts for nothing there"


async def test_unknown_names_wrong_passwords_and_disabled_people_get_the_same_answer(world: World, base: str) -> None:
    await world.app.state.desk.access.add_user("离职", "service")
    await world.app.state.desk.access.disable("离职")
    told: list[tuple[int, Any]] = []
    async with Browser(base) as browser:
        for name in ("李雷", "nobody", "离职"):
            answer = await browser.sign_in(name, "wrong")
            assert "set-cookie" not in answer.headers
            told.append((answer.status_code, answer.json()))
    assert told[0][0] == 401 and told[0] == told[1] == told[2]


async def test_guessing_in_the_browser_and_at_the_programs_door_is_one_count(base: str) -> None:
    async with Browser(base) as browser:
        for _ in range(3):
            await browser.sign_in(password="wrong")
        for _ in range(2):
            await browser.post("/api/v1/login", json={"name": "李雷", "password": "wrong"})
        locked = await browser.sign_in()
    assert locked.json()["code"] == "too_many_tries" and int(locked.headers["Retry-After"]) > 0


async def test_a_known_browser_does_not_wait_for_what_others_failed(base: str) -> None:
    async with Browser(base) as mine, Browser(base) as stranger:
        await mine.sign_in()
        for _ in range(6):
            await stranger.sign_in(password="wrong")
        assert (await stranger.sign_in()).status_code == 429
        assert (await mine.sign_in()).status_code == 200


async def test_a_one_time_password_is_replaced_in_the_browser(world: World, base: str) -> None:
    async with Browser(base) as browser, Browser(base) as tab:
        signed = (await browser.sign_in("admin", world.password)).json()
        assert signed["must_change_password"]
        assert (await browser.get("/api/v1/me")).json()["must_change_password"]
        assert (await browser.get("/api/v1/orders")).json()["code"] == "password_to_change"
        await tab.sign_in("admin", world.password)
        body = {"old": world.password, "new": PASSWORD}
        assert (await browser.post("/api/v1/password", json=body)).json()["code"] == "no_token", "no token for a page"
        done = await browser.post("/api/v1/session/password", json=body)
        assert done.status_code == 200 and not done.json()["must_change_password"] and "olt_" not in done.text
        assert (await browser.get("/api/v1/orders")).status_code == 200, "this browser goes on"
        assert (await tab.get("/api/v1/me")).status_code == 401, "every other has ended"
        assert (await browser.delete("/api/v1/session")).json()["code"] == "csrf", "the old proof has ended too"


async def test_two_tabs_keep_habits_without_losing_each_others(base: str) -> None:
    async with Browser(base) as browser:
        await browser.sign_in()

        async def prefer(**changes: Any) -> Any:
            answer = await browser.put("/api/v1/me/preferences", json={"preferences": changes})
            assert answer.status_code == 200, answer.text
            return answer.json()["preferences"]

        await prefer(theme="dark", columns={"orders": ["number", "phase"]})
        assert await prefer(language="en") == {
            "theme": "dark", "language": "en", "columns": {"orders": ["number", "phase"]}}
        assert await prefer(theme=None) == {"language": "en", "columns": {"orders": ["number", "phase"]}}
        large = await browser.put("/api/v1/me/preferences", json={"preferences": {"x": "y" * 40_000}})
        assert large.status_code == 422
        assert (await browser.get("/api/v1/me")).json()["preferences"]["language"] == "en"


async def test_a_stream_ends_with_its_session(base: str) -> None:
    async with Browser(base) as browser:
        await browser.sign_in()
        async with asyncio.timeout(SECONDS_MAX), browser.stream("GET", "/events") as stream:
            assert stream.status_code == 200
            assert (await browser.delete("/api/v1/session")).status_code == 200
            async for _ in stream.aiter_lines():
                pass
