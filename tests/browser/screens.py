"""Pictures of every page of the console in every state, for people to look at: `make screens`, into out/screens/.

full: the rehearsed world after some minutes; empty: a hub that has nothing; error: every question fails; loading: none
is answered; many: 10,000 orders. `make screens PART=orders` takes those pages alone whose address has that part. One of
each page, and four for the README, are kept small in docs/screens/.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from playwright.async_api import Browser, BrowserContext, Page, Route, TimeoutError, async_playwright

from benchmarks.place import Place
from benchmarks.stored import grow
from orderloom.adapters.db.embedded import EmbeddedPostgres
from orderloom.adapters.db.identity import ensure_administrator
from orderloom.bootstrap import open_hub
from orderloom.entrypoints.http.app import create_app
from orderloom.rehearsal.server import serve
from tests.browser.conftest import ARGS
from tests.support.on_screen import DESK, LOCALES, PHONE

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "screens"
KEPT = ROOT / "docs" / "screens"
KEPT_BYTES = 80_000
QUALITIES = (80, 70, 60, 50, 40, 30)
ROUTES = re.findall(r'path: "(/[^"]*)"', (ROOT / "web/src/shell/routes.tsx").read_text("utf-8"))
ONE_TIME = re.compile(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b")
PASSWORD = "a long password of mine"
PORTS = {"full": 8961, "empty": 8962}
ORDERS_MANY, ORDERS_FULL, SECONDS_MAX = 10_000, 60, 240
KNOWN: dict[str, tuple[str, str, str]] = {
    "/orders/$number": ("/api/v1/orders", "orders", "number"), "/cases/$id": ("/api/v1/cases", "cases", "id"),
    "/stock/$sku": ("/api/v1/skus", "skus", "code"), "/products/$sku": ("/api/v1/skus", "skus", "code"),
    "/connections/$code": ("/api/v1/accounts", "accounts", "code"),
    "/messages/$id": ("/api/v1/messages", "messages", "id"),
    "/stock/quotas/$number": ("/api/v1/stock/quotas", "quotas", "number"),
    "/stock/snapshots/$number": ("/api/v1/stock/snapshots", "snapshots", "number"),
    "/purchasing/tickets/$number": ("/api/v1/purchasing/tickets", "tickets", "number"),
    "/stock/documents/$number": ("/api/v1/stock/documents", "documents", "number"),
}
"""What stands for the variable part of an address: list, key in its answer, name of the part."""
FIXED = {
    "/insight/$board": "/insight/overview", "/connections/new/$connector": "/connections/new/files",
    "/mappings/$code/$topic": "/mappings/TB01/trade", "/orders/$number/correct": "",
}
"""Addresses that need more than the first of a list; empty: none that stands in the rehearsed world."""
FULL = [(language, theme, size) for language in LOCALES for theme in ("light", "dark") for size in (DESK, PHONE)]
PLAIN = [("zh", "light", DESK), ("en", "light", PHONE)]
ALONE = [("zh", "light", DESK)]
KEEP = "full-zh-light-1440"
README = {"home/full-zh-light-1440": "readme-home", "orders/full-en-light-1440": "readme-orders",
          "orders-number/full-zh-dark-1440": "readme-order", "cases-id/full-zh-light-390": "readme-case"}
"""What the README shows, by page and look."""


@asynccontextmanager
async def running(name: str, home: Path) -> AsyncIterator[tuple[str, str]]:
    """The product itself, as `make up` starts it: its address and the administrator's one-time password."""
    environment = os.environ | {"ORDERLOOM_HOME": str(home), "ORDERLOOM_PORT": str(PORTS[name]),
                                "DEMO": "1" if name == "full" else "0"}
    program = await asyncio.create_subprocess_exec(
        str(ROOT / ".venv/bin/orderloom"), "up", env=environment, cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True)
    assert program.stdout is not None
    said = ""
    while (found := ONE_TIME.search(said)) is None:
        line = await asyncio.wait_for(program.stdout.readline(), SECONDS_MAX)
        assert line, said
        said += line.decode()
    reader = asyncio.create_task(_drain(program.stdout))
    try:
        yield f"http://127.0.0.1:{PORTS[name]}", found[0]
    finally:
        program.terminate()
        await program.wait()
        reader.cancel()


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.readline():
        pass


@asynccontextmanager
async def stored(home: Path) -> AsyncIterator[tuple[str, str]]:
    """A hub with many orders that came long ago."""
    with EmbeddedPostgres(home) as postgres:
        place = Place(home, postgres.dsn)
        dsn = await asyncio.to_thread(grow, place, ORDERS_MANY)
        password = await asyncio.to_thread(_administrator, dsn)
        async with open_hub(place.settings("bench_grown"), dsn) as hub, serve(create_app(hub)) as port:
            yield f"http://127.0.0.1:{port}", password


def _administrator(dsn: str) -> str:
    with psycopg.connect(dsn) as connection:
        password = ensure_administrator(connection)
    assert password is not None
    return password


async def signed_in(
    browser: Browser, base: str, first: str, language: str, theme: str, size: tuple[int, int],
) -> BrowserContext:
    """A browser of the administrator."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=LOCALES[language],
        device_scale_factor=2 if size == PHONE else 1)
    await context.add_init_script(f"localStorage.setItem('orderloom.language', '{language}');"
                                  f"localStorage.setItem('orderloom.theme', '{theme}')")
    origin = {"Origin": base}
    wish = {"name": "admin", "password": PASSWORD}
    answer = await context.request.post(f"{base}/api/v1/session", data=wish, headers=origin)
    if not answer.ok:
        answer = await context.request.post(
            f"{base}/api/v1/session", data={"name": "admin", "password": first}, headers=origin)
        proof = {**origin, "X-CSRF-Token": (await answer.json())["csrf"]}
        change = {"old": first, "new": PASSWORD}
        await context.request.post(f"{base}/api/v1/session/password", data=change, headers=proof)
        answer = await context.request.post(f"{base}/api/v1/session", data=wish, headers=origin)
    assert answer.ok, await answer.text()
    return context


async def addresses(context: BrowserContext, base: str, part: str) -> list[tuple[str, str]]:
    """Every route of the console with an address; one that needs something shows the first that there is."""
    found = [(route, await _address(context, base, route)) for route in ROUTES if part in route]
    return [one for one in found if one[1]]


async def _address(context: BrowserContext, base: str, route: str) -> str:
    if "$" not in route or route in FIXED:
        return FIXED.get(route, route)
    path, key, name = KNOWN[route]
    answer: dict[str, Any] = await (await context.request.get(f"{base}{path}")).json()
    rows = answer.get(key) or []
    return re.sub(r"\$\w+", str(rows[0][name]), route) if rows else ""


async def shoot(page: Page, base: str, route: str, address: str, name: str) -> None:
    """One picture."""
    await page.goto(base + address, wait_until="domcontentloaded")
    await page.wait_for_selector("main :is(h1, h2, .state, .state-wait)", timeout=30_000)
    if name.startswith("error-"):  # what may pass is asked again twice before a page says so
        with suppress(TimeoutError):
            await page.wait_for_selector("main [role=alert]", timeout=6_000)
    await page.wait_for_timeout(1200)
    slug = route.replace("$", "").strip("/").replace("/", "-") or "home"
    target = OUT / slug / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=target)
    print(target.relative_to(ROOT), flush=True)
    if name == KEEP:
        await _keep(page, slug)
    if picture := README.get(f"{slug}/{name}"):
        await _keep(page, picture)


async def _keep(page: Page, name: str) -> None:
    """The same in the repository, as good as its bytes allow."""
    for quality in QUALITIES:
        picture = await page.screenshot(type="jpeg", quality=quality, scale="css")
        if len(picture) <= KEPT_BYTES:
            break
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}.jpg").write_bytes(picture)


async def world(browser: Browser, name: str, base: str, first: str, part: str, looks: list[Any]) -> None:
    """All pages of one hub in these looks."""
    for language, theme, size in looks:
        context = await signed_in(browser, base, first, language, theme, size)
        page = await context.new_page()
        for route, address in await addresses(context, base, part):
            await shoot(page, base, route, address, f"{name}-{language}-{theme}-{size[0]}")
        await context.close()


async def troubled(browser: Browser, base: str, first: str, part: str) -> None:
    """All pages when the hub answers nothing, and when it answers that the database is away."""
    async def fail(route: Route) -> None:
        away = {"type": "about:blank", "title": "数据库暂时连不上 | The database is away", "status": 503,
                "detail": "请稍后再试 | try again soon", "instance": "", "code": "database_away"}
        is_let_through = route.request.url.endswith(("/me", "/stream"))
        await (route.continue_() if is_let_through else route.fulfill(status=503, json=away))

    async def wait(route: Route) -> None:
        if route.request.url.endswith("/me"):
            await route.continue_()

    for name, answer in (("error", fail), ("loading", wait)):
        for language, theme, size in PLAIN:
            context = await signed_in(browser, base, first, language, theme, size)
            found = await addresses(context, base, part)
            page = await context.new_page()
            await page.route("**/api/v1/**", answer)
            for route, address in found:
                await shoot(page, base, route, address, f"{name}-{language}-{theme}-{size[0]}")
            await context.close()


async def main(part: str) -> None:
    """All of it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        with tempfile.TemporaryDirectory() as folder:
            async with running("full", Path(folder) / "full") as (base, first):
                await _until_full(browser, base, first)
                await world(browser, "full", base, first, part, FULL)
                await troubled(browser, base, first, part)
            async with running("empty", Path(folder) / "empty") as (base, first):
                await world(browser, "empty", base, first, part, PLAIN)
            async with stored(Path(folder) / "many") as (base, first):
                await world(browser, "many", base, first, part, ALONE)
        await browser.close()


async def _until_full(browser: Browser, base: str, first: str) -> None:
    context = await signed_in(browser, base, first, "zh", "light", DESK)
    for _ in range(SECONDS_MAX):
        answer = await (await context.request.get(f"{base}/api/v1/orders?limit={ORDERS_FULL}")).json()
        if len(answer["orders"]) >= ORDERS_FULL:
            break
        await asyncio.sleep(1)
    await context.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
