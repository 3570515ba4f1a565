"""Fold an order anew from its events: the proof that what is stored is what the log says, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from orderloom.domain import event as e
from orderloom.domain.evolve import begin, evolve
from orderloom.domain.log import Entry, decode
from orderloom.domain.order import Order


class Refolded(msgspec.Struct):
    """How many orders were compared, and (number, why) of the first hundred that differ."""

    orders: int
    differing: list[tuple[str, str]]


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
