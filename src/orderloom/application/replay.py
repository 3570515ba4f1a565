"""Take stored messages through the route again: those that a person names, or all that are parked for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from orderloom.application.within import Within

REPLAY_MAX = 100_000
"""Messages that are taken through again at once."""
MEET_WITHIN = timedelta(minutes=2)
"""How long ago two halves of a split order may have come at one moment."""


class StoredMessages(Protocol):
    """Where messages are queued, in one transaction."""

    async def requeue(self, ids: Sequence[str], by: str, at: datetime) -> list[str]: ...
    async def requeue_parked(self, reason: str, limit: int) -> list[str]: ...
    async def requeue_met(self, since: datetime, limit: int) -> list[str]: ...


async def replay(within: Within[StoredMessages], ids: Sequence[str], by: str, at: datetime) -> list[str]:
    """These, discarded ones too (`by` brings them back); returns those that go through again. Quarantined never do."""
    async with within() as messages:
        return await messages.requeue(ids, by, at)


async def replay_parked(within: Within[StoredMessages], reason: str = "", limit: int = REPLAY_MAX) -> list[str]:
    """Parked ones of a reason, or of any, oldest first."""
    async with within() as messages:
        return await messages.requeue_parked(reason, limit)


async def replay_met(within: Within[StoredMessages], at: datetime, limit: int = REPLAY_MAX) -> list[str]:
    """What two workers had one each of at one moment, so that neither saw the other: news that waits for an order which
    is there by now, and the last word on an order that was split and whose other part is there."""
    async with within() as messages:
        return await messages.requeue_met(at - MEET_WITHIN, limit)
