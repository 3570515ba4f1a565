"""What a platform keeps back in one stretch of time is still told when it keeps something back in another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from orderloom.application.left_out import WINDOWS_MAX, completed, told_again

AT = datetime(2026, 3, 10, tzinfo=UTC)


def _hour(n: int) -> tuple[datetime, datetime]:
    return AT + timedelta(hours=n), AT + timedelta(hours=n + 1)


def _told(*missing: int) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for n, count in enumerate(missing):
        known = told_again(known, *_hour(n), found=1, missing=count)
    return known


def test_each_stretch_keeps_what_it_misses() -> None:
    known = _told(2, 0, 1)
    assert (known["found"], known["missing"]) == (3, 3) and [w["missing"] for w in known["windows"]] == [2, 0, 1]
    again = told_again(known, *_hour(0), found=0, missing=1)
    assert (again["found"], again["missing"]) == (3, 2), "told anew, and what was found before stays found"


def test_only_what_was_read_again_as_a_whole_is_complete() -> None:
    known = _told(2, 0, 1)
    assert completed(known, AT + timedelta(minutes=70), AT + timedelta(hours=2)) is None
    once = completed(known, *_hour(0))
    assert once is not None and once["missing"] == 1
    twice = completed(once, AT, AT + timedelta(hours=3))
    assert twice is not None and twice["missing"] == 0


def test_a_stretch_that_two_readings_share_is_complete_after_both() -> None:
    first, last = _hour(0)
    middle = first + timedelta(minutes=20)
    once = completed(_told(2), first - timedelta(hours=1), middle)
    assert once is not None and (once["missing"], once["from"]) == (2, middle.isoformat())
    both = completed(once, middle, last + timedelta(hours=1))
    assert both is not None and both["missing"] == 0


def test_a_case_from_before_stretches_were_listed_keeps_what_it_told() -> None:
    start, end = _hour(0)
    old = {"account": "TB01", "from": start.isoformat(), "to": end.isoformat(), "found": 0, "missing": 4, "why": "x"}
    assert told_again(old, *_hour(1), found=0, missing=1)["missing"] == 5


def test_a_case_stays_small_and_forgets_no_missing_order() -> None:
    known = _told(*[1] * (WINDOWS_MAX + 20))
    assert (len(known["windows"]), known["missing"]) == (WINDOWS_MAX, WINDOWS_MAX + 20)
    assert known["from"] == AT.isoformat()
