"""How a file would be read, before it is: encoding, header, what each column counts as, and what it might be meant for.

Nothing of its rows is told, for who looks may not know yet that it is a file of orders.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from orderloom.adapters.spreadsheets.columns import (
    DELIMITERS,
    HEADER_ROWS_MAX,
    Header,
    cells_of_line,
    is_read,
    known_names,
    missing,
    order_no_names,
)
from orderloom.adapters.spreadsheets.encoding import Buffer, lines, read, text_of
from orderloom.adapters.spreadsheets.limits import COLUMNS_MAX
from orderloom.adapters.spreadsheets.problems import MENDS
from orderloom.adapters.spreadsheets.tables import tables
from orderloom.adapters.spreadsheets.unfit import Unfit
from orderloom.adapters.spreadsheets.workbook import grids, is_workbook
from orderloom.domain.column_name import plain_column as plain
from orderloom.domain.shown import shown

LINE_BYTES_LOOKED = 65_536
ROWS_PEEKED = 50
ROWS_LOOKED = HEADER_ROWS_MAX + ROWS_PEEKED
HEADER_CELLS_MIN = 3
HEADER_CELL_MAX = 40
_DATA = re.compile(r"\d{4}|@|^[\d.]+%?$")
"""What stands in rows and hardly ever in a header: then it is not shown as one."""
_MEANT = (
    (re.compile(r"单号|單號|订单编号|order.?(no|num|id)", re.IGNORECASE), "订单号"),
    (re.compile(r"sku|货号|料号|编码|編號|条码|item.?code|product.?code", re.IGNORECASE), "商品编码"),
    (re.compile(r"数量|數量|件数|台数|个数|qty|quantity|units|pcs", re.IGNORECASE), "数量"),
    (re.compile(r"单价|單價|售价|price", re.IGNORECASE), "单价"),
    (re.compile(r"总额|总价|合计|金额|amount|total", re.IGNORECASE), "订单金额"),
    (re.compile(r"收货人|收件人|客户姓名|recipient|consignee|receiver.?name", re.IGNORECASE), "收货人"),
    (re.compile(r"手机|电话|電話|联系方式|phone|mobile|tel", re.IGNORECASE), "手机"),
    (re.compile(r"地址|address", re.IGNORECASE), "收货地址"),
    (re.compile(r"下单|日期|date", re.IGNORECASE), "下单时间"),
    (re.compile(r"付款时间|paid", re.IGNORECASE), "付款时间"),
    (re.compile(r"状态|狀態|status", re.IGNORECASE), "订单状态"),
    (re.compile(r"运费|邮费|運費|freight|shipping", re.IGNORECASE), "运费"),
    (re.compile(r"币|currency", re.IGNORECASE), "币种"),
    (re.compile(r"备注|留言|備註|remark|note|memo", re.IGNORECASE), "备注"),
)


class Column(msgspec.Struct, frozen=True):
    """A column: its name in the file, the name it is read under (empty: it is not read), a suggestion."""

    name: str
    reads_as: str
    suggestion: str = ""


class Looked(msgspec.Struct, frozen=True, tag="looked"):
    """A file as it would be read. `header_row` counts from 1 as a spreadsheet does; 0: none was found."""

    file: str
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    export: str = ""
    columns: list[Column] = []
    missing: list[str] = []
    """Names of the required columns that it lacks."""
    unfit: str = ""
    mend: str = ""
    rows: list[list[str]] = []
    """Cells of its first rows, below its columns; only for whoever maps them."""


def look(name: str, body: Buffer, settings: Mapping[str, Any], zone: str, *, is_peek: bool = False) -> Looked:
    """Look at one file. Never raises for what is in it. Rows are told to a `peek` only."""
    try:
        table = next(iter(tables(name, body, settings, zone)))
    except Unfit as unfit:
        return _unfit(name, body, settings, unfit, is_peek=is_peek)
    header = table.header
    raw = _raw_names(body, table.encoding, header) if not table.sheet else header.names
    taken = set(header.names)
    columns = [Column(shown(theirs), ours if is_read(ours) else "", "" if is_read(ours) else _meant(theirs, taken))
               for theirs, ours in zip(raw, header.names, strict=False)]
    lacking = [] if table.export.half else [zh for zh, _ in missing(header, settings.get("constants") or {})]
    encoding = "excel" if table.sheet else table.encoding
    rows = [list(row.cells) for row in islice(table.rows, ROWS_PEEKED)] if is_peek else []
    return Looked(name, encoding, header.delimiter, header.index + 1, table.export.name, columns, lacking, rows=rows)


def _raw_names(body: Buffer, encoding: str, header: Header) -> Sequence[str]:
    start = _start(body, encoding)
    line = next(islice(lines(body, encoding, start), header.index, None), None)
    if line is None:
        return header.names
    cells = cells_of_line(text_of(body[line[0] : line[1]], encoding)[0], header.delimiter)
    return [cell.strip() for cell in cells] + list(header.names[len(cells) :])


def _start(body: Buffer, encoding: str) -> int:
    marks = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    mark = marks.get(encoding, b"")
    return len(mark) if mark and body[: len(mark)] == mark else 0


def _unfit(
    name: str, body: Buffer, settings: Mapping[str, Any], unfit: Unfit, *, is_peek: bool,
) -> Looked:
    mend = MENDS[unfit.code] + (f" ({unfit.detail})" if unfit.detail else "")
    if unfit.code != "header_missing":
        return Looked(name, unfit=unfit.code, mend=mend)
    if is_workbook(body[:8]):
        encoding, found = "excel", [(",", [row for _, grid in grids(bytes(body)) for row in islice(grid, ROWS_LOOKED)])]
    else:
        reading = read(body, str(settings.get("encoding") or ""), settings.get("columns") or {})
        encoding, found = reading.encoding, _grids_of_text(body, reading.encoding, reading.start)
    row, delimiter, grid = _guess(found)
    names = grid[row - 1][:COLUMNS_MAX] if row else []
    columns = [Column(shown(cell.strip()), "", _meant(cell, set())) for cell in names]
    rows = [cells for cells in grid[row:] if any(cells)][:ROWS_PEEKED] if is_peek and row else []
    return Looked(name, encoding, delimiter, row, "", columns, [], unfit.code, mend, rows)


def _grids_of_text(body: Buffer, encoding: str, start: int) -> list[tuple[str, list[list[str]]]]:
    """The first rows as each delimiter would cut them."""
    first = [text_of(body[at : min(end, at + LINE_BYTES_LOOKED)], encoding)[0]
             for at, end in islice(lines(body, encoding, start), ROWS_LOOKED)]
    return [(mark, [[cell.strip() for cell in cells_of_line(text, mark)] for text in first]) for mark in DELIMITERS]


def _guess(found: Sequence[tuple[str, list[list[str]]]]) -> tuple[int, str, list[list[str]]]:
    """The row that looks most like a header, counted from 1 (0: none does): many names, and nothing like data."""
    best: tuple[int, str, list[list[str]]] = (0, "", [])
    most = 0
    for delimiter, grid in found:
        for number, cells in enumerate(grid[:HEADER_ROWS_MAX], 1):
            names = [cell.strip() for cell in cells if cell.strip()]
            is_header = len(names) >= HEADER_CELLS_MIN and len(set(names)) == len(names) and not any(
                _DATA.search(cell) or len(cell) > HEADER_CELL_MAX or "\ufffd" in cell for cell in names)
            if is_header and len(names) > most:
                best, most = (number, delimiter, grid), len(names)
    return best


def _meant(name: str, taken: set[str]) -> str:
    """The column of the hub's that a stranger's may be; empty when nothing comes near, or when it is there already."""
    own = plain(name)
    near = difflib.get_close_matches(own, sorted(known_names() | order_no_names()), n=1, cutoff=0.75)
    found = near[0] if near else next((ours for pattern, ours in _MEANT if pattern.search(name)), "")
    return "" if found in taken else found
