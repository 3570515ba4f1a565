"""No text from outside is too long for an index or impossible to store, and what belonged together still meets."""

from __future__ import annotations

from hashlib import sha256

import pytest

from orderloom.domain.shown import KEY_MAX, key_of, storable


def test_a_short_key_is_what_it_was() -> None:
    for text in ("", "M-001", "订单号", "x" * KEY_MAX):
        assert key_of(text) == text


def test_two_long_keys_that_begin_alike_stay_two_and_each_is_found_again() -> None:
    one, two = "A" * 3_000 + "1", "A" * 3_000 + "2"
    assert key_of(one) == key_of(one) != key_of(two)
    assert len(key_of(one)) <= KEY_MAX and key_of(one).endswith(sha256(one.encode()).hexdigest())
    assert len(key_of("😀" * 3_000_000).encode()) < 2_700


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x\udfff", "\0" * 5_000, "\ud83d" * 5_000, "\ud83d\ude00"])
def test_what_no_database_can_hold_is_replaced_and_nothing_else(text: str) -> None:
    for kept in (storable(text), key_of(text)):
        assert "\0" not in kept and kept.encode().decode() == kept
    assert storable("林清和 \u202e") == "林清和 \u202e"
