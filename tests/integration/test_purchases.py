"""Goods are bought in time, come in once, and go to who waits for them; a supplier sees their own and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orderloom.application.watch_purchases import watch_purchases
from orderloom.bootstrap.auditing import verify_all, verify_chains
from orderloom.testing.builders import a_line
from tests.support.documents import Shop, a_shop
from tests.support.purchases import Buyer
from tests.support.rights import operations, place

ONE = {"sku": "M-001", "minimum": 50, "pack": 24, "cost": 1_300, "currency": "CNY"}
TWO = {"sku": "M-002", "cost": 900, "currency": "CNY"}


@pytest.fixture
async def shop(home: Path, database: str) -> AsyncIterator[Shop]:
    async with a_shop(home, database) as shop:
        yield shop


@pytest.fixture
async def buyer(shop: Shop) -> Buyer:
    return Buyer((await shop.person("operations")).client)


def sold(shop: Shop, units: int, sku: str = "M-001", *, hours: int = 30, in_bundles: int = 0) -> None:
    """So many units were sold some hours ago."""
    with psycopg.connect(shop.world.dsn) as connection:
        connection.execute(
            "insert into sales_hour select s.id, date_trunc('hour', %s::timestamptz), a.id, 0, %s, %s"
            " from sku s, account a where s.code = %s and a.code = 'SH01'",
            (shop.world.hub.now() - timedelta(hours=hours), units, in_bundles, sku))


async def test_a_suggestion_says_why_and_ends_when_the_goods_are_ordered(shop: Shop, buyer: Buyer) -> None:
    await buyer.keep("EAST", ONE, lead_days=14)
    assert (await buyer.get("/suggestions"))["suggestions"] == []
    sold(shop, 2_000)
    sold(shop, 340, hours=40, in_bundles=60)
    sold(shop, 9_999, hours=24 * 8)
    [found] = (await buyer.get("/suggestions"))["suggestions"]
    # point 2400 x 3 / 7 = 1028.6; 14 days until goods come = 4800
    assert {name: found[name] for name in (
        "sku", "supplier", "on_hand", "position", "sold", "point", "target", "missing", "minimum", "pack", "quantity",
        "days_left")} == {"sku": "M-001", "supplier": "EAST", "on_hand": 1_000, "position": 1_000, "sold": 2_400,
                          "point": 1_029, "target": 5_829, "missing": 4_829, "minimum": 50, "pack": 24,
                          "quantity": 4_848, "days_left": 2}
    ticket = await buyer.draft(("M-001", found["quantity"]))
    [drafted] = (await buyer.get("/suggestions"))["suggestions"]
    assert drafted["drafted"] == 4_848 and drafted["on_purchase"] == 0
    await buyer.act(ticket["number"], "order")
    assert (await buyer.get("/suggestions"))["suggestions"] == []
    assert (await buyer.get("/suggestions", supplier="WEST"))["count"] == 0


async def test_a_ticket_comes_in_parts_once_each_and_its_audit_is_whole(
    shop: Shop, buyer: Buyer, database: str,
) -> None:
    await buyer.keep("EAST", ONE, TWO)
    made = [await buyer.draft(("M-001", 48), ("M-002", 10), key="d") for _ in range(2)]
    number = made[0]["number"]
    assert made[0] == made[1] and number.startswith("P-") and made[0]["state"] == "draft"
    assert (made[0]["amount"], made[0]["currency"]) == (48 * 1_300 + 10 * 900, "CNY")
    keeper = Buyer((await shop.person("warehouse")).client)
    assert (await keeper.receive(number, 5, status=409))["code"] == "purchase_state"
    done = await buyer.act(number, "order")
    assert done["state"] == "ordered" and done["promised_on"] == done["promised_first"]
    await buyer.act(number, "ship", {"waybill": "SF123"})
    twice = [await keeper.receive(number, 40, 10, key="r1") for _ in range(2)]
    assert twice[0] == twice[1] and twice[0]["state"] == "in_transit" and shop.level()[0] == 1_040
    assert twice[0]["lines"][0]["cost"] is None, "who receives sees no cost"
    at_once = await asyncio.gather(*[keeper.client.post(
        f"/api/v1/purchasing/tickets/{number}/receive", json={"came": [{"line": 1, "units": 10}]},
        headers={"Idempotency-Key": "r2"}) for _ in range(4)])
    assert {answer.status_code for answer in at_once} == {200}
    ended = await buyer.get(f"/tickets/{number}")
    assert ended["state"] == "received" and ended["may"] == [] and shop.level()[0] == 1_050
    assert [(x["received"], x["found"], x["rest"]) for x in ended["lines"]] == [(48, 2, 0), (10, 0, 0)]
    ledger = f"select kind, cause, on_hand from stock_movement where cause like '{number}/%' order by 2, 1"
    assert shop.world.rows(ledger) == [
        ("receive", f"{number}/1/1", 40), ("adjust", f"{number}/1/2", 2), ("receive", f"{number}/1/2", 8),
        ("receive", f"{number}/2/1", 10)]
    assert shop.world.rows("select kind, subject from case_file") == [("purchase_surplus", number)]
    with psycopg.connect(database) as connection:
        connection.execute("update purchase_line set received = 47 where received = 48")
    settings = shop.world.hub.settings
    report = await verify_chains(settings, database, lambda done, of: None)
    await verify_all(settings, database, report, lambda done, of: None)
    assert [(f.table, f.field) for f in report.faults] == [("purchase_ticket", "lines")]


async def test_goods_that_come_go_to_the_orders_and_presales_that_wait(shop: Shop, buyer: Buyer) -> None:
    await buyer.keep("EAST", TWO)
    lines = [{"sku": "M-002", "warehouse": "HZ", "quantity": 5}]
    presale = {"lines": lines, "reason": "预售", "promised_on": "2036-01-01"}
    planned = await buyer.client.post("/api/v1/stock/quotas", json=presale, headers={"Idempotency-Key": "q"})
    assert planned.status_code == 201, planned.text
    [order] = await shop.world.record(1, lines=(a_line("M-002", 2),), total=20_000, paid=20_000)
    state = f"select stage, is_short from orders where id = '{order}'"
    assert shop.world.rows(state) == [("presale", True)]
    [need] = (await buyer.get("/suggestions"))["suggestions"]
    assert (need["waiting"], need["missing"], need["quantity"]) == (2, 2, 2)
    number = (await buyer.draft(("M-002", 2)))["number"]
    await buyer.act(number, "order")
    await buyer.receive(number, 2)
    assert shop.world.rows(state)[0][1] is False
    held = f"select kind, state, quantity from stock_hold where order_id = '{order}' order by hold_no"
    assert shop.world.rows(held) == [("presale", "consumed", 2), ("allocation", "active", 2)]


@pytest.mark.parametrize("wish, code", [
    ({"supplier": "NONE"}, "unknown_supplier"), ({"warehouse": "X"}, "unknown_warehouse"),
    ({"lines": []}, "wrong_value"), ({"reason": " "}, "wrong_value"),
    ({"lines": [{"sku": "M-001", "quantity": 0}]}, "wrong_value"),
    ({"lines": [{"sku": "M-001", "quantity": -1}]}, "wrong_value"),
    ({"lines": [{"sku": "M-001", "quantity": 2**63}]}, "wrong_value"),
    ({"lines": [{"sku": "X", "quantity": 1}]}, "unknown_sku"),
    ({"lines": [{"sku": "M-002", "quantity": 1}]}, "not_supplied"),
    ({"lines": [{"sku": "M-001", "quantity": 1}] * 2}, "purchase_twice"),
    ({"lines": [{"sku": "M-001", "quantity": 10**9, "cost": 10**9}]}, "purchase_too_dear"),
])
async def test_a_ticket_that_cannot_be_is_refused_with_its_line(
    shop: Shop, buyer: Buyer, wish: dict[str, Any], code: str,
) -> None:
    await buyer.keep("EAST", ONE)
    asked = {"supplier": "EAST", "warehouse": "HZ", "reason": "补货", "lines": [{"sku": "M-001", "quantity": 1}]} | wish
    answer = await buyer.client.post("/api/v1/purchasing/tickets", json=asked, headers={"Idempotency-Key": "x"})
    assert 400 <= answer.status_code < 500 and answer.json()["code"] == code, answer.text
    assert shop.world.rows("select count(*) from subject") == [(0,)]


@pytest.mark.parametrize("path, body, code", [
    ("/suppliers", {"code": "two words"}, "wrong_value"), ("/suppliers", {"code": "east"}, "already_there"),
    ("/suppliers", {"code": "W", "lead_days": 366}, "wrong_value"), ("/suppliers", {"code": "W" * 300}, "wrong_value"),
    ("/supplies", {"supplies": [ONE | {"supplier": "W"}]}, "not_found"),
    ("/supplies", {"supplies": [{"supplier": "EAST", "sku": "X"}]}, "not_found"),
    ("/supplies", {"supplies": [{"supplier": "EAST", "sku": "M-002", "cost": 5}]}, "wrong_value"),
    ("/supplies", {"supplies": [{"supplier": "EAST", "sku": "M-002", "pack": 0}]}, "wrong_value"),
    ("/supplies", {"supplies": [ONE | {"supplier": "EAST", "currency": "ZZZ"}]}, "not_found"),
])
async def test_a_supplier_that_cannot_be_kept_is_refused(buyer: Buyer, path: str, body: Any, code: str) -> None:
    await buyer.keep("EAST", ONE)
    before = await buyer.get("/supplies")
    answer = await buyer.client.put(f"/api/v1/purchasing{path}", json=body)
    assert 400 <= answer.status_code < 500 and answer.json()["code"] == code, answer.text
    assert await buyer.get("/supplies") == before


async def test_a_need_is_told_once_a_day_and_a_late_ticket_until_it_comes(shop: Shop, buyer: Buyer) -> None:
    hub, at = shop.world.hub, shop.world.hub.now()
    sold(shop, 7_000)
    assert await watch_purchases(hub.ports, at) == 0, "nobody is known who brings it"
    await buyer.keep("EAST", ONE)
    cases = "select kind, subject, resolved_at is null from case_file order by opened_at, kind"
    for minutes in (0, 60):
        assert await watch_purchases(hub.ports, at + timedelta(minutes=minutes)) == 1
    assert shop.world.rows(cases) == [("replenish", "M-001", True)]
    number = (await buyer.draft(("M-001", 9_600)))["number"]
    await buyer.act(number, "order")
    await watch_purchases(hub.ports, at + timedelta(minutes=90))
    assert shop.world.rows(cases) == [("replenish", "M-001", False)]
    await buyer.act(number, "close", {"reason": "x"})
    await watch_purchases(hub.ports, at + timedelta(hours=3))
    assert shop.world.rows(cases) == [("replenish", "M-001", False)], "told once that day"
    await watch_purchases(hub.ports, at + timedelta(hours=26))
    assert [row[0] for row in shop.world.rows(cases)] == ["replenish", "replenish"]
    late = (await buyer.draft(("M-001", 24)))["number"]
    await buyer.act(late, "order")
    await watch_purchases(hub.ports, at + timedelta(days=9))
    assert ("purchase_late", late, True) in shop.world.rows(cases)
    await buyer.receive(late, 24)
    assert ("purchase_late", late, False) in shop.world.rows(cases)


async def test_a_supplier_sees_their_own_goods_and_tickets_and_no_other_route_lets_them_in(
    shop: Shop, buyer: Buyer,
) -> None:
    await buyer.keep("EAST", ONE)
    await buyer.keep("WEST", ONE, TWO)
    sold(shop, 70)
    numbers = {name: (await buyer.draft((sku, 48), supplier=name))["number"]
               for name, sku in (("EAST", "M-001"), ("WEST", "M-002"))}
    await buyer.draft(("M-001", 96))
    for number in numbers.values():
        await buyer.act(number, "order")
    supplier = Buyer((await shop.person("supplier", {"supplier": ["EAST"]})).client)
    [row] = (await supplier.get("/vmi"))["skus"]
    assert (row["sku"], row["supplier"], row["on_hand"], row["sold_7_days"], row["mean_hundredths"], row["point"]) == (
        "M-001", "EAST", 1_000, 70, 1_000, 30)
    assert (await supplier.get("/vmi", supplier="WEST"))["skus"] == []
    [ticket] = (await supplier.get("/vmi/tickets"))["tickets"]
    assert ticket["number"] == numbers["EAST"] and [x["sku"] for x in ticket["lines"]] == ["M-001"]
    told = (await supplier.client.get("/api/v1/purchasing/vmi/tickets")).text
    assert not [word for word in ("补货", "operations", "WEST", "1300", "cost") if word in told]
    nobody = await shop.person("picker", {"supplier": ["EAST"], "warehouse": ["*"]})
    assert (await nobody.client.get("/api/v1/purchasing/vmi")).status_code == 403
    for one in operations(shop.world.app):
        if one.is_open or not one.of_people or one.path.startswith("/api/v1/purchasing/vmi"):
            continue
        answer = await supplier.client.request(one.method, place(one.path, {"purchase": numbers["EAST"]}), json={})
        assert answer.status_code in (403, 404), (one.method, one.path, answer.status_code)


async def test_who_is_limited_to_a_supplier_buys_of_no_other(shop: Shop, buyer: Buyer) -> None:
    await buyer.keep("EAST", ONE)
    await buyer.keep("WEST", ONE, TWO)
    west = (await buyer.draft(("M-001", 24), supplier="WEST"))["number"]
    own = Buyer((await shop.person("purchaser", {"supplier": ["EAST"]})).client)
    assert [one["code"] for one in (await own.get("/suppliers"))["suppliers"]] == ["EAST"]
    assert [one["supplier"] for one in (await own.get("/supplies"))["supplies"]] == ["EAST"]
    assert (await own.get("/tickets"))["tickets"] == [] and (await own.get(f"/tickets/{west}", 404))
    await own.act(west, "order", status=404)
    assert (await own.draft(("M-001", 24), supplier="WEST", status=404))["code"] == "unknown_supplier"
    await own.put("/suppliers", {"code": "EAST", "name": "x"}, 403)
    made = await own.draft(("M-001", 24))
    assert made["lines"][0]["cost"] == 1_300
    keeper = Buyer((await shop.person("warehouse", {"warehouse": ["GZ"]})).client)
    assert (await keeper.get("/tickets"))["tickets"] == []
    assert (await keeper.get("/suggestions", 403))["code"] == "limited_rows"
