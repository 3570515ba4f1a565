"""Acknowledge what one was told: nobody else is told of it any more, and of what left in the same message neither."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within


class ToldMessages(Protocol):
    """Where messages are kept, in one transaction."""

    async def acknowledge(self, message_id: str, by: str, at: datetime) -> int | None:
        """How many things were acknowledged; None when there is no such message."""


class Acknowledged(msgspec.Struct, frozen=True):
    """The message, and of how many things in it nobody had said before that they heard."""

    id: str
    acknowledged: int


async def acknowledge(within: Within[ToldMessages], message_id: str, by: str, at: datetime) -> Acknowledged:
    """Say that one has heard. To say it twice changes nothing. Raises NotKept."""
    async with within() as messages:
        count = await messages.acknowledge(message_id, by, at)
    if count is None:
        raise NotKept("not_found", f"没有通知 {message_id}", f"there is no notification {message_id}")
    return Acknowledged(message_id, count)
