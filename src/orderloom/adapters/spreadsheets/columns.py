"""Column names of order files: how they are compared, which of them the mapping knows, where the header row is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from orderloom.adapters.spreadsheets.profiles import profile_of
from orderloom.domain.column_name import plain_column as plain

MAPPING = Path(__file__).parent.parent / "channels" / "files" / "mapping.yaml"
"""What becomes of the columns of an order file, by the names that they go by."""
DELIMITERS = (",", "\t", ";", "|")
HEADER_ROWS_MAX = 20
"""Exports put titles, dates and notes above the header; beyond this many rows there is none."""
HEADER_CHARACTERS_MAX = 65_536
SHOWN_MAX = 12
COLUMN = re.compile(r"^[^@^$#]+$")
SUMS = frozenset({"order_subtotal", "order_taxes", "outstanding_balance", "refunded_amount", "item_tax",
                  "shipping_price", "shipping_tax", "gift_wrap_price", "gift_wrap_tax", "item_promotion_discount",
                  "ship_promotion_discount", "结算金额", "商品总价", "用户实付金额", "订单应付金额", "平台优惠"})
"""Amounts that the mapping reads for some exports only."""
NO_PATHS = ("const", "dictionary", "take", "holds", "when", "where", "function", "with", "each")


class Header(msgspec.Struct, frozen=True):
    """The header row at `index` of the rows looked at; `names` in the mapping's spelling, unique."""

    index: int
    delimiter: str
    names: tuple[str, ...]
    hits: int
    """How many of the names the mapping knows."""
    profile: str = ""
    """Which platform's export in English it is of."""
    doubled: tuple[tuple[int, int], ...] = ()
    """Positions of columns that the file calls by one name: the one that is read, and another."""

    def order_no_at(self) -> int:
        """Position of the order number among the cells."""
        return next(index for index, name in enumerate(self.names) if name in order_no_names())


@cache
def _mapping() -> dict[str, Any]:
    document = yaml.safe_load(MAPPING.read_text("utf-8"))
    rows = next(one for one in document["documents"] if one.get("format") == "rows")
    assert isinstance(rows, dict)
    return rows


class Roles(msgspec.Struct, frozen=True):
    """What the mapping reads a column for: of a line, of the receiver, or else of the order as a whole."""

    line: frozenset[str]
    receiver: frozenset[str]
    order: frozenset[str]


@cache
def roles() -> Roles:
    """The names that the mapping reads, by what they are for. A name that serves several counts as the first."""
    line = frozenset(name for field in _mapping()["lines"]["fields"] for name in names_of("lines", field))
    receiver = frozenset(_columns(_mapping()["receiver"])) - line
    return Roles(line, receiver, frozenset(_columns(_mapping()["fields"])) - line - receiver)


@cache
def names_of(block: str, field: str) -> tuple[str, ...]:
    """The column names of one field of the mapping, in its order; those that it reads under a condition left out."""
    rule = (_mapping()["lines"]["fields"] if block == "lines" else _mapping()[block])[field]
    ways = rule if isinstance(rule, list) else [rule]
    always = [one for one in ways if not isinstance(one, dict) or "when" not in one]
    return tuple(dict.fromkeys(_columns(always)))


@cache
def figures() -> frozenset[str]:
    """The columns of amounts and quantities, which a decimal comma may be in."""
    read = [names_of("lines", field) for field in ("price", "discount", "quantity", "goods")]
    read += [names_of("fields", field) for field in ("total", "freight", "discount", "tax", "paid")]
    return frozenset(name for names in read for name in names) | frozenset(_columns(_mapping()["charges"])) | SUMS


@cache
def decisive() -> frozenset[str]:
    """The columns that decide what is sent, to whom, and for how much."""
    return figures() | roles().receiver | order_no_names() | frozenset(names_of("lines", "sku_external"))


def missing(header: Header, constants: Collection[str] = ()) -> list[tuple[str, str]]:
    """What the file lacks to be one of orders, in words (Chinese, English), with the name to set it to."""
    have = {*header.names, *constants}
    money = (*names_of("lines", "price"), *names_of("fields", "total"))
    needed = (
        (names_of("lines", "sku_external"), ("商品编码", "SKU code")),
        (names_of("lines", "quantity"), ("数量", "quantity")),
        (money, ("单价", "unit price")),
    )
    return [words for names, words in needed if not have.intersection(names)]


def strangers(header: Header) -> list[str]:
    """The first columns that the mapping does not read."""
    return [name for name in header.names if name not in known_names() and not name.startswith("column_")][:SHOWN_MAX]


def wrong_targets(renames: Mapping[str, str]) -> list[str]:
    """Names on the right side of the account's column settings that the mapping does not read either."""
    return [ours for ours in renames.values() if not is_read(str(ours))]


def is_read(name: str) -> bool:
    """Whether the mapping reads a column of this name."""
    return plain(name) in known_names() | order_no_names()


@cache
def order_no_names() -> frozenset[str]:
    """The names under which the mapping looks for the order number."""
    return frozenset(_texts(_mapping()["fields"]["external_id"]))


@cache
def known_names() -> frozenset[str]:
    """Every column name that the mapping reads."""
    blocks = ("fields", "receiver", "lines", "charges", "shipments", "facts")
    parts = [_mapping()[block] for block in blocks]
    return frozenset(name for part in parts for name in _columns(part))


def _columns(rule: Any) -> Iterable[str]:
    """The column names in a field rule; `$[].name` is the column of every row."""
    return (name for name in (one.removeprefix("$[].") for one in _texts(rule)) if COLUMN.match(name))


def _texts(rule: Any) -> Iterable[str]:
    """The paths in a field rule: a text, a list of rules, or a rule with `path` or `of`."""
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, list):
        for one in rule:
            yield from _texts(one)
    elif isinstance(rule, dict):
        inner = [rule[key] for key in ("path", "of") if key in rule]
        for one in inner or [value for key, value in rule.items() if key not in NO_PATHS]:
            yield from _texts(one)


def header_of(rows: Sequence[str], renames: Mapping[str, str]) -> Header | None:
    """Find the header among the first text rows of a file, and with it the delimiter."""
    found = [
        header
        for index, row in enumerate(rows[:HEADER_ROWS_MAX])
        for delimiter in DELIMITERS
        if (header := header_among(index, cells_of_line(row, delimiter), renames, delimiter))
    ]
    return max(found, key=lambda header: (header.hits, len(header.names), -header.index), default=None)


def header_among(index: int, cells: Sequence[str], renames: Mapping[str, str], delimiter: str = ",") -> Header | None:
    """These cells as a header, if the order number is among them. `renames`: the account's own name → the mapping's.

    A column that the account named itself has the name; one of the file's that has it too steps back.
    """
    found = [plain(cell) for cell in cells]
    profile = profile_of(found)
    own = dict(profile.names) if profile else {}
    own |= {plain(theirs): plain(str(ours)) for theirs, ours in renames.items()}
    while found and not found[-1]:
        found.pop()
    names = [own.get(name, name) for name in found]
    if not order_no_names().intersection(names):
        return None
    unique = _unique(names, {at for at, name in enumerate(found) if name in own})
    return Header(index, delimiter, unique, sum(name in known_names() for name in set(names)),
                  profile.name if profile else "", _doubled(names, found, own))


def header_line(header: Header) -> str:
    """The names as one line in the file's own delimiter: what stands above the rows of an item."""
    out = io.StringIO()
    csv.writer(out, delimiter=header.delimiter, lineterminator="").writerow(header.names)
    return out.getvalue()


def cells_of_line(row: str, delimiter: str) -> list[str]:
    """The cells of one physical line; none when it cannot be parted."""
    try:
        return next(csv.reader([row.strip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _doubled(names: Sequence[str], found: Sequence[str], own: Container[str]) -> tuple[tuple[int, int], ...]:
    """Columns of one name where nobody said which of them is meant."""
    first = {name: at for at, name in reversed(list(enumerate(names))) if name}
    return tuple((first[name], at) for at, name in enumerate(names)
                 if name and first[name] != at and not (found[at] in own or found[first[name]] in own))


def _unique(names: Sequence[str], first: Container[int]) -> tuple[str, ...]:
    """A second column of one name gets a number, an unnamed one its position, so that no cell hides another."""
    seen: dict[str, int] = {}
    result = [""] * len(names)
    for index in sorted(range(len(names)), key=lambda at: (at not in first, at)):
        name = names[index] or f"column_{index + 1}"
        seen[name] = seen.get(name, 0) + 1
        result[index] = name if seen[name] == 1 else f"{name}_{seen[name]}"
    return tuple(result)
