"""The closed words of waves."""

from __future__ import annotations

from orderloom.domain.states import State


class WaveKind(State):
    """How a wave is picked: work by work, single pieces, many equal works, sorted on the cart, sorted at a wall."""

    DISCRETE = "discrete"
    SINGLE_ITEM = "single_item"
    SAME_SKU = "same_sku"
    CLUSTER = "cluster"
    BATCH_SORT = "batch_sort"


class WaveState(State):
    """How far a wave is."""

    PLANNED = "planned"
    RELEASED = "released"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing is fetched for it any more."""
        return self in (WaveState.CLOSED, WaveState.CANCELLED)
