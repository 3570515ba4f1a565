"""The closed vocabularies that configuration may use, and the pair of languages in which it is shown."""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text for people, Chinese first."""

    zh: str
    en: str


ROLES = ("service", "warehouse", "finance", "operations", "management", "administrator", "system", "customer")
"""Who may own a stage or case and who may make a transition; `system` is the hub itself."""

VERBS = ("reserve", "assign", "dispatch", "cancel", "adjust")
"""What a hold can block."""

SEVERITY_WORDS = {
    "low": Words("低", "low"), "medium": Words("中", "medium"), "high": Words("高", "high"),
    "critical": Words("紧急", "critical"),
}
SEVERITIES = tuple(SEVERITY_WORDS)

DEADLINES = (
    "reservation", "unpaid_closed", "downstream_missing", "ship_times_differ", "waybill_missing",
    "out_without_collection", "carrier_stalled", "work_unanswered",
)
"""Times that the hub can watch. One that a blueprint leaves out is not watched."""

CATCH_UPS = ("fire_all", "fire_last", "skip_with_alert")
"""What happens to deadlines that fell due while nothing was running."""
