"""Sums, differences and the greater of amounts, and joined texts: of plain values written out, of others left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.blueprint.mapping.check import Wrong
from orderloom.blueprint.mapping.follow import compile_path
from orderloom.blueprint.mapping.paths import parse_path
from orderloom.blueprint.mapping.quick.writer import UNSET, Writer, minor, write_raw

SUMS = ("sum", "subtract", "max", "min")
KINDS = ("money", "integer")
LENGTH_MAX = 16
_BIGINT = 2**63


def money(value: Any, currency: str) -> Any:
    """Minor units of plain amounts (a list's sum), None where there is none, UNSET for what needs a closer look."""
    if value.__class__ is str:
        if not value:
            return None
        known = minor(value, currency) if len(value) < LENGTH_MAX else None
        return UNSET if known is None else known
    if value is None:
        return None
    if value.__class__ is not list:
        return UNSET
    found = [money(part, currency) if part.__class__ is str and part else UNSET for part in value]
    return UNSET if UNSET in found else sum(found)


def integer(value: Any, currency: str) -> Any:
    """The same for whole numbers."""
    if value.__class__ is int:
        return value if -_BIGINT < value < _BIGINT else UNSET
    return None if value is None or value == "" else UNSET


def single(value: Any) -> Any:
    """A list is no single amount: which of it is the greatest is left to the function itself."""
    return UNSET if value.__class__ is list else value


def joined(separator: str, values: tuple[Any, ...]) -> Any:
    """Texts with the separator between them, UNSET when one is of another kind; the empty text where there is none."""
    texts = []
    for value in values:
        for one in value if value.__class__ is list else (value,):
            if one.__class__ is str:
                texts.append(one.strip())
            elif one is not None:
                return UNSET
    return separator.join([text for text in texts if text])


def write_sum(w: Writer, depth: int, block: Mapping[str, Any], kind: str, target: str, full: str) -> bool:
    """Lines that put a sum of plain amounts into `target`; False for parts of another kind."""
    result = _write(w, depth, block, kind)
    if result is None:
        return False
    w.put(depth, f"if {result} is UNSET:", f"    {target} = {full}(node, scope)",
          f"elif {result} is not None:", f"    {target} = {result}")
    return True


def write_join(w: Writer, depth: int, block: Mapping[str, Any]) -> bool:
    """A line that puts joined texts into `v`; False for parts that are neither paths nor constant texts."""
    parts = []
    for one in _listed(block["of"]):
        is_text = isinstance(one, Mapping) and set(one) == {"const"} and one["const"].__class__ is str
        value = repr(one["const"]) if is_text else _value(w, one)
        if value is None:
            return False
        parts.append(value)
    w.names["joined"] = joined
    separator = str((block.get("with") or {}).get("separator", " "))
    w.put(depth, f"v = joined({separator!r}, ({', '.join(parts)},))")
    return True


def _write(w: Writer, depth: int, block: Mapping[str, Any], kind: str) -> str | None:
    """The variable of a function's result, or None."""
    terms = [_term(w, depth, one, kind, is_single=block["function"] in ("max", "min")) for one in _listed(block["of"])]
    known = [term for term in terms if term is not None]
    if len(known) != len(terms):
        return None
    result = _variable(w)
    unset = " or ".join(f"{term} is UNSET" for term in known)
    w.put(depth, f"if {unset}:", f"    {result} = UNSET", *_result(block["function"], known, result))
    return result


def _result(function: str, terms: list[str], result: str) -> list[str]:
    first, rest = terms[0], terms[1:]
    zero = [f"({term} or 0)" for term in terms]
    if function == "subtract":
        is_there, value = f"{first} is not None", " - ".join([first, *zero[1:]])
    elif function == "sum":
        is_there, value = " or ".join(f"{term} is not None" for term in terms), " + ".join(zero)
    elif not rest:
        is_there, value = f"{first} is not None", first
    else:
        is_there = " or ".join(f"{term} is not None" for term in terms)
        value = f"{function}([m for m in ({', '.join(terms)}) if m is not None])"
    return [f"elif {is_there}:", f"    {result} = {value}", "else:", f"    {result} = None"]


def _term(w: Writer, depth: int, one: Any, kind: str, *, is_single: bool) -> str | None:
    """The variable of a part: a path, the first of some paths, nothing at all, or a function of such."""
    if isinstance(one, Mapping):
        if set(one) == {"const"} and one["const"].__class__ is int and one["const"] == 0:
            w.names["ZERO"] = 0
            return "ZERO"
        is_function = one.get("function") in SUMS and set(one) <= {"function", "of"} and "of" in one
        return _write(w, depth, one, kind) if is_function else None
    value = _value(w, one)
    if value is None:
        if not write_raw(w, depth, one):
            return None
        value = "v"
    w.names |= {"money": money, "integer": integer, "single": single}
    term = _variable(w)
    w.put(depth, f"{term} = {kind}({f'single({value})' if is_single else value}, currency)")
    return term


def _value(w: Writer, said: Any) -> str | None:
    """An expression for the raw value of a single path."""
    if not isinstance(said, str):
        return None
    try:
        path = parse_path(said)
    except Wrong:
        return None
    return w.value(path) or f"{w.keep(compile_path(path))}(node, scope)"


def _listed(of: Any) -> list[Any]:
    return of if isinstance(of, list) else [of]


def _variable(w: Writer) -> str:
    w.keep(None)
    return f"a{len(w.names)}"
