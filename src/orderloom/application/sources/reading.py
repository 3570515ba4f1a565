"""Land what a source gives, page by page, and hold it against what the source says it has: by its own count, window by
window. What it left out is read again at once, and told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

import structlog

from orderloom.application import left_out
from orderloom.application.batch import open_case
from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.ports import Account, Cursor, Page, PartlyRead, PastReader, Window
from orderloom.application.sources.hub import SourcesHub

PAGE_SECONDS_MAX = 100.0
"""How long one page may take, all its calls together: shorter than the lease."""
READ_AGAIN_MAX = 3
"""How often a window is read again while the source says that it has more there."""
log = structlog.get_logger()


class Counted(NamedTuple):
    """What a page brought: items new to the hub, those of them that an earlier reading should have brought, and how
    many the source says are there and does not give."""

    landed: int
    found: int
    missing: int = 0


Keep = Callable[[Cursor | None, Counted], Awaitable[None]]
"""Writes down that a page is durable; without a cursor the place stays where it was."""


async def read(
    hub: SourcesHub, account: Account, pages: AsyncIterator[Page], keep: Keep, *, lane: str = "live",
    is_again: bool = False, since: datetime | None = None, live_at: datetime | None = None,
) -> Counted:
    """Land page by page; the place moves only when the page is durable and its window whole.

    `is_again`: all of it was read before, so whatever is new was left out then, and whoever keeps the place tells.
    `live_at`: how far the live reading has come: it left out nothing that changed later.
    `since`: where the place stood; what is read before it overlaps with an earlier stretch, and is that one's.
    """
    landed = found = 0
    parent: str | None = None
    async for page in in_time(pages):
        ids = await hub.lander.land(account, page.items, dict(page.headers), hub.now(), lane=lane, parent_id=parent)
        if len(page.items) == 1 and page.items[0].topic == "file":
            parent = ids[0]
        new = sum(i is not None for i in ids)
        is_past = page.changed_at is None or live_at is None or page.changed_at <= live_at
        late = new if is_again and is_past and not page.problem else 0
        if page.problem:
            await tell(hub, account, "unreadable_body", {"why": page.problem[:500]})
        if page.missing:
            async with hub.ports.rereads() as book:
                await book.owe(account.id, page.missing, hub.now())
        missing = 0
        if page.window is not None and not page.window.is_whole:
            more, missing = await _mend(hub, account, page.window, lane)
            late += more
            if not is_again and (late or missing):
                await count_found(hub, account, late)
                start, end = page.window.start, page.window.end
                start = since if since and start < since < end else start
                await tell_incomplete(hub, account, start, end, found=late, missing=missing)
        await keep(page.cursor, Counted(new, late, missing))
        landed, found = landed + new, found + late
    return Counted(landed, found)


async def in_time(pages: AsyncIterator[Page]) -> AsyncIterator[Page]:
    """The pages, each within its time. Raises TimeoutError."""
    while True:
        async with asyncio.timeout(PAGE_SECONDS_MAX):
            page = await anext(pages, None)
        if page is None:
            return
        yield page


async def _mend(hub: SourcesHub, account: Account, window: Window, lane: str) -> tuple[int, int]:
    """The source has more in the window than it gave: read it again. Returns how many were found and are missing."""
    connector, found, left = hub.connectors[account.connector], 0, window.total - window.seen
    for _ in range(READ_AGAIN_MAX):
        if not isinstance(connector, PastReader):
            break
        counted = list[int]()
        http = hub.outside.client(account)
        with suppress(PartlyRead):  # its live reading fails, too, and tells of it
            async for page in in_time(connector.sweep(account, Cursor(window.start), window.end, http)):
                ids = await hub.lander.land(account, page.items, dict(page.headers), hub.now(), lane=lane)
                found += sum(i is not None for i in ids) if not page.problem else 0
                if page.window is not None:
                    counted.append(max(0, page.window.total - page.window.seen))
            left = 0
        left = sum(counted) if counted else left
        if not left:
            break
    return found, left


async def count_found(hub: SourcesHub, account: Account, found: int) -> None:
    """Orders that the source had left out and gave when it was asked again."""
    async with hub.ports.pulls() as book:
        await book.count_found(account.id, found)


async def tell_incomplete(
    hub: SourcesHub, account: Account, start: datetime, end: datetime, *, found: int, missing: int
) -> None:
    """A case: between these instants the source left orders out; so many were found, so many are still missing.

    The account has one case, which lists each stretch of time: a later one hides nothing of an earlier one.
    """
    log.warning("pull_incomplete", account=account.code, start=start.isoformat(), end=end.isoformat(), found=found,
                missing=missing)
    async with hub.ports.desk() as desk:
        directory, known = await desk.directory(), await desk.left_out(account)
        evidence = left_out.told_again(known, start, end, found=found, missing=missing)
        await desk.save(_case(hub, directory, account, "pull_incomplete", evidence), hub.now(), "pull")


async def told_whole(hub: SourcesHub, account: Account, start: datetime, end: datetime) -> None:
    """All between these instants was read again and is there: the case ends once that is so of all its stretches."""
    async with hub.ports.desk() as desk:
        directory = await desk.directory()
        evidence = left_out.completed(await desk.left_out(account), start, end)
        if evidence is None:
            return
        await desk.save(_case(hub, directory, account, "pull_incomplete", evidence), hub.now(), "pull")
        if not evidence["missing"]:
            ended = Change()
            ended.resolved.append(("pull_incomplete", account.code))
            await desk.save(ended, hub.now(), "pull")


async def tell(hub: SourcesHub, account: Account, kind: str, evidence: dict[str, Any]) -> None:
    """Open a case about the account, or see it again."""
    async with hub.ports.desk() as desk:
        await desk.save(_case(hub, await desk.directory(), account, kind, evidence), hub.now(), "pull")


def _case(hub: SourcesHub, directory: Directory, account: Account, kind: str, evidence: dict[str, Any]) -> Change:
    change = Change()
    open_case(change, directory.blueprints[directory.blueprint_active], hub.now(), kind, account.code,
              {"account": account.code, **evidence}, account_id=account.id)
    return change


async def resolve(hub: SourcesHub, kind: str, account: Account) -> None:
    """Close the account's case of a kind, if there is one."""
    change = Change()
    change.resolved.append((kind, account.code))
    async with hub.ports.desk() as desk:
        await desk.save(change, hub.now(), "pull")
