"""ZEN expressions in mappings: the escape for what paths and functions cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
import zen

from orderloom.blueprint.mapping.check import Notes, Wrong
from orderloom.blueprint.mapping.follow import compile_path
from orderloom.blueprint.mapping.paths import parse_path
from orderloom.blueprint.mapping.scope import Getter, Unfit

_LENGTH_MAX = 500
_encoder = msgspec.json.Encoder(decimal_format="number")


def compile_expression(text: Any, of: Any, notes: Notes, field: str) -> Getter:
    """A closure that evaluates the expression over the names of `of`; numbers come back as exact decimals."""
    names = notes.block(of if of is not None else {}, f"{field}.of")
    getters: list[tuple[str, Getter]] = []
    for name, path in names.items():
        notes.at(names, name)
        try:
            getters.append((name, compile_path(parse_path(path))))
        except Wrong as error:
            notes.wrong(f"{field}.of.{name}", str(error))
    evaluate = _evaluator(text, notes, field)
    return lambda node, scope: evaluate({name: get(node, scope) for name, get in getters})


def _evaluator(text: Any, notes: Notes, field: str) -> Callable[[Mapping[str, Any]], Any]:
    if not isinstance(text, str):
        notes.wrong(f"{field}.expr", "an expression text is expected; decision graphs and function nodes are refused")
        return lambda values: None
    if len(text) > _LENGTH_MAX:
        notes.wrong(f"{field}.expr", f"longer than {_LENGTH_MAX} characters: use fields and functions, or facts")
        return lambda values: None
    fault = zen.validate_expression(text)
    if fault is not None:
        notes.wrong(f"{field}.expr", str(fault.get("source", fault)))
        return lambda values: None
    compiled = zen.compile_expression(text)

    def evaluate(values: Mapping[str, Any]) -> Any:
        try:
            return _exact(compiled.evaluate(_encoder.encode(values)))
        except (RuntimeError, UnicodeEncodeError) as error:
            # The engine's own words may quote the values: the voucher has them, the problem must not.
            mend = ("表达式无法计算，请核对所用各值", "it cannot be computed; check its values")
            raise Unfit("wrong_value", *mend) from error

    return evaluate


def _exact(value: Any) -> Any:
    if value.__class__.__name__ == "float":
        number = Decimal(repr(value))
        return int(number) if number == number.to_integral_value() else number
    return None if value == "" else value
