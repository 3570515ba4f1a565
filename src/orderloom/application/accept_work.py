"""Say first that one picks a piece of work, or give it back: no order is picked twice (FUL-2).

Where a warehouse has a system, its answer to the work is its word. Elsewhere several may pick: people from the hub's
list, another program of theirs. The first has it, and shows it by a signed voucher (`domain/allocation_voucher.py`).
"""

from __future__ import annotations

from orderloom.application.by_hand import ROLES
from orderloom.application.journey import Journey
from orderloom.application.work_commands import AcceptWork, GiveWorkBack
from orderloom.domain import event as e
from orderloom.domain.lifecycle import may
from orderloom.domain.order import Work
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import Negotiation
from orderloom.domain.work import accepted_before


def accept_work(j: Journey, command: AcceptWork) -> Refusal | None:
    """Have it, unless somebody else answered first; the same answer again changes nothing."""
    work = j.order.work_by_number(command.work_no)
    assert work is not None
    if (refusal := _not_now(j, work)) is not None:
        return refusal
    if work.accepted_by and (work.accepted_by, work.wave) != (j.actor.name, command.wave):
        return accepted_before(work)
    if not work.accepted_by:
        j.emit(e.WorkAccepted(work.seq, j.actor.name, command.wave))
    return None


def give_work_back(j: Journey, command: GiveWorkBack) -> Refusal | None:
    """Let others have it, while nothing of it is off the shelf."""
    work = j.order.work_by_number(command.work_no)
    assert work is not None
    if (refusal := _not_now(j, work)) is not None:
        return refusal
    if work.accepted_by and work.accepted_by != j.actor.name and not command.reason:
        return accepted_before(work)
    if work.accepted_by:
        j.emit(e.ActionTaken("work_given_back", f"{work.number} {work.accepted_by} {command.reason}".strip()))
        j.emit(e.WorkAccepted(work.seq, ""))
    return None


def _not_now(j: Journey, work: Work) -> Refusal | None:
    if not may(j.actor.roles, ROLES):
        return Refusal("not_allowed", {"work": work.number, "roles": ", ".join(ROLES)})
    if work.account_id is not None:
        return Refusal("has_system", {"work": work.number, "system": j.world.directory.accounts[work.account_id].code})
    if work.state.is_ended or not work.state.is_forward:
        return Refusal("work_cancelled", {"work": work.number}) if not work.state.is_forward else Refusal(
            "out_already", {"work": work.number, "waybill": ", ".join(
                [p.waybill for p in j.order.parcels if p.holds_work(work.seq)])})
    if work.negotiation is Negotiation.NONE or j.order.is_blocked("dispatch"):
        return Refusal("held", {"work": work.number, "hold": j.order.standing_hold})
    return None
