"""Single sign-on at a certified OpenID provider (oidc-provider): who it vouches for comes in, and nobody else does."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest

from orderloom.adapters.oidc import OpenIdProvider
from orderloom.sign_in_settings import OidcSettings
from tests.support.api_hub import World, a_world
from tests.support.browser_session import PASSWORD, Browser, a_person

HERE = Path(__file__).with_name("oidc")
HUB = "http://localhost:8000"
SECONDS_MAX = 60
STEPS_MAX = 12
ROLES = (("owners", "administrator"), ("care", "service"))


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node and npm, "需要 Node.js / Node.js is needed: make test installs it, or apt-get install nodejs npm"
    if not (HERE / "node_modules").is_dir():
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=HERE, check=True,
                       timeout=SECONDS_MAX * 2)
    command = [node, "provider.mjs", f"{HUB}/oidc/callback"]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


@pytest.fixture
async def world(home: Path, database: str, issuer: str) -> AsyncIterator[World]:
    settings = OidcSettings(issuer, "hub", "secret-of-the-hub", "公司账号")
    async with a_world(home, database, orders=1, oidc=settings) as world:
        yield world


def set_to(world: World, **changes: Any) -> None:
    """The hub's settings of the provider, changed."""
    oidc = replace(world.hub.settings.oidc, **changes)  # type: ignore[type-var]
    world.hub.settings = replace(world.hub.settings, oidc=oidc)
    world.app.state.provider = OpenIdProvider(oidc, world.hub.now)  # type: ignore[arg-type]


async def at_the_provider(address: str, subject: str) -> str:
    """Sign in there as a browser does; where it sends the browser back to."""
    async with httpx2.AsyncClient() as client:
        answer = await client.get(address)
        for _ in range(STEPS_MAX):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["location"])
                if target.startswith(HUB):
                    return target
                answer = await client.get(target)
                continue
            form = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
            assert form, answer.text[:500]
            prompt = "login" if 'value="login"' in answer.text else "consent"
            given = {"prompt": prompt, **({"login": subject, "password": "x"} if prompt == "login" else {})}
            answer = await client.post(urljoin(str(answer.url), form[1]), data=given)
    raise AssertionError("it never came back")


async def leave(browser: Browser, wanted: str = "/orders") -> str:
    """Where the hub sends the browser."""
    answer = await browser.get("/oidc/start", params={"next": wanted})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def come_in(world: World, subject: str, browser: Browser, wanted: str = "/orders") -> httpx2.Response:
    """The whole way: out, in there, and back."""
    return await browser.get(await at_the_provider(await leave(browser, wanted), subject))


def trouble(answer: httpx2.Response) -> str:
    """What the sign-in page is told."""
    target = urlsplit(answer.headers["location"])
    assert target.path == "/sign-in"
    return parse_qs(target.query)["trouble"][0]


@pytest.mark.parametrize(("client_id", "secret"), [
    ("hub", "secret-of-the-hub"), ("hub-es", "secret-of-the-hub"), ("hub-public", ""),
])
async def test_who_was_made_known_comes_in_with_rsa_and_ecdsa_with_and_without_a_secret(
    world: World, client_id: str, secret: str
) -> None:
    set_to(world, client_id=client_id, secret=secret)
    async with await world.client("admin") as admin:
        made = await admin.post("/api/v1/users", json={"name": "李雷", "role": "finance", "is_outside": True})
        assert made.status_code == 201 and made.json()["password"] == ""
    async with Browser(HUB, world.app) as browser:
        assert (await browser.get("/api/v1/session/ways")).json() == {"elsewhere": "公司账号"}
        answer = await come_in(world, "s-li", browser, "/orders?view=due-today#top")
        assert (answer.status_code, answer.headers["location"]) == (303, "/orders?view=due-today#top")
        me = (await browser.get("/api/v1/me")).json()
        assert (me["name"], me["role"]) == ("李雷", "finance")
        assert [c.name for c in browser.cookies.jar] == ["orderloom_8000"], "nothing of the attempt is left"
        again = await come_in(world, "s-li", browser)
        assert again.headers["location"] == "/orders", "the second time by who they are there"


async def test_a_stranger_and_who_was_disabled_stay_out(world: World) -> None:
    async with Browser(HUB, world.app) as browser, await world.client("admin") as admin:
        assert trouble(await come_in(world, "s-nobody", browser)) == "unknown_here"
        await admin.post("/api/v1/users", json={"name": "李雷", "role": "service", "is_outside": True})
        await come_in(world, "s-li", browser)
        await admin.post("/api/v1/users/李雷/disable")
        assert (await browser.get("/api/v1/me")).status_code == 401
        assert trouble(await come_in(world, "s-li", browser)) == "unknown_here"


async def test_nobody_takes_over_a_user_with_a_password_by_a_name_elsewhere(world: World) -> None:
    set_to(world, role_claim="groups", roles=ROLES, may_create=True)
    await a_person(world, "李雷", "finance")
    async with Browser(HUB, world.app) as browser:
        for subject in ("s-thief", "s-li"):
            assert trouble(await come_in(world, subject, browser)) == "unknown_here"
            assert not list(browser.cookies.jar)
        assert (await browser.sign_in("李雷", PASSWORD)).status_code == 200, "the one with the password still comes in"


async def test_groups_there_are_roles_here_and_change_at_the_next_sign_in(world: World) -> None:
    set_to(world, role_claim="groups", roles=ROLES, may_create=True)
    async with Browser(HUB, world.app) as browser:
        await come_in(world, "s-li", browser)
        assert (await browser.get("/api/v1/me")).json()["role"] == "service"
        set_to(world, roles=(("staff", "warehouse"),))
        await come_in(world, "s-li", browser)
        assert (await browser.get("/api/v1/me")).json()["role"] == "warehouse"
        assert trouble(await come_in(world, "s-nobody", browser)) == "unknown_here", "no group of theirs means a role"


async def test_who_signs_in_elsewhere_has_no_password_here(world: World) -> None:
    async with Browser(HUB, world.app) as browser, await world.client("admin") as admin:
        await admin.post("/api/v1/users", json={"name": "李雷", "role": "service", "is_outside": True})
        wrong = [(await browser.sign_in(name, "x")).json() for name in ("李雷", "nobody")]
        assert wrong[0] == wrong[1] and wrong[0]["code"] == "wrong_login"
        reset = await admin.post("/api/v1/users/李雷/reset-password")
        assert reset.json()["code"] == "signs_in_elsewhere"


async def test_a_return_counts_in_the_browser_that_left_and_once(world: World) -> None:
    async with await world.client("admin") as admin:
        await admin.post("/api/v1/users", json={"name": "李雷", "role": "service", "is_outside": True})
    async with Browser(HUB, world.app) as browser, Browser(HUB, world.app) as victim:
        back = await at_the_provider(await leave(browser), "s-li")
        assert trouble(await victim.get(back)) == "elsewhere_failed", "a link to it signs nobody else in"
        assert not list(victim.cookies.jar)
        await leave(victim)
        assert trouble(await victim.get(back)) == "elsewhere_failed", "nor does it in another attempt"
        kept = next(iter(browser.cookies.jar))
        assert (await browser.get(back)).headers["location"] == "/orders"
        browser.cookies.set(kept.name, kept.value or "")
        assert trouble(await browser.get(back)) == "elsewhere_failed", "nor a second time"


@pytest.mark.parametrize("change", [
    {"state": "guess"}, {"iss": "https://evil.example"}, {"code": "guess"}, {"error": "access_denied", "code": ""},
])
async def test_a_return_that_was_tampered_with_signs_nobody_in(world: World, change: dict[str, str]) -> None:
    async with Browser(HUB, world.app) as browser:
        back = urlsplit(await at_the_provider(await leave(browser), "s-li"))
        told = {name: values[0] for name, values in parse_qs(back.query).items()} | change
        answer = await browser.get("/oidc/callback", params={k: v for k, v in told.items() if v})
        assert trouble(answer) == "elsewhere_failed" and not list(browser.cookies.jar)


async def test_a_signature_that_the_clients_own_secret_could_make_proves_nothing(world: World) -> None:
    set_to(world, client_id="hub-hs", secret="a secret that is long enough for HS256 here")
    async with Browser(HUB, world.app) as browser:
        assert trouble(await come_in(world, "s-li", browser)) == "elsewhere_failed"


@pytest.mark.parametrize("wanted", [
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "/a\r\nSet-Cookie: x=y", "/ok/..\\..\\evil", " //evil.example", "/\t/evil.example",
])
async def test_no_link_leads_from_the_sign_in_to_a_page_elsewhere(world: World, wanted: str) -> None:
    async with await world.client("admin") as admin:
        await admin.post("/api/v1/users", json={"name": "李雷", "role": "service", "is_outside": True})
    async with Browser(HUB, world.app) as browser:
        answer = await come_in(world, "s-li", browser, wanted)
        assert answer.headers["location"] == "/"


async def test_a_provider_that_is_away_is_told_of_and_the_password_still_works(world: World) -> None:
    set_to(world, issuer="http://127.0.0.1:9")
    await a_person(world)
    async with Browser(HUB, world.app) as browser:
        assert trouble(await browser.get("/oidc/start")) == "elsewhere_away"
        assert (await browser.sign_in()).status_code == 200


async def test_a_provider_that_names_another_issuer_is_none(world: World, issuer: str) -> None:
    set_to(world, issuer=issuer + "/")
    async with Browser(HUB, world.app) as browser:
        assert trouble(await browser.get("/oidc/start")) == "elsewhere_away"
