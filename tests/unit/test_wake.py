"""A deadline acts only when its condition still holds, and each fires once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from orderloom.application.explain_order import PendingLimit, explain_order
from orderloom.application.still_due import CONDITIONS
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.words import DEADLINES
from tests.support.bench import DEFAULT, Shop, directory
from tests.support.moves import WMS


def test_every_deadline_that_a_blueprint_may_name_has_a_condition() -> None:
    waited_for = set(DEADLINES) - {"ship_times_differ"}  # a limit that is compared with
    assert waited_for <= CONDITIONS.keys()
    assert {deadline.name for deadline in load_folder(DEFAULT).deadlines} == set(DEADLINES)


def test_a_seller_who_leaves_deadlines_out_ships_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = tuple(d for d in load_folder(DEFAULT).deadlines if d.fires)  # what the lifecycle waits for
    blueprint = compile_blueprint(replace(load_folder(DEFAULT), deadlines=watched))
    monkeypatch.setattr("tests.support.bench.directory", lambda: replace(directory(), blueprints={1: blueprint}))
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.warehouse_says("handed_over")
    shop.carrier_says(("collected", 600), ("delivered", 0))
    assert shop.order().stage == "completed" and {d.kind for d in shop.pending} == {"stage_overdue"}


def test_an_order_that_is_never_paid_is_closed_in_the_end() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.time_passes(900)
    assert shop.time_passes(3 * 86_400) == ["unpaid_closed"]
    assert shop.order().stage == "cancelled"


def test_an_order_paid_in_time_is_never_closed_for_it() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.time_passes(900)
    shop.channel_says(("A", 2))
    assert shop.time_passes(3 * 86_400) == ["stage_overdue"] and shop.order().stage == "paid"


def test_a_stage_that_takes_too_long_is_seen_but_one_that_was_left_is_not() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("allocated", seconds=7_000)
    assert shop.time_passes(300) == [], "the order left its stage in time"
    assert "stage_overdue" in shop.time_passes(4 * 3_600)
    assert "stage_overdue" in shop.opened()


def test_what_is_shown_as_due_leaves_out_what_will_find_nothing_to_do() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    pending = [PendingLimit(d.kind, d.of, d.due_at) for d in shop.pending]

    def due() -> set[tuple[str, str]]:
        told = explain_order(shop.order(), directory(), pending, None, shop.at)
        return {(one.kind, one.subject) for one in told.limits}

    before = due()
    assert {kind for kind, _ in before} == {"stage", "downstream_missing", "work_unanswered"}
    shop.warehouse_says("handed_over")
    assert {d.kind for d in shop.pending} >= {"downstream_missing"}, "it is stored until it comes due"
    assert not due() & before


def test_paying_after_the_time_limit_ships_when_there_is_stock_and_a_person_is_told() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.time_passes(900)
    shop.channel_says(("A", 2))
    assert shop.order().stage == "paid" and len(shop.sent("work")) == 1
    assert "payment_after_expiry" in shop.opened()


def test_work_that_a_warehouse_never_heard_of_is_seen_though_it_speaks_of_another_one() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.warehouse_says("handed_over")
    shop.channel_says(("A", 2), ("B", 1))
    assert shop.order().works[1].account_id == WMS
    shop.system_answers("work", 2)
    assert "downstream_missing" in shop.time_passes(600) and "downstream_missing" in shop.opened()
    shop.warehouse_says("allocated", 2)
    assert "downstream_missing" not in shop.time_passes(600)


def test_a_word_from_before_works_were_noted_counts_for_all_of_them() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.system_answers("work")
    shop.warehouse_says("allocated")
    order = shop.order()
    shop.orders[order.id] = replace(order, claims=tuple([replace(claim, work="") for claim in order.claims]))
    assert "downstream_missing" not in shop.time_passes(600)
