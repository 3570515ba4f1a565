"""The plain way to run a block of a mapping: every field by its full reader, in the mapping's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from orderloom.blueprint.mapping.conditions import Test
from orderloom.blueprint.mapping.scope import Getter, Scope
from orderloom.blueprint.mapping.written import Manner, Statement, Written
from orderloom.domain.draft import OrderDraft, Said


def struct_reader(
    struct: type[msgspec.Struct], fields: Sequence[Written], manner: Manner
) -> Callable[[Any, Scope], Any]:
    """A function that makes a struct of a node."""
    read = dict_reader("", fields, manner)
    return lambda node, scope: struct(**read(node, scope))


def structs_reader(
    struct: type[msgspec.Struct], fields: Sequence[Written], owed: Mapping[str, Any], manner: Manner,
    where: tuple[Any, Test] | None,
) -> Callable[[list[Any], Scope], tuple[Any, ...]]:  # fmt: skip
    """A function that makes a struct of every node of a list for which `where` (as written, and compiled) holds."""
    read = dict_reader("", fields, manner)
    is_wanted = where[1] if where is not None else None

    def read_all(nodes: list[Any], scope: Scope) -> tuple[Any, ...]:
        found = []
        for scope.index, node in enumerate(nodes):
            if is_wanted is None or is_wanted(node, scope):
                found.append(struct(**owed, **read(node, scope)))
        return tuple(found)

    return read_all


def draft_reader(
    fields: Sequence[Written], parts: Sequence[tuple[str, Getter]], manner: Manner,
    without_lines: Callable[[Scope], None],
) -> Callable[[Any, Scope], OrderDraft]:  # fmt: skip
    """A function that makes an order of a node: its fields, then its parts, in the order of the mapping."""
    read_fields = dict_reader("", fields, manner)

    def read(node: Any, scope: Scope) -> OrderDraft:
        given = read_fields(node, scope)
        for name, part in parts:
            given[name] = part(node, scope)
        if not given["lines"] and not given.get("is_cancelled") and not scope.problems:
            without_lines(scope)
        return OrderDraft(**{"source_zone": scope.zone_name, "currency": scope.currency, "flags": tuple(scope.flags),
                             **given})

    return read


def dict_reader(
    block: str, fields: Sequence[Written], manner: Manner
) -> Callable[[Any, Scope], dict[str, Any]]:
    """A function that makes a dictionary of a node, in the order of the fields."""
    readers = [(one.name, one.full) for one in fields]
    return lambda node, scope: {name: read(node, scope) for name, read in readers}


def said_reader(statements: Sequence[Statement], manner: Manner) -> Callable[[Any, Scope], tuple[Said, ...]]:
    """A function that gives everything that a message says."""

    def read(node: Any, scope: Scope) -> tuple[Said, ...]:
        return tuple([said for one in statements for said in one.tell(node, scope)])

    return read


def flags_reader(flags: Sequence[tuple[str, Any, Test]], manner: Manner) -> Callable[[Any, Scope], None]:
    """A function that raises each flag whose condition (as written, and compiled) holds."""

    def read(node: Any, scope: Scope) -> None:
        for name, _, test in flags:
            if test(node, scope):
                scope.flag(name)

    return read
