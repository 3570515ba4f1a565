"""Column names of order files: how they are compared, which of them the mapping knows, where the header row is."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

DELIMITERS = (",", "\t", ";", "|")
HEADER_ROWS_MAX = 20
"""Exports put titles, dates and notes above the header; beyond this many rows there is none."""
BLANKS = re.compile(r"[\s\-.]+")
DECORATION = re.compile(r"^[*\ufeff]+|[*:]+$|\([^()]*\)$")
COLUMN = re.compile(r"^[^@^$#]+$")


class Header(msgspec.Struct, frozen=True):
    """The header row at `index` of the rows looked at; `names` in the mapping's spelling, unique."""

    index: int
    delimiter: str
    names: tuple[str, ...]
    hits: int
    """How many of the names the mapping knows."""

    def order_no_at(self) -> int:
        """Position of the order number among the cells."""
        return next(index for index, name in enumerate(self.names) if name in order_no_names())


def plain(name: str) -> str:
    """A column name as it is compared: half-width, without `*` or a bracketed unit, lower case, blanks as `_`."""
    text = unicodedata.normalize("NFKC", name).strip().lower()
    return BLANKS.sub("_", DECORATION.sub("", text).strip()).strip("_")


@cache
def _mapping() -> dict[str, Any]:
    document = yaml.safe_load(Path(__file__).with_name("mapping.yaml").read_text("utf-8"))
    rows = next(one for one in document["documents"] if one.get("format") == "rows")
    assert isinstance(rows, dict)
    return rows


@cache
def order_no_names() -> frozenset[str]:
    """The names under which the mapping looks for the order number."""
    return frozenset(_texts(_mapping()["fields"]["external_id"]))


@cache
def known_names() -> frozenset[str]:
    """Every column name that the mapping reads."""
    parts = [_mapping()["fields"], _mapping()["receiver"], _mapping()["lines"], _mapping().get("facts", {})]
    return frozenset(name for part in parts for name in _texts(part) if COLUMN.match(name))


def _texts(rule: Any) -> Iterable[str]:
    """The paths in a field rule: a text, a list of rules, or a rule with `path` or `of`."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, list):
        for one in rule:
            yield from _texts(one)
    elif isinstance(rule, dict):
        inner = [rule[key] for key in ("path", "of") if key in rule]
        for one in inner or [value for key, value in rule.items() if key not in ("const", "dictionary", "take")]:
            yield from _texts(one)


def header_of(rows: Sequence[str], renames: Mapping[str, str]) -> Header | None:
    """Find the header among the first text rows of a file, and with it the delimiter."""
    found = [
        header
        for index, row in enumerate(rows[:HEADER_ROWS_MAX])
        for delimiter in DELIMITERS
        if (header := header_among(index, _cells(row, delimiter), renames, delimiter))
    ]
    return max(found, key=lambda header: (header.hits, len(header.names), -header.index), default=None)


def header_among(index: int, cells: Sequence[str], renames: Mapping[str, str], delimiter: str = ",") -> Header | None:
    """These cells as a header, if the order number is among them. `renames`: the account's own name → the mapping's."""
    own = {plain(theirs): ours for theirs, ours in renames.items()}
    names = [own.get(name, name) for name in (plain(cell) for cell in cells)]
    while names and not names[-1]:
        names.pop()
    if not order_no_names().intersection(names):
        return None
    return Header(index, delimiter, _unique(names), sum(name in known_names() for name in set(names)))


def header_line(header: Header) -> str:
    """The names as one line in the file's own delimiter: what stands above the rows of an item."""
    out = io.StringIO()
    csv.writer(out, delimiter=header.delimiter, lineterminator="").writerow(header.names)
    return out.getvalue()


def _cells(row: str, delimiter: str) -> list[str]:
    return next(csv.reader([row.strip("\r\n")], delimiter=delimiter), [])


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """A second column of one name gets a number, an unnamed one its position, so that no cell hides another."""
    seen: dict[str, int] = {}
    result = []
    for index, name in enumerate(names):
        name = name or f"column_{index + 1}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(result)
