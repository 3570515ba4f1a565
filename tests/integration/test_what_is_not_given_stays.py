"""Goods, spellings, warehouses, accounts: nothing is wiped by leaving it out, or waits once its cause is mended."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_cli_answers import Cli, _json, cli

from orderloom.application.commands import StateStock
from orderloom.domain.draft import StockFigure, StockReport
from tests.support.api_hub import TEST, World, a_world, csv_file

__all__ = ["cli"]


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database) as world:
        yield world


def _warehouse(cli: Cli, code: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = _json(cli("warehouse", "list", "--json"))
    return next(w for w in found if w["code"] == code)


def _connect(cli: Cli, *words: str) -> Any:
    secret = "--set=upload_token=open-sesame"
    return _json(cli("connect", "files", "--code", "FL01", secret, *words, "--json"))


def test_a_warehouse_keeps_its_name_province_and_system_when_only_its_priority_is_given(cli: Cli) -> None:
    _connect(cli)
    words = ("--name", "广州仓", "--province", "广东", "--account", "FL01", "--serves", "广东省,HK")
    assert _json(cli("warehouse", "add", "GZ", *words, "--json")) == {"warehouse": "GZ", "is_new": True}
    before = _warehouse(cli, "GZ")
    assert before["province"] == "广东省" and before["serves"] == ["广东省", "HK"]
    assert _json(cli("warehouse", "add", "GZ", "--priority", "5", "--json"))["is_new"] is False
    assert _warehouse(cli, "GZ") == before | {"priority": 5}
    assert cli("warehouse", "add", "GZ", "--account", "")[0] == 0
    assert _warehouse(cli, "GZ") == before | {"priority": 5, "account": None}
    assert cli("warehouse", "disable", "GZ")[0] == 0 and cli("warehouse", "add", "GZ", "--name", "南仓")[0] == 0
    assert (_warehouse(cli, "GZ")["is_active"], _warehouse(cli, "GZ")["name"]) == (False, "南仓")


def test_a_sku_and_an_account_keep_what_a_second_telling_leaves_out(cli: Cli, database: str) -> None:
    assert cli("sku", "add", "A-1", "--name", "马克杯", "--unit", "件", "--units", "箱=12;托=480")[0] == 0
    assert cli("sku", "add", "A-1", "--units", "箱=24;托=0")[0] == 0
    kept = {"code": "A-1", "name": "马克杯", "unit": "件", "kind": "goods", "is_active": True, "hs_code": ""}
    assert kept.items() <= _json(cli("sku", "list", "A-1", "--json"))[0].items()
    assert cli("sku", "add", "A-1", "--kind", "service")[0] == 0 and cli("sku", "add", "A-1", "--unit", "次")[0] == 0
    assert _json(cli("sku", "list", "A-1", "--json"))[0]["kind"] == "service"
    assert cli("sku", "add", "A-1", "--kind", "air")[0] != 0
    assert cli("sku", "add", "A-1", "--kind", "goods", "--unit", "件")[0] == 0
    with psycopg.connect(database) as connection:
        assert connection.execute("select unit, factor from sku_unit").fetchall() == [("箱", 24)]
    _connect(cli, "--title", "上传", "--zone", "Europe/Paris", "--setting", "settle_seconds=7")
    assert cli("accounts", "disable", "FL01")[0] == 0
    assert _json(cli("connect", "files", "--code", "FL01", "--setting", "default_currency=EUR", "--json"))["is_kept"]
    account = _json(cli("accounts", "list", "--json"))["accounts"][0]
    assert (account["title"], account["zone"], account["is_active"]) == ("上传", "Europe/Paris", False)
    with psycopg.connect(database) as connection:
        settings = connection.execute("select settings from account").fetchone()
    assert settings is not None and (settings[0]["settle_seconds"], settings[0]["default_currency"]) == (7, "EUR")


@pytest.mark.parametrize("words", [
    ("sku", "add", ""), ("sku", "add", " "), ("sku", "add", "A 1"), ("sku", "add", "A\u200b1"), ("sku", "add", "A\n"),
    ("sku", "add", "x" * 65), ("sku", "add", "A-1", "--name", "a\x00b"), ("sku", "add", "A-1", "--components", "Z=1"),
    ("warehouse", "add", ""), ("warehouse", "add", "G Z"), ("warehouse", "add", "GZ", "--province", "广冬"),
    ("warehouse", "add", "GZ", "--country", "china"), ("warehouse", "add", "GZ", "--serves", "火星"),
    ("warehouse", "add", "GZ", "--account", "NONE"), ("alias", "add", " ", "A-1"), ("alias", "add", "a", "NONE"),
    ("alias", "add", "\u202eA", "A-1"), ("alias", "remove", "never told"), ("warehouse", "disable", "GZ"),
    ("sku", "disable", "NONE"), ("sku", "add", "A\x00B"), ("sku", "add", "A\udcff"), ("sku", "disable", "A\x00"),
    ("alias", "add", "a", "A\x00"), ("alias", "list", "--sku", "A\x00"), ("stock", "receive", "A\x00", "HZ", "1"),
], ids=lambda words: " ".join(words).encode("unicode_escape").decode()[:40])
def test_a_code_that_nobody_could_type_again_is_refused_in_words(cli: Cli, words: tuple[str, ...]) -> None:
    code, _, said = cli(*words)
    assert code in (1, 2) and any("\u4e00" <= c <= "\u9fff" for c in said) and "Internal" not in said
    assert _json(cli("sku", "list", "--json")) == [] == _json(cli("warehouse", "list", "--json"))


def test_orders_that_wait_for_a_code_go_on_when_it_is_added_and_their_case_closes(cli: Cli, tmp_path: Path) -> None:
    _connect(cli)
    file = tmp_path / "orders.csv"
    file.write_bytes(csv_file("NEW-1"))
    assert json.loads(cli("import", str(file), "--json")[1])["outcomes"] == {"parked": 1}
    assert [c["kind"] for c in _json(cli("cases", "--json"))["cases"]] == ["unknown_sku"]
    assert _json(cli("sku", "add", "NEW-1", "--json")) == {"added": 1, "updated": 0, "released": 1}
    cli("import", str(file))
    cli("replay", "--parked")
    assert len(_json(cli("orders", "--json"))["orders"]) == 1
    assert _json(cli("cases", "--kind", "unknown_sku", "--json"))["cases"] == []


def test_a_spelling_means_one_thing_until_it_is_replaced_and_what_is_removed_leaves_orders_alone(cli: Cli) -> None:
    for code in ("A-1", "B-1"):
        assert cli("sku", "add", code)[0] == 0
    assert _json(cli("alias", "add", "杯子", "A-1", "--json"))["is_new"] is True
    assert _json(cli("alias", "add", "杯子", "A-1", "--json"))["is_new"] is False
    assert [a["alias"] for a in _json(cli("alias", "list", "--sku", "A-1", "--json"))["aliases"]] == ["杯子"]
    assert _json(cli("alias", "list", "--sku", "B-1", "--json"))["aliases"] == []
    code, _, said = cli("alias", "add", "杯子", "B-1")
    assert code == 1 and "A-1" in said and "--replace" in said
    assert cli("alias", "add", "杯子", "B-1", "--replace")[0] == 0
    assert cli("sku", "remove", "B-1")[0] == 1 and cli("sku", "remove", "A-1")[0] == 0
    assert cli("alias", "remove", "杯子")[0] == 0 and cli("sku", "remove", "B-1")[0] == 0
    assert _json(cli("sku", "list", "--json")) == []


async def test_the_api_keeps_goods_and_warehouses_as_the_command_line_does(world: World) -> None:
    async with await world.client("admin") as client:
        taken = await client.post("/api/v1/files/XLS", params={"name": "a.csv"}, content=csv_file("NEW-1"))
        assert taken.status_code == 201
        await world.work()
        wrong = await client.post("/api/v1/skus", json={"skus": [{"code": "NEW-1"}, {"code": "a b"}]})
        kept = await client.post("/api/v1/skus", json={"skus": [{"code": "NEW-1", "name": "新品"}]})
        assert (wrong.status_code, kept.json()) == (422, {"added": 1, "updated": 0, "released": 1})
        await world.work()
        assert (await client.get("/api/v1/cases", params={"kind": "unknown_sku"})).json()["cases"] == []
        assert len((await client.get("/api/v1/orders", params={"account": "XLS"})).json()["orders"]) == 1
        await client.post("/api/v1/skus", json={"skus": [{"code": "NEW-1", "unit": "件"}]})
        sku = (await client.get("/api/v1/skus", params={"prefix": "NEW"})).json()["skus"][0]
        kept = {"code": "NEW-1", "name": "新品", "unit": "件", "kind": "goods", "is_active": True, "hs_code": ""}
        assert kept.items() <= sku.items()
        assert (await client.post("/api/v1/skus/remove", json={"code": "NEW-1"})).status_code == 409
        gone = await client.post("/api/v1/skus/disable", json={"code": "NEW-1"})
        assert gone.json()["is_active"] is False
        house = {"code": "HZ", "priority": 7}
        assert (await client.post("/api/v1/warehouses", json=house)).json() == {"warehouse": "HZ", "is_new": False}
        found = (await client.get("/api/v1/warehouses")).json()["warehouses"][0]
        assert (found["name"], found["province"], found["priority"]) == ("杭州仓", "浙江省", 7)
        refused = await client.post("/api/v1/warehouses", json={"code": "GZ", "province": "广冬"})
        assert refused.status_code == 422 and "广东" in refused.json()["detail"]
        assert (await client.post("/api/v1/warehouses/disable", json={"code": "HZ"})).json()["is_active"] is False
        assert (await client.post("/api/v1/warehouses/enable", json={"code": "NO"})).status_code == 404


async def test_messages_of_a_switched_off_account_wait_and_go_on_when_it_is_on_again(world: World) -> None:
    async with await world.client("admin") as client:
        await client.post("/api/v1/files/XLS", params={"name": "a.csv"}, content=csv_file("M-001"))
        off = await client.post("/api/v1/accounts/XLS/disable")
        assert off.status_code == 200, off.text
        await world.work()
        waiting = (await client.get("/api/v1/messages", params={"outcome": "parked"})).json()["messages"]
        assert [m["reason"] for m in waiting] == ["account_unwell"]
        assert (await client.post("/api/v1/files/XLS", content=csv_file("M-001"))).status_code == 409
        assert (await client.post("/api/v1/accounts/XLS/enable")).json()["released"] == 1
        await world.work()
        assert len((await client.get("/api/v1/orders", params={"account": "XLS"})).json()["orders"]) == 1
        assert (await client.get("/api/v1/cases", params={"kind": "account_unwell"})).json()["cases"] == []
        await client.post("/api/v1/accounts/XLS/disable")
        order = (await client.get("/api/v1/orders", params={"account": "XLS"})).json()["orders"][0]
        cancelled = await client.post(f"/api/v1/orders/{order['number']}/cancel", json={"reason": "x"})
        assert cancelled.status_code == 200, cancelled.text


@pytest.mark.parametrize("spelling", ["杯子\u3000红", "x" * 128])
async def test_a_spelling_is_understood_as_orders_spell_it_at_whatever_length(world: World, spelling: str) -> None:
    async with await world.client("admin") as client:
        await client.post("/api/v1/files/XLS", params={"name": "a.csv"}, content=csv_file(spelling))
        await world.work()
        assert (await client.post("/api/v1/aliases", json={"alias": spelling, "sku": "M-001"})).json()["released"] == 1


async def test_the_case_of_a_figure_for_an_unknown_code_closes_once_the_code_is_known(world: World) -> None:
    account = (await world.hub.directory()).account_by_code("SH01")
    assert account is not None
    figure = StockFigure("HZ", "NEW-9", 5, "physical", world.hub.now())
    stated = StateStock(actor=TEST, account_id=account.id, report=StockReport((figure,)))
    async with await world.client("admin") as client:
        await world.hub.handle([stated])
        query = {"kind": "stock_figure_unknown"}
        assert len((await client.get("/api/v1/cases", params=query)).json()["cases"]) == 1
        await client.post("/api/v1/skus", json={"skus": [{"code": "NEW-9"}]})
        await world.hub.handle([stated])
        assert (await client.get("/api/v1/cases", params=query)).json()["cases"] == []
