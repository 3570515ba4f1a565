"""Writes the rows that stayed as a file that can be mended and imported again: the reason stands in two columns before
the row's own bytes, which are as they were, broken ones too.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable

from orderloom.adapters.spreadsheets.columns import cells_of_line
from orderloom.adapters.spreadsheets.rows import rows
from orderloom.application.import_errors import FailedItem

REASON_ZH, REASON_EN = "错误原因", "error_reason"
MARKS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
"""Spreadsheets take a file without a mark for one in the machine's own encoding."""
Shape = tuple[str, str, str]
"""Encoding, delimiter and header line."""


def error_file(items: Iterable[FailedItem]) -> tuple[str, bytes]:
    """Suffix and bytes. Rows under different headers go into files of their own, in one archive."""
    parts: dict[Shape, list[bytes]] = {}
    for item in items:
        headers = item.headers
        shape = (headers.get("encoding") or "utf-8", headers.get("delimiter") or ",", headers.get("columns") or "")
        parts.setdefault(shape, []).append(_rows(item, shape))
    made = [_file(shape, bodies) for shape, bodies in parts.items()]
    if len(made) == 1:
        return "csv", made[0]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, body in enumerate(made, 1):
            archive.writestr(f"{number}.csv", body)
    return "zip", out.getvalue()


def _file(shape: Shape, bodies: list[bytes]) -> bytes:
    encoding, delimiter, columns = shape
    head = _line([REASON_ZH, REASON_EN], delimiter) + (delimiter + columns if columns else "")
    return MARKS.get(encoding, b"") + head.encode(encoding, "replace") + _end(encoding) + b"".join(bodies)


def _rows(item: FailedItem, shape: Shape) -> bytes:
    """Each row of the item with the reason before it; a line end where the last one has none."""
    encoding, delimiter, columns = shape
    before = (_line([item.zh, item.en], delimiter) + delimiter).encode(encoding, "replace")
    width = len(cells_of_line(columns, delimiter)) or 1
    found = []
    for row in rows(item.body, 0, 0, encoding, delimiter, width):
        raw = item.body[row.place[0] : row.place[1]] if isinstance(row.place, tuple) else row.place
        found.append(before + raw + (b"" if raw.endswith(_ends(encoding)) else _end(encoding)))
    return b"".join(found)


def _line(cells: list[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="", quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()


def _end(encoding: str) -> bytes:
    return "\r\n".encode(encoding)


def _ends(encoding: str) -> tuple[bytes, bytes]:
    return ("\n".encode(encoding), "\r".encode(encoding))
