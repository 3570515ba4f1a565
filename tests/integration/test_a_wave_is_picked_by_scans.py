"""A wave from shelf to door: every beep counts once, what is short is told, and nothing leaves that may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.commands import CancelOrder, ReleaseHold
from orderloom.application.floor.tend_waves import tend_waves
from orderloom.application.verify import Report
from orderloom.application.work_commands import AcceptWork
from orderloom.bootstrap.auditing import verify_all, verify_chains
from orderloom.domain.actor import person
from orderloom.testing.proof import prove
from tests.support.floor import Floor, a_floor


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        yield floor


async def _wave(floor: Floor, orders: int = 1, **rule: Any) -> Any:
    await floor.world.record(orders)
    return await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": rule}, status=201)


async def test_from_the_dock_to_the_door(floor: Floor) -> None:
    goods = {"warehouse": "HZ", "reason": "到货", "lines": [{"sku": "M-001", "quantity": 9}]}
    await floor.ask("POST", "/receive", goods, status=201)
    assert (await floor.beep("put_away", "A-02-01", "M-001", 9))["verdict"] == "right"
    assert await floor.lies("DOCK") == {} and await floor.lies("A-02-01") == {("M-001", ""): 9}
    wave = await _wave(floor, 2, kind="cluster")
    assert (wave["number"][:2], wave["state"], [w["slot"] for w in wave["works"]]) == ("W-", "released", [1, 2])
    one, two = wave["tasks"]
    assert (one["place"], one["quantity"], one["task"]) == ("A-02-01", 1, f"{wave['number']}/1")
    picked = await floor.beep("picked", one["task"], "M-001")
    assert (picked["verdict"], picked["task"]["rest"], picked["box"]["picked"]) == ("right", 0, 1)
    assert (await floor.beep("picked", one["task"], "M-001"))["verdict"] == "over"
    assert (await floor.beep("picked", two["task"], "nothing"))["verdict"] == "unknown"
    assert (await floor.beep("packed", two["work"], "M-001"))["reason"] == "not_picked"
    assert (await floor.beep("out", one["work"], one["work"]))["reason"] == "not_packed"
    packed = await floor.beep("packed", one["work"], "M-001")
    assert (packed["verdict"], packed["reason"], packed["box"]["is_boxed"]) == ("right", "box_closed", True)
    assert floor.world.rows(f"select state from work where number = '{one['work']}'") == [("packed",)]
    lacks = await floor.beep("out", one["work"], one["work"])
    assert (lacks["verdict"], lacks["particulars"]) == ("refused", {"lacks": "waybill"})
    left = await floor.beep("out", one["work"], "SF1234567890", carrier="shunfeng")
    assert (left["verdict"], left["reason"]) == ("right", "out")
    assert (await floor.beep("out", one["work"], "SF1234567890", carrier="shunfeng"))["verdict"] == "over"
    assert floor.world.rows("select on_hand, allocated from stock_level") == [(1_008, 1)]
    for action, subject in (("picked", two["task"]), ("packed", two["work"])):
        assert (await floor.beep(action, subject, "M-001"))["verdict"] == "right"
    assert (await floor.ask("GET", f"/waves/{wave['number']}"))["state"] == "closed"
    assert await floor.lies("PACK") == {("M-001", ""): 1} and await floor.not_placed() == 1_000
    listed = await floor.ask("GET", "/list", warehouse="HZ")
    assert [w["number"] for w in listed["waves"]] == [wave["number"]], "a closed box is not out yet"
    assert (await floor.beep("out", two["work"], "SF1234567891", carrier="shunfeng"))["verdict"] == "right"
    assert await prove(floor.world.hub) == []


async def test_a_batch_that_is_sent_again_is_told_the_same_and_a_gap_is_seen(floor: Floor) -> None:
    await floor.put("A-01-01", 5)
    task = (await _wave(floor))["tasks"][0]["task"]
    scans = [floor.scan("picked", task, "M-001") for _ in range(3)]
    first = await floor.send(scans[0], scans[2])
    assert [one["verdict"] for one in first["scans"]] == ["right", "over"] and first["contiguous"] == 1
    again = await floor.send(*scans)
    assert [one["verdict"] for one in again["scans"]] == ["right", "over", "over"] and again["contiguous"] == 3
    assert [one["is_known"] for one in again["scans"]] == [True, False, True]
    stolen = await floor.send(scans[0] | {"device": "T2"}, device="T2")
    assert stolen["scans"][0]["reason"] == "id_used"
    other = floor.scan("picked", task, "M-001") | {"seq": 1}
    assert (await floor.send(other))["scans"][0]["reason"] == "seq_used"
    assert floor.world.rows("select count(*) from scan") == [(3,)]
    assert await prove(floor.world.hub) == []


async def test_two_terminals_that_scan_the_last_unit_lose_no_scan_and_one_is_told_over(floor: Floor) -> None:
    await floor.put("A-01-01", 40)
    wave = await _wave(floor, 8)
    beeps = [floor.scan("picked", task["task"], "M-001", device=device)
             for task in wave["tasks"] for device in ("T1", "T2")]
    told = await asyncio.gather(*[floor.send(*[b for b in beeps if b["device"] == device], device=device)
                                  for device in ("T1", "T2")])
    verdicts = [one["verdict"] for answer in told for one in answer["scans"]]
    assert sorted(verdicts) == ["over"] * 8 + ["right"] * 8
    assert [answer["contiguous"] for answer in told] == [8, 8]
    assert floor.world.rows("select count(*), count(distinct id) from scan") == [(16, 16)]
    assert await floor.lies("A-01-01") == {("M-001", ""): 32}
    assert await prove(floor.world.hub) == []


async def test_a_short_place_is_barred_counted_by_another_and_the_units_come_from_elsewhere(floor: Floor) -> None:
    await floor.put("A-01-01", 1)
    await floor.put("B-01-01", 1)
    wave = await _wave(floor)
    first = wave["tasks"][0]
    assert first["place"] == "A-01-01"
    told = await floor.beep("short", first["task"], "empty")
    assert (told["verdict"], told["reason"], told["particulars"]["elsewhere"]) == ("right", "refetched", "1")
    tasks = (await floor.ask("GET", f"/waves/{wave['number']}"))["tasks"]
    assert [(t["place"], t["rest"], t["short"]) for t in tasks] == [("A-01-01", 0, 1), ("B-01-01", 1, 0)]
    assert await floor.lies("A-01-01") == {}
    document = told["particulars"]["document"]
    assert floor.world.rows(f"select kind, state from stock_document where number = '{document}'") == [
        ("count", "counting")]
    assert (await floor.beep("short", first["task"], "empty"))["reason"] == "nothing_left"
    assert (await floor.beep("short", tasks[1]["task"], "?"))["reason"] == "no_such_reason"
    held = await floor.beep("short", tasks[1]["task"], "damaged")
    assert held["reason"] == "order_held"
    assert floor.world.rows("select holds_active from orders") == [(1,)]
    assert (await floor.ask("GET", f"/waves/{wave['number']}"))["state"] == "closed"
    assert await prove(floor.world.hub) == []


async def test_what_no_place_has_holds_its_order_which_goes_on_in_another_wave(floor: Floor) -> None:
    hub, boss = floor.world.hub, person("boss", "administrator", "operations")
    await floor.put("A-01-01", 2)
    wave = await _wave(floor, 2)
    one, two = wave["tasks"]
    assert (await floor.beep("short", one["task"], "damaged"))["reason"] == "order_held"
    order_id = floor.world.rows("select id::text from orders where holds_active > 0")[0][0]
    await floor.put("B-01-01", 3)
    assert await tend_waves(hub.ports.subjects, hub.now) == 1, "its work was called back by the hold"
    (done,) = await hub.handle([ReleaseHold(actor=boss, order_id=order_id, hold_no=1, reason="x")])
    assert not done.refusal
    more = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {"kind": "single_item"}}, status=201)
    three = more["tasks"][0]
    assert (three["place"], three["work"][:-1]) == ("B-01-01", one["work"][:-1])
    for number, task in ((wave["number"], two), (more["number"], three)):
        assert (await floor.beep("picked", task["task"], "M-001"))["verdict"] == "right"
        packed = await floor.beep("packed", number, "M-001")
        assert (packed["box"]["work"], packed["reason"]) == (task["work"], "box_closed")
        assert (await floor.beep("packed", number, "M-001"))["verdict"] == "wrong"
    report = Report()
    await verify_all(hub.settings, floor.world.dsn, report, lambda *_: None)
    assert not report.faults and "pick_task" in report.covers
    assert await prove(hub) == []


async def test_a_cancelled_order_stops_at_the_next_beep_and_what_was_picked_goes_back(floor: Floor) -> None:
    await floor.put("A-01-01", 5)
    wave = await _wave(floor, 2)
    one, two = wave["tasks"]
    assert (await floor.beep("picked", one["task"], "M-001"))["verdict"] == "right"
    for order_id in floor.world.order_ids:
        (done,) = await floor.world.hub.handle([CancelOrder(
            actor=person("boss", "administrator", "operations"), order_id=order_id, reason="x")])
        assert not done.refusal
    assert (await floor.beep("packed", one["work"], "M-001"))["reason"] == "work_cancelled"
    assert (await floor.beep("picked", two["task"], "M-001"))["verdict"] == "cancelled"
    late = await floor.beep("picked", two["task"], "M-001", is_offline=True)
    assert (late["verdict"], late["task"]["to_put_back"]) == ("late", 1)
    assert await tend_waves(floor.world.hub.ports.subjects, floor.world.hub.now) == 1
    tasks = (await floor.ask("GET", f"/waves/{wave['number']}"))["tasks"]
    assert [(t["rest"], t["to_put_back"]) for t in tasks] == [(0, 1), (0, 1)]
    tote = wave["tote"]
    assert (await floor.beep("put_away", "A-01-01", "M-001", 3, station=tote))["reason"] == "not_there"
    assert (await floor.beep("put_away", "A-01-01", "M-001", 2, station=tote))["verdict"] == "right"
    assert (await floor.ask("GET", f"/waves/{wave['number']}"))["state"] == "closed"
    assert await floor.lies("A-01-01") == {("M-001", ""): 5}
    assert await prove(floor.world.hub) == []


async def test_a_work_is_in_one_live_wave_and_what_cannot_be_is_refused(floor: Floor) -> None:
    empty = {"warehouse": "HZ"}
    assert (await floor.ask("POST", "/waves", empty, status=409))["code"] == "nothing_to_wave"
    await floor.world.record(1)
    assert (await floor.ask("POST", "/waves", empty, status=409))["code"] == "not_on_shelves"
    await floor.put("A-01-01", 5)
    made = await asyncio.gather(*[floor.by.post("/api/v1/floor/waves", json=empty, headers={"Idempotency-Key": f"k{n}"})
                                  for n in range(4)])
    assert sorted(answer.status_code for answer in made) == [201, 409, 409, 409]
    wave = next(answer.json() for answer in made if answer.status_code == 201)
    named = {"warehouse": "HZ", "works": [wave["works"][0]["work"]]}
    assert (await floor.ask("POST", "/waves", named, status=409))["code"] == "work_not_ready"
    accepted = "select accepted_by, wave from work"
    assert floor.world.rows(accepted) == [("user:administrator-user", wave["number"])]
    other = AcceptWork(actor=person("other", "warehouse"), work_no=named["works"][0], wave="theirs")
    assert [one.refusal != "" for one in await floor.world.hub.handle([other])] == [True]
    gone = await floor.ask("POST", f"/waves/{wave['number']}/cancel", {"reason": "x"})
    assert gone["state"] == "cancelled" and floor.world.rows(accepted) == [("", "")]
    planned = await floor.ask("POST", "/waves", named | {"is_released": False}, status=201)
    assert (planned["state"], planned["tasks"]) == ("planned", [])
    assert (await floor.ask("POST", f"/waves/{planned['number']}/release"))["state"] == "released"
    assert (await floor.ask("POST", f"/waves/{planned['number']}/release", status=409))["code"] == "wave_state"
    await floor.ask("GET", "/waves/W-20260101-0001", status=404)
    page = await floor.ask("GET", "/waves", warehouse="HZ", limit=1)
    assert [w["number"] for w in page["waves"]] == [planned["number"]] and page["next"]
    assert await prove(floor.world.hub) == []
    assert not (await verify_chains_of(floor)).faults


async def verify_chains_of(floor: Floor) -> Any:
    """Every log of the installation."""
    return await asyncio.to_thread(lambda: asyncio.run(_verified(floor)))


async def _verified(floor: Floor) -> Any:
    return await verify_chains(floor.world.hub.settings, floor.world.dsn, lambda *_: None)


async def test_the_list_is_told_once_and_then_that_nothing_has_changed(floor: Floor) -> None:
    await floor.put("A-01-01", 5)
    wave = await _wave(floor)
    first = await floor.by.get("/api/v1/floor/list", params={"warehouse": "HZ"})
    told = first.json()
    assert told["waves"][0]["number"] == wave["number"] and told["waves"][0]["works"][0]["wants"] == {"M-001": 1}
    same = {"If-None-Match": first.headers["ETag"]}
    again = await floor.by.get("/api/v1/floor/list", params={"warehouse": "HZ"}, headers=same)
    assert (again.status_code, again.content) == (304, b"")
    await floor.beep("picked", wave["tasks"][0]["task"], "M-001")
    again = await floor.by.get("/api/v1/floor/list", params={"warehouse": "HZ"}, headers=same)
    assert again.status_code == 200
    wrong = floor.scan("picked", "x", "y") | {"id": "4f6f7c1e-0000-4000-8000-000000000000"}
    assert (await floor.send(wrong, status=422))["code"] == "wrong_value"
