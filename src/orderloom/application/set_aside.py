"""What fails alone is set aside: a case says so, it is tried again ever more rarely, and all others go on."""

from __future__ import annotations

import traceback
from datetime import datetime, timedelta

from orderloom.application.change import CaseOpened
from orderloom.application.directory import Directory

WAIT_SECONDS, WAIT_SECONDS_MAX = 60, 3_600


def again_at(tries: int, at: datetime) -> datetime:
    """When to try again after so many tries: a minute, doubling up to an hour."""
    return at + timedelta(seconds=min(WAIT_SECONDS << min(max(tries, 0), 6), WAIT_SECONDS_MAX))


def told(error: Exception) -> str:
    """An error's kind and place. Never its text: that may hold a stored row with personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "orderloom" in f.filename] or frames
    place = f" ({ours[-1].filename.rpartition('/')[2]}:{ours[-1].lineno})" if ours else ""
    return f"{type(error).__name__}{place}"


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
