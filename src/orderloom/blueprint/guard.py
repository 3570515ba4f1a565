"""Conditions of the blueprint: ZEN expressions over an order's traits, checked for names and types before use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import zen

from orderloom.domain.finding import Finding, unknown
from orderloom.domain.lifecycle import Guard, GuardFailed
from orderloom.domain.traits import OF_BEFORE, TRAIT_SAMPLES
from orderloom.domain.words import Words

TEXT_MAX = 500
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")
_NAME = re.compile(r"(?<![\w.#$])([A-Za-z_]\w*)(?!\w*\s*\()")
_REFUSED = re.compile(r"\.\.|[$`]")
"""Ranges can be made so large that they stop the process; `$root` and templates would hide the names that are read."""
_PLAIN = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\s*==\s*'(?P<value>[^']*)')?")
_KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false", "null"})
_POSITION = re.compile(r" at \((\d+), \d+\)")


def inspect(text: str, file: str, place: str, *, is_stored: bool = False) -> list[Finding]:
    """Return what is wrong with a condition: its length, its grammar, its names, or its types on a sample order.

    One that is stored was published by an earlier build, and may name traits that are gone since.
    """
    bare = _STRING.sub("''", text)
    if len(text) > TEXT_MAX or _REFUSED.search(bare):
        zh, en = "条件太长，或用了 .. $ ` 之一", f"over {TEXT_MAX} characters, or uses one of .. $ `"
        return [_finding(file, place, zh, en)]
    fault = zen.validate_expression(text)
    if fault:
        return [_grammar(file, place, str(fault.get("source", fault)))]
    names = _names(text)
    known = (*TRAIT_SAMPLES, "facts")
    strange = sorted(names.difference(known, OF_BEFORE if is_stored else ()))
    if strange:
        return [_gone(file, place, name) if name in OF_BEFORE else
                unknown(file, place, Words("订单特征", "order trait"), name, known) for name in strange]
    return [] if "facts" in names else _trial(text, file, place)


def compile_guard(text: str) -> Guard:
    """Return the condition as a function of traits; null counts as no. The function raises GuardFailed."""
    simple = _simple(text)
    if simple is not None:
        return simple
    expression, needed = zen.compile_expression(text), _names(text)

    def holds(traits: Mapping[str, Any]) -> bool:
        if not needed <= traits.keys():
            raise GuardFailed(f"{text}: missing {', '.join(sorted(needed - traits.keys()))}")
        try:
            return bool(expression.evaluate(dict(traits)))
        except (RuntimeError, TypeError, ValueError) as error:
            raise GuardFailed(f"{text}: {_first_line(error)}") from error

    return holds


def _simple(text: str) -> Guard | None:
    """The commonest conditions, a trait or one that equals a text, without the engine: they stand on the hot path."""
    found = _PLAIN.fullmatch(text.strip())
    if found is None or found["name"] in _KEYWORDS or found["name"] not in TRAIT_SAMPLES:
        return None
    name, value = found["name"], found["value"]
    if value is None:
        return (lambda traits: bool(_trait(text, traits, name))) if isinstance(TRAIT_SAMPLES[name], bool) else None
    return lambda traits: bool(_trait(text, traits, name) == value)


def _trait(text: str, traits: Mapping[str, Any], name: str) -> Any:
    try:
        return traits[name]
    except KeyError:
        raise GuardFailed(f"{text}: missing {name}") from None


def _names(text: str) -> frozenset[str]:
    """Return the traits that a condition reads; strings, functions, fields after a dot and keywords are none."""
    return frozenset(_NAME.findall(_STRING.sub("''", text))) - _KEYWORDS


def _trial(text: str, file: str, place: str) -> list[Finding]:
    """Evaluate on a sample order: a condition that compares text with a number fails only when it runs."""
    try:
        answer = zen.evaluate_expression(text, {**dict.fromkeys(OF_BEFORE, False), **TRAIT_SAMPLES, "facts": {}})
    except RuntimeError as error:
        why = _first_line(error)
        return [_finding(file, place, f"条件在样例订单上算不出来：{why}", f"fails on a sample order: {why}")]
    if not isinstance(answer, bool):
        return [_finding(file, place, f"条件的结果不是“是/否”，而是 {answer!r}", f"yields {answer!r}, not yes or no")]
    return []


def _grammar(file: str, place: str, source: str) -> Finding:
    at = _POSITION.search(source)
    where = int(at[1]) + 1 if at else 0
    zh = f"第 {where} 个字符处写法不对：{source}" if where else f"写法不对：{source}"
    return _finding(file, place, zh, f"at character {where}: {source}" if where else source)


def _gone(file: str, place: str, name: str) -> Finding:
    """A trait of before: another one that is spelled like it means something else."""
    return Finding(file, place, Words(f"订单特征“{name}”已经没有了", f'the order trait "{name}" is gone'),
                   Words("删去它：测试订单不会成为订单", "leave it out: a test order never becomes an order"))


def _first_line(error: Exception) -> str:
    """Cut the engine's message before the backtrace that it may carry."""
    return str(error).split("\n", 1)[0][:200]


def _finding(file: str, place: str, zh: str, en: str) -> Finding:
    mend = Words("例：payment == 'cod' and total > 500000", "for example: payment == 'cod' and total > 500000")
    return Finding(file, place, Words(zh, en), mend)
