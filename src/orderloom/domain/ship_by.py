"""Until when a platform wants an order shipped, read from what its mapping kept: each writes it its own way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

NAMES = ("ship_by", "ship_by_epoch")
OPEN_PHASES = ("new", "ready", "blocked", "held", "amending")
"""Nothing of the order, or not all, is out yet: its ship-by time still binds."""
SECONDS, MILLISECONDS = re.compile(r"[0-9]{9,10}"), re.compile(r"[0-9]{12,13}")


def ship_by(facts: Mapping[str, Any], zone: str) -> datetime | None:
    """The instant in UTC; None when nothing that can be read was told. A time without offset is of the account's zone.

    >>> ship_by({"ship_by": 1772524799}, "Asia/Shanghai").isoformat()
    '2026-03-03T07:59:59+00:00'
    """
    text = next((str(facts[name]).strip() for name in NAMES if facts.get(name)), "")
    try:
        if SECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text), UTC)
        if MILLISECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
