"""Packing materials over HTTP: kept as rows, and how many boxes were packed into each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.floor.keep_materials import MaterialsKept, MaterialsWish, keep_materials
from orderloom.application.identity.access import Caller
from orderloom.application.queries import materials as read
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/floor/materials", tags=["floor"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("skus:write"))]


@router.get("", **spoken(read.MaterialList), summary="包材 | Packing materials")
async def list_materials(desk: DeskHere, who: Reader) -> Response:
    """The smallest first, each with the boxes that were packed into it."""
    async with desk.connect() as connection:
        return reply(await read.list_materials(connection))


@router.put("", **spoken(MaterialsKept, takes=MaterialsWish), summary="新建或修改包材 | Keep packing materials")
async def put_materials(request: Request, desk: DeskHere, who: Writer) -> Response:
    """By code, all of them or none; what is left out of a row is 0."""
    wish = await body_of(request, MaterialsWish)
    return reply(await keep_materials(desk.ports.subjects(), wish))
