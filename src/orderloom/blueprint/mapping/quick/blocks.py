"""Blocks of a mapping, each as one function: a way to a value that is plain enough becomes lines, else a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from orderloom.blueprint.mapping.casts import CLOSED
from orderloom.blueprint.mapping.check import Notes
from orderloom.blueprint.mapping.conditions import Test, compile_condition
from orderloom.blueprint.mapping.fields import compile_field
from orderloom.blueprint.mapping.quick.conditions import condition
from orderloom.blueprint.mapping.quick.sums import KINDS as AMOUNTS
from orderloom.blueprint.mapping.quick.sums import SUMS, write_join, write_sum
from orderloom.blueprint.mapping.quick.writer import UNSET, Writer, write_cast, write_raw, write_table
from orderloom.blueprint.mapping.scope import Getter, Scope, nobody
from orderloom.blueprint.mapping.statuses import TAKE_FLAGS
from orderloom.blueprint.mapping.written import Manner, Statement, Wanted, Written
from orderloom.domain.cleaning import clean_text
from orderloom.domain.draft import OrderDraft, Said

PLAIN_KEYS = {"path", "when", "default", "required", "as"}
TABLE_KINDS = ("text", "flag", *CLOSED)


def writer(manner: Manner, block: str, *, is_of_many: bool = False) -> Writer:
    """A writer of the function that reads a block of a document."""
    assert manner.quick is not None, "the quick way was not asked for"
    w = Writer(f"{manner.document}: {block}", manner.quick, is_of_many=is_of_many)
    w.names["ZONE"] = manner.zone
    return w


def write_values(w: Writer, fields: Sequence[Written], manner: Manner) -> dict[str, str]:
    """Lines for all fields of a block, and the expression of each field's value."""
    return {one.name: write_field(w, one, manner) for one in fields}


def write_field(w: Writer, one: Written, manner: Manner) -> str:
    """Lines that put a field's value into a variable; returns the variable's name."""
    full = w.keep(one.full)
    call = f"{full}(node, scope)"
    is_list_of_rules = isinstance(one.said, list) and any(isinstance(way, dict) for way in one.said)
    ways: list[Any] = one.said if is_list_of_rules else [one.said]
    target = f"x{len(w.names)}"
    start = len(w.lines)
    absent = _absent(w, ways, one, call)
    is_alone = len(ways) == 1 and not (isinstance(ways[0], dict) and "when" in ways[0])
    if not is_alone:
        w.put(0, f"{target} = UNSET")
    for number, way in enumerate(ways):
        if not _write_way(w, way, number, one, manner, target, full):
            del w.lines[start:]
            return write_call(w, call)
    if not is_alone:
        w.put(0, f"if {target} is UNSET:", f"    {target} = {absent}")
    elif w.lines[-1].startswith("    " * (w.base + 1)):  # a choice, and not a plain assignment
        w.put(0, "else:", f"    {target} = {absent}")
    return target


def write_call(w: Writer, call: str) -> str:
    """A line that asks a full reader, in its turn: problems are told in the order of the mapping."""
    target = f"x{len(w.names)}"
    w.keep(None)
    w.put(0, f"{target} = {call}")
    return target


def _absent(w: Writer, ways: Sequence[Any], one: Written, call: str) -> str:
    """What stands for a value that no way gave: the fallback, or the full reader that reports or converts it."""
    has_default = any(isinstance(way, dict) and ("default" in way or "required" in way) for way in ways)
    return call if one.field.is_required or has_default else w.keep(one.field.fallback)


def _write_way(w: Writer, way: Any, number: int, one: Written, manner: Manner, target: str, full: str) -> bool:
    """Lines of one rule; False when it is not of a kind that is written in line."""
    block: Mapping[str, Any] = way if isinstance(way, dict) else {"path": way}
    tests = [f"{target} is UNSET"] if number else []
    depth = 0
    if "when" in block:
        tests.append(condition(w, block["when"], compile_condition(block["when"], Notes(""), "when")))
    if tests:
        w.put(0, f"if {' and '.join(tests)}:")
        depth = 1
    return _write_source(w, block, depth, one, manner, target, full)


def _write_source(
    w: Writer, block: Mapping[str, Any], depth: int, one: Written, manner: Manner, target: str, full: str
) -> bool:
    kind = block.get("as", one.field.kind)
    if kind == "money" and manner.is_minor:
        return False
    keys = set(block)
    if "const" in block and keys <= {"const", "when", "as"}:
        return _write_constant(w, block, depth, one, manner, target)
    if "holds" in block and keys <= {"holds", "when"} and kind == "flag":
        test = condition(w, block["holds"], compile_condition(block["holds"], Notes(""), "holds"))
        w.put(depth, f"{target} = {test}")
        return True
    if "dictionary" in block and keys <= {"path", "dictionary", "take", "when", "default"} and kind in TABLE_KINDS:
        is_alone = depth == 0 and not isinstance(one.said, list) and "default" not in keys and not one.field.is_required
        table = _table(block, one, kind, manner, one.field.fallback if is_alone else UNSET)
        if table is None or not write_raw(w, depth, block["path"]):
            return False
        write_table(w, depth, table, target, full)
        return True
    if block.get("function") in SUMS and keys <= {"function", "of", "when", "as"} and kind in AMOUNTS:
        return write_sum(w, depth, block, kind, target, full)
    if block.get("function") == "join" and keys <= {"function", "of", "with", "when"} and kind in ("text", "name"):
        return write_join(w, depth, block) and write_cast(w, depth, kind, target, full)
    if kind == "time" and ("default" in keys or (isinstance(one.said, list) and isinstance(one.said[-1], dict))):
        return False  # what was remembered of one way must not answer for another
    if "path" not in block or not keys <= PLAIN_KEYS or not write_raw(w, depth, block["path"]):
        return False
    return write_cast(w, depth, kind, target, full)


def _write_constant(
    w: Writer, block: Mapping[str, Any], depth: int, one: Written, manner: Manner, target: str
) -> bool:
    """A constant is converted now; money waits for the currency."""
    kind = block.get("as", one.field.kind)
    value = block["const"]
    if kind in ("time", "money") and value != 0:
        return False
    if kind == "time":
        return False
    field = Wanted(one.field.name, kind, None, False)
    read = compile_field({"const": value}, field, manner, Notes(""), "const")
    found = read({}, nobody())
    if found is None:
        return False
    w.put(depth, f"{target} = {w.keep(found)}")
    return True


def _table(
    block: Mapping[str, Any], one: Written, kind: str, manner: Manner, nothing: Any
) -> dict[str, Any] | None:
    """What every word of a dictionary comes to in the end; `nothing` for words that say nothing of it."""
    take = block.get("take", one.field.name)
    entries = manner.dictionaries.get(block["dictionary"])
    if entries is None:
        return None
    if (take in TAKE_FLAGS) is not (kind == "flag"):
        return None
    return {
        word: getattr(entry, take) if kind == "flag" else (clean_text(getattr(entry, take)) or nothing)
        for word, entry in entries.items()
    }


def struct_reader(
    struct: type[msgspec.Struct], fields: Sequence[Written], manner: Manner
) -> Callable[[Any, Scope], Any]:
    """A function that makes a struct of a node."""
    w = writer(manner, struct.__name__)
    return w.function(_struct(w, struct, write_values(w, fields, manner)))


def structs_reader(
    struct: type[msgspec.Struct], fields: Sequence[Written], owed: Mapping[str, Any], manner: Manner,
    where: tuple[Any, Test] | None,
) -> Callable[[list[Any], Scope], tuple[Any, ...]]:  # fmt: skip
    """A function that makes a struct of every node of a list for which `where` (as written, and compiled) holds."""
    w = writer(manner, struct.__name__, is_of_many=True)
    if where is not None:
        w.put(0, f"if not {condition(w, *where)}:", "    continue")
    given = {name: w.keep(value) for name, value in owed.items()}
    return w.function(_struct(w, struct, given | write_values(w, fields, manner)))


def draft_reader(
    fields: Sequence[Written], parts: Sequence[tuple[str, Getter]], manner: Manner,
    without_lines: Callable[[Scope], None],
) -> Callable[[Any, Scope], OrderDraft]:  # fmt: skip
    """A function that makes an order of a node: its fields, then its parts, in the order of the mapping."""
    w = writer(manner, "OrderDraft")
    given = write_values(w, fields, manner)
    for name, part in parts:
        given[name] = f"p_{name}"
        w.put(0, f"p_{name} = {w.keep(part)}(node, scope)")
    w.put(0, f"if not {given['lines']} and not {given.get('is_cancelled', False)} and not scope.problems:",
          f"    {w.keep(without_lines)}(scope)")
    given = {"source_zone": "scope.zone_name", "currency": "currency", "flags": "tuple(scope.flags)"} | given
    return w.function(_struct(w, OrderDraft, given))


def _struct(w: Writer, struct: type[msgspec.Struct], given: dict[str, str]) -> str:
    """The call that makes the struct, its fields by position as far as possible."""
    arguments = []
    for one in msgspec.structs.fields(struct):
        if one.name not in given and one.default is msgspec.NODEFAULT:
            break
        arguments.append(given.pop(one.name) if one.name in given else w.keep(one.default))
        if not given:
            break
    rest = "".join(f", {name}={value}" for name, value in given.items())
    return f"{w.keep(struct)}({', '.join(arguments)}{rest})"


def dict_reader(
    block: str, fields: Sequence[Written], manner: Manner
) -> Callable[[Any, Scope], dict[str, Any]]:
    """A function that makes a dictionary of a node, in the order of the fields."""
    w = writer(manner, block)
    values = write_values(w, fields, manner)
    return w.function("{" + ", ".join(f"{name!r}: {value}" for name, value in values.items()) + "}")


def said_reader(statements: Sequence[Statement], manner: Manner) -> Callable[[Any, Scope], tuple[Said, ...]]:
    """A function that gives everything that a message says."""
    w = writer(manner, "said")
    w.names["Said"] = Said
    w.put(0, "said = []")
    for one in statements:
        if one.is_of_many:
            w.put(0, f"said += {w.keep(one.tell)}(node, scope)")
            continue
        if one.is_when is not None:
            w.put(0, f"if {condition(w, one.when, one.is_when)}:")
            w.base += 1
        step = repr(one.milestone) if isinstance(one.milestone, str) else f"{w.keep(one.milestone)}(node, scope)"
        w.put(0, f"step = {step}", "if step:")
        w.base += 1
        at = write_field(w, one.at, manner)
        w.put(0, f"at = {at}", "if at is not None:")
        w.base += 1
        native = write_field(w, one.native, manner) if one.native is not None else "None"
        w.put(0, f"said.append(Said(step, {native} or step, at))")
        w.base = 1
    return w.function("tuple(said)")


def flags_reader(flags: Sequence[tuple[str, Any, Test]], manner: Manner) -> Callable[[Any, Scope], None]:
    """A function that raises each flag whose condition (as written, and compiled) holds."""
    w = writer(manner, "flags")
    for name, said, test in flags:
        w.put(0, f"if {condition(w, said, test)}:", f"    scope.flag({name!r})")
    return w.function("None")
