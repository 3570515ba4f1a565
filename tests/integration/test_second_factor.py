"""A second factor: a stolen password opens nothing, no code counts twice, and nobody is locked out for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyotp
import pytest

from orderloom.adapters.one_time_codes import OneTimeCodes
from orderloom.application.rotate_keys import rotate_keys
from tests.support.api_hub import World, a_world
from tests.support.browser_session import PASSWORD, Browser, a_person

BASE = "http://localhost"
MINE = "/api/v1/me/second-factor"


class Clock:
    """What the hub takes for now; an app's codes follow."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 27, 8, 0, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def code(self, secret: str, seconds: int = 0) -> str:
        """What an app shows now, or so many seconds away."""
        return pyotp.TOTP(secret).at(self.at + timedelta(seconds=seconds))

    def wait(self, seconds: int = 30) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        await a_person(world)
        yield world


@pytest.fixture
def clock(world: World) -> Clock:
    found = Clock()
    world.app.state.desk.access.second._now = found
    return found


def a_browser(world: World, address: str = "127.0.0.1") -> Browser:
    return Browser(BASE, world.app, address)


async def enrol(browser: Browser, clock: Clock) -> tuple[str, list[str]]:
    """Set a second factor up: the secret and the recovery codes."""
    begun = (await browser.post(MINE, json={"password": PASSWORD})).json()
    done = await browser.post(f"{MINE}/confirm", json={"code": clock.code(begun["secret"])})
    assert done.status_code == 200, done.text
    clock.wait()
    return begun["secret"], done.json()["recovery_codes"]


async def test_the_password_alone_opens_nothing_any_more(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser, a_browser(world) as thief:
        await browser.sign_in()
        secret, _ = await enrol(browser, clock)
        assert (await browser.get(MINE)).json() == {"is_on": True, "recovery_codes_left": 10}
        told = await thief.sign_in()
        assert (told.status_code, told.json()["code"]) == (401, "code_needed") and "set-cookie" not in told.headers
        program = await thief.post("/api/v1/login", json={"name": "李雷", "password": PASSWORD})
        assert program.json()["code"] == "code_needed" and "olt_" not in program.text
        wrong = await thief.sign_in(code="000000")
        assert wrong.json()["code"] == "wrong_login", "the same as for a wrong password"
        body = {"name": "李雷", "password": PASSWORD, "code": clock.code(secret)}
        assert (await thief.post("/api/v1/login", json=body)).status_code == 200


async def test_a_wrong_password_tells_nothing_of_the_second_factor(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser, a_browser(world) as thief:
        await browser.sign_in()
        secret, codes = await enrol(browser, clock)
        answers = [(await thief.sign_in(password="wrong", code=code)).json() for code in ("", clock.code(secret))]
        unknown = (await thief.sign_in("nobody", "wrong")).json()
        assert answers == [unknown, unknown]
        assert (await thief.sign_in(code=codes[0])).status_code == 200, "the code was not used up by it"


async def test_a_code_that_was_seen_over_the_shoulder_counts_once(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser, a_browser(world) as thief:
        await browser.sign_in()
        secret, _ = await enrol(browser, clock)
        seen = clock.code(secret)
        assert (await browser.sign_in(code=seen)).status_code == 200
        assert (await thief.sign_in(code=seen)).status_code == 401
        assert (await thief.sign_in(code=clock.code(secret, -30))).status_code == 401, "nor does an older one"
        both = await asyncio.gather(*[
            client.sign_in(code=clock.code(secret, 30)) for client in (browser, thief)])
        assert sorted(answer.status_code for answer in both) == [200, 401], "two at once are one"


@pytest.mark.parametrize(("seconds", "status"), [(-60, 401), (-30, 200), (0, 200), (30, 200), (60, 401)])
async def test_a_clock_may_be_half_a_minute_off_and_no_more(
    world: World, clock: Clock, seconds: int, status: int
) -> None:
    async with a_browser(world) as browser:
        await browser.sign_in()
        secret, _ = await enrol(browser, clock)
        clock.wait(120)
        assert (await browser.sign_in(code=clock.code(secret, seconds))).status_code == status


async def test_a_lost_app_is_got_over_with_a_recovery_code_once(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser:
        await browser.sign_in()
        _, codes = await enrol(browser, clock)
        assert len(set(codes)) == 10
        assert (await browser.sign_in(code=codes[3].upper().replace("-", " "))).status_code == 200
        assert (await browser.get(MINE)).json()["recovery_codes_left"] == 9
        assert (await browser.sign_in(code=codes[3])).status_code == 401
        renewed = (await browser.post(f"{MINE}/recovery-codes", json={"password": PASSWORD})).json()["recovery_codes"]
        assert (await browser.sign_in(code=codes[4])).status_code == 401, "those of before count no more"
        assert (await browser.sign_in(code=renewed[0])).status_code == 200


async def test_whoever_sits_down_at_an_open_screen_changes_no_second_factor(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser:
        await browser.sign_in()
        assert (await browser.post(MINE, json={"password": "wrong"})).json()["code"] == "wrong_login"
        await enrol(browser, clock)
        for act in ("recovery-codes", "disable"):
            assert (await browser.post(f"{MINE}/{act}", json={"password": "wrong"})).status_code == 401
        assert (await browser.post(MINE, json={"password": PASSWORD})).json()["code"] == "already_there"
        assert (await browser.post(f"{MINE}/disable", json={"password": PASSWORD})).status_code == 200
        assert (await browser.sign_in()).status_code == 200


async def test_a_second_factor_counts_only_once_the_app_has_shown_a_code_of_it(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser:
        await browser.sign_in()
        first = (await browser.post(MINE, json={"password": PASSWORD})).json()
        assert (await browser.post(f"{MINE}/confirm", json={"code": "000000"})).status_code == 422
        assert (await browser.sign_in()).status_code == 200, "nobody is locked out by a picture that was not scanned"
        again = (await browser.post(MINE, json={"password": PASSWORD})).json()
        assert again["secret"] != first["secret"]
        late = await browser.post(f"{MINE}/confirm", json={"code": clock.code(first["secret"])})
        assert late.status_code == 422
        assert set("".join(again["picture"])) == {"0", "1"} and len(again["picture"]) == len(again["picture"][0])
        assert again["address"].startswith("otpauth://totp/") and again["secret"] in again["address"]


async def test_codes_are_not_guessed_from_many_addresses(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser:
        await browser.sign_in()
        await enrol(browser, clock)
    told = []
    for number in range(12):
        async with a_browser(world, f"10.0.0.{number}") as thief:
            told.append((await thief.sign_in(code=f"{number:06d}")).json()["code"])
    assert told == ["wrong_login"] * 10 + ["too_many_tries"] * 2


async def test_asking_for_the_code_is_no_failed_try(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser, a_browser(world) as again:
        await browser.sign_in()
        secret, _ = await enrol(browser, clock)
        for _ in range(8):
            assert (await again.sign_in()).json()["code"] == "code_needed"
        assert (await again.sign_in(code=clock.code(secret))).status_code == 200


async def test_an_administrator_helps_who_has_lost_everything(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser, await world.client("admin") as admin:
        await browser.sign_in()
        await enrol(browser, clock)
        listed = {u["name"]: u["has_second_factor"] for u in (await admin.get("/api/v1/users")).json()["users"]}
        assert listed == {"admin": False, "李雷": True}
        assert (await browser.post("/api/v1/users/李雷/drop-second-factor")).status_code == 403
        assert (await admin.post("/api/v1/users/李雷/drop-second-factor")).status_code == 200
        assert (await admin.post("/api/v1/users/李雷/drop-second-factor")).status_code == 404
        assert (await browser.sign_in()).status_code == 200


async def test_a_role_that_must_have_one_does_nothing_without(world: World, clock: Clock) -> None:
    world.app.state.desk.access._must_have_second = frozenset({"service"})
    async with a_browser(world) as browser:
        assert (await browser.sign_in()).status_code == 200
        assert (await browser.get("/api/v1/me")).json()["must_set_second_factor"]
        assert (await browser.get("/api/v1/orders")).json()["code"] == "second_factor_to_set"
        await enrol(browser, clock)
        assert (await browser.get("/api/v1/orders")).status_code == 200


async def test_the_database_alone_gives_no_codes_and_keys_may_be_changed(world: World, clock: Clock) -> None:
    async with a_browser(world) as browser:
        await browser.sign_in()
        secret, codes = await enrol(browser, clock)
        with psycopg.connect(world.dsn) as connection:
            rows: list[Any] = connection.execute("select t::text from second_factor t").fetchall()
            rows += connection.execute("select t::text from recovery_code t").fetchall()
        text = str(rows)
        assert secret not in text and secret.encode().hex() not in text
        assert not any(code in text or code.replace("-", "") in text for code in codes)
        rotated = await rotate_keys(world.hub.ports.sealed, lambda *_: None)
        assert not rotated.damaged
        assert (await browser.sign_in(code=clock.code(secret))).status_code == 200


def test_codes_are_those_of_the_standard() -> None:
    secret = pyotp.random_base32()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert OneTimeCodes().step(secret, pyotp.TOTP(secret).at(at), at) == int(at.timestamp()) // 30
    assert OneTimeCodes().step(secret, "12345六", at) is None
