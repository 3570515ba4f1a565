"""Replay a chosen set of messages in the background: each goes through the route, with what became of it told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.jobs.shapes import Job, RowResult, Stepped
from orderloom.application.replay import StoredMessages, replay
from orderloom.application.within import Within

REPLAY_MANY = "replay_messages"
CHUNK = 50
"""Messages that go through the route together."""
IDS_MAX = 500


class ReplayAsked(msgspec.Struct, frozen=True):
    """Ids of the messages, in the order in which they go."""

    ids: tuple[str, ...]


class MessageStands(NamedTuple):
    """A message as it stands: what became of it, why it waits, and its order's number."""

    outcome: str
    reason: str
    order: str | None


class ReplayPorts(Protocol):
    """Ports of the hub."""

    @property
    def messages(self) -> Within[StoredMessages]: ...
    async def standing(self, ids: Sequence[str]) -> Mapping[str, MessageStands]:
        """Those of them that whoever is being answered sees."""


class MessageHandler(Protocol):
    """Takes messages through the route."""

    @property
    def handle_these(self) -> Callable[[Sequence[str]], Awaitable[int]]: ...


class ReplayManyHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> ReplayPorts: ...
    @property
    def handler(self) -> MessageHandler: ...


async def replay_many(hub: ReplayManyHub, job: Job) -> Stepped:
    """One step: the next fifty messages. A step that is taken twice replays them twice, which changes nothing."""
    asked = msgspec.json.decode(job.asked, type=ReplayAsked)
    chunk = asked.ids[job.done : job.done + CHUNK]
    before = await hub.ports.standing(chunk)
    queued = await replay(hub.ports.messages, [one for one in chunk if one in before], job.caller.actor, hub.now())
    going = [*queued, *(one for one in chunk if one in before and before[one].outcome == "pending")]
    if going:
        await hub.handler.handle_these(going)
    after = await hub.ports.standing(going)
    rows = [_row(one, before.get(one), after.get(one)) for one in chunk]
    return Stepped(rows=rows, total=len(asked.ids), is_over=job.done + len(chunk) >= len(asked.ids))


def _row(message: str, before: MessageStands | None, after: MessageStands | None) -> RowResult:
    """What became of one; what waits again is told with the reason for which it does."""
    if before is None:
        return RowResult(message, "refused", "not_found")
    if after is None:
        is_apart = before.outcome == "quarantined"
        return RowResult(message, "refused" if is_apart else "unchanged", before.outcome)
    if after.outcome == "normalised":
        return RowResult(message, "done", "", {"order": after.order} if after.order else {})
    return RowResult(message, "done" if after.outcome == "pending" else "refused", after.reason or after.outcome)
