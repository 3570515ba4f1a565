"""When each platform last pushed something genuine: noted in memory, written down half a minute apart."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import structlog

WRITE_SECONDS = 30.0
log = structlog.get_logger()


class PushNotes(Protocol):
    """Where it is kept."""

    async def note_pushes(self, heard: Mapping[int, datetime]) -> None: ...


class LastPushes:
    """What this process heard; the first push of an account is written down at once."""

    def __init__(self, notes: PushNotes) -> None:
        self._notes = notes
        self._known: set[int] = set()
        self._new: dict[int, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def note(self, account_id: int, at: datetime) -> None:
        """A genuine push came."""
        self._new[account_id] = at
        if self._task is None or self._task.done():
            wait = WRITE_SECONDS if account_id in self._known else 0.0
            self._task = asyncio.create_task(self._write_soon(wait))
        self._known.add(account_id)

    async def write_down(self) -> None:
        """Write it down; what cannot be now is left for the next time."""
        heard, self._new = self._new, {}
        if not heard:
            return
        try:
            await self._notes.note_pushes(heard)
        except Exception as error:  # the door goes on whatever the database says; a later push says it again
            self._new = {**heard, **self._new}
            log.warning("pushes_not_noted", accounts=len(heard), why=type(error).__name__)

    async def _write_soon(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.write_down()
