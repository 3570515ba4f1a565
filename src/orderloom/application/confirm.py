"""What a warehouse says of its work: accepted, picked, packed, out, refused. Its word is a claim; goods that went out
are a fact that moves stock."""

from __future__ import annotations

from datetime import timedelta

from orderloom.application.by_hand import admit, box_of
from orderloom.application.commands import ConfirmWork, SettleDelivery
from orderloom.application.consistency import compare_times
from orderloom.application.dispatch import dispatch, report_shipment, watch_parcel
from orderloom.application.journey import Journey
from orderloom.application.reserve import bound_by_work, give_back
from orderloom.application.track import follow
from orderloom.domain import event as e
from orderloom.domain.draft import WorkReport
from orderloom.domain.evolve import boxed
from orderloom.domain.order import UNNAMED, Claim, Parcel, ParcelItem, StockHold, Work, uuid_of
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import Negotiation, ParcelState, WorkState

STATES = {
    "allocated": WorkState.RELEASED, "label_printed": WorkState.PICKING, "picked": WorkState.PICKING,
    "packed": WorkState.PACKED, "handed_over": WorkState.HANDED_OVER, "cancelled": WorkState.CANCELLED,
}
"""Milestone of a warehouse → state of the work."""
SAME_PARCEL_WITHIN = timedelta(days=30)
"""Carriers use numbers again: a waybill that was shipped longer ago than this belongs to another parcel."""


def confirm(j: Journey, command: ConfirmWork) -> Refusal | bool | None:
    """Take a warehouse's report on one piece of work into the order; False when it says nothing new."""
    report = command.report
    work = j.order.work_by_number(report.work_no)
    assert work is not None
    if command.account_id is None and (answer := admit(j, command, work, _left(j, work))) is not True:
        return answer
    if command.account_id is None and report.reason:
        j.emit(e.ActionTaken(report.said.native, report.reason))
    system = _system(j, command, work)
    said = report.said
    if _is_known(j, report, system) and _is_done(work, said.milestone):
        return None
    is_newest = not any(
        c.system == system and c.milestone == said.milestone and c.said_at > said.at for c in j.order.claims
    )
    claim = Claim(system, said.milestone, said.native, said.at, j.at, report.waybill)
    j.emit(e.MilestoneClaimed((claim,)))
    compare_times(j, claim)
    j.close_case("downstream_missing", work.number)
    if said.milestone == "cancelled":
        take_back(j, work, said.native)
    elif said.milestone == "handed_over":
        _ship(j, command, work, is_newest=is_newest)
    elif said.milestone in STATES:
        _advance(j, work, STATES[said.milestone], said.native)
        j.happened(said.milestone)
    return None


def _system(j: Journey, command: ConfirmWork, work: Work) -> str:
    """Who speaks: the warehouse's system, or the people in a warehouse that has none."""
    if command.account_id is None:
        return j.world.directory.warehouse(work.warehouse_id).code
    return j.world.directory.accounts[command.account_id].code


def _is_known(j: Journey, report: WorkReport, system: str) -> bool:
    """Whether the system has said just this before, of this work or of another of the order."""
    said, waybill = report.said, report.waybill
    return any(
        c.system == system and c.milestone == said.milestone and c.native == said.native and c.said_at == said.at
        and c.waybill == waybill for c in j.order.claims
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


def _ship(j: Journey, command: ConfirmWork, work: Work, *, is_newest: bool) -> None:
    """The goods are out: stock leaves with its holds, the parcel exists, and those who must know are told."""
    report = command.report
    boxes = [p for p in j.order.parcels if p.holds_work(work.seq)]
    if report.waybill and any(p.waybill == report.waybill for p in boxes):
        return
    left = _left(j, work)
    if command.instead_of or not left:
        box = box_of(boxes, command.instead_of)
        if box and report.waybill and is_newest:
            _correct(j, box, work, report, is_sure=command.account_id is None)
        return
    items = _boxed_now(j, report, work, left, is_sure=command.account_id is None)
    if not report.waybill:
        j.deadline("waybill_missing", work.number)
    number = len(j.order.parcels) + 1
    holds = _leave(j, work, items)
    j.emit(_shipped(j, report, work, number, items if boxes or items != left else (), holds))
    parcel = j.order.parcels[-1]
    j.world.note("waybill", parcel.waybill, j.order.id)
    j.free(f"waybill:{parcel.waybill}")
    j.deadline("out_without_collection", str(number))
    is_all_out = all(w.state.is_ended for w in j.order.works) and not any(
        line.open_quantity for line in j.order.lines
    )
    if not (is_all_out and j.happened("handed_over")) and not j.order.is_cancelled:
        # Others are to follow, or an earlier one is on the road already: buyer and carrier are told of this one too.
        report_shipment(j)
        watch_parcel(j)
    if parcel.state is not ParcelState.LABEL_READY:
        follow(j, j.order.parcels[-1], parcel.state)


def _left(j: Journey, work: Work) -> tuple[ParcelItem, ...]:
    """What of the work is in no parcel yet."""
    gone: dict[tuple[int, int], int] = {}
    for i in boxed(j.order.parcels, work.seq):
        gone[i.line_no, i.sku_id] = gone.get((i.line_no, i.sku_id), 0) + i.quantity
    return tuple([
        ParcelItem(work.seq, i.line_no, i.sku_id, units) for i in work.items
        if (units := i.quantity - gone.get((i.line_no, i.sku_id), 0)) > 0
    ])


def _boxed_now(
    j: Journey, report: WorkReport, work: Work, left: tuple[ParcelItem, ...], *, is_sure: bool,
) -> tuple[ParcelItem, ...]:
    """What the report puts into its parcel: all that is left, or the units it names when they are some of it.

    Units that nobody asked for, or that stay behind, are a case until a further report makes them right; a person was
    asked already (`is_sure`), and what stays behind stays on the list.
    """
    told: dict[str, int] = {}
    for line in report.lines:
        told[line.sku] = told.get(line.sku, 0) + line.quantity
    asked: dict[str, int] = {}
    skus = j.world.directory.skus
    for i in left:
        asked[skus[i.sku_id].code] = asked.get(skus[i.sku_id].code, 0) + i.quantity
    if not told or told == asked:
        j.close_case("wrong_quantity", work.number)
        return left
    if not is_sure:
        j.open_case("wrong_quantity", work.number, work=work.number, told=told, asked=asked)
    if any(units > asked.get(sku, 0) for sku, units in told.items()):
        return left
    items = []
    for i in left:
        units = min(i.quantity, told.get(skus[i.sku_id].code, 0))
        if units > 0:
            told[skus[i.sku_id].code] -= units
            items.append(ParcelItem(work.seq, i.line_no, i.sku_id, units))
    return tuple(items) or left


def _shipped(
    j: Journey, report: WorkReport, work: Work, number: int, items: tuple[ParcelItem, ...], holds: tuple[int, ...],
) -> e.ParcelShipped:
    """The fact that a parcel left."""
    if not report.waybill:
        waybill = f"{UNNAMED}{work.number}"
        return e.ParcelShipped(number, work.seq, report.carrier, waybill, report.said.at, holds, items)
    known, parcel_id = _under(j, report)
    if known is None:
        return e.ParcelShipped(
            number, work.seq, report.carrier, report.waybill, report.said.at, holds, items, parcel_id,
        )
    return e.ParcelShipped(
        number, work.seq, known.carrier or report.carrier, report.waybill, known.shipped_at, holds, items, parcel_id,
        known.state, (), known.heard_at, known.delivered_at,
    )


def _under(j: Journey, report: WorkReport) -> tuple[Parcel | None, str]:
    """The parcel that other goods went out in under this waybill lately, and the id of what goes out under it now."""
    known = {
        p.id: p for order_id in j.world.find("waybill", report.waybill) if order_id in j.world.orders
        for p in j.world.orders[order_id].parcels if p.waybill == report.waybill
    }
    for p in known.values():
        is_same_carrier = not (p.carrier and report.carrier) or p.carrier == report.carrier
        if is_same_carrier and abs(report.said.at - p.shipped_at) <= SAME_PARCEL_WITHIN:
            return p, p.id
    day = report.said.at.date().isoformat() if known else ""
    return None, uuid_of(f"{report.waybill}/{report.carrier if known else ''}/{day}")


def _correct(j: Journey, parcel: Parcel, work: Work, report: WorkReport, *, is_sure: bool) -> None:
    """Another waybill for what is out already: the number comes late, or the first label was not the one used.

    Once the parcel moves a system's word is a case; a person (`is_sure`) says that it was never this parcel that moved.
    """
    is_moving = parcel.is_named and parcel.state is not ParcelState.LABEL_READY
    if is_moving and not is_sure:
        j.open_case("waybill_changed", str(parcel.no), work=work.number, known=parcel.waybill, told=report.waybill)
        return
    known, parcel_id = _under(j, report)
    if known is None:
        state, heard_at = (ParcelState.LABEL_READY, j.at) if is_moving else (parcel.state, parcel.heard_at)
        j.emit(e.ParcelNamed(parcel.no, report.carrier, report.waybill, parcel_id, state, parcel.shipped_at, heard_at))
    else:
        j.emit(e.ParcelNamed(parcel.no, known.carrier or report.carrier, report.waybill, parcel_id, known.state,
                             known.shipped_at, known.heard_at, known.delivered_at))
    j.world.note("waybill", report.waybill, j.order.id)
    j.free(f"waybill:{report.waybill}")
    j.close_case("waybill_missing", work.number)
    report_shipment(j)
    watch_parcel(j)


def _leave(j: Journey, work: Work, items: tuple[ParcelItem, ...]) -> tuple[int, ...]:
    """Take the stock of what goes out off the levels; returns the holds that are used up by it.

    Units that leave without a hold, because the work had been called back, are gone all the same. A hold whose units
    leave in several parcels is used up by the last of them.
    """
    if work.state is WorkState.CANCELLED:
        j.open_case("shipped_after_cancel", work.number, work=work.number)
    left = list(bound_by_work(j.order).get(work.seq, ()))
    used: list[StockHold] = []
    asked = {(i.line_no, i.sku_id): i.quantity for i in work.items}
    for i in items:
        own = [h for h in left if (h.line_no, h.sku_id) == (i.line_no, i.sku_id)]
        out = i.quantity
        if own:  # earlier parcels of the work may have taken a part of a hold that is not used up yet
            before = [b.quantity for b in boxed(j.order.parcels, work.seq) if b.line_no == i.line_no
                      and b.sku_id == i.sku_id]
            out += sum(before) - max(asked[i.line_no, i.sku_id] - sum([h.quantity for h in own]), 0)
        for h in own:
            if h.quantity <= out:
                out -= h.quantity
                used.append(h)
        if out > 0 and not any(h not in used for h in own):
            level = j.world.levels[i.sku_id, work.warehouse_id]
            j.move(level, "ship", f"{j.order.id}/{work.number}/{i.line_no}/{i.sku_id}", on_hand=-out)
    for h in used:
        level = j.world.levels[h.sku_id, h.warehouse_id]
        j.move(level, "ship", f"{j.order.id}/{h.no}", on_hand=-h.quantity, allocated=-h.quantity)
    return tuple([h.no for h in used])


def settle(j: Journey, command: SettleDelivery) -> None:
    """The warehouse's system answered what we sent about a piece of work."""
    work = j.order.work_by_number(command.work_no)
    if work is None:
        return
    if command.kind == "work" and not command.error:
        if work.negotiation in (Negotiation.REQUESTED, Negotiation.REJECTED):
            state = WorkState.RELEASED if work.state is WorkState.ALLOCATED else work.state
            j.emit(e.WorkMoved(work.seq, state, Negotiation.ACCEPTED))
            j.deadline("downstream_missing", work.number)
    elif command.kind == "work":
        j.emit(e.WorkMoved(work.seq, work.state, Negotiation.REJECTED, command.error))
        j.open_case("work_refused", work.number, cause=_cause(j, work, command.error), work=work.number,
                    error=command.error, message=command.message)
    elif not command.error:
        take_back(j, work, "recalled")
    else:
        if work.state is WorkState.RECALLING:
            j.emit(e.WorkMoved(work.seq, WorkState.RELEASED, Negotiation.ACCEPTED, command.error))
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
    give_back(j, holds, "work_cancelled")
    if j.order.is_cancelled:
        return
    if not was_recalled:
        j.open_case("work_refused", work.number, cause=_cause(j, work, "cancelled"), work=work.number,
                    error="cancelled", message=native)
        j.hold("manual", f"the warehouse cancelled {work.number}: {native}")
        j.happened("held")
        return
    if not j.happened("amended"):
        dispatch(j)
