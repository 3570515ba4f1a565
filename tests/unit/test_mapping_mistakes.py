"""A wrong mapping is refused before it can misread an order, with the place and the reason."""

from __future__ import annotations

import pytest

from orderloom.blueprint.mapping import CompiledMapping, load_text
from tests.support.small_mapping import HEAD, LINES

STATUSES = """
statuses: 1
dictionaries:
  trade:
    PAID: {payment: paid, milestone: paid, hold: channel_forbids}
"""

MISTAKES = [
    ("      totl: x", "", "fields.totl", "did you mean total?"),
    ("      note: {pth: x}", "", "fields.note.pth", "did you mean path?"),
    ("      note: {path: a, const: b}", "", "fields.note", "exactly one of"),
    ("      note: 'a..b'", "", "fields.note", "empty step"),
    ("      note: 'a[x]'", "", "fields.note", "neither empty"),
    ("      note: '@hedder.x y'", "", "fields.note", "not known"),
    ("      note: {function: joyn, of: [a]}", "", "fields.note", "did you mean join?"),
    ("      note: {function: split, of: a}", "", "fields.note.with", "split needs separator"),
    ("      note: {function: divide, of: [a]}", "", "fields.note.of", "2 to 2 values"),
    ("      note: {function: match, of: a, with: {regex: '('}}", "", "fields.note.with.regex", "regular expression"),
    ("      note: {expr: 'a +'}", "", "fields.note.expr", "end of unary"),
    ("      note: {expr: {nodes: []}}", "", "fields.note.expr", "function nodes are refused"),
    ("      payment: {path: s, dictionary: trad}", STATUSES, "fields.payment.dictionary", "did you mean trade?"),
    (
        "      payment: {path: s, dictionary: trade, take: paymnt}",
        STATUSES,
        "fields.payment.take",
        "did you mean payment?",
    ),
    ("      hold: {const: platform}", "", "fields.hold", "channel_forbids"),
    ("      paid: {path: a, default: x}", "", "fields.paid.default", "'x'"),
    ("      paid_at: {path: a, zone: Asia/Beijing}", "", "fields.paid_at.zone", "no IANA zone"),
    ("      is_test: {holds: {a: {ovr: 1}}}", "", "fields.is_test.holds.a", "did you mean over?"),
    ("    receiver: {nme: x}", "", "receiver.nme", "did you mean name?"),
    ("    said: [{milestone: payed, at: x}]", "", "said[0].milestone", "did you mean placed?"),
    ("    facts: {x: {path: a, as: time}}", "", "facts.x.as", "text, integer, money or flag"),
    ("    figures: {}", "", "figures", "not known"),
]


@pytest.mark.parametrize(("more", "statuses", "field", "reason"), MISTAKES)
def test_a_mistake_is_named_with_its_place(more: str, statuses: str, field: str, reason: str) -> None:
    found = load_text(HEAD + more + "\n" + LINES, statuses, connector="acme")
    assert not isinstance(found, CompiledMapping)
    (mistake,) = [one for one in found if one.field == field]
    assert reason in mistake.reason
    assert (mistake.file, mistake.document) == ("acme/mapping.yaml", "order")
    assert mistake.line == HEAD.count("\n") + 1


def test_every_mistake_is_told_at_once_and_a_missing_required_field_is_one() -> None:
    found = load_text("mapping: 1\ndocuments:\n  - {topic: x, produces: order, fields: {note: 'a..b'}}\n")
    assert not isinstance(found, CompiledMapping)
    fields = {one.field for one in found}
    assert {"fields.external_id", "fields.total", "fields.note", "lines"} <= fields


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [("mapping: 1\na: [", 3, "expected"), ("mapping: 1\nmapping: 1", 2, "said twice"), ("mapping: 2", 0, "mapping: 1")],
)
def test_a_file_that_is_no_mapping_is_refused(text: str, line: int, reason: str) -> None:
    found = load_text(text)
    assert not isinstance(found, CompiledMapping)
    assert any(reason in one.reason and (not line or abs(one.line - line) <= 1) for one in found)


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("{milestone: shiped}", "W.milestone"),
        ("{payment: payed}", "W.payment"),
        ("{hold: platform}", "W.hold"),
        ("{cancelled: maybe}", "W.cancelled"),
        ("{x: 1}", "W.x"),
    ],
)
def test_a_status_with_no_meaning_is_refused(entry: str, field: str) -> None:
    found = load_text(HEAD + LINES, "statuses: 1\ndictionaries:\n  trade:\n    W: " + entry)
    assert not isinstance(found, CompiledMapping)
    assert [(one.file, one.line, one.document, one.field) for one in found] == [("statuses.yaml", 4, "trade", field)]
