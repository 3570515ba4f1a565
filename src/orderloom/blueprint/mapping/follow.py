"""Follows a path into a payload: closures that answer None for what is absent, null or empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from orderloom.blueprint.mapping.bodies import Unreadable, parse_json
from orderloom.blueprint.mapping.paths import (
    Called,
    Every,
    HoldsJson,
    Index,
    Key,
    Path,
    Pick,
    Step,
    Where,
    settings_of,
)
from orderloom.blueprint.mapping.scope import NOTHING_SET, Getter, Scope

_NOT_THERE = object()
_WORDS = re.compile("[,，]")
_WAYS_MAX = 256
"""Accounts of one connector whose forms call a field differently."""


def compile_path(path: Path) -> Getter:
    """A closure that reads the path from a node."""
    if path.origin == "@":
        return _compile_beside(path)
    if any(isinstance(step, Called) for step in path.steps):
        return _by_settings(path)
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
    if first.name == "setting":
        second = path.steps[1]
        assert isinstance(second, Key)
        setting = second.name
        return lambda node, scope: scope.settings.get(setting) or None
    return {
        "account.code": lambda node, scope: scope.account_code,
        "account.zone": lambda node, scope: scope.zone_name,
        "topic": lambda node, scope: scope.topic,
        "received_at": lambda node, scope: scope.received_at,
    }[first.name]


def _by_settings(path: Path) -> Getter:
    """A path with names that the account says: compiled once for each way in which accounts say them."""
    asked = settings_of(path)

    @lru_cache(maxsize=_WAYS_MAX)
    def walker(said: tuple[str, ...]) -> Callable[[Any], Any]:
        return _walker(path.steps, dict(zip(asked, said, strict=True)))

    def read(node: Any, scope: Scope) -> Any:
        start = {"": node, "^": scope.order, "$": scope.body}[path.origin]
        return walker(tuple([as_text(scope.settings.get(name)) for name in asked]))(start)

    return read


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


def _walker(steps: tuple[Step, ...], said: Mapping[str, str] = NOTHING_SET) -> Callable[[Any], Any]:
    """These steps as nested closures; `said` are the settings that name elements."""
    if not steps:
        return lambda node: None if node == "" else node
    first, rest = steps[0], steps[1:]
    if isinstance(first, Key):
        return _by_key(first.name, _walker(rest, said))
    if isinstance(first, Every):
        return _each_of(_walker(rest, said), bool(rest))
    if isinstance(first, Where):
        return _each_where(first.name, first.value, _each_of(_walker(rest, said), bool(rest)))
    if isinstance(first, Called):
        return _by_words(first.name, words_of(said[first.setting]), _walker(rest, said))
    return _by_step(first, _walker(rest, said))


def _by_key(name: str, further: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def walk(node: Any) -> Any:
        found = node.get(name) if node.__class__ is dict else None
        return None if found is None else further(found)

    return walk


def _by_words(name: str, words: list[str], further: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def walk(node: Any) -> Any:
        named = {as_text(one.get(name)).strip(): one for one in reversed(node if node.__class__ is list else (node,))
                 if one.__class__ is dict}
        found = next((named[word] for word in words if word in named), None)
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


def words_of(said: Any) -> list[str]:
    """The words of a setting that holds several."""
    return [word for one in _WORDS.split(as_text(said)) if (word := one.strip())]


def as_text(value: Any) -> str:
    """A scalar as the text that conditions and word tables compare: true, 12, 12.50; structures as JSON."""
    if value.__class__ is str:
        return str(value)
    if value is True or value is False:
        return "true" if value else "false"
    if value is None:
        return ""
    return msgspec.json.encode(value).decode() if isinstance(value, (dict, list)) else str(value)
