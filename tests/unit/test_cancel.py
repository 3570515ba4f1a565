"""A cancelled order gives everything back that is not out, and says when it is too late."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "property"))

import pytest
from bench import DEFAULT, OPENING, Shop, directory
from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.actor import person

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
    assert isinstance(answer, c.Outcome) and answer.refusal == "too_late" and answer.facts["stage"] == "shipped"
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
    monkeypatch.setattr("bench.directory", lambda: guarded)
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
