"""A channel is never shown less than nothing, nor more than could be bound for it, nor less for more goods."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.inventory.shown import Available, ShownFormula, shown_units

percents = st.integers(0, 100)
units = st.integers(-(10**9), 10**9)
counts = st.integers(0, 10**9)
maybe = st.none() | counts
formulas = st.builds(ShownFormula, percents, counts, maybe, maybe, percents, percents)
stock = st.builds(Available, units, counts, counts)
Of = list[tuple[Available, int]]
parts = st.lists(st.tuples(stock, st.integers(1, 20)), min_size=1, max_size=4)


@given(formulas, parts, st.integers(1, 100))
def test_it_is_never_negative_nor_more_than_the_cap(formula: ShownFormula, of: Of, factor: int) -> None:
    figure = shown_units(formula, of, factor)
    assert figure >= 0
    assert formula.cap is None or figure * factor <= formula.cap


@given(formulas, parts, st.integers(1, 100))
def test_nobody_is_shown_what_could_not_be_bound(formula: ShownFormula, of: Of, factor: int) -> None:
    """Without the variant that counts what unpaid orders hold, and with it no more than its price tag says."""
    taken = 0 if formula.unpaid_percent == 0 else 1
    could = min((max(one.free, -one.campaign) + one.campaign + taken * one.unpaid) // n for one, n in of)
    assert shown_units(formula, of, factor) * factor <= max(could, 0)


@given(formulas, parts, st.integers(0, 10**6), st.integers(1, 100))
def test_more_free_units_never_show_less(
    formula: ShownFormula, of: Of, more: int, factor: int,
) -> None:
    better = [(Available(one.free + more, one.campaign, one.unpaid), n) for one, n in of]
    assert shown_units(formula, better, factor) >= shown_units(formula, of, factor)
