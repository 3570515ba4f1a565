"""The number under which people and scanners know an order finds slips of the hand."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.ids import new_id
from orderloom.domain.number import is_mistyped, is_order_number, order_number

AT = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
numbers = st.builds(lambda code, n: order_number(code, AT, f"{n:036x}"), st.sampled_from(["TB01", "DD", "SHOPIFY1"]),
                    st.integers(0, 2**48 - 1))


def test_a_number_says_its_channel_and_day() -> None:
    number = order_number("TB01", AT, new_id())
    assert number.startswith("TB01-261122-") and is_order_number(number)


def test_a_number_typed_in_small_letters_or_with_blanks_is_found() -> None:
    assert is_order_number(f"  {order_number('TB01', AT, new_id()).lower()} ")


@given(numbers, st.integers(0, 40), st.sampled_from(SIGNS))
def test_one_mistyped_character_is_always_noticed(number: str, at: int, sign: str) -> None:
    places = [i for i, x in enumerate(number) if x in SIGNS]
    place = places[at % len(places)]
    wrong = number[:place] + sign + number[place + 1:]
    assert is_order_number(wrong) == (wrong == number) and is_mistyped(wrong) == (wrong != number)


def test_of_a_hundred_numbers_with_two_swapped_neighbours_at_most_one_passes() -> None:
    tried = passed = 0
    for n in range(2_000):
        number = order_number("TB01", AT, f"{n * 7_919_993:036x}")
        for at in range(len(number) - 3):
            if number[at] != number[at + 1] and "-" not in number[at:at + 2]:
                tried += 1
                passed += is_order_number(number[:at] + number[at + 1] + number[at] + number[at + 2:])
    assert passed * 100 <= tried, f"{passed} of {tried}"


def test_ten_thousand_orders_of_one_instant_have_ten_thousand_numbers() -> None:
    assert len({order_number("TB01", AT, new_id()) for _ in range(10_000)}) == 10_000


def test_a_channels_own_id_is_not_called_mistyped() -> None:
    assert not any(is_mistyped(text) for text in ("", "3027000000000000001", "#1003", "701-1234567-7654321", "TB01"))


def test_nothing_is_no_number() -> None:
    assert not any(is_order_number(text) for text in ("", "-", "TB01", "TB01-261122-AAAAAAAA"))
