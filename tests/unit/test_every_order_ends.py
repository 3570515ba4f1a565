"""Nothing leaves an order in a stage in which it waits for ever, and nothing keeps goods that nobody needs."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "property"))

import pytest
from bench import OPENING, Shop, directory

from orderloom.application import commands as c
from orderloom.application.act import offered
from orderloom.domain.draft import StatedShipment, WorkLine
from orderloom.testing.builders import a_line

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
