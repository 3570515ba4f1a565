"""What terminals ask and tell over HTTP: the list that they carry along, and what they scan."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from orderloom.application.commands import Outcome
from orderloom.application.floor.scan_shapes import ScanBatch, ScansTaken
from orderloom.application.identity.access import Caller
from orderloom.application.queries import floor_list as read
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import DeskHere, Text, needs
from orderloom.entrypoints.http.kit.picture import picture_shown
from orderloom.entrypoints.http.kit.problem import problem_of
from orderloom.entrypoints.http.kit.seeing import refuse_limited_but_by
from orderloom.entrypoints.http.kit.wire import body_of, downloaded, encoded, reply, spoken

router = APIRouter(prefix="/api/v1/floor", tags=["floor"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("works:write"))]
House = Annotated[str, Query(min_length=1, max_length=200, description="Code of a warehouse that is run here")]


@router.get("/list", **spoken(read.FloorList, problems=(404,)),
            summary="手持终端随身清单 | What a terminal carries along")
async def floor_list(
    desk: DeskHere, who: Reader, warehouse: House,
    seen: Annotated[str, Header(alias="If-None-Match", max_length=100)] = "",
) -> Response:
    """Waves under way with their tasks in the order of the walk, boxes, what is to be put back, places that take goods,
    and the barcodes of all of it. With the ETag of before: 304 when nothing has changed."""
    await desk.check(warehouse=warehouse)
    async with desk.connect() as connection:
        body = encoded(await read.floor_list(connection, warehouse))
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if seen == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.post("/scans", **spoken(ScansTaken, takes=ScanBatch, problems=(404, 409)), summary="上传扫描 | Take scans")
async def take_scans(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Up to 100 scans of a terminal, judged in their order, each once: one that is known is told as it was. A verdict
    is never an error of the call; what was answered is stored."""
    batch = await body_of(request, ScanBatch)
    await desk.check(warehouse=batch.warehouse)
    refuse_limited_but_by("warehouses")
    taken = await desk.hub.scanner.take(batch, who.doer)
    if isinstance(taken, Refusal):
        raise problem_of(Outcome(refusal=taken.code, particulars=taken.particulars))
    return reply(taken)


@router.get("/picture", **downloaded(problems=(404,)), summary="打包台商品图 | A SKU's picture, for who packs it")
async def floor_picture(
    desk: DeskHere, who: Reader, sku: Text,
    known: Annotated[str, Header(alias="If-None-Match", max_length=200)] = "",
) -> Response:
    """Its bytes, for who sees works and no master data."""
    await desk.check(sku=sku)
    async with desk.connect() as connection:
        picture = await read.picture_of(connection, sku)
    return await picture_shown(desk, sku, picture, known)
