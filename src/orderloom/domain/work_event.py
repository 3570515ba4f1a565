"""What happens to fulfilment work before anything of it moves."""

from __future__ import annotations

from orderloom.domain.fact import Event
from orderloom.domain.rule import RuleDecision


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
