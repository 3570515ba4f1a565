"""What an order states beside its lines is read whole: charges, refunds, parcels, and what has gone out already."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderloom.blueprint.mapping import CompiledMapping, load_text
from orderloom.domain.draft import OrderDraft, StatedCharge, StatedRefund, StatedShipment
from tests.support import small_mapping

TEXT = """
mapping: 1
documents:
  - topic: order
    produces: order
    fields:
      external_id: id
      external_number: name
      revision: updated
      placed_at: updated
      currency: {const: CNY}
      total: total
      refunded: back
      is_pickup: {holds: {way: pickup}}
      payment: pay
    charges:
      - fields: {kind: {const: tip}, amount: tip, title: {const: Tip}}
      - {each: fees, where: {kind: {not: none}}, fields: {kind: kind, amount: sum, tax: tax}}
    refunds:
      each: refunds
      fields:
        external_id: id
        amount: {function: sum, of: ["moves[*kind=refund][*status=success].amount"]}
        at: at
    shipments:
      each: parcels
      fields: {waybill: [number, {function: join, of: ["numbers[]"], with: {separator: ","}}], carrier: by, at: at}
    lines:
      each: lines
      fields: {external_id: id, sku_external: sku, quantity: qty, price: price, goods: sum, fulfilled: out, kind: kind}
"""
LINE: dict[str, Any] = {"id": "1", "sku": "A", "qty": 3, "price": "33.33"}
BODY: dict[str, Any] = {"id": "1", "updated": "2026-01-02 10:00:00", "total": "100.00", "lines": [LINE]}


def read(text: str = TEXT, **changes: Any) -> Any:
    return small_mapping.read(text, {**BODY, **changes}, zone="UTC")


def fields(problems: Any) -> list[tuple[str, str]]:
    assert isinstance(problems, tuple), problems
    return [(one.code, one.field) for one in problems]


def test_an_order_that_states_nothing_more_reads_as_before() -> None:
    draft = read()
    assert isinstance(draft, OrderDraft)
    assert (draft.charges, draft.refunds, draft.shipments, draft.refunded) == ((), (), (), 0)
    assert (draft.external_number, draft.is_pickup, draft.payment) == ("", False, "unpaid")
    line = draft.lines[0]
    assert (line.goods, line.fulfilled, line.kind) == (None, None, "")


def test_what_went_out_and_what_a_line_is_come_with_it() -> None:
    line = {**LINE, "sum": "100.00", "out": "2", "kind": "service"}
    draft = read(lines=[line], name="#1003", way="pickup", back="5", pay="cod")
    assert (draft.lines[0].goods, draft.lines[0].fulfilled, draft.lines[0].kind) == (10_000, 2, "service")
    assert (draft.external_number, draft.is_pickup, draft.refunded, draft.payment) == ("#1003", True, 500, "cod")


def test_every_charge_has_its_kind_and_one_of_nothing_is_none() -> None:
    fees = [{"kind": "duty", "sum": "4.00", "tax": "1"}, {"kind": "fee", "sum": "0.00"}, {"kind": "none", "sum": "9"},
            {"kind": "subsidy", "sum": "-2.50"}, {"kind": "gift_wrap"}]  # fmt: skip
    assert read(tip="1.00", fees=fees).charges == (
        StatedCharge("tip", 100, title="Tip"),
        StatedCharge("duty", 400, 100),
        StatedCharge("subsidy", -250),
    )


def test_a_word_that_the_hub_has_not_is_a_problem_and_no_other_thing() -> None:
    assert fields(read(fees=[{"kind": "bribe", "sum": "4.00"}])) == [("unknown_value", "charges[1][0].kind")]
    assert fields(read(fees=[{"sum": "4.00"}])) == [("missing_field", "charges[1][0].kind")]
    (problem,) = read(lines=[{**LINE, "kind": "gas"}])
    assert (problem.code, problem.field, problem.value) == ("unknown_value", "lines[0].kind", "gas")
    assert "goods, service, virtual" in problem.mend
    assert fields(read(pay="perhaps")) == [("unknown_value", "payment")]


def test_the_transactions_of_a_refund_are_one_amount_and_only_what_succeeded_counts() -> None:
    moves = [
        {"kind": "refund", "status": "success", "amount": "3.00"},
        {"kind": "refund", "status": "failure", "amount": "3.00"},
        {"kind": "void", "status": "success", "amount": "7.00"},
        {"kind": "refund", "status": "success", "amount": "2.00"},
    ]
    refund = {"id": 7, "at": "2026-01-03T00:00:00Z", "moves": moves}
    draft = read(refunds=[refund, refund, {"id": 8, "moves": []}, {"moves": moves}])
    assert draft.refunds == (StatedRefund("7", 500, datetime(2026, 1, 3, tzinfo=UTC)),)


def test_parts_of_one_refund_add_up() -> None:
    part = [{"kind": "refund", "status": "success", "amount": "3.00"}]
    more = [{"kind": "refund", "status": "success", "amount": "0.50"}]
    assert read(refunds=[{"id": 7, "moves": part}, {"id": 7, "moves": more}]).refunds == (StatedRefund("7", 350),)


def test_a_refund_of_a_negative_amount_is_refused_in_words() -> None:
    moves = [{"kind": "refund", "status": "success", "amount": "-3.00"}]
    (problem,) = read(refunds=[{"id": 7, "moves": moves}])
    assert (problem.code, problem.field) == ("wrong_money", "refunds")
    assert "absolute" in problem.mend


def test_every_waybill_is_a_shipment_of_its_own_and_told_once() -> None:
    parcels = [
        {"number": "SF1", "by": "SF", "at": "2026-01-03T00:00:00Z"},
        {"number": "SF1", "by": "SF"},
        {"number": "", "by": "SF"},
        {"numbers": ["U1", "U2"], "by": "UPS"},
        {"number": "Y1，Y2"},
    ]
    found = read(parcels=parcels).shipments
    assert found[0] == StatedShipment("SF1", "shunfeng", datetime(2026, 1, 3, tzinfo=UTC))
    assert [(one.waybill, one.carrier) for one in found[1:]] == [("U1", "ups"), ("U2", "ups"), ("Y1", ""), ("Y2", "")]


MISTAKES = [
    ("kind: {const: tip}", "kind: {const: tipp}", "charges[0].kind", "did you mean tip?"),
    ("kind: {const: tip}, ", "", "charges[0].kind", "required"),
    ("amount: tip, ", "", "charges[0].amount", "required"),
    ("waybill: [number, ", "way: [number, ", "shipments.waybill", "required"),
    ("        external_id: id\n        amount", "        amount", "refunds.external_id", "required"),
    ("payment: pay", "payment: {const: payed}", "fields.payment", "did you mean paid?"),
    ("payment: pay", "payment: {path: pay, values: {1: paid, 2: maybe}}", "fields.payment", "'maybe' is not known"),
    ("payment: pay", "payment: {path: pay, default: maybe}", "fields.payment.default", "one of unpaid"),
    ("payment: pay", "payment: {path: pay, as: text}", "fields.payment.as", "leave out as"),
    ("kind: kind}\n", "kind: {const: gas}}\n", "lines.kind", "known: goods, service, virtual"),
    ("charges:\n      - fields", "charges:\n      fields", "charges", "a list of parts"),
    ("moves[*kind=refund]", "moves[*]", "refunds.amount.of", "*name=value"),
]


@pytest.mark.parametrize(("old", "new", "field", "reason"), MISTAKES)
def test_a_mistake_in_a_part_is_named_with_its_place(old: str, new: str, field: str, reason: str) -> None:
    text = TEXT.replace(old, new)
    if new.startswith("charges"):
        text = "\n".join(line for line in text.splitlines() if "each: fees" not in line)
    found = load_text(text, connector="acme")
    assert text != TEXT and not isinstance(found, CompiledMapping)
    assert any(one.field == field and reason in one.reason for one in found), found


def test_a_status_dictionary_knows_every_payment_of_the_hub() -> None:
    statuses = "statuses: 1\ndictionaries:\n  pay:\n    COD: {payment: cod}\n    X: {payment: later}\n"
    found = load_text(TEXT.replace("payment: pay", "payment: {path: pay, dictionary: pay}"), statuses)
    assert not isinstance(found, CompiledMapping)
    assert [one.field for one in found] == ["X.payment"]


@pytest.mark.parametrize(("function", "wanted"), [("max", 700), ("min", -50)])
def test_the_larger_and_the_smaller_of_amounts(function: str, wanted: int) -> None:
    text = TEXT.replace("refunded: back", f"refunded: {{function: {function}, of: [a, 'b[]', {{const: 0}}]}}")
    assert read(text, a="7.00", b=["-0.50", "3"]).refunded == wanted


TWO_LISTS = TEXT.replace(
    """      each: lines
      fields: {external_id: id, sku""",
    """      - {each: gifts, fields: {external_id: id, sku_external: sku, quantity: qty, price: {const: 0}}}
      - each: lines
        fields: {external_id: id, sku""",
).replace(
    "      each: parcels\n      fields: {waybill: [number",
    "      - {each: gift_parcels, fields: {waybill: number}}\n      - each: parcels\n        fields: {waybill: [number",
)


def test_goods_and_gifts_of_two_lists_are_lines_of_one_order() -> None:
    draft = read(TWO_LISTS, gifts=[{"id": "g", "sku": "B", "qty": 1}])
    assert [(line.external_id, line.quantity, line.price) for line in draft.lines] == [("g", 1, 0), ("1", 3, 3_333)]
    assert [line.external_id for line in read(TWO_LISTS).lines] == ["1"]


def test_parcels_of_two_lists_are_told_once_each() -> None:
    draft = read(TWO_LISTS, parcels=[{"number": "SF1"}, {"number": "SF2"}], gift_parcels=[{"number": "SF2"}])
    assert [parcel.waybill for parcel in draft.shipments] == ["SF2", "SF1"]


def test_a_part_of_a_list_without_its_waybill_is_named_by_its_place() -> None:
    mistakes = load_text(TWO_LISTS.replace("{waybill: number}", "{carrier: by}"))
    assert isinstance(mistakes, tuple) and any("shipments[0].waybill" in str(one) for one in mistakes), mistakes
