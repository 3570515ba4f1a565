"""Tables of goods and stock: a file is told before it is taken, no row is lost, and a copy comes back as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.adapters.goods_file import read_table
from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from tests.support.api_hub import World, a_world

STEPS_MAX = 50
GOODS = ("货号,品名,重量(g),尺寸,条码,分组,成本价,货品类别,备注\n"
         "T-001,茶壶,1.2kg,200×150×160,6901234567892,餐具/壶,35.50,易碎,=1+1\n"
         "T-002,茶杯,120,,,餐具/杯,abc,易碎,\n"
         "m-001,小写,1,,,,,,\n"
         "T-003,茶盘,五斤,,,,,木头,\n")


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


async def take(world: World, client: httpx2.AsyncClient, kind: str, body: bytes, **given: Any) -> dict[str, Any]:
    begun = await client.post(f"/api/v1/tables/{kind}", content=body, params=given, headers={"Idempotency-Key": "k"})
    assert begun.status_code == 202, begun.text
    return await done(world, client, begun.json())


async def done(world: World, client: httpx2.AsyncClient, begun: dict[str, Any]) -> dict[str, Any]:
    runner = Runner(world.hub, job_kinds(world.hub))
    for _ in range(STEPS_MAX):
        if not await runner.step():
            break
    (job_id,) = begun.values()
    job: dict[str, Any] = (await client.get(f"/api/v1/jobs/{job_id}")).json()
    rows = (await client.get(f"/api/v1/jobs/{job_id}/rows")).json()["rows"]
    assert job["state"] == "done", job
    return job | {"rows": rows}


async def test_a_sellers_own_file_is_read_and_its_mistakes_name_its_own_columns(world: World) -> None:
    body = GOODS.encode("gb18030")
    async with await world.client("skus:read", "skus:write") as client:
        seen = (await client.post("/api/v1/tables/skus/preview", content=body)).json()
        stopped = await client.post("/api/v1/tables/skus", content=body, headers={"Idempotency-Key": "a"})
        job = await take(world, client, "skus", body, is_partial=True)
        sku = (await client.get("/api/v1/sku", params={"code": "T-001"})).json()
        gone = await client.get("/api/v1/sku", params={"code": "T-002"})
        history = (await client.get("/api/v1/sku/history", params={"code": "T-001"})).json()["changes"]
    assert (seen["rows"], seen["fresh"], seen["known"], seen["wrong"]) == (4, 1, 0, 3)
    assert {h["heading"]: h["column"] for h in seen["headings"]}["备注"] == ""
    told = {(m["line"], m["heading"]) for m in seen["mistakes"]}
    assert told == {(3, "成本价"), (4, "货号"), (5, "重量(g)"), (5, "货品类别")}
    assert stopped.status_code == 422 and "4 处" in stopped.json()["detail"]
    assert (sku["weight_g"], sku["size_mm"], sku["category"]) == (1200, [200, 150, 160], "餐具/壶")
    assert (sku["cost"], sku["goods_class"]) == ({"minor": 3550, "currency": "CNY"}, "fragile")
    assert gone.status_code == 404 and history[0]["by"] == "token:test"
    assert [row["ref"] for row in job["rows"] if row["result"] == "refused"] == ["3", "4", "5", "5"]


async def test_a_person_says_which_column_is_meant(world: World) -> None:
    body = "\ufeff款号;货号;叫法\nX-1;X-2;甲\n".encode()
    async with await world.client("skus:read", "skus:write") as client:
        seen = (await client.post("/api/v1/tables/skus/preview", content=body, params={
            "columns": '{"款号": "code", "货号": "", "叫法": "name"}'})).json()
    assert seen["sample"] == [{"code": "X-1", "name": "甲"}]


async def test_spellings_and_bundles_come_as_tables(world: World) -> None:
    aliases = "渠道写法,商品编码,店铺,数量\n白杯,M-001,SH01,1\n两只装,M-001,,2\n无名,NOPE,,1\n".encode()
    bundles = "组合编码,组件编码,数量\nSET,M-001,2\nSET,M-002,1\n".encode()
    async with await world.client("skus:read", "skus:write") as client:
        await client.post("/api/v1/skus", json={"skus": [{"code": "SET"}]})
        seen = (await client.post("/api/v1/tables/aliases/preview", content=aliases)).json()
        await take(world, client, "aliases", aliases, is_partial=True)
        other = aliases.replace(b"M-001,SH01,1", b"M-002,SH01,1")
        clash = (await client.post("/api/v1/tables/aliases/preview", content=other)).json()
        begun = await client.post("/api/v1/tables/bundles", content=bundles, headers={"Idempotency-Key": "b"})
        await done(world, client, begun.json())
        parts = (await client.get("/api/v1/sku", params={"code": "SET"})).json()["components"]
        known = (await client.get("/api/v1/aliases")).json()["aliases"]
    assert [m["value"] for m in seen["mistakes"]] == ["NOPE"] and seen["fresh"] == 2
    assert {(a["alias"], a["account"], a["factor"]) for a in known} == {("白杯", "SH01", 1), ("两只装", None, 2)}
    assert "M-001 × 1" in clash["mistakes"][0]["zh"] and clash["mistakes"][0]["heading"] == "渠道写法"
    assert parts == {"M-001": 2, "M-002": 1}


async def test_what_is_taken_away_comes_back_as_it_is_and_reckons_nothing(world: World) -> None:
    row = {"code": "=cmd|x", "name": "=1+1", "barcodes": ["0123456789012"], "units": {"箱": 12}, "cost": 100,
           "cost_currency": "JPY", "category": "a/b", "size_mm": [1, 2, 3], "weight_g": 5}
    async with await world.client("skus:read", "skus:write") as client:
        assert (await client.post("/api/v1/skus", json={"skus": [row]})).status_code == 201
        before = (await client.get("/api/v1/sku", params={"code": "=cmd|x"})).json()
        texts = {}
        for form in ("csv", "xlsx"):
            begun = await client.post("/api/v1/tables/skus/export", params={"form": form})
            job = await done(world, client, begun.json())
            texts[form] = (await client.get(f"/api/v1/jobs/{job['id']}/file")).content
    lines = list(csv.reader(io.StringIO(texts["csv"].decode("utf-8-sig"))))
    cells = next(line for line in lines if "cmd" in line[0])
    assert cells[:2] == ["'=cmd|x", "'=1+1"] and "0123456789012\t" in cells and "100" in cells
    found = read_table(texts["xlsx"], ("code",), fields=("code", "name", "units", "barcodes")).rows
    assert before["code"] in {r.cells["code"] for r in found}
    assert {r.cells["barcodes"] for r in found} == {"", "0123456789012"}


async def test_a_stocktake_comes_as_a_table_and_counts_once(world: World) -> None:
    body = "编码,仓库,盘点数\nM-001,HZ,7\nM-002,HZ,9\n".encode()
    async with await world.client("stock:read", "stock:write") as client:
        seen = (await client.post("/api/v1/tables/stock/preview", content=body, params={"document": "PD-1"})).json()
        await take(world, client, "stock", body, document="PD-1")
        levels = (await client.get("/api/v1/stock")).json()["levels"]
        refused = await client.post("/api/v1/tables/skus/preview", content=body)
    assert (seen["rows"], seen["wrong"]) == (2, 0)
    assert {(n["sku"], n["on_hand"]) for n in levels} == {("M-001", 7), ("M-002", 9)}
    assert refused.status_code == 403
