"""Works that leave in one parcel are waved, packed and sent as one: none of them stays behind on the floor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.testing.proof import prove
from tests.integration.test_a_label_is_bought_once import SENDER, connect_carrier, sells_labels
from tests.support.floor import Floor, a_floor


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        yield floor


async def _merged(floor: Floor, orders: int, merged: int) -> list[str]:
    """Numbers of the works of so many orders, the last ones of them merged."""
    await floor.world.record(orders)
    works = [row[0] for row in floor.world.rows("select number from work order by order_id")]
    first, *others = works[-merged:]
    answer = await floor.by.post(f"/api/v1/works/{first}/merge", json={"works": others})
    assert answer.status_code == 200, answer.text
    return works


async def _plan(floor: Floor, status: int = 201, works: tuple[str, ...] = (), **rule: Any) -> Any:
    return await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": rule, "works": list(works)}, status=status)


async def test_a_merge_goes_from_shelf_to_door_in_one_box_under_one_waybill(floor: Floor) -> None:
    await floor.put("A-01-01", 9)
    await connect_carrier(floor.world, "SF01", SENDER)
    seller = sells_labels(floor.world)
    alone, one, two = await _merged(floor, 3, 2)
    wave = await _plan(floor, kind="cluster")
    slots = {w["work"]: w["slot"] for w in wave["works"]}
    assert slots[one] == slots[two] != slots[alone], "one slot of the cart is one parcel"
    for task in wave["tasks"]:
        assert (await floor.beep("picked", task["task"], "M-001"))["verdict"] == "right"
    first = await floor.beep("packed", one, "M-001")
    assert (first["reason"], first["particulars"]) == ("box_closed", {"label": "parcel_open", "works": two})
    assert (await floor.beep("out", one, "SF1", carrier="shunfeng"))["reason"] == "not_packed"
    last = await floor.beep("packed", one, "M-001")
    assert (last["verdict"], last["box"]["work"]) == ("right", two), "the same box wants the goods of both"
    assert last["particulars"]["label"] == "asked"
    await floor.world.send(2)
    assert len(seller.bodies) == 1 and len(seller.bodies[0]["lines"]) == 2
    out = await floor.beep("out", one, one)
    assert (out["verdict"], out["reason"]) == ("right", "out"), out
    assert (await floor.beep("out", two, two))["verdict"] == "over"
    assert floor.world.rows("select state, count(*) from work group by 1 order by 1") == [
        ("handed_over", 2), ("picking", 1)]
    assert floor.world.rows("select count(distinct parcel_id), count(distinct order_id) from parcel_item") == [(1, 2)]
    assert await floor.lies("PACK") == {} and await prove(floor.world.hub) == []


async def test_a_wave_takes_all_of_a_merge_or_none(floor: Floor) -> None:
    await floor.put("A-01-01", 9)
    works = await _merged(floor, 4, 3)
    small = await _plan(floor, orders_max=2)
    assert [w["work"] for w in small["works"]] == works[:1], "three do not fit beside one"
    named = await _plan(floor, works=(works[2],))
    assert {w["work"] for w in named["works"]} == set(works[1:]), "who names one has all of its parcel"


async def test_a_merge_of_which_shelves_lack_something_stays_out_whole(floor: Floor) -> None:
    await floor.put("A-01-01", 1)
    works = await _merged(floor, 3, 2)
    wave = await _plan(floor)
    assert [w["work"] for w in wave["works"]] == works[:1]
    assert len(wave["tasks"]) == 1 and await prove(floor.world.hub) == []
