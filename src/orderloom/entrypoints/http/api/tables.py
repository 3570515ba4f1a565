"""Tables of goods over HTTP: a template, a look at a file before it is taken, taking it, and taking one away."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from orderloom.adapters.goods_file import SheetRead, UnreadableGoods, read_table
from orderloom.adapters.ids import new_id
from orderloom.adapters.spreadsheets.written import workbook
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.tables.columns import TABLES, Kind
from orderloom.application.tables.export_table import BOM, EXPORT, ExportTable, Form, as_csv, template
from orderloom.application.tables.take_table import TABLE, TableAsked, TableLooked, look_at_table, pieces_of
from orderloom.domain.codes import spelling_problem
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Text, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.upload import file_in, takes_file
from orderloom.entrypoints.http.kit.wire import downloaded, reply, spoken

router = APIRouter(prefix="/api/v1/tables", tags=["goods"])
Reader = Annotated[Caller, Depends(needs("skus:read"))]
Writer = Annotated[Caller, Depends(needs("skus:write", "stock:write"))]
MISTAKES_MAX = 200
SAMPLE_ROWS = 5
TYPES = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Columns = Annotated[str, Query(max_length=4_000, description="JSON: our column by the file's heading, '' for none")]
Document = Annotated[str, Query(max_length=200, description="of stock: the person's number; its rows count once")]


class TableBegun(msgspec.Struct, frozen=True):
    """It goes on in the background: look at `/api/v1/jobs/{job}`."""

    job: str


class TableColumn(msgspec.Struct, frozen=True):
    """A column that a table may have."""

    name: str
    words: Words
    is_needed: bool


class HeadingRead(msgspec.Struct, frozen=True):
    """A heading of the file, and our column that it is read as; empty: it is not read. `is_twice`: an earlier one is
    read as this column already."""

    heading: str
    column: str
    is_twice: bool


class TableMistake(msgspec.Struct, frozen=True):
    """Something wrong in a file: its line, the file's own heading, what stands there, and how to mend it."""

    line: int
    column: str
    heading: str
    value: str
    zh: str
    en: str


class TablePreview(msgspec.Struct, frozen=True):
    """What taking a file would do. `fresh` rows are new, `known` ones change what is there, `wrong` rows have mistakes,
    of which the first are told. `sample`: the first rows by our columns."""

    kind: Kind
    rows: int
    fresh: int
    known: int
    wrong: int
    headings: list[HeadingRead]
    columns: list[TableColumn]
    mistakes: list[TableMistake]
    sample: list[dict[str, str]]


@router.get("/{kind}/template", **downloaded(problems=()), summary="下载模板 | A template")
async def get_template(
    desk: DeskHere, who: Reader, kind: Kind, form: Form = "xlsx", language: Literal["zh", "en"] = "zh",
) -> Response:
    """Headings and a row of examples."""
    rows = template(kind, language)
    if form == "csv":
        content = (BOM + as_csv(rows)).encode()
    else:
        content = await asyncio.to_thread(lambda: b"".join(workbook(rows)))
    name = quote(f"{getattr(TABLES[kind].title, language)}.{form}")
    return Response(content, 200, {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}, TYPES[form])


@router.post("/{kind}/preview", **takes_file(TablePreview), summary="导入预览 | Look at a table")
async def preview(
    request: Request, desk: DeskHere, who: Writer, kind: Kind, columns: Columns = "", is_replacing: bool = False,
    document: Document = "", is_set: bool = False,
) -> Response:
    """How the file is read, what is new, and every row that cannot be taken. Nothing is changed."""
    asked = TableAsked(kind, is_replacing, document, "", is_set)
    sheet, looked = await _looked(request, desk, who, asked, columns)
    seen: set[str] = set()
    headings = []
    chosen = _chosen(columns)
    for heading, column in sheet.headings:
        again = bool(not column and chosen.get(heading, ""))
        headings.append(HeadingRead(heading, column, again or (bool(column) and column in seen)))
        seen.add(column)
    told = {column: heading for heading, column in sheet.headings if column}
    wrong = len({mistake.line for mistake in looked.mistakes})
    return reply(TablePreview(
        kind, len(sheet.rows), looked.fresh, looked.known, wrong, headings,
        [TableColumn(column.name, column.words, column.is_needed) for column in TABLES[kind].columns],
        [TableMistake(m.line, m.column, told.get(m.column, ""), m.value, m.zh, m.en)
         for m in looked.mistakes[:MISTAKES_MAX]],
        [row.cells for row in sheet.rows[:SAMPLE_ROWS]]))


@router.post("/{kind}", **takes_file(TableBegun, status=202), summary="导入 | Take a table")
async def take(
    request: Request, desk: DeskHere, who: Writer, kind: Kind,
    key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200,
                               description="The same key counts once, however often it is sent")],
    columns: Columns = "", is_replacing: bool = False, is_partial: bool = False, document: Document = "",
    is_set: bool = False, reason: Annotated[str, Query(max_length=500)] = "导入 / import",
) -> Response:
    """In the background: see `/api/v1/jobs`. A file with mistakes is refused; with `is_partial` its other rows are
    taken, and the job names those that were left out."""
    asked = TableAsked(kind, is_replacing, document, reason, is_set)
    sheet, looked = await _looked(request, desk, who, asked, columns)
    if looked.mistakes and not is_partial:
        told = {f"{m.line}:{m.column}": f"{m.zh} | {m.en}" for m in looked.mistakes[:100]}
        raise Problem("unreadable_file", f"没有导入，{len(looked.mistakes)} 处要改 | "
                      f"nothing was taken, {len(looked.mistakes)} mistakes", particulars=told)
    job_id, at = new_id(), 0
    for piece in pieces_of(looked, sheet.rows, kind):
        at = await asyncio.to_thread(desk.hub.job_files.append, job_id, at, piece)
    begun = await begin_job(desk.ports.jobs, job_id, TABLE, who, asked, desk.hub.now(), key=key, total=len(sheet.rows))
    if uuid.UUID(begun) != uuid.UUID(job_id):
        await asyncio.to_thread(desk.hub.job_files.drop, job_id)
    return reply(TableBegun(begun), 202)


@router.post("/{kind}/export", **spoken(TableBegun, status=202), summary="导出 | Take a table away")
async def export(
    desk: DeskHere, who: Reader, kind: Kind, form: Form = "xlsx", language: Literal["zh", "en"] = "zh", q: Text = "",
    warehouse: Text = "", category: Annotated[int | None, Query(ge=0, le=2_000_000_000)] = None,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Response:
    """In the background; the file lies at the job. It can be brought back as it is."""
    await desk.check(warehouse=warehouse)
    asked = ExportTable(kind, form, language, q.strip(), warehouse, category)
    begun = await begin_job(desk.ports.jobs, new_id(), EXPORT, who, asked, desk.hub.now(), key=key)
    return reply(TableBegun(begun), 202)


async def _looked(
    request: Request, desk: Desk, who: Caller, asked: TableAsked, columns: str,
) -> tuple[SheetRead, TableLooked]:
    if not who.may("stock:write" if asked.kind == "stock" else "skus:write"):
        scope = "stock:write" if asked.kind == "stock" else "skus:write"
        raise Problem("no_scope", f"需要权限 {scope}，请找管理员 | scope {scope} is needed: ask an administrator")
    if asked.document and (wrong := spelling_problem(asked.document)):
        raise Problem("wrong_value", f"document: {wrong.zh} | {wrong.en}")
    table = TABLES[asked.kind]
    _, raw = await file_in(request)
    names = [name for name in table.names if not (name.startswith("cost") and "cost" in who.hides)]
    try:
        sheet = await asyncio.to_thread(
            read_table, raw, table.needed, one_of=table.one_of, fields=names, chosen=_chosen(columns))
    except UnreadableGoods as error:
        raise Problem("unreadable_file", f"{error.words.zh} | {error.words.en}") from error
    return sheet, await look_at_table(desk.ports.catalogue, asked.kind, sheet.rows, asked)


def _chosen(columns: str) -> Mapping[str, str]:
    try:
        return msgspec.json.decode(columns.encode(), type=dict[str, str]) if columns else {}
    except msgspec.DecodeError as error:
        raise Problem("wrong_value", "columns: 应是 JSON 对象，表头 → 列 | a JSON object, heading → column") from error
