"""The replenishment point and what is suggested: nobody runs out because a figure was rounded away, or buys twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.domain.inventory.replenish import (
    ReplenishFacts,
    ReplenishRule,
    SupplyTerms,
    bought,
    by_need,
    point_of,
    suggest,
)

RULE = ReplenishRule()
EAST = SupplyTerms(1, "EAST", 7)
units = st.integers(0, 10**6)


def facts(**given: int) -> ReplenishFacts:
    return ReplenishFacts("M-001", "杯子", 1, **given)


@pytest.mark.parametrize("safety, sold, point", [
    (0, 0, 0), (100, 0, 180), (0, 70, 30), (100, 70, 210), (1, 0, 2), (0, 1, 1), (5, 7, 12), (10, 3, 20),
])
def test_the_point_is_the_formula_rounded_up_once(safety: int, sold: int, point: int) -> None:
    assert point_of(safety, sold, RULE) == point


def test_a_suggestion_reaches_past_the_point_by_what_sells_until_the_goods_come() -> None:
    found = suggest(facts(on_hand=200, safety=100, sold=70), [EAST], RULE)
    assert found is not None
    assert (found.point, found.target, found.missing, found.quantity, found.days_left) == (210, 280, 80, 80, 20)


@pytest.mark.parametrize("what", ["on_purchase", "in_transit", "on_hand"])
def test_what_is_on_its_way_is_not_bought_again(what: str) -> None:
    low = facts(on_hand=200, safety=100, sold=70)
    assert suggest(low, [EAST], RULE) is not None
    assert suggest(replace(low, **{what: getattr(low, what) + 11}), [EAST], RULE) is None


@pytest.mark.parametrize("what", ["promised", "frozen", "waiting"])
def test_units_that_are_spoken_for_are_no_stock(what: str) -> None:
    enough = facts(on_hand=250, safety=100, sold=70)
    assert suggest(enough, [EAST], RULE) is None
    assert suggest(replace(enough, **{what: 40}), [EAST], RULE) is not None


def test_goods_that_do_not_sell_and_need_no_safety_are_never_bought_unless_orders_wait() -> None:
    assert suggest(facts(), [EAST], RULE) is None
    waited = suggest(facts(waiting=3), [EAST], RULE)
    assert waited is not None and (waited.missing, waited.days_left) == (3, None)


def test_the_supplier_who_comes_first_is_chosen_and_without_one_the_need_is_still_told() -> None:
    low = facts(waiting=3)
    chosen = suggest(low, [EAST, replace(EAST, supplier="WEST", priority=1), replace(EAST, supplier="A")], RULE)
    assert chosen is not None and chosen.terms is not None and chosen.terms.supplier == "A"
    alone = suggest(low, [], RULE)
    assert alone is not None and alone.terms is None and alone.quantity == 3


@pytest.mark.parametrize("missing, minimum, pack, quantity", [
    (1, 1, 1, 1), (1, 10, 1, 10), (11, 10, 6, 12), (12, 1, 12, 12), (13, 1, 12, 24), (3, 10, 12, 12),
])
def test_whole_packs_and_no_less_than_the_minimum_are_bought(
    missing: int, minimum: int, pack: int, quantity: int,
) -> None:
    assert bought(missing, SupplyTerms(1, "EAST", 7, minimum, pack)) == quantity


def test_what_runs_out_first_stands_in_front() -> None:
    rows = [suggest(replace(facts(on_hand=n, sold=7, waiting=w), sku=f"S{n}"), [], RULE)
            for n, w in ((2, 0), (1, 0), (0, 4))]
    assert [one.facts.sku for one in by_need([row for row in rows if row])] == ["S0", "S1", "S2"]


@given(units, units, units, units, st.integers(0, 60), st.integers(1, 500), st.integers(1, 500))
def test_after_what_is_suggested_came_nothing_is_suggested_again(
    on_hand: int, safety: int, sold: int, waiting: int, lead: int, minimum: int, pack: int,
) -> None:
    terms = SupplyTerms(1, "EAST", lead, minimum, pack)
    before = facts(on_hand=on_hand, safety=safety, sold=sold, waiting=waiting)
    found = suggest(before, [terms], RULE)
    if found is None:
        assert before.position > point_of(safety, sold, RULE) or before.position >= found_target(safety, sold, lead)
        return
    assert found.quantity % pack == 0 and found.quantity >= max(found.missing, minimum)
    after = suggest(replace(before, on_purchase=found.quantity), [terms], RULE)
    assert after is None


def found_target(safety: int, sold: int, lead: int) -> int:
    return point_of(safety, sold, RULE) + -(-sold * lead // 7)
