"""Systems that contradict each other (LIF-3): each gap opens a case in time, and closes it again."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from orderloom.adapters.carriers.kuaidi100.simulator_parcels import code
from orderloom.adapters.simulated.parcels import COLLECTED, Scan
from orderloom.testing.builders import a_purchase
from tests.support.stage import Stage, plain, spare, tid

DAY = 24 * 3600


async def ship(stage: Stage) -> None:
    """One order, out of the warehouse at seven past the hour at the latest."""
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.flow()
    await stage.wait(420)


async def test_a_parcel_that_is_out_in_the_warehouse_but_never_at_the_carrier_is_found_after_a_day(
    stage: Stage,
) -> None:
    """Saturday 09:06 "shipped", and no pickup scan by Sunday 09:07: a case; the scan of Sunday noon closes it."""
    stage.is_seen_by_carrier = False
    await ship(stage)
    order = await stage.order(tid(1))
    assert (order.stage, [p.state for p in order.parcels]) == ("shipped", ["label_ready"])
    out_at = stage.clock() - timedelta(seconds=60)
    await stage.wait(DAY - 61, 6 * 3600)
    assert await stage.kinds() == []
    await stage.wait(1)
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["order"], evidence["about"]) == ("out_without_collection", order.number, "1")
    assert evidence["due_at"] == (out_at + timedelta(days=1)).isoformat()
    await stage.wait(3 * 3600, 3600)
    assert await stage.value("select sightings from case_file") == 1, "a deadline fires once"
    (trade,) = stage.wms.trades.values()
    stage.carrier.hand_over(trade.carrier.code, trade.waybill, stage.clock(), "浙江省", "2345")
    await stage.wait(300)
    assert "out_without_collection" not in await stage.kinds()
    assert "out_without_collection" in await stage.kinds(is_open=False)


@pytest.mark.parametrize(("seconds", "kinds"), [(180, []), (181, ["ship_times_differ"])])
async def test_ship_times_of_warehouse_and_carrier_more_than_three_minutes_apart_open_a_case(
    stage: Stage, seconds: int, kinds: list[str],
) -> None:
    """The warehouse says 09:06:00; the carrier's first scan is at 09:09:00, or a second later."""
    stage.is_seen_by_carrier = False
    await ship(stage)
    order = await stage.order(tid(1))
    (parcel,) = order.parcels
    stage.carrier.hand_over(parcel.carrier, parcel.waybill, parcel.shipped_at, "浙江省", "2345")
    scanned = parcel.shipped_at + timedelta(seconds=seconds)
    stage.carrier.parcels[parcel.carrier, parcel.waybill].plan = (Scan(COLLECTED, scanned, "杭州"),)
    before = await stage.order(tid(1))
    await stage.wait(600)
    assert await stage.kinds() == kinds
    for _, evidence in await stage.cases():
        assert (evidence["seconds_apart"], evidence["limit_seconds"]) == (181, 180)
        assert {evidence[side]["system"] for side in ("one", "other")} == {"WD01", "KD01"}
        assert evidence["other"]["at"] == scanned.isoformat()
    after = await stage.order(tid(1))
    assert [p.state for p in after.parcels] == ["collected"]
    assert (after.stage, after.bindings, after.works) == (before.stage, before.bindings, before.works)


async def test_a_work_of_which_the_warehouse_says_nothing_for_ninety_seconds_is_found(stage: Stage) -> None:
    """09:00:00 accepted by the interface, 09:01:30 no word of the floor: a case; the word of 09:10 closes it."""
    stage.wms.floor.pace = 600
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.flow()
    order = await stage.order(tid(1))
    assert [(w.state, w.negotiation) for w in order.works] == [("released", "accepted")]
    await stage.wait(89, 89)
    assert await stage.kinds() == []
    before = await stage.snapshot()
    stage.clock.forward(1)
    await stage.settle()
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["about"]) == ("downstream_missing", order.works[0].number)
    assert await stage.changed_since(before) == {"case_file", "deadline"}
    await stage.wait(600)
    assert (await stage.kinds(), await stage.kinds(is_open=False)) == ([], ["downstream_missing"])
    assert (await stage.order(tid(1))).stage == "picking"


async def test_a_warehouse_that_answers_within_ninety_seconds_causes_no_alarm(stage: Stage) -> None:
    """09:00:00 told, 09:01:00 accepted on the floor: nobody is called."""
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.flow()
    await stage.wait(600)
    assert (await stage.kinds(), await stage.kinds(is_open=False)) == ([], [])
    assert await stage.rows("select state from deadline where kind = 'downstream_missing'") == [("moot",)]


async def test_the_carriers_pushes_twice_and_newest_first_move_the_parcel_once_and_forward(stage: Stage) -> None:
    """The carrier's queue runs backwards and doubles: the parcel ends delivered, each scan is kept once."""
    await ship(stage)
    (parcel,) = (await stage.order(tid(1))).parcels
    stage.carrier.step(stage.clock.forward(3_600))
    async with httpx2.AsyncClient(timeout=10) as http:
        await stage.carrier.flush(http, duplicates=1, is_disordered=True)
    await stage.settle()
    order = await stage.order(tid(1))
    scans = stage.carrier.parcels[parcel.carrier, parcel.waybill].scans
    assert ([p.state for p in order.parcels], order.stage) == (["delivered"], "completed")
    kept = await stage.rows("select code, occurred_at from parcel_event order by occurred_at")
    assert kept == [(code(scan.word, is_advanced=True), scan.due) for scan in scans]
    stages = [facts for (facts,) in await stage.rows(
        "select facts::jsonb ->> 'stage' from order_event where kind = 'stage_moved' order by seq")]
    assert stages[-1] == "completed" and stages.count("completed") == 1
    assert await stage.kinds() == []
