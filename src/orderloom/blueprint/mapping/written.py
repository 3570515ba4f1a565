"""What a mapping says, as its parts are handed on while it is compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any, NamedTuple

from orderloom.blueprint.mapping.conditions import Test
from orderloom.blueprint.mapping.scope import Getter, Scope
from orderloom.blueprint.mapping.statuses import Dictionary
from orderloom.domain.draft import Said


class Code(NamedTuple):
    """A function that was written for a block: the document and block it reads, its text, and what its names are."""

    place: str
    text: str
    names: Mapping[str, Any]


class Manner(NamedTuple):
    """What holds for the whole file: the unit of money, its zone if not the account's, and the dictionaries."""

    is_minor: bool
    zone: tzinfo | None
    dictionaries: Mapping[str, Dictionary]
    quick: list[Code] | None = None
    """Takes the functions that the quick way writes; None: every field is read the plain way."""
    document: str = ""


class Wanted(NamedTuple):
    """What is wanted: the field's name for reports, its kind, what stands for its absence, and if it may be absent."""

    name: str
    kind: str
    fallback: Any
    is_required: bool


class Written(NamedTuple):
    """A field as the mapping says it, and its full reader."""

    name: str
    said: Any
    field: Wanted
    full: Getter


class Statement(NamedTuple):
    """One entry of `said`: its condition, the milestone (a word, or a reader of it), when, and the native word."""

    when: Any
    is_when: Test | None
    milestone: str | Getter
    at: Written
    native: Written | None
    tell: Callable[[Any, Scope], tuple[Said, ...]]
    """The statement read in full."""
    is_of_many: bool
    """It is told per element: then it is only ever read in full."""
