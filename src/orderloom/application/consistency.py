"""Compare what systems claim of the same step (LIF-3): times that are further apart than the limit open a case."""

from __future__ import annotations

from orderloom.application.journey import Journey
from orderloom.domain.order import Claim

COMPARED = ("label_printed", "handed_over", "collected", "delivered")
OUT = ("handed_over", "collected")
"""The warehouse's last word and the carrier's first: two names of one moment."""


def compare_times(j: Journey, claim: Claim) -> None:
    """Open a case when another system claims the same step at another time than this one, beyond the limit."""
    rule = j.blueprint.deadline("ship_times_differ", j.channel)
    if rule is None or claim.milestone not in COMPARED:
        return
    limit = rule.after_seconds
    same = OUT if claim.milestone in OUT else (claim.milestone,)
    for other in j.order.claims:
        if other.system == claim.system or other.milestone not in same:
            continue
        if other.waybill and claim.waybill and other.waybill != claim.waybill:
            continue  # another parcel of the order
        apart = abs(int((claim.said_at - other.said_at).total_seconds()))
        if apart > limit:
            j.open_case("ship_times_differ", milestone=claim.milestone, seconds_apart=apart, limit_seconds=limit,
                        one={"system": other.system, "native": other.native, "at": other.said_at.isoformat()},
                        other={"system": claim.system, "native": claim.native, "at": claim.said_at.isoformat()})
            return
