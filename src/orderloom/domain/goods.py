"""What is known of goods beside their code: barcodes, measures, cost - what may stand there, and what changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from orderloom.domain.codes import name_problem, spelling_problem
from orderloom.domain.words import Words

BARCODE_LENGTH_MAX = 64
BARCODES_MAX = 50
GRAMS_MAX, MILLIMETRES_MAX, DAYS_MAX = 10_000_000, 100_000, 36_500
LOW_AT_MAX = 1_000_000
COST_MAX = 10**13
PATTERN_LENGTH_MAX, STARS_MAX = 64, 3
"""More stars could take long to match."""
_SIGNS = {"A": "[A-Z]", "a": "[a-z]", "9": "[0-9]", "?": r"[^\W_]", "*": r"[^\W_]+"}
_GTIN_LENGTHS = (8, 12, 13, 14)


class Master(msgspec.Struct, frozen=True):
    """A SKU with all that is known of it. Weights in g, sizes in mm (length, width, height), 0: not known. `cost`: of a
    base unit, in minor units of its currency. `low_at`: free units at which it runs low, 0 never, None where the
    blueprint says. `category`: its path, as 餐具/杯子. `picture`: SHA-256 of its bytes."""

    code: str
    name: str
    name_en: str
    unit: str
    kind: str
    hs_code: str
    is_active: bool
    category: str
    goods_class: str
    tax_class: str
    cost: int | None
    cost_currency: str
    weight_g: int
    size_mm: tuple[int, int, int]
    has_lots: bool
    has_serials: bool
    shelf_life_days: int
    low_at: int | None
    picture: str
    barcodes: tuple[str, ...]
    units: dict[str, int]
    components: dict[str, int]
    version: int


COSTS = ("cost", "cost_currency")
"""What is hidden with the group of fields `cost`."""


def changes(before: Master | None, after: Master) -> dict[str, list[Any]]:
    """What changed, by field: from and to. Of a new SKU what is not empty."""
    found: dict[str, list[Any]] = {}
    for field in Master.__struct_fields__:
        if field in ("code", "version"):
            continue
        was, now = getattr(before, field) if before else None, getattr(after, field)
        is_empty = now is None if field == "low_at" else not now or now == (0, 0, 0)
        if was != now and not (before is None and is_empty):
            found[field] = [was, now]
    return found


def barcode_problem(barcode: str) -> Words | None:
    """Why this cannot be a barcode, None when it can."""
    if len(barcode) > BARCODE_LENGTH_MAX:
        return Words(f"条码最多 {BARCODE_LENGTH_MAX} 个字符", f"a barcode has at most {BARCODE_LENGTH_MAX} characters")
    if any(sign.isspace() for sign in barcode):
        return Words("条码里不能有空格", "a barcode has no spaces")
    return spelling_problem(barcode)


def barcode_doubt(barcode: str) -> Words | None:
    """What makes a barcode look mistyped: an EAN, UPC or GTIN whose check digit is wrong."""
    if len(barcode) not in _GTIN_LENGTHS or not (barcode.isascii() and barcode.isdigit()):
        return None
    right = check_digit(barcode[:-1])
    if barcode[-1] == right:
        return None
    return Words(f"条码 {barcode} 的校验位应是 {right}，可能抄错了",
                 f"the check digit of {barcode} should be {right}: it may be mistyped")


def check_digit(digits: str) -> str:
    """The check digit of an EAN, UPC or GTIN (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def measure_problem(name: Words, value: int, most: int) -> Words | None:
    """Why this number cannot be, None when it can; 0 means not known."""
    if 0 <= value <= most:
        return None
    return Words(f"{name.zh}应是 0 到 {most} 的整数", f"{name.en} must be a whole number from 0 to {most}")


def names_problem(names: Sequence[str]) -> Words | None:
    """Why one of these cannot be a name."""
    return next((wrong for name in names if (wrong := name_problem(name)) is not None), None)


def pattern_problem(pattern: str) -> Words | None:
    """Why this is no pattern of codes."""
    if not pattern or len(pattern) > PATTERN_LENGTH_MAX or any(sign.isspace() for sign in pattern):
        return Words(f"编码规则应有 1 到 {PATTERN_LENGTH_MAX} 个字符，没有空格",
                     f"a pattern has 1 to {PATTERN_LENGTH_MAX} characters and no spaces")
    if pattern.count("*") > STARS_MAX or "**" in pattern:
        return Words(f"编码规则里最多 {STARS_MAX} 个 *，不能相连", f"at most {STARS_MAX} stars, none beside another")
    return None


def standard_problem(code: str, patterns: Sequence[str]) -> Words | None:
    """Why a new code does not keep the seller's standard; no patterns: every code does."""
    if not patterns or any(_compiled(pattern).fullmatch(code) for pattern in patterns):
        return None
    shown = " / ".join(patterns[:5])
    return Words(f"不合编码规则 {shown}（A 大写字母，a 小写字母，9 数字，? 字母或数字，* 一个或多个）",
                 f"is not written as {shown} (A capital, a small letter, 9 digit, ? letter or digit, * one or more)")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_SIGNS.get(sign, re.escape(sign)) for sign in pattern))


def hidden(found: Mapping[str, list[Any]], is_cost_hidden: bool) -> dict[str, list[Any]]:
    """Changes without what the reader may not see."""
    return {field: change for field, change in found.items() if not (is_cost_hidden and field in COSTS)}
