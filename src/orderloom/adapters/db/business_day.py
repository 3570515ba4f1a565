"""The day that the seller's people mean by "today": a warehouse's capacity and the rollups count by this one alike."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo


def business_day(at: datetime, zone: str) -> date:
    """The day in which an instant lies where the seller is."""
    return at.astimezone(ZoneInfo(zone)).date()
