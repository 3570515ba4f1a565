"""One truth per SKU and warehouse: what is there and what binds it, changed only by movements."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Level(msgspec.Struct):
    """Units of a SKU in a warehouse. `free` may be negative: then the level is oversold, and that is shown, not hidden.

    Mutable: a batch's later commands must see what earlier ones took.
    """

    sku_id: int
    warehouse_id: int
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    safety: int = 0
    frozen: int = 0
    set_aside: int = 0

    @property
    def free(self) -> int:
        """Available to promise to anybody: on hand, less everything that is bound or set aside."""
        return self.unbound - self.set_aside

    @property
    def unbound(self) -> int:
        """What could be promised if nothing were set aside: no quota can promise more."""
        return self.on_hand - self.reserved - self.allocated - self.safety - self.frozen

    @property
    def is_oversold(self) -> bool:
        """More is promised to orders than lies there."""
        return self.reserved + self.allocated > self.on_hand - self.frozen


class Movement(msgspec.Struct, frozen=True):
    """One line of the stock ledger, the only writer of levels. `cause` and `kind` together are its idempotency key."""

    sku_id: int
    warehouse_id: int
    kind: str
    cause: str
    reason: str
    actor: str
    at: datetime
    on_hand: int = 0
    reserved: int = 0
    allocated: int = 0
    safety: int = 0
    frozen: int = 0
    order_id: str | None = None
    set_aside: int = 0


def apply(level: Level, movement: Movement) -> None:
    """Add the movement to the level. Nothing is clamped."""
    level.on_hand += movement.on_hand
    level.reserved += movement.reserved
    level.allocated += movement.allocated
    level.safety += movement.safety
    level.frozen += movement.frozen
    level.set_aside += movement.set_aside
