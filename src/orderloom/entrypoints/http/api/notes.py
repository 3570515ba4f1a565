"""Notes on orders over HTTP: write one, and what concerns me in those of others."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.identity.access import Caller
from orderloom.application.queries.notes import MyNotes, notes_of_mine
from orderloom.application.write_note import BODY_MAX, NoteWritten, see_mentions, write_note
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["orders"])
Writer = Annotated[Caller, Depends(needs("orders:note"))]
Reader = Annotated[Caller, Depends(needs("orders:read"))]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class NoteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note; `@name` mentions a user. `contacted_at`: the buyer was spoken to; `promised_at`: promised until then."""

    body: Annotated[str, msgspec.Meta(min_length=1, max_length=BODY_MAX, pattern=r"\S")]
    contacted_at: Instant | None = None
    promised_at: Instant | None = None


class SeenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to where mentions were seen."""

    upto: Instant


@router.post("/orders/{reference}/notes", **spoken(NoteWritten, takes=NoteRequest, status=201, problems=(404, 409)),
             summary="写备注 | Write a note")
async def add_note(request: Request, desk: DeskHere, who: Writer, reference: str) -> Response:
    """Keep a note on the order; it is never changed or taken away. Users who are named with @ find it among theirs."""
    body = await body_of(request, NoteRequest)
    note = NoteWritten(new_id(), await desk.order_id(reference), desk.hub.now(), who.actor, body.body, [],
                       body.contacted_at, body.promised_at)
    return reply(await write_note(desk.ports.notes, note), 201)


@router.get("/notes/mine", **spoken(MyNotes), summary="提到我的备注 | Notes that mention me")
async def my_notes(desk: DeskHere, who: Reader) -> Response:
    """Notes that mention the caller, how many of them are unread, and what the caller promised to buyers."""
    if not who.user:
        return reply(MyNotes(0, [], []))
    async with desk.connect() as connection:
        return reply(await notes_of_mine(connection, who.user, desk.hub.now()))


@router.post("/notes/mine/seen", **spoken(MyNotes, takes=SeenRequest), summary="标记已看 | Mark mentions as seen")
async def seen(request: Request, desk: DeskHere, who: Reader) -> Response:
    """Mentions up to then are no longer unread."""
    body = await body_of(request, SeenRequest)
    if who.user:
        await see_mentions(desk.ports.notes, who.user, body.upto)
    return await my_notes(desk, who)
