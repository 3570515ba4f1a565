"""A warehouse's word moves work forwards, goods out, and stock back; never twice."""

from __future__ import annotations

from orderloom.application import commands as c
from orderloom.domain.actor import connector
from orderloom.domain.draft import Said, WorkLine, WorkReport
from tests.support.bench import OPENING, Shop

ALL_A = sum(units for (sku, _), units in OPENING.items() if sku == 1)


def shipped_shop() -> Shop:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    return shop


def test_goods_that_went_out_leave_the_stock_and_the_channel_hears_the_waybill() -> None:
    shop = shipped_shop()
    assert shop.levels[1, 1].on_hand == OPENING[1, 1] - 2 and shop.levels[1, 1].allocated == 0
    assert [b["waybill"] for b in shop.sent("shipment")] == [shop.order().parcels[0].waybill]
    assert shop.sent("shipment")[0]["lines"] == [{"external_line_id": "L1", "quantity": 2}]
    assert len(shop.sent("watch")) == 1 and shop.order().stage == "shipped"


def test_hearing_it_twice_ships_once() -> None:
    shop = shipped_shop()
    before = shop.order()
    shop.warehouse_says("handed_over", seconds=0)
    assert shop.order() is before
    shop.warehouse_says("handed_over", seconds=5)
    assert len(shop.order().parcels) == 1 and shop.levels[1, 1].on_hand == OPENING[1, 1] - 2


def test_two_works_reported_in_the_same_second_both_ship() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    assert len(shop.order().works) == 2
    shop.warehouse_says("picked", 1)
    shop.warehouse_says("picked", 2, seconds=0)
    assert [w.state for w in shop.order().works] == ["picking", "picking"]
    shop.warehouse_says("handed_over", 1, waybill="")
    shop.warehouse_says("handed_over", 2, waybill="", seconds=0)
    assert len(shop.order().parcels) == 2 and shop.order().lines[0].shipped == 10


def test_a_late_report_of_an_earlier_step_takes_nothing_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("packed")
    shop.warehouse_says("picked")
    assert shop.order().works[0].state == "packed" and shop.order().stage == "awaiting_collection"


def test_an_order_in_two_parcels_is_out_only_when_both_are() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    shop.warehouse_says("handed_over", 1)
    assert shop.order().stage != "shipped"
    shop.warehouse_says("handed_over", 2)
    assert shop.order().stage == "shipped" and len(shop.sent("shipment")) == 2


def test_a_refused_work_gives_its_goods_back_and_goes_on_when_a_person_lets_it() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("allocated")
    shop.warehouse_says("cancelled")
    assert shop.free(1) == ALL_A and "work_refused" in shop.opened() and shop.order().is_blocked("assign")
    shop.person(c.ReleaseHold, hold_no=1, reason="sent elsewhere")
    assert shop.order().works[-1].state == "allocated" and shop.free(1) == ALL_A - 2
    assert len(shop.sent("work")) == 2


def test_goods_that_leave_after_they_were_called_back_are_gone_from_the_stock_and_seen() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.CancelOrder, reason="the buyer rang")
    shop.system_answers("work_cancel")
    assert shop.free(1) == ALL_A
    shop.warehouse_says("handed_over")
    assert shop.free(1) == ALL_A - 2 and "shipped_after_cancel" in shop.opened()
    assert shop.levels[1, 1].on_hand == OPENING[1, 1] - 2


def test_a_warehouse_that_ships_something_else_is_found_out() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 1), WorkLine("B", 1)))
    assert "wrong_quantity" in shop.opened()


def test_goods_without_a_waybill_are_asked_for_after_a_quarter_of_an_hour() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over", waybill="")
    assert shop.time_passes(900) == ["waybill_missing"] and "waybill_missing" in shop.opened()


def test_a_report_on_work_that_is_not_there_waits_for_it() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    report = c.ConfirmWork(actor=connector("WMS"), account_id=2, report=shop_report("TB01-000000-NOWHERE-0-1"))
    [answer] = shop.ask(report)
    assert isinstance(answer, tuple) and answer[0].key == "work:TB01-000000-NOWHERE-0-1"


def shop_report(number: str) -> WorkReport:
    return WorkReport(number, Said("picked", "PICKED", Shop().at))


def test_a_work_that_the_system_refuses_is_seen_and_keeps_its_goods() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work", error="isv.bad_address")
    assert shop.order().works[0].negotiation == "rejected" and "work_refused" in shop.opened()
    assert shop.free(1) == ALL_A - 2


def test_a_warehouse_that_says_nothing_is_noticed_after_ninety_seconds() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    assert shop.time_passes(90) == ["downstream_missing"]
    shop.channel_says(("B", 1), external="E1")
    shop.system_answers("work", external="E1")
    shop.warehouse_says("allocated", external="E1", seconds=10)
    assert "downstream_missing" not in shop.time_passes(90)


def test_work_that_a_warehouse_never_answers_is_taken_back_and_goes_elsewhere() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    first = shop.order().works[0]
    assert "work_unanswered" in shop.time_passes(4 * 3_600) and shop.open_cases("work_unanswered") == [first.number]
    assert shop.order().works[0].state == "recalling" and shop.sent("work_cancel")[-1]["work_no"] == first.number
    shop.system_answers("work_cancel")
    old, new = shop.order().works
    assert (old.state, old.native) == ("cancelled", "unanswered") and new.state == "allocated"
    assert new.warehouse_id != old.warehouse_id, "the silent one comes after all others"
    assert shop.open_cases("work_unanswered") == [] and shop.free(1) == ALL_A - 2


def test_work_that_a_silent_warehouse_does_not_give_back_stays_with_a_person() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.time_passes(4 * 3_600)
    shop.system_answers("work_cancel", error="isv.already_picked")
    work = shop.order().works[0]
    assert work.state == "released" and shop.open_cases("work_unanswered") == [work.number]
    shop.warehouse_says("picked")
    assert shop.open_cases("work_unanswered") == [] and len(shop.order().works) == 1
    assert "work_unanswered" not in shop.time_passes(4 * 3_600)


def test_a_waybill_that_comes_late_reaches_the_channel_and_the_carrier() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over", waybill="")
    assert shop.sent("shipment") == [] and shop.sent("watch") == []
    shop.warehouse_says("handed_over", waybill="SF900")
    assert [p.waybill for p in shop.order().parcels] == ["SF900"]
    assert [b["waybill"] for b in shop.sent("shipment")] == ["SF900"] and len(shop.sent("watch")) == 1
    assert shop.levels[1, 1].on_hand == OPENING[1, 1] - 2
