"""Stock is held once, all or nothing, and comes back when an order does not go on."""

from __future__ import annotations

from orderloom.application import commands as c
from tests.support.bench import OPENING, Shop

ALL_A = sum(units for (sku, _), units in OPENING.items() if sku == 1)


def test_an_unpaid_order_keeps_its_goods_until_its_time_is_up_and_not_longer() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    assert shop.free(1) == ALL_A - 2
    assert shop.time_passes(899) == [] and shop.free(1) == ALL_A - 2
    assert shop.time_passes(1) == ["reservation"]
    assert shop.free(1) == ALL_A and shop.order().stage == "expired"


def test_paying_turns_the_reservation_into_an_allocation_without_taking_the_goods_twice() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.channel_says(("A", 2))
    assert shop.free(1) == ALL_A - 2
    assert [(h.kind, h.state, h.quantity) for h in shop.order().bindings] == [("allocation", "active", 2)]
    assert shop.time_passes(900) == [], "the reservation's deadline is moot once it is paid"


def test_goods_to_be_paid_on_delivery_are_not_freed_by_a_payment_deadline() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), payment="cod", paid=0, is_paid=False)
    assert "reservation" not in {d.kind for d in shop.pending}
    assert shop.order().active_stock("allocation")


def test_an_order_that_cannot_be_filled_holds_nothing_of_what_there_is() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("C", 15))
    assert shop.order().is_short and not shop.order().bindings
    assert shop.free(1) == ALL_A and shop.opened() == {"short_stock"}


def test_two_lines_that_share_a_component_do_not_both_take_the_last_unit() -> None:
    shop = Shop()
    shop.channel_says(("KIT", 2), ("A", ALL_A - 4 + 1))
    assert shop.order().is_short
    shop.channel_says(("KIT", 2), ("A", ALL_A - 4), external="E1")
    assert shop.free(1) == 0 and not shop.order("E1").is_short


def test_an_order_that_no_warehouse_fills_alone_is_split_and_adds_up_to_what_was_bought() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    assert sum(h.quantity for h in shop.order().bindings) == 10
    assert len(shop.order().works) > 1
    assert shop.order().lines[0].fulfilled == 10


def test_a_short_order_goes_on_by_itself_once_the_goods_are_there() -> None:
    shop = Shop()
    shop.channel_says(("C", 12), external="E1")
    shop.channel_says(("C", 5))
    assert shop.order().is_short
    shop.person(c.CancelOrder, external="E1", reason="changed her mind")
    for work in (1, 2):
        shop.system_answers("work_cancel", work, external="E1")
    outcome = shop.person(c.FindStock)
    assert isinstance(outcome, c.Outcome) and not outcome.particulars
    assert not shop.order().is_short and shop.order().works


def test_looking_for_stock_in_vain_changes_nothing() -> None:
    shop = Shop()
    shop.channel_says(("C", 99))
    before = shop.order().event_count
    outcome = shop.person(c.FindStock)
    assert isinstance(outcome, c.Outcome) and outcome.particulars == {"moot": "yes"}
    assert shop.order().event_count == before


def test_what_the_platform_ships_from_its_own_stock_takes_none_of_ours() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_fulfilled_elsewhere=True)
    assert shop.free(1) == ALL_A and shop.order().stage == "elsewhere"
