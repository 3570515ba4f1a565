"""What an order says of itself: what is open, what blocks it, where it stands."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.domain.axes import axes_of
from orderloom.domain.order import Line
from orderloom.domain.traits import OF_BEFORE, TRAIT_SAMPLES, traits_of
from tests.support.bench import Shop

LINE = Line(1, "L1", 1, "A", "", 10, 100, 0, 1_000)


def test_what_is_open_is_what_was_ordered_less_cancelled_and_less_in_work() -> None:
    assert LINE.open_quantity == 10
    assert replace(LINE, cancelled=3, fulfilled=5).open_quantity == 2
    assert replace(LINE, is_closed=True).open_quantity == 0


def test_a_hold_blocks_its_own_verbs_until_it_is_lifted_and_no_others() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.PlaceHold, type="manual", reason="odd")
    assert shop.order().is_blocked("dispatch") and not shop.order().is_blocked("cancel")
    shop.person(c.ReleaseHold, hold_no=1, reason="fine")
    assert not shop.order().is_blocked("dispatch")


def test_an_order_is_as_far_as_its_slowest_work_and_in_trouble_with_any_parcel() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    shop.warehouse_says("packed", 1)
    assert axes_of(shop.order()).fulfilment == "allocated"
    for work in (1, 2):
        shop.warehouse_says("handed_over", work)
    shop.carrier_says(("delivered", 0), parcel=1)
    assert axes_of(shop.order()).phase == "in_transit"
    shop.carrier_says(("lost", 0), parcel=2)
    assert axes_of(shop.order())[3:] == ("lost", "none", "none", "failed")


def test_a_short_a_held_and_a_cancelled_order_are_told_apart() -> None:
    shop = Shop()
    shop.channel_says(("C", 99))
    assert axes_of(shop.order()).phase == "blocked"
    shop.person(c.PlaceHold, type="manual", reason="odd")
    assert axes_of(shop.order()).phase == "held"
    shop.person(c.CancelOrder, reason="no")
    assert axes_of(shop.order()).phase == "cancelled"


def test_a_work_is_found_by_the_number_that_the_warehouse_knows() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    number = shop.order().works[0].number
    assert shop.order().work_by_number(number) is shop.order().works[0]
    assert shop.order().work_by_number(number + "9") is None


def test_a_condition_finds_every_trait_that_it_may_name_and_no_other() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    traits = dict(traits_of(shop.order(), "taobao", "TB01"))
    assert traits.keys() == {*TRAIT_SAMPLES, *OF_BEFORE, "facts"}
    assert {name for name, sample in TRAIT_SAMPLES.items() if not isinstance(traits[name], type(sample))} == set()
    assert (traits["quantity"], traits["line_count"], traits["shop"]) == (2, 1, "TB01")
