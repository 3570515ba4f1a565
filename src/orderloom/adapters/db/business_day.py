"""The day that the seller's people mean by "today": a warehouse's capacity and the rollups count by this one alike."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

BUSINESS_ZONE = "Asia/Shanghai"
"""Where the seller's day begins at midnight. Days that are over keep their figures when it changes."""
_ZONE = ZoneInfo(BUSINESS_ZONE)


def business_day(at: datetime) -> date:
    """The seller's day in which an instant lies."""
    return at.astimezone(_ZONE).date()
