"""A network that goes silent before the database: nothing is lost or doubled, nobody hangs, all goes on by itself."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic

import httpx2
import psycopg
import pytest

from orderloom.adapters.db import limit, line, news
from orderloom.adapters.db.landing import STORE_SECONDS_MAX
from orderloom.adapters.db.revision import behind
from orderloom.entrypoints.worker import loops
from orderloom.rehearsal.server import serve
from tests.support.api_hub import SAMPLES, SECRET, SHOP, World, a_world
from tests.support.silent_network import Proxy, Weather, between

PLATFORM_SECONDS_MAX = 5.0
"""The shortest patience of a platform."""
QUIET_SECONDS = 2
"""The limits of an answer and of an idle transaction here; a minute in earnest."""
RECOVERY_SECONDS_MAX = 20.0
SILENCES = [Weather.HELD, Weather.SWALLOWED, Weather.DEAF]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "ANSWER_SECONDS_MAX", float(QUIET_SECONDS))
    monkeypatch.setattr(line, "LINE", {**line.LINE, "connect_timeout": QUIET_SECONDS})
    monkeypatch.setattr(limit, "SETTINGS", (
        *limit.SETTINGS, f"set idle_in_transaction_session_timeout to '{QUIET_SECONDS}s'"))


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait for it; the database may be away meanwhile."""
    end = monotonic() + RECOVERY_SECONDS_MAX
    while not await condition():
        assert monotonic() < end, f"{what} did not happen within {RECOVERY_SECONDS_MAX:.0f} s"
        await asyncio.sleep(0.05)


def order(n: int) -> bytes:
    body = json.loads((SAMPLES / "shopify" / "samples" / "webhook.in.json").read_text("utf-8"))
    for item in body["line_items"]:
        item["sku"] = "M-001"
    return json.dumps({**body, "id": n, "name": f"#{n}", "order_number": n,
                       "admin_graphql_api_id": f"gid://shopify/Order/{n}"}).encode()


async def send(http: httpx2.AsyncClient, n: int) -> tuple[int, float]:
    """The answer to a webhook and how long it took."""
    body = order(n)
    mac = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
    begun = monotonic()
    answer = await http.post("/webhooks/SH01", content=body, headers={
        "x-shopify-hmac-sha256": mac, "x-shopify-shop-domain": SHOP, "x-shopify-topic": "orders/create",
        "content-type": "application/json"})
    return answer.status_code, monotonic() - begun


def counting(done: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Count how often each loop of a worker ends a step, and let none rest for long."""
    real = loops.loops

    def counted(hub: object) -> list[loops.Loop]:
        def wrapped(loop: loops.Loop) -> loops.Loop:
            async def step() -> int:
                did = await loop.step()
                done[loop.verb] += 1
                return did

            return loop._replace(step=step, idle_seconds=min(loop.idle_seconds, 0.2))

        return [wrapped(loop) for loop in real(hub)]  # type: ignore[arg-type]

    monkeypatch.setattr(loops, "loops", counted)


async def figures(world: World, server: str) -> dict[str, int]:
    """Counted past the proxy."""
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as connection:
        row = await (await connection.execute("""
            select (select count(*) from message), (select count(*) from intake where outcome = 'pending'),
                (select count(*) from orders), (select count(distinct external_id) from orders),
                (select coalesce(sum(quantity), 0)::int from tally where measure = 'received')""")).fetchone()
    assert row is not None
    return {**dict(zip(("messages", "pending", "orders", "different", "received"), row, strict=True)),
            "spooled": world.hub.spool.count()}


@pytest.mark.parametrize("weather", SILENCES)
async def test_a_silent_network_loses_doubles_and_hangs_nothing(
    database: str, home: Path, weather: Weather, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Counter[str] = Counter()
    counting(done, monkeypatch)
    with between(database) as proxy:
        async with (
            a_world(home, proxy.dsn, orders=0) as world, serve(world.app) as port,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http,
        ):
            stop = asyncio.Event()
            working = asyncio.create_task(loops.run(world.hub, stop))
            try:
                await _silence(world, proxy, weather, http)
                await _recovers(world, proxy, database, done)
                assert (await send(http, 64))[0] == 200 and not working.done()
                await until(lambda: _is_whole(world, database, 64), "the next order")
            finally:
                proxy.turn(Weather.FLOWS)
                stop.set()
                await asyncio.wait_for(working, RECOVERY_SECONDS_MAX)


async def _silence(world: World, proxy: Proxy, weather: Weather, http: httpx2.AsyncClient) -> None:
    """Packets stop while requests and loops are in the middle of their transactions."""
    assert (await send(http, 1))[0] == 200
    under_way = [asyncio.create_task(send(http, n)) for n in range(2, 30)]
    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
    proxy.turn(weather)
    later = [asyncio.create_task(send(http, n)) for n in range(30, 60)]
    answers = [await task for task in (*under_way, *later)]
    answers += [await send(http, n) for n in range(60, 64)]
    assert {status for status, _ in answers} == {200}
    assert max(seconds for _, seconds in answers) < PLATFORM_SECONDS_MAX
    assert max(seconds for _, seconds in answers[-3:]) < STORE_SECONDS_MAX
    assert world.hub.spool.count() >= 4 and await _health(http) == "away"


async def _recovers(world: World, proxy: Proxy, server: str, done: Counter[str]) -> None:
    proxy.turn(Weather.FLOWS)
    before = Counter(done)
    verbs = {loop.verb for loop in loops.loops(world.hub)}

    async def all_step() -> bool:
        return all(done[verb] > before[verb] + 1 for verb in verbs)

    await until(all_step, f"a step of every loop ({verbs})")
    await until(lambda: _is_whole(world, server, 63), "every message an order")


async def _is_whole(world: World, server: str, count: int) -> bool:
    found = await figures(world, server)
    wanted = {"messages": count, "pending": 0, "orders": count, "different": count, "received": count, "spooled": 0}
    assert found["messages"] <= count and found["orders"] <= count, f"doubled: {found}"
    return found == wanted


async def _health(http: httpx2.AsyncClient) -> str:
    begun = monotonic()
    told = (await http.get("/health")).json()["database"]
    assert monotonic() - begun < PLATFORM_SECONDS_MAX
    return str(told)


async def test_open_streams_ring_again_after_a_silence(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "ASK_SECONDS", 0.3)
    monkeypatch.setattr(news, "ANSWER_SECONDS_MAX", 0.5)
    monkeypatch.setattr(news, "AGAIN_SECONDS", 0.3)
    rung, tries = list[int](), list[int]()
    monkeypatch.setattr(news, "opened", lambda dsn: (tries.append(1), line.opened(dsn))[1])

    async def notify() -> bool:
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as teller:
            await teller.execute(f"notify {news.CHANNEL}".encode())
        return bool(rung)

    with between(database) as proxy:
        listening = asyncio.create_task(news.listen(proxy.dsn, lambda: rung.append(1)))
        await until(notify, "the first ring")
        proxy.turn(Weather.SWALLOWED)
        await until(lambda: _is_given_up(tries), "the end of the silent line")
        rung.clear()
        assert not await notify(), "the proxy lets packets through"
        proxy.turn(Weather.FLOWS)
        await until(notify, "a ring after the silence")
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _is_given_up(tries: list[int]) -> bool:
    return len(tries) > 1


@pytest.mark.parametrize("weather", [Weather.SWALLOWED, Weather.DEAF])
async def test_a_command_is_told_that_the_database_does_not_answer(
    database: str, home: Path, weather: Weather
) -> None:
    with between(database) as proxy:
        assert await asyncio.to_thread(behind, proxy.dsn) == []
        proxy.turn(weather)
        begun = monotonic()
        with pytest.raises(psycopg.OperationalError):
            await asyncio.to_thread(behind, proxy.dsn)
        assert monotonic() - begun < 3 * QUIET_SECONDS
        told = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "orderloom.entrypoints.cli.main", "--lang", "en", "status"],
            env={**os.environ, "ORDERLOOM_DSN": proxy.dsn, "ORDERLOOM_HOME": str(home)}, capture_output=True,
            text=True, check=False, timeout=RECOVERY_SECONDS_MAX,
        )
        assert told.returncode == 2 and "does not answer" in told.stdout + told.stderr
