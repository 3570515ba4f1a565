"""Write SKUs, spellings, bundles or stock into a table to be downloaded, which can be brought back as it is."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from orderloom.application.jobs.shapes import NOWHERE, Job, ResultFiles, Stepped
from orderloom.application.tables.columns import TABLES, Kind
from orderloom.domain.defuse import defused
from orderloom.domain.money import exponent
from orderloom.domain.words import Words

EXPORT = "export_table"
CHUNK = 2_000
ROWS_MAX = 200_000
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
DIGITS_MAX = 11
"""A longer number, or one with a zero before it, ends in a tab: else a spreadsheet rounds it, or drops the zero."""
CUT = Words(f"只导出了前 {ROWS_MAX} 行，请缩小筛选分几次导出", f"the first {ROWS_MAX} rows only: narrow the filter")
WORDS_OF_KIND = {"goods": "实物", "service": "服务", "virtual": "虚拟"}
Form = Literal["csv", "xlsx"]
Workbook = Callable[[Iterable[Sequence[str]]], Iterator[bytes]]


class ExportTable(msgspec.Struct, frozen=True):
    """What is exported: a kind of table, of SKUs and stock those of a filter."""

    kind: Kind
    form: Form
    language: Literal["zh", "en"] = "zh"
    q: str = ""
    warehouse: str = ""
    category: int | None = None


class _Place(msgspec.Struct, frozen=True):
    after: str = ""
    bytes: int = 0
    rows: int = 0


class TableRows(Protocol):
    """Rows of a table after a place, by key; a row begins with the place after it."""

    async def __call__(self, asked: ExportTable, after: str, limit: int) -> Sequence[Sequence[Any]]: ...


class ExportingHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def job_files(self) -> ResultFiles: ...


async def export_table(hub: ExportingHub, read: TableRows, workbook: Workbook, job: Job) -> Stepped:
    """One step: the next two thousand rows; after the last one the file."""
    asked = msgspec.json.decode(job.asked, type=ExportTable)
    place = _Place() if job.place == NOWHERE else msgspec.json.decode(job.place, type=_Place)
    found = await read(asked, place.after, CHUNK + 1)
    rows = [cells_of(asked.kind, row[1:], "cost" in job.caller.hides) for row in found[:CHUNK]]
    text = ("" if place.rows else BOM + as_csv([header(asked.kind, asked.language)])) + as_csv(rows)
    end = await asyncio.to_thread(hub.job_files.append, job.id, place.bytes, text.encode())
    count = place.rows + len(rows)
    if len(found) > CHUNK and count < ROWS_MAX:
        return Stepped(counted=len(rows), place=msgspec.json.encode(_Place(found[CHUNK - 1][0], end, count)))
    size = await asyncio.to_thread(_finished, hub.job_files, workbook, job.id, asked.form)
    title = getattr(TABLES[asked.kind].title, asked.language)
    return Stepped(counted=len(rows), total=count, is_over=True, file_bytes=size,
                   file_name=f"{title}-{hub.now():%Y%m%d-%H%M}.{asked.form}", why=CUT if len(found) > CHUNK else None)


def header(kind: Kind, language: Literal["zh", "en"]) -> list[str]:
    """The headings of a table."""
    return [getattr(column.words, language) for column in TABLES[kind].columns]


def template(kind: Kind, language: Literal["zh", "en"]) -> list[list[str]]:
    """A table with its headings and one row of examples."""
    return [header(kind, language), [column.example for column in TABLES[kind].columns]]


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """Rows as CSV, in which no spreadsheet reckons a cell or rounds a long number."""
    out = io.StringIO()
    csv.writer(out).writerows([[_cell(text) for text in row] for row in rows])
    return out.getvalue()


def cells_of(kind: Kind, row: Sequence[Any], is_cost_hidden: bool) -> list[str]:
    """A row as texts, in the order of its columns."""
    return _sku(row, is_cost_hidden) if kind == "skus" else ["" if value is None else str(value) for value in row]


def _sku(row: Sequence[Any], is_cost_hidden: bool) -> list[str]:
    code, name, name_en, unit, units, kind, category, goods_class, barcodes, weight, size, cost, currency = row[:13]
    tax, hs, lots, serials, days, low_at, parts = row[13:]
    money = ["", ""] if is_cost_hidden or cost is None else [_major(cost, currency), currency]
    return [code, name, name_en, unit, _pairs(units), WORDS_OF_KIND[kind], category, goods_class,
            ";".join(barcodes or ()), str(weight or ""), "×".join(map(str, size)) if any(size) else "", *money,
            tax, hs, "是" if lots else "否", "是" if serials else "否", str(days or ""),
            "" if low_at is None else str(low_at), _pairs(parts)]


def _pairs(given: dict[str, int] | None) -> str:
    return ";".join(f"{name}={count}" for name, count in (given or {}).items())


def _major(amount: int, currency: str) -> str:
    places = exponent(currency)
    return f"{amount // 10**places}.{amount % 10**places:0{places}}" if places else str(amount)


def _cell(text: str) -> str:
    plain = text.isascii() and text.isdigit()
    return f"{text}\t" if plain and (len(text) > DIGITS_MAX or (len(text) > 1 and text[0] == "0")) else defused(text)


def _finished(files: ResultFiles, workbook: Workbook, job_id: str, form: Form) -> int:
    if form == "csv":
        return files.finish(job_id)
    text = b"".join(files.draft(job_id)).decode().removeprefix(BOM)
    rows = csv.reader(io.StringIO(text, newline=""))
    return files.finish(job_id, workbook([cell.removesuffix("\t") for cell in row] for row in rows))
