"""What fails alone is set aside: a case says so, it is tried again ever more rarely, and all others go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom.application.change import CaseOpened
from orderloom.application.directory import Directory
from orderloom.domain.fault import told

WAIT_SECONDS, WAIT_SECONDS_MAX = 60, 3_600


def again_at(tries: int, at: datetime) -> datetime:
    """When to try again after so many tries: a minute, doubling up to an hour."""
    return at + timedelta(seconds=min(WAIT_SECONDS << min(max(tries, 0), 6), WAIT_SECONDS_MAX))


def failed(
    kind: str, subject: str, cause: str, error: Exception, tries: int, directory: Directory, at: datetime,
    order_id: str | None = None, **evidence: str,
) -> CaseOpened:
    """The case of something that was set aside; it closes by itself when a later try succeeds."""
    rule = directory.blueprints[directory.blueprint_active].case(kind)
    return CaseOpened(
        kind, subject,
        {**evidence, "error": told(error), "tries": tries + 1, "again_at": again_at(tries, at).isoformat()},
        order_id, None, rule.owner, at + timedelta(seconds=rule.limit_seconds), cause, rule.group_over,
    )
