"""Conditions of mappings: paths compared with words, joined by any, all, none, or written as an expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderloom.blueprint.mapping.check import Notes, Wrong, near
from orderloom.blueprint.mapping.expressions import compile_expression
from orderloom.blueprint.mapping.follow import as_text, compile_path
from orderloom.blueprint.mapping.functions import check_regex
from orderloom.blueprint.mapping.paths import parse_path
from orderloom.blueprint.mapping.scope import Getter, Scope, Unfit
from orderloom.blueprint.mapping.times import is_never
from orderloom.domain.money import to_number

Test = Callable[[Any, Scope], bool]
JOINED = ("any", "all", "none")
_OPERATORS = ("not", "present", "dated", "matches", "starts", "contains", "over", "under")
_DEPTH_MAX = 8


def compile_condition(block: Any, notes: Notes, field: str, depth: int = 0) -> Test:
    """A closure that tells whether the condition holds at a node. An empty condition always holds."""
    tests: list[Test] = []
    if depth > _DEPTH_MAX:
        notes.wrong(field, "conditions are nested too deeply")
        return _always
    for key, value in notes.block(block if block is not None else {}, field).items():
        notes.at(block, key)
        if key in JOINED:
            tests.append(_joined(key, value, notes, f"{field}.{key}", depth))
        elif key == "expr":
            tests.append(_by_expression(compile_expression(value, block.get("of"), notes, field)))
        elif key != "of" or "expr" not in block:
            tests.append(_compared(key, value, notes, f"{field}.{key}"))
    if len(tests) == 1:
        return tests[0]
    return _all_of(tests) if tests else _always


def _all_of(tests: list[Test]) -> Test:
    def are_met(node: Any, scope: Scope) -> bool:
        for test in tests:  # noqa: SIM110
            if not test(node, scope):
                return False
        return True

    return are_met


def _always(node: Any, scope: Scope) -> bool:
    return True


def _joined(key: str, value: Any, notes: Notes, field: str, depth: int) -> Test:
    if not isinstance(value, list):
        notes.wrong(field, "a list of conditions is expected")
        return _always
    tests = [compile_condition(one, notes, field, depth + 1) for one in value]
    if key == "any":
        return lambda node, scope: any(test(node, scope) for test in tests)
    if key == "all":
        return lambda node, scope: all(test(node, scope) for test in tests)
    return lambda node, scope: not any(test(node, scope) for test in tests)


def _by_expression(read: Getter) -> Test:
    def test(node: Any, scope: Scope) -> bool:
        try:
            return read(node, scope) is True
        except Unfit:
            return False

    return test


def _compared(key: str, value: Any, notes: Notes, field: str) -> Test:
    try:
        get = compile_path(parse_path(key))
    except Wrong as error:
        notes.wrong(field, str(error))
        return _always
    if not isinstance(value, dict):
        return _is_one_of(get, value)
    tests = [_operator(get, word, wanted, notes, field) for word, wanted in value.items()]
    if len(tests) == 1:
        return tests[0]
    return _all_of(tests) if tests else _always


def _is_one_of(get: Getter, value: Any) -> Test:
    wanted = frozenset(as_text(one) for one in (value if isinstance(value, list) else [value]))

    def test(node: Any, scope: Scope) -> bool:
        found = get(node, scope)
        if found.__class__ is str:
            return found in wanted
        if isinstance(found, list):
            return any(as_text(one) in wanted for one in found)
        return as_text(found) in wanted

    return test


def _operator(get: Getter, word: str, wanted: Any, notes: Notes, field: str) -> Test:
    if word not in _OPERATORS:
        notes.wrong(field, f"{word} is not known{near(word, _OPERATORS)}")
        return _always
    if word == "not":
        same = _is_one_of(get, wanted)
        return lambda node, scope: not same(node, scope)
    if word == "present":
        if not isinstance(wanted, bool):
            notes.wrong(field, "present takes true or false")
        return lambda node, scope: (get(node, scope) is not None) is wanted
    if word == "dated":
        if not isinstance(wanted, bool):
            notes.wrong(field, "dated takes true or false")
        return lambda node, scope: is_never(get(node, scope)) is not wanted
    if word in ("over", "under"):
        return _measured(get, word, wanted, notes, field)
    return _textual(get, word, wanted, notes, field)


def _textual(get: Getter, word: str, wanted: Any, notes: Notes, field: str) -> Test:
    text = as_text(wanted)
    if word == "matches":
        before = len(notes.mistakes)
        check_regex(wanted, notes, field)
        pattern = re.compile(text if len(notes.mistakes) == before else "")
        return lambda node, scope: pattern.search(as_text(get(node, scope))[:4000]) is not None
    if word == "starts":
        return lambda node, scope: as_text(get(node, scope)).startswith(text)
    return lambda node, scope: text in as_text(get(node, scope))


def _measured(get: Getter, word: str, wanted: Any, notes: Notes, field: str) -> Test:
    limit = to_number(wanted)
    if limit is None:
        notes.wrong(field, f"{word} takes a number, not {wanted!r}")
        limit = Decimal(0)
    edge = limit

    def test(node: Any, scope: Scope) -> bool:
        number = to_number(get(node, scope))
        return number is not None and (number > edge if word == "over" else number < edge)

    return test
