"""The last right scan closes the box and has its label printed at that bench: once, in under a second when the number
is there, and by people who see no buyer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.testing.proof import prove
from tests.integration.test_a_label_is_bought_once import SENDER, Seller, connect_carrier, sells_labels
from tests.support.floor import Floor, a_floor

JOBS = ("select j.state, p.name, j.about[1], j.made_by from print_job j join printer p on p.id = j.printer_id"
        " order by j.id")


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        await floor.put("A-01-01", 50)
        yield floor


async def _seller(floor: Floor) -> Seller:
    await connect_carrier(floor.world, "SF01", SENDER)
    wish = {"warehouse": "HZ", "station": "1", "size": "76x130", "is_automatic": True}
    assert (await floor.by.put("/api/v1/print/printers/PACK-1", json=wish)).is_success
    return sells_labels(floor.world)


async def _picked(floor: Floor, orders: int) -> Any:
    """A wave whose works are all in the tote."""
    await floor.world.record(orders)
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {"kind": "cluster"}}, status=201)
    for task in wave["tasks"]:
        assert (await floor.beep("picked", task["task"], "M-001"))["verdict"] == "right"
    return wave


async def test_a_label_that_is_there_is_in_the_queue_with_the_last_scan(floor: Floor) -> None:
    seller = await _seller(floor)
    wave = await _picked(floor, 3)
    bought = await floor.ask("POST", f"/waves/{wave['number']}/labels")
    assert (bought["asked"], bought["known"], bought["refused"]) == (3, 0, [])
    await floor.world.send(3)
    assert (await floor.ask("POST", f"/waves/{wave['number']}/labels"))["known"] == 3 and len(seller.sold) == 3
    assert floor.world.rows(JOBS) == [], "in advance nothing is printed"
    began = time.perf_counter()
    last = await floor.beep("packed", wave["number"], "M-001", station="1")
    print(f"\nfrom the last scan to the queued label: {(time.perf_counter() - began) * 1_000:.0f} ms")
    assert (last["reason"], last["particulars"]["label"], last["particulars"]["printer"]) == (
        "box_closed", "printing", "PACK-1")
    assert floor.world.rows(JOBS) == [("queued", "PACK-1", last["box"]["work"], "user:administrator-user")]
    assert (await floor.beep("packed", last["box"]["work"], "M-001", station="1"))["reason"] == "box_closed"
    elsewhere = await floor.beep("packed", wave["number"], "M-001", station="9")
    assert elsewhere["particulars"]["label"] == "no_printer" and len(floor.world.rows(JOBS)) == 1
    listed = (await floor.ask("GET", "/list", warehouse="HZ"))
    assert listed["stations"] == ["1"]
    assert {one["label"] for one in listed["waves"][0]["works"]} == {"bought"}
    assert await prove(floor.world.hub) == []


async def test_a_box_without_a_label_asks_for_one_and_it_is_printed_where_the_box_was_closed(floor: Floor) -> None:
    seller = await _seller(floor)
    wave = await _picked(floor, 2)
    first = await floor.beep("packed", wave["number"], "M-001", station="1")
    assert first["particulars"] == {"label": "asked"}
    await floor.world.send(2)
    assert [row[:3] for row in floor.world.rows(JOBS)] == [("queued", "PACK-1", first["box"]["work"])]
    seller.refusal = "area"
    second = await floor.beep("packed", wave["number"], "M-001", station="1")
    await floor.world.send(2)
    assert second["particulars"] == {"label": "asked"} and len(seller.sold) == 1 and len(floor.world.rows(JOBS)) == 1
    assert floor.world.rows("select state from label order by 1") == [("bought",), ("refused",)]
    out = await floor.beep("out", "", first["box"]["work"])
    assert (out["verdict"], out["reason"]) == ("right", "out")
    assert await prove(floor.world.hub) == []


async def test_a_box_closes_where_nobody_sells_labels_and_says_so(floor: Floor) -> None:
    wave = await _picked(floor, 1)
    closed = await floor.beep("packed", wave["number"], "M-001", station="1")
    assert (closed["verdict"], closed["reason"], closed["particulars"]) == (
        "right", "box_closed", {"label": "no_label_account"})


async def test_who_packs_sees_no_buyer(floor: Floor) -> None:
    await _seller(floor)
    wave = await _picked(floor, 1)
    by = floor.by
    receiver = (await by.get("/api/v1/works")).json()["works"][0]["receiver"]["name"]
    async with await floor.world.user("picker", {"warehouse": ["HZ"]}) as packer:
        floor.by = packer
        closed = await floor.beep("packed", wave["number"], "M-001", station="1")
        assert closed["particulars"] == {"label": "asked"}, "the box asks, not who packs it"
        listed = await packer.get("/api/v1/floor/list", params={"warehouse": "HZ"})
        works = await packer.get("/api/v1/works")
        refused = [await packer.get(f"/api/v1/works/{closed['box']['work']}/paper", params={"paper": "label"},
                                    headers={"X-Unmask-Reason": "pack"}),
                   await packer.get("/api/v1/orders"), await packer.get("/api/v1/skus")]
        assert [one.status_code for one in refused] == [403, 403, 403], [one.text for one in refused]
    for text in (listed.text, works.text):
        assert receiver not in text and "phone" not in listed.text
    floor.by = by
