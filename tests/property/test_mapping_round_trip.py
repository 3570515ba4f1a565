"""A payload that is written from values reads back as those values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from orderloom.blueprint.mapping import Mapping, load_text, sample
from orderloom.domain.cleaning import clean_text
from orderloom.domain.draft import OrderDraft
from orderloom.domain.money import format_minor

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
    receiver: {name: to.name, detail: to.where, country: to.country}
    facts: {points: {path: points, as: integer}}
    lines:
      each: goods.rows
      fields: {external_id: no, sku_external: sku.code, quantity: n, price: each.price, title: name}
"""
LOADED = load_text(TEXT)
assert isinstance(LOADED, Mapping), LOADED

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Z")), min_size=1, max_size=30)
words = words.map(clean_text).filter(bool)
amounts = st.integers(-(10**11), 10**11)
instants = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
lines = st.fixed_dictionaries(
    {"external_id": words, "sku_external": words, "quantity": st.integers(-9, 10**6), "price": amounts, "title": words}
)
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
    }
)


def written(order: dict[str, Any]) -> dict[str, Any]:
    """The values as a platform would write them: major units as text, instants with offset."""
    code = order["currency"]
    values = {key: value for key, value in order.items() if key != "points"}
    values["total"] = format_minor(order["total"], code)
    values["revision"], values["placed_at"] = order["revision"].isoformat(), order["placed_at"].isoformat()
    values["lines"] = [{**line, "price": format_minor(line["price"], code)} for line in order["lines"]]
    return {**values, "facts": {"points": order["points"]}}


@given(orders)
def test_no_field_is_changed_on_the_way_through_a_mapping(order: dict[str, Any]) -> None:
    assert isinstance(LOADED, Mapping)
    body = msgspec.json.encode(sample(LOADED.documents[0], written(order))).decode()
    (draft,) = LOADED.read("A", "Asia/Shanghai", "order", body, {}, datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(draft, OrderDraft), draft
    for name in ("external_id", "revision", "placed_at", "currency", "total", "freight", "note", "is_test"):
        assert getattr(draft, name) == order[name], name
    assert [{name: getattr(line, name) for name in order["lines"][0]} for line in draft.lines] == order["lines"]
    assert draft.facts == {"points": order["points"]}


@given(st.text(max_size=60), st.binary(max_size=60))
def test_no_text_makes_the_reader_fall_over(text: str, noise: bytes) -> None:
    assert isinstance(LOADED, Mapping)
    for body in (text, noise.decode("latin-1"), msgspec.json.encode({"data": {"orders": [{"ids": text}]}}).decode()):
        results = LOADED.read("A", "UTC", "order", body, {}, datetime(2026, 1, 1, tzinfo=UTC))
        assert all(isinstance(one, tuple) and one for one in results)
