"""Cuts the lines of a text file into rows with their exact bytes; an unreadable row never takes others along."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

import msgspec

from orderloom.adapters.channels.files.encoding import text_of

LINES_PER_ROW_MAX = 200
"""How many lines a quoted cell may run over before its quote counts as never closed."""


class Row(msgspec.Struct):
    """One row: `number` counts from 1 as a spreadsheet does; `problem` is empty or why it cannot be read."""

    number: int
    raw: bytes
    cells: list[str]
    problem: str = ""


def rows(lines: Sequence[bytes], first: int, encoding: str, delimiter: str, width: int) -> Iterator[Row]:
    """The rows from line `first` (counted from 0) on; blank ones are left out."""
    index = first
    while index < len(lines):
        text, is_broken = text_of(lines[index], encoding)
        if not text.strip().strip(delimiter):
            index += 1
            continue
        if is_broken or '"' not in text:
            row = Row(index + 1, lines[index], text.rstrip("\r\n").split(delimiter))
            if is_broken:
                row.problem = "broken_bytes"
            used = 1
        else:
            row, used = _quoted(lines, index, encoding, delimiter, width)
        _fit(row, width)
        yield row
        index += used


def _quoted(lines: Sequence[bytes], index: int, encoding: str, delimiter: str, width: int) -> tuple[Row, int]:
    """A row with quotes, maybe over several lines. When that does not come out, only its first line is given up."""
    texts: list[str] = []
    is_broken = False
    for line in lines[index : index + LINES_PER_ROW_MAX]:
        text, is_line_broken = text_of(line, encoding)
        texts.append(text)
        is_broken = is_broken or is_line_broken
        cells, is_open = _parse(texts, delimiter)
        if is_open:
            continue
        if cells is None or (len(texts) > 1 and len(cells) != width):
            break
        raw = b"".join(lines[index : index + len(texts)])
        return Row(index + 1, raw, cells, "broken_bytes" if is_broken else ""), len(texts)
    return Row(index + 1, lines[index], texts[0].rstrip("\r\n").split(delimiter), "broken_quotes"), 1


def _parse(texts: Sequence[str], delimiter: str) -> tuple[list[str] | None, bool]:
    """(cells or None when the quoting is wrong, whether a quote is still open)."""
    try:
        return next(csv.reader(texts, delimiter=delimiter, strict=True)), False
    except csv.Error as error:
        return None, "unexpected end of data" in str(error)


def _fit(row: Row, width: int) -> None:
    """Bring the cells to the header's width. Cells beyond it that say something mean that the row is shifted."""
    while len(row.cells) > width and not row.cells[-1].strip():
        row.cells.pop()
    if not row.problem and len(row.cells) > width:
        row.problem = "too_many_cells"
    if not row.problem and len(row.cells) < width // 2:
        row.problem = "too_few_cells"
    row.cells += [""] * (width - len(row.cells))
