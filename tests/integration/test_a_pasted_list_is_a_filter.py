"""A pasted list of numbers is a filter as any other: exact, of what is seen, and the missing ones are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from orderloom.application.queries.order_filter import OrderFilter, conditions
from orderloom.application.queries.orders import SQL
from orderloom.application.queries.sql import where
from orderloom.domain.draft import Receiver
from tests.support.api_hub import World, a_world

PARCEL = """
with p as (insert into parcel (id, carrier, waybill, state, shipped_at, heard_at)
    values (gen_random_uuid(), 'SF', 'sf 1234567', 'in_transit', now(), now()) returning id)
insert into parcel_item (order_id, parcel_no, work_seq, line_no, sku_id, quantity, parcel_id)
select '{order}', 1, 1, 1, 1, 1, id from p"""
OF_SICHUAN = Receiver(name="王小明", phone="19912345678", country="CN", province="四川省", city="成都市", district="",
                      detail="一号", postcode="")
HOSTILE = ("'", "' or 1=1 --", "%", "_", "%(numbered)s", "{where}", "\\", "EXT-0000_", "EXT-0000%", "ext-00000", "\x00",
           "$1", "null", "EXT-0000", "$$", "x'::uuid")


async def asked(client: httpx2.AsyncClient, numbers: str, **params: Any) -> dict[str, Any]:
    answer = await client.get("/api/v1/orders", params={"numbers": numbers, **params})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(page: dict[str, Any]) -> set[str]:
    return {order["id"] for order in page["orders"]}


def numbered(world: World) -> dict[str, str]:
    return dict(world.rows("select id::text, number from orders"))


def ship(world: World, order: str) -> None:
    with psycopg.connect(world.dsn, autocommit=True) as connection:
        connection.execute(PARCEL.format(order=order).encode())


async def test_numbers_of_every_kind_find_their_orders_and_the_missing_are_named(home: Path, database: str) -> None:
    async with a_world(home, database, orders=5) as world, await world.client("orders:read") as client:
        one, two, three, four, _ = world.order_ids
        ship(world, three)
        text = f"{numbered(world)[one].lower()}，EXT-00001\nNO-1, SF1234567 {four};no-2、EXT-00001"
        page = await asked(client, text)
        assert (ids(page), page["missing"]) == ({one, two, three, four}, ["NO-1", "no-2"])
        assert (await asked(client, "EXT-00004"))["missing"] == []
        nothing = await asked(client, "NO-1")
        assert (nothing["orders"], nothing["missing"], nothing["emptied_by"]) == ([], ["NO-1"], ["numbers"])
        assert len((await asked(client, ""))["orders"]) == 5


async def test_numbers_hold_together_with_other_filters_sorts_and_pages(home: Path, database: str) -> None:
    async with a_world(home, database, orders=6) as world, await world.client("admin") as client:
        text = "\n".join([f"EXT-{n:05}" for n in range(5)] + ["NO-1"])
        await client.post(f"/api/v1/orders/{world.order_ids[0]}/hold", json={"reason": "wait", "type": "manual"})
        held = await asked(client, text, phase="held")
        assert (ids(held), held["missing"]) == ({world.order_ids[0]}, ["NO-1"]), "what does not fit is not missing"
        assert len((await asked(client, "", q="m-001"))["orders"]) == 6
        for q, count in (("m-001", 5), ("EXT-00005", 0), ("EXT-00001", 1), ("zzqxzzqx", 0)):
            for sort in ("-recorded", "amount"):
                assert len((await asked(client, text, q=q, sort=sort))["orders"]) == count, (q, sort)
        assert len((await asked(client, text, id=world.order_ids[3:]))["orders"]) == 2
        assert len((await asked(client, text, tag="none"))["orders"]) == 0
        for sort in ("-recorded", "recorded", "-placed", "number", "-amount"):
            seen, cursor = [], ""
            while cursor is not None:
                page = await asked(client, text, sort=sort, limit=2, cursor=cursor)
                assert page["missing"] == ["NO-1"]
                seen += [order["id"] for order in page["orders"]]
                cursor = page["next"]
            assert sorted(seen) == sorted(world.order_ids[:5]), sort


async def test_who_does_not_see_an_order_learns_nothing_of_its_number(home: Path, database: str) -> None:
    async with a_world(home, database, orders=1) as world:
        (seen,) = world.order_ids
        (hidden,) = await world.record(1, receiver=OF_SICHUAN)
        await world.publish()
        ship(world, hidden)
        numbers = numbered(world)
        text = f"{numbers[seen]} {numbers[hidden]} EXT-00001 SF1234567 {hidden} NO-1"
        limits = {"region": ["浙江省"], "warehouse": ["*"]}
        async with await world.user("operations", limits=limits) as client:
            page = await asked(client, text)
            assert ids(page) == {seen}
            assert page["missing"] == [numbers[hidden], "EXT-00001", "SF1234567", hidden, "NO-1"]
            body = {"numbers": text.split()}
            assert (await client.post("/api/v1/orders/by-numbers", json=body)).json()["missing"] == page["missing"]


async def test_too_much_and_nothing_are_refused_and_texts_are_texts(home: Path, database: str) -> None:
    async with a_world(home, database, orders=2) as world, await world.client("admin") as client:
        many = ",".join([f"N{n}" for n in range(201)])
        for text in (many, "x" * 65, ",,\n", "8 " * 20_001, "7" * 60_000):
            answer = await client.get("/api/v1/orders", params={"numbers": text})
            assert (answer.status_code, answer.json()["code"]) == (422, "wrong_value"), text[:20]
            assert "numbers" in answer.json()["detail"] and len(answer.content) < 1_000
        for text in HOSTILE:
            page = await client.get("/api/v1/orders", params={"numbers": f"NO-1 {text}"})
            assert page.status_code == 200 and page.json()["orders"] == [], text
        chosen = {"query": {"numbers": "5 " * 1_500_000}, "as_of": world.hub.now().isoformat()}
        body = {"verb": "hold", "reason": "wait", "filter": chosen}
        assert (await client.post("/api/v1/orders/bulk/preview", json=body)).status_code in (413, 422)


async def test_views_exports_and_what_is_done_to_many_take_the_numbers(home: Path, database: str) -> None:
    async with a_world(home, database, orders=3) as world, await world.client("admin") as client:
        query = {"numbers": "EXT-00000\nEXT-00001 NO-1"}
        filter_ = {"query": query, "as_of": world.hub.now().isoformat()}
        body = {"verb": "hold", "reason": "wait", "filter": filter_}
        assert (await client.post("/api/v1/orders/bulk/preview", json=body)).json()["row_count"] == 2
        wrong = {**body, "filter": {**filter_, "query": {"numbers": ",".join(map(str, range(201)))}}}
        assert (await client.post("/api/v1/orders/bulk/preview", json=wrong)).status_code == 422
        export = {"query": query, "columns": ["number"], "form": "csv"}
        assert (await client.post("/api/v1/orders/export", json=export)).status_code in (200, 202)
        async with await world.user("operations") as person:
            made = await person.post("/api/v1/views", json={"name": "补发", "query": query})
            assert made.status_code in (200, 201), made.text
            assert (await person.get("/api/v1/counts")).json()["views"][made.json()["id"]] == 2


async def test_numbers_are_read_by_indexes_alone(home: Path, database: str) -> None:
    async with a_world(home, database, orders=3) as world, world.hub.pool.connection() as connection:
        values: dict[str, Any] = {}
        wanted = OrderFilter(numbers=("EXT-00000", "NO-1"), tags=("a",), phases=("ready",))
        parts = await conditions(connection, wanted, values, is_newest=True)
        refs = {"refs": ["a", "b"], "ids": [world.order_ids[0]], "hashed": ["#a"], "waybills": ["A", "B"]}
        asked = [(SQL[name], refs) for name in ("ids_of", "ids_of_external", "ids_of_waybills")]
        await connection.execute("set local enable_seqscan = off")
        for query, given in [*asked, (f"select id from orders where {where(parts)} order by id desc limit 51", values)]:
            rows = await (await connection.execute(f"explain {query}".encode(), given)).fetchall()
            plan = "\n".join([row[0] for row in rows])
            assert "Seq Scan on orders" not in plan and "Seq Scan on parcel" not in plan, plan
            assert "Disabled" not in plan.replace("Disabled: false", ""), plan


@pytest.mark.parametrize("count", [200])
async def test_buyers_numbers_of_many_shops_lose_none(home: Path, database: str, count: int) -> None:
    async with a_world(home, database, orders=2) as world, await world.client("orders:read") as client:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("update orders set external_number = '#1001'")
        page = await asked(client, " ".join(["#1001", *[f"N{n}" for n in range(count - 1)]]))
        assert ids(page) == set(world.order_ids) and len(page["missing"]) == count - 1
        assert ids(await asked(client, "1001")) == set(world.order_ids)
