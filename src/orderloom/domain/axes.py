"""The six axes of an order, derived from its state: nothing writes them but this."""

from __future__ import annotations

from typing import NamedTuple

from orderloom.domain.order import Order
from orderloom.domain.phase import derive_phase

_WORK_PROGRESS = ("allocated", "recalling", "released", "picking", "packed", "handed_over")
_PARCEL_PROGRESS = ("label_ready", "collected", "in_transit", "out_for_delivery", "delivered")
_PARCEL_TROUBLE = ("lost", "returned", "returning", "exception")


class Axes(NamedTuple):
    """One value of each closed set of `domain/phase.py`, and the phase they add up to."""

    intake: str
    payment: str
    fulfilment: str
    parcel: str
    after_sales: str
    holds: str
    phase: str


def axes_of(order: Order) -> Axes:
    """Derive them; the least advanced work and parcel speak for all, and trouble with one is trouble."""
    fulfilment = _fulfilment(order)
    parcel = _parcel(order)
    holds = "none"
    for h in order.holds:
        if h.released_at is None:
            holds = "amending" if h.type == "change_pending" and holds == "none" else "held"
    phase = derive_phase("normalised", order.payment, fulfilment, parcel, "none", holds)
    return Axes("normalised", order.payment, fulfilment, parcel, "none", holds, phase)


def _fulfilment(order: Order) -> str:
    if order.is_cancelled and not order.parcels:
        return "cancelled"
    live = [w.state for w in order.works if w.state != "cancelled"]
    if order.is_short and not live:
        return "short"
    if not live:
        return "planned" if any(h.state == "active" and h.kind == "allocation" for h in order.stock_holds) else "none"
    state = min(live, key=_WORK_PROGRESS.index) if len(live) > 1 else live[0]
    return "released" if state == "recalling" else state


def _parcel(order: Order) -> str:
    if not order.parcels:
        return "none"
    states = [p.state for p in order.parcels]
    for trouble in _PARCEL_TROUBLE:
        if trouble in states:
            return trouble
    return min(states, key=_PARCEL_PROGRESS.index)
