"""Who opens an order sees where it stands, what may be done with it and why the rest may not, and what was said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


async def shown(client: Any, order_id: str) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def offers(order: dict[str, Any]) -> dict[str, Any]:
    return {one["verb"]: one for one in order["offers"]}


async def test_what_is_offered_is_what_is_done_and_the_rest_says_why_not(world: World) -> None:
    order_id = world.order_ids[0]
    async with await world.user("service") as service, await world.user("finance") as finance:
        found = await shown(service, order_id)
        may = offers(found)
        assert may["hold"]["is_allowed"] and may["receiver"]["is_allowed"] and may["cancel"]["is_allowed"]
        assert may["cancel"]["needs_preview"], "stock comes back"
        assert not may["release"]["is_allowed"] and may["release"]["why_not"]["code"] == "no_such_hold"
        assert not may["reship"]["is_allowed"] and may["reship"]["why_not"]["zh"]
        not_mine = offers(await shown(finance, order_id))
        assert not_mine["hold"]["why_not"] == {
            "code": "no_scope", "facts": {"scope": "orders:hold"}, "zh": "没有“挂起”的权限", "en": "you may not hold"}
        done = await service.post(f"/api/v1/orders/{order_id}/hold", json={"type": "manual", "reason": "asked"})
        assert done.status_code == 200, done.text
        found = await shown(service, order_id)
        assert found["offers"][0]["verb"] == "release" and found["offers"][0]["is_allowed"]
        assert found["explained"]["say"][0]["code"] == "held"
        assert found["words"]["hold:manual"]["zh"] == "人工挂起"


async def test_the_milestones_tell_what_is_reached_and_what_is_missing(world: World) -> None:
    async with await world.client("admin") as client:
        work = next(w for w in (await client.get("/api/v1/works")).json()["works"]
                    if w["order_id"] == world.order_ids[0])
        sent = await client.post(f"/api/v1/works/{work['number']}/out", json={"waybill": "SF1", "carrier": "SF"})
        assert sent.status_code == 200, sent.text
        found = (await shown(client, world.order_ids[0]))["explained"]
    rows = {one["milestone"]: one for one in found["findings"]}
    assert rows["paid"]["system"] == "SH01" and rows["paid"]["cells"][0]["lag_seconds"] == 0
    assert [one["milestone"] for one in rows["collected"]["missing"]] == ["collected"]
    assert found["lag"] == {"notice_seconds": 90, "bad_seconds": 180}
    assert found["say"][0]["code"] == "out_not_collected"
    assert "out_without_collection" in [one["kind"] for one in found["limits"]]


async def test_a_note_reaches_whom_it_names_and_is_never_changed(world: World) -> None:
    order_id = world.order_ids[0]
    async with await world.user("service") as service, await world.user("operations") as other:
        promised = (world.hub.now() + timedelta(hours=3)).isoformat()
        written = await service.post(f"/api/v1/orders/{order_id}/notes", json={
            "body": "买家电话 19900012345 催 @operations-user 今天能到吗 @nobody", "promised_at": promised,
            "contacted_at": world.hub.now().isoformat()})
        assert written.status_code == 201 and written.json()["mentions"] == ["operations-user"], written.text
        mine = (await other.get("/api/v1/notes/mine")).json()
        assert mine["unread"] == 1 and mine["mentions"][0]["note"]["by"] == "user:service-user"
        assert "19900012345" not in str(mine)
        seen = await other.post("/api/v1/notes/mine/seen", json={"upto": world.hub.now().isoformat()})
        assert seen.json()["unread"] == 0 and len(seen.json()["mentions"]) == 1
        promises = (await service.get("/api/v1/notes/mine")).json()["promises"]
        assert [one["order_id"] for one in promises] == [order_id]
        found = await shown(service, order_id)
        assert "promised" in [one["kind"] for one in found["explained"]["limits"]]
        async with await world.user("management") as reader:
            refused = await reader.post(f"/api/v1/orders/{order_id}/notes", json={"body": "x"})
        assert refused.status_code == 403
        late = await service.post(f"/api/v1/orders/{order_id}/notes",
                                  json={"body": "x", "promised_at": "2020-01-01T00:00:00Z"})
        assert late.status_code == 422
    with psycopg.connect(world.dsn) as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("update order_note set body = ''")
