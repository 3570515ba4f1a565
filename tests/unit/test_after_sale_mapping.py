"""An after-sale list is read as its author said: else goods leave whose money is asked back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderloom.blueprint.mapping import CompiledMapping, load_text
from orderloom.domain.draft import AfterSaleLine, AfterSaleReport, Problem
from orderloom.domain.states import AfterSaleKind, AfterSaleState
from tests.support.small_mapping import read

MAPPING = """
mapping: 1
documents:
  - topic: refund
    produces: after_sale_report
    each: refunds
    fields:
      external_id: id
      order_external_id: tid
      kind: {path: back, values: {"true": return_refund, "false": refund_only}}
      state: {path: status, dictionary: refund}
      native: status
      revision: modified
      currency: currency
      amount: fee
      refunded: given
      reason: why
      asked_at: created
    lines:
      each: items
      fields: {external_id: oid, sku_external: sku, quantity: num}
"""
STATUSES = """
statuses: 1
dictionaries:
  refund:
    WAIT: {zh: 待卖家同意, en: Asked, state: asked}
    SUCCESS: {zh: 退款成功, en: Refunded, state: refunded}
"""
ONE: dict[str, Any] = {
    "id": "R1", "tid": "T1", "back": "true", "status": "WAIT", "modified": "2026-01-02 10:00:00", "currency": "CNY",
    "fee": "12.30", "why": "尺码不合", "created": "2026-01-02 09:00:00",
    "items": [{"oid": "1", "num": 2}, {"sku": "B"}],
}


def report(**changes: Any) -> Any:
    return read(MAPPING, {"refunds": [{**ONE, **changes}]}, statuses=STATUSES, topic="refund")


def test_an_application_is_read_exactly() -> None:
    assert report() == AfterSaleReport(
        external_id="R1", order_external_id="T1", kind="return_refund", state="asked", native="WAIT",
        revision=datetime(2026, 1, 2, 2, tzinfo=UTC), currency="CNY", amount=1230, reason="尺码不合",
        asked_at=datetime(2026, 1, 2, 1, tzinfo=UTC),
        lines=(AfterSaleLine("1", "", 2), AfterSaleLine("", "B", 0)),
    )


def test_an_amount_is_read_in_the_application_s_own_currency() -> None:
    assert report(currency="JPY", fee="1230", given="30").amount == 1230
    assert report(currency="JPY", fee="1230", given="30").refunded == 30
    assert report(fee=None).amount is None


@pytest.mark.parametrize(("changes", "field"), [
    ({"status": "NEW_WORD"}, "state"), ({"back": "maybe"}, "kind"), ({"tid": None}, "order_external_id"),
    ({"modified": None}, "revision"), ({"currency": "XXZ"}, "currency"), ({"fee": "much"}, "amount"),
])  # fmt: skip
def test_what_cannot_be_read_is_named(changes: dict[str, Any], field: str) -> None:
    found = report(**changes)
    assert isinstance(found, tuple)
    assert field in {problem.field.rpartition(".")[2] for problem in found if isinstance(problem, Problem)}


@pytest.mark.parametrize(("old", "new", "words"), [
    ("      state: {path: status, dictionary: refund}\n", "", "fields.state"),
    ("      currency: currency\n", "", "an amount needs its currency"),
    ("return_refund, ", "given_back, ", "given_back"),
    ("quantity: num", "count: num", "count"),
])
def test_a_mistake_in_the_mapping_is_named(old: str, new: str, words: str) -> None:
    assert old in MAPPING
    found = load_text(MAPPING.replace(old, new), STATUSES, connector="acme")
    assert not isinstance(found, CompiledMapping)
    assert any(words in str(one) for one in found)


def test_a_dictionary_names_only_known_states() -> None:
    found = load_text(MAPPING, STATUSES.replace("state: asked", "state: asking"), connector="acme")
    assert not isinstance(found, CompiledMapping)
    assert any("asking" in str(one) for one in found)


@pytest.mark.parametrize(("name", "words"), [("kind", AfterSaleKind), ("state", AfterSaleState)])
def test_every_word_can_be_mapped(name: str, words: type[Any]) -> None:
    rule = {"kind": 'kind: {path: back, values: {"true": return_refund, "false": refund_only}}',
            "state": "state: {path: status, dictionary: refund}"}[name]
    for word in words:
        text = MAPPING.replace(rule, f"{name}: {{const: {word}}}")
        draft = read(text, {"refunds": [ONE]}, statuses=STATUSES, topic="refund")
        assert getattr(draft, name) == word
