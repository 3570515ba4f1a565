"""A cancelled order gives everything back that is not out, and says when it is too late."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.actor import person
from orderloom.domain.draft import StatedShipment
from orderloom.testing.builders import a_line
from tests.support.bench import DEFAULT, OPENING, Shop, directory

ALL_A = sum(units for (sku, _), units in OPENING.items() if sku == 1)


def test_cancelling_before_the_warehouse_knows_frees_the_goods_at_once() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.person(c.CancelOrder, reason="the buyer rang")
    assert shop.free(1) == ALL_A and shop.order().stage == "cancelled"


def test_goods_in_the_warehouses_hands_are_free_only_once_it_lets_go() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.CancelOrder, reason="the buyer rang")
    assert shop.free(1) == ALL_A - 2 and len(shop.sent("work_cancel")) == 1
    shop.system_answers("work_cancel")
    assert shop.free(1) == ALL_A


def test_a_warehouse_without_a_system_lets_go_at_once() -> None:
    shop = Shop()
    shop.channel_says(("B", 9))  # only the third warehouse has so many
    assert shop.order().works[0].account_id is None
    shop.person(c.CancelOrder, reason="the buyer rang")
    assert shop.order().works[0].state == "cancelled" and not shop.order().active_stock("allocation")


def test_cancelling_too_late_is_refused_and_changes_nothing() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    before = shop.order()
    answer = shop.person(c.CancelOrder, reason="too late")
    assert isinstance(answer, c.Outcome) and answer.refusal == "too_late" and answer.particulars["stage"] == "shipped"
    assert shop.order() is before


def test_cancelling_twice_is_told() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.CancelOrder, reason="once")
    answer = shop.person(c.CancelOrder, reason="twice")
    assert isinstance(answer, c.Outcome) and answer.refusal == "already_cancelled"


def test_a_buyer_who_cancels_on_the_platform_stops_the_warehouse() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("picked")
    shop.channel_says(("A", 2), is_cancelled=True)
    assert shop.order().stage == "cancelled" and len(shop.sent("work_cancel")) == 1


def test_a_recall_that_fails_is_a_case_and_the_goods_stay_bound() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.CancelOrder, reason="the buyer rang")
    shop.system_answers("work_cancel", error="isv.already_out")
    assert "cancel_too_late" in shop.opened() and shop.free(1) == ALL_A - 2


def _guarded(condition: str) -> Directory:
    """The usual directory, its lifecycle letting nobody cancel a paid order but where the condition holds."""
    blueprint = load_folder(DEFAULT)
    steps = tuple(
        replace(step, when=condition) if step.on == {"action": "cancel"} and "paid" in step.source else step
        for step in blueprint.lifecycle.transitions)
    guarded = replace(blueprint, lifecycle=replace(blueprint.lifecycle, transitions=steps))
    return replace(directory(), blueprints={1: compile_blueprint(guarded)})


@pytest.mark.parametrize(("condition", "refusal"), [
    ("total <= 5000", ""), ("total > 5000", "too_late"), ("not is_cancelled", ""), ("hold == ''", ""),
    ("channel == 'amazon'", "too_late"), ("facts.vip > 3", "rule_fails"),
])
def test_a_condition_on_cancelling_is_asked_of_the_order_as_it_stands(
    condition: str, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded = _guarded(condition)
    monkeypatch.setattr("tests.support.bench.directory", lambda: guarded)
    shop = Shop()
    shop.channel_says(("A", 2))
    before = shop.order()
    answer = shop.person(c.CancelOrder, reason="the buyer rang")
    assert isinstance(answer, c.Outcome) and answer.refusal == refusal
    if refusal:
        assert shop.order() is before
    else:
        assert (shop.order().stage, shop.order().is_cancelled) == ("cancelled", True)
        assert len(shop.sent("work_cancel")) == 1


def test_only_the_roles_that_are_drawn_cancel() -> None:
    for role, refusal in (("finance", "not_allowed"), ("warehouse", "not_allowed"), ("service", "")):
        shop = Shop()
        shop.channel_says(("A", 2))
        answer = shop.ask(c.CancelOrder(actor=person("li", role), order_id=shop.order().id, reason="x"))[0]
        assert isinstance(answer, c.Outcome) and answer.refusal == refusal
        assert shop.order().is_cancelled == (not refusal)


def told_first(shop: Shop, waybill: str) -> None:
    """The channel says that both pieces are shipped, before any warehouse does."""
    shop.channel_says(lines=(a_line("A", 2, 1_000, external_id="L1", fulfilled=2),),
                      shipments=(StatedShipment(waybill, "SF"),))  # fmt: skip


def test_a_shipment_of_ours_that_the_channel_tells_of_first_is_not_too_late_to_cancel() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    told_first(shop, "W1")
    shop.system_answers("work_cancel", error="it is out")
    assert not shop.opened()
    shop.warehouse_says("handed_over", waybill="W1")
    told_first(shop, "W1")
    order = shop.order()
    assert (order.stage, order.lines[0].shipped, order.lines[0].elsewhere) == ("shipped", 2, 0)
    assert not shop.opened() and len(shop.sent("work")) == 1 and shop.free(1) == ALL_A - 2


def test_a_number_that_the_warehouse_printed_is_known_as_its_own_and_nothing_is_called_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.warehouse_says("packed", waybill="W1")
    told_first(shop, "W1")
    assert not shop.sent("work_cancel") and shop.order().lines[0].elsewhere == 0
    shop.warehouse_says("handed_over", waybill="W1")
    assert shop.order().stage == "shipped" and shop.order().lines[0].shipped == 2 and not shop.opened()


@pytest.mark.parametrize("is_named_later", [False, True])
def test_goods_that_the_channel_and_the_warehouse_both_sent_are_seen(is_named_later: bool) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    told_first(shop, "CH1")
    shop.system_answers("work_cancel", error="it is out")
    if is_named_later:
        shop.warehouse_says("handed_over", waybill="")
        assert "cancel_too_late" not in shop.opened()
    shop.warehouse_says("handed_over", waybill="W1")
    assert "cancel_too_late" in shop.opened()


def test_a_lowered_order_that_the_warehouse_does_not_give_back_is_too_late() -> None:
    shop = Shop()
    shop.channel_says(("A", 3))
    shop.system_answers("work")
    shop.channel_says(("A", 2))
    shop.system_answers("work_cancel", error="it is packed")
    assert "cancel_too_late" in shop.opened()


def test_an_order_that_was_raised_misses_nothing_when_the_warehouse_keeps_what_it_has() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.channel_says(("A", 3))
    shop.system_answers("work_cancel", error="it is packed")
    live = [w for w in shop.order().works if w.state.is_forward]
    assert sum(i.quantity for w in live for i in w.items) == 3 and not shop.opened()
