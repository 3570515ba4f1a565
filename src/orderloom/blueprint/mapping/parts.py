"""The repeating parts of a document: lines, entries, figures and what systems said, each compiled to one closure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from orderloom.blueprint.mapping.check import Notes, is_of, near
from orderloom.blueprint.mapping.conditions import Test, compile_condition
from orderloom.blueprint.mapping.fields import compile_field, compile_paths
from orderloom.blueprint.mapping.meanings import by_dictionary
from orderloom.blueprint.mapping.scope import Getter, Scope, Unfit
from orderloom.blueprint.mapping.ways import way_of
from orderloom.blueprint.mapping.written import Manner, Statement, Wanted, Written
from orderloom.domain.draft import MILESTONES, Said

ELEMENTS_MAX = 5_000
"""A message with more lines or entries than this is not read."""


def compile_values(
    block: Mapping[str, Any], fields: Mapping[str, Wanted], manner: Manner, notes: Notes, place: str
) -> list[Written]:
    """The fields that a block names with their readers; required ones that it leaves out are mistakes."""
    notes.known(block, fields, place)
    for name, field in fields.items():
        if field.is_required and name not in block:
            notes.wrong(f"{place}.{name}", "this field is required")
    found = []
    for name, said in block.items():
        if name in fields:
            notes.at(block, name)
            full = compile_field(said, fields[name], manner, notes, f"{place}.{name}")
            found.append(Written(name, said, fields[name], full))
    return found


def compile_each(block: Mapping[str, Any], default: str, notes: Notes, place: str) -> Callable[[Any, Scope], list[Any]]:
    """A closure to the elements of a block; a single element counts as a list of one."""
    said = block.get("each") or default
    if not said:
        return lambda node, scope: [node]
    get = compile_paths(said, notes, f"{place}.each")

    def elements(node: Any, scope: Scope) -> list[Any]:
        found = get(node, scope)
        if found is None:
            return []
        if not isinstance(found, list):
            return [found]
        if len(found) > ELEMENTS_MAX:
            zh, en = f"超过 {ELEMENTS_MAX} 行", f"more than {ELEMENTS_MAX} elements"
            scope.report(place, len(found), Unfit("wrong_value", zh, en))
            return found[:1]
        return found

    return elements


def compile_part(
    said: Any, struct: type[msgspec.Struct], fields: Mapping[str, Wanted], manner: Manner, notes: Notes, place: str,
    default_each: str = "",
) -> Callable[[Any, Scope], tuple[Any, ...]]:  # fmt: skip
    """A closure that builds one `struct` per element that passes `where`; None values keep their place as problems."""
    block = notes.block(said, place)
    notes.known(block, ("each", "where", "fields"), place)
    each = compile_each(block, default_each, notes, place)
    where = compile_condition(block["where"], notes, f"{place}.where") if "where" in block else None
    values = compile_values(notes.block(block.get("fields", {}), f"{place}.fields"), fields, manner, notes, place)

    given = {one.name for one in values}
    # What the struct must have and the mapping may leave out, such as the milestone of a scan.
    owed = {one.name: fields[one.name].fallback for one in msgspec.structs.fields(struct) if one.required}
    owed = {name: fallback for name, fallback in owed.items() if name not in given}

    if notes.mistakes:
        return lambda node, scope: ()
    test = None if where is None else (block["where"], where)
    read = way_of(manner).structs_reader(struct, values, owed, manner, test)

    def build(node: Any, scope: Scope) -> tuple[Any, ...]:
        scope.part = place
        found = read(each(node, scope), scope)
        scope.part = ""
        return found

    return build


def compile_parts(
    said: Any, struct: type[msgspec.Struct], fields: Mapping[str, Wanted], manner: Manner, notes: Notes, place: str,
    default_each: str = "",
) -> Callable[[Any, Scope], tuple[Any, ...]]:  # fmt: skip
    """A part, or a list of parts that follow one another: goods in one list of the payload and gifts in another."""
    if not isinstance(said, list):
        return compile_part(said, struct, fields, manner, notes, place, default_each)
    builds = []
    for at, one in enumerate(said):
        notes.at(said, at)
        builds.append(compile_part(one, struct, fields, manner, notes, f"{place}[{at}]", default_each))
    return lambda node, scope: tuple([found for build in builds for found in build(node, scope)])


_SAID_KEYS = ("milestone", "path", "dictionary", "at", "native", "each", "when")
_AT = Wanted("at", "time", None, False)
_NATIVE = Wanted("native", "text", None, False)
_WORD = Wanted("said", "text", None, False)
SaidBuilder = Callable[[Any, Scope], tuple[Said, ...]]


def compile_said(said: Any, manner: Manner, notes: Notes) -> SaidBuilder:
    """A closure to all the statements of a message, in the order of the mapping."""
    if not isinstance(said, list):
        notes.wrong("said", "a list is expected")
        return lambda node, scope: ()
    statements = []
    for at, one in enumerate(said):
        notes.at(said, at)
        statements.append(_statement(notes.block(one, f"said[{at}]"), manner, notes, f"said[{at}]"))
    return (lambda node, scope: ()) if notes.mistakes else way_of(manner).said_reader(statements, manner)


def _statement(block: Mapping[str, Any], manner: Manner, notes: Notes, place: str) -> Statement:
    notes.known(block, _SAID_KEYS, place)
    if "at" not in block:
        notes.wrong(f"{place}.at", "says no time")
    each = compile_each(block, "", notes, place) if block.get("each") else None
    when = compile_condition(block["when"], notes, f"{place}.when") if "when" in block else None
    at = compile_field(block.get("at", "."), _AT, manner, notes, f"{place}.at")
    word = compile_field(block["path"], _WORD, manner, notes, f"{place}.path") if "path" in block else None
    native = compile_field(block["native"], _NATIVE, manner, notes, f"{place}.native") if "native" in block else word
    milestone = _milestone(block, word, manner, notes, place)
    tell_one = _teller(when, milestone, at, native)
    tell = tell_one if each is None else _per_element(each, tell_one)
    said_native = block.get("native", block.get("path"))
    return Statement(
        block.get("when"), when, block.get("milestone", milestone),
        Written("at", block.get("at", "."), _AT, at),
        None if native is None else Written("native", said_native, _NATIVE, native), tell, each is not None,
    )


def _per_element(each: Callable[[Any, Scope], list[Any]], tell_one: SaidBuilder) -> SaidBuilder:
    return lambda node, scope: tuple([found for one in each(node, scope) for found in tell_one(one, scope)])


def _teller(when: Test | None, milestone: Getter, at: Getter, native: Getter | None) -> SaidBuilder:
    def tell_one(node: Any, scope: Scope) -> tuple[Said, ...]:
        if when is not None and not when(node, scope):
            return ()
        step = milestone(node, scope)
        instant = at(node, scope) if step else None
        if instant is None:
            return ()
        return (Said(step, (native(node, scope) if native else None) or step, instant),)

    return tell_one


def _milestone(block: Mapping[str, Any], word: Getter | None, manner: Manner, notes: Notes, place: str) -> Getter:
    if "milestone" in block:
        fixed = block["milestone"]
        if not is_of(fixed, MILESTONES):
            notes.wrong(f"{place}.milestone", f"{fixed!r} is not known{near(str(fixed), MILESTONES)}")
        return lambda node, scope: fixed
    name = block.get("dictionary")
    if word is None or not is_of(name, manner.dictionaries):
        notes.wrong(place, "either milestone, or path with a dictionary of statuses.yaml is expected")
        return lambda node, scope: None
    lookup = by_dictionary(manner.dictionaries[str(name)], "milestone")
    read = word

    def meant(node: Any, scope: Scope) -> Any:
        native = read(node, scope)
        try:
            return lookup(native, scope)
        except Unfit as unfit:
            scope.report("said", native, unfit)
            return None

    return meant
