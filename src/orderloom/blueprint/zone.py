"""Zones as people name them: Asia/Shanghai."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_of(name: Any) -> ZoneInfo | None:
    """The zone of an IANA name; None for what is none, be it a folder of zones or too long for a file's name."""
    try:
        return ZoneInfo(name) if isinstance(name, str) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
