"""What happens to fulfilment work before anything of it moves."""

from __future__ import annotations

from orderloom.domain.fact import Event


class WorkAccepted(Event, frozen=True, tag="work_accepted"):
    """Somebody answered first that they pick the work, in this wave of theirs; `by` empty: it was given back."""

    seq: int
    by: str
    wave: str = ""
