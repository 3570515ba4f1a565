"""What happens to an order whose goods are sold before they are there."""

from __future__ import annotations

from datetime import date

import msgspec

from orderloom.domain.fact import Event
from orderloom.domain.order import StockBinding


class PresaleTaken(Event, frozen=True, tag="presale_taken"):
    """The goods are not there and are sold all the same: the order has a place among those of a presale, which promises
    to send them on this day. No unit is bound yet."""

    bindings: tuple[StockBinding, ...] = msgspec.field(name="holds")
    promised_on: date


class PresaleMet(Event, frozen=True, tag="presale_met"):
    """The goods came, and stock was bound in the place of these."""

    bindings: tuple[int, ...] = msgspec.field(name="holds")
