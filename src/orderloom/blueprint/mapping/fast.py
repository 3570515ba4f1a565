"""Short cuts for the commonest fields: one key read as text, money or integer in a single call.

Each answers only where the answer is plain, and leaves every other case to the full reader that it stands in front of.
"""

from __future__ import annotations

from typing import Any

from orderloom.blueprint.mapping.scope import Getter, Scope
from orderloom.domain.cleaning import clean_text
from orderloom.domain.money import parse_short


def fast_text(key: str, full: Getter, fallback: Any, is_required: bool) -> Getter:
    """One key as text."""

    def read(node: Any, scope: Scope) -> Any:
        if node.__class__ is not dict:
            return full(node, scope)
        value = node.get(key)
        if value.__class__ is str and value:
            if value.isascii() and " " not in value and value.isprintable():
                return value
            return clean_text(value) or full(node, scope)
        if value.__class__ is int:
            return str(value)
        if value is None and not is_required:
            return fallback
        return full(node, scope)

    return read


def fast_money(key: str, full: Getter, fallback: Any, is_required: bool) -> Getter:
    """One key as money in major units, refused when it has too many decimals."""

    def read(node: Any, scope: Scope) -> Any:
        if node.__class__ is not dict:
            return full(node, scope)
        value = node.get(key)
        if value.__class__ is str and 0 < len(value) < 16:
            found = parse_short(value, scope.currency, False)
            if found.__class__ is int:
                return found
        elif value is None and not is_required:
            return fallback
        return full(node, scope)

    return read


def fast_integer(key: str, full: Getter, fallback: Any, is_required: bool) -> Getter:
    """One key as a whole number."""

    def read(node: Any, scope: Scope) -> Any:
        if node.__class__ is dict:
            value = node.get(key)
            if value.__class__ is int and -(2**63) < value < 2**63:
                return value
            if value is None and not is_required:
                return fallback
        return full(node, scope)

    return read
