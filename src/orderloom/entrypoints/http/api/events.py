"""Events over HTTP: every fact of every order as it is committed, for programs that listen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.denied import Denied
from orderloom.application.identity.sight import SIGHT
from orderloom.application.ports import StoreAway
from orderloom.application.queries.events import BATCH_MAX, StreamEvent, is_place, newest_place, read_after
from orderloom.entrypoints.http.kit.bell import AGAIN_SECONDS, Bell
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, caller_of, needs
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import encoded, spoken

router = APIRouter(tags=["streams"])
Listener = Annotated[Caller, Depends(needs("events:read"))]
STREAMS_MAX = 50
PING_SECONDS = 15


class Streams:
    """Counts the open streams and holds what wakes them."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.open = 0


_told = spoken(StreamEvent, problems=(429,))
_told["responses"][200] = {"description": "Server-sent events: `id` is the place to resume after, `event` the kind, "
                                          "`data` the event as JSON", "content": {"text/event-stream": {}}}


@router.get("/events", **_told, summary="事件流 | Stream of domain events")
async def events(
    request: Request, desk: DeskHere, who: Listener,
    last: Annotated[str, Header(alias="Last-Event-ID", max_length=100)] = "",
    after: Annotated[str, Query(max_length=100, description="like Last-Event-ID, for clients that cannot send it; "
                                                            "`0` starts at the beginning of the log")] = "",
) -> Response:
    """Every fact of every order in the order of commit, from now on or after a place; none is left out."""
    streams: Streams = request.app.state.streams
    place = last or after
    if place == "0":
        place = "0.00000000-0000-0000-0000-000000000000.0"
    if place and not is_place(place):
        raise Problem("wrong_value", "Last-Event-ID: 请用收到过的 id | use an id that came on the stream")
    if streams.open >= STREAMS_MAX:
        raise Problem("too_many_streams", f"最多 {STREAMS_MAX} 条 | at most {STREAMS_MAX}", retry_after=30)
    if not place:
        async with desk.connect() as connection:
            place = await newest_place(connection)
    return EventSourceResponse(_facts(request, desk, streams, place), ping=PING_SECONDS)


async def _facts(request: Request, desk: Desk, streams: Streams, place: str) -> AsyncIterator[ServerSentEvent]:
    """Events after a place, for ever; the token is asked for again each time, so a revoked one sees no event more."""
    streams.open += 1
    try:
        while True:
            try:
                seen = SIGHT.get()
                async with desk.connect() as connection:
                    found = await read_after(connection, place)
                if not (await caller_of(request)).may("events:read"):
                    return
                if SIGHT.get() != seen:
                    continue  # they see something else now: it is read again
            except (Problem, Denied):
                return
            except StoreAway:
                yield ServerSentEvent(comment="database away")
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            for event in found:
                yield ServerSentEvent(encoded(event).decode(), event=event.kind, id=event.place)
                place = event.place
            if len(found) < BATCH_MAX:
                await streams.bell.wait()
    finally:
        streams.open -= 1
