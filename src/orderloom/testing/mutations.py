"""Bad inputs made of good ones, for storms and property tests: every kind of value at every place of a body."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

from orderloom.domain.encoding import decode

Choose = Callable[[int], int]
"""Draws a number below the given one."""
Place = tuple[Any, Any]
"""A dict or list, and the key or index of a value in it."""

TEXTS = (
    "", " ", "x" * 3_000, "\x00", "a\x00b", "\u202e\u202b订单\u200f", "\ufeff", "'; drop table orders; --", "=1+1",
    "𠮷" * 300, "é" * 129, "null", "NaN", "Infinity", "-1", "0", "1e400", "9" * 400, "½", "１２", "\ud800",
)  # fmt: skip
HUGE = 3_000_000
DATES = (
    "0001-01-01 00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31 23:59:59", "9999-12-31T23:59:59-14:00",
    "2026-03-08 02:30:00", "2026-03-08T02:30:00-05:00", "2026-11-01 01:30:00", "2026-02-30", "2026-13-01 00:00:00",
    "1969-12-31T23:59:59Z", "0000-00-00 00:00:00", "2036-05-05 05:05:05", "24:00", "yesterday", "+292277026596-12-04",
)  # fmt: skip
"""The first and the last year, hours that a change of the clock leaves out or repeats, days that never were."""
NUMBERS = (0, -1, 2**31, 2**63, -(2**63), 10**30, 1.5, -0.0, 1e308, float("nan"), float("inf"), float("-inf"))
INSTANTS = (-62_135_596_800, 253_402_300_799, 2**31, 2**53, 2_086_000_000_000, 10**18)
"""Where a number of seconds or milliseconds stood."""
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"a": {"b": []}})
DATED = re.compile(r"\d{4}-\d\d-\d\d")
EPOCH_MIN = 1_000_000_000
AGAIN = "\x00again"
"""Ends the name of a key that is to stand twice in its object."""


def mutated(body: bytes, choose: Choose, *, huge: bool = False) -> bytes:
    """The body with one thing wrong in it, in the format that it has: JSON, form, rows, or any bytes.

    `huge`: the wrong thing is a text of three megabytes.
    """
    if not huge and not choose(8):
        return _broken(body, choose)
    text = decode(body, "").text
    try:
        tree = json.loads(text)
    except ValueError:
        tree = None
    if tree is not None:
        return _dump(_tree(tree, choose, huge))
    if "=" in text[:40] and "\n" not in text.strip():
        return _form(text, choose, huge)
    return _rows(text, choose, huge)


def _broken(body: bytes, choose: Choose) -> bytes:
    at = choose(len(body) or 1)
    return (
        body[:at], body[:at] + b"\xff\xfe" + body[at:], b"", body + body, body[at:], b"\x00" + body, _flipped(body, at),
    )[choose(7)]


def _flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 0x10]) + body[at + 1:] if body else b""


def _tree(tree: Any, choose: Choose, huge: bool) -> Any:
    places = list(_places(tree))
    if not places:
        return OTHERS[choose(len(OTHERS))]
    if huge:
        texts = [place for place in places if isinstance(place[0][place[1]], str)] or places
        node, key = texts[choose(len(texts))]
        node[key] = "x" * HUGE
        return tree
    node, key = places[choose(len(places))]
    if choose(10) < 3:
        _reshape(node, key, choose)
    else:
        node[key] = _other(node[key], choose)
    return tree


def _reshape(node: Any, key: Any, choose: Choose) -> None:
    """A value that is missing, doubled, nothing at all or a whole other thing; keys and elements in another order."""
    kind = choose(5)
    if kind == 0:
        node.pop(key)
    elif kind == 1 and isinstance(node, list):
        node.append(node[key])
    elif kind == 1:
        node[f"{key}{AGAIN}"] = _other(node[key], choose)
    elif kind == 2 and isinstance(node, list):
        node.reverse()
    elif kind == 2:
        items = list(node.items())
        node.clear()
        node.update(reversed(items))
    else:
        node[key] = OTHERS[choose(len(OTHERS))] if kind == 3 else None


def _other(value: Any, choose: Choose) -> Any:
    """Another value in place of this one, mostly of its own kind."""
    if isinstance(value, str) and DATED.search(value) and choose(4):
        return DATES[choose(len(DATES))]
    if isinstance(value, int) and not isinstance(value, bool) and value > EPOCH_MIN and choose(2):
        return INSTANTS[choose(len(INSTANTS))]
    if isinstance(value, (int, float)):
        return NUMBERS[choose(len(NUMBERS))]
    if isinstance(value, str) and choose(2):
        return str(NUMBERS[choose(len(NUMBERS))])  # platforms write numbers as texts, too
    return TEXTS[choose(len(TEXTS))]


def _text(choose: Choose, huge: bool) -> str:
    return "x" * HUGE if huge else TEXTS[choose(len(TEXTS))]


def _places(node: Any) -> Iterator[Place]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield node, key
            yield from _places(value)
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield node, at
            yield from _places(value)


def _dump(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=True).replace(json.dumps(AGAIN)[1:-1], "").encode()


def _form(text: str, choose: Choose, huge: bool) -> bytes:
    fields = parse_qsl(text, keep_blank_values=True) or [("", "")]
    at = choose(len(fields))
    name, value = fields[at]
    try:
        inner = json.loads(value)
    except ValueError:
        inner = value
    is_inner = isinstance(inner, dict | list)
    changed = _dump(_tree(inner, choose, huge)).decode() if is_inner else _text(choose, huge)
    fields[at] = (name, changed)
    return urlencode(fields, errors="surrogatepass").encode()


def _rows(text: str, choose: Choose, huge: bool) -> bytes:
    mark = "\t" if "\t" in text else ","
    try:
        rows = list(csv.reader(text.replace("\x00", "").splitlines(), delimiter=mark)) or [[""]]
    except csv.Error:  # what an earlier mutation made is no file any more: cut it
        return text[: choose(len(text) or 1)].encode("utf-8", "surrogatepass")
    row = rows[choose(len(rows))] or [""]
    at = choose(len(row))
    row[at] = _text(choose, huge) if huge or at >= len(row) else str(_other(row[at], choose))
    out = io.StringIO()
    csv.writer(out, delimiter=mark, escapechar="\\").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")
