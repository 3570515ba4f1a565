"""The limits of a platform: one bucket for each account and call, that says how long to wait when it is empty."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

Rate = tuple[float, float]
"""(calls per second, burst)."""


class Limits:
    """Rates by the call's name; "*" is for all that have none of their own. Without a rate nothing is limited."""

    def __init__(self, rates: Mapping[str, Any] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.rates: dict[str, Rate] = {name: (float(r[0]), float(r[1])) for name, r in (rates or {}).items()}
        self._clock = clock
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def rate(self, name: str) -> Rate | None:
        """What a call may do."""
        return self.rates.get(name) or self.rates.get("*")

    def wait(self, name: str, account: str = "") -> float:
        """Take one call from the bucket: 0.0 when it was there, otherwise the seconds until it would be."""
        rate = self.rate(name)
        if rate is None:
            return 0.0
        per_second, burst = rate
        now, key = self._clock(), (account, name)
        level, at = self._levels.get(key, (burst, now))
        level = min(burst, level + (now - at) * per_second)
        if level >= 1:
            self._levels[key] = (level - 1, now)
            return 0.0
        self._levels[key] = (level, now)
        return (1 - level) / per_second if per_second else 60.0
