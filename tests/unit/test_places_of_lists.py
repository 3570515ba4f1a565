"""Each list of an account is read from its own place: one that fails for good delays nobody; nothing is passed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from orderloom.adapters.kit.places import Places
from orderloom.application.ports import Cursor

START = datetime(2026, 11, 1, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAMES = ("orders", "refunds", "reviews")


def test_lists_that_stand_together_are_kept_as_a_time_and_nothing_else() -> None:
    places = Places(Cursor(START), NAMES)
    for name in NAMES:
        places.move(name, START + MINUTE)
    assert places.cursor() == Cursor(START + MINUTE)


def test_the_time_of_a_cursor_is_that_of_the_list_furthest_behind() -> None:
    places = Places(Cursor(START), NAMES)
    places.move("orders", START + 2 * MINUTE)
    places.move("reviews", START + MINUTE)
    places.fail("refunds")
    kept = places.cursor()
    assert kept.at == START
    again = Places(kept, NAMES)
    assert again.groups() == [(START + 2 * MINUTE, ["orders"]), (START + MINUTE, ["reviews"]), (START, ["refunds"])]
    assert again.cursor() == kept


def test_a_list_that_is_new_or_was_not_wanted_begins_where_the_time_stands() -> None:
    places = Places(Cursor(START), ["orders", "refunds"])
    places.move("orders", START + MINUTE)
    assert Places(places.cursor(), NAMES).at("reviews") == START


def test_a_key_of_another_reader_and_a_spoilt_one_mean_one_place() -> None:
    for key in ("inbox/day.csv", "{", '{"ahead": 1}', '{"ahead": {"orders": "yesterday"}}'):
        assert Places(Cursor(START, key), NAMES).groups() == [(START, list(NAMES))]


def test_a_place_that_a_clock_which_ran_back_left_behind_the_time_is_the_time() -> None:
    kept = Cursor(START, '{"ahead":{"orders":"2020-01-01T00:00:00Z"}}')
    assert Places(kept, NAMES).at("orders") == START


def test_a_list_that_fails_for_long_is_tried_every_five_minutes_and_at_once_while_it_is_fresh() -> None:
    tried = 0
    cursor = Cursor(START)
    for second in range(0, 3_600, 10):
        until = START + timedelta(seconds=second)
        places = Places(cursor, ["orders", "refunds"])
        assert places.is_due("orders", until)
        tried += places.is_due("refunds", until)
        places.move("orders", until)
        places.fail("refunds")
        cursor = places.cursor()
    assert 30 + 10 <= tried <= 30 + 12


def test_a_list_that_is_behind_without_having_failed_is_read_every_time() -> None:
    places = Places(Cursor(START, '{"ahead":{"orders":"2026-11-01T12:00:00Z"}}'), ["orders", "refunds"])
    assert places.is_due("refunds", START + timedelta(hours=2))
