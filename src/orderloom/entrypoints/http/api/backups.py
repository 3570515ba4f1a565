"""Backups over HTTP, for administrators: when the last good one was, and noting one that was done."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.identity.access import Caller
from orderloom.application.note_backup import BYTES_MAX, SECONDS_MAX, TEXT_MAX, BackupNoted, note_backup
from orderloom.application.queries.backups import BackupState, read_backups
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/backups", tags=["hub"])
Administrator = Annotated[Caller, Depends(needs("admin"))]
Line = Annotated[str, msgspec.Meta(max_length=TEXT_MAX)]


class BackupRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A backup that ended now, or a drill: a backup that was restored and looked at."""

    kind: Literal["backup", "drill"]
    is_good: bool = True
    seconds: Annotated[int, msgspec.Meta(ge=0, le=SECONDS_MAX)] = 0
    bytes: Annotated[int, msgspec.Meta(ge=0, le=BYTES_MAX)] = 0
    place: Line = ""
    detail: Line = ""


@router.get("", **spoken(BackupState), summary="备份现状 | How backups stand")
async def show(desk: DeskHere, who: Administrator) -> Response:
    """The last good backup and drill, when the next are due, and the latest that were noted."""
    async with desk.connect() as connection:
        return reply(await read_backups(connection, desk.hub.now()))


@router.post("", **spoken(BackupNoted, takes=BackupRequest, status=201), summary="记录一次备份或演练 | Note a backup")
async def note(request: Request, desk: DeskHere, who: Administrator) -> Response:
    """Say that a backup was taken or a restore was drilled, and how it went; the hub takes none itself."""
    body = await body_of(request, BackupRequest)
    return reply(await note_backup(
        desk.ports.backups, new_id(), body.kind, who.actor, desk.hub.now(), is_good=body.is_good, seconds=body.seconds,
        size=body.bytes, place=body.place, detail=body.detail), 201)
