"""Reads the sheets of an Excel workbook as rows of text, rendered as CSV in UTF-8."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from orderloom.adapters.channels.files.columns import HEADER_ROWS_MAX, Header, header_among
from orderloom.adapters.channels.files.rows import Row

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""xlsx/xlsb/ods are zip archives, xls is a compound document."""
UNPACKED_BYTES_MAX = 1_000_000_000
EXACT_MAX = 10**15
"""Excel keeps 15 digits of a number; what is longer has lost its end."""


class NotAWorkbook(Exception):
    """The bytes look like Excel but cannot be read as such."""


def is_workbook(body: bytes) -> bool:
    """True when the first bytes are those of an Excel file, whatever the file is called."""
    return body.startswith(MAGIC)


def sheets(body: bytes, renames: Mapping[str, str]) -> Iterator[tuple[str, Header, list[Row]]]:
    """(name, header, rows below it) of every visible sheet that has an order number column. Raises `NotAWorkbook`."""
    for name, cells in grids(body):
        candidates = (header_among(index, row, renames) for index, row in enumerate(cells[:HEADER_ROWS_MAX]))
        header = next((one for one in candidates if one), None)
        if header:
            yield name, header, _rows(cells, header)


def grids(body: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """(name, cells as people see them) of every visible sheet. Raises `NotAWorkbook`."""
    book = _open(body)
    for about in book.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(about.name)
        cells = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        _spread_merged(cells, sheet.merged_cell_ranges or ())
        yield about.name, cells


def _open(body: bytes) -> CalamineWorkbook:
    try:
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_BYTES_MAX:
                    raise NotAWorkbook(f"more than {UNPACKED_BYTES_MAX} bytes when unpacked")
        return CalamineWorkbook.from_filelike(io.BytesIO(body))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise NotAWorkbook(str(error)) from error


def _rows(cells: Sequence[list[str]], header: Header) -> list[Row]:
    width = len(header.names)
    result = []
    for index, row in enumerate(cells[header.index + 1 :], header.index + 2):
        if any(cell.strip() for cell in row[:width]):
            shown = row[:width] + [""] * (width - len(row))
            result.append(Row(index, _render(shown), shown))
    return result


def _render(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


def _text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without `.0`, no binary noise, times without a zone."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if abs(cell) >= EXACT_MAX:
            return format(cell, ".15G")
        return str(int(cell)) if cell.is_integer() else format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _spread_merged(cells: list[list[str]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A cell merged over several rows holds for each of them: sheets merge the order number over an order's lines."""
    for (top, left), (bottom, right) in ranges:
        if left != right or top == bottom:
            continue
        for row in cells[top + 1 : bottom + 1]:
            if left < len(row) and left < len(cells[top]):
                row[left] = cells[top][left]
