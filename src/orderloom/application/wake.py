"""A deadline came due: ask its condition again, and act only when it still holds. Each fires once."""

from __future__ import annotations

from orderloom.application.commands import FireDeadline
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.states import BindingKind, ParcelState, PaymentState, WorkState
from orderloom.domain.waybill import UNNAMED


def wake(j: Journey, command: FireDeadline) -> bool:
    """Return whether the condition still held; what follows is in the order's events and cases."""
    check = CONDITIONS[command.kind]
    if not check(j, command):
        return False
    rule = j.blueprint.deadline(command.kind, j.channel)
    if rule is not None and rule.fires:
        j.happened(rule.fires, "deadline")
    if rule is not None and rule.case:
        j.open_case(rule.case, command.of, cause=_cause(j, command), due_at=command.due_at.isoformat(),
                    about=command.of)
    return True


def _cause(j: Journey, command: FireDeadline) -> str:
    """What many of these would have in common: the silent warehouse, the carrier that does not move."""
    work = j.order.work_by_number(command.of)
    if work is not None:
        return f"warehouse:{j.world.directory.warehouse(work.warehouse_id).code}"
    return next((f"carrier:{p.carrier}" for p in j.order.parcels if str(p.no) == command.of), "")


def _reservation(j: Journey, command: FireDeadline) -> bool:
    """Still unpaid and still holding stock."""
    if j.order.payment is not PaymentState.UNPAID or not j.order.active_stock(BindingKind.RESERVATION):
        return False
    j.deadline("unpaid_closed")
    return True


def _unpaid(j: Journey, command: FireDeadline) -> bool:
    return j.order.payment is PaymentState.UNPAID and not j.order.is_cancelled


def _stage_overdue(j: Journey, command: FireDeadline) -> bool:
    """Still in the stage, since before the deadline was set."""
    stage = j.blueprint.lifecycle.stages.get(command.of)
    if j.order.stage != command.of or stage is None or stage.limit_seconds is None:
        return False
    waited = (command.due_at - j.order.staged_at).total_seconds()
    if waited < stage.limit_seconds:
        return False
    j.happened("stage_overdue", "deadline")
    if stage.case:
        j.open_case(stage.case, cause=f"stage:{command.of}", stage=command.of,
                    since=j.order.staged_at.isoformat())
    return True


def _downstream(j: Journey, command: FireDeadline) -> bool:
    """The warehouse has said nothing of the work since it was told."""
    work = j.order.work_by_number(command.of)
    if work is None or work.state not in (WorkState.RELEASED, WorkState.ALLOCATED):
        return False
    systems = {a.code for a in j.world.directory.accounts.values() if a.id == work.account_id}
    return not any(c.system in systems and c.work in ("", work.number) for c in j.order.claims)


def _waybill(j: Journey, command: FireDeadline) -> bool:
    return any(p.waybill == f"{UNNAMED}{command.of}" for p in j.order.parcels)


def _not_collected(j: Journey, command: FireDeadline) -> bool:
    return any(str(p.no) == command.of and p.state is ParcelState.LABEL_READY for p in j.order.parcels)


def _stalled(j: Journey, command: FireDeadline) -> bool:
    """No scan since the deadline was set."""
    rule = j.blueprint.deadline("carrier_stalled", j.channel)
    return rule is not None and any(
        str(p.no) == command.of and not p.state.is_final and not p.is_replaced
        and (command.due_at - p.heard_at).total_seconds() >= rule.after_seconds
        for p in j.order.parcels
    )


def _hold_expired(j: Journey, command: FireDeadline) -> bool:
    standing = next((h for h in j.order.holds if str(h.no) == command.of and h.released_at is None), None)
    if standing is None:
        return False
    j.emit(e.HoldReleased(standing.no, "expired"))
    if standing.type in j.blueprint.cases:
        j.close_case(standing.type)
    go_on(j)
    return True


CONDITIONS = {
    "reservation": _reservation,
    "unpaid_closed": _unpaid,
    "stage_overdue": _stage_overdue,
    "downstream_missing": _downstream,
    "waybill_missing": _waybill,
    "out_without_collection": _not_collected,
    "carrier_stalled": _stalled,
    "hold_expired": _hold_expired,
}
"""Deadline kind → does it still matter? Every kind that anything sets must be here."""
