"""Several holds may stand at once; the order goes on when the last that blocks it is gone, and not before."""

from __future__ import annotations

from datetime import timedelta

from orderloom.application import commands as c
from tests.support.bench import Shop


def test_an_order_held_by_two_people_goes_on_after_the_second() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.person(c.PlaceHold, type="manual", reason="odd")
    shop.person(c.PlaceHold, type="address_unsure", reason="which street?")
    shop.channel_says(("A", 2))
    shop.person(c.ReleaseHold, hold_no=1, reason="fine")
    assert not shop.sent("work")
    shop.person(c.ReleaseHold, hold_no=2, reason="asked")
    assert len(shop.sent("work")) == 1


def test_the_same_hold_twice_needs_one_release() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.PlaceHold, type="manual", reason="odd")
    shop.person(c.PlaceHold, type="manual", reason="odd again")
    assert len(shop.order().holds) == 1


def test_holding_an_order_in_picking_calls_the_warehouse_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("allocated")
    shop.person(c.PlaceHold, type="fraud", reason="stolen card")
    assert [b["work_no"] for b in shop.sent("work_cancel")] == [shop.order().works[0].number]
    assert shop.order().works[0].state == "recalling" and shop.order().stage == "paid"


def test_a_hold_of_an_unknown_kind_and_a_release_of_none_are_refused_and_change_nothing() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    before = shop.order()
    unknown = shop.person(c.PlaceHold, type="whim", reason="")
    missing = shop.person(c.ReleaseHold, hold_no=7, reason="")
    assert isinstance(unknown, c.Outcome) and unknown.refusal == "unknown_hold"
    assert "manual" in unknown.particulars["known"]
    assert isinstance(missing, c.Outcome) and missing.refusal == "no_such_hold"
    assert shop.order() is before


def test_a_hold_with_an_end_ends_by_itself() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.person(c.PlaceHold, type="manual", reason="until noon", expires_at=shop.at + timedelta(hours=1))
    shop.channel_says(("A", 2))
    assert not shop.sent("work")
    assert "hold_expired" in shop.time_passes(3_600)
    assert len(shop.sent("work")) == 1


def test_an_order_that_is_not_there_is_refused() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    answer = shop.person(c.PlaceHold, order_id="0" * 36, type="manual", reason="")
    assert isinstance(answer, c.Outcome) and answer.refusal == "no_such_order"


def test_an_order_held_while_its_work_is_on_the_way_to_the_warehouse_is_called_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.PlaceHold, type="manual", reason="the buyer wrote")
    assert len(shop.sent("work_cancel")) == 1 and shop.order().works[0].state == "recalling"
    shop.system_answers("work_cancel")
    shop.person(c.ReleaseHold, hold_no=1, reason="she did not mean it")
    assert len(shop.sent("work")) == 2 and shop.order().works[-1].state == "allocated"


def test_a_refund_asked_for_while_the_warehouse_picks_stops_the_warehouse() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("picked")
    shop.channel_says(("A", 2), hold="refund_requested")
    assert len(shop.sent("work_cancel")) == 1 and shop.order().stage == "paid"
    shop.system_answers("work_cancel")
    shop.channel_says(("A", 2))
    assert len(shop.sent("work")) == 2, "the refund was withdrawn: the order goes on"


def test_a_hold_that_somebody_places_for_good_outlives_one_that_ends_by_itself() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.PlaceHold, type="manual", reason="call back", expires_at=shop.at + timedelta(hours=1))
    shop.person(c.PlaceHold, type="manual", reason="for good")
    shop.person(c.PlaceHold, type="manual", reason="again")
    assert [h.expires_at is None for h in shop.order().holds] == [False, True]
    shop.time_passes(3_600)
    assert shop.order().is_blocked("dispatch")
