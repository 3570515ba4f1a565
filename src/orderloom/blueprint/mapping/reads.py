"""Which places of a body a document reads, told from what it says: what no place names is carried for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from orderloom.blueprint.mapping.conditions import JOINED
from orderloom.blueprint.mapping.documents import Document
from orderloom.blueprint.mapping.paths import Called, HoldsJson, Key, Pick, Where, parse_path

Keys = tuple[str, ...]
"""A place from the body's root on; elements of a list stand at the list's own place."""
NESTED = "!json"
"""The step into JSON that is held by a text."""
PLACES_MAX = 12
_PARTS = ("lines", "refunds", "shipments", "entries", "figures", "ratings")


class Reads(NamedTuple):
    """The places read: `whole` with all below them, `exact` themselves alone; `inner` lie on the way to one."""

    whole: frozenset[Keys]
    exact: frozenset[Keys]
    inner: frozenset[Keys]


class _At(NamedTuple):
    """From where paths count: the present node and the order's, each in every way that the document may get there."""

    node: frozenset[Keys]
    order: frozenset[Keys]


def reads_of(document: Document) -> Reads:
    """Every place that the document's fields, conditions and parts name."""
    said, found = document.said, _Places()
    top = _At(frozenset({()}), frozenset({()}))
    roots = found.elements(said.get("root") or "$", top)
    at = found.elements(said["each"], roots._replace(order=roots.node)) if said.get("each") else roots
    at = at._replace(order=at.node)
    found.condition(said.get("when"), roots._replace(order=roots.node))
    for block in ("fields", "receiver", "facts"):
        found.values(said.get(block), at)
    for test in _values(said.get("flags")):
        found.condition(test, at)
    for name in _PARTS:
        is_rows = name == "lines" and said.get("format") == "rows"
        found.part(said.get(name), at, "$" if is_rows else "")
    for part in _listed(said.get("charges")):
        found.part(part, at, "")
    for one in _listed(said.get("said")):
        found.statement(one, at)
    return found.result()


class _Places:
    """What was named so far."""

    def __init__(self) -> None:
        self._whole: set[Keys] = set()
        self._exact: set[Keys] = set()

    def result(self) -> Reads:
        named = self._whole | self._exact
        inner = frozenset(keys[:length] for keys in named for length in range(len(keys)))
        return Reads(frozenset(self._whole), frozenset(self._exact), inner)

    def elements(self, paths: Any, at: _At) -> _At:
        """Where the elements of a list are read."""
        found = frozenset(keys for path in _listed(paths) for keys in self._keys(path, at))
        self._exact |= found
        return at._replace(node=found)

    def part(self, block: Any, at: _At, default_each: str) -> None:
        if not isinstance(block, Mapping):
            return
        each = block.get("each") or default_each
        inside = self.elements(each, at) if each else at
        self.condition(block.get("where"), inside)
        self.values(block.get("fields"), inside)

    def statement(self, block: Any, at: _At) -> None:
        if not isinstance(block, Mapping):
            return
        inside = self.elements(block["each"], at) if block.get("each") else at
        self.condition(block.get("when"), inside)
        for name in ("path", "at", "native"):
            self.value(block.get(name), inside)

    def values(self, block: Any, at: _At) -> None:
        for rule in _values(block):
            self.value(rule, at)

    def value(self, rule: Any, at: _At) -> None:
        if isinstance(rule, str):
            self._whole |= self._keys(rule, at)
        elif isinstance(rule, Mapping):
            self._rule(rule, at)
        else:
            for one in _listed(rule):
                self.value(one, at)

    def _rule(self, rule: Mapping[str, Any], at: _At) -> None:
        for test in ("when", "holds"):
            self.condition(rule.get(test), at)
        self.value(rule.get("path"), at)
        inside = self.elements(rule["each"], at) if rule.get("each") else at
        of = rule.get("of")
        if "expr" in rule:
            self.values(of, inside)
        else:
            self.value(of, inside)

    def condition(self, block: Any, at: _At) -> None:
        if not isinstance(block, Mapping):
            return
        for key, value in block.items():
            if key in JOINED:
                for one in _listed(value):
                    self.condition(one, at)
            elif key == "of":
                self.values(value, at)
            elif key != "expr":
                self._exact |= self._keys(key, at)

    def _keys(self, text: Any, at: _At) -> set[Keys]:
        path = parse_path(text)
        if path.origin == "@":
            return set()
        starts = {"": at.node, "^": at.order, "$": frozenset({()})}[path.origin]
        found: set[Keys] = set()
        for start in starts:
            keys = start
            for step in path.steps:
                if isinstance(step, Key):
                    keys = (*keys, step.name)
                elif isinstance(step, HoldsJson):
                    keys = (*keys, NESTED)
                elif isinstance(step, (Called, Pick, Where)):
                    self._exact.add((*keys, step.name))
            found.add(keys)
        return found


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else () if value is None else (value,)


def _values(block: Any) -> Iterable[Any]:
    return block.values() if isinstance(block, Mapping) else ()


def places_of(document: Document, field: str) -> list[str]:
    """The paths at which the document looks for a field of the draft, as its mapping writes them."""
    block, _, name = field.rpartition(".")
    part = block.partition("[")[0]
    said = document.said
    if part in _PARTS and isinstance(said.get(part), Mapping):
        rule = (said[part].get("fields") or {}).get(name)
    elif part:
        rule = (said.get(part) or {}).get(name) if isinstance(said.get(part), Mapping) else None
    else:
        rule = (said.get("fields") or {}).get(name, said.get(name))
    return list(dict.fromkeys(_paths(rule)))[:PLACES_MAX]


def _paths(rule: Any) -> Iterable[str]:
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, Mapping):
        for key in ("path", "of", "each"):
            yield from _paths(rule.get(key))
    else:
        for one in _listed(rule):
            yield from _paths(one)
