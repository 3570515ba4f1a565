"""What a carrier says of a parcel: every scan is kept, milestones are claimed, the order follows all its parcels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from orderloom.application.commands import TrackParcel
from orderloom.application.consistency import compare_times
from orderloom.application.journey import Journey
from orderloom.application.learn_outcome import learn_outcome
from orderloom.application.theirs import not_their_parcel
from orderloom.domain import event as e
from orderloom.domain.counting import is_all_out
from orderloom.domain.draft import Problem, TrackEntry, TrackReport
from orderloom.domain.incident import blame_of
from orderloom.domain.order import Claim, Parcel
from orderloom.domain.states import ParcelState
from orderloom.domain.waybill import same_waybill

STATES = {
    "collected": ParcelState.COLLECTED, "in_transit": ParcelState.IN_TRANSIT,
    "out_for_delivery": ParcelState.OUT_FOR_DELIVERY, "delivered": ParcelState.DELIVERED,
    "failed": ParcelState.EXCEPTION, "returning": ParcelState.RETURNING, "returned": ParcelState.RETURNED,
    "lost": ParcelState.LOST,
}
"""Milestone of a carrier → state of the parcel."""
MILESTONE = {state: milestone for milestone, state in STATES.items()}


SAME_PARCEL_WITHIN = timedelta(days=30)
"""Carriers use numbers again: what was shipped longer ago than this under a waybill was another parcel."""


def track(j: Journey, command: TrackParcel) -> tuple[Problem, ...]:
    """Take a carrier's report on one waybill into an order, and into every parcel of it that goes under that number."""
    report = command.report
    if problems := not_their_parcel(j, command.account_id, report.waybill):
        return problems
    # Of one box in which some goods count no more, what does count is followed: the last of an id stays.
    parcels = sorted(j.order.parcels, key=lambda p: (p.shipped_at, not p.is_replaced))
    mine = {p.id: p for p in parcels if same_waybill(p.waybill, report.waybill)}
    parcel = list(mine.values())[-1]
    entries = _of(parcel, report.entries)
    system = j.world.directory.accounts[command.account_id].code
    heard = [c for c in j.order.claims if c.system == system and same_waybill(c.waybill, report.waybill)]
    known = {(c.milestone, c.said_at) for c in heard}
    fresh = [x for x in entries if x.milestone and (x.milestone, x.at) not in known]
    for entry in entries:
        j.keep_scan(parcel.no, entry)
    if not fresh:
        return ()
    first_time = {c.milestone for c in heard}
    claims = tuple([Claim(system, x.milestone, x.code, x.at, j.at, report.waybill) for x in fresh])
    j.emit(e.MilestoneClaimed(claims))
    for claim in claims:
        if claim.milestone not in first_time:
            compare_times(j, claim)
    j.beside = _incident_of(fresh, report)
    for p in mine.values():
        _move(j, p, [x for x in _of(p, report.entries) if x.milestone in STATES])
    calm_down(j)
    if j.blueprint.services:
        learn_outcome(j)
    return ()


def _incident_of(scans: Iterable[TrackEntry], report: TrackReport) -> dict[str, str]:
    """The newest incident of these scans, for the case that it may open; nothing when none tells of one."""
    told = [x for x in scans if x.incident]
    if not told:
        return {}
    last = max(told, key=lambda x: x.at)
    return {"waybill": report.waybill, "incident": last.incident, "blame": blame_of(last.incident, last.blame)}


def _of(parcel: Parcel, entries: Iterable[TrackEntry]) -> list[TrackEntry]:
    """The scans that are the parcel's: those from long before it left were another one's, whose number it has."""
    return [x for x in entries if x.at >= parcel.shipped_at - SAME_PARCEL_WITHIN]


def _move(j: Journey, parcel: Parcel, scans: list[TrackEntry]) -> None:
    """The parcel's state is the newest scan's, but an end outweighs what was scanned after it.

    Decided by the parcel and the report alone, so that every order with goods in the parcel sees the same.
    """
    if not scans:
        return
    newest = max(scans, key=lambda x: (STATES[x.milestone].is_final, x.at, STATES[x.milestone].rank))
    state = STATES[newest.milestone]
    if not _is_news(parcel, state, newest.at):
        return
    delivered_at = newest.at if state is ParcelState.DELIVERED else None
    for p in j.order.parcels:
        if p.id == parcel.id:
            j.emit(e.ParcelTracked(p.no, state, newest.at, delivered_at))
            j.close_case("out_without_collection", str(p.no))
            j.close_case("carrier_stalled", str(p.no))
    if not state.is_final:
        j.deadline("carrier_stalled", str(parcel.no))
    follow(j, parcel, state)


def hand_to_buyer(j: Journey, parcel: Parcel) -> None:
    """Goods that the buyer fetches are theirs when they leave."""
    j.emit(e.ParcelTracked(parcel.no, ParcelState.DELIVERED, parcel.shipped_at, parcel.shipped_at))
    follow(j, parcel, ParcelState.DELIVERED)
    if j.blueprint.services:
        learn_outcome(j)


def _is_news(parcel: Parcel, state: ParcelState, at: datetime) -> bool:
    """Whether a scan moves the parcel on. What has ended stays so, but a lost parcel may be found, and one that was
    delivered may be sent back."""
    if parcel.state.is_final:
        is_turned = parcel.state is ParcelState.LOST or state is ParcelState.RETURNED
        return is_turned and state.is_final and state is not parcel.state and at > parcel.heard_at
    if state.is_final or parcel.state is ParcelState.LABEL_READY:
        return True
    return (at, state.rank) > (parcel.heard_at, parcel.state.rank)


def follow(j: Journey, parcel: Parcel, state: ParcelState) -> None:
    """Tell the lifecycle what a parcel's new state means for the order as a whole.

    Trouble with one parcel is trouble at once, and stays so whatever another one does. The order is delivered, or came
    back, when all of it is; on the way it is as far as the parcel that is least far, once nothing is left behind.
    """
    if parcel.is_replaced:
        is_meant = any(same_waybill(p.waybill, parcel.waybill) and not p.is_replaced for p in j.order.parcels)
        if state is ParcelState.DELIVERED and not is_meant:
            j.open_case("replaced_arrived", str(parcel.no), waybill=parcel.waybill)
        return
    others = [p.state for p in j.order.parcels if p.id != parcel.id and not p.is_replaced]
    if state is ParcelState.RETURNED:
        is_all_back = is_all_out(j.order) and all(other is ParcelState.RETURNED for other in others)
        j.happened("returned" if is_all_back else "returning")
    elif state.is_trouble:
        j.happened(MILESTONE[state])
    elif any(other.is_trouble for other in others):
        return
    elif not is_all_out(j.order):
        if parcel.state.is_trouble:  # it moves again
            j.happened("in_transit")
    elif state is ParcelState.DELIVERED and all(other is ParcelState.DELIVERED for other in others):
        j.happened("delivered")
    else:
        least = min([one for one in (*others, state) if one is not ParcelState.DELIVERED], key=lambda one: one.rank)
        if least in MILESTONE:
            j.happened(MILESTONE[least])


def catch_up(j: Journey) -> None:
    """The order's stage by its parcels as they are, where something else than news of them has changed it."""
    alive = [p for p in j.order.parcels if not p.is_replaced]
    stage = j.blueprint.lifecycle.stages[j.order.stage]
    if stage.is_final:
        return
    if not alive:
        if any(line.elsewhere for line in j.order.lines if line.is_goods) and is_all_out(j.order):
            j.happened("handed_over")  # the channel sent all of it, and tells no waybill
        return
    if (troubled := next((p for p in alive if p.state.is_trouble), None)) is not None:
        if stage.phase != "failed":
            follow(j, troubled, troubled.state)
        return
    calm_down(j)
    if not is_all_out(j.order):
        return
    j.happened("handed_over")
    least = min(alive, key=lambda p: p.state.rank)
    if least.state is not ParcelState.LABEL_READY:
        follow(j, least, least.state)


def calm_down(j: Journey) -> None:
    """The parcel that was in trouble counts no more: the order is not failed by it."""
    is_troubled = any(p.state.is_trouble and not p.is_replaced for p in j.order.parcels)
    if not is_troubled and j.blueprint.lifecycle.stages[j.order.stage].phase == "failed":
        j.happened("in_transit")
