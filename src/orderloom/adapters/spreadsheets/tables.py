"""Opens a file as tables of rows: text in any encoding, or the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from orderloom.adapters.spreadsheets.columns import Header, header_line
from orderloom.adapters.spreadsheets.day_order import DayOrder
from orderloom.adapters.spreadsheets.decimals import Decimals
from orderloom.adapters.spreadsheets.encoding import Buffer, lines, read, text_of
from orderloom.adapters.spreadsheets.exports import Export, exported_at, own_time, recognise
from orderloom.adapters.spreadsheets.limits import COLUMNS_MAX, FILE_BYTES_MAX
from orderloom.adapters.spreadsheets.rows import Place, Row, rows
from orderloom.adapters.spreadsheets.unfit import Unfit
from orderloom.adapters.spreadsheets.workbook import is_workbook, sheets
from orderloom.domain.column_name import plain_column as plain

PAYMENT_WORDS = ("状态", "付款", "支付", "status", "paid", "payment", "狀態")
"""A column with one of these in its name tells whether an order is paid."""
FOREIGN = (b"%PDF", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")
"""How files begin that people drop by mistake."""


class Table(msgspec.Struct):
    """One table: where its columns are, its rows, and what is known of them all."""

    name: str
    sheet: str
    header: Header
    encoding: str
    rows: Iterable[Row]
    export: Export
    days: DayOrder
    decimals: Decimals
    known: tuple[tuple[str, str], ...]
    body: Buffer = b""
    digest: str = ""
    """Of the file, when it is half of an export."""

    @property
    def context(self) -> tuple[tuple[str, str], ...]:
        """What goes beside each order; complete when the rows have gone by."""
        told = (("dates", self.days.told), ("decimals", self.decimals.told))
        return (*self.known, *((name, value) for name, value in told if value))

    def raw(self, place: Place) -> bytes:
        """The exact bytes of a row."""
        return place if isinstance(place, bytes) else self.body[place[0] : place[1]]


def tables(name: str, body: Buffer, settings: Mapping[str, Any], zone: str) -> Iterator[Table]:
    """The tables of orders in a file. Raises `Unfit` for a file that cannot be read, with the reason."""
    if len(body) > FILE_BYTES_MAX:
        raise Unfit("file_too_large")
    renames = settings.get("columns") or {}
    if is_workbook(body[:8]):
        for sheet, header, found, above in sheets(bytes(body), renames):
            yield _table(name, sheet, header, "utf-8", found, above, settings, zone)
        return
    yield _text(name, body, settings, zone, renames)


def _text(name: str, body: Buffer, settings: Mapping[str, Any], zone: str, renames: Mapping[str, str]) -> Table:
    if not body[:64].strip() and not bytes(body[:]).strip():
        raise Unfit("file_empty")
    reading = read(body, str(settings.get("encoding") or ""), renames)
    header = reading.header
    if header is None:
        raise Unfit("wrong_kind" if body[:16].startswith(FOREIGN) else "header_missing")
    found = rows(body, reading.start, header.index + 1, reading.encoding, header.delimiter, len(header.names))
    above = []
    for number, (at, end) in enumerate(lines(body, reading.encoding, reading.start)):
        if number >= header.index:
            break
        above.append(text_of(body[at : min(end, at + 1_000)], reading.encoding)[0])
    table = _table(name, "", header, reading.encoding, found, above, settings, zone)
    table.body = body
    return table


def _table(
    name: str, sheet: str, header: Header, encoding: str, found: Iterable[Row], above: list[str],
    settings: Mapping[str, Any], zone: str,
) -> Table:
    if len(header.names) > COLUMNS_MAX:
        raise Unfit("too_many_columns")
    export = recognise(header)
    known = [("columns", header_line(header)), ("file", name)]
    known += [("sheet", sheet)] if sheet else []
    known += [("encoding", encoding), ("delimiter", header.delimiter)]
    known += [("content-type", f"text/csv; charset={encoding}")]
    known += [("default_currency", str(settings.get("default_currency") or "CNY"))]
    constants = {plain(name): str(value) for name, value in (settings.get("constants") or {}).items()}
    known += [("constants", msgspec.json.encode(constants).decode())] if constants else []
    known += [("file_zone", zone)] if settings.get("file_zone") else []
    if not any(word in one for one in (*header.names, *constants) for word in PAYMENT_WORDS):
        known.append(("default_payment", str(settings.get("default_payment") or "paid")))
    if export.name:
        known.append(("export", export.name))
    if not own_time(header) and (at := exported_at(name, above, zone)):
        known.append(("exported_at", at))
    days = DayOrder(header, str(settings.get("dates") or ""))
    decimals = Decimals(header, str(settings.get("decimals") or ""))
    watched = decimals.watch(days.watch(found))
    return Table(name, sheet, header, encoding, watched, export, days, decimals, tuple(known))
