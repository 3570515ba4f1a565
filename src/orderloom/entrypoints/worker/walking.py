"""Walk through a source's past beside the live pull: the orders from before the connection, and a second sweep.

Each walk has a place of its own, so it goes on where it stood when it was killed, and it delays no live order: it waits
between its calls, and what a backfill lands is handled after everything live.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import NamedTuple

from orderloom.adapters.db.statements import statement
from orderloom.adapters.manifests import manifests
from orderloom.application.ports import Account, Cursor, Page, PastReader
from orderloom.bootstrap import Hub
from orderloom.entrypoints.worker.delivering import rate_of
from orderloom.entrypoints.worker.pulling import CLOCK_TOLERANCE, FIRST_LOOK_BACK, LEASE, back_off, why_failed
from orderloom.entrypoints.worker.reading import Counted, count_found, read, tell_incomplete, told_whole

BACKFILL, SWEEP = "backfill", "sweep"
RETRY_SECONDS = 30.0
WAIT_MAX = timedelta(hours=24)
"""No walk is put off for longer; one that seems to be was put off by a clock that ran ahead."""


class DueWalk(NamedTuple):
    """A walk that is to go on: which, from where, up to where, and how often it failed in a row."""

    account: Account
    kind: str
    scope: str
    cursor: Cursor
    until: datetime
    failures: int


class Walker:
    """Takes every walk a step further, each in a task of its own."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._busy: dict[tuple[int, str], asyncio.Task[None]] = {}

    async def step(self) -> int:
        """Start the walks that are due; returns how many were started."""
        for key, task in list(self._busy.items()):
            if task.done():
                del self._busy[key]
                task.result()
        started = 0
        for due in await _due(self._hub):
            key = (due.account.id, due.kind)
            if key not in self._busy:
                self._busy[key] = asyncio.create_task(_walk(self._hub, due))
                started += 1
        return started


async def walk_step(hub: Hub) -> None:
    """Take every walk that is due as far as it goes now, and wait for all of them."""
    await asyncio.gather(*[_walk(hub, due) for due in await _due(hub)])


async def _due(hub: Hub) -> list[DueWalk]:
    at = hub.now()
    async with hub.pool.connection() as connection:
        rows = await connection.execute(statement("pulling", "take_walks"), {
            "at": at, "lease_until": at + LEASE, "again": at - FIRST_LOOK_BACK, "latest": at + CLOCK_TOLERANCE,
            "due_latest": at + WAIT_MAX, "lease_latest": at + LEASE + CLOCK_TOLERANCE,
        })
        taken = await rows.fetchall()
    directory = await hub.directory()
    found = []
    for account_id, kind, scope, until, place, key, failures, live_at in taken:
        account = directory.accounts.get(account_id)
        if account is not None:
            end = until if kind == BACKFILL else min(at - _swept_after(account), live_at or at)
            found.append(DueWalk(account, kind, scope, Cursor(place, key), end, failures))
    return found


async def _walk(hub: Hub, step: DueWalk) -> None:
    error, wait = "", 0.0
    try:
        if step.cursor.at < step.until:
            await _read(hub, step)
    except Exception as failed:
        error, wait = why_failed(failed, step.account)
    await _end(hub, step, error, wait)


async def _read(hub: Hub, step: DueWalk) -> None:
    """Read on. What a sweep finds, or finds missing, is told page by page: one that fails or dies has told so far."""
    found = missing = 0

    async def keep(place: Cursor | None, counted: Counted) -> None:
        nonlocal found, missing
        found, missing = found + counted.found, missing + counted.missing
        if step.kind == SWEEP and (counted.found or counted.missing):
            await count_found(hub, step.account, counted.found)
            await tell_incomplete(hub, step.account, step.cursor.at, step.until, found=found, missing=missing)
        given = {"account": step.account.id, "kind": step.kind, "landed": counted.landed,
                 "lease_until": hub.now() + LEASE}
        async with hub.pool.connection() as connection:
            if place is None:
                await connection.execute(statement("pulling", "count_walk"), given)
            else:
                await connection.execute(statement("pulling", "move_walk"), {
                    **given, "cursor_at": place.at, "key": place.key,
                })
        await asyncio.sleep(pause_seconds(step.account))

    lane = BACKFILL if step.kind == BACKFILL else "live"
    await read(hub, step.account, _pages(hub, step), keep, lane=lane, is_again=step.kind == SWEEP)
    if not missing and step.scope != "open":
        await told_whole(hub, step.account, step.cursor.at, step.until)


def _pages(hub: Hub, step: DueWalk) -> AsyncIterator[Page]:
    connector, http = hub.connectors[step.account.connector], hub.outside.client(step.account)
    if not isinstance(connector, PastReader):
        return connector.pull(step.account, step.cursor, step.until, http)
    way = connector.backfill if step.scope == "open" else connector.sweep
    return way(step.account, step.cursor, step.until, http)


def pause_seconds(account: Account) -> float:
    """How long a walk waits after each page: it leaves half of the platform's rate to everything live."""
    own = account.settings.get("backfill_pause_seconds")
    return float(own) if own else 2 / rate_of(account, manifests()[account.connector]).per_second


def _swept_after(account: Account) -> timedelta:
    pull = manifests()[account.connector].pull
    return timedelta(seconds=float(account.settings.get("sweep_after_seconds") or pull.sweep_after_seconds))


async def _end(hub: Hub, step: DueWalk, error: str, wait: float) -> None:
    at, failures = hub.now(), step.failures + 1 if error else 0
    pull = manifests()[step.account.connector].pull
    every = float(step.account.settings.get("sweep_every_seconds") or pull.sweep_every_seconds)
    seconds = back_off(RETRY_SECONDS, failures, wait) if error else every if step.kind == SWEEP else RETRY_SECONDS
    async with hub.pool.connection() as connection:
        await connection.execute(statement("pulling", "end_walk"), {
            "due_at": at + timedelta(seconds=min(seconds, WAIT_MAX.total_seconds())), "failures": failures,
            "error": error[:500], "at": at, "account": step.account.id, "kind": step.kind,
        })
