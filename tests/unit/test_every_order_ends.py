"""Nothing leaves an order in a stage in which it waits for ever, and nothing keeps goods that nobody needs."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.application.act import offered
from orderloom.domain.draft import StatedShipment, WorkLine
from orderloom.testing.builders import a_line
from tests.support.bench import OPENING, Shop, directory

ALL_A = sum(units for (sku, _), units in OPENING.items() if sku == 1)


def recalled(*basket: tuple[str, int]) -> Shop:
    """A shop whose order was held, called back by that, and taken back by the warehouse."""
    shop = Shop()
    shop.channel_says(*basket)
    shop.system_answers("work")
    shop.person(c.PlaceHold, type="address_unsure", reason="look at it")
    shop.system_answers("work_cancel")
    return shop


def test_goods_that_left_after_all_are_not_kept_a_second_time() -> None:
    shop = recalled(("A", 2))
    assert shop.free(1) == ALL_A - 2
    shop.warehouse_says("handed_over")
    assert shop.free(1) == ALL_A - 2 and not shop.order().active_stock("allocation")
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    shop.carrier_says(("delivered", 0))
    assert (shop.order().stage, len(shop.sent("work"))) == ("completed", 1)


def test_work_that_replaces_goods_which_left_after_all_is_called_back() -> None:
    shop = recalled(("A", 2), ("B", 1))
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    shop.system_answers("work", 2)
    shop.warehouse_says("handed_over")
    assert [w.state for w in shop.order().works] == ["handed_over", "recalling"]
    shop.system_answers("work_cancel", 2)
    assert shop.order().stage == "shipped" and not shop.order().active_stock("allocation")
    assert shop.free(1) == ALL_A - 2


def test_the_rest_of_an_order_is_sent_when_a_part_left_after_all() -> None:
    shop = recalled(("A", 2), ("B", 1))
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 2),))
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    live = [w for w in shop.order().works if w.state == "allocated"]
    assert [(i.line_no, i.quantity) for w in live for i in w.items] == [(2, 1)]


@pytest.mark.parametrize("late", ["allocated", "picked", "packed"])
def test_late_news_of_work_that_was_called_back_does_not_keep_the_order_from_going_on(late: str) -> None:
    shop = recalled(("A", 2))
    shop.warehouse_says(late)
    assert shop.order().stage == "paid"
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    assert len(shop.sent("work")) == 2


def test_an_order_that_was_cancelled_on_the_road_is_sent_to_nobody_again() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.channel_says(("A", 2), is_cancelled=True)
    shop.carrier_says(("failed", 0))
    answer = shop.person(c.ReshipParcel, reason="it does not arrive")
    assert isinstance(answer, c.Outcome) and answer.refusal == "already_cancelled"
    assert "reship" not in offered(shop.order(), directory(), frozenset({"administrator"}))
    shop.person(c.TakeAction, action="close", reason="the buyer does not want it")
    assert shop.order().stage == "returned"


def test_a_cancelled_order_that_its_channel_wants_again_is_a_case_and_no_order_on_its_way() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.channel_says(("A", 2), is_cancelled=True, is_paid=False)
    shop.channel_says(("A", 2), ("B", 1))
    assert shop.order().stage == "cancelled" and not shop.sent("work") and "payment_after_expiry" in shop.opened()


def on_the_channels_word(**changes: object) -> Shop:
    """An order that its channel says it shipped itself, and then something else."""
    shop = Shop()
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=2),),
                      shipments=(StatedShipment("CH1", "SF"),))  # fmt: skip
    assert shop.order().stage == "shipped"
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=0),), **changes)
    return shop


def test_an_order_whose_shipment_is_taken_back_and_which_is_cancelled_is_not_too_late() -> None:
    shop = on_the_channels_word(is_cancelled=True)
    assert shop.order().stage == "cancelled" and not shop.opened()


def test_a_cancelled_order_whose_shipment_is_taken_back_afterwards_is_over() -> None:
    shop = Shop()
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=2),),
                      shipments=(StatedShipment("CH1", "SF"),))  # fmt: skip
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=2),), is_cancelled=True)
    assert shop.order().stage == "shipped" and "cancel_too_late" in shop.opened()
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=0),), is_cancelled=True)
    assert shop.order().stage == "cancelled"


def test_what_waited_under_a_hold_while_the_rest_was_packed_is_sent_after_it() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.warehouse_says("picked")
    shop.channel_says(("A", 2), ("B", 1), payment="partially_paid", paid=2_000)
    shop.person(c.PlaceHold, type="manual", reason="look at it")
    shop.system_answers("work_cancel", error="it is packed")
    shop.warehouse_says("packed")
    shop.channel_says(("A", 2), ("B", 1))
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    assert [[(i.line_no, i.quantity) for i in w.items] for w in shop.order().works] == [[(1, 2)], [(2, 1)]]


def lost(shop: Shop) -> Shop:
    """The only parcel is lost, and somebody stops the order before its goods are sent again."""
    shop.carrier_says(("lost", 0))
    shop.person(c.PlaceHold, type="fraud", reason="look at it")
    shop.person(c.ReshipParcel, reason="it is lost")
    return shop


def test_goods_that_are_to_be_sent_again_wait_for_a_hold_and_are_not_taken_for_sent() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    lost(shop)
    assert shop.order().stage == "paid"
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    assert len(shop.sent("work")) == 2


def test_a_lost_parcel_that_the_channel_tells_of_again_does_not_stop_the_goods_that_are_sent_instead() -> None:
    shop, lines = Shop(), (a_line("A", 2, 1_000, external_id="L1", fulfilled=2),)
    shop.channel_says(lines=lines, shipments=(StatedShipment("CH1", "SF"),))
    lost(shop)
    shop.channel_says(lines=lines, shipments=(StatedShipment("CH1", "SF"),), note="said again")
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    assert len(shop.order().parcels) == 1 and len(shop.sent("work")) == 1


def test_an_order_cancelled_in_trouble_gives_back_what_had_not_left() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.channel_says(("A", 2), ("B", 1))
    shop.carrier_says(("failed", 0))
    shop.channel_says(("A", 2), ("B", 1), is_cancelled=True)
    assert "cancel_too_late" in shop.opened() and shop.order().works[1].state == "recalling"
    shop.system_answers("work_cancel", 2)
    assert not shop.order().active_stock("allocation")


def test_an_order_that_is_cancelled_while_a_part_is_on_the_road_tells_somebody_to_stop_it() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 1),))
    shop.channel_says(("A", 2), is_cancelled=True)
    assert shop.order().stage == "cancelled" and "cancel_too_late" in shop.opened()


def kits(shop: Shop) -> list[int]:
    """How many of the kit (two A and one B) each work holds that still stands."""
    return [next(i.quantity for i in w.items if i.sku_id == 2) for w in shop.order().works if w.state != "cancelled"]


def test_a_bundle_that_is_lowered_and_raised_again_after_it_left_is_all_out() -> None:
    shop = Shop()
    shop.channel_says(("KIT", 2))
    shop.warehouse_says("handed_over")
    for count in (1, 2):
        shop.channel_says(("KIT", count))
    line = shop.order().lines[0]
    assert (kits(shop), line.ordered, line.fulfilled, line.shipped) == ([2], 2, 2, 2)
    shop.carrier_says(("delivered", 0))
    assert shop.order().stage == "completed"


def test_a_bundle_whose_parts_left_after_they_were_called_back_is_not_sent_again() -> None:
    shop = recalled(("KIT", 1))
    shop.warehouse_says("handed_over")
    shop.person(c.ReleaseHold, hold_no=1, reason="seen")
    shop.carrier_says(("delivered", 0))
    assert (shop.order().stage, kits(shop), shop.order().lines[0].shipped) == ("completed", [1], 1)


def test_half_of_a_bundle_is_none() -> None:
    shop = Shop()
    shop.channel_says(("KIT", 1))
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 2),))
    assert shop.order().lines[0].shipped == 0 and shop.order().stage != "shipped"
    shop.warehouse_says("handed_over", waybill="W2", lines=(WorkLine("B", 1),))
    assert shop.order().lines[0].shipped == 1 and shop.order().stage == "shipped"


def test_a_box_that_is_told_of_again_with_the_rest_in_it_leaves_nothing_behind() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    shop.system_answers("work")
    shop.warehouse_says("handed_over", waybill="W1", lines=(WorkLine("A", 2),))
    assert shop.order().stage != "shipped"
    shop.warehouse_says("handed_over", waybill="W1", lines=(WorkLine("A", 2),))
    assert len(shop.order().parcels) == 1
    shop.warehouse_says("handed_over", waybill="W1", lines=(WorkLine("A", 2), WorkLine("B", 1)))
    assert (shop.order().stage, {p.id for p in shop.order().parcels}) == ("shipped", {shop.order().parcels[0].id})
    assert [line.shipped for line in shop.order().lines] == [2, 1] and not shop.order().active_stock("allocation")
    shop.carrier_says(("delivered", 0))
    assert shop.order().stage == "completed"


def test_goods_that_the_shop_sent_without_a_waybill_while_our_warehouse_packed_are_on_their_way() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=2),))
    assert (shop.order().stage, shop.order().works[0].state) == ("paid", "recalling")
    shop.system_answers("work_cancel")
    assert (shop.order().stage, shop.order().works[0].state) == ("shipped", "cancelled")
    assert shop.free(1) == ALL_A and not shop.order().parcels


def test_work_that_a_hold_kept_back_is_sent_when_the_hold_ends_though_a_part_has_arrived() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.channel_says(("A", 2), ("B", 1), hold="channel_forbids")
    shop.carrier_says(("returning", 0))
    shop.carrier_says(("in_transit", 0))
    shop.carrier_says(("delivered", 0))
    assert (shop.order().stage, shop.order().works[1].negotiation) == ("shipped", "none")
    shop.channel_says(("A", 2), ("B", 1))
    assert (shop.order().stage, shop.order().works[1].negotiation) == ("paid", "requested")


@pytest.mark.parametrize("action", ["confirm", "close"])
def test_an_order_that_a_person_closes_keeps_no_goods(action: str) -> None:
    shop = Shop()
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=1),),
                      shipments=(StatedShipment("CH1"),), payment="unpaid", paid=0)
    assert shop.free(1) == ALL_A - 1
    shop.carrier_says(("lost", 0))
    shop.person(c.TakeAction, action=action, reason="the buyer wants it no more")
    assert shop.order().stage in ("completed", "returned") and shop.free(1) == ALL_A
