"""How much of what comes from untrusted sources is kept: so much per account and hour whole, then samples, then counts.

Anybody may post to a webhook's address. What is not genuine is refused and kept to be looked at, but a flood of it must
not fill the disk: past the limit each 2nd, 4th, 8th … further one is kept when it is small, the others are counted.
Each process of the door counts for itself, so that a flood costs no question to the database: N keep N times as much.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

KEPT_MAX = 200
KEPT_BYTES_MAX = 20 << 20
SAMPLE_BYTES_MAX = 64 << 10
HOURS_MAX = 2_000
"""Hours of accounts that are remembered; the oldest are forgotten first."""
Hour = tuple[int, datetime]


class Seen(msgspec.Struct):
    """What came for one account in one hour."""

    kept: int = 0
    kept_bytes: int = 0
    over: int = 0


class Quarantine:
    """Decides for one process what is kept, and counts what is not."""

    def __init__(self) -> None:
        self._seen: dict[Hour, Seen] = {}
        self._uncounted: dict[Hour, int] = {}

    def admits(self, account_id: int, at: datetime, size: int) -> bool:
        """Whether this one is to be kept; one that is not is counted."""
        hour = (account_id, at.replace(minute=0, second=0, microsecond=0))
        seen = self._seen.setdefault(hour, Seen())
        while len(self._seen) > HOURS_MAX:
            del self._seen[next(iter(self._seen))]
        if seen.over == 0 and seen.kept < KEPT_MAX and seen.kept_bytes + size <= KEPT_BYTES_MAX:
            seen.kept += 1
            seen.kept_bytes += size
            return True
        seen.over += 1
        if seen.over & (seen.over - 1) == 0 and size <= SAMPLE_BYTES_MAX:
            return True
        self._uncounted[hour] = self._uncounted.get(hour, 0) + 1
        return False

    def take(self) -> dict[Hour, int]:
        """The counts that nobody has written down yet; they are the caller's now."""
        taken, self._uncounted = self._uncounted, {}
        return taken

    def put_back(self, counts: Mapping[Hour, int]) -> None:
        """They could not be written down now."""
        for hour, count in counts.items():
            self._uncounted[hour] = self._uncounted.get(hour, 0) + count
