"""Whether a file writes its decimals with a comma (1.234,56), told from those of its figures that have one reading."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from orderloom.adapters.spreadsheets.columns import Header, figures
from orderloom.adapters.spreadsheets.rows import Row

STYLES = ("comma", "point")
_DRESS = r"[\s'`=\"¥￥$€£A-Za-z元-]*"
_COMMA = re.compile(rf"{_DRESS}(\d{{1,3}}(\.\d{{3}})+,\d+|(\d+|\d{{1,3}}([ \u00a0\u202f]\d{{3}})+),\d{{1,2}}){_DRESS}")
_POINT = re.compile(rf"{_DRESS}(\d{{1,3}}(,\d{{3}})+\.\d+|\d+\.(\d{{1,2}}|\d{{4,}})){_DRESS}")
_BETWEEN = re.compile(r"(?<=\d)[.\s\u00a0\u202f](?=\d{3})")


class Decimals:
    """Watches rows go by. `told` is comma once a figure had one and none had a point; empty when there is nothing to do
    or both were seen: then each figure is read, or refused, by itself."""

    def __init__(self, header: Header, setting: str) -> None:
        self._columns = [at for at, name in enumerate(header.names) if name in figures()]
        self._setting = setting if setting in STYLES else ""
        self._seen: set[str] = set()
        self._delimiter = header.delimiter

    @property
    def told(self) -> str:
        """`comma`, or nothing."""
        style = self._setting or (next(iter(self._seen)) if len(self._seen) == 1 else "")
        return style if style == "comma" else ""

    def watch(self, found: Iterable[Row]) -> Iterator[Row]:
        """The same rows."""
        for row in found:
            for at in self._columns:
                cell = row.cells[at]
                if "," in cell and _COMMA.fullmatch(cell):
                    self._seen.add("comma")
                elif "." in cell and _POINT.fullmatch(cell):
                    self._seen.add("point")
            yield row

    def pointed(self, rows: Iterable[Sequence[str]]) -> str:
        """These rows as text, their figures with a point and without marks between thousands."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self._delimiter, lineterminator="\n")
        for cells in rows:
            writer.writerow([_BETWEEN.sub("", cell).replace(",", ".") if at in self._columns else cell
                             for at, cell in enumerate(cells)])
        return out.getvalue()
