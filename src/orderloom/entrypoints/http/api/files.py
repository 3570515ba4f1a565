"""Order files over HTTP: CSV or Excel, as a form or as the bare body."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.import_files import import_upload
from orderloom.application.ports import Trouble
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.upload import file_in, takes_file
from orderloom.entrypoints.http.kit.wire import reply

router = APIRouter(prefix="/api/v1/files", tags=["files"])
Writer = Annotated[Caller, Depends(needs("orders:import"))]


class FileTaken(msgspec.Struct, frozen=True):
    """How a file was taken in: orders found, how many were known, whether the whole file was."""

    orders: int
    duplicates: int
    is_known: bool


@router.post("/{account_code}", **takes_file(FileTaken, status=201, problems=(404, 409)),
             summary="上传订单文件 | Upload a file of orders")
async def upload(
    request: Request, desk: DeskHere, who: Writer, account_code: str,
    name: Annotated[str, Query(max_length=200, description="the file's name, for a bare body")] = "",
) -> Response:
    """Land a file and each of its orders. The same file twice changes nothing."""
    name, raw = await file_in(request, name)
    if not raw:
        raise Problem("unreadable_file", "文件是空的，请附上文件 | the file is empty: attach one")
    try:
        found = await import_upload(desk.hub, account_code, name, raw, by=who.actor)
    except Trouble as error:
        if error.code == "unknown_account":
            raise not_found("账号", "account", account_code) from error
        code = "refused" if error.code in ("no_files", "account_off") else "unreadable_file"
        raise Problem(code, error.message, particulars={"code": error.code}) from error
    if found.unfit:
        raise Problem("unreadable_file", found.unfit)
    return reply(FileTaken(found.items, found.duplicates, found.is_known), 201)
