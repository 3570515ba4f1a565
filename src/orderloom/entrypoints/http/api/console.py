"""What screens listen to: that something changed, and never what. They ask for it again, with their own rights."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from time import monotonic
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.denied import Denied
from orderloom.application.identity.sight import EVERYTHING, SIGHT
from orderloom.application.ports import StoreAway
from orderloom.application.queries.pulse import IDS_MAX, Pulse
from orderloom.entrypoints.http.kit.bell import Bell
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, signed_in
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.wire import spoken

router = APIRouter(prefix="/api/v1/console", tags=["console"])
Screen = Annotated[Caller, Depends(signed_in)]
SCREENS_MAX = 1_000
LOOK_SECONDS, EVERY_SECONDS = 0.7, 0.5
"""How often one look serves all screens, and how long a screen rests after each message."""
COUNTERS_SECONDS = 5.0
SESSION_SECONDS, ALIVE_SECONDS = 5.0, 2.0
"""How often a stream asks whether its session still is one, and how often it gives a sign of life."""
PING_SECONDS = 10
NEEDS = {"orders": "orders:read", "cases": "cases:read", "stock": "stock:read", "deliveries": "orders:read"}
"""What a screen may see, to be told that it moved; of everything else that it moved is no secret."""
Topic = Literal["orders", "cases", "stock", "deliveries", "jobs", "counters"]


class News(msgspec.Struct, frozen=True):
    """Something of a topic changed. `ids` of orders, cases or jobs, codes of SKUs; none: ask for all that is shown."""

    topic: Topic
    ids: list[str]
    at: datetime


_encode = msgspec.json.Encoder().encode


class ToTell:
    """What one screen is still to be told, the oldest first."""

    def __init__(self) -> None:
        self.topics: dict[str, set[str] | None] = {}
        self.bell = asyncio.Event()

    def add(self, topic: str, ids: tuple[str, ...]) -> None:
        """More of a topic; without ids, or with too many, all of it."""
        known = self.topics.get(topic, set())
        both = None if known is None or not ids else known | set(ids)
        self.topics[topic] = None if both is None or len(both) > IDS_MAX else both
        self.bell.set()

    def take(self) -> tuple[str, list[str]]:
        """The next topic."""
        topic = next(iter(self.topics))
        ids = self.topics.pop(topic)
        if not self.topics:
            self.bell.clear()
        return topic, sorted(ids or ())


class Screens:
    """Looks for all open screens at once, as long as there are any."""

    def __init__(self, desk: Desk, bell: Bell) -> None:
        self._desk, self._bell = desk, bell
        self._open: set[ToTell] = set()
        self._task: asyncio.Task[None] | None = None
        self.is_looking = asyncio.Event()
        """Set once what there was before is known: from then on changes are told."""

    @contextlib.asynccontextmanager
    async def one_more(self) -> AsyncIterator[ToTell]:
        """A screen that is told from now on. Raises Problem when there are too many."""
        if len(self._open) >= SCREENS_MAX:
            raise Problem("too_many_streams", f"最多 {SCREENS_MAX} 个 | at most {SCREENS_MAX}", retry_after=30)
        waiting = ToTell()
        self._open.add(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            yield waiting
        finally:
            self._open.discard(waiting)

    async def _look(self) -> None:
        SIGHT.set(EVERYTHING)  # it looks for all screens, not as the one that came first sees
        pulse, counted_at = Pulse(), monotonic()
        is_counted = True
        self.is_looking.clear()
        while self._open:
            moved: dict[str, tuple[str, ...]] = {}
            with contextlib.suppress(StoreAway):
                async with self._desk.connect(2.0) as connection:
                    moved = await pulse.look(connection)
                    self.is_looking.set()
            is_counted = is_counted and not moved
            if not is_counted and monotonic() - counted_at >= COUNTERS_SECONDS:
                moved["counters"], counted_at, is_counted = (), monotonic(), True
            for screen in self._open:
                for topic, ids in moved.items():
                    screen.add(topic, ids)
            await self._bell.wait(LOOK_SECONDS)


_told = spoken(News, problems=(429,))
_told["responses"][200] = {"description": "Server-sent events `news`, whose `data` is {topic, ids, at}, at most two a "
                           "second, and `alive` every two seconds",
                           "content": {"text/event-stream": {}}}


@router.get("/stream", **_told, summary="界面事件流 | What changed, for screens")
async def stream(request: Request, desk: DeskHere, who: Screen) -> Response:
    """That something changed, at most twice a second. It ends with the session. Whose rows are limited is told no
    ids: what a screen may see is for the query to say that it sends then."""
    return EventSourceResponse(_messages(request, desk, who), ping=PING_SECONDS)


async def _messages(request: Request, desk: Desk, who: Caller) -> AsyncIterator[ServerSentEvent]:
    screens: Screens = request.app.state.screens
    asked_at = monotonic()
    async with screens.one_more() as waiting:
        yield ServerSentEvent(comment="open")
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ALIVE_SECONDS):
                    await waiting.bell.wait()
            yield ServerSentEvent("", event="alive")
            if monotonic() - asked_at >= SESSION_SECONDS:
                try:
                    who, asked_at = await signed_in(request), monotonic()
                except (Problem, Denied):
                    return
                except StoreAway:
                    yield ServerSentEvent(comment="database away")
            while waiting.topics:
                topic, ids = waiting.take()
                if topic in NEEDS and not who.may(NEEDS[topic]):
                    continue
                shown = [] if who.needs_limits or who.limits else ids
                moved = News(topic, shown, desk.hub.now())  # type: ignore[arg-type]
                yield ServerSentEvent(_encode(moved).decode(), event="news")
                await asyncio.sleep(EVERY_SECONDS)
