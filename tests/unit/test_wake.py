"""A deadline acts only when its condition still holds, and each fires once."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "property"))

from bench import Shop

from orderloom.application.wake import CONDITIONS
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_folder


def test_every_deadline_that_a_blueprint_names_has_a_condition() -> None:
    names = compile_blueprint(load_folder(Path(__file__).resolve().parents[2] / "blueprints" / "default")).deadlines
    set_by_nobody = {"ship_times_differ", "wms_silent"}  # limits that are compared with, not waited for
    assert set(names) - set_by_nobody <= CONDITIONS.keys()


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


def test_paying_after_the_time_limit_ships_when_there_is_stock_and_a_person_is_told() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), is_paid=False)
    shop.time_passes(900)
    shop.channel_says(("A", 2))
    assert shop.order().stage == "paid" and len(shop.sent("work")) == 1
    assert "payment_after_expiry" in shop.opened()
