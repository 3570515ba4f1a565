"""Let a quarantined message in: an administrator answers for it, with a reason, and it goes through the route as any
other. Nothing else ever takes one out of quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from orderloom.application.discard import REASON_LENGTH_MAX, Stored
from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

REASON_LENGTH_MIN = 4


class Quarantined(Protocol):
    """Where messages wait, in one transaction."""

    async def lock(self, ids: Sequence[str]) -> list[Stored]: ...
    async def let_in(self, message_id: str, reason: str, by: str, at: datetime) -> None: ...


async def let_in(within: Within[Quarantined], message_id: str, reason: str, by: str, at: datetime) -> None:
    """Queue it behind live messages. Raises NotKept when the reason is too short, or it is not in quarantine."""
    reason = reason.strip()
    if not REASON_LENGTH_MIN <= len(reason) <= REASON_LENGTH_MAX:
        raise NotKept("wrong_value", f"reason：写明原因，{REASON_LENGTH_MIN} 到 {REASON_LENGTH_MAX} 个字",
                      f"reason: say why, in {REASON_LENGTH_MIN} to {REASON_LENGTH_MAX} characters")
    async with within() as messages:
        found = await messages.lock([message_id])
        if not found:
            raise NotKept("not_found", f"没有消息 {message_id}", f"there is no message {message_id}")
        if found[0].outcome != "quarantined":
            raise NotKept("not_quarantined", f"消息 {message_id} 不在隔离中（{found[0].outcome}）",
                          f"message {message_id} is {found[0].outcome}: it is not in quarantine")
        await messages.let_in(message_id, reason, by, at)
