"""A person changes what an order is of: what buyer, stock and channel would lose if it were done wrongly."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.application.commands import LineWish
from orderloom.domain.states import PaymentState
from orderloom.testing.builders import a_line
from tests.support.bench import Shop


def asked(shop: Shop, *wishes: LineWish) -> str:
    """The refusal, empty when it is done."""
    decided = shop.person(c.ChangeLines, wishes=wishes, reason="the buyer rang")
    assert isinstance(decided, c.Outcome)
    return decided.refusal


def standing(shop: Shop) -> list[tuple[str, int, int]]:
    """Code, units and amount of the lines that stand."""
    return [(line.sku_external, line.ordered, line.amount) for line in shop.order().lines if not line.is_closed]


def bound(shop: Shop) -> dict[int, int]:
    """Units that are bound for the order, by SKU."""
    found: dict[int, int] = {}
    for binding in shop.order().bindings:
        if binding.state == "active":
            found[binding.sku_id] = found.get(binding.sku_id, 0) + binding.quantity
    return found


def discounted(shop: Shop) -> None:
    """Two A and two B at 10.00, 4.00 off the whole: 36.00, paid; each line bears its half of what comes off."""
    shop.channel_says(("A", 2), ("B", 2), total=3_600, paid=3_600, discount=400)
    assert standing(shop) == [("A", 2, 1_800), ("B", 2, 1_800)]


def test_fewer_units_cost_less_by_their_share_and_the_stock_is_free_again() -> None:
    shop = Shop()
    discounted(shop)
    free = shop.free(1)
    assert asked(shop, LineWish(1, quantity=1)) == ""
    assert standing(shop) == [("A", 1, 900), ("B", 2, 1_800)]
    order = shop.order()
    assert (order.total, order.discount, order.payment) == (2_700, 300, PaymentState.PAID)
    assert order.paid - order.refunded - order.total == 900
    assert shop.sent("work_cancel"), "what the warehouse has is called back"
    shop.system_answers("work_cancel")
    assert shop.free(1) == free + 1 and bound(shop) == {1: 1, 2: 2}
    assert [line["quantity"] for line in shop.sent("work")[-1]["lines"]] == [1, 2]


def test_a_line_that_is_taken_off_costs_nothing_and_the_others_what_they_did() -> None:
    shop = Shop()
    discounted(shop)
    assert asked(shop, LineWish(2, quantity=0)) == ""
    assert standing(shop) == [("A", 2, 1_800)] and shop.order().total == 1_800 and shop.order().discount == 200


def test_other_goods_in_the_place_of_a_line_cost_the_same_and_go_out_instead() -> None:
    shop = Shop()
    discounted(shop)
    assert asked(shop, LineWish(1, sku="C")) == ""
    assert standing(shop) == [("C", 2, 1_800), ("B", 2, 1_800)] and shop.order().total == 3_600
    shop.system_answers("work_cancel")
    assert bound(shop) == {3: 2, 2: 2}


def test_a_gift_goes_along_and_the_channel_is_never_told_of_it() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    assert asked(shop, LineWish(sku="B", quantity=1, price=0)) == ""
    assert standing(shop) == [("A", 2, 2_000), ("B", 1, 0)] and shop.order().payment is PaymentState.PAID
    shop.system_answers("work_cancel")
    for work in range(2, len(shop.order().works) + 1):
        shop.warehouse_says("handed_over", work)
    told = [line["external_line_id"] for body in shop.sent("shipment") for line in body["lines"]]
    assert told and set(told) == {"L1"}


def test_what_is_added_to_a_paid_order_waits_for_its_money() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    assert asked(shop, LineWish(sku="B", quantity=1, price=500)) == ""
    order = shop.order()
    assert (order.total, order.payment, order.lines[1].unpaid) == (2_500, PaymentState.PARTIALLY_PAID, 1)
    assert shop.open_cases("addition_unpaid") and bound(shop) == {1: 2}
    shop.channel_says(("A", 2))
    assert shop.order().payment is PaymentState.PARTIALLY_PAID, "the old sum is no money for the addition"
    assert asked(shop, LineWish(2, price=0)) == ""
    assert shop.order().payment is PaymentState.PAID and not shop.open_cases("addition_unpaid")


def test_a_change_stands_while_the_channel_repeats_itself_and_no_longer() -> None:
    shop = Shop()
    discounted(shop)
    assert asked(shop, LineWish(1, quantity=1)) == ""
    shop.channel_says(("A", 2), ("B", 2), total=3_600, paid=3_600, discount=400, note="be quick")
    assert standing(shop) == [("A", 1, 900), ("B", 2, 1_800)] and shop.order().note == "be quick"
    assert not shop.open_cases("amount_mismatch") and not shop.open_cases("lines_overruled")
    shop.channel_says(("A", 3), ("B", 2), total=4_500, paid=4_500, discount=500)
    assert standing(shop) == [("A", 3, 2_700), ("B", 2, 1_800)] and shop.order().total == 4_500
    assert shop.open_cases("lines_overruled")


def test_prices_are_changed_and_the_sum_follows() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1), is_paid=False)
    assert asked(shop, LineWish(1, price=800, discount=100)) == ""
    assert standing(shop) == [("A", 2, 1_500), ("B", 1, 1_000)] and shop.order().total == 2_500
    assert bound(shop) == {1: 2, 2: 1}, "nothing else is to be sent"


@pytest.mark.parametrize(("wish", "code"), [
    (LineWish(7, quantity=1), "no_such_line"), (LineWish(1, quantity=0), "nothing_left"),
    (LineWish(1, sku="Z"), "unknown_sku"), (LineWish(0, quantity=1), "unknown_sku"),
    (LineWish(1, discount=9_999), "wrong_line_discount"), (LineWish(1, price=1_100), "price_above_paid"),
    (LineWish(1, quantity=2), "nothing_to_change"),
])
def test_what_cannot_be_is_refused_and_changes_nothing(wish: LineWish, code: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    before = len(shop.log[shop.order().id])
    assert asked(shop, wish) == code and len(shop.log[shop.order().id]) == before


def test_goods_that_left_are_changed_no_more() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    assert asked(shop, LineWish(1, quantity=1)) == "too_late"
    shop = Shop()
    shop.channel_says(lines=(a_line("PACK", 1, 1_000, external_id="L1"),))
    shop.person(c.CancelOrder, reason="asked")
    assert asked(shop, LineWish(1, quantity=2)) == "already_cancelled"


def test_what_is_to_be_collected_at_the_door_is_told_anew_when_the_price_changes() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False, payment="cod")
    assert shop.sent("work")[-1]["to_collect"] == 2_000
    assert asked(shop, LineWish(1, price=900)) == ""
    shop.system_answers("work_cancel")
    assert shop.sent("work")[-1]["to_collect"] == 1_800
