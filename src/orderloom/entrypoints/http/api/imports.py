"""Imports of files over HTTP: a look ahead, the import itself, how far each is, and the file of what stayed."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.import_errors import import_errors
from orderloom.application.import_files import import_upload, name_kept
from orderloom.application.import_options import ImportOptions
from orderloom.application.import_shapes import ImportRun
from orderloom.application.ports import Trouble
from orderloom.application.preview_import import ImportPreview, preview_import
from orderloom.application.queries.imports import list_imports
from orderloom.domain.rights import PAYLOAD
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Limit, Reason, Uuid, as_written, may_unmask, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.seeing import refuse_hidden
from orderloom.entrypoints.http.kit.upload import file_in, takes_file
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1/imports", tags=["files"])
Reader = Annotated[Caller, Depends(needs("messages:read"))]
Writer = Annotated[Caller, Depends(needs("orders:import"))]
Word = Annotated[str, Query(max_length=200)]
Pairs = Annotated[list[str], Query(max_length=200, description="name=value, repeatable")]
Name = Annotated[str, Query(max_length=200, description="the file's name, for a bare body")]


class ImportRuns(msgspec.Struct, frozen=True):
    """Imports, the newest first."""

    imports: list[ImportRun]


def options_of(
    encoding: Word = "", zone: Word = "", column: Pairs = [], constant: Pairs = [],  # noqa: B006
    dates: Word = "", decimals: Word = "", currency: Word = "", payment: Word = "",
) -> ImportOptions:
    """What is said of this file alone: `column` is its name = ours, `constant` our column = the value of every row."""
    return ImportOptions(encoding, zone, _pairs("column", column), _pairs("constant", constant), dates, decimals,
                         currency, payment)


Options = Annotated[ImportOptions, Depends(options_of)]


def _pairs(name: str, texts: list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        ours, equals, value = text.partition("=")
        if not (ours.strip() and equals and value.strip()):
            raise Problem("wrong_value", f"{name}：应写成 名称=值 | {name}: must be name=value")
        found[ours.strip()] = value.strip()
    return found


@router.post("/{account_code}/preview", **takes_file(ImportPreview, problems=(404, 409)),
             summary="导入预览 | Look before an import")
async def preview(
    request: Request, desk: DeskHere, who: Writer, account_code: str, options: Options, name: Name = "",
) -> Response:
    """How a file would be read, what of it cannot be, which orders would come and which would wait, and why.

    Nothing is stored. Of a large file the first 2,000 orders are looked at ahead; every row is read.
    """
    name, raw = await file_in(request, name)
    try:
        with name_kept(desk.hub.files, name, raw) as path:
            return reply(await preview_import(desk.hub, account_code, [path], options))
    except Trouble as error:
        raise _problem(error, account_code) from error


@router.post("/{account_code}", **takes_file(ImportRun, status=201, problems=(404, 409)),
             summary="导入文件 | Import a file")
async def begin(
    request: Request, desk: DeskHere, who: Writer, account_code: str, options: Options, name: Name = "",
) -> Response:
    """Land a file and each of its orders on the fast lane; the workers take them from there. The same file again goes
    on with an import that died, and changes nothing else. A file that cannot be read is an import too: `refused`."""
    name, raw = await file_in(request, name)
    try:
        done = await import_upload(desk.hub, account_code, name, raw, options=options, by=who.actor)
    except Trouble as error:
        raise _problem(error, account_code) from error
    return reply(await _one(desk, done.runs[0].id), 201)


@router.get("", **spoken(ImportRuns), summary="导入记录 | Imports and how far they are")
async def list_runs(desk: DeskHere, who: Reader, limit: Limit = 20) -> Response:
    """Who imported which file and when, how many rows came, and what became of its orders."""
    async with desk.connect() as connection:
        return reply(ImportRuns(await list_imports(connection, limit)))


@router.get("/{run_id}", **spoken(ImportRun, problems=(404,)), summary="一次导入 | One import")
async def show_run(desk: DeskHere, who: Reader, run_id: Uuid) -> Response:
    """How far it is; `ended_at` is null while the file is being read, and of one that died."""
    return reply(await _one(desk, str(run_id)))


_errors = spoken(ImportRun, problems=(404,))
_errors["responses"][200] = {"description": "The rows with their reasons", "content": {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("text/csv", "application/zip")}}


@router.get("/{run_id}/errors", **_errors, summary="错误文件 | The rows that stayed")
async def errors(desk: DeskHere, who: Reader, run_id: Uuid, reason: Reason = "") -> Response:
    """Each row that waits, its own bytes behind the reason in both languages: mend it and import it again.

    It holds people's data: scope pii:read and a reason are needed, and it is written down.
    """
    refuse_hidden(PAYLOAD)
    if not may_unmask(who, reason):
        raise Problem("no_scope", "这个文件有个人信息：请在 X-Unmask-Reason 写明原因 | "
                                  "the file holds personal data: say why in X-Unmask-Reason")
    name, body = await import_errors(desk.ports.imports, desk.hub.files, desk.hub.vault.decrypt_voucher, str(run_id))
    await desk.access.unmasked(who.actor, str(run_id), f"import {run_id}: {as_written(reason)}")
    kind = "application/zip" if name.endswith(".zip") else "text/csv"
    return Response(body, media_type=kind, headers={
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"})


def _problem(error: Trouble, account_code: str) -> Problem:
    if error.code == "unknown_account":
        return not_found("账号", "account", account_code)
    code = {"no_files": "refused", "account_off": "refused", "no_column": "wrong_value"}.get(error.code)
    return Problem(code or "unreadable_file", error.message, particulars={"code": error.code})


async def _one(desk: Desk, run_id: str) -> ImportRun:
    async with desk.connect() as connection:
        found = await list_imports(connection, 1, run_id)
    if not found:
        raise not_found("导入", "import", run_id)
    return found[0]
