"""Quiet hours on the clock of a zone: until when a message waits, over midnight and where clocks are put on or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

MINUTES_A_DAY = 1_440
ACCOUNT, SELLER = "account", "seller"
"""Zones by name: the messenger account's own, or where the seller's day begins at midnight."""


class Quiet(msgspec.Struct, frozen=True):
    """From one minute of the day up to another, not included; over midnight when the second is the smaller one.

    `through` is the severity from which on a message does not wait; empty: all wait.
    """

    start: int
    end: int
    zone: str
    through: str = ""

    def covers(self, minute: int) -> bool:
        """Whether a minute of the day is a quiet one."""
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def quiet_until(at: datetime, quiet: Quiet, zone: str) -> datetime | None:
    """The first instant after `at` that is not quiet in the zone; None when `at` itself is not."""
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if not quiet.covers(minute):
        return None
    day = local.date() + timedelta(days=quiet.start > quiet.end and minute >= quiet.start)
    end = next(i for i in _instants(day, quiet.end, zone) if i > at and not quiet.covers(_minute(i, zone)))
    for _ in range(MINUTES_A_DAY):  # an end that the clock leaps over: the leap itself is the end
        earlier = end - timedelta(minutes=1)
        if earlier <= at or quiet.covers(_minute(earlier, zone)):
            break
        end = earlier
    return end


def _instants(day: date, minute: int, zone: str) -> list[datetime]:
    """When a clock of the zone shows a minute of the day: twice where it is put back, and the day after in any case."""
    found = []
    for after in (0, 1):
        on = day + timedelta(days=after)
        for fold in (0, 1):
            shown = datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=ZoneInfo(zone), fold=fold)
            found.append(shown.astimezone(UTC))
    return sorted(found)


def _minute(at: datetime, zone: str) -> int:
    local = at.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute
