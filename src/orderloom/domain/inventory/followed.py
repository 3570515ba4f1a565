"""How soon a sale at one shop is shown at the others: the steps of the way, and times kept as a few counts."""

from __future__ import annotations

from collections.abc import Mapping

STEPS = ("landing", "route", "publish", "queue", "answer")
"""From the buyer's order to its message; to the stock that it took; to the figure that is due; to its sending; to the
shop's yes."""
BOUNDS_MS = [250, 500, 1_000, 2_000, 3_000, 5_000, 8_000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000,
             900_000, 3_600_000, 86_400_000]
"""A time is kept as the least of these that it did not pass."""


def quantile(counts: Mapping[int, int], percent: int) -> int | None:
    """The least bound that so many percent did not pass; None where it is none of them. `counts`: by bound, 0: none."""
    needed = -(-sum(counts.values()) * percent // 100)
    seen = 0
    for bound in sorted(bound for bound in counts if bound):
        seen += counts[bound]
        if seen >= needed:
            return bound
    return None
