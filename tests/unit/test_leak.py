"""What is freed of a level is what nobody holds, and never what somebody might need."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orderloom.domain.inventory.leak import BoundSums, Evened, even, freed
from orderloom.domain.inventory.level import Level, Movement
from orderloom.domain.inventory.moves import StockWord
from orderloom.domain.refusal import Refusal

SAID = StockWord("leak/1", "x", "li", datetime(2026, 11, 28, tzinfo=UTC))


@pytest.mark.parametrize(("level", "sums", "seen", "booked", "delta"), [
    (Level(1, 1, 10, reserved=6), BoundSums(6, 0, 2, 0), 4, 6, -4),
    (Level(1, 1, 10, reserved=6), BoundSums(2, 0, 2, 0), 4, 2, 0),
    (Level(1, 1, 10, reserved=1), BoundSums(1, 0, 2, 0), -1, 1, 1),
    (Level(1, 1, 10, reserved=5), BoundSums(3, 0, 2, 0), 3, 3, -1),
])
def test_level_and_ledger_end_at_what_orders_hold(
    level: Level, sums: BoundSums, seen: int, booked: int, delta: int,
) -> None:
    found = even(level, sums, "reservation", seen, SAID)
    assert isinstance(found, Evened)
    assert (found.booked, found.movement.reserved, found.movement.allocated) == (booked, delta, 0)
    assert found.booked + found.movement.reserved == sums.held_reserved == sums.booked_reserved + delta


def test_another_difference_than_the_one_that_was_seen_stays() -> None:
    level, sums = Level(1, 1, 10, allocated=6), BoundSums(0, 6, 0, 2)
    assert even(level, sums, "allocation", 3, SAID) == Refusal("leak_changed", {"quantity": "4"})
    assert even(level, sums, "reservation", 4, SAID) == Refusal("no_leak", {})


def test_units_of_an_order_that_is_gone_go_back_only_as_far_as_the_level_has_them() -> None:
    line = freed(Level(1, 1, 10, allocated=3), "allocation", 3, SAID)
    assert isinstance(line, Movement) and (line.kind, line.allocated, line.reserved) == ("release", -3, 0)
    assert freed(Level(1, 1, 10, allocated=2), "allocation", 3, SAID) == Refusal("level_first", {})
