"""People find their orders by whatever they have of them, page both ways, and are told at once what would take long."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from orderloom.entrypoints.http.api import order_list
from tests.support.api_hub import a_world

ALL = "goods,warehouses,waybills,tags,limit,hold,cases,fields,note,external_number,refunded,paid_at"


async def numbers(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/api/v1/orders", params=params)
    assert answer.status_code == 200, answer.text
    return [order["number"] for order in answer.json()["orders"]]


@pytest.mark.asyncio
async def test_several_values_of_a_filter_find_the_orders_of_each(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=3) as world, await world.client("admin") as client:
        await held(client, world.order_ids[0])
        assert len(await numbers(client, phase="ready")) == 2
        assert len(await numbers(client, phase="ready,held")) == 3
        assert len(await numbers(client, phase=["ready", "held"], warehouse="HZ")) == 2, "its work was recalled"
        assert len(await numbers(client, hold="manual,fraud")) == len(await numbers(client, is_held=True)) == 1
        assert len(await numbers(client, channel="shopify,files", account="SH01", payment="paid")) == 3
        assert len(await numbers(client, province="浙江省,西藏自治区")) == 3
        assert await numbers(client, province="西藏自治区") == []
        assert await asked(client, id=world.order_ids, phase="held") == {world.order_ids[0]}
        wrong = await client.get("/api/v1/orders", params={"phase": "ready,gone"})
        assert wrong.status_code == 422 and "cancelled" in wrong.json()["detail"]


@pytest.mark.asyncio
async def test_a_page_comes_with_the_columns_that_were_asked_for_and_no_others(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=1) as world, await world.client("admin") as client:
        (plain,) = (await client.get("/api/v1/orders")).json()["orders"]
        assert not {"goods", "hold", "warehouses"} & plain.keys()
        (full,) = (await client.get("/api/v1/orders", params={"columns": ALL})).json()["orders"]
        assert full["warehouses"] == ["HZ"] and "hold" not in full
        await held(client, world.order_ids[0])
        (full,) = (await client.get("/api/v1/orders", params={"columns": ALL})).json()["orders"]
        assert full["goods"] == {"title": "马克杯", "sku": "M-001", "quantity": 1, "kinds": 1}
        assert full["hold"]["type"] == "manual" and full["hold"]["count"] == 1
        wrong = await client.get("/api/v1/orders", params={"columns": "price"})
        assert wrong.status_code == 422 and "goods" in wrong.json()["detail"]


@pytest.mark.asyncio
@pytest.mark.parametrize("sort", ["recorded", "placed", "number", "amount"])
async def test_a_list_is_paged_forward_and_back_in_every_order(tmp_path: Path, database: str, sort: str) -> None:
    async with a_world(tmp_path, database, orders=7) as world, await world.client("orders:read") as client:
        for way in (sort, f"-{sort}"):
            whole = await numbers(client, sort=way, limit=7)
            pages, params = [], {"sort": way, "limit": 3}
            while True:
                page = (await client.get("/api/v1/orders", params=params)).json()
                pages.append(page)
                if page["next"] is None:
                    break
                params = {"sort": way, "limit": 3, "cursor": page["next"]}
            assert [o["number"] for p in pages for o in p["orders"]] == whole
            assert len({p["as_of"] for p in pages}) == 1, "the snapshot is that of the first page"
            back = (await client.get("/api/v1/orders", params={**params, "cursor": pages[2]["previous"]})).json()
            assert [o["number"] for o in back["orders"]] == whole[3:6]
            first = (await client.get("/api/v1/orders", params={**params, "cursor": back["previous"]})).json()
            assert [o["number"] for o in first["orders"]] == whole[:3] and first["previous"] is None
            other = await client.get("/api/v1/orders", params={"sort": "placed", "cursor": "x"})
            assert other.json()["code"] == "wrong_cursor"


@pytest.mark.asyncio
async def test_what_the_platform_wants_shipped_today_is_found_and_sorted(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=0) as world, await world.client("admin") as client:
        now: datetime = world.hub.now()
        times = {"late": now - timedelta(hours=2), "soon": now + timedelta(minutes=30), "far": now + timedelta(days=3)}
        ids = {}
        for name, at in times.items():
            (ids[name],) = await world.record(1, facts={"ship_by": at.isoformat()})
        (ids["epoch"],) = await world.record(1, facts={"ship_by_epoch": int((now - timedelta(hours=1)).timestamp())})
        await world.record(1)
        await world.publish()
        assert await asked(client, late="overdue") == {ids["late"], ids["epoch"]}
        assert await asked(client, late="overdue,due-1h") == {ids["late"], ids["epoch"], ids["soon"]}
        page = (await client.get("/api/v1/orders", params={"sort": "ship_by", "columns": "limit"})).json()["orders"]
        assert [o["id"] for o in page] == [ids["late"], ids["epoch"], ids["soon"], ids["far"]]
        assert page[0]["limit"]["of"] == "ship_by"
        await client.post(f"/api/v1/orders/{ids['late']}/cancel", json={"reason": "buyer"})
        await world.publish()
        assert await asked(client, late="overdue") == {ids["epoch"]}, "what is cancelled need not be shipped"


@pytest.mark.asyncio
async def test_orders_of_before_get_their_ship_by_time(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=0) as world, await world.client("admin") as client:
        (one,) = await world.record(1, facts={"ship_by": (world.hub.now() - timedelta(hours=2)).isoformat()})
        await world.publish()
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("update order_ship_by set ship_by = null")
        async with world.hub.ports.publisher() as publisher:
            while await publisher.publish_events(world.hub.now()):
                pass
        assert await asked(client, late="overdue") == {one}


@pytest.mark.asyncio
async def test_an_empty_answer_says_which_filter_to_drop(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=2) as world, await world.client("admin") as client:
        await held(client, world.order_ids[0])
        for params, named in (
            ({"phase": "returned", "payment": "paid"}, ["phase"]),
            ({"phase": "held", "is_held": False, "payment": "paid"}, ["phase", "is_held"]),
            ({"channel": "files", "amount_from": 1}, ["channel"]), ({"amount_to": -5}, ["amount_to"]),
        ):
            page = (await client.get("/api/v1/orders", params=params)).json()
            assert (page["orders"], page["emptied_by"]) == ([], named)


@pytest.mark.asyncio
async def test_times_and_amounts_bound_what_is_listed(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=2) as world, await world.client("admin") as client:
        now = world.hub.now()
        assert len(await numbers(client, placed="7d", amount_from=1, currency="CNY")) == 2
        assert await numbers(client, placed_to=(now - timedelta(days=2)).isoformat()) == []
        assert await numbers(client, to=(now - timedelta(days=2)).isoformat()) == []
        assert len(await numbers(client, **{"from": (now - timedelta(days=2)).isoformat()})) == 2
        assert await numbers(client, amount_from=10**9) == []
        for wrong in ({"placed": "soon"}, {"late": "never"}, {"sort": "name"}, {"field": "x"}):
            assert (await client.get("/api/v1/orders", params=wrong)).status_code == 422, wrong


@pytest.mark.asyncio
async def test_a_pasted_list_names_the_numbers_that_nothing_has(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=2) as world, await world.client("orders:read") as client:
        known = await numbers(client)
        wish = {"numbers": [known[1], "NO-1", known[0].lower(), "EXT-00000", known[1]], "columns": ["goods"]}
        found = (await client.post("/api/v1/orders/by-numbers", json=wish)).json()
        assert {o["number"] for o in found["orders"]} == set(known) and found["missing"] == ["NO-1"]
        assert found["orders"][0]["number"] == known[1] and found["orders"][0]["goods"]["kinds"] == 1


@pytest.mark.asyncio
async def test_what_would_take_long_is_refused_at_once_and_the_line_stays_good(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_world(tmp_path, database, orders=1) as world, await world.client("orders:read") as client:
        whole = order_list.list_orders

        async def slow(connection: Any, *given: Any, **named: Any) -> Any:
            await connection.execute("select pg_sleep(20)")
            return await whole(connection, *given, **named)

        monkeypatch.setattr(order_list, "list_orders", slow)
        answer = await client.get("/api/v1/orders", params={"phase": "ready"})
        assert (answer.status_code, answer.json()["code"]) == (422, "narrow_time")
        assert "placed=7d" in answer.json()["detail"]
        monkeypatch.undo()
        assert len(await numbers(client)) == 1


async def held(client: httpx2.AsyncClient, order: str) -> None:
    wish = {"type": "manual", "reason": "stock check"}
    assert (await client.post(f"/api/v1/orders/{order}/hold", json=wish)).status_code == 200


async def asked(client: httpx2.AsyncClient, **params: Any) -> set[str]:
    return {order["id"] for order in (await client.get("/api/v1/orders", params=params)).json()["orders"]}
