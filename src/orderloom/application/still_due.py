"""Does a deadline still matter? DeadlineAsked when it fires, and by whoever shows an order what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from orderloom.application.directory import Directory
from orderloom.domain.order import Order
from orderloom.domain.states import BindingKind, ParcelState, PaymentState, WorkState
from orderloom.domain.waybill import UNNAMED


class DeadlineAsked(msgspec.Struct, frozen=True):
    """A deadline of an order: `of` is what it is about, a stage, a work's number, a parcel's or hold's."""

    order: Order
    directory: Directory
    of: str
    due_at: datetime


def _unpaid_stock(asked: DeadlineAsked) -> bool:
    """Still unpaid, and still holding stock or a place in a presale."""
    order = asked.order
    return order.payment is PaymentState.UNPAID and bool(
        order.active_stock(BindingKind.RESERVATION) or order.active_stock(BindingKind.PRESALE))


def _unpaid(asked: DeadlineAsked) -> bool:
    return asked.order.payment is PaymentState.UNPAID and not asked.order.is_cancelled


def _in_the_stage(asked: DeadlineAsked) -> bool:
    """Still in the stage, since before the deadline was set."""
    stage = asked.directory.blueprints[asked.order.blueprint].lifecycle.stages.get(asked.of)
    if asked.order.stage != asked.of or stage is None or stage.limit_seconds is None:
        return False
    return (asked.due_at - asked.order.staged_at).total_seconds() >= stage.limit_seconds


def _unheard(asked: DeadlineAsked) -> bool:
    """The warehouse has said nothing of the work since it was told."""
    work = asked.order.work_by_number(asked.of)
    if work is None or work.state not in (WorkState.RELEASED, WorkState.ALLOCATED):
        return False
    systems = {a.code for a in asked.directory.accounts.values() if a.id == work.account_id}
    return not any(c.system in systems and c.work in ("", work.number) for c in asked.order.claims)


def _unanswered(asked: DeadlineAsked) -> bool:
    """The same of a warehouse's system, and nothing of the work is known to be out by another's word."""
    work = asked.order.work_by_number(asked.of)
    return _unheard(asked) and work is not None and work.account_id is not None and not any(
        p.holds_work(work.seq) for p in asked.order.parcels)


def _unnamed(asked: DeadlineAsked) -> bool:
    return any(p.waybill == f"{UNNAMED}{asked.of}" for p in asked.order.parcels)


def _not_collected(asked: DeadlineAsked) -> bool:
    return any(str(p.no) == asked.of and p.state is ParcelState.LABEL_READY for p in asked.order.parcels)


def _stalled(asked: DeadlineAsked) -> bool:
    """No scan since the deadline was set."""
    channel = asked.directory.accounts[asked.order.account_id].connector
    rule = asked.directory.blueprints[asked.order.blueprint].deadline("carrier_stalled", channel)
    return rule is not None and any(
        str(p.no) == asked.of and not p.state.is_final and not p.is_replaced
        and (asked.due_at - p.heard_at).total_seconds() >= rule.after_seconds
        for p in asked.order.parcels
    )


def _held(asked: DeadlineAsked) -> bool:
    return any(str(h.no) == asked.of and h.released_at is None for h in asked.order.holds)


CONDITIONS: dict[str, Callable[[DeadlineAsked], bool]] = {
    "reservation": _unpaid_stock,
    "unpaid_closed": _unpaid,
    "stage_overdue": _in_the_stage,
    "downstream_missing": _unheard,
    "work_unanswered": _unanswered,
    "waybill_missing": _unnamed,
    "out_without_collection": _not_collected,
    "carrier_stalled": _stalled,
    "hold_expired": _held,
}
"""Deadline kind → does it still matter? Every kind that anything sets must be here."""
