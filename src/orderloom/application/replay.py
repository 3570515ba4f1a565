"""Take stored messages through the route again: those that a person names, or all that are parked for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from orderloom.application.within import Within

REPLAY_MAX = 100_000


class StoredMessages(Protocol):
    """Where messages are queued, in one transaction."""

    async def requeue(self, ids: Sequence[str], by: str, at: datetime) -> list[str]: ...
    async def requeue_parked(self, reason: str, limit: int) -> list[str]: ...
    async def requeue_met(self, limit: int) -> list[str]: ...


async def replay(within: Within[StoredMessages], ids: Sequence[str], by: str, at: datetime) -> list[str]:
    """These, discarded ones too (`by` brings them back); returns those that go through again. Quarantined never do."""
    async with within() as messages:
        return await messages.requeue(ids, by, at)


async def replay_parked(within: Within[StoredMessages], reason: str = "", limit: int = REPLAY_MAX) -> list[str]:
    """Parked ones of a reason, or of any, oldest first."""
    async with within() as messages:
        return await messages.requeue_parked(reason, limit)


async def replay_met(within: Within[StoredMessages], limit: int = REPLAY_MAX) -> list[str]:
    """Those that wait for an order that is there by now: two workers with one each at one moment saw neither."""
    async with within() as messages:
        return await messages.requeue_met(limit)
