"""Server-sent events: the domain's facts for programs, the counts for the live page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.denied import Denied
from orderloom.application.ports import StoreAway
from orderloom.application.queries.events import BATCH_MAX, StreamEvent, is_place, newest_place, read_after
from orderloom.entrypoints.http.bell import AGAIN_SECONDS, Bell
from orderloom.entrypoints.http.guard import Desk, DeskHere, caller_of, needs, viewer
from orderloom.entrypoints.http.problem import Problem
from orderloom.entrypoints.http.wire import spoken

router = APIRouter(tags=["streams"])
Listener = Annotated[Caller, Depends(needs("events:read"))]
STREAMS_MAX = 50
PAGES_MAX = 200
"""Live pages that are open at once."""
PING_SECONDS = 15
LIVE_SECONDS = 1.0
_encode = msgspec.json.Encoder().encode


class Streams:
    """Counts the open streams of events and holds what wakes them."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.open = self.pages = 0


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


@router.get("/live", include_in_schema=False, dependencies=[Depends(viewer)])
async def live(request: Request, desk: DeskHere) -> Response:
    """The live page's numbers, once a second."""
    streams: Streams = request.app.state.streams
    if streams.pages >= PAGES_MAX:
        raise Problem("too_many_streams", f"最多 {PAGES_MAX} 个页面 | at most {PAGES_MAX} pages", retry_after=30)
    return EventSourceResponse(_counts(request, desk, streams), ping=PING_SECONDS)


async def _facts(request: Request, desk: Desk, streams: Streams, place: str) -> AsyncIterator[ServerSentEvent]:
    """Events after a place, for ever; the token is asked for again each time, so a revoked one sees no event more."""
    streams.open += 1
    try:
        while True:
            try:
                async with desk.connect() as connection:
                    found = await read_after(connection, place)
                await caller_of(request)
            except (Problem, Denied):
                return
            except StoreAway:
                yield ServerSentEvent(comment="database away")
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            for event in found:
                yield ServerSentEvent(_encode(event).decode(), event=event.kind, id=event.place)
                place = event.place
            if len(found) < BATCH_MAX:
                await streams.bell.wait()
    finally:
        streams.open -= 1


async def _counts(request: Request, desk: Desk, streams: Streams) -> AsyncIterator[ServerSentEvent]:
    """Numbers for ever; somebody who had to log in sees none after the login has ended."""
    streams.pages += 1
    try:
        while True:
            try:
                await viewer(request)
            except (Problem, Denied):
                return
            except StoreAway:
                pass  # who was let in is told that the database is away
            yield ServerSentEvent(_encode(await desk.board.current()).decode(), event="snapshot")
            await asyncio.sleep(LIVE_SECONDS)
    finally:
        streams.pages -= 1
