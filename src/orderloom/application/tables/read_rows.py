"""Rows of a table of goods as what is to be kept, with every mistake of the file at once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.sku_row import SkuRow, check_goods_row
from orderloom.application.stock_table import RowMistake
from orderloom.application.tables import cells
from orderloom.application.tables.cells import NotRead
from orderloom.application.teach_alias import AliasRow
from orderloom.blueprint.goods import GoodsFile
from orderloom.domain.cleaning import clean_text
from orderloom.domain.codes import code_problem, name_problem, spelling_problem
from orderloom.domain.money import parse
from orderloom.domain.tariff import code_problem as hs_problem
from orderloom.domain.words import Words

Lines = Iterable[tuple[int, Mapping[str, str]]]
DEFAULT_CURRENCY = "CNY"


class Good(msgspec.Struct, frozen=True):
    """A row that makes sense, with its line."""

    line: int
    row: SkuRow | AliasRow


class GoodsRows(msgspec.Struct, frozen=True):
    """What of a table can be kept, and what is wrong with the rest."""

    good: list[Good]
    mistakes: list[RowMistake]


def read_skus(lines: Lines, rules: GoodsFile) -> GoodsRows:
    """Rows of SKUs; those that say the same twice count once."""
    found = GoodsRows([], [])
    seen: dict[str, tuple[int, SkuRow]] = {}
    for line, given in lines:
        row = _sku(line, given, rules, found.mistakes)
        if row is None:
            continue
        before, same = seen.setdefault(row.code, (line, row))
        if same != row:
            found.mistakes.append(RowMistake(line, "code", row.code[:60], f"与第 {before} 行重复，内容不同",
                                             f"stands in line {before} already, with other values"))
        elif before == line:
            found.good.append(Good(line, row))
    return found


def read_bundles(lines: Lines) -> GoodsRows:
    """Rows of bundles and components; a bundle's components are kept together, 0 takes one away."""
    found = GoodsRows([], [])
    bundles: dict[str, tuple[int, dict[str, int]]] = {}
    for line, given in lines:
        wrong = len(found.mistakes)
        bundle, part = given.get("bundle", ""), given.get("component", "")
        for name, code in (("bundle", bundle), ("component", part)):
            _add(found.mistakes, line, name, code, code_problem(code))
        count = _cell(found.mistakes, line, given, "count", cells.number)
        if count is None and not given.get("count"):
            _add(found.mistakes, line, "count", "", Words("没有数量", "no number"))
        if wrong == len(found.mistakes) and count is not None:
            bundles.setdefault(bundle, (line, {}))[1][part] = count
    found.good.extend(Good(line, SkuRow(code, components=parts)) for code, (line, parts) in bundles.items())
    return found


def read_aliases(lines: Lines) -> GoodsRows:
    """Rows of spellings; those that say the same twice count once."""
    found = GoodsRows([], [])
    seen: dict[tuple[str, str], tuple[int, AliasRow]] = {}
    for line, given in lines:
        wrong = len(found.mistakes)
        spelling = given.get("spelling", "")
        _add(found.mistakes, line, "spelling", spelling, spelling_problem(spelling))
        _add(found.mistakes, line, "code", given.get("code", ""), code_problem(given.get("code", "")))
        factor = _cell(found.mistakes, line, given, "factor", lambda text: cells.number(text, 1))
        if wrong != len(found.mistakes):
            continue
        row = AliasRow(clean_text(spelling), given["code"], factor or 1, given.get("account", ""))
        before, same = seen.setdefault((row.account, row.spelling), (line, row))
        if same != row:
            found.mistakes.append(RowMistake(line, "spelling", spelling[:60], f"与第 {before} 行重复，含义不同",
                                             f"stands in line {before} already, with another meaning"))
        elif before == line:
            found.good.append(Good(line, row))
    return found


def _sku(line: int, given: Mapping[str, str], rules: GoodsFile, mistakes: list[RowMistake]) -> SkuRow | None:
    wrong = len(mistakes)
    code = given.get("code", "")
    _add(mistakes, line, "code", code, code_problem(code))
    for name in ("name", "name_en", "unit"):
        _add(mistakes, line, name, given.get(name, ""), name_problem(given.get(name, "")))
    values: dict[str, Any] = {name: given[name] for name in ("name", "name_en", "unit", "category", "hs_code")
                              if given.get(name)}
    if "hs_code" in values:
        _add(mistakes, line, "hs_code", values["hs_code"], hs_problem(values["hs_code"]))
    readers: dict[str, Callable[[str], Any]] = {
        "units": cells.pairs, "components": cells.pairs, "kind": cells.kind, "weight_g": cells.grams,
        "size_mm": cells.millimetres, "has_lots": cells.yes_or_no, "has_serials": cells.yes_or_no,
        "shelf_life_days": cells.number, "low_at": cells.number, "barcodes": cells.parts,
        "goods_class": lambda text: cells.named(text, rules.classes),
        "tax_class": lambda text: cells.named(text, rules.taxes),
    }
    for name, read in readers.items():
        value = _cell(mistakes, line, given, name, read)
        if value is not None:
            values[name] = value
    _cost(mistakes, line, given, values)
    if wrong != len(mistakes):
        return None
    for name in ("category", "weight_g", "size_mm", "shelf_life_days", "low_at", "barcodes"):
        if name in values:
            _checked(mistakes, line, name, given.get(name, ""), SkuRow(code, **{name: values[name]}), rules)
    return SkuRow(code, **values) if wrong == len(mistakes) else None


def _cost(mistakes: list[RowMistake], line: int, given: Mapping[str, str], values: dict[str, Any]) -> None:
    if not given.get("cost"):
        return
    currency = given.get("cost_currency", "").strip().upper() or DEFAULT_CURRENCY
    amount = parse(given["cost"], currency)
    if not isinstance(amount, int) or amount < 0:
        mistakes.append(RowMistake(line, "cost", given["cost"][:60], "成本应写成不为负的金额，如 12.50",
                                   "a cost is an amount that is not negative, as 12.50"))
        return
    values |= {"cost": amount, "cost_currency": currency}


def _checked(mistakes: list[RowMistake], line: int, name: str, text: str, row: SkuRow, rules: GoodsFile) -> None:
    try:
        check_goods_row(row, rules)
    except NotKept as wrong:
        mistakes.append(RowMistake(line, name, text[:60], wrong.zh, wrong.en))


def _cell(
    mistakes: list[RowMistake], line: int, given: Mapping[str, str], name: str, read: Callable[[str], Any],
) -> Any:
    """The value of a cell; None for an empty one, and for one that cannot be read, which is a mistake."""
    text = given.get(name, "")
    if not text:
        return None
    try:
        return read(text)
    except NotRead as wrong:
        _add(mistakes, line, name, text, wrong.words)
        return None


def _add(mistakes: list[RowMistake], line: int, name: str, text: str, wrong: Words | None) -> None:
    if wrong is not None:
        mistakes.append(RowMistake(line, name, text[:60], wrong.zh, wrong.en))


def lines_of(rows: Sequence[Good]) -> dict[str, int]:
    """The line of each SKU of rows."""
    return {good.row.code: good.line for good in rows if isinstance(good.row, SkuRow)}
