"""What the shipped lifecycle does at each step of the usual and the unusual order."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.guard import compile_guard
from orderloom.blueprint.load import load_folder
from orderloom.domain.lifecycle import Forbidden, GuardFailed
from orderloom.domain.traits import TRAIT_SAMPLES

DEFAULT = Path(__file__).parents[2] / "blueprints" / "default"


@cache
def default() -> CompiledBlueprint:
    return compile_blueprint(load_folder(DEFAULT))


def step(stage: str, trigger: str, **traits: Any) -> tuple[str, list[str]] | None:
    kind, name = trigger.split(":")
    found = default().lifecycle.step(stage, (kind, name), {**TRAIT_SAMPLES, **traits})
    assert not isinstance(found, Forbidden)
    return None if found is None else (found.to, [str(effect) for effect in found.effects])


def test_an_ordinary_order_walks_from_recorded_to_completed() -> None:
    stage, seen = default().lifecycle.initial, []
    news = ("recorded", "paid", "allocated", "picked", "packed", "handed_over", "out_for_delivery", "delivered")
    for fact in news:
        moved = step(stage, f"fact:{fact}")
        assert moved is not None, fact
        stage = moved[0]
        seen.append(stage)
    assert seen == [
        "awaiting_payment",
        "paid",
        "picking",
        "packing",
        "awaiting_collection",
        "shipped",
        "out_for_delivery",
        "completed",
    ]


@pytest.mark.parametrize(
    ("stage", "trigger", "traits", "expected"),
    [
        ("awaiting_payment", "fact:recorded", {"payment": "unpaid"}, ("awaiting_payment", ["reserve"])),
        (
            "awaiting_payment",
            "fact:recorded",
            {"payment": "cod"},
            ("paid", ["allocate", "assign", "dispatch"]),
        ),
        ("awaiting_payment", "fact:recorded", {"is_fulfilled_elsewhere": True}, ("elsewhere", [])),
        ("elsewhere", "fact:paid", {}, None),
        ("elsewhere", "fact:collected", {}, ("shipped", [])),
        ("awaiting_payment", "deadline:reservation_expired", {}, ("expired", ["release", "notify"])),
        ("paid", "deadline:reservation_expired", {}, None),
        ("cancelled", "fact:paid", {}, ("cancelled", ["open_case:payment_after_expiry"])),
        ("cancelled", "fact:handed_over", {}, ("cancelled", ["watch_parcel", "open_case:shipped_after_cancel"])),
        ("cancelled", "fact:returned", {}, ("returned", ["open_case:parcel_returned"])),
        ("cancelled", "fact:lost", {}, ("cancelled", ["open_case:parcel_lost"])),
        ("shipped", "fact:cancelled", {"is_out": True},
         ("shipped", ["recall", "release", "open_case:cancel_too_late"])),
        ("paid", "fact:cancelled", {"is_out": True},
         ("cancelled", ["recall", "release", "open_case:cancel_too_late", "notify"])),
        ("shipped", "fact:cancelled", {"is_out": False}, ("cancelled", ["recall", "release", "notify"])),
        ("packing", "fact:cancelled", {}, ("cancelled", ["recall", "release", "notify"])),
        ("paid", "fact:held", {"hold": "amount_mismatch"}, ("paid", ["recall", "release"])),
        ("paid", "fact:held", {"hold": "manual"}, ("paid", ["recall"])),
        ("picking", "fact:held", {"hold": "manual"}, ("paid", ["recall"])),
        ("picking", "fact:held", {"hold": "amount_mismatch"}, ("paid", ["recall", "release"])),
        ("paid", "fact:released", {}, ("paid", ["allocate", "assign", "dispatch"])),
        ("short", "fact:stock_found", {}, ("paid", ["allocate", "assign", "dispatch"])),
        ("completed", "fact:delivered", {}, None),
        ("completed", "fact:returned", {}, ("returned", ["release", "open_case:parcel_returned", "notify"])),
        ("failed", "fact:failed", {}, ("failed", ["open_case:parcel_failed"])),
    ],
)
def test_each_turn_does_what_the_trade_expects(
    stage: str, trigger: str, traits: dict[str, Any], expected: tuple[str, list[str]] | None
) -> None:
    assert step(stage, trigger, **traits) == expected


def test_money_that_comes_after_the_stock_was_freed_is_neither_lost_nor_silent() -> None:
    moved = step("expired", "fact:paid")
    assert moved == ("paid", ["open_case:payment_after_expiry", "allocate", "assign", "dispatch"])


def test_a_customer_is_offered_cancel_before_the_goods_are_worked_on_and_not_after() -> None:
    machine = default().lifecycle
    assert machine.offers("awaiting_payment", TRAIT_SAMPLES, frozenset({"customer"})) == ("cancel",)
    assert machine.offers("packing", TRAIT_SAMPLES, frozenset({"customer"})) == ()
    assert machine.offers("packing", TRAIT_SAMPLES, frozenset({"service"})) == ("cancel",)
    assert machine.offers("shipped", TRAIT_SAMPLES, frozenset({"customer"})) == ("confirm",)


def test_a_condition_that_lacks_its_fact_is_not_taken_for_a_no() -> None:
    guard = compile_guard("total > 500")
    assert guard({"total": 501}) is True
    with pytest.raises(GuardFailed, match="total > 500"):
        guard({"total": "501"})
    with pytest.raises(GuardFailed, match="missing payment"):
        compile_guard("payment == 'cod'")({})
