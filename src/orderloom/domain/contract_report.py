"""How a body stands to its target's contract, field by field: what is left out, cut or refused, and what lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from orderloom.domain.contract import Lengths, obey
from orderloom.domain.shown import shown

FIELDS_MAX = 10_000
"""Fields of one body that are looked at."""


class OverLong(msgspec.Struct, frozen=True):
    """A text that is longer than the target takes. `action`: cut (sent shortened) or refuse (not sent at all)."""

    field: str
    length: int
    length_max: int
    action: str


class Examined(msgspec.Struct, frozen=True):
    """A body against a contract: (field, count, bytes) of what would not leave, what lacks, what is of another kind."""

    surplus: list[tuple[str, int, int]]
    missing: list[str]
    wrong: list[tuple[str, str]]
    oversize: list[OverLong]


def examine(body: Mapping[str, Any], lengths: Lengths, rules: Mapping[str, str]) -> Examined:
    """Compare by the names that `obey` uses: nested fields with dots, elements of a list at the list's own place."""
    surplus: dict[str, tuple[int, int]] = {}
    wrong: dict[str, str] = {}
    there: set[str] = set()
    waiting: list[tuple[str, Any]] = [(name, value) for name, value in body.items()]
    seen = 0
    while waiting and seen < FIELDS_MAX:
        path, value = waiting.pop()
        seen += 1
        has_inner = any(name.startswith(f"{path}.") for name in lengths)
        if has_inner and isinstance(value, Mapping):
            waiting += [(f"{path}.{name}", one) for name, one in value.items()]
        elif has_inner and isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
            waiting += [(f"{path}.{name}", part) for one in value for name, part in one.items()]
        elif has_inner:
            wrong[path] = _kind(value)
        elif path in lengths:
            there.add(path)
            if lengths[path] is not None and isinstance(value, (Mapping, list)):
                wrong[path] = _kind(value)
        else:
            count, size = surplus.get(shown(path), (0, 0))
            surplus[shown(path)] = (count + 1, size + _size(path, value))
    told = [(field, *sums) for field, sums in sorted(surplus.items(), key=lambda one: (-one[1][1], one[0]))]
    missing = sorted(lengths.keys() - there - {name for name in lengths for path in wrong if name.startswith(path)})
    return Examined(told, missing, sorted(wrong.items()), _over_long(body, lengths, rules, wrong))


def _over_long(
    body: Mapping[str, Any], lengths: Lengths, rules: Mapping[str, str], wrong: Mapping[str, str],
) -> list[OverLong]:
    whole = {name: value for name, value in body.items() if name not in wrong}
    if any("." in path for path in wrong):
        whole = {name: value for name, value in whole.items() if not any(p.startswith(f"{name}.") for p in wrong)}
    found = obey(whole, lengths, rules)
    told = [OverLong(field, length, lengths[field] or 0, action)
            for action, fields in (("cut", found.cut), ("refuse", found.not_cut)) for field, length in fields.items()]
    return sorted(told, key=lambda one: one.field)


def _kind(value: Any) -> str:
    """What JSON calls it."""
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "boolean"
    kinds = ((str, "string"), (Mapping, "object"), (list, "array"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "number")


def _size(path: str, value: Any) -> int:
    try:
        return len(msgspec.json.encode(path.rpartition(".")[2])) + len(msgspec.json.encode(value)) + 2
    except (RecursionError, UnicodeEncodeError):
        return 0
