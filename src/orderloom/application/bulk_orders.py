"""Do the same to many orders: each of them by the very commands that one order takes, with a result of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal, Protocol

import msgspec

from orderloom.application import commands as c
from orderloom.application.jobs.shapes import Job, RowResult, Stepped
from orderloom.application.not_kept import NotKept
from orderloom.domain.actor import Actor
from orderloom.domain.order import Hold, Order

BULK = "bulk_orders"
CHUNK = 50
"""Orders in one transaction: they are locked for that moment."""
IDS_MAX = 500
Verb = Literal["hold", "release", "cancel"]


class BulkAsked(msgspec.Struct, frozen=True):
    """What is to be done, and to which orders, by id."""

    verb: Verb
    ids: tuple[str, ...]
    reason: str
    hold_type: str = "manual"


class OrderPorts(Protocol):
    """Ports of the hub."""

    async def orders(self, ids: Sequence[str]) -> list[Order]: ...


class BulkHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> OrderPorts: ...
    async def handle(self, commands: Sequence[c.AnyCommand]) -> list[c.Outcome]: ...


async def bulk_orders(hub: BulkHub, job: Job) -> Stepped:
    """One step: the next fifty orders, together or not at all."""
    asked = msgspec.json.decode(job.asked, type=BulkAsked)
    if asked.verb == "hold" and not job.caller.may("orders:hold"):
        raise NotKept("not_possible", "发起人已没有权限 orders:hold", "who asked for it has orders:hold no more")
    chunk = asked.ids[job.done : job.done + CHUNK]
    orders = {order.id: order for order in await hub.ports.orders(chunk)}
    wishes = [(order_id, command) for order_id in chunk if order_id in orders
              for command in wished(orders[order_id], asked, job.caller.doer)]
    outcomes = await hub.handle([command for _, command in wishes]) if wishes else []
    became = {order_id: [outcome for _, outcome in some] for order_id, some in groupby(
        zip([order_id for order_id, _ in wishes], outcomes, strict=True), key=lambda pair: pair[0])}
    rows = [_row(order_id, orders.get(order_id), became.get(order_id, [])) for order_id in chunk]
    return Stepped(rows=rows, total=len(asked.ids), is_over=job.done + len(chunk) >= len(asked.ids))


def wished(order: Order, asked: BulkAsked, actor: Actor) -> list[c.AnyCommand]:
    """The commands that do it to one order; none when there is nothing to do there."""
    return WISHES[asked.verb](order, asked, actor)


def _held(order: Order, asked: BulkAsked, actor: Actor) -> list[c.AnyCommand]:
    if any(hold.type == asked.hold_type for hold in _standing(order)):
        return []
    return [c.PlaceHold(actor=actor, order_id=order.id, type=asked.hold_type, reason=asked.reason)]


def _released(order: Order, asked: BulkAsked, actor: Actor) -> list[c.AnyCommand]:
    return [c.ReleaseHold(actor=actor, order_id=order.id, hold_no=hold.no, reason=asked.reason)
            for hold in _standing(order)]


def _cancelled(order: Order, asked: BulkAsked, actor: Actor) -> list[c.AnyCommand]:
    return [c.CancelOrder(actor=actor, order_id=order.id, reason=asked.reason)]


WISHES: Mapping[Verb, Callable[[Order, BulkAsked, Actor], list[c.AnyCommand]]] = {
    "hold": _held, "release": _released, "cancel": _cancelled,
}


def _standing(order: Order) -> list[Hold]:
    return [hold for hold in order.holds if hold.released_at is None]


def _row(order_id: str, order: Order | None, outcomes: list[c.Outcome]) -> RowResult:
    """A refusal of one command refuses the row, and says which part of it was not done."""
    if order is None:
        return RowResult(order_id, "refused", "no_such_order")
    refused = next((outcome for outcome in outcomes if outcome.refusal), None)
    if refused is not None:
        return RowResult(order.number, "refused", refused.refusal, dict(refused.particulars))
    return RowResult(order.number, "done" if outcomes else "unchanged")
