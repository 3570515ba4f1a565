"""The quick reading of a mapping and the full one give the same: an odd value must not become another order."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.blueprint.mapping import CompiledMapping, load_folder

ADAPTERS = Path(__file__).resolve().parents[2] / "src" / "orderloom" / "adapters"
SAMPLES = sorted(ADAPTERS.glob("*/*/samples/*.in.json"))
AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
ODD: list[Any] = [
    None, "", " ", "  x  ", "a  b", "a\tb", "１２", "ＡＢ王", "e\u0301", "\u200bx", "x\u3000y", "*", 0, 1, -1, 10**18,
    10**30, True, False, "true", "0", "007", "1.005", "12,50", "1,234.50", "12.30", "-5.00", ".50", "１.50", "1e3",
    "99999999999999.99", Decimal("1.10"), Decimal("2.00"), Decimal("3.005"), [], {}, ["a"], ["1.00", "2.00"], {"a": 1},
    [{"amount": "1.00"}], [[], ["5.00"]], "0000-00-00 00:00:00", "2026-11-01 01:30:00", "2026-03-08 02:30:00",
    "2026-11-21 09:00:00", "2026-11-21T09:00:00+08:00", "never", "WAIT_BUYER_PAY", "TRADE_FINISHED", "TRADE_CLOSED",
    "WAIT_SELLER_SEND_GOODS", "paid", "pending", "SUCCESS", "no such word", "CNY", "JPY", "KWD", "rmb", "cod", "COD",
    "partially_refunded", "refunded", "fulfilled", "refund", "success", "Unshipped", "1Z1, 1Z2", "goods", "-1.00",
]  # fmt: skip

MAPPING = """mapping: 1
documents:
  - topic: EVIL
    produces: order
    fields:
      external_id: EVIL
      revision: at
      placed_at: at
      currency: {const: CNY}
      total: {function: sum, of: [EVIL, EVIL]}
      note: {function: join, of: [EVIL, EVIL], with: {separator: EVIL}}
      is_test: {holds: {EVIL: EVIL}}
      native: [{const: EVIL, when: {EVIL: {not: EVIL}}}, EVIL]
    facts: {EVIL: EVIL}
    lines: {each: lines, fields: {external_id: sku, sku_external: sku, quantity: {const: 1}, price: EVIL}}
    said: [{milestone: paid, at: at, native: EVIL, when: {EVIL: {present: true}}}]
    flags: {EVIL: {EVIL: EVIL}}
"""
"""A mapping that says the same odd word wherever a word can stand."""
PLAIN = {
    "UNSET", "ZERO", "ZONE", "WIDE", "Said", "nothing", "node", "nodes", "scope", "currency", "instants", "instants_of",
    "n", "v", "m", "a", "found", "said", "step", "at", "minor", "normalise", "recall", "never", "money", "integer",
    "single", "joined", "dict", "str", "int", "list", "len", "max", "min", "enumerate", "tuple",
}  # fmt: skip
"""The names that code may use: the writer's own."""


@pytest.fixture(scope="module")
def readers() -> dict[str, tuple[CompiledMapping, CompiledMapping]]:
    """Every connector's mapping, as it is and with every field read in full."""
    folders = sorted({path.parents[1] for path in SAMPLES})
    return {folder.name: (_loaded(folder), _loaded(folder, is_quick=False)) for folder in folders}


def _loaded(folder: Path, *, is_quick: bool = True) -> CompiledMapping:
    loaded = load_folder(folder, is_quick=is_quick)
    assert isinstance(loaded, CompiledMapping), loaded
    return loaded


def _places(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a payload."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in inside:
        yield (*place, key)
        yield from _places(child, (*place, key))


def _put(payload: Any, place: tuple[Any, ...], value: Any) -> None:
    """Change one place; where an earlier change took it away, nothing is done."""
    for key in place[:-1]:
        if not _has(payload, key):
            return
        payload = payload[key]
    if _has(payload, place[-1]):
        payload[place[-1]] = value


def _has(node: Any, key: Any) -> bool:
    if isinstance(node, dict):
        return key in node
    return isinstance(node, list) and isinstance(key, int) and key < len(node)


def _read(mapping: CompiledMapping, topic: str, payload: Any) -> Any:
    text = msgspec.json.Encoder(decimal_format="number").encode(payload).decode()
    return mapping.read("A1", "America/New_York", topic, text, {}, AT)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_an_odd_value_reads_the_same_the_quick_way_and_the_full_way(
    readers: dict[str, tuple[CompiledMapping, CompiledMapping]], data: st.DataObject
) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    quick, full = readers[sample.parents[1].name]
    payload = copy.deepcopy(msgspec.json.decode(sample.read_bytes()))
    places = list(_places(payload)) or [()]
    for place in data.draw(st.lists(st.sampled_from(places), max_size=4)):
        if place:
            _put(payload, place, data.draw(st.sampled_from(ODD) | st.text(max_size=8)))
    for document in quick.documents:
        topic = document.topics[0].replace("*", "x")
        assert _read(quick, topic, payload) == _read(full, topic, payload)
        assert _read(quick, topic, payload) == _read(full, topic, payload), "the second time, with what is remembered"


def test_the_quick_way_is_taken_at_all(readers: dict[str, tuple[CompiledMapping, CompiledMapping]]) -> None:
    """Else the test above would compare the full way with itself."""
    quick, full = readers["taobao"]
    trade = next(code for code in quick.code if code.place.endswith(": OrderDraft"))
    in_full = [line for line in trade.text.splitlines() if re.fullmatch(r"    x\d+ = k\d+\(node, scope\)", line)]
    assert len(in_full) <= 3, "nearly every field of a Taobao trade is plain"
    assert not full.code, "switched off, nothing is written"


def test_only_literals_of_a_mapping_reach_the_code_that_is_written(tmp_path: Path) -> None:
    """A mapping is data that a customer edits: whatever stands in it must never run."""
    evil = """'"); raise SystemExit(1) #"""
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("EVIL", json.dumps(evil)), encoding="utf-8")
    quick, full = _loaded(tmp_path), _loaded(tmp_path, is_quick=False)
    payload = {evil: "7.00", "at": "2026-11-21 09:00:00", "lines": [{"sku": evil, evil: "2.00"}]}
    assert _read(quick, evil, payload) == _read(full, evil, payload)
    assert _read(quick, evil, payload)[0].external_id == "7.00"
    known = _names_of(quick)
    assert known <= PLAIN, f"code was written that names {known - PLAIN}"


def _names_of(mapping: CompiledMapping) -> set[str]:
    """Every name that the written code uses, those that the writer numbers aside."""
    names = {node.id for code in mapping.code for node in ast.walk(ast.parse(code.text)) if isinstance(node, ast.Name)}
    return {name for name in names if not re.fullmatch(r"(k|x|g|a)\d+|p_\w+", name)}
