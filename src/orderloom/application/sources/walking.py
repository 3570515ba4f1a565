"""Walk through a source's past beside the live pull: the orders from before the connection, and a second sweep.

Each walk has a place of its own, so it goes on where it stood when it was killed, and it delays no live order: it waits
between its calls, and what a backfill lands is handled after everything live.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import NamedTuple

from orderloom.application.ports import Account, Cursor, Page, PastReader
from orderloom.application.sending import rate_of
from orderloom.application.sources.hub import SourcesHub
from orderloom.application.sources.pulling import LEASE, WAIT_MAX, back_off, lease_at, why_failed
from orderloom.application.sources.reading import Counted, count_found, read, tell_incomplete, told_whole
from orderloom.application.sources.tasks import Tasks

BACKFILL, SWEEP = "backfill", "sweep"
RETRY_SECONDS = 30.0


class DueWalk(NamedTuple):
    """A walk that is to go on: which, from where, up to where, and how often it failed in a row."""

    account: Account
    kind: str
    scope: str
    cursor: Cursor
    until: datetime
    failures: int
    live_at: datetime | None


class Walker:
    """Takes every walk a step further, each in a task of its own."""

    def __init__(self, hub: SourcesHub) -> None:
        self._hub = hub
        self._busy = Tasks[tuple[int, str], None]()
        self.drain = self._busy.drain

    async def step(self) -> int:
        """Start the walks that are due; returns how many were started."""
        self._busy.forget_ended()
        started = 0
        for due in await _due(self._hub):
            key = (due.account.id, due.kind)
            if key not in self._busy:
                self._busy[key] = asyncio.create_task(_walk(self._hub, due))
                started += 1
        return started


async def walk_step(hub: SourcesHub) -> None:
    """Take every walk that is due as far as it goes now, and wait for all of them."""
    await asyncio.gather(*[_walk(hub, due) for due in await _due(hub)])


async def _due(hub: SourcesHub) -> list[DueWalk]:
    at = hub.now()
    async with hub.ports.pulls() as book:
        taken = await book.take_walks(lease_at(at))
    directory = await hub.directory()
    found = []
    for walk in taken:
        account = directory.accounts.get(walk.account_id)
        if account is not None:
            swept_to = min(at - _swept_after(hub, account), walk.live_at or at)
            end = walk.until if walk.kind == BACKFILL else swept_to
            found.append(DueWalk(account, walk.kind, walk.scope, walk.cursor, end, walk.failures, walk.live_at))
    return found


async def _walk(hub: SourcesHub, step: DueWalk) -> None:
    error, wait = "", 0.0
    try:
        if step.cursor.at < step.until:
            await _read(hub, step)
    except Exception as failed:
        error, wait = why_failed(failed, step.account)
    await _end(hub, step, error, wait)


async def _read(hub: SourcesHub, step: DueWalk) -> None:
    """Read on. What a sweep finds, or finds missing, is told page by page: one that fails or dies has told so far."""
    found = missing = 0

    async def keep(place: Cursor | None, counted: Counted) -> None:
        nonlocal found, missing
        found, missing = found + counted.found, missing + counted.missing
        if step.kind == SWEEP and (counted.found or counted.missing):
            await count_found(hub, step.account, counted.found)
            await tell_incomplete(hub, step.account, step.cursor.at, step.until, found=found, missing=missing)
        async with hub.ports.pulls() as book:
            await book.move_walk(step.account.id, step.kind, place, counted.landed, hub.now() + LEASE)
        await asyncio.sleep(pause_seconds(hub, step.account))

    lane = BACKFILL if step.kind == BACKFILL else "live"
    is_again = step.kind == SWEEP
    await read(hub, step.account, _pages(hub, step), keep, lane=lane, is_again=is_again, live_at=step.live_at)
    if not missing and step.scope != "open":
        await told_whole(hub, step.account, step.cursor.at, step.until)


def _pages(hub: SourcesHub, step: DueWalk) -> AsyncIterator[Page]:
    connector, http = hub.connectors[step.account.connector], hub.outside.client(step.account)
    if not isinstance(connector, PastReader):
        return connector.pull(step.account, step.cursor, step.until, http)
    way = connector.backfill if step.scope == "open" else connector.sweep
    return way(step.account, step.cursor, step.until, http)


def pause_seconds(hub: SourcesHub, account: Account) -> float:
    """How long a walk waits after each page: it leaves half of the platform's rate to everything live."""
    own = account.settings.get("backfill_pause_seconds")
    return float(own) if own else 2 / rate_of(account, hub.manifests[account.connector]).per_second


def _swept_after(hub: SourcesHub, account: Account) -> timedelta:
    pull = hub.manifests[account.connector].pull
    return timedelta(seconds=float(account.settings.get("sweep_after_seconds") or pull.sweep_after_seconds))


async def _end(hub: SourcesHub, step: DueWalk, error: str, wait: float) -> None:
    at, failures = hub.now(), step.failures + 1 if error else 0
    pull = hub.manifests[step.account.connector].pull
    every = float(step.account.settings.get("sweep_every_seconds") or pull.sweep_every_seconds)
    seconds = back_off(RETRY_SECONDS, failures, wait) if error else every if step.kind == SWEEP else RETRY_SECONDS
    due_at = at + timedelta(seconds=min(seconds, WAIT_MAX.total_seconds()))
    async with hub.ports.pulls() as book:
        await book.end_walk(step.account.id, step.kind, due_at, failures, error[:500], at)
