"""The quick reading of a mapping and the full one give the same: an odd value must not become another order."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.blueprint.mapping import Mapping, expressions, inline_fields, load_folder, paths

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


@pytest.fixture(scope="module")
def readers() -> dict[str, tuple[Mapping, Mapping]]:
    """Every connector's mapping, as it is and with every field read in full."""
    folders = sorted({path.parents[1] for path in SAMPLES})
    quick = {folder.name: _loaded(folder) for folder in folders}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inline_fields, "write_field", _in_full)
        patch.setattr(inline_fields, "condition", lambda w, block, full: f"{w.keep(full)}(node, scope)")
        patch.setattr(expressions, "compile_plain", lambda text, names: None)
        patch.setattr(paths, "_walker", lambda steps: lambda node: paths._walk(node, steps))
        full = {folder.name: _loaded(folder) for folder in folders}
    return {name: (quick[name], full[name]) for name in quick}


def _in_full(w: Any, one: Any, manner: Any) -> str:
    return inline_fields.write_call(w, f"{w.keep(one.full)}(node, scope)")


def _loaded(folder: Path) -> Mapping:
    loaded = load_folder(folder)
    assert isinstance(loaded, Mapping), loaded
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


def _read(mapping: Mapping, topic: str, payload: Any) -> Any:
    text = msgspec.json.Encoder(decimal_format="number").encode(payload).decode()
    return mapping.read("A1", "America/New_York", topic, text, {}, AT)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_an_odd_value_reads_the_same_the_quick_way_and_the_full_way(
    readers: dict[str, tuple[Mapping, Mapping]], data: st.DataObject
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


def test_the_quick_way_is_taken_at_all() -> None:
    """Else the test above would compare the full way with itself."""
    calls: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        original = inline_fields.write_call
        patch.setattr(inline_fields, "write_call", lambda w, call: calls.append(call) or original(w, call))
        _loaded(ADAPTERS / "channels" / "taobao")
    assert len(calls) <= 3, "nearly every field of a Taobao trade is plain"
