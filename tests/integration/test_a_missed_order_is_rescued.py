"""An order that was missed is found, picked and labelled by one call; what cannot be done is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.floor import Floor, a_floor


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        yield floor


async def _rescue(floor: Floor, order: str, status: int = 200, **wish: Any) -> Any:
    async with await floor.world.client("admin") as client:
        answer = await client.post(f"/api/v1/orders/{order}/rescue", json=wish)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_one_call_tells_the_shelf_and_has_the_order_picked_and_says_why_there_is_no_label(floor: Floor) -> None:
    await floor.put("A-01-01", 5)
    await floor.world.record(1)
    order = floor.world.order_ids[-1]
    done = await _rescue(floor, order)
    (work,) = done["works"]
    assert [(pick["place"], pick["sku"], pick["units"]) for pick in work["picks"]] == [("A-01-01", "M-001", 1)]
    assert work["wave"].startswith("W-") and work["accepted_by"]
    assert [(step["step"], step["code"]) for step in work["refused"]] == [("label", "no_label_account")]
    assert "面单" in work["refused"][0]["detail"] and " | " in work["refused"][0]["detail"]
    again = await _rescue(floor, order)
    assert [one["wave"] for one in again["works"]] == [work["wave"]], "no second wave"
    task = (await floor.ask("GET", f"/waves/{work['wave']}"))["tasks"][0]["task"]
    assert (await floor.beep("picked", task, "M-001"))["verdict"] == "right"
    assert (await _rescue(floor, order))["works"][0]["picks"] == [], "what is fetched is not asked for again"


async def test_goods_on_no_shelf_are_told_and_the_work_stays_anybodys(floor: Floor) -> None:
    await floor.world.record(1)
    (work,) = (await _rescue(floor, floor.world.order_ids[-1]))["works"]
    assert (work["wave"], work["accepted_by"]) == ("", "")
    assert [step["code"] for step in work["refused"]] == ["not_on_shelves", "no_label_account"]


async def test_an_order_that_nobody_can_send_is_refused_with_where_it_stands(floor: Floor) -> None:
    await floor.world.record(1)
    order = floor.world.order_ids[-1]
    async with await floor.world.client("admin") as client:
        assert (await client.post(f"/api/v1/orders/{order}/cancel", json={"reason": "x"})).status_code == 200
    refused = await _rescue(floor, order, 409)
    assert refused["code"] == "nothing_to_rescue" and "cancelled" in refused["detail"]
    await _rescue(floor, "NOWHERE-1", 404)
    for wish in ({"weight_g": 0}, {"weight_g": 2**63}, {"account": "x" * 3_000_000}, {"what": 1}):
        await floor.world.record(1)
        async with await floor.world.client("admin") as client:
            answer = await client.post(f"/api/v1/orders/{floor.world.order_ids[-1]}/rescue", json=wish)
        assert answer.status_code in (200, 413, 422), answer.text
        assert answer.status_code != 200 or answer.json()["works"][0]["refused"]
