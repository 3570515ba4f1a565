"""The commonest expressions without the expression engine: texts compared with texts or null, and lengths of lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from orderloom.blueprint.mapping.conditions import Test
from orderloom.blueprint.mapping.follow import compile_path
from orderloom.blueprint.mapping.paths import parse_path
from orderloom.blueprint.mapping.scope import Scope

_SAME = re.compile(r"(\w+) (==|!=) (\w+)")
_SHORTER = re.compile(r"len\((\w+)\) < len\((\w+)\)")
Plain = Callable[[Mapping[str, Any]], bool | None]
"""Answers, or gives None when a value is of another type than it understands."""


def quick_test(text: Any, of: Mapping[str, str], full: Test) -> Test:
    """A test that compares by itself what it understands and asks `full` otherwise; `full` where it never could."""
    plain = _compile(text, of)
    if plain is None:
        return full
    compare = plain
    getters = [(name, compile_path(parse_path(path))) for name, path in of.items()]

    def test(node: Any, scope: Scope) -> bool:
        found = compare({name: get(node, scope) for name, get in getters})
        return full(node, scope) if found is None else found

    return test


def _compile(text: Any, names: Collection[str]) -> Plain | None:
    """A reader of comparisons joined by `or` alone or by `and` alone; None for any other expression."""
    if not isinstance(text, str) or (" or " in text and " and " in text):
        return None
    is_any = " or " in text
    parts = [_part(part.strip(), names) for part in text.split(" or " if is_any else " and ")]
    tests = [part for part in parts if part is not None]
    return _joined(tests, is_any) if len(tests) == len(parts) else None


def _joined(tests: list[Plain], is_any: bool) -> Plain:
    def read(values: Mapping[str, Any]) -> bool | None:
        for test in tests:
            found = test(values)
            if found is None or found is is_any:
                return found
        return not is_any

    return read


def _part(text: str, names: Collection[str]) -> Plain | None:
    same, shorter = _SAME.fullmatch(text), _SHORTER.fullmatch(text)
    if same is not None and same[1] in names and (same[3] in names or same[3] == "null"):
        return _same(same[1], same[3], same[2] == "==")
    if shorter is not None and shorter[1] in names and shorter[2] in names:
        return _shorter(shorter[1], shorter[2])
    return None


def _same(first: str, second: str, is_wanted: bool) -> Plain:
    def read(values: Mapping[str, Any]) -> bool | None:
        one, other = values[first], values.get(second)
        if (one is None or one.__class__ is str or (second == "null" and one.__class__ is list)) and (
            other is None or other.__class__ is str
        ):
            return (one == other) is is_wanted
        return None

    return read


def _shorter(first: str, second: str) -> Plain:
    def read(values: Mapping[str, Any]) -> bool | None:
        one, other = values[first], values[second]
        return len(one) < len(other) if one.__class__ is list and other.__class__ is list else None

    return read
