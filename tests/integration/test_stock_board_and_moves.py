"""What people see of stock and do to it: the short stand in front, a preview is what happens, nothing counts twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.publishing import publish_stock
from orderloom.application.find_leaks import find_leaks
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        async with world.hub.pool.connection() as connection, connection.transaction():
            await connection.execute("insert into warehouse (code, name, province) values ('GZ', '广州仓', '广东省')")
            await connection.execute("insert into sku (code, name) values ('SET', '套装')")
            await connection.execute("insert into sku_component select b.id, c.id, 2 from sku b, sku c "
                                     "where b.code = 'SET' and c.code = 'M-001'")
            await bump(connection)
        yield world


def wish(act: str, quantity: int, **more: Any) -> dict[str, Any]:
    line = {"sku": more.pop("sku", "M-001"), "warehouse": more.pop("warehouse", "HZ"), "quantity": quantity}
    return {"act": act, "reason": "测试", "lines": [line | more]}


async def send(client: httpx2.AsyncClient, asked: dict[str, Any], key: str = "k-1") -> httpx2.Response:
    return await client.post("/api/v1/stock/moves", json=asked, headers={"Idempotency-Key": key})


async def equation(client: httpx2.AsyncClient, sku: str = "M-001") -> dict[str, Any]:
    answer = await client.get("/api/v1/stock/sku", params={"sku": sku})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_preview_says_what_happens_and_a_transfer_is_two_lines_of_one_cause(world: World) -> None:
    asked = wish("transfer", 400, to="GZ")
    async with await world.client("stock:read", "stock:write") as client:
        seen = (await client.post("/api/v1/stock/moves/preview", json=asked)).json()
        assert seen["counts"] == {"done": 1, "refused": 0}
        assert [(s["warehouse"], s["before"]["on_hand"], s["after"]["on_hand"]) for s in seen["stock"]] == [
            ("HZ", 1_000, 600), ("GZ", 0, 400)]
        assert (await equation(client))["row"]["total"]["on_hand"] == 1_000  # looking changed nothing
        done = [await send(client, asked | {"token": seen["token"]}) for _ in range(2)]
        page = await equation(client)
        moved = (await client.get("/api/v1/stock/movements", params={"sku": "M-001"})).json()["movements"]
    assert [d.status_code for d in done] == [201, 201] and [d.json()["is_known"] for d in done] == [False, True]
    assert {n["warehouse"]: n["figures"]["on_hand"] for n in page["row"]["levels"]} == {"HZ": 600, "GZ": 400}
    two = [m for m in moved if m["kind"].startswith("transfer")]
    assert {m["on_hand"] for m in two} == {-400, 400} and len({m["cause"] for m in two}) == 1


async def test_a_transfer_takes_no_unit_that_an_order_was_promised(world: World) -> None:
    async with await world.client("stock:read", "stock:write") as client:
        too_much = await send(client, wish("transfer", 998, to="GZ"))
        nowhere = await send(client, wish("transfer", 1, to="HZ"), "k-2")
        enough = await send(client, wish("transfer", 997, to="GZ"), "k-3")
    assert (too_much.status_code, too_much.json()["code"]) == (409, "not_free")
    assert too_much.json()["facts"]["movable"] == "997"
    assert nowhere.json()["code"] == "same_place" and enough.status_code == 201


async def test_what_was_seen_before_another_moved_it_is_not_booked(world: World) -> None:
    asked = wish("stocktake", 990)
    async with await world.client("stock:read", "stock:write") as client:
        seen = (await client.post("/api/v1/stock/moves/preview", json=asked)).json()
        await world.record(1)  # an order takes a unit: what was seen still holds
        await send(client, wish("adjust", -5), "other")
        stale = await send(client, asked | {"token": seen["token"]})
        anew = (await client.post("/api/v1/stock/moves/preview", json=asked)).json()
        done = await send(client, asked | {"token": anew["token"]}, "k-2")
    assert (stale.status_code, stale.json()["code"]) == (409, "preview_stale")
    assert anew["stock"][0]["before"]["on_hand"] == 995 and done.status_code == 201


async def test_one_bad_line_stops_all_unless_the_others_are_wanted(world: World) -> None:
    asked = wish("adjust", -2)
    asked["lines"] += [{"sku": "NOPE", "warehouse": "HZ", "quantity": 1},
                       {"sku": "M-002", "warehouse": "HZ", "quantity": -1}]
    async with await world.client("stock:read", "stock:write") as client:
        stopped = await send(client, asked)
        before = (await equation(client))["row"]["total"]["on_hand"]
        partly = await send(client, asked | {"is_partial": True}, "k-2")
        again = await send(client, asked | {"is_partial": True}, "k-2")
        after = (await equation(client))["row"]["total"]["on_hand"]
    assert stopped.json()["code"] == "rows_refused"
    assert stopped.json()["facts"] == {"2": "unknown_sku", "3": "below_zero"}
    assert (before, after) == (1_000, 998)
    assert partly.json()["booked"] == 1 and [r["line"] for r in partly.json()["rows"]] == [2, 3]
    assert again.json()["is_known"] and again.json()["booked"] == 1


async def test_protected_and_frozen_units_are_not_sold_and_channels_are_told(world: World) -> None:
    async with world.hub.pool.connection() as connection:
        await publish_stock(connection, await world.hub.directory(), world.hub.now())
        await connection.execute("update channel_listing set state = 'listed'")
        await connection.execute(
            "insert into channel_listing (account_id, sku_external, state, looked_at, ids) "
            "select id, 'M-001', 'listed', now(), '{\"v\": 1}' from account where code = 'SH01'")
    async with await world.client("stock:read", "stock:write") as client:
        seen = (await client.post("/api/v1/stock/moves/preview", json=wish("protect", 100))).json()
        shown = {(s["account"], s["sku"]): (s["before"], s["after"]) for s in seen["shown"]}
        assert shown["SH01", "M-001"] == (997, 897) and seen["tells"]["SH01"] >= 1
        assert (await send(client, wish("protect", 100))).status_code == 201
        assert (await send(client, wish("freeze", 50), "k-2")).status_code == 201
        assert (await send(client, wish("thaw", 51), "k-3")).json()["code"] == "below_zero"
        assert (await send(client, wish("freeze", 951), "k-4")).json()["code"] == "below_zero"
        total = (await equation(client))["row"]["total"]
        list_ = (await client.get("/api/v1/stock/shown", params={"sku": "M-001"})).json()["shown"]
    assert total == {"on_hand": 1_000, "reserved": 0, "allocated": 3, "safety": 100, "frozen": 50, "available": 847,
                     "set_aside": 0}
    one = next(s for s in list_ if s["account"] == "SH01")
    assert (one["now"], one["told"], one["why"]) == (847, None, "not_yet")
    assert next(s for s in list_ if s["account"] == "XLS")["why"] == "takes_no_stock"


async def test_who_is_short_stands_in_front_and_everything_is_found(world: World) -> None:
    async with world.hub.pool.connection() as connection, connection.transaction():
        await connection.execute("insert into sku (code, name) select 'A-' || lpad(n::text, 3, '0'), '杯' || n "
                                 "from generate_series(1, 60) n")
        await connection.execute(
            "insert into sku_alias (alias, sku_id) select 'ALT-9', id from sku where code = 'A-009'")
        await bump(connection)
    async with await world.client("stock:read", "stock:write") as client:
        await send(client, wish("stocktake", 1))
        found: list[str] = []
        cursor = ""
        while True:
            page = (await client.get("/api/v1/stock/skus", params={"limit": 25, "cursor": cursor})).json()
            found += [row["sku"] for row in page["rows"]]
            cursor = page["next"] or ""
            if not cursor:
                break
        first = (await client.get("/api/v1/stock/skus", params={"limit": 1})).json()["rows"][0]
        over = (await client.get("/api/v1/stock/skus", params={"state": "oversold"})).json()["rows"]
        named = (await client.get("/api/v1/stock/skus", params={"q": "alt-"})).json()["rows"]
        exact = (await client.get("/api/v1/stock/skus", params={"q": "ALT-9"})).json()["rows"]
        text = (await client.get("/api/v1/stock/skus", params={"q": "杯12"})).json()["rows"]
        there = (await client.get("/api/v1/stock/skus", params={"warehouse": "HZ"})).json()["rows"]
        none = (await client.get("/api/v1/stock/skus", params={"state": "sold_out", "q": "杯", "limit": 200})).json()
    assert found[0] == "M-001" and len(found) == len(set(found)) == 63
    assert found[1:] == sorted(found[1:])
    assert (first["trouble"], first["total"]["available"], first["levels"][0]["is_oversold"]) == ("oversold", -2, True)
    assert [r["sku"] for r in over] == ["M-001"] == [r["sku"] for r in there]
    assert named == [] and [r["sku"] for r in exact] == ["A-009"] and [r["sku"] for r in text] == ["A-012"]
    assert len(none["rows"]) == 60


async def test_units_that_are_bound_for_nobody_are_a_case_and_stay_bound(world: World) -> None:
    assert await find_leaks(world.hub.ports, world.hub.now()) == 0
    async with world.hub.pool.connection() as connection:
        await connection.execute("update stock_level set reserved = reserved + 4")
        await connection.execute("update orders set is_cancelled = true where id = %s", (world.order_ids[0],))
        await connection.execute("update work set state = 'cancelled' where order_id = %s", (world.order_ids[0],))
    assert await find_leaks(world.hub.ports, world.hub.now()) == 2
    async with await world.client("stock:read", "cases:read") as client:
        leaks = (await client.get("/api/v1/stock/leaks")).json()["leaks"]
        page = await equation(client)
        cases = (await client.get("/api/v1/cases", params={"kind": "stock_leaked"})).json()["cases"]
    assert {(leak["why"], leak["quantity"]) for leak in leaks} == {("not_held", 4), ("order_cancelled", 1)}
    assert page["leaks"] == leaks and page["row"]["total"]["allocated"] == 3
    assert [case["subject"] for case in cases] == ["M-001@HZ"]
    async with world.hub.pool.connection() as connection:
        await connection.execute("update stock_level set reserved = reserved - 4")
        await connection.execute("update orders set is_cancelled = false")
    assert await find_leaks(world.hub.ports, world.hub.now()) == 0
    async with await world.client("cases:read") as client:
        page = (await client.get("/api/v1/cases", params={"kind": "stock_leaked", "state": "open"})).json()
    assert page["cases"] == []


async def test_how_soon_a_sale_leaves_the_other_shelves_is_told_and_measured(world: World) -> None:
    async with world.hub.pool.connection() as connection:
        await connection.execute(
            "insert into sale_shown select a.id, date_trunc('hour', now()), b, n, 0, 10, 20, 300, 400, b, s.id, a.id,"
            " array[0, 10, 20, 300, 400] from account a, sku s, (values (1000, 98), (20000, 1), (0, 1)) as v (b, n)"
            " where a.code = 'SH01' and s.code = 'M-001'")
    async with await world.client("stock:read") as client:
        (shop,) = (await client.get("/api/v1/stock/reach")).json()["shops"]
        wrong = await client.get("/api/v1/stock/reach", params={"hours": 0})
    async with await world.client() as client:
        metrics = (await client.get("/metrics")).text
    assert (shop["account"], shop["timed"], shop["late"]) == ("SH01", 100, 2)
    assert (shop["p50_ms"], shop["p99_ms"], shop["step"], shop["worst"]["step"]) == (1_000, 20_000, "answer", "answer")
    assert wrong.status_code == 422
    assert 'orderloom_sale_shown_seconds{account="SH01",quantile="0.99"} 20.0' in metrics
    assert 'orderloom_sale_shown{account="SH01"} 100.0' in metrics
