"""The two ways to run a compiled block of a mapping; they give the same and differ in what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from orderloom.blueprint.mapping import plain
from orderloom.blueprint.mapping.conditions import Test
from orderloom.blueprint.mapping.quick import blocks
from orderloom.blueprint.mapping.scope import Getter, Scope
from orderloom.blueprint.mapping.written import Manner, Statement, Written
from orderloom.domain.draft import OrderDraft, Said


class MakesReaders(Protocol):
    """What makes readers of compiled blocks; `plain` and `quick.blocks` do."""

    def struct_reader(
        self, struct: type[msgspec.Struct], fields: Sequence[Written], manner: Manner,
    ) -> Callable[[Any, Scope], Any]: ...
    def structs_reader(
        self, struct: type[msgspec.Struct], fields: Sequence[Written], owed: Mapping[str, Any], manner: Manner,
        where: tuple[Any, Test] | None,
    ) -> Callable[[list[Any], Scope], tuple[Any, ...]]: ...
    def draft_reader(
        self, fields: Sequence[Written], parts: Sequence[tuple[str, Getter]], manner: Manner,
        without_lines: Callable[[Scope], None],
    ) -> Callable[[Any, Scope], OrderDraft]: ...
    def dict_reader(
        self, block: str, fields: Sequence[Written], manner: Manner,
    ) -> Callable[[Any, Scope], dict[str, Any]]: ...
    def said_reader(
        self, statements: Sequence[Statement], manner: Manner,
    ) -> Callable[[Any, Scope], tuple[Said, ...]]: ...
    def flags_reader(
        self, flags: Sequence[tuple[str, Any, Test]], manner: Manner,
    ) -> Callable[[Any, Scope], None]: ...


_PLAIN: MakesReaders = plain
_QUICK: MakesReaders = blocks


def way_of(manner: Manner) -> MakesReaders:
    """How the readers of this mapping are made."""
    return _PLAIN if manner.quick is None else _QUICK
