"""Whatever somebody writes into a connector's files is loaded, or told with its line: none of it is a fault of ours."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from new_channel import scaffold
from orderloom.adapters.kit.examine import examine
from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.notes import BadConnector
from orderloom.adapters.manifests import folders
from orderloom.blueprint.mapping import CompiledMapping
from orderloom.blueprint.mapping import load_text as load_mapping
from orderloom.blueprint.mapping.source import parse
from orderloom.blueprint.plain import read
from tests.support.connector_folders import folders as spoken_folders

SEED, TRIES = 20261126, 150
DEEP: list[Any] = [[[[[[[["x"]]]]]]]]
OTHERS = (None, True, 0, 5, -1, "x", "", "$x", "[", "2h", "a" * 300, [], {}, [[]], [None], {"x": []}, {"$x": 1}, DEEP)
"""What is put in the place of what is right."""
OF = {folder.name: folder for folder in folders()}
MADE_BY = ("taobao", "shopify", "xiaohongshu", "kuaidi100", "wangdiantong", "dingtalk")
MAPPED_BY = ("manual", "kdniao", "wangdiantong", "kingdee_orders")
STATUSES = "statuses: 1\ndictionaries:\n  trade:\n    PAID: {payment: paid, milestone: paid, hold: channel_forbids}\n"
MAPPING = """mapping: 1
zone: Asia/Shanghai
documents:
  - topic: [order, "order.*"]
    produces: order
    each: orders
    when: {type: [a, b], at: {present: true, not: x}, any: [{n: {over: 1}}, {expr: "a > 1", of: {a: n}}]}
    fields:
      external_id: id
      revision: at
      placed_at: {path: [at, made], zone: Asia/Shanghai, format: "%Y"}
      currency: {const: CNY}
      total: {function: sum, of: [a, {path: b}], as: money, round: true}
      payment: {path: status, dictionary: trade, take: payment}
      note: [{when: {x: 1}, path: memo}, {function: split, of: y, with: {separator: ",", index: 0}, default: ""}]
      is_test: {holds: {kind: {matches: "^t"}}}
      paid: {expr: "a + 1", of: {a: n}, as: money}
    lines: [{each: items, where: {n: 1}, fields: {external_id: id, sku_external: sku, quantity: n, price: p}}]
    receiver: {name: {path: name, values: {a: b}, otherwise: c}}
    charges: [{each: fees, fields: {kind: {const: fee}, amount: fee}}]
    refunds: {each: back, fields: {external_id: id, amount: worth}}
    said: [{path: status, dictionary: trade, at: at, native: word, when: {a: b}}, {milestone: paid, at: at, each: x}]
    facts: {colour: {path: c, as: text}}
    flags: {odd: {a: {starts: b}}}
"""


def places(data: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a file's data."""
    yield place
    for key, one in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(one, (*place, key))


def put(data: Any, place: tuple[Any, ...], other: Any) -> Any:
    """The data with something else in a place."""
    if not place:
        return other
    key, rest = place[0], place[1:]
    if isinstance(data, dict):
        return {**data, key: put(data[key], rest, other)}
    return [*data[:key], put(data[key], rest, other), *data[key + 1:]]


def spoilt(data: Any, tries: int) -> list[tuple[str, str]]:
    """Texts of a file, each with something else in one place, and what that is."""
    every = [(place, other) for place in places(data) for other in OTHERS]
    return [(f"{place}: {other!r}"[:200], json.dumps(put(data, place, other), ensure_ascii=False, indent=0))
            for place, other in random.Random(SEED).sample(every, min(tries, len(every)))]


def must_be_read_or_told(texts: list[tuple[str, str]], told: Callable[[str], list[Any] | None]) -> None:
    lines = {what: [one.line for one in found] for what, text in texts if (found := told(text)) is not None}
    assert len(lines) > len(texts) // 4, "most of it must be told"
    assert [what for what, found in lines.items() if not found or min(found) < 1] == []


def mistakes_of(text: str) -> list[Any] | None:
    try:
        load_text(text, "connector.yaml")
    except BadConnector as bad:
        return list(bad.mistakes)
    return None


def mistakes_of_mapping(text: str, statuses: str = STATUSES) -> list[Any] | None:
    found = load_mapping(text, statuses)
    return None if isinstance(found, CompiledMapping) else list(found)


@pytest.mark.parametrize("name", MADE_BY)
def test_anything_in_any_place_of_a_declaration_is_read_or_told(name: str) -> None:
    data, _ = read((OF[name] / "connector.yaml").read_text("utf-8"))
    must_be_read_or_told(spoilt(data, TRIES), mistakes_of)


@pytest.mark.parametrize("name", MAPPED_BY)
def test_anything_in_any_place_of_a_mapping_is_read_or_told(name: str) -> None:
    statuses = (OF[name] / "statuses.yaml").read_text("utf-8")
    texts = spoilt(parse((OF[name] / "mapping.yaml").read_text("utf-8")), TRIES // 3)
    must_be_read_or_told(texts, lambda text: mistakes_of_mapping(text, statuses))


def test_anything_in_any_place_of_a_mapping_that_says_everything_is_read_or_told() -> None:
    assert mistakes_of_mapping(MAPPING) is None
    must_be_read_or_told(spoilt(parse(MAPPING), 1_000), mistakes_of_mapping)
    must_be_read_or_told(spoilt(parse(STATUSES), 100), lambda text: mistakes_of_mapping(MAPPING, text))


def test_anything_in_any_place_of_an_accounts_own_declaration_is_read_or_told() -> None:
    [folder] = [one for one in spoken_folders("systems") if one.name == "generic"]
    texts = spoilt(read((folder.path / "example.yaml").read_text("utf-8"))[0], TRIES)
    texts += [(text, text) for text in ("calls: 5", "calls: null", "work: null", "reports: {each: null}", "files: []",
                                        "stock: {names: {sku: []}, words: 5}")]

    async def probe_all() -> dict[str, Any]:
        transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json={}))
        async with httpx2.AsyncClient(transport=transport) as http:
            return {what: await folder.connector.probe(folder.account("http://x.example", declaration=text), http)
                    for what, text in texts}

    found = asyncio.run(probe_all())
    told = {what: one.message for what, one in found.items() if "declaration" in one.message}
    assert len(told) > len(found) // 3
    assert [what for what, words in told.items() if "declaration:" not in words] == []


@pytest.mark.parametrize("other", [b"null", b"5", b"[5]", b"{", b"\xff\xfe", b"[" * 5_000, b'{"topic": 5}', b""])
@pytest.mark.parametrize("name", ["connector.yaml", "mapping.yaml", "statuses.yaml", "carriers.yaml", "quality.yaml",
                                  "samples/vectors.json", "samples/paid.in.json", "samples/paid.order.json",
                                  "samples/paid.item.json"])
def test_a_file_that_is_something_else_is_told(tmp_path: Path, name: str, other: bytes) -> None:
    scaffold("acme", tmp_path / "channels")
    (tmp_path / "channels" / "acme" / name).write_bytes(other)
    found = examine(tmp_path / "channels" / "acme")
    is_nothing = (name, other) == ("statuses.yaml", b"")
    assert not found.is_fit or is_nothing
    assert all(one.line > 0 and one.file and one.reason for one in found.mistakes)
