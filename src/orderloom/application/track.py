"""What a carrier says of a parcel: every scan is kept, milestones are claimed, the order follows the newest."""

from __future__ import annotations

from orderloom.application.change import Tracked
from orderloom.application.commands import TrackParcel
from orderloom.application.consistency import compare_times
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.draft import TrackEntry
from orderloom.domain.order import Claim, Parcel

STATES = {
    "collected": "collected", "in_transit": "in_transit", "out_for_delivery": "out_for_delivery",
    "delivered": "delivered", "failed": "exception", "returning": "returning", "returned": "returned", "lost": "lost",
}
"""Milestone of a carrier → state of the parcel."""
FINAL = ("delivered", "returned", "lost")


def track(j: Journey, command: TrackParcel) -> None:
    """Take a carrier's report on one parcel into the order."""
    report = command.report
    parcel = next(p for p in j.order.parcels if p.waybill == report.waybill)
    system = j.world.directory.accounts[command.account_id].code
    known = {(c.milestone, c.said_at) for c in j.order.claims if c.system == system and c.waybill == report.waybill}
    fresh = [x for x in report.entries if x.milestone and (x.milestone, x.at) not in known]
    j.change.tracked += [Tracked(j.order.id, parcel.no, x, command.message_id) for x in report.entries]
    if not fresh:
        return
    first_time = {c.milestone for c in j.order.claims if c.system == system and c.waybill == report.waybill}
    claims = tuple([Claim(system, x.milestone, x.code, x.at, j.at, report.waybill) for x in fresh])
    j.emit(e.MilestoneClaimed(claims))
    for claim in claims:
        if claim.milestone not in first_time:
            compare_times(j, claim)
    _move(j, parcel, report.entries, fresh)


def _move(j: Journey, parcel: Parcel, entries: tuple[TrackEntry, ...], fresh: list[TrackEntry]) -> None:
    """The parcel's state is the newest scan's, unless it has ended; an old scan that arrives late moves nothing."""
    newest = max(fresh, key=lambda x: x.at)
    seen_before = [c.said_at for c in j.order.claims if c.waybill == parcel.waybill and c.said_at > newest.at]
    if seen_before and newest.milestone not in FINAL:
        return
    state = STATES.get(newest.milestone)
    if state is None or parcel.state in FINAL:
        return
    delivered_at = newest.at if state == "delivered" else None
    j.emit(e.ParcelTracked(parcel.no, state, newest.at, delivered_at))
    subject = f"{j.order.id}/{parcel.no}"
    j.change.resolved += [("out_without_collection", subject), ("carrier_stalled", subject)]
    if state not in FINAL:
        j.deadline("carrier_stalled", str(parcel.no))
    _tell_lifecycle(j, newest.milestone)


def _tell_lifecycle(j: Journey, milestone: str) -> None:
    """The order is delivered when every parcel is; trouble with one parcel is trouble at once."""
    if milestone == "delivered":
        is_all_out = not any(line.open_quantity for line in j.order.lines)
        if not is_all_out or any(p.state != "delivered" for p in j.order.parcels):
            return
    j.happened(milestone)
