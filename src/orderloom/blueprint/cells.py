"""What a cell of a decision table means, how it is said to the engine, and whether the engine takes it so.

The engine takes a broken cell for "no match" and says nothing: what a cell means is decided here (`holds`), it is said
in ZEN (`render`), and the engine is held to it (`try_cell`). How people write cells is in `cell_text.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NamedTuple

import zen

from orderloom.domain.rule import NUMBER_MAX, RuleTrait, TraitType
from orderloom.domain.words import Words

Scalar = str | int | bool
_SIZES: dict[str, Callable[[Any, Any], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le, "==": eq, "!=": ne}
SIZES = frozenset(_SIZES)


class CellTest(NamedTuple):
    """One test of a value: `op` is a comparison with `values[0]`, `in`, `not in`, or a range such as `[)`, whose ends
    are `values`; square ends belong to it."""

    op: str
    values: tuple[Scalar, ...]


class ConditionCell(NamedTuple):
    """What a cell asks: all of its tests hold. None of them: anything matches."""

    tests: tuple[CellTest, ...] = ()


class BadCell(ValueError):
    """The cell cannot be understood: why, and what would be right."""

    def __init__(self, zh: str, en: str, mend: Words | None = None) -> None:
        super().__init__(f"{zh} / {en}")
        self.reason, self.mend = Words(zh, en), mend


def holds(cell: ConditionCell, value: Any) -> bool:
    """What the cell says of a value of its trait's type; of one that is not known only an empty cell holds."""
    if not cell.tests:
        return True
    return value is not None and all(_test_holds(test, value) for test in cell.tests)


def render(cell: ConditionCell, trait: RuleTrait) -> str:
    """The cell in the engine's language, of a value `$`; empty: anything. It never begins with a bracket: the engine
    takes that for a range."""
    return " and ".join(_rendered(test, trait) for test in cell.tests)


def try_cell(cell: ConditionCell, trait: RuleTrait) -> None:
    """Have the engine answer for values on both sides of everything that the cell names. Raises BadCell where it says
    something else than is meant."""
    rendered = render(cell, trait)
    for value in samples(cell, trait) if rendered else ():
        try:
            answer = zen.evaluate_unary_expression(rendered, {"$": value})
        except RuntimeError as error:
            why = str(error).split("\n", 1)[0][:200]
            raise BadCell(f"算不出来：{why}", f"cannot be evaluated: {why}") from error
        if answer is not holds(cell, value):
            raise BadCell(f"引擎对 {value!r} 的回答与写的不一致", f"the engine answers otherwise for {value!r}")


def samples(cell: ConditionCell, trait: RuleTrait) -> Iterator[Any]:
    """Values about which the cell says different things, and one that it does not name."""
    named: list[Any] = [value for test in cell.tests for value in test.values]
    if trait.type is TraitType.FLAG:
        yield from (True, False)
    elif trait.type.is_number:
        around = {int(value) + step for value in named for step in (-1, 0, 1)}
        yield from sorted(n for n in around if abs(n) <= NUMBER_MAX)
    elif trait.type is TraitType.TEXTS:
        yield from ([], ["\u2205"], *[[value] for value in named], list(dict.fromkeys(named)))
    else:
        yield from (trait.values or ("\u2205", *named))


def _test_holds(test: CellTest, value: Any) -> bool:
    if isinstance(value, list):
        has = any(one in test.values for one in value)
        return has if test.op in ("==", "in") else not has
    if test.op in _SIZES:
        return _SIZES[test.op](value, test.values[0])
    if test.op in ("in", "not in"):
        return (value in test.values) is (test.op == "in")
    low, high = test.values
    return bool((low <= value if test.op[0] == "[" else low < value)
                and (value <= high if test.op[1] == "]" else value < high))


def _rendered(test: CellTest, trait: RuleTrait) -> str:
    values = [_literal(value) for value in test.values]
    if trait.type is TraitType.TEXTS:
        has = f"some($, # in [{', '.join(values)}])"
        return has if test.op in ("==", "in") else f"$ != null and not({has})"
    if test.op == "in":
        return f"$ in [{', '.join(values)}]"
    if test.op == "not in":
        return f"$ != null and not($ in [{', '.join(values)}])"
    if test.op == "!=":
        return f"$ != null and $ != {values[0]}"
    if test.op in _SIZES:
        return f"$ {test.op} {values[0]}"
    low, high = values
    return f"$ {'>=' if test.op[0] == '[' else '>'} {low} and $ {'<=' if test.op[1] == ']' else '<'} {high}"


def _literal(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    mark = "'" if '"' in value else '"'
    return f"{mark}{value}{mark}"
