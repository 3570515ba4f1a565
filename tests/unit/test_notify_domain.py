"""Quiet hours, digests, words and escalation as they are decided: nobody is flooded, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.notify.address import is_address, shown
from orderloom.domain.notify.plan import DueMessage, HandedOver, Zones, plan
from orderloom.domain.notify.quiet import Quiet, quiet_until
from orderloom.domain.notify.rule import (
    ROOM,
    Addressee,
    Messenger,
    Rung,
    TellingRule,
    Throttle,
    next_due,
    people,
    targets,
)
from orderloom.domain.notify.template import fields_of, is_broken, render
from orderloom.domain.words import Words

AT = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""Noon in China."""
NIGHT = Quiet(22 * 60, 8 * 60, "seller")
ZONES = Zones("Asia/Shanghai", "Asia/Shanghai")


def a_rule(**changed: object) -> TellingRule:
    given = {"quiet": None, "throttle": Throttle(3, 600), "steps": (Rung(0, ("owner",), ()),), **changed}
    return TellingRule("r", Words("规则", "rule"), "case", template="case", digest="digest", **given)  # type: ignore[arg-type]


def some(count: int, severity: str = "high") -> list[DueMessage]:
    return [DueMessage(str(i), "r", severity) for i in range(count)]


def at_in(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(("hour", "waits"), [(12, None), (21, None), (22, 10), (23, 9), (0, 8), (7, 1), (8, None)])
def test_a_message_at_night_waits_until_the_morning_and_one_by_day_does_not(hour: int, waits: int | None) -> None:
    at = at_in("Asia/Shanghai", 2026, 11, 21, hour)
    until = quiet_until(at, NIGHT, "Asia/Shanghai")
    assert until == (None if waits is None else at + timedelta(hours=waits))


def test_a_night_with_a_changed_clock_ends_when_the_wall_clock_says_so() -> None:
    zone = "America/New_York"
    before = at_in(zone, 2026, 3, 7, 23)  # clocks are put on at 2 in the morning: this night lasts an hour less
    assert quiet_until(before, NIGHT, zone) == at_in(zone, 2026, 3, 8, 8) == before + timedelta(hours=8)
    before = at_in(zone, 2026, 10, 31, 23)
    assert quiet_until(before, NIGHT, zone) == at_in(zone, 2026, 11, 1, 8) == before + timedelta(hours=10)


def test_an_end_that_the_clock_leaps_over_is_the_leap_itself() -> None:
    zone = "America/New_York"
    at = at_in(zone, 2026, 3, 8, 1)
    assert quiet_until(at, Quiet(0, 150, zone), zone) == at_in(zone, 2026, 3, 8, 3)


def test_an_hour_that_comes_twice_does_not_hold_a_message_for_a_day() -> None:
    zone, quiet = "America/New_York", Quiet(0, 90, "seller")
    second = at_in(zone, 2026, 11, 1, 1, 10, fold=1)
    assert quiet_until(second, quiet, zone) == at_in(zone, 2026, 11, 1, 1, 30, fold=1)


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 3 * 366 * 24 * 60),
       st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]))
def test_quiet_hours_always_end_within_a_day_and_at_a_minute_that_is_not_quiet(
    start: int, end: int, minutes: int, zone: str,
) -> None:
    if start == end:
        return
    at, quiet = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), Quiet(start, end, zone)
    until = quiet_until(at, quiet, zone)
    if until is not None:
        assert at < until <= at + timedelta(hours=26)
        assert quiet_until(until, quiet, zone) is None


def test_what_is_grave_enough_goes_through_the_night_and_the_rest_waits() -> None:
    night = at_in("Asia/Shanghai", 2026, 11, 21, 23)
    rules = {"r": a_rule(quiet=Quiet(22 * 60, 8 * 60, "seller", "critical"))}
    decided = plan([DueMessage("1", "r", "high"), DueMessage("2", "r", "critical")], [], rules, 9, ZONES, night)
    assert decided.singles == ("2",) and [h.id for h in decided.held] == ["1"]


def test_the_account_s_own_zone_may_be_asleep_while_the_seller_s_is_not() -> None:
    rules = {"r": a_rule(quiet=Quiet(22 * 60, 8 * 60, "account"))}
    assert plan(some(1), [], rules, 9, ZONES, AT).singles == ("0",)
    assert plan(some(1), [], rules, 9, Zones("America/New_York", "Asia/Shanghai"), AT).held[0].why == "quiet"


def test_more_than_the_rule_allows_at_once_is_one_digest() -> None:
    assert plan(some(3), [], {"r": a_rule()}, 9, ZONES, AT).singles == ("0", "1", "2")
    decided = plan(some(10_000), [], {"r": a_rule()}, 9, ZONES, AT)
    assert not decided.singles and len(decided.digest) == 10_000


def test_once_enough_were_sent_the_rest_waits_for_the_next_turn_of_its_rule() -> None:
    sent = [HandedOver(AT - timedelta(seconds=s), frozenset({"r"})) for s in (500, 400, 300)]
    decided = plan(some(2), sent, {"r": a_rule()}, 9, ZONES, AT)
    assert [(h.until, h.why) for h in decided.held] == [(AT + timedelta(seconds=100), "throttle")] * 2
    assert plan(some(2), sent[:0], {"r": a_rule()}, 0, ZONES, AT).held[0].why == "messenger"


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 5), st.integers(0, 3))
def test_every_message_is_sent_or_held_and_none_is_both(one: int, other: int, room: int, sent: int) -> None:
    rules = {"r": a_rule(), "s": a_rule(throttle=Throttle(1, 60))}
    waiting = some(one) + [DueMessage(f"s{i}", "s", "low") for i in range(other)]
    before = [HandedOver(AT - timedelta(seconds=30), frozenset({"r", "s"}))] * sent
    decided = plan(waiting, before, rules, room, ZONES, AT)
    ids = [*decided.singles, *decided.digest, *[h.id for h in decided.held]]
    assert sorted(ids) == sorted(w.id for w in waiting)
    assert len(decided.singles) + bool(decided.digest) <= max(room, 0)


def test_what_comes_after_a_flood_s_first_seconds_does_not_wait_for_all_of_them() -> None:
    rules = {"r": a_rule(throttle=Throttle(10, 600))}
    five = [HandedOver(AT - timedelta(seconds=s), frozenset({"r"})) for s in range(5)]
    assert [h.until for h in plan(some(1), five, rules, 9, ZONES, AT).held] == [AT + timedelta(seconds=60)]
    assert plan(some(1), five, rules, 9, ZONES, AT + timedelta(seconds=60)).singles == ("0",)


def test_a_rule_s_messages_stay_within_its_bound_however_they_come() -> None:
    rules, handed, at, waiting, left = {"r": a_rule()}, [], AT, 0, 10_000
    for _ in range(1_200):  # twenty minutes, a look a second, ten thousand things to tell in the first one
        waiting += (came := min(left, 170))
        left -= came
        decided = plan(some(waiting), handed, rules, 20, ZONES, at)
        waiting = len(decided.held)
        handed += [HandedOver(at, frozenset({"r"}))] * (len(decided.singles) + bool(decided.digest))
        at += timedelta(seconds=1)
    assert not left and not waiting
    for first in handed:
        assert len([s for s in handed if first.at <= s.at < first.at + timedelta(seconds=600)]) <= 3


def test_groups_are_opened_the_owner_is_put_in_and_nobody_is_told_twice() -> None:
    groups = {"duty": ("amy", "ben", "night"), "night": ("ben", "cai"), "operations": ("amy",)}
    assert people(("owner", "duty"), "operations", groups) == ("amy", "ben", "cai")


def test_a_room_hears_once_and_a_person_only_where_an_address_was_given() -> None:
    room, other, mail = Messenger(1, "DT01", "dingtalk", True), Messenger(2, "DT02", "dingtalk", True), Messenger(
        3, "EM01", "email", False)
    given = {("amy", 3), ("ben", 2)}
    assert targets(("amy", "cai"), ("dingtalk", "email"), [room, other, mail], given) == (
        Addressee(ROOM, 1), Addressee("amy", 3))
    assert targets(("ben",), ("DT02",), [room, other, mail], given) == (Addressee(ROOM, 2),)
    assert targets(("cai",), ("email",), [room, other, mail], given) == ()


def test_a_text_that_is_too_long_loses_the_end_of_the_right_field_and_nothing_else() -> None:
    values = {"order": "TB01-1", "mend": "办" * 500}
    told = render("订单 {order}\n办法 {mend}\n完", values, 60, ("mend",), "")
    assert len(told) == 60 and told.startswith("订单 TB01-1\n办法 办") and told.endswith("…\n完")


def test_a_digest_that_is_too_long_says_how_many_lines_it_left_out() -> None:
    told = render("{lines}", {"lines": [f"line {i}" for i in range(1000)]}, 100, ("lines",), "+{count}")
    assert len(told) <= 100 and told.startswith("line 0\nline 1\n")
    shown_lines = told.splitlines()
    assert shown_lines[-1] == f"+{1000 - (len(shown_lines) - 1)}"


@given(st.text(max_size=80), st.text(max_size=200), st.integers(0, 120))
def test_a_message_is_never_longer_than_the_messenger_takes(title: str, value: str, most: int) -> None:
    text = title.replace("{", "").replace("}", "") + " {a} and {b}"
    assert len(render(text, {"a": value, "b": value}, most, ("b",), "")) <= most


def test_what_is_put_in_is_never_read_as_a_template_again() -> None:
    assert render("{a}", {"a": "{b}{a.__class__}", "b": "secret"}, None, (), "") == "{b}{a.__class__}"
    assert fields_of("{a} {b.c} {0}") == ("a",) and is_broken("{a} {b.c}") and not is_broken("{a}")


def test_escalation_goes_on_step_by_step_and_ends() -> None:
    rule = a_rule(steps=(Rung(0, ("a",), ()), Rung(600, ("b",), ()), Rung(60, ("c",), ())))
    assert next_due(rule, 0, AT) == AT + timedelta(seconds=600)
    assert next_due(rule, 1, AT) == AT + timedelta(seconds=60) and next_due(rule, 2, AT) is None


def test_an_address_is_shown_so_that_nobody_can_use_it() -> None:
    assert [shown(a) for a in ("wang.xiaoming@example.com", "+86 138 1234 5678", "oABC123456", "12345678")] == [
        "w***@example.com", "861****5678", "oA***", "****78"]
    assert not is_address("a@b.c\r\nBcc: x@y.z") and not is_address("") and not is_address("x" * 201)
