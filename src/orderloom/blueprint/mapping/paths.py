"""Paths into a payload: parsed once, compiled to closures that answer None for what is absent, null or empty."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from orderloom.blueprint.mapping.bodies import Unreadable, parse_json
from orderloom.blueprint.mapping.check import Wrong
from orderloom.blueprint.mapping.scope import Getter, Scope

_PIECE = re.compile(r"((?:\\.|[^\\.\[\]!])*)((?:\[(?:\\.|[^\]\\])*\]|!json)*)")
_BRACKET = re.compile(r"\[((?:\\.|[^\]\\])*)\]|(!json)")
_ESCAPE = re.compile(r"\\(.)")
_STEPS_MAX = 30
_NOT_THERE = object()


class Key(NamedTuple):
    """A named child."""

    name: str


class Index(NamedTuple):
    """An element by position; negative from the end."""

    at: int


class Every(NamedTuple):
    """All elements of a list."""


class Pick(NamedTuple):
    """The first element whose child `name` reads `value`."""

    name: str
    value: str


class Where(NamedTuple):
    """All elements whose child `name` reads `value`."""

    name: str
    value: str


class HoldsJson(NamedTuple):
    """The text at this place holds JSON."""


Step = Key | Index | Every | Pick | Where | HoldsJson


class Path(NamedTuple):
    """A parsed path. `origin`: "" the node, "^" the order, "$" the body, "@" facts beside the body."""

    origin: str
    steps: tuple[Step, ...]


def parse_path(text: str) -> Path:
    """The steps of a path text; raises `Wrong` with the reason."""
    if not isinstance(text, str) or not text:
        raise Wrong(f"a path is expected, not {text!r}")
    origin, rest = ("", text) if text[0] not in "^$@" else (text[0], text[1:])
    if origin == "@":
        return _beside(rest)
    if rest in ("", "."):
        return Path(origin, ())
    if origin and rest[0] in ".":
        rest = rest[1:]
    elif origin and rest[0] not in "[!":
        return Path("", _steps(text))
    return Path(origin, _steps(rest))


def _beside(rest: str) -> Path:
    first, _, name = rest.partition(".")
    if first == "header" and name:
        return Path("@", (Key("header"), Key(name.lower())))
    if rest in ("account.code", "account.zone", "topic", "received_at"):
        return Path("@", (Key(rest),))
    if re.fullmatch(r"[A-Za-z_][\w.:-]*", rest):
        return Path("", _steps("@" + rest))
    raise Wrong(f"@{rest} is not known: @header.x, @account.code, @account.zone, @topic, @received_at")


def _steps(text: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    at = 0
    while at <= len(text):
        piece = _PIECE.match(text, at)
        if piece is None or (piece.end() < len(text) and text[piece.end()] != "."):
            raise Wrong(f"the path {text!r} cannot be read from its character {at + 1}")
        name, brackets = piece.groups()
        if not name and not (brackets and not steps):
            raise Wrong(f"the path {text!r} has an empty step")
        if name:
            steps.append(Key(_ESCAPE.sub(r"\1", name)))
        steps += [_bracket(found) for found in _BRACKET.finditer(brackets)]
        at = piece.end() + 1
    if len(steps) > _STEPS_MAX:
        raise Wrong(f"the path {text!r} has more than {_STEPS_MAX} steps")
    return tuple(steps)


def _bracket(found: re.Match[str]) -> Step:
    if found.group(2):
        return HoldsJson()
    inside = found.group(1)
    if not inside:
        return Every()
    if re.fullmatch(r"-?\d{1,6}", inside):
        return Index(int(inside))
    name, equals, value = inside.partition("=")
    if not equals or not name:
        raise Wrong(f"[{inside}] is neither empty, a position, name=value, nor *name=value")
    value = _ESCAPE.sub(r"\1", value)
    return Where(name[1:], value) if name[0] == "*" and len(name) > 1 else Pick(name, value)


def compile_path(path: Path) -> Getter:
    """A closure that reads the path from a node."""
    if path.origin == "@":
        return _compile_beside(path)
    if path.origin == "":
        if len(path.steps) == 1 and isinstance(path.steps[0], Key):
            return _one_key(path.steps[0].name)
        if len(path.steps) == 2 and isinstance(path.steps[0], Key) and isinstance(path.steps[1], Key):
            return _two_keys(path.steps[0].name, path.steps[1].name)
        walk = _walker(path.steps)
        return lambda node, scope: walk(node)
    walk = _walker(path.steps)
    if path.origin == "^":
        return lambda node, scope: walk(scope.order)
    return lambda node, scope: walk(scope.body)


def _compile_beside(path: Path) -> Getter:
    first = path.steps[0]
    assert isinstance(first, Key)
    if first.name == "header":
        second = path.steps[1]
        assert isinstance(second, Key)
        name = second.name
        return lambda node, scope: scope.headers.get(name) or None
    return {
        "account.code": lambda node, scope: scope.account_code,
        "account.zone": lambda node, scope: scope.zone_name,
        "topic": lambda node, scope: scope.topic,
        "received_at": lambda node, scope: scope.received_at,
    }[first.name]


def _one_key(name: str) -> Getter:
    def read(node: Any, scope: Scope) -> Any:
        if node.__class__ is not dict:
            return None
        value = node.get(name)
        return None if value == "" else value

    return read


def _two_keys(first: str, second: str) -> Getter:
    def read(node: Any, scope: Scope) -> Any:
        if node.__class__ is not dict:
            return None
        child = node.get(first)
        if child.__class__ is not dict:
            return None
        value = child.get(second)
        return None if value == "" else value

    return read


def _walker(steps: tuple[Step, ...]) -> Callable[[Any], Any]:
    """These steps as nested closures."""
    if not steps:
        return lambda node: None if node == "" else node
    first, rest = steps[0], steps[1:]
    if isinstance(first, Key):
        return _by_key(first.name, _walker(rest))
    if isinstance(first, Every):
        return _each_of(_walker(rest), bool(rest))
    if isinstance(first, Where):
        return _each_where(first.name, first.value, _each_of(_walker(rest), bool(rest)))
    return _by_step(first, _walker(rest))


def _by_key(name: str, further: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def walk(node: Any) -> Any:
        found = node.get(name) if node.__class__ is dict else None
        return None if found is None else further(found)

    return walk


def _each_where(name: str, wanted: str, further: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def walk(node: Any) -> Any:
        fitting = []
        for one in node if node.__class__ is list else (node,):
            value = one.get(name, _NOT_THERE) if one.__class__ is dict else _NOT_THERE
            if value == wanted if value.__class__ is str else value is not _NOT_THERE and as_text(value) == wanted:
                fitting.append(one)
        return further(fitting) if fitting else None

    return walk


def _each_of(further: Callable[[Any], Any], is_deeper: bool) -> Callable[[Any], Any]:
    def walk(node: Any) -> Any:
        flat: list[Any] = []
        for one in node if node.__class__ is list else () if node is None else (node,):
            value = further(one)
            if value is None:
                continue
            if is_deeper and value.__class__ is list:
                flat += value
            else:
                flat.append(value)
        return flat or None

    return walk


def _by_step(step: Index | Pick | HoldsJson, further: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def walk(node: Any) -> Any:
        found = _take(node, step)
        return None if found is None else further(found)

    return walk


def _take(node: Any, step: Index | Pick | HoldsJson) -> Any:
    if isinstance(step, Index):
        elements = node if isinstance(node, list) else [node]
        return elements[step.at] if -len(elements) <= step.at < len(elements) else None
    if isinstance(step, Pick):
        elements = node if isinstance(node, list) else [node]
        return next((one for one in elements if _reads(one, step)), None)
    if not isinstance(node, str):
        return node
    try:
        return parse_json(node).data
    except Unreadable:
        return None


def _reads(node: Any, step: Pick) -> bool:
    return isinstance(node, dict) and step.name in node and as_text(node[step.name]) == step.value


def as_text(value: Any) -> str:
    """A scalar as the text that conditions and word tables compare: true, 12, 12.50; structures as JSON."""
    if value.__class__ is str:
        return str(value)
    if value is True or value is False:
        return "true" if value else "false"
    if value is None:
        return ""
    return msgspec.json.encode(value).decode() if isinstance(value, (dict, list)) else str(value)
