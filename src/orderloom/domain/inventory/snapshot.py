"""A snapshot of stock: what every system says at one time beside the hub's own figure, and which differences count.

What is on its way explains a difference: a figure that the book itself showed while the other side was being read, or
that a channel had not heard of yet, is no fault of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

PERMILLE = 1_000


class SnapshotRow(msgspec.Struct, frozen=True):
    """One SKU at one place - a warehouse, a channel's listing - as a system and as the hub say it; null: not said.

    `sku` is the hub's code, empty when it knows none; `spelling` the system's own. `explained`: why they may differ
    and nothing be wrong; empty when nothing explains it.
    """

    system: str
    place: str
    sku: str
    spelling: str
    meaning: str
    ours: int | None
    theirs: int | None
    explained: str = ""

    @property
    def permille(self) -> int:
        """How much the figures differ, in per mille of the larger one, rounded up."""
        ours, theirs = self.ours or 0, self.theirs or 0
        most = max(abs(ours), abs(theirs))
        return -(-abs(ours - theirs) * PERMILLE // most) if most else 0


def tripped(rows: Iterable[SnapshotRow], over_permille: int) -> list[str]:
    """Codes of the SKUs that differ by more than so much and nothing explains it, each once."""
    return sorted({row.sku for row in rows if row.sku and not row.explained and row.permille > over_permille})


def was_so(theirs: int, now: int, deltas_back: Sequence[int]) -> bool:
    """Whether the book showed this figure now or before one of the last movements; `deltas_back`: newest first."""
    for delta in (0, *deltas_back):
        now -= delta
        if now == theirs:
            return True
    return False
