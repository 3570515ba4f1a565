"""What differs between two blueprints, entry by entry, in words that a person can check before publishing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from orderloom.blueprint.load import to_document
from orderloom.blueprint.schema import Blueprint

_KEYS = {"stages": "name", "formulas": "name", "cases": "kind", "holds": "type", "deadlines": "name",
         "rules": "name", "recipients": "name", "templates": "name", "roles": "name", "rows": "id"}
"""The field that tells the entries of a list apart; transitions are told apart by where, what and when."""


class Difference(msgspec.Struct, frozen=True):
    """One difference. `kind` is added | removed | changed; the values are compact JSON, empty where there is none."""

    kind: str
    place: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        sign = {"added": "+", "removed": "-", "changed": "~"}[self.kind]
        values = {"added": self.after, "removed": self.before}.get(self.kind, f"{self.before} → {self.after}")
        return f"{sign} {self.place}: {values}"


def diff(before: Blueprint, after: Blueprint) -> tuple[Difference, ...]:
    """Return every difference, in the order of the files; empty when the digests are equal."""
    return tuple(_compare("", _keyed(to_document(before)), _keyed(to_document(after))))


def removed_stages(before: Blueprint, after: Blueprint) -> tuple[str, ...]:
    """Return the stages that `after` no longer has: orders that stand there must be mapped before it is published."""
    kept = {stage.name for stage in after.lifecycle.stages}
    return tuple(stage.name for stage in before.lifecycle.stages if stage.name not in kept)


def _compare(place: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in (*before, *(k for k in after if k not in before)):
            inner = f"{place}.{key}".lstrip(".")
            if key not in after:
                yield Difference("removed", inner, _compact(before[key]))
            elif key not in before:
                yield Difference("added", inner, "", _compact(after[key]))
            else:
                yield from _compare(inner, before[key], after[key])
    elif before != after:
        yield Difference("changed", place, _compact(before), _compact(after))


def _keyed(value: Any, name: str = "") -> Any:
    """Turn lists of named entries into mappings, so that a moved entry is not shown as a rewritten file."""
    if isinstance(value, Mapping):
        return {key: _keyed(inner, key) for key, inner in value.items()}
    if name in _KEYS and all(isinstance(entry, Mapping) for entry in value):  # roles that are only named are a list
        return {entry[_KEYS[name]]: _keyed(entry) for entry in value}
    if name == "transitions":
        return _numbered(value)
    return value


def _numbered(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Key transitions by what they are about; the n-th of the same kind gets its number, for their order matters."""
    keyed: dict[str, Any] = {}
    for entry in entries:
        sources = entry["from"] if isinstance(entry["from"], str) else ",".join(entry["from"])
        causes = ",".join(f"{k}:{v if isinstance(v, str) else '/'.join(v)}" for k, v in entry["on"].items())
        base = f"[{sources} on {causes}]"
        number = sum(key.startswith(base) for key in keyed)
        keyed[base + (f"#{number + 1}" if number else "")] = entry
    return keyed


def _compact(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
