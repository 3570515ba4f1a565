"""One order as the hub knows it: the fold of its events, and nothing else.

`Order` is only ever changed by `evolve`; the tables `orders`, `order_line`, `claim`, `hold`, `work`, `parcel` and
`stock_hold` are its projection. Clear personal data is not part of it: events are for ever, people may be forgotten.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

UNNAMED = "?"
"""Stands before the work's number where a parcel left and its waybill is not known yet."""


class Line(msgspec.Struct, frozen=True):
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

    @property
    def open_quantity(self) -> int:
        """What is still to be put into fulfilment work, in base units."""
        return 0 if self.is_closed else self.ordered - self.cancelled - self.fulfilled


class Claim(msgspec.Struct, frozen=True):
    """What a system said: a cell of the milestone matrix."""

    system: str
    milestone: str
    native: str
    said_at: datetime
    seen_at: datetime
    waybill: str = ""


class Hold(msgspec.Struct, frozen=True):
    """Why an order may not go on; several may stand at once. `verbs` are the steps it blocks."""

    no: int
    type: str
    scope: str
    subject: str
    reason: str
    placed_by: str
    placed_at: datetime
    verbs: tuple[str, ...]
    expires_at: datetime | None = None
    released_by: str = ""
    released_at: datetime | None = None


class StockHold(msgspec.Struct, frozen=True):
    """Units held for a line: `kind` reservation (unpaid) or allocation (paid), `state` active, released or consumed."""

    no: int
    line_no: int
    sku_id: int
    warehouse_id: int
    quantity: int
    kind: str
    state: str
    held_at: datetime


class WorkItem(msgspec.Struct, frozen=True):
    """Units of one SKU that a warehouse is to ship for one line."""

    line_no: int
    sku_id: int
    quantity: int


class Work(msgspec.Struct, frozen=True):
    """Fulfilment work given to one warehouse. `number` is what the warehouse knows it by."""

    seq: int
    number: str
    warehouse_id: int
    account_id: int | None
    items: tuple[WorkItem, ...]
    created_at: datetime
    changed_at: datetime
    state: str = "allocated"
    negotiation: str = "none"
    native: str = ""


class Parcel(msgspec.Struct, frozen=True):
    """A parcel on its way; `state` is a value of the parcel axis."""

    no: int
    work_seq: int
    carrier: str
    waybill: str
    state: str
    shipped_at: datetime
    heard_at: datetime
    delivered_at: datetime | None = None
    told: tuple[str, ...] = ()
    """Account codes that know of the parcel: the channel, the tracking service."""


class Order(msgspec.Struct):
    """The state of one order. Mutable only inside `evolve`, which works on its own copy."""

    id: str
    number: str
    account_id: int
    external_id: str
    revision: datetime
    placed_at: datetime
    received_at: datetime
    currency: str
    total: int
    freight: int
    discount: int
    tax: int
    payment: str
    paid: int
    native: str
    lines: tuple[Line, ...]
    blueprint: int
    stage: str
    staged_at: datetime
    parent_external_id: str = ""
    source_zone: str = "UTC"
    source_placed_at: str = ""
    paid_at: datetime | None = None
    refunded: int = 0
    note: str = ""
    is_cancelled: bool = False
    is_short: bool = False
    is_fulfilled_elsewhere: bool = False
    flags: tuple[str, ...] = ()
    receiver: str = ""
    """Keyed digest of the receiver: tells that it changed, not what it is."""
    receiver_stated: str = ""
    """The same of what the channel stated last; it differs from `receiver` once a person has corrected it."""
    province: str = ""
    country: str = ""
    claims: tuple[Claim, ...] = ()
    holds: tuple[Hold, ...] = ()
    stock_holds: tuple[StockHold, ...] = ()
    works: tuple[Work, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    money: tuple[tuple[str, int], ...] = ()
    """Keys and amounts of the money entries, so that none counts twice."""
    event_count: int = 0
    event_head: bytes = b""

    def is_blocked(self, verb: str) -> bool:
        """Whether any active hold forbids the verb."""
        return any(h.released_at is None and verb in h.verbs for h in self.holds)

    def active_stock(self, kind: str) -> tuple[StockHold, ...]:
        """Stock holds of a kind that still bind units."""
        return tuple(h for h in self.stock_holds if h.state == "active" and h.kind == kind)

    def work_by_number(self, number: str) -> Work | None:
        """The fulfilment work with this number."""
        return next((w for w in self.works if w.number == number), None)


_hash_encoder = msgspec.msgpack.Encoder(order="deterministic")


def state_bytes(order: Order) -> bytes:
    """Canonical bytes of the whole state: equal bytes mean an equal order, so a replay can be proven."""
    return _hash_encoder.encode(order)
