"""Set units free that are bound for nobody, on somebody's word: exactly those that were looked at, and only while they
still are. Of an order its log tells it; what no order holds is a line of the ledger alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Annotated, Protocol

import msgspec

from orderloom.application import commands as c
from orderloom.application.change import Change
from orderloom.application.find_leaks import KIND, Leak
from orderloom.application.journey import Journey
from orderloom.application.ports import Raced
from orderloom.application.reserve import give_back, has_too_much
from orderloom.domain.actor import Actor
from orderloom.domain.inventory.leak import BoundSums, even, freed, is_below, why_leaked
from orderloom.domain.inventory.level import Level, Movement
from orderloom.domain.inventory.moves import StockWord
from orderloom.domain.order import StockBinding
from orderloom.domain.refusal import Refusal

TRIES_MAX = 8
OF_ORDERS = ("order_cancelled", "order_out")
Key = tuple[int, int]
"""(SKU id, warehouse id)"""
Text = Annotated[str, msgspec.Meta(max_length=200)]


class LeakSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A leak as it was looked at, and why it may go. `order_id` and `hold_no` name the binding; empty and 0 where no
    order holds the units (`not_held`)."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    why: Annotated[str, msgspec.Meta(max_length=40)]
    kind: Annotated[str, msgspec.Meta(max_length=40)]
    quantity: Annotated[int, msgspec.Meta(ge=-2_147_483_647, le=2_147_483_647)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    order_id: Text = ""
    hold_no: Annotated[int, msgspec.Meta(ge=0, le=32_767)] = 0

    def is_of(self, leak: Leak) -> bool:
        """Whether that is the one that was looked at; it may hold other quantities by now."""
        return (self.warehouse, self.why, self.kind, self.order_id, self.hold_no) == (
            leak.warehouse, leak.why, leak.kind, leak.order_id, leak.hold_no)


class Orphan(msgspec.Struct, frozen=True):
    """What an order that is gone held."""

    quantity: int
    kind: str
    quota: str


class LeakLedger(Protocol):
    """Levels, what makes them up, and bindings that no order has."""

    async def level(self, sku_id: int, warehouse_id: int) -> Level: ...
    async def bound_sums(self, level: Level) -> BoundSums: ...
    async def put_right(self, level: Level, kind: str, units: int) -> None: ...
    async def orphan(self, level: Level, order_id: str, hold_no: int) -> Orphan | None:
        """What an order that is gone holds of the level; None when it is there, or holds nothing."""
    async def free_orphan(self, order_id: str, hold_no: int) -> None: ...


class LeakWork(Protocol):
    """The transaction of a compensation that is no order's."""

    @property
    def ledger(self) -> LeakLedger: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


Begin = Callable[[], AbstractAsyncContextManager[LeakWork]]
Handle = Callable[[Sequence[c.AnyCommand]], Awaitable[list[c.Outcome]]]
Leaks = Callable[[], Awaitable[list[Leak]]]
"""The leaks of the SKU as they are now, those that whoever asks sees."""


def compensate_leak(j: Journey, command: c.CompensateLeak) -> Refusal | None:
    """Give back one binding of an order that nobody needs any more; refused while somebody may."""
    binding = next((b for b in j.order.bindings if b.no == command.hold_no), None)
    if binding is None or not why_leaked(j.order, binding) or _is_needed(j, binding):
        return Refusal("no_leak", {"order": j.order.number})
    level = j.world.levels[binding.sku_id, binding.warehouse_id]
    if is_below(level, binding.kind.value, binding.quantity):
        return Refusal("level_first", {"order": j.order.number})
    give_back(j, (binding,), f"leaked: {command.reason}")
    return None


async def free_leak(
    begin: Begin, handle: Handle, leaks: Leaks, seen: LeakSeen, key: Key, actor: Actor, at: datetime, call: str,
) -> list[Leak] | Refusal:
    """Free what was looked at; returns what is left of the SKU. `key`: ids of its SKU and warehouse; `call`: names this
    call alone. The case of the place closes with its last leak."""
    if not any(map(seen.is_of, await leaks())):
        return Refusal("no_leak", {})
    if (refusal := await _free(begin, handle, seen, key, actor, at, call)) is not None:
        return refusal
    left = await leaks()
    if not any(leak.warehouse == seen.warehouse for leak in left):
        change = Change()
        change.resolved.append((KIND, f"{seen.sku}@{seen.warehouse}"))
        async with begin() as work:
            await work.save(change, at, actor.name)
    return left


async def _free(
    begin: Begin, handle: Handle, seen: LeakSeen, key: Key, actor: Actor, at: datetime, call: str,
) -> Refusal | None:
    if seen.why in OF_ORDERS:
        (done,) = await handle([c.CompensateLeak(
            actor=actor, order_id=seen.order_id, hold_no=seen.hold_no, reason=seen.reason)])
        return Refusal(done.refusal, done.particulars) if done.refusal else None
    cause = f"leak/{seen.order_id}/{seen.hold_no}" if seen.order_id else f"leak/{call}"
    for _ in range(TRIES_MAX):
        try:
            async with begin() as work:
                return await _freed(work, seen, key, StockWord(cause, seen.reason, actor.name, at))
        except Raced:
            continue
    raise Raced(f"a leak lost {TRIES_MAX} races in a row")


def _is_needed(j: Journey, binding: StockBinding) -> bool:
    """Of goods that are to be sent again more is needed than the lines say."""
    return not j.order.is_cancelled and not has_too_much(j, {binding.line_no})


async def _freed(work: LeakWork, seen: LeakSeen, key: Key, said: StockWord) -> Refusal | None:
    level = await work.ledger.level(*key)
    change = Change()
    free = _orphan if seen.why == "order_gone" else _difference
    line = await free(work.ledger, change, level, seen, said)
    if isinstance(line, Refusal):
        return line
    change.movements.append(line)
    await work.save(change, said.at, said.actor)
    return None


async def _orphan(
    ledger: LeakLedger, change: Change, level: Level, seen: LeakSeen, said: StockWord,
) -> Movement | Refusal:
    orphan = await ledger.orphan(level, seen.order_id, seen.hold_no)
    if orphan is None:
        return Refusal("no_leak", {})
    line = freed(level, orphan.kind, orphan.quantity, said)
    if isinstance(line, Movement):
        await ledger.free_orphan(seen.order_id, seen.hold_no)
        if orphan.quota:  # the quota fills up by itself from what is free
            change.quotas[orphan.quota] = [0, -orphan.quantity]
    return line


async def _difference(
    ledger: LeakLedger, change: Change, level: Level, seen: LeakSeen, said: StockWord,
) -> Movement | Refusal:
    found = even(level, await ledger.bound_sums(level), seen.kind, seen.quantity, said)
    if isinstance(found, Refusal):
        return found
    await ledger.put_right(level, seen.kind, found.booked)
    return found.movement
