"""Who catches an error, or goes by its code, finds all of them in one place, and each means one thing."""

from __future__ import annotations

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from orderloom.domain import fault

SOURCE = Path(__file__).resolve().parents[2] / "src" / "orderloom"
GIVEN_UP = {"network": "unreachable", "unsupported_kind": "unknown_kind", "broken_body": "unreadable_answer",
            "quantity_refused": "stock_refused"}
LINE = re.compile(r"^( {6,})([A-Z]\w+) {2,}\S", re.MULTILINE)


def _classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    for file in sorted(SOURCE.rglob("*.py")):
        if "simulat" not in file.relative_to(SOURCE).as_posix():
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    yield file, node


@cache
def _errors() -> dict[str, str]:
    """Every exception of the hub with what it is a kind of; platforms' own are the simulators'."""
    classes = list(_classes())
    found: dict[str, str] = {}
    before = -1
    while before < len(found):  # a kind may stand in a file before that of which it is one
        before = len(found)
        for _, node in classes:
            for base in node.bases:
                name = ast.unparse(base)
                kind = getattr(builtins, name, None)
                if name in found or (isinstance(kind, type) and issubclass(kind, BaseException)):
                    found[node.name] = name if name in found else ""
    return found


def test_every_error_stands_in_the_tree() -> None:
    drawn = [(len(spaces), name) for spaces, name in LINE.findall(fault.__doc__ or "")]
    names, errors = {name for _, name in drawn} - {"Refusal"}, _errors().keys()
    assert errors - names == set(), "draw it in domain/fault.py"
    assert names - errors == set(), "it is gone: take it off the tree in domain/fault.py"
    assert len(drawn) == len({name for _, name in drawn}), "one stands twice"
    above = {}
    for place, (depth, name) in enumerate(drawn):
        above[name] = next((other for less, other in reversed(drawn[:place]) if less < depth), "") if depth > 6 else ""
    assert {name: above[name] for name, parent in _errors().items() if parent} == {
        name: parent for name, parent in _errors().items() if parent}


def _codes() -> Iterator[tuple[str, str]]:
    """(class, code) wherever an error of the outside is made."""
    for file in sorted(SOURCE.rglob("*.py")):
        if "simulat" not in file.relative_to(SOURCE).as_posix():
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                kind = ast.unparse(node.func) if isinstance(node, ast.Call) and node.args else ""
                if kind in ("Transient", "Terminal") and isinstance(node.args[0], ast.Constant):
                    yield kind, str(node.args[0].value)


def test_a_code_of_the_outside_means_one_thing() -> None:
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for kind, code in _codes():
        kinds[code].add(kind)
    assert len(kinds) > 30
    assert {code: both for code, both in kinds.items() if len(both) > 1} == {}, "may trying again help or not?"
    assert {code: GIVEN_UP[code] for code in kinds if code in GIVEN_UP} == {}, "there is a code for it"
