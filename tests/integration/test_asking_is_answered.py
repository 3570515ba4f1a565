"""Asking for orders and lists: a slip of the pen is told, a channel's number is enough, words are in one's language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from test_cli_answers import Cli, _json, cli

from tests.support.api_hub import World, a_world, csv_file

__all__ = ["cli"]


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


@pytest.mark.parametrize("path", [
    "orders?phase=redy", "orders?stage=piad", "orders?payment=payed", "orders?channel=shopyfy",
    "orders?account=SH99", "cases?kind=unknown_skus", "cases?owner=boss", "stock?sku=M-0001", "stock?warehouse=MARS",
    "stock/movements?kind=recieve", "deliveries?kind=wrok", "deliveries?account=NONE", "messages?reason=unknwon_sku",
    "messages?account=NONE", "aliases?sku=NONE",
])
async def test_a_filter_that_nobody_knows_is_no_empty_list(world: World, path: str) -> None:
    async with await world.client("admin") as client:
        answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 422 and answer.json()["code"] == "wrong_value", answer.text
    name, value = path.partition("?")[2].split("=")
    assert answer.json()["detail"].startswith(name) and value in answer.json()["detail"]
    assert "known: " in answer.json()["detail"]


async def test_a_filter_that_is_known_is_answered(world: World) -> None:
    async with await world.client("admin") as client:
        for path in ("orders?phase=ready", "orders?stage=completed", "orders?payment=in_doubt",
                     "orders?channel=taobao", "cases?kind=unknown_sku&owner=finance",
                     "stock/movements?kind=receive", "deliveries?kind=work",
                     "messages?reason=unknown_sku"):
            assert (await client.get(f"/api/v1/{path}")).status_code == 200, path


async def test_the_channels_own_number_leads_to_its_order_and_to_a_choice_when_there_are_two(world: World) -> None:
    async with await world.client("admin") as client:
        first = (await client.get("/api/v1/orders")).json()["orders"][0]
        found = await client.get(f"/api/v1/orders/{first['external_id']}")
        assert found.json()["order"]["number"] == first["number"], found.text
        held = await client.post(f"/api/v1/orders/{first['external_id']}/hold", json={"type": "manual", "reason": "x"})
        assert held.json() == {"order_id": first["id"]}
        shared = csv_file("M-001").replace(b"OFF1", first["external_id"].encode())
        assert (await client.post("/api/v1/files/XLS", params={"name": "a.csv"}, content=shared)).status_code == 201
        await world.work()
        both = await client.get(f"/api/v1/orders/{first['external_id']}")
        assert both.status_code == 409 and both.json()["code"] == "ambiguous"
        assert set(both.json()["facts"].values()) == {"SH01", "XLS"} and first["number"] in both.json()["facts"]
        assert (await client.get("/api/v1/orders/NOBODY-HAS-IT")).status_code == 404


async def test_the_number_that_the_buyer_knows_is_kept_searched_and_leads_to_the_order(world: World) -> None:
    made = (await world.record(1, external_number="#1003"))[0]
    await world.publish()
    async with await world.client("admin") as client:
        for text in ("#1003", "1003"):
            found = (await client.get("/api/v1/orders", params={"q": text})).json()["orders"]
            assert [row["id"] for row in found] == [made], text
        for text in ("%231003", "1003"):
            order = (await client.get(f"/api/v1/orders/{text}")).json()["order"]
            assert (order["id"], order["external_number"]) == (made, "#1003")


def test_the_command_line_tells_a_slip_of_the_pen_and_speaks_ones_language(cli: Cli, tmp_path: Path) -> None:
    assert cli("connect", "files", "--code", "FL01")[0] == 0
    for words in (("orders", "--phase", "redy"), ("orders", "--stage", "x"), ("orders", "--account", "x"),
                  ("cases", "--kind", "x"), ("cases", "--owner", "x"), ("stock", "levels", "x"),
                  ("deliveries", "list", "--kind", "x"), ("messages", "list", "--outcome", "x"),
                  ("messages", "list", "--reason", "x"), ("accounts", "list", "--family", "x"),
                  ("alias", "list", "--sku", "x")):
        code, _, said = cli(*words)
        assert code == 2 and "可用" in said and "known" in said, words
    file = tmp_path / "orders.csv"
    file.write_bytes(csv_file("NEW-1"))
    cli("import", str(file))
    both, zh, en = cli("cases")[1], cli("cases", "--lang", "zh")[1], cli("cases", "--lang", "en")[1]
    assert "商品编码未登记" in both and "SKU is not known" in both
    assert "商品编码未登记" in zh and "运营" in zh and "SKU is not known" not in zh
    assert "SKU is not known" in en and "商品编码未登记" not in en
    assert "搁置" in cli("status", "--lang", "zh")[1] and "异常单" in cli("status", "--lang", "zh")[1]
    cli("sku", "add", "NEW-1")
    cli("replay", "--parked")
    cli("import", str(file))
    order = _json(cli("orders", "--json"))["orders"][0]
    zh, en = cli("orders", "--lang", "zh")[1], cli("orders", "--lang", "en")[1]
    assert order["phase"] == "blocked" and "受阻" in zh and "缺货" in zh and "Blocked" in en and "Short of stock" in en
    assert "受阻" in cli("show", order["external_id"], "--lang", "zh")[1]
