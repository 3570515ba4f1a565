"""Conditions written in line: comparisons of plain values with words and whole numbers; others are asked in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderloom.blueprint.mapping.check import Notes
from orderloom.blueprint.mapping.conditions import JOINED, compile_condition
from orderloom.blueprint.mapping.follow import compile_path
from orderloom.blueprint.mapping.paths import parse_path
from orderloom.blueprint.mapping.quick.comparisons import quick_test
from orderloom.blueprint.mapping.quick.writer import Writer
from orderloom.blueprint.mapping.scope import Scope, nobody


def condition(w: Writer, block: Any, full: Callable[[Any, Scope], bool]) -> str:
    """An expression that is true when the condition holds; comparisons with words and whole numbers are written out.

    A part that meets another type than it expects asks for the whole; a part of another kind is asked for itself.
    """
    if not isinstance(block, Mapping) or not block:
        return f"{w.keep(full)}(node, scope)"
    whole = f"{w.keep(full)}(node, scope)"
    texts = []
    for key, wanted in block.items():
        if key == "of" and "expr" in block:
            continue
        text = _joined(w, key, wanted) if key in JOINED else _compared(w, key, wanted, whole)
        texts.append(text or _alone(w, key, block))
    return f"({' and '.join(texts)})"


def _alone(w: Writer, key: str, block: Mapping[str, Any]) -> str:
    """A call for one part of a condition; not even that for a plain value that is not there, where that is enough."""
    part = {name: block[name] for name in (key, "of") if name in block and (name == key or key == "expr")}
    test = compile_condition(part, Notes(""), key)
    if key == "expr":
        return f"{w.keep(quick_test(block[key], block.get('of') or {}, test))}(node, scope)"
    call = f"{w.keep(test)}(node, scope)"
    value = w.value(parse_path(key))
    if value is None or test({}, nobody()):
        return call
    return f"((v := {value}) is not None and v != '' and {call})"


def _joined(w: Writer, key: str, wanted: Any) -> str | None:
    """Conditions of a list, each with a whole of its own."""
    if not isinstance(wanted, list) or not wanted:
        return None
    texts = [condition(w, one, compile_condition(one, Notes(""), key)) for one in wanted]
    if key == "all":
        return f"({' and '.join(texts)})"
    return f"({'not ' if key == 'none' else ''}({' or '.join(texts)}))"


def _compared(w: Writer, key: str, wanted: Any, whole: str) -> str | None:
    if key == "expr":
        return None
    value = w.value(parse_path(key))
    if value is None:
        return _is_there(w, key, wanted)
    if not isinstance(wanted, Mapping):
        return _is_word(w, value, wanted, whole)
    if set(wanted) == {"present"} and isinstance(wanted["present"], bool):
        test = f"((v := {value}) is not None and v != '')"
        return test if wanted["present"] else f"(not {test})"
    if set(wanted) == {"dated"} and isinstance(wanted["dated"], bool):
        return f"(never({value}) is not {wanted['dated']})"
    if len(wanted) == 1 and type(limit := wanted.get("over", wanted.get("under"))) is int:
        sign = ">" if "over" in wanted else "<"
        return f"(v {sign} {limit} if (v := {value}).__class__ is int else v is not None and {whole})"
    return _is_not_word(w, value, wanted["not"], whole) if set(wanted) == {"not"} else None


def _is_there(w: Writer, key: str, wanted: Any) -> str | None:
    if not isinstance(wanted, Mapping) or set(wanted) != {"present"} or not isinstance(wanted["present"], bool):
        return None
    found = f"{w.keep(compile_path(parse_path(key)))}(node, scope)"
    return f"({found} is {'not ' if wanted['present'] else ''}None)"


def _is_word(w: Writer, value: str, wanted: Any, whole: str) -> str | None:
    if isinstance(wanted, bool):
        return f"((v := {value}) is {wanted} or (v is not None and v is not {not wanted} and {whole}))"
    words = _words(wanted)
    if words is None:
        return None
    return f"(v in {w.keep(words)} if (v := {value}).__class__ is str else v is not None and {whole})"


def _is_not_word(w: Writer, value: str, wanted: Any, whole: str) -> str | None:
    if isinstance(wanted, bool):
        return f"((v := {value}) is not {wanted} and (v is None or v is {not wanted} or {whole}))"
    words = _words(wanted)
    if words is None:
        return None
    return f"(v not in {w.keep(words)} if (v := {value}).__class__ is str else v is None or {whole})"


def _words(wanted: Any) -> frozenset[str] | None:
    """The words of a comparison when all are plain texts."""
    words: Sequence[Any] = wanted if isinstance(wanted, list) else [wanted]
    return frozenset(words) if all(word.__class__ is str and word for word in words) else None
