"""Where a zone's clock is put back it shows a stretch of time twice, where it is put forward one that never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_APART = timedelta(days=1)
"""A clock is changed less often than this, and by no more."""


def repeated(at: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """All of the time in which the clock shows what it shows twice, if it shows something of it at this instant."""
    shown = at.astimezone(zone)
    first, second = shown.replace(fold=0).utcoffset(), shown.replace(fold=1).utcoffset()
    assert first is not None and second is not None, "zones have offsets"
    if first == second:
        return None
    earlier = shown.replace(tzinfo=UTC) - first
    back = first - second
    change = _change(earlier, earlier + back, zone)
    return change - back, change + back


def levelled(at: datetime, zone: tzinfo) -> datetime:
    """One instant for all that a clock change leaves unsure: the first that the repeated time, or the missing, can be.

    `at` is the first reading of a local time that is shown twice, or never. What was before is earlier than it, what
    comes after is later, and in between nothing is newer than anything else.
    """
    twice = repeated(at, zone)
    return twice[0] if twice else _change(at - _APART, at, zone)


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The second at which the offset changes between the two."""
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle, zone) == offset else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _offset(at: int, zone: tzinfo) -> timedelta | None:
    return datetime.fromtimestamp(at, zone).utcoffset()
