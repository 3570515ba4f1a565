"""Sharing a total never makes or loses money."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.money import apportion, format_minor, parse

amounts = st.integers(-(10**12), 10**12)


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_shares_add_up_to_the_total_and_stay_within_one_unit_of_fair(total: int, weights: list[int]) -> None:
    shares = apportion(total, weights)
    assert sum(shares) == total
    scale = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        if scale:
            assert abs(share * scale - total * weight) < scale


@given(amounts, st.lists(st.integers(0, 1000), min_size=2, max_size=10))
def test_a_heavier_line_never_gets_less_than_a_lighter_one(total: int, weights: list[int]) -> None:
    shares = apportion(abs(total), weights)
    for one, weight in zip(shares, weights, strict=True):
        for other, lighter in zip(shares, weights, strict=True):
            assert weight <= lighter or one >= other


@given(amounts, st.sampled_from(["CNY", "JPY", "KWD", "USD"]))
def test_an_amount_that_is_shown_reads_back_the_same(minor: int, currency: str) -> None:
    assert parse(format_minor(minor, currency), currency) == minor
