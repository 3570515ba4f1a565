"""The master data of goods: nothing is lost when two edit at once, every change is known, twins and slips are shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.api_hub import World, a_world

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


async def get(client: httpx2.AsyncClient, path: str, **given: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/{path}", params=given)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_sku_is_described_and_every_change_is_known(world: World) -> None:
    asked = {"code": "M-001", "name_en": "Mug", "category": "餐具/杯子", "goods_class": "fragile", "weight_g": 350,
             "size_mm": [90, 90, 110], "cost": 1250, "cost_currency": "CNY", "shelf_life_days": 0, "has_lots": True,
             "barcodes": ["6901234567892", "6901234567890"], "units": {"箱": 12}, "tax_class": "standard"}
    async with await world.client("stock:read", "skus:write") as client:
        done = await client.patch("/api/v1/sku", json=asked, headers={"If-Match": '"1"'})
        assert done.status_code == 200, done.text
        stale = await client.patch("/api/v1/sku", json={"code": "M-001", "name": "杯"}, headers={"If-Match": '"1"'})
        left = await client.patch("/api/v1/sku", json={"code": "M-001", "weight_g": 0, "cost_currency": ""})
        view = await get(client, "sku", code="M-001")
        history = (await get(client, "sku/history", code="M-001"))["changes"]
        listed = (await get(client, "skus", q="690123456789"))["skus"]
        groups = {g["name"]: g for g in (await get(client, "goods/groups"))["groups"]}
        grouped = (await get(client, "stock/skus", category=groups["餐具"]["id"]))["rows"]
    assert done.json()["cost"] == {"minor": 1250, "currency": "CNY"} and done.headers["ETag"] == '"2"'
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile") and left.status_code == 200
    assert (view["name"], view["category"], view["size_mm"]) == ("马克杯", "餐具/杯子", [90, 90, 110])
    assert (view["weight_g"], view["cost"], view["version"]) == (0, None, 3)
    assert [b["doubt"] != "" for b in view["barcodes"]] == [True, False]
    assert history[0]["changes"]["weight_g"] == [350, 0] and history[1]["changes"]["goods_class"] == ["", "fragile"]
    assert {h["by"] for h in history} == {"token:test"}
    assert [one["code"] for one in listed] == ["M-001"] == [row["sku"] for row in grouped]


async def test_what_cannot_be_is_refused_and_named(world: World) -> None:
    wrong = [{"goods_class": "ghost"}, {"weight_g": -1}, {"cost": 5}, {"cost": 1, "cost_currency": "XXQ"},
             {"barcodes": ["a b"]}, {"size_mm": [1, 2, 100_001]}, {"category": "a//b"}, {"tax_class": "no"}]
    async with await world.client("skus:read", "skus:write") as client:
        answers = [await client.patch("/api/v1/sku", json={"code": "M-001", **one}) for one in wrong]
        nobody = await client.patch("/api/v1/sku", json={"code": "NOPE", "name": "x"})
        await client.patch("/api/v1/sku", json={"code": "M-001", "barcodes": ["12345"]})
        taken = await client.patch("/api/v1/sku", json={"code": "M-002", "barcodes": ["12345"]})
        moved = await client.post("/api/v1/skus", json={"skus": [
            {"code": "M-001", "barcodes": []}, {"code": "M-002", "barcodes": ["12345"]}]})
    assert [a.status_code in (404, 422) for a in answers] == [True] * len(wrong), [a.text for a in answers]
    assert nobody.status_code == 404 and moved.status_code == 201
    assert (taken.status_code, taken.json()["code"]) == (409, "already_there") and "M-001" in taken.json()["detail"]


async def test_codes_that_look_alike_are_told_at_once_and_listed_until_somebody_looked(world: World) -> None:
    codes = ["MO-001", "A-10", "A-lO", "B_7", "B7", "C-1", "C-11"]
    async with await world.client("skus:read", "skus:write") as client:
        kept = await client.post("/api/v1/skus", json={"skus": [{"code": code} for code in codes]})
        found = (await get(client, "skus/twins"))["groups"]
        one = await get(client, "sku", code="M-001")
        await client.post("/api/v1/skus/twins/apart", json={"codes": ["M-001", "MO-001"]})
        left = (await get(client, "skus/twins"))["groups"]
    doubts = {d["code"] for d in kept.json()["doubts"]}
    assert doubts == {"MO-001", "A-10", "A-lO", "B_7", "B7"}
    assert [{s["code"] for s in g["skus"]} for g in found] == [{"A-10", "A-lO"}, {"B_7", "B7"}, {"M-001", "MO-001"}]
    assert one["twins"] == ["MO-001"] and len(left) == 2


async def test_a_picture_is_a_picture_and_does_nothing_else(world: World) -> None:
    async with await world.client("skus:read", "skus:write") as client:
        svg = await client.put("/api/v1/sku/picture", params={"code": "M-001"}, content=b"<svg onload='x'/>")
        big = await client.put("/api/v1/sku/picture", params={"code": "M-001"}, content=PNG + b"0" * (5 << 20))
        put = await client.put("/api/v1/sku/picture", params={"code": "M-001"}, files={"file": ("a.svg", PNG)})
        seen = await client.get("/api/v1/sku/picture", params={"code": "M-001"})
        same = await client.get("/api/v1/sku/picture", params={"code": "M-001"},
                                headers={"If-None-Match": seen.headers["ETag"]})
        history = (await get(client, "sku/history", code="M-001"))["changes"]
    async with await world.client("orders:read") as stranger:
        refused = await stranger.get("/api/v1/sku/picture", params={"code": "M-001"})
    assert (svg.status_code, big.status_code, put.status_code, refused.status_code) == (422, 413, 200, 403)
    assert seen.content == PNG and seen.headers["content-type"] == "image/png" and same.status_code == 304
    assert seen.headers["x-content-type-options"] == "nosniff" and "sandbox" in seen.headers["content-security-policy"]
    assert list(history[0]["changes"]) == ["picture"]


async def test_who_may_not_see_costs_sees_none_anywhere(world: World) -> None:
    async with await world.client("skus:read", "skus:write") as client:
        await client.patch("/api/v1/sku", json={"code": "M-001", "cost": 990, "cost_currency": "CNY"})
    async with await world.user("service") as service:
        view = await get(service, "sku", code="M-001")
        history = await get(service, "sku/history", code="M-001")
        listed = await service.get("/api/v1/skus")
    assert view["cost"] is None and view["is_cost_hidden"] and history["changes"] == []
    assert "990" not in listed.text


async def test_groups_keep_their_goods_and_stand_in_no_circle(world: World) -> None:
    async with await world.client("skus:read", "skus:write") as client:
        async def add(name: str, parent: int | None = None) -> int:
            answer = await client.post("/api/v1/goods/groups", json={"name": name, "parent": parent})
            assert answer.status_code == 201, answer.text
            return int(answer.json()["id"])

        top = await add("家居")
        inner = await add("餐具", top)
        circle = await client.put(f"/api/v1/goods/groups/{top}", json={"name": "家居", "parent": inner})
        twice = await client.post("/api/v1/goods/groups", json={"name": "餐具", "parent": top})
        await client.patch("/api/v1/sku", json={"code": "M-001", "category": "家居/餐具"})
        full = await client.delete(f"/api/v1/goods/groups/{inner}")
        await client.put(f"/api/v1/goods/groups/{inner}", json={"name": "杯盘", "parent": None})
        view = await get(client, "sku", code="M-001")
        gone = await client.delete(f"/api/v1/goods/groups/{top}")
    assert (circle.status_code, twice.json()["code"], full.json()["code"]) == (422, "already_there", "in_use")
    assert view["category"] == "杯盘" and gone.status_code == 200
