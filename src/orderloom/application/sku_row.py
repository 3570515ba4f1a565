"""A SKU as people give it, whatever the way - form, table, program -, and what of it cannot be or looks mistyped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from orderloom.application.not_kept import refuse, unknown
from orderloom.blueprint.goods import GoodsFile
from orderloom.domain.codes import name_problem
from orderloom.domain.goods import (
    BARCODES_MAX,
    COST_MAX,
    DAYS_MAX,
    GRAMS_MAX,
    LOW_AT_MAX,
    MILLIMETRES_MAX,
    barcode_doubt,
    barcode_problem,
    measure_problem,
)
from orderloom.domain.money import CURRENCIES
from orderloom.domain.words import Words

DEPTH_MAX = 6
"""Groups one in another."""
DOUBTS_MAX = 200
DEFAULT_LIMIT = -1


class SkuRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A SKU to keep; None: as it was. `units`: name to factor; `components`: SKU code to quantity; 0 takes one away."""

    code: str
    name: str | None = None
    unit: str | None = None
    units: dict[str, int] = {}
    components: dict[str, int] = {}
    kind: str | None = None
    """goods (the default), service or virtual: only goods take stock and are sent."""
    hs_code: str | None = None
    """What customs ask for: 6 digits of the Harmonised System, or a national line of 8, 10 or 13; empty removes it."""
    name_en: str | None = None
    category: str | None = None
    """Its path, as 餐具/杯子; a group that is not there is made, empty takes it out of its group."""
    goods_class: str | None = None
    tax_class: str | None = None
    cost: int | None = None
    """Of a base unit, in minor units of `cost_currency`; to remove it give an empty currency."""
    cost_currency: str | None = None
    weight_g: int | None = None
    size_mm: tuple[int, int, int] | None = None
    """Length, width, height; 0 is not known."""
    has_lots: bool | None = None
    has_serials: bool | None = None
    shelf_life_days: int | None = None
    low_at: int | None = None
    """Free units at which it runs low: 0 never, -1 the blueprint's limit again."""
    barcodes: tuple[str, ...] | None = None
    """All of them: those that are not named are taken away."""


class Doubt(msgspec.Struct, frozen=True):
    """Something that was kept and may be a mistake: a code that looks like another one's (`twin`), a barcode whose
    check digit is wrong (`check_digit`)."""

    code: str
    kind: str
    zh: str
    en: str


def check_goods_row(row: SkuRow, rules: GoodsFile) -> None:
    """What of a row beside its code, units and components cannot be. Raises NotKept."""
    where = Words(f"商品 {row.code[:60]}", f"SKU {row.code[:60]}")
    refuse(where, name_problem(row.name_en or ""))
    for what, value, known in ((Words("货品类别", "goods class"), row.goods_class, rules.classes),
                               (Words("税类", "tax class"), row.tax_class, rules.taxes)):
        if value and value not in known:
            raise unknown(what, value, list(known))
    for wrong in (*_measures(row), _cost(row)):
        refuse(where, wrong)
    if len(row.barcodes or ()) > BARCODES_MAX:
        refuse(where, Words(f"最多 {BARCODES_MAX} 个条码", f"at most {BARCODES_MAX} barcodes"))
    for barcode in row.barcodes or ():
        refuse(where, barcode_problem(barcode))
    for name in path_of(row.category or ""):
        refuse(where, name_problem(name) or (None if name else Words("分组名称是空的", "a group has no name")))
    if len(path_of(row.category or "")) > DEPTH_MAX:
        refuse(where, Words(f"分组最多 {DEPTH_MAX} 层", f"groups stand at most {DEPTH_MAX} deep"))


def path_of(category: str) -> list[str]:
    """Names of the groups of a path, outermost first."""
    return [name.strip() for name in category.replace("／", "/").split("/")] if category.strip() else []


def doubts_of(rows: Sequence[SkuRow], twins: Sequence[tuple[str, str]]) -> list[Doubt]:
    """What of rows that were kept may be a mistake."""
    found = [Doubt(code, "twin", f"{code} 和已有的 {other} 只差一点，是同一个商品吗？",
                   f"{code} looks like {other}: are they one SKU?") for code, other in twins]
    for row in rows:
        found += [Doubt(row.code, "check_digit", wrong.zh, wrong.en) for barcode in row.barcodes or ()
                  if (wrong := barcode_doubt(barcode)) is not None]
    return found[:DOUBTS_MAX]


def _measures(row: SkuRow) -> Iterator[Words | None]:
    yield measure_problem(Words("重量（克）", "the weight in g"), row.weight_g or 0, GRAMS_MAX)
    for name, value in zip(("长", "宽", "高"), row.size_mm or (), strict=False):
        yield measure_problem(Words(f"{name}（毫米）", "a size in mm"), value, MILLIMETRES_MAX)
    yield measure_problem(Words("保质期（天）", "the shelf life in days"), row.shelf_life_days or 0, DAYS_MAX)
    if row.low_at != DEFAULT_LIMIT:
        yield measure_problem(Words("低库存下限", "the low-stock limit"), row.low_at or 0, LOW_AT_MAX)


def _cost(row: SkuRow) -> Words | None:
    if row.cost_currency and row.cost_currency not in CURRENCIES:
        return Words(f"没有币种“{row.cost_currency[:10]}”", f'there is no currency "{row.cost_currency[:10]}"')
    if row.cost is not None and not 0 <= row.cost <= COST_MAX:
        return Words("成本不能为负，也不能这么大", "a cost is neither negative nor so large")
    if row.cost is not None and row.cost_currency is None:
        return Words("成本要带币种", "a cost needs its currency")
    return None
