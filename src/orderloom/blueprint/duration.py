"""Durations as people write them: 90s, 15m, 48h, 3d, 1h30m."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s)?")
_SCALE = (86400, 3600, 60, 1)


def seconds(text: str) -> int:
    """Return the whole seconds of a duration. Raises ValueError when the text is not one, or is zero."""
    match = _PARTS.fullmatch(text.strip())
    total = sum(int(part) * scale for part, scale in zip(match.groups("0"), _SCALE, strict=True)) if match else 0
    if not total:
        raise ValueError(text)
    return total


def spell(total: int) -> str:
    """Return the shortest text for so many seconds: 5400 → 1h30m."""
    parts = []
    for scale, letter in zip(_SCALE, "dhms", strict=True):
        count, total = divmod(total, scale)
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts)
