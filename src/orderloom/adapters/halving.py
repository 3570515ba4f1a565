"""Reads a stretch of time page by page, in halves where a page stays unreadable, until the bad one stands alone.

So trouble that passes costs nothing, and a page that a platform can never write costs what changed in one second, which
is in a case, and not its neighbours. A platform that writes nothing else is down: then nothing is given up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import msgspec

from orderloom.application.ports import Cursor, Page, Transient

NARROWEST = timedelta(seconds=1)
"""Platforms count in seconds: a window of one is not halved."""
IN_A_ROW_MAX = 40
"""So many stretches without a readable one between them are no bad record: a day has 17 halves down to a second."""


class NotTheAnswer(ValueError):
    """The body is no JSON, or not the answer that was asked for."""

    is_one_question = False
    """A half of its stretch would be asked for in the same words: a clock that is put back shows an hour twice."""


class _Row(msgspec.Struct):
    """How many stretches in a row could not be read, and the pause after each."""

    pause_seconds: float
    count: int = 0
    is_given_up: bool = False
    """The place moves past a second that was given up only with what is read after it, or at the end."""
    is_wide: bool = False
    """More than a second was given up: that is done only beside something that can be read."""
    was_read: bool = False


async def halved(
    pages: Callable[[datetime, datetime], AsyncIterator[Page]], start: datetime, end: datetime,
    pause_seconds: float = 0.0,
) -> AsyncIterator[Page]:
    """Yield the pages of [start, end]; those that raise `NotTheAnswer` half by half, the narrowest not at all.

    Pauses before it halves, for platforms that allow few calls. Raises Transient when nothing can be read anywhere.
    """
    row = _Row(pause_seconds)
    async for page in _halved(pages, start, end, row):
        yield page
    if row.is_wide and not row.was_read:
        raise _nothing_to_read()
    if row.is_given_up:
        yield Page((), (), Cursor(end))


async def _halved(
    pages: Callable[[datetime, datetime], AsyncIterator[Page]], start: datetime, end: datetime, row: _Row
) -> AsyncIterator[Page]:
    try:
        async for page in pages(start, end):
            yield page
    except NotTheAnswer as error:
        row.count += 1
        if row.count > IN_A_ROW_MAX:
            raise _nothing_to_read() from error
        if error.is_one_question or end - start <= NARROWEST:
            row.is_given_up, row.is_wide = True, row.is_wide or end - start > NARROWEST
            return
    else:
        row.count, row.was_read = 0, True
        return
    await asyncio.sleep(row.pause_seconds)
    middle = middle_of(start, end)
    for part_start, part_end in ((start, middle), (middle, end)):
        async for page in _halved(pages, part_start, part_end, row):
            yield page


def middle_of(start: datetime, end: datetime) -> datetime:
    """Where a stretch is halved, in whole seconds."""
    return start + timedelta(seconds=int((end - start).total_seconds()) // 2)


def _nothing_to_read() -> Transient:
    return Transient("unreadable_answer", "平台的应答都无法读取 / no answer of the platform can be read")
