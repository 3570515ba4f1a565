"""What happens to fulfilment work before anything of it moves."""

from __future__ import annotations

from orderloom.domain.fact import Event
from orderloom.domain.rule import RuleDecision
from orderloom.domain.work import WorkItem


class WorkAssigned(Event, frozen=True, tag="work_assigned"):
    """Fulfilment work was given to a warehouse; `is_queued` when its system is told at once. `decision`: the rule by
    which the order's goods there were split over several works."""

    seq: int
    number: str
    warehouse_id: int
    account_id: int | None
    items: tuple[WorkItem, ...]
    is_queued: bool = True
    decision: RuleDecision | None = None


class WorkAccepted(Event, frozen=True, tag="work_accepted"):
    """Somebody answered first that they pick the work, in this wave of theirs; `by` empty: it was given back."""

    seq: int
    by: str
    wave: str = ""


class WorkMerged(Event, frozen=True, tag="work_merged"):
    """The work leaves in one parcel with all others of this merge; `decision`: the rule that joined them, if no person
    did."""

    seq: int
    merge_no: str
    decision: RuleDecision | None = None


class WorkParted(Event, frozen=True, tag="work_parted"):
    """The work left its merge and goes by itself."""

    seq: int
    merge_no: str
    reason: str
