"""The live page's numbers as a stream, once a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from fastapi import APIRouter, Depends, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from orderloom.application.identity.denied import Denied
from orderloom.application.ports import StoreAway
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, viewer
from orderloom.entrypoints.http.kit.problem import Problem

router = APIRouter(include_in_schema=False)
PAGES_MAX = 200
"""Live pages that are open at once."""
PING_SECONDS = 15
LIVE_SECONDS = 1.0
_encode = msgspec.json.Encoder().encode


class Pages:
    """Counts the live pages that are open."""

    def __init__(self) -> None:
        self.open = 0


@router.get("/live", dependencies=[Depends(viewer)])
async def live(request: Request, desk: DeskHere) -> Response:
    """The live page's numbers, once a second."""
    pages: Pages = request.app.state.pages
    if pages.open >= PAGES_MAX:
        raise Problem("too_many_streams", f"最多 {PAGES_MAX} 个页面 | at most {PAGES_MAX} pages", retry_after=30)
    return EventSourceResponse(_counts(request, desk, pages), ping=PING_SECONDS)


async def _counts(request: Request, desk: Desk, pages: Pages) -> AsyncIterator[ServerSentEvent]:
    """Numbers for ever; somebody who had to log in sees none after the login has ended."""
    pages.open += 1
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
        pages.open -= 1
