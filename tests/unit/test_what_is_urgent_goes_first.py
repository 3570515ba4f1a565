"""What has to be out first is picked first, and everybody can see why."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.floor.choose import WaveRule, WorkToPick, choose
from orderloom.domain.floor.priority import Urgency, next_cut_off, prioritise

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
RULE = WaveRule(slack_minutes=0)


def a_work(
    number: str, hours: float = 10, units: int = 1, *, rush: int = 0, paid: float = 0, service: str = "",
) -> WorkToPick:
    at, due = NOW - timedelta(hours=paid), NOW + timedelta(hours=hours)
    return WorkToPick("o", 1, number, at, at, due, rush, "", "", ((1, units),), service=service)


def turns(*works: WorkToPick, pace: int = 20, **cut_offs: datetime) -> list[str]:
    return [one.work for one in prioritise(works, RULE, NOW, pace, cut_offs)]


def test_what_is_due_first_is_first_and_of_equal_ones_the_oldest() -> None:
    assert turns(a_work("late", 9), a_work("soon", 1), a_work("old", 9, paid=8)) == ["soon", "old", "late"]


def test_a_rush_order_counts_as_due_a_day_earlier() -> None:
    assert turns(a_work("today", 5), a_work("rush", 28, rush=1)) == ["rush", "today"]
    assert turns(a_work("today", 5), a_work("rush", 30, rush=1)) == ["today", "rush"]


def test_the_carrier_that_leaves_before_the_ship_by_time_counts() -> None:
    leaves = NOW + timedelta(hours=2)
    first, second = prioritise([a_work("a", 5), a_work("b", 9, service="zto")], RULE, NOW, 20, {"zto": leaves})
    assert (first.work, first.reasons[0].why, first.reasons[0].minutes) == ("b", Urgency.CUT_OFF, 120)
    assert first.due_at == leaves and second.reasons[0].why is Urgency.SHIP_BY


def test_a_slow_floor_begins_large_works_earlier_and_says_what_comes_too_late() -> None:
    small, large = a_work("small", 2), a_work("large", 2.5, 100)
    assert turns(small, large, pace=100) == ["small", "large"], "ten minutes of work change nothing"
    slow = prioritise([small, large], RULE, NOW, 5, {})
    assert [(one.work, one.done_in, one.is_late) for one in slow] == [("large", 200, True), ("small", 202, True)]
    assert prioritise([small, large], RULE, NOW, 0, {}) == prioritise([small, large], RULE, NOW, 20, {})


def test_a_cut_off_that_has_passed_is_tomorrows() -> None:
    assert next_cut_off(time(16), "Asia/Shanghai", NOW) == NOW + timedelta(hours=4)
    assert next_cut_off(time(11), "Asia/Shanghai", NOW) == NOW + timedelta(hours=23)


def test_a_wave_takes_works_in_their_turn() -> None:
    works = [a_work("a", 5), a_work("b", 28, rush=1), a_work("c", 6)]
    order = {one.work: n for n, one in enumerate(prioritise(works, RULE, NOW, 20, {}))}
    assert [one.number for one in choose(works, WaveRule(orders_max=2), order)] == ["b", "a"]


@given(st.lists(st.tuples(st.floats(-400, 400), st.integers(0, 500), st.booleans(), st.integers(0, 900)), max_size=20),
       st.integers(0, 500))
def test_reasons_add_up_and_nobody_waits_who_is_more_urgent(
    asked: list[tuple[float, int, bool, int]], pace: int,
) -> None:
    works = [a_work(f"w{n:02}", hours, units, rush=int(rush), paid=paid)
             for n, (hours, units, rush, paid) in enumerate(asked)]
    found = prioritise(works, RULE, NOW, pace, {})
    assert sorted(one.work for one in found) == sorted(one.number for one in works)
    assert all(one.minutes == sum(reason.minutes for reason in one.reasons) for one in found)
    assert [one.minutes for one in found] == sorted(one.minutes for one in found)
    assert [one.done_in for one in found] == sorted(one.done_in for one in found)
