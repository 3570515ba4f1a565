"""Take stored vouchers through the route again: after a mapping or alias was mended, or to prove that nothing changes.

A replayed message is translated and decided anew; an order that is already as the message says is left as it is, so a
replay can be repeated without harm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from orderloom.domain import event as e
from orderloom.domain.evolve import begin, evolve
from orderloom.domain.log import Entry, decode
from orderloom.domain.order import Order

Progress = Callable[[int], None]


def refold(entries: Iterable[Entry]) -> Order:
    """The order that its events make, from the first on: must equal what is stored, byte for byte (`state_bytes`).

    Raises ValueError when the log does not begin with the recording of an order.
    """
    order: Order | None = None
    for entry in entries:
        event = decode(entry.facts)
        if order is None:
            if not isinstance(event, e.OrderRecorded):
                raise ValueError(f"{entry.order_id}: the log begins with {entry.kind}")
            order = begin(entry.order_id, event, entry.blueprint, entry.at)
        else:
            order = evolve(order, event, entry.at)
        order.event_count, order.event_head = entry.seq, entry.hash
    if order is None:
        raise ValueError("an order without events")
    return order
