"""Take chosen orders through the mapping again in the background: the messages that each was made of, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.jobs.shapes import Job, RowResult, Stepped
from orderloom.application.replay import StoredMessages, replay
from orderloom.application.replay_many import MessageHandler, MessageStands
from orderloom.application.within import Within
from orderloom.domain.order import Order

REPLAY_ORDERS = "replay_orders"
CHUNK = 10
"""Orders of one step."""


class ReplayOrdersAsked(msgspec.Struct, frozen=True):
    """Ids of the orders."""

    ids: tuple[str, ...]


class OrderReplayPorts(Protocol):
    """Ports of the hub."""

    @property
    def messages(self) -> Within[StoredMessages]: ...
    async def orders(self, ids: Sequence[str]) -> list[Order]: ...
    async def messages_of(self, orders: Sequence[str]) -> Mapping[str, Sequence[str]]: ...
    async def standing(self, ids: Sequence[str]) -> Mapping[str, MessageStands]: ...


class ReplayOrdersHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> OrderReplayPorts: ...
    @property
    def handler(self) -> MessageHandler: ...


async def replay_orders(hub: ReplayOrdersHub, job: Job) -> Stepped:
    """One step: the next ten orders. A step that is taken twice replays them twice, which changes nothing."""
    asked = msgspec.json.decode(job.asked, type=ReplayOrdersAsked)
    chunk = asked.ids[job.done : job.done + CHUNK]
    before = {order.id: order for order in await hub.ports.orders(chunk)}
    made_of = await hub.ports.messages_of(list(before))
    ids = sorted(message for messages in made_of.values() for message in messages)
    if queued := await replay(hub.ports.messages, ids, job.caller.actor, hub.now()):
        await hub.handler.handle_these(queued)
    stand = await hub.ports.standing(ids)
    after = {order.id: order for order in await hub.ports.orders(list(before))}
    rows = [_row(one, before.get(one), after.get(one), [stand[m] for m in made_of.get(one, ()) if m in stand])
            for one in chunk]
    return Stepped(rows=rows, total=len(asked.ids), is_over=job.done + len(chunk) >= len(asked.ids))


def _row(order_id: str, before: Order | None, after: Order | None, stand: Sequence[MessageStands]) -> RowResult:
    """What became of one: a message of it that waits now refuses it, with the reason for which it waits."""
    if before is None or after is None:
        return RowResult(order_id, "refused", "no_such_order")
    if not stand:
        return RowResult(before.number, "unchanged", "nothing_to_replay")
    waits = [one for one in stand if one.outcome == "parked"]
    if waits:
        return RowResult(before.number, "refused", waits[0].reason, {"waits": str(len(waits))})
    return RowResult(before.number, "done" if after.event_count != before.event_count else "unchanged")
