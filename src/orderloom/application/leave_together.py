"""Works of one merge leave together: what a person says of the way out of one is said of each, with one waybill."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.application.by_hand import admit
from orderloom.application.commands import ConfirmWork
from orderloom.application.journey import Journey
from orderloom.application.merge_works import together
from orderloom.application.ship import left_of
from orderloom.domain.order import Order, Work
from orderloom.domain.refusal import Refusal
from orderloom.domain.waybill import same_waybill


class LeavingToo(NamedTuple):
    """Another work of the merge, the journey of its order, and what is said of it."""

    journey: Journey
    work: Work
    told: ConfirmWork


def leaving_with(j: Journey, command: ConfirmWork, work: Work) -> list[LeavingToo]:
    """The others that are out with the work; nobody when only some of its units are in the box."""
    report = command.report
    if command.account_id is not None or report.said.milestone != "handed_over" or report.lines:
        return []
    return [LeavingToo(other, one, replace(command, report=replace(report, work_no=one.number)))
            for other, one in together(j, work) if _is_concerned(other.order, one, command)]


def first_no(leaving: Sequence[LeavingToo]) -> Refusal | None:
    """Why one of them cannot be out, and so none is."""
    for one in leaving:
        answer = admit(one.journey, one.told, one.work, left_of(one.journey.order, one.work))
        if isinstance(answer, Refusal):
            return answer
    return None


def _is_concerned(order: Order, work: Work, command: ConfirmWork) -> bool:
    """Whether goods of it are to leave, wait for their waybill, or are in the box that is corrected."""
    boxes = [p for p in order.parcels if p.holds_work(work.seq)]
    if command.instead_of:
        return any(same_waybill(p.waybill, command.instead_of) for p in boxes)
    return bool(left_of(order, work)) or any(not p.is_named for p in boxes)
