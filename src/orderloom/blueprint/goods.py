"""The shape of `goods.yaml`: what a seller's codes look like, and which classes goods and taxes come in."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding
from orderloom.domain.goods import pattern_problem
from orderloom.domain.words import Words

CLASSES = {
    "general": Words("普通", "General"), "fragile": Words("易碎", "Fragile"), "liquid": Words("液体", "Liquid"),
    "battery": Words("带电", "Battery"), "food": Words("食品", "Food"), "medicine": Words("药品", "Medicine"),
    "cosmetic": Words("化妆品", "Cosmetic"), "oversize": Words("大件", "Oversize"),
}
TAXES = {
    "standard": Words("标准税率", "Standard"), "reduced": Words("低税率", "Reduced"), "zero": Words("零税率", "Zero"),
    "exempt": Words("免税", "Exempt"),
}


class GoodsFile(Shape, frozen=True):
    """`goods.yaml`. `code_patterns`: a new SKU's code must look like one of these (none: like anything); A a capital
    letter, a a small one, 9 a digit, ? a letter or digit, * one or more of these, every other sign itself."""

    code_patterns: tuple[str, ...] = ()
    classes: dict[str, Words] = msgspec.field(default_factory=lambda: dict(CLASSES))
    taxes: dict[str, Words] = msgspec.field(default_factory=lambda: dict(TAXES))


def check_goods(goods: GoodsFile) -> Iterator[Finding]:
    """What is wrong with it."""
    for index, pattern in enumerate(goods.code_patterns):
        if (wrong := pattern_problem(pattern)) is not None:
            mend = Words("例如 AA-999 或 *-9999", "such as AA-999 or *-9999")
            yield Finding("goods.yaml", f"code_patterns[{index}]", wrong, mend)
