"""Units that are bound for nobody: whether they still are, and the line that frees them."""

from __future__ import annotations

import msgspec

from orderloom.domain.inventory.level import Level, Movement
from orderloom.domain.inventory.moves import StockWord
from orderloom.domain.order import Order, StockBinding
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import BindingKind, BindingState


class BoundSums(msgspec.Struct, frozen=True):
    """Of a level, by the kind of binding: units that its ledger adds up to, and that living orders' bindings hold."""

    booked_reserved: int
    booked_allocated: int
    held_reserved: int
    held_allocated: int


class Evened(msgspec.Struct, frozen=True):
    """The line that makes a ledger say what is held, and what the level has to say before it is added."""

    booked: int
    movement: Movement


def why_leaked(order: Order, binding: StockBinding) -> str:
    """`order_cancelled` or `order_out` when nobody needs the units any more; empty while somebody may."""
    if binding.state is not BindingState.ACTIVE or any(not work.state.is_ended for work in order.works):
        return ""
    if order.is_cancelled:
        return "order_cancelled"
    is_out = any(line.no == binding.line_no and line.shipped >= line.ordered - line.cancelled for line in order.lines)
    return "order_out" if is_out else ""


def even(level: Level, sums: BoundSums, kind: str, quantity: int, said: StockWord) -> Evened | Refusal:
    """What makes a level say what orders hold. `quantity`: the difference as it was seen; another one is refused, and
    so is none. Where the level alone is wrong the line moves nothing: it says who put it right, and why."""
    is_reservation = kind == BindingKind.RESERVATION.value
    now, booked, held = (
        (level.reserved, sums.booked_reserved, sums.held_reserved) if is_reservation
        else (level.allocated, sums.booked_allocated, sums.held_allocated))
    if now == held:
        return Refusal("no_leak", {})
    if now - held != quantity:
        return Refusal("leak_changed", {"quantity": str(now - held)})
    return Evened(booked, _line(level, "adjust", kind, held - booked, said))


def freed(level: Level, kind: str, quantity: int, said: StockWord) -> Movement | Refusal:
    """The line that gives back what an order held that is gone."""
    if is_below(level, kind, quantity):
        return Refusal("level_first", {})
    return _line(level, "release", kind, -quantity, said)


def is_below(level: Level, kind: str, quantity: int) -> bool:
    """Whether the level says that fewer are bound than are to be freed: then the level has to be put right first."""
    return (level.reserved if kind == BindingKind.RESERVATION.value else level.allocated) < quantity


def _line(level: Level, verb: str, kind: str, units: int, said: StockWord) -> Movement:
    is_reservation = kind == BindingKind.RESERVATION.value
    return Movement(
        level.sku_id, level.warehouse_id, verb, said.cause, said.reason, said.actor, said.at,
        reserved=units if is_reservation else 0, allocated=0 if is_reservation else units)
