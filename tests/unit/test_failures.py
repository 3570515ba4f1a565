"""Guessing is slowed where it comes from; a stranger cannot keep the right user out."""

from __future__ import annotations

import pytest

from orderloom.application.identity.denied import Denied
from orderloom.application.identity.failures import (
    ADDRESS_MAX,
    DELAY_SECONDS_MAX,
    DELAYED_MAX,
    NAME_MAX,
    PAIR_MAX,
    WINDOW_SECONDS,
    Failures,
    source_of,
)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def storm(failures: Failures, name: str, count: int) -> None:
    """Failures of one name, each from an address of its own."""
    for number in range(count):
        failures.begin(name, f"10.9.{number // 250}.{number % 250}")


def test_the_right_user_gets_in_while_the_whole_world_guesses_their_password() -> None:
    failures = Failures()
    failures.begin("anna", "192.0.2.1")
    failures.succeeded("anna", "192.0.2.1")
    for number in range(400):
        try:
            failures.waited("anna", f"10.9.{number // 250}.{number % 250}")
            failures.begin("anna", f"10.9.{number // 250}.{number % 250}")
        except Denied:
            continue
    assert failures.begin("anna", "192.0.2.1") == 0.0, "a place she logged in from does not wait"
    assert failures.begin("anna", "device:1", is_device=True) == 0.0, "her own device does not wait"


def test_a_stranger_waits_longer_and_longer_but_is_not_refused_for_what_others_failed() -> None:
    failures = Failures()
    storm(failures, "anna", NAME_MAX)
    first = failures.begin("anna", "192.0.2.7")
    failures.waited("anna", "192.0.2.7")
    storm(failures, "anna", 60)
    later = failures.begin("anna", "192.0.2.8")
    assert 0 < first < later <= DELAY_SECONDS_MAX


def test_so_many_strangers_wait_at_once_and_no_more() -> None:
    failures = Failures()
    storm(failures, "anna", NAME_MAX + DELAYED_MAX)
    with pytest.raises(Denied) as refused:
        failures.begin("anna", "192.0.2.9")
    assert refused.value.code == "too_many_tries" and refused.value.retry_after


def test_one_source_is_refused_and_its_neighbours_are_not() -> None:
    clock = Clock()
    failures = Failures(clock)
    for _ in range(PAIR_MAX):
        failures.begin("anna", "192.0.2.1")
    with pytest.raises(Denied):
        failures.begin("anna", "192.0.2.1")
    assert failures.begin("anna", "192.0.2.2") == 0.0
    assert failures.begin("bob", "192.0.2.1") == 0.0
    clock.now += WINDOW_SECONDS + 1
    assert failures.begin("anna", "192.0.2.1") == 0.0, "nobody is locked out for good"


def test_tries_under_way_count_so_that_a_thousand_at_once_are_not_let_through() -> None:
    failures = Failures()
    let_in = 0
    for _ in range(1_000):
        try:
            failures.begin("anna", "192.0.2.1")
            let_in += 1
        except Denied:
            continue
    assert let_in == PAIR_MAX


def test_an_address_that_tries_every_name_stops_but_not_for_whom_it_knows() -> None:
    failures = Failures()
    failures.begin("anna", "192.0.2.1")
    failures.succeeded("anna", "192.0.2.1")
    for number in range(ADDRESS_MAX):
        failures.begin(f"name-{number}", "192.0.2.1")
    with pytest.raises(Denied):
        failures.begin("one more", "192.0.2.1")
    assert failures.begin("anna", "192.0.2.1") == 0.0, "the office's guesser does not lock the office out"


@pytest.mark.parametrize(("address", "source"), [
    ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::/64"), ("2001:db8::ffff:1", "2001:db8::/64"),
    ("::ffff:192.0.2.1", "192.0.2.1"), ("", ""), ("somewhere", "somewhere"),
])
def test_a_subscriber_with_a_whole_network_is_one_source(address: str, source: str) -> None:
    assert source_of(address) == source
