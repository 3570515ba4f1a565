"""The running lifecycle over HTTP: what a drawing needs, with the documentation of every stage and its live orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT, Rows
from orderloom.application.queries import lifecycle as read
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1", tags=["insight"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]


@router.get("/lifecycle", **spoken(read.LifecycleView, problems=(404,)), summary="生命周期 | The lifecycle in force")
async def lifecycle(desk: DeskHere, who: Reader) -> Response:
    """Stages, arrows and rules with trigger, owner, limit and words for the buyer; orders per stage as of `as_of`."""
    directory = await desk.directory()
    active = directory.blueprints.get(directory.blueprint_active)
    if active is None:
        raise Problem("not_found", "还没有发布业务蓝图 | no blueprint is published yet")
    version = directory.blueprint_active
    rows = SIGHT.get().rows or Rows()
    as_of, standing = await desk.kept.get(("lifecycle", version, rows), lambda: _standing(desk, active, rows))
    return reply(read.lifecycle_view(active, version, standing, as_of))


async def _standing(
    desk: Desk, blueprint: CompiledBlueprint, rows: Rows,
) -> tuple[datetime, dict[str, read.Standing]]:
    at = desk.hub.now()
    async with desk.connect() as connection:
        return at, await read.read_standing(connection, blueprint, at, rows)
