"""A deadline came due: ask its condition again, and act only when it still holds. Each fires once."""

from __future__ import annotations

from collections.abc import Callable

from orderloom.application.commands import FireDeadline
from orderloom.application.dispatch import recall_work
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.application.still_due import CONDITIONS, DeadlineAsked
from orderloom.domain import event as e
from orderloom.domain.work import UNANSWERED


def wake(j: Journey, command: FireDeadline) -> bool:
    """Return whether the condition still held; what follows is in the order's events and cases."""
    if not CONDITIONS[command.kind](DeadlineAsked(j.order, j.world.directory, command.of, command.due_at)):
        return False
    if command.kind in ACTS:
        ACTS[command.kind](j, command)
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


def _reservation(j: Journey, command: FireDeadline) -> None:
    j.deadline("unpaid_closed")


def _stage_overdue(j: Journey, command: FireDeadline) -> None:
    j.happened("stage_overdue", "deadline")
    stage = j.blueprint.lifecycle.stages[command.of]
    if stage.case:
        j.open_case(stage.case, cause=f"stage:{command.of}", stage=command.of,
                    since=j.order.staged_at.isoformat())


def _work_unanswered(j: Journey, command: FireDeadline) -> None:
    """Call it back: with the system's yes it is sourced anew, with its no, or none, a person has the case."""
    work = j.order.work_by_number(command.of)
    assert work is not None
    recall_work(j, work, UNANSWERED)


def _hold_expired(j: Journey, command: FireDeadline) -> None:
    standing = next(h for h in j.order.holds if str(h.no) == command.of and h.released_at is None)
    j.emit(e.HoldReleased(standing.no, "expired"))
    if standing.type in j.blueprint.cases:
        j.close_case(standing.type)
    go_on(j)


ACTS: dict[str, Callable[[Journey, FireDeadline], None]] = {
    "reservation": _reservation, "stage_overdue": _stage_overdue, "hold_expired": _hold_expired,
    "work_unanswered": _work_unanswered,
}
"""What a kind of deadline does beside what its rule in the blueprint fires and opens."""
