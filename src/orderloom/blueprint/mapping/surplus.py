"""Fields that a body carries and its document reads nowhere, with what they cost in bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

import msgspec

from orderloom.blueprint.mapping.bodies import Unreadable, parse_json
from orderloom.blueprint.mapping.reads import NESTED, Keys, Reads
from orderloom.domain.shown import shown

NODES_MAX = 2_000_000
"""Nodes of one body that are looked at."""
DEPTH_MAX = 100
_TAGS = len("<></>")


class SurplusField(msgspec.Struct, frozen=True):
    """A field that nothing reads: how often it comes, and its bytes with its name, as UTF-8 without blanks."""

    field: str
    count: int
    bytes: int


class Look(msgspec.Struct):
    """Sums over one or several bodies; `read` counts values that are read."""

    counts: dict[str, int] = {}
    sizes: dict[str, int] = {}
    read: int = 0

    def add(self, field: str, size: int) -> None:
        """One more occurrence."""
        self.counts[field] = self.counts.get(field, 0) + 1
        self.sizes[field] = self.sizes.get(field, 0) + size

    def take(self, other: Look) -> None:
        """The sums of another one too."""
        for field, count in other.counts.items():
            self.counts[field] = self.counts.get(field, 0) + count
            self.sizes[field] = self.sizes.get(field, 0) + other.sizes[field]
        self.read += other.read

    def found(self) -> list[SurplusField]:
        """The dearest first."""
        fields = sorted(self.counts, key=lambda field: (-self.sizes[field], field))
        return [SurplusField(field, self.counts[field], self.sizes[field]) for field in fields]


def look(body: Any, reads: Reads, form: str, into: Look) -> None:
    """Note in `into` what of a parsed body nothing reads. A branch of which nothing is read counts once, as a whole.

    Raises Unreadable for a body that is nested too deeply to be told apart.
    """
    waiting: list[tuple[Keys, str, Any]] = [((), "", body)]
    seen = 0
    while waiting:
        keys, field, node = waiting.pop()
        seen += 1
        if seen > NODES_MAX or len(keys) > DEPTH_MAX:
            raise Unreadable("nested too deeply")
        if keys in reads.whole:
            into.read += 1
        elif isinstance(node, list) and node and (keys in reads.inner or not keys):
            inside = f"{field}[]" if field else ""
            waiting += [(keys, inside, one) for one in reversed(node)]
        elif isinstance(node, dict) and (keys in reads.inner or not keys):
            waiting += [((*keys, name), _joined(field, name), one) for name, one in reversed(node.items())]
        elif isinstance(node, str) and (nested := _nested(node, keys, reads)) is not None:
            waiting.append(((*keys, NESTED), f"{field}!json", nested))
        elif keys in reads.exact or (keys in reads.inner and not isinstance(node, (dict, list))):
            into.read += 1
        elif keys:
            into.add(field, size_of(keys[-1], node, form))


def _nested(text: str, keys: Keys, reads: Reads) -> Any:
    if (*keys, NESTED) not in reads.inner:
        return None
    try:
        found = parse_json(text).data
    except Unreadable:
        return None
    return found if isinstance(found, (dict, list)) else None


def _joined(field: str, name: str) -> str:
    told = shown(name)
    return f"{field}.{told}" if field else told


def size_of(name: str, value: Any, form: str) -> int:
    """Bytes of a field in its format, its name and punctuation among them."""
    if form == "rows":
        return len(str(value).encode("utf-8", "replace")) + 1
    if form == "form":
        values = value if isinstance(value, list) else [value]
        return sum(len(quote_plus(name)) + len(quote_plus(str(one))) + 2 for one in values)
    if form == "xml":
        return sum(_xml(name, value))
    try:
        return len(msgspec.json.encode(name)) + len(msgspec.json.encode(value)) + 2
    except (RecursionError, UnicodeEncodeError) as error:
        raise Unreadable("nested too deeply") from error


def _xml(name: str, value: Any) -> Iterator[int]:
    length = len(name.encode("utf-8", "replace"))
    if isinstance(value, list):
        for one in value:
            yield from _xml(name, one)
    elif isinstance(value, dict):
        yield 2 * length + _TAGS
        for inner, one in value.items():
            yield from _xml(inner, one)
    elif name.startswith("@"):
        yield length + len(str(value).encode("utf-8", "replace")) + 3
    elif name == "#text":
        yield len(str(value).encode("utf-8", "replace"))
    else:
        yield 2 * length + _TAGS + len(str(value).encode("utf-8", "replace"))
