"""The shape of a file in `rules/`: one decision table, as people write it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from orderloom.blueprint.shape import Shape
from orderloom.domain.words import Words

RULES_MAX, ROWS_MAX, COLUMNS_MAX = 50, 500, 30
Written = str | int | bool | None


class RowEntry(Shape, frozen=True):
    """A row: what it asks and what it states, by column; a column that is left out, or empty, means any."""

    id: str
    title: Words | None = None
    when: dict[str, Written] = {}
    then: dict[str, Written] = {}


class TableEntry(Shape, frozen=True):
    """A file of `rules/`, which bears the rule's name. `when` and `then` are its columns, in their order; a rule that
    is not `is_on` is checked as any other and asked nowhere."""

    name: str
    place: str
    title: Words
    when: tuple[str, ...]
    then: tuple[str, ...]
    rows: Annotated[tuple[RowEntry, ...], msgspec.Meta(min_length=1)]
    hit: Literal["first", "every"] = "first"
    is_on: bool = True
