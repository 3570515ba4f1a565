"""The door answers and keeps everything: with a frozen database, one bad message among good ones, big bodies."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from pathlib import Path
from time import monotonic

import httpx2
import pytest
import uvloop

from orderloom.adapters.db.embedded import EmbeddedPostgres
from orderloom.adapters.db.landing import STORE_SECONDS_MAX
from orderloom.adapters.db.migrate import migrate
from orderloom.adapters.db.unit_of_work import TAKE_BYTES_MAX
from orderloom.rehearsal.server import serve
from orderloom.testing.frozen import frozen
from tests.support.api_hub import SECRET, SHOP, World, a_world

ANSWER_SECONDS_MAX = 5.0
"""The shortest patience of a platform."""
BUSY = 4
"""On a machine that is at its end anyway: as often what the same burst takes while the database is there."""
LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
"""Both loops that the hub runs on: the API process has uvloop."""


def signed(body: bytes, **more: str) -> dict[str, str]:
    mac = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
    return {"x-shopify-hmac-sha256": mac, "x-shopify-shop-domain": SHOP, "x-shopify-topic": "orders/create",
            "content-type": "application/json", **more}


def order(n: int) -> bytes:
    return b'{"id": %d, "name": "#%d"}' % (n, n)


async def send(address: str, n: int) -> tuple[int, float]:
    """The answer to a webhook and how long it took."""
    begun = monotonic()
    async with httpx2.AsyncClient(timeout=30) as http:
        answer = await http.post(f"{address}/webhooks/SH01", content=order(n), headers=signed(order(n)))
    return answer.status_code, monotonic() - begun


async def sums(world: World) -> dict[str, int]:
    async with world.hub.pool.connection() as connection:
        rows = await connection.execute("select measure, sum(quantity)::int from tally group by 1")
        return dict(await rows.fetchall())


@pytest.mark.parametrize("name", LOOPS)
def test_a_frozen_database_hangs_no_webhook_and_loses_none(home: Path, name: str) -> None:
    with asyncio.Runner(loop_factory=LOOPS[name]) as runner:
        runner.run(_freeze(home))


async def _freeze(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        migrate(postgres.dsn)
        async with a_world(home, postgres.dsn, orders=0) as world, serve(world.app) as port:
            address = f"http://127.0.0.1:{port}"
            assert (await send(address, 1))[0] == 200
            usual = max([seconds for _, seconds in await asyncio.gather(*[send(address, n) for n in range(100, 138)])])
            with frozen(postgres.dsn):
                first = await asyncio.gather(*[send(address, n) for n in range(2, 40)])
                later = [await send(address, n) for n in range(40, 45)]
                async with httpx2.AsyncClient(timeout=30) as http:
                    health = (await http.get(f"{address}/health")).json()
            assert {status for status, _ in (*first, *later)} == {200}
            assert max(seconds for _, seconds in first) < ANSWER_SECONDS_MAX + BUSY * usual
            assert max(seconds for _, seconds in later) < STORE_SECONDS_MAX + usual, "every group waits for it again"
            assert health["database"] == "away" and world.hub.spool.count() >= 43
            await asyncio.wait_for(world.hub.directory(), 30)
            while await world.hub.spool.drain(world.hub.store):
                pass
            assert world.hub.spool.count() == 0
            async with world.hub.pool.connection() as connection:
                stored = await (await connection.execute("select count(*) from message")).fetchone()
            assert stored == (82,) and (await sums(world))["received"] == 82


async def test_one_forged_webhook_with_a_topic_of_3_kb_takes_no_genuine_order_with_it(
    database: str, home: Path
) -> None:
    async with a_world(home, database, orders=0) as world, serve(world.app) as port:
        address = f"http://127.0.0.1:{port}"
        body = order(999)

        async def forged(topic: str) -> int:
            async with httpx2.AsyncClient(timeout=30) as http:
                head = signed(body, **{"x-shopify-topic": topic, "x-shopify-webhook-id": topic, topic[:2_000]: "v"})
                return (await http.post(f"{address}/webhooks/SH01", content=body, headers=head)).status_code

        async with asyncio.TaskGroup() as group:
            bad = [group.create_task(forged(letter * 3_000)) for letter in "abcdefgh"]
            good = [group.create_task(send(address, n)) for n in range(40)]
        assert {task.result()[0] for task in good} == {200} and {task.result() for task in bad} <= {200, 401, 413, 422}
        assert world.hub.spool.count() == 0, "a message that can never be stored is taken for an absent database"
        assert (await sums(world))["received"] >= 40


async def test_forty_bodies_of_5_mb_are_stored_and_taken_in_bounded_pieces(database: str, home: Path) -> None:
    async with a_world(home, database, orders=0) as world, serve(world.app) as port:
        filler = b'{"id": %d, "note": "' + b"x" * (5 * 1024 * 1024 - 64) + b'"}'

        async def big(n: int) -> int:
            body = filler % n
            for _ in range(100):
                async with httpx2.AsyncClient(timeout=60) as http:
                    answer = await http.post(f"http://127.0.0.1:{port}/webhooks/SH01", content=body,
                                             headers=signed(body))
                if answer.status_code != 503:
                    return answer.status_code
                await asyncio.sleep(float(answer.headers["retry-after"]) / 10)
            raise AssertionError("there never was room")

        small = asyncio.create_task(send(f"http://127.0.0.1:{port}", 1))
        answers = await asyncio.gather(*[big(n) for n in range(40)])
        assert set(answers) == {200} and (await small)[0] == 200
        while await world.hub.spool.drain(world.hub.store):  # a slow disk may have sent some there
            pass
        assert (await sums(world))["received"] == 41 and world.hub.spool.count() == 0
        async with world.hub.begin() as work:
            taken = await work.take(500, None)
            assert sum(len(m.body) for m in taken) <= TAKE_BYTES_MAX and len(taken) >= 3
        await world.work()
        async with world.hub.pool.connection() as connection:
            left = await (await connection.execute(
                "select count(*) from intake where outcome = 'pending'")).fetchone()
        assert left == (0,)


async def test_the_door_answers_what_it_does_not_know_and_its_own_faults_as_every_other_room(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_world(home, database, orders=0) as world:
        transport = httpx2.ASGITransport(app=world.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://door.example") as http:
            refused = await http.put("/webhooks/SH01/deep/down", content=b"{}")
            assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST")
            assert (await http.post("/webhooks/", content=b"{}")).json()["code"] == "not_found"

            async def broken(code: str) -> None:
                raise RuntimeError("what a customer wrote")

            monkeypatch.setattr(world.app.state.door._accounts, "get", broken)
            failed = await http.post("/webhooks/SH01", content=order(1), headers=signed(order(1)))
    assert failed.status_code == 500 and failed.json()["code"] == "defect" and "customer" not in failed.text
    assert failed.headers["x-content-type-options"] == refused.headers["x-content-type-options"] == "nosniff"
