"""Merging over HTTP: one label and one waybill for several orders, whoever asks at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.testing.builders import a_line
from tests.integration.test_a_label_is_bought_once import SENDER, connect_carrier, sells_labels
from tests.support.api_hub import World, a_world

LABEL = {"account": "SF01", "product": "2", "weight_g": 520}


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=4) as world:
        await connect_carrier(world, "SF01", SENDER)
        yield world


async def _works(client: httpx2.AsyncClient) -> list[str]:
    return [str(one["number"]) for one in (await client.get("/api/v1/works")).json()["works"]]


async def _merge(client: httpx2.AsyncClient, one: str, *others: str) -> Any:
    return await client.post(f"/api/v1/works/{one}/merge", json={"works": list(others)})


async def test_one_label_is_bought_for_a_merge_and_one_word_sends_it_whole(world: World) -> None:
    seller = sells_labels(world)
    async with await world.client("admin") as client:
        first, second, third, alone = await _works(client)
        merged = await _merge(client, first, second, third)
        assert merged.status_code == 200 and merged.json()["merge"]
        asked = await client.post(f"/api/v1/works/{second}/label", json=LABEL)
        assert asked.status_code in (200, 201, 202), asked.text
        for other in (first, third):
            again = (await client.post(f"/api/v1/works/{other}/label", json=LABEL)).json()
            assert (again["number"], again["is_known"]) == (f"{second}-1", True), "one label for all of them"
        refused = await client.post(f"/api/v1/works/{first}/part", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "merge_sealed")
        assert (await _merge(client, alone, first)).json()["code"] == "merge_sealed"
        await world.send(2)
        assert len(seller.bodies) == 1 and sum(one["quantity"] for one in seller.bodies[0]["lines"]) == 3
        listed = (await client.get(f"/api/v1/works/{first}/labels")).json()["labels"]
        assert [one["number"] for one in listed] == [f"{second}-1"]
        assert (await client.post(f"/api/v1/works/{third}/out", json={})).status_code == 200
        out = (await client.get("/api/v1/works", params={"state": "out"})).json()["works"]
        assert {one["number"] for one in out} == {first, second, third}
        assert {box["waybill"] for one in out for box in one["boxes"]} == {"SF7000000000"}
        assert await _works(client) == [alone]


async def test_who_merges_at_the_same_moment_makes_no_two_parcels_of_one_work(world: World) -> None:
    async with await world.client("admin") as client:
        works = await _works(client)
        pairs = [(a, b) for a in works for b in works if a < b]
        answers = await asyncio.gather(*[_merge(client, *pair) for pair in pairs])
        assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
        numbers = world.rows("select distinct merge_no from work")
        assert len(numbers) == 1 and numbers[0][0], "all of them ended in one"


async def test_who_does_not_see_a_work_does_not_merge_it_and_nonsense_is_told(world: World) -> None:
    async with await world.client("admin") as client, await world.client("works:read") as reader:
        first, second, *_ = await _works(client)
        assert (await _merge(reader, first, second)).status_code == 403
        assert (await _merge(client, first, "NOWHERE-1")).status_code == 404
        assert (await _merge(client, first, first)).json()["code"] == "merge_too_few"
        for wish in ({"works": []}, {"works": [1]}, {"works": ["x" * 61]}, {"works": ["x"] * 21}, {}):
            assert (await client.post(f"/api/v1/works/{first}/merge", json=wish)).status_code == 422
    limited = await world.user("warehouse", {"warehouses": ["ELSEWHERE"]})
    async with limited:
        assert (await _merge(limited, first, second)).status_code == 404


async def test_a_work_is_split_over_two_parcels_and_nonsense_is_told(world: World) -> None:
    async with await world.client("admin") as client:
        (order,) = await world.record(1, total=30_000, paid=30_000, lines=(a_line(quantity=3),))
        number = world.rows(f"select number from work where order_id = '{order}'")[0][0]
        url = f"/api/v1/works/{number}/split"
        for units, code in (({"M-001": 3}, "split_all"), ({"M-001": 4}, "wrong_units"), ({"X": 1}, "wrong_units")):
            answer = await client.post(url, json={"units": units})
            assert (answer.status_code, answer.json()["code"]) == (409, code), answer.text
        for wish in ({"units": {}}, {"units": {"M-001": 0}}, {"units": {"M-001": 2**63}}, {}):
            assert (await client.post(url, json=wish)).status_code == 422
        done = (await client.post(url, json={"units": {"M-001": 1}, "reason": "太重"})).json()
        assert len(done["works"]) == 2 and number not in done["works"]
        assert (await client.post(url, json={"units": {"M-001": 1}})).json()["code"] == "work_cancelled"
