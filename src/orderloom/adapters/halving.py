"""Reads a stretch of time page by page, in halves where a page stays unreadable, until the bad one stands alone.

So trouble that passes costs nothing, and a page that a platform can never write costs what changed in one second, which
is in a case, and not its neighbours.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from orderloom.application.ports import Cursor, Page

NARROWEST = timedelta(seconds=1)
"""Platforms count in seconds: a window of one is not halved."""


class Unreadable(ValueError):
    """The body is no JSON, or not the answer that was asked for."""


async def halved(
    pages: Callable[[datetime, datetime], AsyncIterator[Page]], start: datetime, end: datetime
) -> AsyncIterator[Page]:
    """Yield the pages of [start, end]; those that raise `Unreadable` half by half, the narrowest as an empty page."""
    try:
        async for page in pages(start, end):
            yield page
    except Unreadable:
        if end - start <= NARROWEST:
            yield Page((), (), Cursor(end))
            return
    else:
        return
    middle = start + timedelta(seconds=int((end - start).total_seconds()) // 2)
    for part_start, part_end in ((start, middle), (middle, end)):
        async for page in halved(pages, part_start, part_end):
            yield page
