"""Which differences of a snapshot count: by how much figures differ, and what on its way explains."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.inventory.snapshot import SnapshotRow, tripped, was_so


def row(ours: int | None, theirs: int | None, explained: str = "", sku: str = "A") -> SnapshotRow:
    return SnapshotRow("WD01", "HZ", sku, sku, "physical", ours, theirs, explained)


@pytest.mark.parametrize(("ours", "theirs", "permille"), [
    (1_000, 1_000, 0), (1_000, 995, 5), (1_000, 994, 6), (10, 9, 100), (0, 0, 0), (0, 1, 1_000), (None, 3, 1_000),
    (-5, 5, 2_000), (3, 2, 334),
])
def test_a_difference_is_told_in_per_mille_of_the_larger_figure(
    ours: int | None, theirs: int | None, permille: int
) -> None:
    assert row(ours, theirs).permille == permille


def test_half_a_percent_passes_and_more_does_not_unless_something_explains_it() -> None:
    rows = [row(1_000, 995), row(1_000, 994, sku="B"), row(10, 2, "in_flight", "C"), row(5, 1, sku="")]
    assert tripped(rows, 5) == ["B"]


@given(st.integers(-50, 50), st.lists(st.integers(-9, 9), max_size=12), st.integers(0, 12))
def test_a_figure_of_the_book_at_any_moment_of_the_window_explains_itself(
    now: int, deltas: list[int], place: int
) -> None:
    then = now - sum(deltas[:place])
    assert was_so(then, now, deltas)


def test_a_figure_that_the_book_never_showed_explains_nothing() -> None:
    assert not was_so(7, 10, [1, 1])
