"""A mapping reads a payload as its author said, and names every mistake in itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orderloom.domain.draft import Nothing, OrderDraft, Problem, StockReport, TrackReport, WorkReport
from tests.support.small_mapping import AT, HEAD, LINES, compiled, read

BODY: dict[str, Any] = {
    "id": 9007199254740993,
    "updated": "2026-01-02 10:00:00",
    "created": "2026-01-01 08:00:00",
    "total": "20.10",
    "lines": [{"id": "1", "sku": "A", "qty": 2, "price": "10.05"}],
}


def order(extra: str = "", **changes: Any) -> Any:
    """The order draft of the small body, with more YAML in `fields` (six blanks) or further blocks."""
    inside, _, outside = extra.partition("---")
    return read(HEAD + inside + "\n" + LINES + outside, {**BODY, **changes})


def test_an_order_is_read_exactly() -> None:
    draft = order()
    assert isinstance(draft, OrderDraft)
    assert draft.external_id == "9007199254740993"
    assert (draft.total, draft.currency) == (2010, "CNY")
    assert draft.placed_at == datetime(2026, 1, 1, 0, 0, tzinfo=UTC)
    assert (draft.source_zone, draft.source_placed_at) == ("Asia/Shanghai", "2026-01-01 08:00:00")
    assert (draft.lines[0].sku_external, draft.lines[0].quantity, draft.lines[0].price) == ("A", 2, 1005)


def test_a_json_number_keeps_its_digits() -> None:
    body = msgspec.json.encode(BODY).decode().replace('"20.10"', "90071992547409.93")
    assert read(HEAD + LINES, body).total == 9007199254740993


FIELDS = [
    ("note: [a, b]", {"a": "", "b": "second"}, "second"),
    ("note: {const: fixed}", {}, "fixed"),
    ("note: {path: 'a.b[1].c'}", {"a": {"b": [{}, {"c": "x"}]}}, "x"),
    (r"note: 'a\.b'", {"a.b": "dotted"}, "dotted"),
    ("note: 'k[type=SHIP].amount'", {"k": [{"type": "A"}, {"type": "SHIP", "amount": 5}]}, "5"),
    ("note: content!json.tid", {"content": '{"tid": 12345678901234567890}'}, "12345678901234567890"),
    ("note: '@header.x-shop'", {}, "s1"),
    ("note: '@account.code'", {}, "AC01"),
    ("note: $.id", {}, "9007199254740993"),
    ("note: {path: a, default: none}", {}, "none"),
    ("note: {path: s, values: {1: one, 'NO': no one}}", {"s": "NO"}, "no one"),
    ("note: {path: s, values: {1: one}, otherwise: other}", {"s": 7}, "other"),
    ("note: [{path: a, when: {kind: x}}, {path: b, when: {kind: {not: x}}}]", {"kind": "y", "a": "A", "b": "B"}, "B"),
    ("note: {function: join, of: [a, b, c], with: {separator: '/'}}", {"a": "1", "c": "3"}, "1/3"),
    ("note: {function: first, of: ['l[].n']}", {"l": [{}, {"n": "hit"}]}, "hit"),
    ("note: {function: strip, of: a, with: {prefix: '#'}}", {"a": " #7 "}, "7"),
    ("note: {function: match, of: a, with: {regex: 'no (.+)$'}}", {"a": "order no X1"}, "X1"),
    ("note: {function: split, of: a, with: {separator: ',', index: -1}}", {"a": "x, y"}, "y"),
    ("note: {function: slice, of: a, with: {end: 2}}", {"a": "abc"}, "ab"),
    ("note: {function: split_area, of: a, with: {part: city}}", {"a": "浙江省杭州市余杭区"}, "杭州市"),
    ("note: {function: upper, of: {function: replace, of: a, with: {old: '-', new: ''}}}", {"a": "a-b"}, "AB"),
    ("note: {expr: \"a + '!'\", of: {a: b.c}}", {"b": {"c": "hi"}}, "hi!"),
    ("paid: {function: sum, of: ['p[].v', more]}", {"p": [{"v": "0.10"}, {"v": "0.20"}], "more": "1"}, 130),
    ("paid: {function: subtract, of: [a, b]}", {"a": "10.00", "b": "0.01"}, 999),
    ("paid: {function: multiply, of: [a, b]}", {"a": "2.5", "b": 4}, 1000),
    ("paid: {function: divide, of: [a, b]}", {"a": "10.00", "b": 3}, 333),
    ("paid: {path: a, money: minor}", {"a": 250}, 250),
    ("paid: {path: a, round: true}", {"a": "1.005"}, 100),
    ("paid: {expr: 'a * b', of: {a: a, b: b}}", {"a": 1.15, "b": 100}, 11500),
    ("is_test: {holds: {a: {present: true}, b: {over: 5}}}", {"a": 1, "b": "5.1"}, True),
    ("is_test: {holds: {any: [{a: x}, {b: {starts: ab}}]}}", {"b": "abc"}, True),
    ("is_test: {holds: {none: [{a: {matches: '^x'}}]}}", {"a": "xy"}, False),
    ("is_test: {function: is_masked, of: [a]}", {"a": "张*"}, True),
    ("is_test: a", {"a": "否"}, False),
]


@pytest.mark.parametrize(("rule", "values", "wanted"), FIELDS)
def test_a_field_rule_gives_what_the_manual_says(rule: str, values: dict[str, Any], wanted: Any) -> None:
    draft = order(f"      {rule}", **values)
    assert isinstance(draft, OrderDraft), draft
    assert getattr(draft, rule.partition(":")[0]) == wanted


TIMES = [
    ("2026-01-02 10:00:00", "2026-01-02T02:00:00"),
    ("2026-01-02T10:00:00+01:00", "2026-01-02T09:00:00"),
    ("2026-01-02T10:00:00.123456789Z", "2026-01-02T10:00:00.123456"),
    (1767348000, "2026-01-02T10:00:00"),
    ("1767348000123", "2026-01-02T10:00:00.123"),
    ("20260102100000", "2026-01-02T02:00:00"),
    ("2026/1/2 3:04", "2026-01-01T19:04:00"),
    ("2026年1月2日 3:04:05", "2026-01-01T19:04:05"),
]


@pytest.mark.parametrize(("said", "instant"), TIMES)
def test_a_time_is_the_instant_that_the_source_meant(said: Any, instant: str) -> None:
    assert order(updated=said).revision == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "instant", "flag"),
    [
        ("2026-03-08 02:30:00", "2026-03-08T07:30:00", "time_in_gap"),
        ("2026-11-01 01:30:00", "2026-11-01T05:30:00", "time_ambiguous"),
    ],
)
def test_an_order_placed_while_clocks_change_is_kept_and_flagged(local: str, instant: str, flag: str) -> None:
    draft = read(HEAD + LINES, {**BODY, "created": local}, zone="America/New_York")
    assert draft.placed_at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert draft.flags == (flag,)


def test_the_second_order_of_an_ambiguous_time_is_flagged_as_the_first() -> None:
    body = {**BODY, "created": "2026-11-01 01:30:00", "updated": "2026-11-01 01:30:00"}
    assert [read(HEAD + LINES, body, zone="America/New_York").flags for _ in range(3)] == [("time_ambiguous",)] * 3


@pytest.mark.parametrize("never", ["0000-00-00 00:00:00", "", 0, None])
def test_a_zero_time_means_never(never: Any) -> None:
    assert order("      paid_at: pay", pay=never).paid_at is None


def test_all_problems_of_an_order_are_told_at_once() -> None:
    lines = [{"id": "1", "sku": "A", "qty": "two", "price": "1.005"}, {"id": "2", "qty": 1, "price": "1"}]
    problems = order(id=None, updated="soon", lines=lines)
    assert {(one.code, one.field) for one in problems} == {
        ("missing_field", "external_id"),
        ("wrong_time", "revision"),
        ("wrong_value", "lines[0].quantity"),
        ("wrong_money", "lines[0].price"),
        ("missing_field", "lines[1].sku_external"),
    }
    assert all(isinstance(one, Problem) and one.mend for one in problems)


STATUSES = """
statuses: 1
dictionaries:
  trade:
    NO: {payment: unpaid, milestone: placed}
    PAID: {payment: paid, milestone: paid, hold: channel_forbids}
    DEAD: {payment: refunded, cancelled: true}
"""
WITH_STATUS = """
      payment: {path: status, dictionary: trade}
      hold: {path: status, dictionary: trade, take: hold}
      is_cancelled: {path: status, dictionary: trade, take: cancelled}
---    said:
      - {path: status, dictionary: trade, at: updated}
"""


def test_a_status_word_means_what_the_dictionary_says() -> None:
    inside, _, outside = WITH_STATUS.partition("---")
    text = HEAD + inside + LINES + outside
    paid = read(text, {**BODY, "status": "PAID"}, statuses=STATUSES)
    assert (paid.payment, paid.hold, paid.is_cancelled) == ("paid", "channel_forbids", False)
    assert [(one.milestone, one.native) for one in paid.said] == [("paid", "PAID")]
    assert read(text, {**BODY, "status": "NO"}, statuses=STATUSES).payment == "unpaid"
    dead = read(text, {**BODY, "status": "DEAD", "lines": []}, statuses=STATUSES)
    assert dead.is_cancelled and dead.said == ()


def test_an_unknown_status_is_one_problem_that_mending_releases() -> None:
    inside, _, outside = WITH_STATUS.partition("---")
    (problem,) = read(HEAD + inside + LINES + outside, {**BODY, "status": "WAT"}, statuses=STATUSES)
    assert (problem.code, problem.key, problem.value) == ("unknown_status", "status:AC01:WAT", "WAT")


def test_the_manual_describes_a_mapping_that_loads() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
    mapping, statuses = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    compiled(mapping, statuses)


def test_a_report_of_any_kind_is_read() -> None:
    text = """
mapping: 1
zone: Asia/Shanghai
documents:
  - {topic: track, produces: track_report, fields: {carrier: com, waybill: nu},
     entries: {each: data, fields: {code: status, at: time, text: context}}}
  - {topic: work, produces: work_report, fields: {work_no: no}, said: [{milestone: packed, at: time, native: s}],
     lines: {each: l, fields: {sku: s, quantity: n}}}
  - {topic: stock, produces: stock_report,
     figures: {each: l, fields: {warehouse: w, sku: s, quantity: n, meaning: {const: physical}, as_of: t}}}
  - {topic: "*", produces: nothing, reason: a ping}
"""
    data = [{"status": 3, "time": "2026-01-02 11:30:00"}, {"status": 1, "time": "2026-01-01 17:00:00"}]
    track = read(text, {"com": "yt", "nu": "Y1", "data": data}, topic="track")
    assert isinstance(track, TrackReport)
    assert [one.code for one in track.entries] == ["1", "3"]
    work = read(text, {"no": "W1", "s": "ok", "time": "2026-01-01", "l": {"s": "A", "n": "2"}}, topic="work")
    assert isinstance(work, WorkReport)
    assert (work.said.milestone, work.lines[0].quantity) == ("packed", 2)
    stock = read(text, {"l": [{"w": "W", "s": "A", "n": 3, "t": 1767348000}]}, topic="stock")
    assert isinstance(stock, StockReport)
    assert stock.figures[0].quantity == 3
    assert read(text, {}, topic="other") == Nothing("a ping")


def test_a_body_of_several_orders_gives_each_its_own_outcome() -> None:
    text = (HEAD + LINES).replace("produces: order", "produces: order\n    each: orders[]")
    raw = msgspec.json.encode({"orders": [BODY, {**BODY, "total": "x"}]}).decode()
    good, bad = compiled(text).read("AC01", "UTC", "order", raw, {}, AT)
    assert isinstance(good, OrderDraft)
    assert isinstance(bad, tuple) and bad[0].field == "total"


def test_a_list_that_is_not_there_is_a_problem_and_an_empty_one_is_not() -> None:
    text = (HEAD + LINES).replace("produces: order", "produces: order\n    each: orders")
    ((problem,),) = compiled(text).read("AC01", "UTC", "order", '{"error": 1}', {}, AT)
    assert (problem.code, problem.field) == ("missing_field", "each")
    assert compiled(text).read("AC01", "UTC", "order", '{"orders": []}', {}, AT) == [
        Nothing("the body holds an empty list")
    ]


def test_a_topic_that_nobody_reads_is_a_problem_and_no_silence() -> None:
    (problem,) = read(HEAD + LINES, BODY, topic="invoice")
    assert (problem.code, problem.key) == ("no_mapping", "mapping:acme:invoice")
