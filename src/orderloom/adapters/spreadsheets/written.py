"""Writes rows of text as an Excel workbook: every cell is text, so that none is reckoned and no digit is lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

PIECE = 1 << 20
WIDTH = 18


def workbook(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The bytes of a workbook with one sheet, its first row kept in sight. Takes little memory, and some disk."""
    with TemporaryDirectory(prefix="orderloom-export-") as folder:
        path = Path(folder) / "orders.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            if not number:
                sheet.set_column(0, max(len(row) - 1, 0), WIDTH)
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        book.close()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
