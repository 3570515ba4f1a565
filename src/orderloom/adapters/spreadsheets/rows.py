"""Cuts the lines of a text file into rows with their exact bytes; an unreadable row never takes others along."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from orderloom.adapters.spreadsheets.encoding import Buffer, Span, lines, text_of
from orderloom.adapters.spreadsheets.limits import (
    EVIDENCE_BYTES_MAX,
    FIELD_CHARACTERS_MAX,
    LINE_BYTES_MAX,
    LINES_PER_ROW_MAX,
)

Place = Span | bytes
"""Where the exact bytes of a row are: a span of the file, or the bytes themselves."""
ENDS = ("\n", "\r")


class Row(msgspec.Struct):
    """One row: `number` counts from 1 as a spreadsheet does; `problem` is empty or why it cannot be read."""

    number: int
    place: Place
    cells: list[str]
    problem: str = ""


class _Line(NamedTuple):
    span: Span
    text: str
    is_broken: bool
    is_long: bool = False


def rows(body: Buffer, start: int, first: int, encoding: str, delimiter: str, width: int) -> Iterator[Row]:
    """The rows from line `first` (counted from 0) on; blank ones are left out.

    Where a file ends in the middle of a row, with fewer cells than any other has, that row was cut off.
    """
    ahead: deque[_Line] = deque()
    source = _read(body, start, encoding)
    number, least = 0, width
    while _fill(ahead, source, 1):
        number += 1
        line = ahead[0]
        if number <= first or not line.text.strip().strip(delimiter):
            ahead.popleft()
            continue
        if line.is_long or line.is_broken or '"' not in line.text:
            row = Row(number, line.span, line.text.rstrip("\r\n").split(delimiter))
            row.problem = "field_too_long" if line.is_long else "broken_bytes" if line.is_broken else ""
            used = 1
        else:
            row, used = _quoted(ahead, source, number, delimiter, width)
        for _ in range(used):
            line = ahead.popleft()
        number += used - 1
        if not row.problem and len(row.cells) < least and not line.text.endswith(ENDS):
            row.problem = "too_few_cells"
        least = min(least, len(row.cells))
        fit(row, width)
        yield row


def _read(body: Buffer, start: int, encoding: str) -> Iterator[_Line]:
    for at, end in lines(body, encoding, start):
        is_long = end - at > LINE_BYTES_MAX
        text, is_broken = text_of(body[at : at + EVIDENCE_BYTES_MAX] if is_long else body[at:end], encoding)
        yield _Line((at, end), text, is_broken, is_long)


def _fill(ahead: deque[_Line], source: Iterator[_Line], count: int) -> bool:
    while len(ahead) < count:
        line = next(source, None)
        if line is None:
            return False
        ahead.append(line)
    return True


def _quoted(
    ahead: deque[_Line], source: Iterator[_Line], number: int, delimiter: str, width: int
) -> tuple[Row, int]:
    """A row with quotes, maybe over several lines. When that does not come out, only its first line is given up."""
    texts, first, size, is_broken = [ahead[0].text], ahead[0], 0, False
    cells, fault = parse(texts, delimiter)
    quotes = texts[0].count('"')
    while fault == "open" and len(texts) < LINES_PER_ROW_MAX and _fill(ahead, source, len(texts) + 1):
        line = ahead[len(texts)]
        size += line.span[1] - line.span[0]
        if line.is_long or size > LINE_BYTES_MAX:
            break
        texts.append(line.text)
        is_broken = is_broken or line.is_broken
        quotes += line.text.count('"')
        if quotes % 2 == 0:
            cells, fault = parse(texts, delimiter)
    if cells is None or (len(texts) > 1 and len(cells) != width):
        problem = fault if fault == "field_too_long" else "broken_quotes"
        return Row(number, first.span, texts[0].rstrip("\r\n").split(delimiter), problem), 1
    span = (first.span[0], ahead[len(texts) - 1].span[1])
    return Row(number, span, cells, "broken_bytes" if is_broken else ""), len(texts)


def parse(texts: Sequence[str], delimiter: str) -> tuple[list[str] | None, str]:
    """The cells of a row's lines, or None and why: `open` (a quote is not closed), `field_too_long`, `broken`."""
    try:
        return next(csv.reader(texts, delimiter=delimiter, strict=True), []), ""
    except csv.Error as error:
        told = str(error)
        return None, "open" if "unexpected end" in told else "field_too_long" if "field limit" in told else "broken"


def fit(row: Row, width: int) -> None:
    """Bring the cells to the header's width. Cells beyond it that say something mean that the row is shifted."""
    while len(row.cells) > width and not row.cells[-1].strip():
        row.cells.pop()
    if not row.problem and len(row.cells) > width:
        row.problem = "too_many_cells"
    if not row.problem and len(row.cells) < width // 2:
        row.problem = "too_few_cells"
    if not row.problem and max(map(len, row.cells), default=0) > FIELD_CHARACTERS_MAX:
        row.problem = "field_too_long"
    row.cells += [""] * (width - len(row.cells))
