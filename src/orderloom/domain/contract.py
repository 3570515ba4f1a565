"""What may leave to a target: only the fields its contract names, none longer than it takes (ING-9, FUL-5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Lengths = Mapping[str, int | None]


class Obeyed(msgspec.Struct, frozen=True):
    """The body that may leave, what was cut (field → its length), and what must not leave at all."""

    body: dict[str, Any]
    cut: dict[str, int]
    refused: dict[str, int]


def obey(body: Mapping[str, Any], lengths: Lengths, rules: Mapping[str, str]) -> Obeyed:
    """Keep the named fields. An oversize text is refused where the rule says `refuse`, else cut.

    Nested fields are named with dots: `receiver.detail`, `lines.sku` (each line).
    """
    found = Obeyed({}, {}, {})
    kept = _keep(body, "", lengths, rules, found)
    return Obeyed(kept, found.cut, found.refused)


def _keep(
    value: Mapping[str, Any], prefix: str, lengths: Lengths, rules: Mapping[str, str], found: Obeyed,
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, part in value.items():
        path = f"{prefix}{name}"
        inner = f"{path}."
        if isinstance(part, Mapping) and any(k.startswith(inner) for k in lengths):
            kept[name] = _keep(part, inner, lengths, rules, found)
        elif isinstance(part, list) and any(k.startswith(inner) for k in lengths):
            kept[name] = [_keep(x, inner, lengths, rules, found) for x in part]
        elif path in lengths:
            kept[name] = _fit(part, path, lengths[path], rules, found)
    return kept


def _fit(value: Any, path: str, longest: int | None, rules: Mapping[str, str], found: Obeyed) -> Any:
    if longest is None or not isinstance(value, str) or len(value) <= longest:
        return value
    if rules.get(path) == "refuse":
        found.refused[path] = len(value)
        return value
    found.cut[path] = len(value)
    return value[:longest]
