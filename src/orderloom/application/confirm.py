"""What a warehouse says of its work: accepted, picked, packed, out, refused. Its word is a claim; goods that went out
are a fact that moves stock."""

from __future__ import annotations

from orderloom.application.by_hand import admit
from orderloom.application.commands import ConfirmWork, HearAnswer
from orderloom.application.consistency import compare_times
from orderloom.application.decide_after_sale import hear_told
from orderloom.application.dispatch import dispatch
from orderloom.application.journey import Journey
from orderloom.application.leave_together import first_no, leaving_with
from orderloom.application.ports import NOT_THERE
from orderloom.application.reserve import bound_by_work, give_back
from orderloom.application.ship import left_of, ship
from orderloom.application.theirs import not_their_work
from orderloom.application.too_late import is_too_late
from orderloom.application.track import catch_up
from orderloom.domain import event as e
from orderloom.domain.counting import is_all_out, is_wanting
from orderloom.domain.draft import Problem, Said, WorkReport
from orderloom.domain.order import Claim, Work
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import Negotiation, WorkState
from orderloom.domain.waybill import same_waybill
from orderloom.domain.work import UNANSWERED

OF_BOXES = {"label": "label_bought", "label_cancel": "label_given_back", "pickup": "pickup_booked",
            "pickup_cancel": "pickup_called_off"}
"""What a carrier did for a box, as the order's log has it."""
STATES = {
    "allocated": WorkState.RELEASED, "label_printed": WorkState.PICKING, "picked": WorkState.PICKING,
    "packed": WorkState.PACKED, "handed_over": WorkState.HANDED_OVER, "cancelled": WorkState.CANCELLED,
}
"""Milestone of a warehouse → state of the work."""


def confirm(j: Journey, command: ConfirmWork) -> Refusal | tuple[Problem, ...] | bool | None:
    """Take a warehouse's report on one piece of work into the order; False when it says nothing new.

    What a system says of another one's work waits for a person.
    """
    work = j.order.work_by_number(command.report.work_no)
    assert work is not None
    if command.account_id is None:
        return _by_hand(j, command, work)
    return not_their_work(j, command.account_id, work) or _hear(j, command, work)


def _by_hand(j: Journey, command: ConfirmWork, work: Work) -> Refusal | bool | None:
    """A person's word, which of the way out is said of all that leave with the work."""
    if (answer := admit(j, command, work, left_of(j.order, work))) is not True:
        return answer
    others = leaving_with(j, command, work)
    if (refusal := first_no(others)) is not None:
        return refusal
    for one, its, told in ((j, work, command), *others):
        if command.report.reason:
            one.emit(e.ActionTaken(told.report.said.native, told.report.reason))
        _hear(one, told, its)
    return None


def _hear(j: Journey, command: ConfirmWork, work: Work) -> bool | None:
    """Take the word on one work into its order; None: it is taken, or was known."""
    report, said, system = command.report, command.report.said, _system(j, command, work)
    if _is_known(j, report, system) and _is_done(work, said.milestone):
        return None
    claim = Claim(system, said.milestone, said.native, said.at, j.at, report.waybill, work.number, report.carrier)
    j.emit(e.MilestoneClaimed((claim,)))
    compare_times(j, claim)
    j.close_case("downstream_missing", work.number)
    j.close_case("work_unanswered", work.number)
    if said.milestone == "cancelled" and work.state is WorkState.HANDED_OVER:
        _undone(j, work, said)
    elif said.milestone == "cancelled":
        take_back(j, work, said.native)
    elif said.milestone == "handed_over":
        ship(j, command, work, system)
    elif said.milestone in STATES:
        _advance(j, work, STATES[said.milestone], said.native)
        if work.state.is_forward and not work.state.is_ended:  # of any other it is late news, and no progress
            j.happened(said.milestone)
    return None


def _system(j: Journey, command: ConfirmWork, work: Work) -> str:
    """Who speaks: the warehouse's system, or the people in a warehouse that has none."""
    if command.account_id is None:
        return j.world.directory.warehouse(work.warehouse_id).code
    return j.world.directory.accounts[command.account_id].code


def _is_known(j: Journey, report: WorkReport, system: str) -> bool:
    """Whether the system has said just this before. What it said before works were noted may be of another one, and
    named no carrier: then another one than the parcel has is news."""
    said, waybill = report.said, report.waybill
    is_other = report.carrier and any(
        same_waybill(p.waybill, waybill) and p.carrier != report.carrier for p in j.order.parcels)
    return any(
        c.system == system and c.milestone == said.milestone and c.native == said.native and c.said_at == said.at
        and same_waybill(c.waybill, waybill)
        and ((c.work, c.carrier) == (report.work_no, report.carrier) if c.work else not is_other)
        for c in j.order.claims
    )


def _is_done(work: Work, milestone: str) -> bool:
    """Whether the work already stands where the report would bring it: two works may be reported in one second."""
    state = STATES.get(milestone)
    if state is None or not work.state.is_forward:
        return True
    return state.is_forward and work.state.rank >= state.rank


def _advance(j: Journey, work: Work, state: WorkState, native: str) -> None:
    """Move the work forward only: a late report of an earlier step is kept as a claim and changes no state."""
    if work.state.is_forward and state.rank > work.state.rank:
        j.emit(e.WorkMoved(work.seq, state, Negotiation.ACCEPTED, native))


def hear_answer(j: Journey, command: HearAnswer) -> None:
    """The warehouse's system answered what we sent about a piece of work, or a channel what the seller decided."""
    if command.kind == "decision":
        hear_told(j, command)
        return
    work = j.order.work_by_number(command.work_no)
    if work is None:
        return
    if command.kind in OF_BOXES:
        j.emit(e.ActionTaken(OF_BOXES[command.kind], command.message))
    elif command.kind == "work" and not command.error:
        if work.negotiation in (Negotiation.REQUESTED, Negotiation.REJECTED):
            state = WorkState.RELEASED if work.state is WorkState.ALLOCATED else work.state
            j.emit(e.WorkMoved(work.seq, state, Negotiation.ACCEPTED))
            j.deadline("downstream_missing", work.number)
            j.deadline("work_unanswered", work.number)
    elif command.kind == "work":
        if not work.state.is_ended:
            j.emit(e.WorkMoved(work.seq, work.state, Negotiation.REJECTED, command.error))
        if work.state.is_forward and not work.state.is_ended:
            j.open_case("work_refused", work.number, cause=_cause(j, work, command.error), work=work.number,
                        error=command.error, message=command.message)
    elif not command.error or command.error == NOT_THERE or work.negotiation is Negotiation.REJECTED:
        # What the system never took it need not give back.
        take_back(j, work, UNANSWERED if work.native == UNANSWERED else "recalled")
    elif work.state is not WorkState.CANCELLED:
        if work.state is WorkState.RECALLING:
            j.emit(e.WorkMoved(work.seq, WorkState.RELEASED, Negotiation.ACCEPTED, command.error))
        if is_too_late(j.order, work):
            j.open_case("cancel_too_late", work.number, work=work.number, error=command.error, message=command.message)


def _cause(j: Journey, work: Work, error: str) -> str:
    """What many refusals would have in common."""
    return f"warehouse:{j.world.directory.warehouse(work.warehouse_id).code}:{error}"


def take_back(j: Journey, work: Work, native: str) -> None:
    """The warehouse will not ship the work: its stock is free again, and a live order is sourced anew."""
    if work.state.is_ended:
        return
    was_recalled = work.state is WorkState.RECALLING
    holds = bound_by_work(j.order)[work.seq]
    j.emit(e.WorkMoved(work.seq, WorkState.CANCELLED, Negotiation.ACCEPTED, native))
    j.close_case("work_unanswered", work.number)
    give_back(j, holds, "work_cancelled")
    if j.order.is_cancelled:
        return
    if not was_recalled and not is_all_out(j.order):
        j.open_case("work_refused", work.number, cause=_cause(j, work, "cancelled"), work=work.number,
                    error="cancelled", message=native)
        j.hold("manual", f"the warehouse cancelled {work.number}: {native}")
        j.happened("held")
        return
    if not (j.happened("amended") or (is_wanting(j.order) and j.happened("added"))):
        dispatch(j)
    catch_up(j)


def _undone(j: Journey, work: Work, said: Said) -> None:
    """The warehouse takes back what it had said to be out: somebody must see where the goods are."""
    if all(said.at > c.said_at for c in j.order.claims if c.milestone == "handed_over"):
        j.open_case("work_refused", work.number, work=work.number, error="cancelled_after_out", message=said.native)
