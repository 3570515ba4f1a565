"""The part of a payload that matters for a problem: the culprit with what stands beside and above it, and its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from orderloom.blueprint.mapping.payload_tree import example_of
from orderloom.domain.shown import shown, shown_of

BESIDE_MAX, ABOVE_MAX, NODES_MAX = 12, 3, 20_000
"""Values beside the culprit and in each object above it that are told, and how many are looked at for it."""
Steps = tuple[str | int, ...]
_STEP = re.compile(r"\[(\d+)\]|((?:\\.|[^.\[\\])+)")
_ESCAPED = str.maketrans({"\\": "\\\\", ".": "\\.", "[": "\\["})


class FragmentLine(msgspec.Struct, frozen=True):
    """One line: `name` of a value or object (empty: an element of a list), `kind` open, close or value."""

    depth: int
    kind: str
    name: str = ""
    value: str = ""
    is_text: bool = False
    is_culprit: bool = False


class Fragment(msgspec.Struct, frozen=True):
    """The lines, and the culprit's path from the body; empty when it was not found: then the lines are the first."""

    path: str
    lines: list[FragmentLine]


def fragment_of(data: Any, told: str, code: str = "") -> Fragment:
    """Look for the value that a problem of this code quotes as `told`. Nobody can be recognised in the lines."""
    steps = find(data, told, code)
    culprit = steps or next((one for one, _ in _scalars(data)), ())
    return Fragment(path_of(steps), list(_lines(data, culprit, steps, 0, "")))


def path_of(steps: Steps) -> str:
    """Steps as a path of the mapping language."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step.translate(_ESCAPED)}"
    return text


def value_at(data: Any, steps: Steps) -> Any:
    """What stands at a place; None when there is nothing."""
    for step in steps:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def names_beside(data: Any, steps: Steps) -> dict[str, Any]:
    """The values that stand in one object with a place, by name."""
    node = value_at(data, steps[:-1]) if steps else data
    return {name: one for name, one in node.items() if _is_scalar(one)} if isinstance(node, dict) else {}


def find(data: Any, told: str, code: str = "") -> Steps:
    """The first place of the value that a problem of this code quotes so."""
    return next((steps for steps, value in _scalars(data) if told and told in (
        shown(value), shown_of("", value, code))), ())


def _scalars(data: Any) -> Iterator[tuple[Steps, Any]]:
    waiting: list[tuple[Steps, Any]] = [((), data)]
    for _ in range(NODES_MAX):
        if not waiting:
            return
        steps, node = waiting.pop()
        if isinstance(node, dict):
            waiting += [((*steps, str(name)), node[name]) for name in reversed(node)]
        elif isinstance(node, list):
            waiting += [((*steps, at), node[at]) for at in range(len(node) - 1, -1, -1)]
        elif steps:
            yield steps, node


def _lines(node: Any, way: Steps, culprit: Steps, depth: int, name: str) -> Iterator[FragmentLine]:
    if not isinstance(node, dict | list):
        yield _value(depth, name, node, is_culprit=bool(culprit), path=name)
        return
    yield FragmentLine(depth, "open", name, "[" if isinstance(node, list) else "{")
    inner = range(len(node)) if isinstance(node, list) else node
    is_last, told = len(way) == 1, 0
    for key in inner:
        one = node[key]
        if way and key == way[0]:
            yield from _lines(one, way[1:], culprit, depth + 1, "" if isinstance(key, int) else str(key))
        elif _is_scalar(one) and told < (BESIDE_MAX if is_last else ABOVE_MAX):
            told += 1
            yield _value(depth + 1, "" if isinstance(key, int) else str(key), one, is_culprit=False, path=name)
    yield FragmentLine(depth, "close", "", "]" if isinstance(node, list) else "}")


def _value(depth: int, name: str, value: Any, *, is_culprit: bool, path: str) -> FragmentLine:
    return FragmentLine(depth, "value", name, example_of(f"{path}.{name}", name, value), isinstance(value, str),
                        is_culprit)


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list)


def steps_of(path: str) -> Steps:
    """The steps of a path that `path_of` wrote."""
    return tuple([int(at) if at else name.replace("\\.", ".").replace("\\[", "[").replace("\\\\", "\\")
                  for at, name in _STEP.findall(path)])


def corrected(data: Any, steps: Steps, was: Any, value: Any) -> Any:
    """The data with another value at a place where `was` stands; itself where something else does."""
    if not steps:
        return value if data == was or (data is None and was is None) else data
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        if not isinstance(data, list) or step >= len(data):
            return data
        return [corrected(one, rest, was, value) if at == step else one for at, one in enumerate(data)]
    if not isinstance(data, dict) or (step not in data and (rest or was is not None)):
        return data
    return {**data, step: corrected(data.get(step), rest, was, value)}
