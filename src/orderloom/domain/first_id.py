"""Where an instant begins among ids that are in order of time."""

from __future__ import annotations

from datetime import datetime


def first_id(at: datetime) -> str:
    """The least UUIDv7 of an instant: ids are in order of time, so a time range is an id range."""
    millis = f"{max(int(at.timestamp() * 1000), 0):012x}"
    return f"{millis[:8]}-{millis[8:]}-0000-0000-000000000000"
