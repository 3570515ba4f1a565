"""The words for what is wrong with a row or a file, and how a person mends it."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.files.rows import Row
from orderloom.domain.draft import Problem

VALUE_LENGTH_MAX = 200
MENDS = {
    "broken_bytes": "这一行有无法解码的字节，请从来源重新导出 / bytes of this row cannot be decoded: export it again",
    "broken_quotes": "这一行的引号不成对 / the quotes of this row do not match",
    "too_many_cells": "这一行的列比表头多 / more cells than the header has: an unquoted delimiter?",
    "too_few_cells": "这一行的列远少于表头，可能被截断 / far fewer cells than the header has: cut off?",
    "order_no_missing": "这一行没有订单号 / this row has no order number",
    "order_no_damaged": "订单号被表格软件改成科学计数法，请把该列设为文本后重新导出 / "
    "the order number was turned into scientific notation: format the column as text and export again",
    "order_no_rounded": "订单号第 16 位起全为 0，已被表格软件截断，请以文本格式重新导出 / "
    "every order number ends in zeros from digit 16 on, a spreadsheet rounded them: export as text",
    "header_missing": "找不到含订单号的表头行；列名不同时请在账号的列名对照中设置 / "
    "no header row with an order number: name your column in the account's column settings",
    "file_empty": "文件是空的 / the file is empty",
    "file_too_large": "文件过大，请拆分后再传 / the file is too large: split it",
    "workbook_broken": "Excel 文件打不开 / not readable as Excel: cut off or locked?",
}


def with_row(code: str, number: int, rows: Sequence[Row], names: Sequence[str]) -> Problem:
    """The problem of an order or row. `field` names the row as a spreadsheet counts it, `value` what is there."""
    row = next(one for one in rows if one.number == number)
    broken = [name for name, cell in zip(names, row.cells, strict=False) if "\ufffd" in cell]
    place = f"第 {number} 行 / row {number}" + (f": {', '.join(broken)}" if broken else "")
    return Problem(code, place, " | ".join(row.cells)[:VALUE_LENGTH_MAX], MENDS[code], f"{code}:{number}")


def whole_file(code: str, name: str, detail: str = "") -> Problem:
    """The problem of a file that could not be split at all."""
    return Problem(code, name, detail[:VALUE_LENGTH_MAX], MENDS[code], f"{code}:{name}")
