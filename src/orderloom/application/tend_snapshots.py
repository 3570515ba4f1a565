"""Take snapshots of stock by the clock and those that were asked for, one at a time in a process; close breakers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from orderloom.application.take_snapshot import (
    LEASE,
    SnapshotHub,
    ask_for_snapshot,
    close_breakers,
    scheduled,
    take_snapshot,
)
from orderloom.domain.actor import clock
from orderloom.domain.fault import kind_of, where

SNAPSHOT = clock("snapshot")
log = structlog.get_logger()


class SnapshotTaker:
    """A snapshot asks others, which may take minutes: it is taken beside the loop's steps."""

    def __init__(self, hub: SnapshotHub, new_id: Callable[[], str]) -> None:
        self._hub, self._new_id = hub, new_id
        self._taking: asyncio.Task[None] | None = None

    async def step(self) -> int:
        """Close what is over, and begin what is due unless one is being taken here; returns 1 when one was begun."""
        begin, at = self._hub.ports.subjects, self._hub.now()
        await close_breakers(begin, at, SNAPSHOT.name)
        if self._taking is not None and not self._taking.done():
            return 0
        await self._schedule()
        async with begin() as work:
            number = await work.snapshots.waiting(at)
            is_ours = number is not None and await work.snapshots.lease(number, at, at + LEASE)
        if number is None or not is_ours:
            return 0
        self._taking = asyncio.create_task(self._take(number))
        return 1

    async def drain(self) -> None:
        """Wait for the one that is being taken; one that is cut is taken again when its lease is over."""
        if self._taking is not None:
            await asyncio.gather(self._taking, return_exceptions=True)

    async def _schedule(self) -> None:
        at, directory = self._hub.now(), await self._hub.directory()
        active = directory.blueprints.get(directory.blueprint_active)
        due = scheduled(at, active, directory.business_zone) if active is not None else None
        if due is None:
            return
        async with self._hub.ports.subjects() as work:
            if await work.snapshots.is_there(due):
                return
        await ask_for_snapshot(self._hub.ports.subjects, SNAPSHOT.name, at, self._new_id, due)

    async def _take(self, number: str) -> None:
        try:
            await take_snapshot(self._hub, number, SNAPSHOT.name)
        except Exception as error:
            log.error("snapshot_failed", snapshot=number, error=kind_of(error), where=where(error))
