"""Reads a seller's table of SKUs or stock: CSV in any usual encoding, or Excel, with Chinese or English headings."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from orderloom.adapters.spreadsheets.problems import MENDS
from orderloom.adapters.spreadsheets.unfit import Unfit
from orderloom.adapters.spreadsheets.workbook import grids, is_workbook
from orderloom.domain.defuse import FORMULA
from orderloom.domain.encoding import decode
from orderloom.domain.words import Words

ROWS_MAX = 1_000_000
FILE_BYTES_MAX = 64 << 20
HEADER_ROWS_MAX = 20
"""The headings stand in one of the first rows; titles and notes may stand above them."""
CELL_LENGTH_MAX = 2_000
DELIMITERS = ",\t;"
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "sku", "编码", "商品编码", "货号", "商家编码", "商品代码", "sku编码"),
    "name": ("name", "名称", "品名", "商品名称"),
    "unit": ("unit", "单位"),
    "units": ("units", "换算", "单位换算"),
    "components": ("components", "组合", "套装"),
    "kind": ("kind", "种类", "商品种类"),
    "hs_code": ("hs_code", "hs code", "hs", "hs编码", "海关编码", "税则号", "商品海关编码"),
    "warehouse": ("warehouse", "仓库", "仓库编码", "仓库代码"),
    "quantity": ("quantity", "数量", "入库数量", "入库", "received"),
    "counted": ("counted", "on_hand", "on hand", "盘点", "盘点数", "盘点数量", "实盘数", "实盘数量", "现货", "库存",
                "库存数", "库存数量", "设为"),
    "document": ("document", "单号", "入库单号", "凭据号", "单据号", "盘点单号"),
    "number": ("line", "行号", "单据行号"),
}
FURTHER: Mapping[str, tuple[str, ...]] = {
    "name_en": ("name_en", "english name", "英文名称", "英文名", "英文品名"),
    "category": ("category", "group", "分组", "分类", "类目", "商品分类", "商品类目"),
    "goods_class": ("goods_class", "goods class", "货品类别", "货品属性", "物流属性", "商品属性"),
    "tax_class": ("tax_class", "tax class", "税类", "税率类别"),
    "cost": ("cost", "成本", "成本价", "进价", "采购价"),
    "cost_currency": ("cost_currency", "cost currency", "currency", "成本币种", "币种"),
    "weight_g": ("weight_g", "weight (g)", "weight", "重量", "重量（克）", "重量g", "重量（g）", "毛重"),
    "size_mm": ("size_mm", "size (mm)", "size", "尺寸", "尺寸（毫米）", "长宽高", "规格尺寸"),
    "barcodes": ("barcodes", "barcode", "ean", "upc", "gtin", "条码", "条形码", "商品条码", "国际条码"),
    "has_lots": ("has_lots", "lots", "批号管理", "批次管理", "是否批次"),
    "has_serials": ("has_serials", "serial numbers", "序列号管理", "是否序列号"),
    "shelf_life_days": ("shelf_life_days", "shelf life (days)", "shelf life", "保质期", "保质期（天）",
                        "保质期天数"),
    "low_at": ("low_at", "low-stock limit", "low stock", "低库存下限", "库存下限", "预警库存"),
    "spelling": ("spelling", "alias", "别名", "写法", "渠道写法", "平台编码", "平台商品编码", "外部编码", "商家编码"),
    "account": ("account", "shop", "店铺", "账号", "店铺代码", "渠道账号"),
    "factor": ("factor", "units in one", "含数量", "换算数", "数量", "件数", "倍数"),
    "bundle": ("bundle", "组合编码", "组合商品编码", "套装编码", "组合商品", "套装"),
    "component": ("component", "组件编码", "子商品编码", "组件", "单品编码", "子件编码", "明细编码"),
    "count": ("count", "units of it", "组件数量", "数量", "用量", "子商品数量"),
}
"""Headings of the tables that name the columns which they have (`fields`)."""


NOTHING_CHOSEN: Mapping[str, str] = {}


class TableRow(NamedTuple):
    """A row with the line (or spreadsheet row) on which it stands, by our headings."""

    line: int
    cells: dict[str, str]


class SheetRead(msgspec.Struct, frozen=True):
    """A table as read: which of our columns it has, and its rows that say something. `headings`: every heading as it
    stands there, with our column or none."""

    columns: tuple[str, ...]
    rows: list[TableRow]
    headings: tuple[tuple[str, str], ...] = ()


class UnreadableGoods(Exception):
    """The file as a whole cannot be used; `words` say why and how to mend it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.words = Words(zh, en)


async def read_stock_table(body: bytes) -> list[TableRow]:
    """Rows of a table of stock: codes, warehouses, and what came or was counted. Raises UnreadableGoods."""
    table = await asyncio.to_thread(read_table, body, ("code", "warehouse"), one_of=("quantity", "counted"))
    return table.rows


def read_table(
    body: bytes, needed: Sequence[str], *, one_of: Sequence[str] = (), fields: Collection[str] = (),
    chosen: Mapping[str, str] = NOTHING_CHOSEN,
) -> SheetRead:
    """The table in these bytes; it must have the `needed` columns and one of `one_of`. `fields`: the columns that it
    may have, none: those of SKUs and stock; `chosen`: our column by its heading, where a person said so. Raises
    UnreadableGoods."""
    words = Headings(fields, chosen)
    if len(body) > FILE_BYTES_MAX:
        raise UnreadableGoods(f"文件超过 {FILE_BYTES_MAX >> 20} MiB，请分开。",
                         f"Over {FILE_BYTES_MAX >> 20} MiB: split it.")
    if not body.strip():
        raise UnreadableGoods("文件是空的。", "the file is empty.")
    missing: list[str] = list(needed)
    for grid in _grids(body):
        rows = iter(grid)
        read = _header(rows, [*needed, *one_of], words)
        if read is None:
            continue
        head, texts = read
        missing = [name for name in needed if name not in head]
        if one_of and not any(name in head for name in one_of):
            missing.append(one_of[0])
        if not missing:
            return SheetRead(tuple(filter(None, head)), _rows(rows, head), tuple(zip(texts, head, strict=True)))
    known = {**FURTHER, **HEADINGS}
    shown = [f"{name}（{'/'.join(known[name][:4])}）" for name in missing]
    named = [f"{name} ({'/'.join(known[name][:4])})" for name in missing]
    raise UnreadableGoods(f"表头缺少列：{'、'.join(shown)}", f"columns missing: {', '.join(named)}")


def _grids(body: bytes) -> Iterator[Iterable[tuple[int, list[str]]]]:
    """Each sheet (a text file is one) as numbered rows of cells."""
    if not is_workbook(body):
        yield _lines(decode(body).text.lstrip("\ufeff"))
        return
    try:
        for _, cells in grids(body):
            yield enumerate(cells, 1)
    except Unfit as unfit:
        zh, _, en = MENDS[unfit.code].partition(" / ")
        raise UnreadableGoods(zh, en) from unfit


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda one: sum(map(bool, map(_heading, first.split(one)))))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    started = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise UnreadableGoods(f"第 {started} 行读不出来：引号没有成对，或内容过长。",
                             f"Line {started} cannot be read: an open quote, or a cell too long.") from error
        if row is None:
            return
        yield started, row
        started = reader.line_num + 1


def _header(
    rows: Iterator[tuple[int, list[str]]], wanted: Sequence[str], words: Headings,
) -> tuple[list[str], list[str]] | None:
    """Our names of the columns, and what stands there, of the first row that has one that is wanted."""
    for _, (_, row) in zip(range(HEADER_ROWS_MAX), rows, strict=False):
        names = [words.column(cell) for cell in row]
        if any(name in names for name in wanted):
            return [name if name not in names[:place] else "" for place, name in enumerate(names)], \
                [_plain(cell) for cell in row]
    return None


def _rows(rows: Iterator[tuple[int, list[str]]], head: list[str]) -> list[TableRow]:
    found: list[TableRow] = []
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(found) >= ROWS_MAX:
            raise UnreadableGoods(f"超过 {ROWS_MAX} 行，请分开。", f"Over {ROWS_MAX} rows: split it.")
        if any(len(cell) > CELL_LENGTH_MAX for cell in row):
            raise UnreadableGoods(f"第 {line} 行有一格超过 {CELL_LENGTH_MAX} 个字符。",
                             f"Line {line} has a cell of over {CELL_LENGTH_MAX} characters.")
        found.append(TableRow(line, {name: _cell(cell) for name, cell in zip(head, row, strict=False) if name}))
    return found


def _cell(text: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reckoning it."""
    plain = text.strip()
    return plain[1:] if plain.startswith("'") and plain[1:].startswith(FORMULA) else plain


def _heading(cell: str) -> str:
    return USUAL.column(cell)


def _plain(cell: str) -> str:
    return cell.strip().strip('"').lstrip("\ufeff").strip()


def _wide(word: str) -> str:
    """Brackets of either width mean the same."""
    return word.replace("(", "（").replace(")", "）")


class Headings:
    """Which of our columns a heading means, in a table that may have these columns."""

    def __init__(self, fields: Collection[str], chosen: Mapping[str, str]) -> None:
        known = {**FURTHER, **HEADINGS}
        self._chosen = chosen
        self._names = {_wide(word): name for name in reversed(list(fields or HEADINGS)) for word in known[name]}

    def column(self, cell: str) -> str:
        """Our name of the column, empty for none."""
        plain = _plain(cell)
        return self._chosen[plain] if plain in self._chosen else self._names.get(_wide(plain.lower()), "")


USUAL = Headings((), NOTHING_CHOSEN)
