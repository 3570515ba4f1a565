"""The six axes of an order, derived from its state: nothing writes them but this."""

from __future__ import annotations

from typing import NamedTuple

from orderloom.domain.counting import is_all_out
from orderloom.domain.order import Order
from orderloom.domain.phase import derive_phase
from orderloom.domain.states import AfterSaleState, BindingKind, ParcelState, WorkState

_TROUBLE = (ParcelState.LOST, ParcelState.RETURNED, ParcelState.RETURNING, ParcelState.EXCEPTION)

_AFTER_SALES = {
    AfterSaleState.ASKED: "requested", AfterSaleState.AGREED: "granted", AfterSaleState.RETURNING: "advised",
    AfterSaleState.RECEIVED: "executing", AfterSaleState.REFUSED: "declined", AfterSaleState.WITHDRAWN: "none",
    AfterSaleState.REFUNDED: "executed", AfterSaleState.DONE: "executed",
}
"""A channel's word of goods that are back is not the warehouse's: only that one makes an order `received`."""


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
    fulfilment, parcel = _fulfilment(order), _parcel(order)
    holds = "none"
    for h in order.holds:
        if h.released_at is None:
            holds = "amending" if h.type == "change_pending" and holds == "none" else "held"
    after_sales = _after_sales(order) if order.after_sales else "none"
    phase = derive_phase("normalised", order.payment, fulfilment, parcel, after_sales, holds)
    return Axes("normalised", order.payment, fulfilment, parcel, after_sales, holds, phase)


def _after_sales(order: Order) -> str:
    """The newest application that has not ended speaks for all, else the newest."""
    newest = max(order.after_sales, key=lambda one: (not one.state.is_ended, one.revision, one.external_id))
    return _AFTER_SALES[newest.state]


def _fulfilment(order: Order) -> str:
    if order.is_cancelled and not order.parcels:
        return "cancelled"
    live = [w.state for w in order.works if w.state is not WorkState.CANCELLED]
    if order.is_short and not is_all_out(order) and all(state.is_ended for state in live):
        return "short"
    if not live:
        return "planned" if order.active_stock(BindingKind.ALLOCATION) else "none"
    state = min(live, key=lambda state: state.rank) if len(live) > 1 else live[0]
    return WorkState.RELEASED if state is WorkState.RECALLING else state


def _parcel(order: Order) -> str:
    """The least advanced parcel speaks for all, and trouble with one is trouble; a replaced one says nothing more."""
    states = [p.state for p in order.parcels if not p.is_replaced] or [p.state for p in order.parcels]
    if not states:
        return "none"
    if all(state is ParcelState.RETURNED for state in states):
        return ParcelState.RETURNED
    for trouble in _TROUBLE:
        if trouble in states:
            return ParcelState.RETURNING if trouble is ParcelState.RETURNED else trouble
    return min(states, key=lambda state: state.rank)
