"""Who presses a button sees beforehand what it does, and it does that or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.foresee import Looking
from orderloom.application.teach_alias import Aliases, teach_alias
from tests.support.api_hub import World, a_world, csv_file
from tests.support.by_hand import move, upload

STATE = ("select stage, event_count, encode(event_head, 'hex') from orders order by id",
         "select sku_id, warehouse_id, on_hand, allocated from stock_level order by 1, 2",
         "select count(*) from stock_movement", "select count(*) from delivery", "select count(*) from case_file")


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


def everything(world: World) -> list[Any]:
    return [world.rows(query) for query in STATE]


async def preview(client: Any, order_id: str, verb: str, **body: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/orders/{order_id}/{verb}/preview", json={"reason": "test", **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_preview_tells_the_effect_and_changes_nothing(world: World) -> None:
    before = everything(world)
    async with await world.client("orders:read", "orders:write") as client:
        seen = await preview(client, world.order_ids[0], "cancel")
        assert everything(world) == before
        assert seen["counts"] == {"goes_on": 1, "held": 0, "unchanged": 0, "refused": 0}
        (stock,) = seen["stock"]
        assert stock["sku"] == "M-001" and stock["after"] == stock["before"] + 1
        assert {"kind": "to_give_back", "currency": "CNY", "before": 0, "after": 10_000} in seen["money"]
        (row,) = seen["rows"]
        assert (row["from"], row["to"]) == ("ready", "cancelled")
        done = await client.post(f"/api/v1/orders/{world.order_ids[0]}/cancel",
                                 json={"reason": "test", "token": seen["token"]})
        assert done.status_code == 200, done.text
        again = await preview(client, world.order_ids[0], "cancel")
    assert world.rows("select phase from orders where is_cancelled") == [("cancelled",)]
    free = world.rows("select on_hand - reserved - allocated - safety - frozen from stock_level")
    assert free == [(stock["after"],)]
    why = again["rows"][0]["why"]
    assert again["counts"]["refused"] == 1 and (why["code"], why["zh"]) == ("already_cancelled", "订单已取消")


async def test_what_would_end_otherwise_than_it_was_shown_is_not_done(world: World) -> None:
    order_id = world.order_ids[0]
    async with await world.client("orders:read", "orders:write") as client:
        seen = await preview(client, order_id, "cancel")
        held = await client.post(f"/api/v1/orders/{order_id}/hold", json={"type": "manual", "reason": "wait"})
        assert held.status_code == 200
        before = everything(world)
        late = await client.post(f"/api/v1/orders/{order_id}/cancel", json={"reason": "test", "token": seen["token"]})
        assert late.status_code == 409 and late.json()["code"] == "preview_stale"
        now = late.json()["preview"]
        assert now["rows"][0]["from"] == "held" and now["token"] != seen["token"]
        assert everything(world) == before
        done = await client.post(f"/api/v1/orders/{order_id}/cancel", json={"reason": "test", "token": now["token"]})
    assert done.status_code == 200, done.text


async def test_goods_that_others_take_meanwhile_do_not_make_a_preview_stale(world: World) -> None:
    async with await world.client("orders:read", "orders:write") as client:
        seen = await preview(client, world.order_ids[0], "cancel")
        other = await client.post(f"/api/v1/orders/{world.order_ids[1]}/cancel", json={"reason": "test"})
        assert other.status_code == 200
        await move(world.hub, "M-001", "HZ", "receive", "more", "test", on_hand=5)
        done = await client.post(f"/api/v1/orders/{world.order_ids[0]}/cancel",
                                 json={"reason": "test", "token": seen["token"]})
    assert done.status_code == 200, done.text


async def test_a_call_that_is_made_again_with_its_key_counts_once(world: World) -> None:
    path = f"/api/v1/orders/{world.order_ids[0]}/hold"
    body, key = {"type": "manual", "reason": "wait"}, {"Idempotency-Key": "one-act-of-mine"}
    async with await world.client("orders:read", "orders:write") as client:
        first = await client.post(path, json=body, headers=key)
        again = await client.post(path, json=body, headers=key)
        other = await client.post(path, json={**body, "reason": "another"}, headers=key)
    assert first.json() == again.json() and again.status_code == 200
    assert other.status_code == 409 and other.json()["code"] == "call_key_used"
    assert world.rows("select count(*) from order_event where kind = 'hold_placed'") == [(1,)]


async def test_an_edit_of_what_somebody_changed_since_is_told_of_it(world: World) -> None:
    path = f"/api/v1/orders/{world.order_ids[0]}/receiver"
    mine = {"name": "李雷", "phone": "19900055555", "province": "浙江省", "city": "杭州市", "district": "西湖区",
            "detail": "南山路1号", "reason": "asked"}
    async with await world.client("orders:read", "orders:write") as client:
        shown = await client.get(f"/api/v1/orders/{world.order_ids[0]}")
        tag = shown.headers["ETag"]
        assert (await client.post(path, json={**mine, "name": "韩梅梅"})).status_code == 200
        lost = await client.post(path, json=mine, headers={"If-Match": tag})
        assert lost.status_code == 409 and lost.json()["code"] == "changed_meanwhile"
        told = lost.json()
        assert "receiver_changed" in [fact["kind"] for fact in told["since"]]
        assert "韩梅梅" not in lost.text and "南山路" not in lost.text
        done = await client.post(path, json=mine, headers={"If-Match": f'"{told["version"]}"'})
        assert done.status_code == 200, done.text
        hold = await client.post(f"/api/v1/orders/{world.order_ids[1]}/hold", json={"type": "manual", "reason": "x"},
                                 headers={"If-Match": "first"})
    assert hold.status_code == 422


async def test_a_mend_is_tried_on_what_waits_for_it_and_leaves_no_trace(world: World) -> None:
    await upload(world.hub, "XLS", "orders.csv", csv_file("NO-SUCH-THING"))
    await world.work()
    waiting = [row[0] for row in world.rows("select message_id::text from intake where outcome = 'parked'")]
    assert len(waiting) == 1
    before = [*everything(world), world.rows("select version from cache_version")]

    async def teach(work: Looking) -> None:
        @asynccontextmanager
        async def within() -> AsyncIterator[Aliases]:
            yield work.catalogue

        await teach_alias(within, "NO-SUCH-THING", "M-001")

    assert [one.outcome for one in (await world.hub.foreseer.foresee(waiting)).became] == ["parked"]
    assert [one.outcome for one in (await world.hub.foreseer.foresee(waiting, teach)).became] == ["normalised"]
    assert [*everything(world), world.rows("select version from cache_version")] == before
    assert [one.outcome for one in (await world.hub.foreseer.foresee(waiting)).became] == ["parked"]
