"""Bad inputs made of good ones, for storms and property tests: every kind of value at every place of a body."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from orderloom.domain.encoding import decode

Choose = Callable[[int], int]
"""Draws a number below the given one."""

TEXTS = (
    "", " ", "x" * 3_000, "\x00", "a\x00b", "\u202e\u202b订单\u200f", "\ufeff", "'; drop table orders; --", "=1+1",
    "𠮷" * 300, "é" * 129, "null", "NaN", "Infinity", "-1", "0", "1e400", "9" * 400, "½", "１２", "0001-01-01 00:00:00",
    "9999-12-31 23:59:59", "2026-03-08 02:30:00", "1969-12-31T23:59:59Z", "2026-02-30", "9999-12-31T23:59:59-14:00",
)  # fmt: skip
LONE_HALF = "\ud800"
HUGE = 3_000_000
NUMBERS = (0, -1, 2**31, 2**63, -(2**63), 10**30, 1.5, -0.0, 1e308)
OTHERS: tuple[Any, ...] = (None, True, False, [], {}, [[]], {"a": {"b": []}})


def mutated(body: bytes, choose: Choose, *, huge: bool = False) -> bytes:
    """The body with one thing wrong in it, in the format that it has: JSON, form, rows, or any bytes."""
    if not choose(8):
        return _broken(body, choose)
    text = decode(body, "").text
    try:
        return _dump(_tree(json.loads(text), choose, huge))
    except ValueError:
        pass
    if "=" in text[:40] and "\n" not in text.strip():
        return _form(text, choose, huge)
    return _rows(text, choose, huge)


def _broken(body: bytes, choose: Choose) -> bytes:
    at = choose(len(body) or 1)
    return (body[:at], body[:at] + b"\xff\xfe" + body[at:], b"", body + body, body[at:], b"\x00" + body)[choose(6)]


def _tree(tree: Any, choose: Choose, huge: bool) -> Any:
    places = list(_places(tree))
    if not places:
        return OTHERS[choose(len(OTHERS))]
    node, key = places[choose(len(places))]
    kind = choose(10)
    if kind == 0 and isinstance(node, dict):
        node.pop(key)
    elif kind == 1 and isinstance(node, list):
        node.append(node[key])
    elif kind == 2 and isinstance(node, list):
        node.reverse()
    elif kind == 3:
        node[key] = OTHERS[choose(len(OTHERS))]
    elif kind == 4:
        node[key] = LONE_HALF
    elif kind < 7 or isinstance(node[key], (int, float)):
        node[key] = _number(node[key], NUMBERS[choose(len(NUMBERS))])
    else:
        node[key] = _text(choose, huge)
    return tree


def _number(before: Any, number: float) -> Any:
    """A number where a number stood, its digits where a text stood: platforms write both."""
    return str(number) if isinstance(before, str) else number


def _text(choose: Choose, huge: bool) -> str:
    return "x" * HUGE if huge and not choose(4) else TEXTS[choose(len(TEXTS))]


def _places(node: Any) -> Any:
    if isinstance(node, dict):
        for key, value in node.items():
            yield node, key
            yield from _places(value)
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield node, at
            yield from _places(value)


def _dump(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=True).encode()


def _form(text: str, choose: Choose, huge: bool) -> bytes:
    fields = parse_qsl(text, keep_blank_values=True) or [("", "")]
    at = choose(len(fields))
    name, value = fields[at]
    try:
        changed = _dump(_tree(json.loads(value), choose, huge)).decode()
    except ValueError:
        changed = _text(choose, huge)
    fields[at] = (name, changed)
    return urlencode(fields, errors="surrogatepass").encode()


def _rows(text: str, choose: Choose, huge: bool) -> bytes:
    mark = "\t" if "\t" in text else ","
    try:
        rows = list(csv.reader(text.replace("\x00", "").splitlines(), delimiter=mark)) or [[""]]
    except csv.Error:  # what an earlier mutation made is no file any more: cut it
        return text[: choose(len(text) or 1)].encode("utf-8", "surrogatepass")
    row = rows[choose(len(rows))] or [""]
    row[choose(len(row))] = (_text(choose, huge), str(NUMBERS[choose(len(NUMBERS))]))[choose(2)]
    out = io.StringIO()
    csv.writer(out, delimiter=mark, escapechar="\\").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")
