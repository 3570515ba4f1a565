"""Orders that people type in: what a caller on the phone would lose if one were doubled, misread or unexplained."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from psycopg.rows import dict_row

from orderloom.adapters.channels.manual.simulator import typed
from orderloom.testing.proof import prove
from tests.support.api_hub import World, a_world
from tests.support.by_hand import manual_account, move
from tests.support.connector_folders import PURCHASE_TOTAL, Folder, folders, now, purchase

KEY = {"Idempotency-Key": "call-20260101-0001"}
REASON = {"X-Unmask-Reason": "to correct it"}


def order(**changes: Any) -> dict[str, Any]:
    """A phone order of the two SKUs that are there, with the total of every rehearsed purchase."""
    bought = purchase(FOLDER) | {"external_id": "x", "placed_at": now(), "paid_at": now()}
    return typed(bought) | changes


FOLDER: Folder = next(one for one in folders("channels") if one.name == "shopify")
"""Only for its purchases."""


@pytest.fixture
async def world(database: str, home: Path) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as found:
        await manual_account(found.hub, "PH01")
        await move(found.hub, "M-002", "HZ", "receive", "more", "test", on_hand=50)
        yield found


async def sent(world: World, client: httpx2.AsyncClient, method: str, path: str, **more: Any) -> httpx2.Response:
    """The answer, with a worker that takes what lands meanwhile."""
    async def work() -> None:
        while True:
            await world.work()
            await asyncio.sleep(0.01)

    worker = asyncio.create_task(work())
    try:
        return await client.request(method, path, **more)
    finally:
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


async def rows(world: World, query: str) -> list[dict[str, Any]]:
    async with world.hub.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        return await (await cursor.execute(query)).fetchall()  # type: ignore[call-overload]


async def test_a_phone_order_gets_its_number_its_stock_and_who_typed_it(world: World) -> None:
    clerk = await world.user("operations")
    made = await sent(world, clerk, "POST", "/api/v1/orders", json=order(urgency="rush"), headers=KEY)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["state"], told["account"], told["is_new"]) == ("recorded", "PH01", True)
    shown = (await clerk.get(f"/api/v1/orders/{told['number']}")).json()
    assert (shown["order"]["total"], shown["order"]["payment"]) == (PURCHASE_TOTAL, "paid")
    [held] = await rows(world, "select sum(quantity) as units from stock_hold where state = 'active'")
    assert held["units"] == 3
    [kept] = await rows(world, "select facts ->> 'entered_by' as by, flags from orders")
    assert "operations-user" in kept["by"]
    assert "rush" in kept["flags"]
    assert await prove(world.hub) == []


async def test_a_key_that_comes_again_is_one_order_and_another_content_is_refused(world: World) -> None:
    clerk = await world.user("operations")
    first = await sent(world, clerk, "POST", "/api/v1/orders", json=order(), headers=KEY)
    again = await sent(world, clerk, "POST", "/api/v1/orders", json=order(), headers=KEY)
    assert again.status_code == 200 and again.json() == first.json() | {"is_new": False}
    other = await clerk.post("/api/v1/orders", json=order(note="另一份"), headers=KEY)
    assert (other.status_code, other.json()["code"]) == (409, "key_used")
    assert len(await rows(world, "select number from orders")) == 1


async def test_every_wrong_field_is_told_at_its_place_and_nothing_is_kept(world: World) -> None:
    clerk = await world.user("operations")
    wrong = order(freight="10元", lines=[
        {"sku": "M-01", "quantity": 0, "price": "89.001"}, {"sku": "", "quantity": 1, "price": "1"},
        {"sku": "M-002", "quantity": 1, "price": "10.00", "discount": "10.01"}],
        receiver={"name": "-", "phone": "110", "detail": "文一西路969号"})  # fmt: skip
    said = await clerk.post("/api/v1/orders", json=wrong, headers=KEY)
    assert (said.status_code, said.json()["code"]) == (422, "wrong_value")
    facts = said.json()["facts"]
    assert set(facts) == {
        "freight", "lines.0.sku", "lines.0.quantity", "lines.0.price", "lines.1.sku", "lines.2.discount",
        "receiver.name", "receiver.phone", "receiver.detail"}  # fmt: skip
    assert all(" | " in words for words in facts.values()), "in both languages"
    stars = await clerk.post("/api/v1/orders", headers=KEY, json=order(
        receiver={"name": "张*", "phone": "138****8000", "detail": "浙江省杭州市余杭区文***"}))
    assert set(stars.json()["facts"]) == {"receiver.name", "receiver.phone", "receiver.detail"}
    for placed in ("2036-01-01T00:00:00+08:00", "9999-12-31T23:59:59+00:00", "2026-01-02T10:30:00", "yesterday"):
        ahead = await clerk.post("/api/v1/orders", json=order(placed_at=placed), headers=KEY)
        assert set(ahead.json()["facts"]) == {"placed_at"}, placed
    near = await clerk.post("/api/v1/orders", json=order(lines=[{"sku": "m-001", "price": "1"}]), headers=KEY)
    assert "M-001" in near.json()["facts"]["lines.0.sku"]
    assert "at least 8" in (await clerk.post("/api/v1/orders", json=order(), headers={"Idempotency-Key": "x"})).text
    half = await clerk.post("/api/v1/orders", json={"lines": "M-001"}, headers=KEY)
    assert half.status_code == 422 and set(half.json()["facts"]) == {"lines"} and "列表" in half.json()["detail"]
    assert not await rows(world, "select id from message where topic = 'order.entered'")


async def test_an_order_is_corrected_as_it_was_entered_and_its_receiver_stays(world: World) -> None:
    clerk, boss = await world.user("operations"), await world.user("administrator")
    number = (await sent(world, clerk, "POST", "/api/v1/orders", json=order(), headers=KEY)).json()["number"]
    hidden = (await clerk.get(f"/api/v1/orders/{number}/entered")).json()["order"]
    assert (hidden["receiver"], hidden["buyer"]) == (None, "")
    assert (await clerk.get(f"/api/v1/orders/{number}/entered", headers=REASON)).status_code == 403
    clear = (await boss.get(f"/api/v1/orders/{number}/entered", headers=REASON)).json()
    assert clear["order"]["receiver"]["name"] == "张三" and "operations-user" in clear["entered_by"]
    one = hidden | {"lines": [hidden["lines"][0] | {"quantity": 1}], "discount": "0"}
    put = await sent(world, clerk, "PUT", f"/api/v1/orders/{number}", json=one, headers={"Idempotency-Key": "mend-001"})
    assert (put.status_code, put.json()["number"]) == (200, number), put.text
    clear = (await boss.get(f"/api/v1/orders/{number}/entered", headers=REASON)).json()
    assert clear["order"]["receiver"]["name"] == "张三" and "operations-user" in clear["entered_by"]
    [units] = await rows(world, "select sum(quantity) as units from stock_hold where state = 'active'")
    assert units["units"] == 1
    assert await prove(world.hub) == []


async def test_a_manual_order_is_cancelled_and_then_mended_no_more(world: World) -> None:
    clerk = await world.user("operations")
    number = (await sent(world, clerk, "POST", "/api/v1/orders", json=order(), headers=KEY)).json()["number"]
    gone = await clerk.post(f"/api/v1/orders/{number}/cancel", json={"reason": "顾客来电取消"})
    assert gone.status_code == 200, gone.text
    late = await clerk.put(f"/api/v1/orders/{number}", json=order(), headers={"Idempotency-Key": "mend-002"})
    assert (late.status_code, late.json()["code"]) == (409, "too_late")
    assert not await rows(world, "select quantity from stock_hold where state = 'active'")


async def test_the_slower_of_two_corrections_is_told_and_the_order_says_whether_it_can_be_corrected(
    world: World,
) -> None:
    clerk, service = await world.user("operations"), await world.user("service")
    number = (await sent(world, clerk, "POST", "/api/v1/orders", json=order(), headers=KEY)).json()["number"]
    may = {one["verb"]: one for one in (await clerk.get(f"/api/v1/orders/{number}")).json()["offers"]}
    assert may["correct"]["is_allowed"]
    not_mine = {one["verb"]: one for one in (await service.get(f"/api/v1/orders/{number}")).json()["offers"]}
    assert not_mine["correct"]["why_not"]["facts"] == {"scope": "orders:enter"}
    seen = (await clerk.get(f"/api/v1/orders/{number}/entered")).json()
    mine = seen["order"] | {"lines": [seen["order"]["lines"][0] | {"quantity": 1}], "discount": "0"}
    first = {"Idempotency-Key": "first-01", "If-Match": f'"{seen["version"]}"'}
    for _ in range(2):  # an answer that got lost is asked for again
        done = await sent(world, clerk, "PUT", f"/api/v1/orders/{number}", json=mine, headers=first)
        assert done.status_code == 200, done.text
    late = await clerk.put(f"/api/v1/orders/{number}", json=seen["order"], headers=first | {
        "Idempotency-Key": "second-01"})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile") and late.json()["since"]
    again = await sent(world, clerk, "PUT", f"/api/v1/orders/{number}", json=seen["order"], headers={
        "Idempotency-Key": "second-02", "If-Match": f'"{late.json()["version"]}"'})
    assert again.status_code == 200, again.text
    await clerk.post(f"/api/v1/orders/{number}/cancel", json={"reason": "顾客来电取消"})
    gone = {one["verb"]: one for one in (await clerk.get(f"/api/v1/orders/{number}")).json()["offers"]}
    assert gone["correct"]["why_not"]["code"] == "too_late" and "已取消" in gone["correct"]["why_not"]["zh"]


async def test_an_order_of_a_shop_is_corrected_there_and_not_here(world: World) -> None:
    [shop_order] = await world.record(1)
    clerk = await world.user("operations")
    refused = await clerk.put(f"/api/v1/orders/{shop_order}", json=order(), headers=KEY)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_manual")
    assert "SH01" in refused.json()["detail"]
    assert (await clerk.get(f"/api/v1/orders/{shop_order}/entered")).status_code == 404


async def test_what_nobody_works_on_is_kept_and_said_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderloom.entrypoints.http.api.entering.WAIT_SECONDS_MAX", 0.1)
    clerk = await world.user("operations")
    waits = await clerk.post("/api/v1/orders", json=order(), headers=KEY)
    assert (waits.status_code, waits.json()["state"]) == (202, "waiting")
    again = await sent(world, clerk, "POST", "/api/v1/orders", json=order(), headers=KEY)
    assert again.json()["state"] == "recorded" and again.json()["message_id"] == waits.json()["message_id"]


async def test_the_account_is_named_where_there_are_several(world: World) -> None:
    await manual_account(world.hub, "PH02")
    clerk = await world.user("operations")
    unsure = await clerk.post("/api/v1/orders", json=order(), headers=KEY)
    assert "PH01, PH02" in unsure.json()["facts"]["account"]
    made = await sent(world, clerk, "POST", "/api/v1/orders", json=order(account="PH02"), headers=KEY)
    assert made.json()["account"] == "PH02"


async def test_goods_are_found_by_a_part_of_code_or_name_with_what_is_free(world: World) -> None:
    clerk = await world.user("operations")
    by_name, by_code = [(await clerk.get("/api/v1/goods", params={"q": q})).json()["goods"] for q in ("马克", "m-00")]
    assert by_name == [{"code": "M-001", "name": "马克杯", "free": [{"warehouse": "HZ", "free": 1_000}]}]
    assert [one["code"] for one in by_code] == ["M-001", "M-002"] and by_code[1]["free"][0]["free"] == 50
    assert (await (await world.user("finance")).get("/api/v1/goods", params={"q": "m"})).status_code == 403
