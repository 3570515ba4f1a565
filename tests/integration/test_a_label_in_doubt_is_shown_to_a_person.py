"""A label whose answer was lost is missed in time, shown at one desk, and ended there without a second being bought."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from orderloom.application.miss_labels import miss_labels
from tests.integration.test_a_label_is_bought_once import SENDER, Deaf, connect_carrier, sells_labels
from tests.support.api_hub import World, a_world

CASES = "select subject, resolved_at is null, owner from case_file where kind = 'label_missing'"


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        await connect_carrier(world, "SF01", SENDER)
        yield world


async def _doubted(world: World, client: httpx2.AsyncClient) -> str:
    """A work whose label was sold and the answer lost."""
    seller = sells_labels(world)
    seller.is_losing, seller.sold = True, Deaf()
    number = str((await client.get("/api/v1/works")).json()["works"][0]["number"])
    assert (await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})).is_success
    await world.send(8)
    return number


async def test_a_waybill_that_is_not_back_in_a_quarter_of_an_hour_is_a_case_until_it_is(world: World) -> None:
    hub = world.hub
    async with await world.client("admin") as client:
        number = await _doubted(world, client)
        assert await miss_labels(hub.ports, hub.now()) == 0 and world.rows(CASES) == []
        later = hub.now() + timedelta(minutes=16)
        assert [await miss_labels(hub.ports, later) for _ in range(2)] == [1, 1]
        assert world.rows(CASES) == [(f"{number}-1", True, "warehouse")]
        assert world.rows("select sightings from case_file where kind = 'label_missing'") == [(1,)]
        [case] = (await client.get("/api/v1/cases", params={"kind": "label_missing"})).json()["cases"]
        assert case["order_id"] and case["evidence"]["account"] == "SF01"
        said = {"label": f"{number}-1", "waybill": "SF7000000000", "evidence": "丰桥后台查到"}
        assert (await client.post(f"/api/v1/works/{number}/label/attest", json=said)).is_success
        assert await miss_labels(hub.ports, later) == 0
        assert world.rows(CASES) == [(f"{number}-1", False, "warehouse")]


async def test_a_person_enters_the_waybill_that_the_carrier_has_with_where_it_was_seen(world: World) -> None:
    async with await world.client("admin") as client:
        number = await _doubted(world, client)
        [doubt] = (await client.get("/api/v1/works/doubts")).json()["doubts"]
        assert (doubt["kind"], doubt["number"], doubt["state"], doubt["delivery_state"]) == (
            "label", f"{number}-1", "in_doubt", "parked")
        url = f"/api/v1/works/{number}/label/attest"
        said = {"label": f"{number}-1", "waybill": "sf 7000000000", "evidence": "丰桥后台查到，10:02 下单"}
        for wrong, code in (({"waybill": "无"}, "wrong_waybill"), ({"waybill": "顺丰1"}, "wrong_waybill"),
                            ({"label": "X-1"}, "not_found"), ({"evidence": " "}, "wrong_value")):
            assert (await client.post(url, json=said | wrong)).json()["code"] == code
        attested = (await client.post(url, json=said)).json()
        assert (attested["state"], attested["waybill"]) == ("bought", "SF7000000000")
        assert (await client.get("/api/v1/works/doubts")).json()["doubts"] == []
        assert (await client.post(url, json=said)).json()["code"] == "label_not_doubted"
        kept = world.rows("select kind, reason from delivery_event where kind = 'given_up'")
        assert kept == [("given_up", "SF7000000000：丰桥后台查到，10:02 下单")]
        assert world.rows("select state from label") == [("bought",)], "and no second one is bought"
        again = await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})
        assert again.json()["state"] == "bought"
    async with await world.user("warehouse", limits={"warehouse": ["*"]}) as bench:
        assert (await bench.get("/api/v1/works/doubts")).status_code == 200
        assert (await bench.post(url, json=said)).status_code == 403


async def test_asking_again_ends_the_doubt_with_what_the_carrier_has(world: World) -> None:
    async with await world.client("admin") as client:
        number = await _doubted(world, client)
        [doubt] = (await client.get("/api/v1/works/doubts")).json()["doubts"]
        seller = sells_labels(world)
        seller.sold = {f"{number}-1": "SF7000000000"}
        assert (await client.post(f"/api/v1/deliveries/{doubt['delivery']}/resend")).is_success
        await world.send()
        assert (await client.get("/api/v1/works/doubts")).json()["doubts"] == [] and len(seller.sold) == 1
