"""A payload that is written from values reads back as those values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from orderloom.blueprint.mapping import CompiledMapping, load_text, sample
from orderloom.domain.cleaning import clean_text
from orderloom.domain.draft import OrderDraft, StatedCharge, StatedRefund, StatedShipment
from orderloom.domain.money import format_minor
from orderloom.domain.states import ChargeKind, LineKind, PaymentState
from orderloom.domain.waybill import plain_waybill

TEXT = r"""
mapping: 1
documents:
  - topic: order
    produces: order
    root: data.orders[0]
    fields:
      external_id: [ids.own, id]
      revision: changed
      placed_at: {path: 'when\.placed'}
      currency: money.code
      total: 'money.sums[kind=TOTAL].value'
      freight: {path: freight, money: minor}
      note: words.note
      is_test: flags.test
      external_number: number
      refunded: money.back
      is_pickup: flags.fetched
      payment: paid.state
    charges:
      - {fields: {kind: wrap.kind, amount: wrap.sum, tax: wrap.tax}}
      - {each: fees, fields: {kind: kind, amount: sum, title: text}}
    refunds: {each: money.refunds, fields: {external_id: id, amount: sum, at: when}}
    shipments: {each: parcels, fields: {waybill: number, carrier: by}}
    receiver: {name: to.name, detail: to.where, country: to.country}
    facts: {points: {path: points, as: integer}}
    lines:
      each: goods.rows
      fields:
        {external_id: no, sku_external: sku.code, quantity: n, price: each.price, title: name, goods: sum,
         fulfilled: out, kind: kind}
"""
LOADED = load_text(TEXT)
assert isinstance(LOADED, CompiledMapping), LOADED

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Z")), min_size=1, max_size=30)
words = words.map(clean_text).filter(bool)
amounts = st.integers(-(10**11), 10**11)
instants = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
counts = st.integers(-9, 10**6)
lines = st.fixed_dictionaries(
    {"external_id": words, "sku_external": words, "quantity": counts, "price": amounts, "title": words,
     "goods": amounts, "fulfilled": counts, "kind": st.sampled_from(list(LineKind))}
)  # fmt: skip
charges = st.fixed_dictionaries({"kind": st.sampled_from(list(ChargeKind)), "amount": amounts.filter(bool)})
charges_with_tax = st.builds(lambda charge, tax: {**charge, "tax": tax}, charges, amounts)
refunds = st.fixed_dictionaries({"external_id": words, "amount": st.integers(1, 10**11), "at": instants})
waybills = words.map(plain_waybill).filter(lambda word: word and not set(word) & set(",;，；、|/"))
shipments = st.fixed_dictionaries({"waybill": waybills, "carrier": words})
orders = st.fixed_dictionaries(
    {
        "external_id": words,
        "revision": instants,
        "placed_at": instants,
        "currency": st.sampled_from(["CNY", "JPY", "KWD"]),
        "total": amounts,
        "freight": amounts,
        "note": words,
        "is_test": st.booleans(),
        "lines": st.lists(lines, min_size=1, max_size=4),
        "points": st.integers(-(2**62), 2**62),
        "external_number": words,
        "refunded": amounts,
        "is_pickup": st.booleans(),
        "payment": st.sampled_from(list(PaymentState)),
        "charges": st.tuples(charges_with_tax, st.lists(charges, max_size=3)),
        "refunds": st.lists(refunds, max_size=3, unique_by=lambda one: one["external_id"]),
        "shipments": st.lists(shipments, max_size=3, unique_by=lambda one: (one["waybill"], one["carrier"])),
    }
)


def written(order: dict[str, Any]) -> dict[str, Any]:
    """The values as a platform would write them: major units as text, instants with offset."""
    code = order["currency"]
    values = {key: value for key, value in order.items() if key != "points"}
    values["total"] = format_minor(order["total"], code)
    values["revision"], values["placed_at"] = order["revision"].isoformat(), order["placed_at"].isoformat()
    values["refunded"] = format_minor(order["refunded"], code)
    values["lines"] = [major(line, code) for line in order["lines"]]
    values["charges"] = [major(order["charges"][0], code), [major(one, code) for one in order["charges"][1]]]
    values["refunds"] = [{**major(one, code), "at": one["at"].isoformat()} for one in order["refunds"]]
    return {**values, "facts": {"points": order["points"]}}


def major(values: dict[str, Any], code: str) -> dict[str, Any]:
    """A part's values with its money as text."""
    money = {name: format_minor(values[name], code) for name in ("price", "goods", "amount", "tax") if name in values}
    return {**values, **money}


@given(orders)
def test_no_field_is_changed_on_the_way_through_a_mapping(order: dict[str, Any]) -> None:
    assert isinstance(LOADED, CompiledMapping)
    body = msgspec.json.encode(sample(LOADED.documents[0], written(order))).decode()
    (draft,) = LOADED.read("A", "Asia/Shanghai", "order", body, {}, datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(draft, OrderDraft), draft
    plain = ("external_id", "revision", "placed_at", "currency", "total", "freight", "note", "is_test")
    for name in (*plain, "external_number", "refunded", "is_pickup", "payment"):
        assert getattr(draft, name) == order[name], name
    assert draft.charges == tuple(StatedCharge(**one) for one in (order["charges"][0], *order["charges"][1]))
    assert draft.refunds == tuple(StatedRefund(**one) for one in order["refunds"])
    assert draft.shipments == tuple(StatedShipment(**one) for one in order["shipments"])
    assert [{name: getattr(line, name) for name in order["lines"][0]} for line in draft.lines] == order["lines"]
    assert draft.facts == {"points": order["points"]}


@given(st.text(max_size=60), st.binary(max_size=60))
def test_no_text_makes_the_reader_fall_over(text: str, noise: bytes) -> None:
    assert isinstance(LOADED, CompiledMapping)
    for body in (text, noise.decode("latin-1"), msgspec.json.encode({"data": {"orders": [{"ids": text}]}}).decode()):
        results = LOADED.read("A", "UTC", "order", body, {}, datetime(2026, 1, 1, tzinfo=UTC))
        assert all(isinstance(one, tuple) and one for one in results)
