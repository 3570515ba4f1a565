"""The named functions of mappings. Each takes the values of `of` (None: absent) and its options; numbers stay exact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from orderloom.blueprint.mapping.check import Notes, Wrong
from orderloom.blueprint.mapping.follow import as_text
from orderloom.blueprint.mapping.scope import Unfit
from orderloom.domain.address import split as split_address
from orderloom.domain.cleaning import is_masked
from orderloom.domain.money import EXACT, to_number
from orderloom.domain.scan_words import scan_incident, scan_milestone

Values = list[Any]
Options = Mapping[str, Any]


class Function(NamedTuple):
    """A registered function: `call(values, options)`, the options it knows, the ones it needs, and how many values."""

    call: Callable[[Values, Options], Any]
    options: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    values_min: int = 1
    values_max: int = 20


def _flat(values: Values) -> Values:
    if not any(value.__class__ is list for value in values):
        return [value for value in values if value is not None]
    flat: Values = []
    for value in values:
        flat.extend(_flat(value) if isinstance(value, list) else [] if value is None else [value])
    return flat


def _numbers(values: Values) -> list[Decimal]:
    found = []
    for value in _flat(values):
        number = to_number(value)
        if number is None:
            raise Unfit("wrong_value", "要计算的值不是数字", "what is to be calculated with is not a number")
        found.append(number)
    return found


def _text(values: Values) -> str | None:
    flat = _flat(values)
    return as_text(flat[0]) if flat else None


def _join(values: Values, options: Options) -> str | None:
    separator = str(options.get("separator", " "))
    return separator.join(text for text in (as_text(value).strip() for value in _flat(values)) if text) or None


def _first(values: Values, options: Options) -> Any:
    return next(iter(_flat(values)), None)


def _sum(values: Values, options: Options) -> Decimal | None:
    numbers = _numbers(values)
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, number)
    return total if numbers else None


def _subtract(values: Values, options: Options) -> Decimal | None:
    if values[0] is None:
        return None
    if isinstance(values[0], list):
        values = [_sum(values[:1], options), *values[1:]]
    left: Decimal | None = None
    for number in _numbers(values):
        left = number if left is None else EXACT.subtract(left, number)
    return left


def _multiply(values: Values, options: Options) -> Decimal | None:
    if any(value is None for value in values):
        return None
    product = Decimal(1)
    for number in _numbers(values):
        product = EXACT.multiply(product, number)
    return product


def _divide(values: Values, options: Options) -> Decimal | None:
    if values[0] is None or values[1] is None:
        return None
    numbers = _numbers(values)
    if len(numbers) != 2:
        raise Unfit("wrong_value", "除法需要两个数", "a division takes two numbers")
    first, second = numbers
    if second == 0:
        raise Unfit("wrong_value", "除数为零", "division by zero")
    try:
        return EXACT.divide(first, second)
    except InvalidOperation as error:
        raise Unfit("wrong_value", "无法相除", "cannot be divided") from error


def _extreme(values: Values, choose: Callable[[list[Decimal]], Decimal]) -> Decimal | None:
    numbers = _numbers(values)
    return choose(numbers) if numbers else None


def _one_number(values: Values, change: Callable[[Decimal], Decimal]) -> Decimal | None:
    numbers = _numbers(values[:1])
    return change(numbers[0]) if numbers else None


def _count(values: Values, options: Options) -> int:
    return len(_flat(values))


def _strip(values: Values, options: Options) -> str | None:
    text = _text(values)
    if text is None:
        return None
    return (
        text.strip().removeprefix(str(options.get("prefix", ""))).removesuffix(str(options.get("suffix", ""))).strip()
    )


def _slice(values: Values, options: Options) -> str | None:
    text = _text(values)
    return None if text is None else text[slice(options.get("start"), options.get("end"))]


def _split(values: Values, options: Options) -> str | None:
    text = _text(values)
    pieces = [] if text is None else text.split(str(options["separator"]))
    index = int(options.get("index", 0))
    return pieces[index].strip() if -len(pieces) <= index < len(pieces) else None


def _match(values: Values, options: Options) -> str | None:
    text = _text(values)
    found = None if text is None else re.search(options["regex"], text[:4000])
    return None if found is None else found.group(1 if found.re.groups else 0)


def _replace(values: Values, options: Options) -> str | None:
    text = _text(values)
    return None if text is None else text.replace(str(options["old"]), str(options["new"]))


def _cased(values: Values, change: Callable[[str], str]) -> str | None:
    text = _text(values)
    return None if text is None else change(text)


def _is_masked(values: Values, options: Options) -> bool:
    return any(is_masked(as_text(value)) for value in _flat(values))


def _split_area(values: Values, options: Options) -> str | None:
    text = _join(values, {})
    return None if text is None else getattr(split_address(text), str(options["part"])) or None


FUNCTIONS: dict[str, Function] = {
    "join": Function(_join, ("separator",)),
    "first": Function(_first),
    "sum": Function(_sum),
    "subtract": Function(_subtract, values_min=2),
    "multiply": Function(_multiply, values_min=2),
    "divide": Function(_divide, values_min=2, values_max=2),
    "max": Function(lambda values, options: _extreme(values, max)),
    "min": Function(lambda values, options: _extreme(values, min)),
    "negate": Function(lambda values, options: _one_number(values, Decimal.copy_negate), values_max=1),
    "absolute": Function(lambda values, options: _one_number(values, Decimal.copy_abs), values_max=1),
    "count": Function(_count),
    "strip": Function(_strip, ("prefix", "suffix"), values_max=1),
    "slice": Function(_slice, ("start", "end"), values_max=1),
    "split": Function(_split, ("separator", "index"), ("separator",), values_max=1),
    "match": Function(_match, ("regex",), ("regex",), values_max=1),
    "replace": Function(_replace, ("old", "new"), ("old", "new"), values_max=1),
    "upper": Function(lambda values, options: _cased(values, str.upper), values_max=1),
    "lower": Function(lambda values, options: _cased(values, str.lower), values_max=1),
    "is_masked": Function(_is_masked),
    "scan_milestone": Function(lambda values, options: scan_milestone(_text(values) or "") or None, values_max=1),
    "scan_incident": Function(lambda values, options: scan_incident(_text(values) or "") or None, values_max=1),
    "split_area": Function(_split_area, ("part",), ("part",)),
}
_WHOLE = ("start", "end", "index")
_PARTS = ("province", "city", "district", "detail")


def check_options(name: str, options: Options, notes: Notes, field: str) -> None:
    """Unknown, missing and ill-typed options of a function."""
    function = FUNCTIONS[name]
    notes.known(options, function.options, f"{field}.with")
    for key in function.needed:
        if key not in options:
            notes.wrong(f"{field}.with", f"{name} needs {key}")
    for key in _WHOLE:
        if key in options and not isinstance(options[key], int):
            notes.wrong(f"{field}.with.{key}", f"a whole number is expected, not {options[key]!r}")
    if name == "split_area" and options.get("part") not in _PARTS:
        notes.wrong(f"{field}.with.part", f"one of {', '.join(_PARTS)} is expected")
    if name == "split" and options.get("separator") == "":
        notes.wrong(f"{field}.with.separator", "must not be empty")
    if "regex" in options:
        check_regex(options["regex"], notes, f"{field}.with.regex")


def check_regex(text: Any, notes: Notes, field: str) -> None:
    """A regular expression must compile and be short."""
    try:
        if not isinstance(text, str) or len(text) > 200:
            raise Wrong("a regular expression of at most 200 characters is expected")
        re.compile(text)
    except (re.error, Wrong) as error:
        notes.wrong(field, f"not a regular expression: {error}")
