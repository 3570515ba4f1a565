"""One line of an order: what was ordered of it, and how far each unit is.

Its defaults stand in facts, and never change (`order.py`).
"""

from __future__ import annotations

import msgspec

from orderloom.domain.states import LineKind

HAND = "hand:"
"""How ids of lines begin that a person added and no channel knows."""
GIFT = "gift:"
"""How ids of lines begin that a rule gave: `gift:RULE/ROW`; one that the order waits for ends in `!`."""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """An order line with its counters: ordered ≥ fulfilled ≥ shipped ≥ returned ≥ 0, all in base units."""

    no: int
    external_id: str
    sku_id: int
    sku_external: str
    title: str
    ordered: int
    price: int
    discount: int
    amount: int
    factor: int = 1
    """Base units in one of the channel's units."""
    native: str = ""
    is_closed: bool = False
    is_disputed: bool = False
    cancelled: int = 0
    fulfilled: int = 0
    shipped: int = 0
    returned: int = 0
    kind: LineKind = LineKind.GOODS
    elsewhere: int = 0
    """What the channel says is shipped and no work of ours shipped: it takes no stock and no work."""
    unpaid: int = 0
    """Units that were added to a paid order and wait for their money."""
    parts: tuple[tuple[int, int], ...] = ()
    """Of a bundle: the SKUs in one of it and their units, as they were when work on it began."""

    @property
    def is_by_hand(self) -> bool:
        """Whether the channel knows nothing of the line: it is never told of it."""
        return self.external_id.startswith((HAND, GIFT))

    @property
    def is_gift(self) -> bool:
        """Whether a rule of ours gave it: nobody pays for it, and nobody ordered it."""
        return self.external_id.startswith(GIFT)

    @property
    def may_be_left_out(self) -> bool:
        """Whether the order goes on without it where there is no stock of it."""
        return self.is_gift and not self.external_id.endswith("!")

    @property
    def is_goods(self) -> bool:
        """Whether the line is something to send, and still wanted."""
        return self.kind is LineKind.GOODS and not self.is_closed

    @property
    def needed(self) -> int:
        """Units that are ours to ship now, in base units, whatever of them is in work already."""
        if self.kind is not LineKind.GOODS or self.is_closed:
            return 0
        units = self.ordered - self.cancelled - self.elsewhere - self.unpaid
        return units if units > 0 else 0

    @property
    def open_quantity(self) -> int:
        """What is still to be put into fulfilment work, what waits for its money included, in base units."""
        if not self.is_goods:
            return 0
        return max(self.ordered - self.cancelled - self.elsewhere - self.fulfilled, 0)
