"""The first that answers picks a work, and proves it; all others are refused, however many ask at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderloom.adapters.notary import read_public_key
from orderloom.entrypoints.cli.allocation_vouchers import judge
from tests.support.api_hub import World, a_world

ASKING = 8


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


async def test_of_many_that_answer_at_once_one_has_the_work_and_its_voucher(world: World, home: Path) -> None:
    async with await world.client("admin") as client:
        number = (await client.get("/api/v1/works")).json()["works"][0]["number"]
        url = f"/api/v1/works/{number}"
        assert (await client.get(f"{url}/voucher")).json()["code"] == "not_accepted"
        answers = await asyncio.gather(*[
            client.post(f"{url}/acceptance", json={"wave": f"W{n}"}) for n in range(ASKING)])
        assert sorted(a.status_code for a in answers) == [200] + [409] * (ASKING - 1)
        (won,) = [a.json() for a in answers if a.status_code == 200]
        lost = [a.json() for a in answers if a.status_code == 409]
        assert {one["code"] for one in lost} == {"accepted_before"}
        wave = won["voucher"]["wave"]
        assert all(wave in one["detail"] for one in lost), "who comes late is told in which wave it is"
        again = (await client.post(f"{url}/acceptance", json={"wave": wave})).json()
        assert again["voucher"]["first_at"] == won["voucher"]["first_at"]
        key = read_public_key(home)
        assert key is not None
        verdict = judge(again["jws"].encode(), key, world.hub.now())
        assert verdict.is_genuine and verdict.voucher is not None and verdict.voucher.work == number
        facts = [f["kind"] for f in (await client.get(f"/api/v1/orders/{min(world.order_ids)}")).json()["events"]]
        assert facts.count("work_accepted") == 1


async def test_who_did_not_accept_it_does_not_pick_it_until_it_is_given_back(world: World) -> None:
    async with await world.client("admin") as client, await world.user("warehouse") as other:
        number = (await client.get("/api/v1/works")).json()["works"][0]["number"]
        url = f"/api/v1/works/{number}"
        assert (await client.post(f"{url}/acceptance", json={"wave": "W1"})).status_code == 200
        refused = await other.post(f"{url}/picked", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "accepted_before")
        assert (await other.post(f"{url}/acceptance/back", json={})).json()["code"] == "accepted_before"
        assert (await other.post(f"{url}/acceptance/back", json={"reason": "漏了"})).status_code == 200
        assert (await other.post(f"{url}/picked", json={})).status_code == 200
        for wish in ({"wave": "x" * 65}, {"wave": 1}, {"by": "me"}):
            assert (await client.post(f"{url}/acceptance", json=wish)).status_code == 422


async def test_work_that_was_called_back_has_no_voucher(world: World) -> None:
    async with await world.client("admin") as client:
        work = (await client.get("/api/v1/works")).json()["works"][0]
        url = f"/api/v1/works/{work['number']}"
        assert (await client.post(f"{url}/acceptance", json={})).status_code == 200
        ended = await client.post(f"/api/v1/orders/{work['order_id']}/cancel", json={"reason": "x"})
        assert ended.status_code == 200, ended.text
        assert (await client.get(f"{url}/voucher")).json()["code"] == "work_cancelled"
        assert (await client.get("/api/v1/works/NOWHERE-1/voucher")).status_code == 404
