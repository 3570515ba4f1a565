"""Times as answers of HTTP tell them: when it was answered, and how long to wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from orderloom.application.ports import RETRY_AFTER_MAX


def http_date(said: str) -> datetime | None:
    """The instant of a date as headers write it; None for what is none."""
    try:
        found = parsedate_to_datetime(said)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)  # `-0000` gives no zone
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def wait_told(headers: Mapping[str, str], name: str = "retry-after") -> float:
    """The seconds to wait that a header tells, as a number of them or as a date by the clock that answers; else 0."""
    said = headers.get(name, "")
    try:
        wait = float(said)
    except ValueError:
        until = http_date(said)
        wait = (until - (http_date(headers.get("date", "")) or datetime.now(UTC))).total_seconds() if until else 0.0
    return min(wait, RETRY_AFTER_MAX) if wait > 0 else 0.0
