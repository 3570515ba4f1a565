"""What a carrier says of a parcel: every scan is kept, milestones are claimed, the order follows all its parcels."""

from __future__ import annotations

from orderloom.application.commands import TrackParcel
from orderloom.application.consistency import compare_times
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.draft import TrackEntry
from orderloom.domain.order import Claim, Parcel
from orderloom.domain.states import ParcelState

STATES = {
    "collected": ParcelState.COLLECTED, "in_transit": ParcelState.IN_TRANSIT,
    "out_for_delivery": ParcelState.OUT_FOR_DELIVERY, "delivered": ParcelState.DELIVERED,
    "failed": ParcelState.EXCEPTION, "returning": ParcelState.RETURNING, "returned": ParcelState.RETURNED,
    "lost": ParcelState.LOST,
}
"""Milestone of a carrier → state of the parcel."""
MILESTONE = {state: milestone for milestone, state in STATES.items()}


def track(j: Journey, command: TrackParcel) -> None:
    """Take a carrier's report on one waybill into an order: into the newest parcel that had left by then."""
    report = command.report
    mine = [p for p in j.order.parcels if p.waybill == report.waybill]
    parcel = max(mine, key=lambda p: p.shipped_at)
    system = j.world.directory.accounts[command.account_id].code
    heard = [c for c in j.order.claims if c.system == system and c.waybill == report.waybill]
    known = {(c.milestone, c.said_at) for c in heard}
    fresh = [x for x in report.entries if x.milestone and (x.milestone, x.at) not in known]
    for entry in report.entries:
        j.keep_scan(parcel.no, entry)
    if not fresh:
        return
    first_time = {c.milestone for c in heard}
    claims = tuple([Claim(system, x.milestone, x.code, x.at, j.at, report.waybill) for x in fresh])
    j.emit(e.MilestoneClaimed(claims))
    for claim in claims:
        if claim.milestone not in first_time:
            compare_times(j, claim)
    _move(j, parcel, fresh)


def _move(j: Journey, parcel: Parcel, fresh: list[TrackEntry]) -> None:
    """The parcel's state is the newest scan's, unless it has ended; an old scan that arrives late moves nothing."""
    newest = max(fresh, key=lambda x: x.at)
    state = STATES.get(newest.milestone)
    if state is None or parcel.state.is_final:
        return
    seen_before = [c.said_at for c in j.order.claims if c.waybill == parcel.waybill and c.said_at > newest.at]
    is_overtaken = bool(seen_before) or (parcel.state is not ParcelState.LABEL_READY and newest.at < parcel.heard_at)
    if is_overtaken and not state.is_final:
        return
    delivered_at = newest.at if state is ParcelState.DELIVERED else None
    j.emit(e.ParcelTracked(parcel.no, state, newest.at, delivered_at))
    j.close_case("out_without_collection", str(parcel.no))
    j.close_case("carrier_stalled", str(parcel.no))
    if not state.is_final:
        j.deadline("carrier_stalled", str(parcel.no))
    follow(j, parcel, state)


def follow(j: Journey, parcel: Parcel, state: ParcelState) -> None:
    """Tell the lifecycle what a parcel's new state means for the order as a whole.

    Trouble with one parcel is trouble at once, and stays so whatever another one does. The order is delivered, or came
    back, when all of it is; on the way it is as far as the parcel that is least far.
    """
    others = [p.state for p in j.order.parcels if p.no != parcel.no and not p.is_replaced]
    if parcel.is_replaced:
        return
    if state is ParcelState.RETURNED:
        is_all_back = all(other is ParcelState.RETURNED for other in others)
        j.happened("returned" if is_all_back else "returning")
    elif state.is_trouble:
        j.happened(MILESTONE[state])
    elif any(other.is_trouble for other in others):
        return
    elif state is ParcelState.DELIVERED and all(other is ParcelState.DELIVERED for other in others):
        if not any(line.open_quantity for line in j.order.lines):
            j.happened("delivered")
    else:
        moving = [other for other in (*others, state) if other is not ParcelState.DELIVERED]
        least = min(moving, key=lambda one: one.rank)
        if least in MILESTONE:
            j.happened(MILESTONE[least])
