"""What a warehouse says of its work: accepted, picked, packed, out, refused. Its word is a claim; goods that went out
are a fact that moves stock."""

from __future__ import annotations

from orderloom.application.commands import ConfirmWork, SettleDelivery
from orderloom.application.consistency import compare_times
from orderloom.application.dispatch import dispatch, report_shipment, watch_parcel
from orderloom.application.journey import Journey
from orderloom.application.reserve import bound_by_work, give_back
from orderloom.domain import event as e
from orderloom.domain.draft import WorkReport
from orderloom.domain.order import UNNAMED, Claim, Parcel, StockHold, Work

STATES = {
    "allocated": "released", "label_printed": "picking", "picked": "picking", "packed": "packed",
    "handed_over": "handed_over", "cancelled": "cancelled",
}
"""Milestone of a warehouse → state of the work."""
ORDER = ("allocated", "released", "picking", "packed", "handed_over")


def confirm(j: Journey, command: ConfirmWork) -> None:
    """Take a warehouse's report on one piece of work into the order."""
    report = command.report
    work = j.order.work_by_number(report.work_no)
    assert work is not None
    system = j.world.directory.accounts[command.account_id].code
    said = report.said
    if _is_known(j, command, system) and _is_done(work, said.milestone):
        return
    claim = Claim(system, said.milestone, said.native, said.at, j.at, report.waybill)
    j.emit(e.MilestoneClaimed((claim,)))
    compare_times(j, claim)
    j.change.resolved.append(("downstream_missing", f"{j.order.id}/{work.number}"))
    if said.milestone == "cancelled":
        take_back(j, work, said.native)
    elif said.milestone == "handed_over":
        _ship(j, command, work)
    elif said.milestone in STATES:
        _advance(j, work, STATES[said.milestone], said.native)
        j.happened(said.milestone)


def _is_known(j: Journey, command: ConfirmWork, system: str) -> bool:
    """Whether the system has said just this before, of this work or of another of the order."""
    said, waybill = command.report.said, command.report.waybill
    return any(
        c.system == system and c.milestone == said.milestone and c.native == said.native and c.said_at == said.at
        and c.waybill == waybill for c in j.order.claims
    )


def _is_done(work: Work, milestone: str) -> bool:
    """Whether the work already stands where the report would bring it: two works may be reported in one second."""
    state = STATES.get(milestone)
    if state is None or work.state not in ORDER:
        return True
    return state in ORDER and ORDER.index(work.state) >= ORDER.index(state)


def _advance(j: Journey, work: Work, state: str, native: str) -> None:
    """Move the work forward only: a late report of an earlier step is kept as a claim and changes no state."""
    if work.state in ORDER and ORDER.index(state) > ORDER.index(work.state):
        j.emit(e.WorkMoved(work.seq, state, "accepted", native))


def _ship(j: Journey, command: ConfirmWork, work: Work) -> None:
    """The goods are out: stock leaves with its holds, the parcel exists, and those who must know are told."""
    report = command.report
    known = next((p for p in j.order.parcels if p.work_seq == work.seq), None)
    if known is not None:
        _name(j, known, work, report)
        return
    if work.state == "handed_over":
        return
    if not report.waybill:
        j.deadline("waybill_missing", work.number)
    if _differs(j, command, work):
        j.open_case("wrong_quantity", f"{j.order.id}/{work.number}", work=work.number,
                    told={line.sku: line.quantity for line in report.lines})
    holds = bound_by_work(j.order).get(work.seq, ())
    for h in holds:
        level = j.world.levels[h.sku_id, h.warehouse_id]
        j.move(level, "ship", f"{j.order.id}/{h.no}", on_hand=-h.quantity, allocated=-h.quantity)
    _leave_unbound(j, work, holds)
    number = len(j.order.parcels) + 1
    waybill = report.waybill or f"{UNNAMED}{work.number}"
    j.emit(e.ParcelShipped(
        number, work.seq, report.carrier, waybill, report.said.at, tuple([h.no for h in holds]),
    ))
    j.change.released_keys.add(f"waybill:{waybill}")
    j.deadline("out_without_collection", str(number))
    is_all_out = all(w.state in ("handed_over", "cancelled") for w in j.order.works) and not any(
        line.open_quantity for line in j.order.lines
    )
    if not (is_all_out and j.happened("handed_over")) and not j.order.is_cancelled:
        # Others are to follow, or an earlier one is on the road already: buyer and carrier are told of this one too.
        report_shipment(j)
        watch_parcel(j)


def _name(j: Journey, parcel: Parcel, work: Work, report: WorkReport) -> None:
    """The waybill of a parcel that left without one: those who must know are told now."""
    if not report.waybill or not parcel.waybill.startswith(UNNAMED):
        return
    j.emit(e.ParcelNamed(parcel.no, report.carrier, report.waybill))
    j.change.released_keys.add(f"waybill:{report.waybill}")
    j.change.resolved.append(("waybill_missing", f"{j.order.id}/{work.number}"))
    report_shipment(j)
    watch_parcel(j)


def _leave_unbound(j: Journey, work: Work, holds: tuple[StockHold, ...]) -> None:
    """Units that left without a hold, because the work had been called back: they are gone all the same."""
    if work.state == "cancelled":
        j.open_case("shipped_after_cancel", f"{j.order.id}/{work.number}", work=work.number)
    for i in work.items:
        units = i.quantity - sum([h.quantity for h in holds if (h.line_no, h.sku_id) == (i.line_no, i.sku_id)])
        if units > 0:
            level = j.world.levels[i.sku_id, work.warehouse_id]
            j.move(level, "ship", f"{j.order.id}/{work.number}/{i.line_no}/{i.sku_id}", on_hand=-units)


def _differs(j: Journey, command: ConfirmWork, work: Work) -> bool:
    """Whether the warehouse says it shipped other units than it was asked for."""
    if not command.report.lines:
        return False
    asked: dict[str, int] = {}
    for i in work.items:
        code = j.world.directory.skus[i.sku_id].code
        asked[code] = asked.get(code, 0) + i.quantity
    told: dict[str, int] = {}
    for line in command.report.lines:
        told[line.sku] = told.get(line.sku, 0) + line.quantity
    return asked != told


def settle(j: Journey, command: SettleDelivery) -> None:
    """The warehouse's system answered what we sent about a piece of work."""
    work = j.order.work_by_number(command.work_no)
    if work is None:
        return
    if command.kind == "work" and not command.error:
        if work.negotiation in ("requested", "rejected"):
            state = "released" if work.state == "allocated" else work.state
            j.emit(e.WorkMoved(work.seq, state, "accepted"))
            j.deadline("downstream_missing", work.number)
    elif command.kind == "work":
        j.emit(e.WorkMoved(work.seq, work.state, "rejected", command.error))
        j.open_case("work_refused", f"{j.order.id}/{work.number}", cause=_cause(j, work, command.error),
                    work=work.number, error=command.error, message=command.message)
    elif not command.error:
        take_back(j, work, "recalled")
    else:
        if work.state == "recalling":
            j.emit(e.WorkMoved(work.seq, "released", "accepted", command.error))
        j.open_case("cancel_too_late", f"{j.order.id}/{work.number}", work=work.number, error=command.error,
                    message=command.message)


def _cause(j: Journey, work: Work, error: str) -> str:
    """What many refusals would have in common."""
    return f"warehouse:{j.world.directory.warehouse(work.warehouse_id).code}:{error}"


def take_back(j: Journey, work: Work, native: str) -> None:
    """The warehouse will not ship the work: its stock is free again, and a live order is sourced anew."""
    if work.state in ("cancelled", "handed_over"):
        return
    was_recalled = work.state == "recalling"
    holds = bound_by_work(j.order)[work.seq]
    j.emit(e.WorkMoved(work.seq, "cancelled", "accepted", native))
    give_back(j, holds, "work_cancelled")
    if j.order.is_cancelled:
        return
    if not was_recalled:
        j.open_case("work_refused", f"{j.order.id}/{work.number}", cause=_cause(j, work, "cancelled"),
                    work=work.number, error="cancelled", message=native)
        j.hold("manual", f"the warehouse cancelled {work.number}: {native}")
        j.happened("held")
        return
    if not j.happened("amended"):
        dispatch(j)
