"""Sums and differences of plain amounts, counted in minor units; anything else is left to the functions themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orderloom.blueprint.mapping.inline import UNSET, minor
from orderloom.blueprint.mapping.paths import compile_path, parse_path
from orderloom.blueprint.mapping.scope import Getter, Scope

SUMS = ("sum", "subtract")
LENGTH_MAX = 16
Amount = Callable[[Any, Scope], Any]
"""Gives minor units, None for an amount that is not there, or UNSET for one that needs a closer look."""


def amounts(block: Any) -> Amount | None:
    """A quick reader of a path, a sum or a difference; None for parts of another kind."""
    if isinstance(block, str):
        return _stated(compile_path(parse_path(block)))
    if not isinstance(block, Mapping) or block.get("function") not in SUMS or not set(block) <= {"function", "of"}:
        return None
    said = block["of"]
    parts = [amounts(one) for one in (said if isinstance(said, list) else [said])]
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return None
    return _sum(known) if block["function"] == "sum" else _difference(known)


def _stated(get: Getter) -> Amount:
    def read(node: Any, scope: Scope) -> Any:
        value = get(node, scope)
        if value is None:
            return None
        if value.__class__ is not list:
            return _one(value, scope.currency)
        total = 0
        for part in value:
            found = _one(part, scope.currency)
            if found is UNSET:
                return UNSET
            total += found
        return total

    return read


def _one(value: Any, currency: str) -> Any:
    if value.__class__ is str and 0 < len(value) < LENGTH_MAX:
        found = minor(value, currency)
        return UNSET if found is None else found
    return UNSET


def _sum(parts: list[Amount]) -> Amount:
    def read(node: Any, scope: Scope) -> Any:
        found = [part(node, scope) for part in parts]
        if UNSET in found:
            return UNSET
        known = [one for one in found if one is not None]
        return sum(known) if known else None

    return read


def _difference(parts: list[Amount]) -> Amount:
    def read(node: Any, scope: Scope) -> Any:
        found = [part(node, scope) for part in parts]
        if UNSET in found:
            return UNSET
        if found[0] is None:
            return None
        return found[0] - sum([one for one in found[1:] if one is not None])

    return read
