"""Columns said once: a struct's own fields are its table's columns, and the declared schema says of what type they are.

A new field of a struct needs a column of its name in `sql/schema/` (and a migration), and nothing here, unless the
column is called otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from operator import attrgetter
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import msgspec

from orderloom.adapters.db.wire import Encoder, Json, Row, json_of

Cast = Callable[[Any], Any]
_TABLE = re.compile(r"^create table (\w+) \(\n(.*?)\n\)", re.MULTILINE | re.DOTALL)
_COLUMN = re.compile(r"^    (\w+) ([a-z0-9]+(?:\[\])?)", re.MULTILINE)
_NO_COLUMN = {"primary", "unique", "check", "foreign", "constraint"}
AREAS = ("config", "reach", "landing", "orders", "stock", "subjects", "documents", "purchasing", "floor", "queues",
         "printing", "notices", "jobs", "desk", "read", "trust")
"""The files of `sql/schema/`, in the order in which they can be run."""


def declared_schema() -> str:
    """The declared schema, one statement after another, that a migrated database must equal."""
    folder = Path(__file__).parent / "sql" / "schema"
    return "\n".join([(folder / f"{area}.sql").read_text("utf-8") for area in AREAS])


NOTHING = {kind: json_of(kind()) for kind in (dict, list, tuple)}


def as_jsonb(value: Any) -> Json:
    """A value for a jsonb column."""
    return json_of(value) if value else NOTHING.get(type(value)) or json_of(value)


def _declared() -> dict[str, dict[str, str]]:
    """Types of the columns of every table, as the schema declares them."""
    text = declared_schema()
    return {
        table: {name: kind for name, kind in _COLUMN.findall(body) if name not in _NO_COLUMN}
        for table, body in _TABLE.findall(text)
    }


DECLARED = _declared()


class Table:
    """A table as rows are written to it: columns with their types, and how many leading ones are its primary key."""

    def __init__(self, name: str, key: int, *columns: str) -> None:
        """Raises KeyError for a column that is not declared."""
        self.name, self.key, self.names = name, key, columns
        self.kinds = tuple([DECLARED[name][column] for column in columns])
        self.encoder = Encoder(self.kinds)


class Struct:
    """A struct's fields as columns of a table.

    `names` are the columns in the order of the fields; `values` makes a row's part of a struct, `read` a struct of a
    row's part. Text columns that may be null are the empty text in the struct.
    """

    def __init__(
        self, name: str, struct: type[msgspec.Struct], *, left_out: Sequence[str] = (), only: Sequence[str] = (),
        renames: Mapping[str, str] | None = None, nullable: Sequence[str] = (),
    ) -> None:
        hints = get_type_hints(struct)
        self.table, self.struct = name, struct
        self.fields = tuple([
            f for f in struct.__struct_fields__ if f not in left_out and (not only or f in only)
        ])
        self.names = tuple([(renames or {}).get(f, f) for f in self.fields])
        types = [DECLARED[name][column] for column in self.names]
        self._get = attrgetter(*self.fields)
        casts = {"text[]": list, "jsonb": as_jsonb}
        self._out = _casts(self.fields, types, casts, nullable, lambda value: value or None)
        self.values: Callable[[Any], Row] = self._cast if self._out else self._get
        """The columns' values of a struct, in the order of `names`."""
        listed = [(place, _as_tuples) for place, f in enumerate(self.fields)
                  if types[place] == "jsonb" and get_origin(hints[f]) is tuple]  # fmt: skip
        self._in = _casts(self.fields, types, {"text[]": tuple}, nullable, lambda value: value or "") + listed + [
            (place, hints[f]) for place, f in enumerate(self.fields) if isinstance(hints[f], type)
            and issubclass(hints[f], Enum)
        ]

    def _cast(self, one: Any) -> Row:
        """The values, some of them in another form."""
        cells = list(self._get(one))
        for place, cast in self._out:
            cells[place] = cast(cells[place])
        return tuple(cells)

    def read(self, row: Sequence[Any], **more: Any) -> Any:
        """The struct of a row that was selected by `names`; `more` are the fields that are no columns."""
        cells = list(row)
        for place, cast in self._in:
            cells[place] = cast(cells[place])
        if not more:
            return self.struct(**dict(zip(self.fields, cells, strict=True)))
        return self.struct(**dict(zip(self.fields, cells, strict=True)), **more)

    def select(self, alias: str = "") -> str:
        """The columns as a select list; ids come as text."""
        types = DECLARED[self.table]
        lead = f"{alias}." if alias else ""
        return ", ".join([f"{lead}{n}::text" if types[n] == "uuid" else f"{lead}{n}" for n in self.names])


def _as_tuples(listed: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    """Rows of a jsonb list."""
    return tuple([tuple(row) for row in listed])


def _casts(
    fields: Sequence[str], types: Sequence[str], by_type: Mapping[str, Any], nullable: Sequence[str], of_null: Cast,
) -> list[tuple[int, Cast]]:
    """(place, conversion) of the columns whose value is not the field's as it stands."""
    found = [(place, by_type[kind]) for place, kind in enumerate(types) if kind in by_type]
    return found + [(place, of_null) for place, field in enumerate(fields) if field in nullable]
