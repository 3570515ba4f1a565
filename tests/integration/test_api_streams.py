"""The door, the event stream, health and metrics: nothing that was acknowledged or committed is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import psycopg
import pytest

from orderloom.application.queries.events import newest_place, read_after
from orderloom.entrypoints.http.webhooks.door import BODY_BYTES_MAX
from orderloom.rehearsal.server import serve
from tests.support.api_hub import SAMPLES, SECRET, SHOP, World, a_world
from tests.support.signed import shopify_signature as webhook_signature

SECONDS_MAX = 15.0


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


@pytest.fixture
async def base(world: World) -> AsyncIterator[str]:
    async with serve(world.app) as port:
        yield f"http://127.0.0.1:{port}"


def signed(body: bytes, event: str = "e-1") -> dict[str, str]:
    return {"x-shopify-hmac-sha256": webhook_signature(SECRET, body), "x-shopify-topic": "orders/create",
            "x-shopify-shop-domain": SHOP, "x-shopify-webhook-id": event, "authorization": "Basic c2VjcmV0"}


async def read(client: httpx2.AsyncClient, url: str, wanted: int, **headers: str) -> list[tuple[str, Any]]:
    """The first events of a stream as (id, data)."""
    found: list[tuple[str, Any]] = []
    async with asyncio.timeout(SECONDS_MAX), client.stream("GET", url, headers=headers) as answer:
        assert answer.status_code == 200, await answer.aread()
        place = ""
        async for line in answer.aiter_lines():
            if line.startswith("id: "):
                place = line[4:]
            if line.startswith("data: "):
                found.append((place, msgspec.json.decode(line[6:])))
                if len(found) == wanted:
                    return found
    return found


async def test_a_pushed_order_is_acknowledged_once_it_is_durable_and_becomes_an_order(world: World) -> None:
    body = (SAMPLES / "shopify/samples/webhook.in.json").read_bytes()
    async with await world.client("admin") as client:
        first = await client.post("/webhooks/SH01", content=body, headers=signed(body))
        with psycopg.connect(world.dsn) as connection:
            assert connection.execute("select count(*), min(headers) from message").fetchone() is not None
            stored = connection.execute("select headers from message").fetchall()
        again = await client.post("/webhooks/SH01/orders/create", content=body, headers=signed(body))
        forged = await client.post("/webhooks/SH01", content=body + b" ", headers=signed(body))
        a = (await client.get("/api/v1/accounting")).json()
    assert (first.status_code, again.status_code, forged.status_code) == (200, 200, 401)
    assert len(stored) == 1 and "c2VjcmV0" not in stored[0][0], "a credential in a header is not stored"
    assert (a["received"], a["stored"], a["duplicates"], a["quarantined"]) == (2, 2, 1, 1) and a["is_balanced"]


async def test_the_door_refuses_what_it_cannot_take_and_stores_nothing_of_it(world: World) -> None:
    huge = b"x" * (BODY_BYTES_MAX + 1)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(huge), 1 << 20):
            yield huge[start:start + (1 << 20)]

    async with await world.client() as client:
        declared = await client.post("/webhooks/SH01", content=huge)
        streamed = await client.post("/webhooks/SH01", content=chunks())
        nowhere = await client.post("/webhooks/NOPE", content=b"{}")
    assert (declared.status_code, streamed.status_code, nowhere.status_code) == (413, 413, 404)
    assert nowhere.headers["content-type"] == "application/problem+json"
    with psycopg.connect(world.dsn) as connection:
        assert connection.execute("select count(*) from message").fetchone() == (0,)


async def test_a_push_is_kept_on_disk_and_acknowledged_while_the_database_is_away(world: World) -> None:
    body = (SAMPLES / "shopify/samples/webhook.in.json").read_bytes()
    async with await world.client() as client:
        assert (await client.post("/webhooks/SH01", content=body, headers=signed(body, "e-0"))).status_code == 200
        await world.hub.pool.close()
        acknowledged = await client.post("/webhooks/SH01", content=body, headers=signed(body, "e-1"))
        alive, ready = await client.get("/health"), await client.get("/ready")
        text = (await client.get("/metrics")).text
    assert acknowledged.status_code == 200 and world.hub.spool.count() == 1
    assert alive.status_code == 200 and alive.json()["database"] == "away"
    assert ready.status_code == 503 and ready.json()["code"] == "not_ready"
    assert "orderloom_database_up 0.0" in text


async def test_a_stream_that_was_cut_goes_on_without_a_gap_or_a_repeat(world: World, base: str) -> None:
    async with await world.client("events:read") as made:
        token = made.headers["Authorization"]
    with psycopg.connect(world.dsn) as connection:
        row = connection.execute("select count(*) from order_event").fetchone()
    assert row is not None
    async with httpx2.AsyncClient(base_url=base, headers={"Authorization": token}, timeout=SECONDS_MAX) as client:
        head = await read(client, "/events?after=0", 4)
        rest = await read(client, "/events", row[0] - 4, **{"Last-Event-ID": head[-1][0]})
        bad = await client.get("/events", headers={"Last-Event-ID": "nonsense"})
    places = [place for place, _ in head + rest]
    assert len(set(places)) == len(places) == row[0]
    by_order: dict[str, list[int]] = {}
    for _, event in head + rest:
        by_order.setdefault(event["order_id"], []).append(event["seq"])
    assert set(by_order) == set(world.order_ids)
    assert all(seqs == list(range(1, len(seqs) + 1)) for seqs in by_order.values())
    assert bad.status_code == 422


async def test_an_event_that_commits_late_is_still_told(world: World) -> None:
    """A reader that had passed the younger transaction's event would never see the older one's."""
    insert = ("insert into order_event (order_id, seq, kind, at, actor, blueprint, facts, hash)"
              " values (%s, %s, 'test', now(), 't', 1, '{}', '')")
    async with world.hub.pool.connection() as connection:
        place = await newest_place(connection)
        with psycopg.connect(world.dsn) as late, psycopg.connect(world.dsn) as early:
            late.execute(insert, (world.order_ids[0], 901))
            early.execute(insert, (world.order_ids[1], 902))
            early.commit()
            assert await read_after(connection, place) == [], "the younger one waits for the older one"
            late.commit()
        told = await read_after(connection, place)
    assert [event.seq for event in told] == [901, 902], "in the order of their transactions, none left out"


async def test_the_metrics_open_here_and_not_from_elsewhere(world: World, base: str) -> None:
    async with httpx2.AsyncClient(base_url=base, timeout=SECONDS_MAX) as client:
        here = await client.get("/metrics")
    async with await world.client(address="203.0.113.9") as stranger:
        elsewhere = await stranger.get("/metrics")
    assert (here.status_code, elsewhere.status_code) == (200, 401)


async def test_metrics_count_what_the_stages_did(world: World) -> None:
    async with await world.client() as client:
        text = (await client.get("/metrics")).text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(lines["orderloom_record_total"]) == 3 and float(lines["orderloom_reserve_total"]) == 3
    assert float(lines['orderloom_orders{phase="ready"}']) == 3
    assert {f'orderloom_backlog{{stage="{s}"}}' for s in ("land", "translate", "deliver", "publish")} <= set(lines)
    assert float(lines["orderloom_balanced"]) == 1


async def test_a_hub_that_is_not_migrated_is_alive_and_not_ready(world: World) -> None:
    with psycopg.connect(world.dsn) as connection:
        connection.execute("update schema_revision set version_num = '0000'")
    async with await world.client() as client:
        alive, ready = await client.get("/health"), await client.get("/ready")
    assert alive.json()["database"] == "old" and ready.status_code == 503


async def moved(lines: AsyncIterator[str], topic: str) -> dict[str, Any]:
    """The next message of a topic."""
    async for line in lines:
        if line.startswith("data: {") and (found := msgspec.json.decode(line[6:]))["topic"] == topic:
            return dict(found)
    raise AssertionError("the stream ended")


async def test_a_screen_hears_within_two_seconds_that_an_order_changed_and_never_what(world: World, base: str) -> None:
    made = await world.app.state.desk.access.make_token("screen", ("orders:read", "orders:hold"), "test")
    async with httpx2.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {made.token}"}) as client:
        async with asyncio.timeout(SECONDS_MAX), client.stream("GET", "/api/v1/console/stream") as answer:
            lines = answer.aiter_lines()
            assert answer.status_code == 200
            while (await anext(lines)) != ": open":
                pass
            await settled(world)
            done = await client.post(f"/api/v1/orders/{world.order_ids[1]}/hold",
                                     json={"type": "manual", "reason": "a secret reason"})
            assert done.status_code == 200, done.text
            async with asyncio.timeout(2):
                found = await moved(lines, "orders")
    assert found["ids"] == [world.order_ids[1]] and set(found) == {"topic", "ids", "at"}


async def settled(world: World) -> None:
    """Until the first look at the world is over: what came before it is told to nobody."""
    async with asyncio.timeout(SECONDS_MAX):
        await world.app.state.screens.is_looking.wait()


async def test_who_may_not_see_orders_is_not_told_that_they_move(world: World, base: str) -> None:
    made = await world.app.state.desk.access.make_token("screen", ("stock:read",), "test")
    async with httpx2.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {made.token}"}) as client:
        async with asyncio.timeout(SECONDS_MAX), client.stream("GET", "/api/v1/console/stream") as answer:
            lines = answer.aiter_lines()
            while (await anext(lines)) != ": open":
                pass
            await settled(world)
            async with await world.client("admin") as other:
                done = await other.post(f"/api/v1/orders/{world.order_ids[1]}/cancel", json={"reason": "test"})
                assert done.status_code == 200, done.text
            async for line in lines:
                if line.startswith("data: {"):
                    assert msgspec.json.decode(line[6:])["topic"] == "stock"
                    break
