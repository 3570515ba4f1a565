"""Reads the sheets of an Excel workbook as rows of text, rendered as CSV in UTF-8, after measuring what is in it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from orderloom.adapters.spreadsheets.columns import HEADER_ROWS_MAX, Header, header_among
from orderloom.adapters.spreadsheets.limits import CELLS_MAX, COLUMNS_MAX, UNPACKED_BYTES_MAX
from orderloom.adapters.spreadsheets.rows import Row, fit
from orderloom.adapters.spreadsheets.unfit import Unfit

MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""xlsx/xlsb/ods are zip archives, xls is a compound document."""
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""A workbook behind a password is a compound document with this stream in it."""
SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")
WEIGHTY = re.compile(r"^(xl/(worksheets/[^/]+|sharedStrings|styles|workbook)\.(xml|bin)|content\.xml|styles\.xml)$")
CELL = re.compile(rb'<(?:\w+:)?c(?=\s)[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"')
CELL_BYTES_MAX = 512
PIECE = 1 << 20
EXACT_MAX = 10**15
"""Excel keeps 15 digits of a number; what is longer has lost its end."""
Sheet = tuple[str, Header, Iterable[Row], list[str]]


def is_workbook(head: bytes) -> bool:
    """True when the first bytes are those of an Excel file, whatever the file is called."""
    return head.startswith(MAGIC)


def sheets(body: bytes, renames: Mapping[str, str]) -> Iterator[Sheet]:
    """(name, header, rows below it, texts above it) of every visible sheet with an order number. Raises `Unfit`."""
    is_any = False
    for name, found in grids(body):
        first = list(islice(found, HEADER_ROWS_MAX))
        header = next((one for at, row in enumerate(first) if (one := header_among(at, row, renames))), None)
        if header:
            is_any = True
            above = [" ".join(row)[:1_000] for row in first[: header.index]]
            yield name, header, _rows(chain(first[header.index + 1 :], found), header), above
    if not is_any:
        raise Unfit("header_missing")


def grids(body: bytes) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """(name, rows of cells as people see them) of every visible sheet that has any. Raises `Unfit`."""
    book = _open(body)
    for about in book.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible:
            continue
        try:
            sheet = book.get_sheet_by_name(about.name)
        except (CalamineError, OSError, ValueError) as error:
            raise Unfit("workbook_broken") from error
        if sheet.start is None or sheet.end is None:
            continue
        if (sheet.end[0] + 1) * (sheet.end[1] + 1) > CELLS_MAX:
            raise Unfit("sheet_too_wide")
        yield about.name, _spread(_cells(sheet), sheet.merged_cell_ranges or ())


def _open(body: bytes) -> CalamineWorkbook:
    try:
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                _measure(archive)
        elif LOCKED in body:
            raise Unfit("workbook_locked")
        return CalamineWorkbook.from_filelike(io.BytesIO(body))
    except PasswordError as error:
        raise Unfit("workbook_locked") from error
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        # A member behind a zip password is a RuntimeError of zipfile.
        raise Unfit("workbook_locked" if "password" in str(error).lower() else "workbook_broken") from error


def _measure(archive: zipfile.ZipFile) -> None:
    """Unpack piece by piece before the library does it whole: how much comes out, how far out the cells stand."""
    names = [entry for entry in archive.infolist() if WEIGHTY.match(entry.filename)]
    if not names:
        raise Unfit("wrong_kind")
    left = UNPACKED_BYTES_MAX
    for entry in names:
        is_sheet = SHEET.match(entry.filename) is not None
        column = row = 0
        tail = b""
        with archive.open(entry) as member:
            while piece := member.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise Unfit("unpacked_too_large")
                if is_sheet:
                    column, row = _farthest(tail + piece, column, row)
                    tail = piece[-CELL_BYTES_MAX:]
        if column * row > CELLS_MAX or column > COLUMNS_MAX * 4:
            raise Unfit("sheet_too_wide")


def _farthest(piece: bytes, column: int, row: int) -> tuple[int, int]:
    for letters, digits in CELL.findall(piece):
        at = 0
        for letter in letters:
            at = at * 26 + letter - 64
        column, row = max(column, at), max(row, int(digits))
    return column, row


def _cells(sheet: Any) -> Iterator[list[str]]:
    """The rows from the sheet's first on; the library leaves out the empty columns at the left."""
    left = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield [*left, *(_text(cell) for cell in row)]


def _spread(
    found: Iterator[list[str]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterator[list[str]]:
    """A cell merged over several rows holds for each of them: sheets merge the order number over an order's lines."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in ranges:
        if left == right and top != bottom:
            starts.setdefault(top, []).append((left, bottom))
    active: dict[int, tuple[int, str]] = {}
    for at, row in enumerate(found):
        for left, (bottom, text) in list(active.items()):
            if at > bottom:
                del active[left]
            elif left < len(row):
                row[left] = text
        for left, bottom in starts.get(at, ()):
            if left < len(row):
                active[left] = (bottom, row[left])
        yield row


def _rows(found: Iterator[list[str]], header: Header) -> Iterator[Row]:
    width = len(header.names)
    for number, cells in enumerate(found, header.index + 2):
        shown = cells[:width] + [""] * (width - len(cells))
        if any(cell.strip() for cell in shown):
            row = Row(number, _render(shown), shown)
            if any("\0" in cell for cell in shown):
                row.problem = "broken_bytes"
            fit(row, width)
            yield row


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
