"""Reads an account's lists side by side since the place of each, window by window, and its queues after them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from orderloom.adapters.halving import halved
from orderloom.adapters.kit.details import Details
from orderloom.adapters.kit.loops import loops
from orderloom.adapters.kit.pages import AGAIN, OPEN, ListWalk
from orderloom.adapters.kit.places import Places
from orderloom.adapters.kit.plan import ListPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.kit.queues import read_queue
from orderloom.adapters.kit.walk import Stretch, is_wanted, pause, read_window
from orderloom.application.ports import Cursor, Page, PartlyRead, StoreAway, StoreRefused, Transient

WINDOWS_MAX = 1_000
"""Windows read in one pull; a longer gap goes on at the next pull, from the cursor that the last page carried."""
PAGE_SECONDS_MAX = 75.0
"""How long a list may take over one page, all its calls together: it fails before the account's reading does."""
CATCHING_UP_MAX = 20
"""Windows of a list that is behind the others: what changes now is read again before it goes on."""


async def pull(
    platform: Platform, details: Details, cursor: Cursor, until: datetime, closed: datetime, purpose: str = "",
    overlap: timedelta = timedelta(0),
) -> AsyncIterator[Page]:
    """Every list's pages since its place, less the overlap; a place moves when the list's window was read.

    A list that cannot be read stops no other. Queues are emptied last. Raises Transient or Terminal: `PartlyRead` when
    some lists could be read.
    """
    lists = {name: one for name, one in platform.plan.lists.items() if is_wanted(platform, one)}
    changing = {name: one for name, one in lists.items() if one.confirming is None and (not purpose or one.said.past)}
    reading = _Reading(platform, details, Places(cursor, changing), closed, purpose)
    if changing:
        async for page in reading.pages(changing, until, overlap):
            yield page
    for name, plan in lists.items():
        if plan.confirming is not None and not purpose and not reading.is_to_wait:
            async for page in reading.queue(name, plan):
                yield page
    reading.tell()


class _Reading:
    """One reading of an account's lists, each from its own place."""

    def __init__(
        self, platform: Platform, details: Details, places: Places, closed: datetime, purpose: str
    ) -> None:
        self._platform, self._details, self._places = platform, details, places
        self._closed, self._purpose = closed, purpose
        self.failed: dict[str, Exception] = {}
        self.is_over = self.is_to_wait = False
        """No more lists are tried now: the platform seems to be away or to refuse the key, and the next reading begins
        with another one; or it asks to be left alone altogether."""
        self._was_read = False

    async def pages(self, lists: Mapping[str, ListPlan], until: datetime, overlap: timedelta) -> AsyncIterator[Page]:
        """Who is furthest first, window by window, until none is to be tried now."""
        settings = self._platform.account.settings
        stretch = Stretch(self._platform.plan, list(lists.values()))
        shown = stretch.until(until, settings) if self._purpose == OPEN else until
        for number, (place, names) in enumerate(self._places.groups()):
            at_most = CATCHING_UP_MAX if number and not self._purpose else WINDOWS_MAX
            going = [name for name in names if self._is_due(name, until)]
            for start, end in islice(stretch.windows(place - overlap, shown, self._closed, settings), at_most):
                for name in tuple(going):
                    try:
                        async for page in self._window(name, lists[name], start, end):
                            yield page
                    except (StoreAway, StoreRefused):
                        raise
                    except Exception as failed:
                        self._fail(name, failed)
                        yield Page((), cursor=self._places.cursor())
                    if self.is_over:
                        break
                yield Page((), cursor=self._places.cursor())
                if self.is_over:
                    return
                going = [name for name in going if self._places.at(name) >= end]
                if not going:
                    break
        if shown < until:  # the last of it is not shown yet: the live pull's overlap reads it
            self._places.move_all(shown, until)
            yield Page((), cursor=self._places.cursor())

    async def _window(self, name: str, plan: ListPlan, start: datetime, end: datetime) -> AsyncIterator[Page]:
        """One window of a list: its place moves when all of it was read."""
        reached = end
        for walk in _walks(self._platform, plan, self._closed, self._purpose):
            pages = halved(partial(read_window, walk, self._details), start, end, pause(self._platform))
            async for page in _in_time(name, pages):
                if page.cursor is None:
                    yield page
                else:
                    reached = min(reached, page.cursor.at)
        self._was_read = True
        if reached >= start:  # what is told to be whole up to before we began moves nothing
            self._places.move(name, reached)

    def _is_due(self, name: str, until: datetime) -> bool:
        if self._purpose or self._places.is_due(name, until):
            return True
        since = self._places.at(name).isoformat()
        self.failed[name] = Transient("still_behind", f"自 {since} 起未读到 / not read since {since}")
        return False

    async def queue(self, name: str, plan: ListPlan) -> AsyncIterator[Page]:
        """What waits in a queue."""
        try:
            async for page in read_queue(self._platform, plan):
                yield page
        except (StoreAway, StoreRefused):
            raise
        except Exception as failed:
            self.failed[name] = failed
        else:
            self._was_read = True

    def _fail(self, name: str, failed: Exception) -> None:
        self._places.fail(name)
        self.failed[name] = failed
        self.is_to_wait = getattr(failed, "retry_after", 0.0) > 0
        self.is_over = self.is_to_wait or not self._was_read

    def tell(self) -> None:
        """Raises what failed, if something did."""
        first = next(iter(self.failed.values()), None)
        if first is None:
            return
        if not self._was_read:
            raise first
        raise PartlyRead(list(self.failed), first) from first


async def _in_time(name: str, pages: AsyncIterator[Page]) -> AsyncIterator[Page]:
    """The pages of a list, each within its time. Raises Transient."""
    while True:
        try:
            async with asyncio.timeout(PAGE_SECONDS_MAX):
                page = await anext(pages, None)
        except TimeoutError as error:
            words = f"{name}: {PAGE_SECONDS_MAX:.0f} 秒没有读完一页 / no page within {PAGE_SECONDS_MAX:.0f} seconds"
            raise Transient("too_slow", words) from error
        if page is None:
            return
        yield page


def _walks(platform: Platform, plan: ListPlan, closed: datetime, purpose: str) -> Iterator[ListWalk]:
    """A list's walks. A second look reads by the other index too, where there is one."""
    purposes = [purpose] if purpose != AGAIN else [AGAIN, ""] if plan.said.again else [""]
    for names in loops(platform, plan.said.loop):
        yield from (ListWalk(platform, plan, closed, one, names) for one in purposes)
