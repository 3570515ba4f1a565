"""What whoever commands goes by: the preview that they saw, the version of the order, the key of a call that may be
repeated. It is held against what is there in the very transaction that does what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.batch import BatchView
from orderloom.application.change import Change
from orderloom.application.commands import AnyCommand, Decided, Outcome
from orderloom.application.preview import PreviewStale, preview_of


class Expected(msgspec.Struct, frozen=True):
    """`token`: of the preview. `version`: facts of the order that were seen, and `touches`: those kinds of facts that
    make a later one matter. `key`: a repeated call counts once, when `digest` says that the same is asked."""

    token: str = ""
    version: int | None = None
    touches: tuple[str, ...] = ()
    key: str = ""
    digest: bytes = b""


class MovedOn(Exception):
    """What the command is about has changed since the version that was looked at; nothing was done."""

    quotes_nothing = True

    def __init__(self, order_id: str, since: int, version: int) -> None:
        super().__init__("changed_meanwhile")
        self.order_id, self.since, self.version = order_id, since, version


class Remembers(Protocol):
    """What is asked of the transaction."""

    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None:
        """Digest and order of the call that had this key."""
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def has_facts_since(self, order_id: str, seq: int, kinds: Sequence[str]) -> bool: ...


async def met(
    work: Remembers, world: BatchView, batch: Sequence[AnyCommand], change: Change, decided: Sequence[Decided],
    expected: Expected,
) -> list[Outcome]:
    """Outcomes when the call was made before; none: what was decided may be written. Raises MovedOn, and PreviewStale
    when doing it would end otherwise than was looked at."""
    if expected.key and (known := await work.done_before(expected.key, batch[0].actor.name)):
        digest, order_id = known
        one = Outcome(order_id, particulars={"moot": "yes"}) if digest == expected.digest else Outcome(
            order_id, "call_key_used")
        return [one for _ in batch]
    order, seen = world.orders.get(getattr(batch[0], "order_id", "")), expected.version
    before = change.orders[order.id][0] if order is not None and order.id in change.orders else order
    if before is not None and seen is not None and before.event_count > seen and (
        await work.has_facts_since(before.id, seen, expected.touches)
    ):
        raise MovedOn(before.id, seen, before.event_count)
    if expected.token:
        now = preview_of(world, change, decided, world.at, names_of(world))
        if now.token != expected.token:
            raise PreviewStale(now)
    done = [one for one in decided if isinstance(one, Outcome) and not one.refusal]
    if expected.key and len(done) == len(decided):
        by = batch[0].actor.name
        await work.remember_call(expected.key, by, expected.digest, done[0].order_id or "", world.at)
    return []


def names_of(world: BatchView) -> Mapping[str, str]:
    """Numbers of the orders at hand, by id."""
    return {order.id: order.number for order in world.orders.values()}
