"""One order as the hub knows it: the fold of its events, and nothing else.

`Order` is only ever changed by `evolve`; the tables `orders`, `order_line`, `order_charge`, `claim`, `hold`, `work`,
`parcel_item`, `stock_hold` and `after_sale` are its projection, `parcel` that of all orders in it. Clear personal data
is not part of it: events are for ever, people may be forgotten.

Facts leave out what is a field's default (`domain/log.py`), so the defaults of what stands in facts never change: a
stored fact must mean the same for ever (`tests/unit/test_defaults_are_for_ever.py`).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.after_sale import AfterSale
from orderloom.domain.states import (
    BindingKind,
    BindingState,
    ChargeKind,
    LineKind,
    ParcelState,
    PaymentState,
)
from orderloom.domain.waybill import UNNAMED
from orderloom.domain.work import Work as Work
from orderloom.domain.work import WorkItem as WorkItem

PICKUP = "is_pickup"
"""The fact of an order that its buyer fetches it."""
HAND, GIFT, GIFT_OWED = "hand:", "gift:", "gift!:"
"""How ids of lines begin that no channel knows: a person added them, or a rule gave them (`gift.py`)."""


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
        return self.external_id.startswith((HAND, GIFT, GIFT_OWED))

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


class Charge(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money of an order that is on no line: `amount` as the buyer bears it (a subsidy is negative), `tax` within it."""

    kind: ChargeKind
    amount: int
    tax: int = 0
    title: str = ""


class MoneyEntry(msgspec.Struct, frozen=True):
    """Money that came in or went back, once per key; signed minor units from the seller's view."""

    key: str
    kind: str
    amount: int
    said_at: datetime


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a system said: a cell of the milestone matrix."""

    system: str
    milestone: str
    native: str
    said_at: datetime
    seen_at: datetime
    waybill: str = ""
    work: str = ""
    """Number of the work that a warehouse spoke of; empty in claims from before it was kept, and of everybody else."""
    carrier: str = ""
    """The carrier that it named with the waybill."""


class Hold(msgspec.Struct, frozen=True, omit_defaults=True):
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


class StockBinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units bound for a line: `kind` reservation (unpaid) or allocation (paid), and how it ended (`state`)."""

    no: int
    line_no: int
    sku_id: int
    warehouse_id: int
    quantity: int
    bound_at: datetime = msgspec.field(name="held_at")
    kind: BindingKind = BindingKind.ALLOCATION
    state: BindingState = BindingState.ACTIVE
    quota: str = ""
    """The quota that the units were drawn from; empty: the general pool."""


class ParcelItem(msgspec.Struct, frozen=True):
    """Units of a line in a parcel; `work_seq` 0 is what the channel says was shipped without us."""

    work_seq: int
    line_no: int
    sku_id: int
    quantity: int


class Parcel(msgspec.Struct, frozen=True):
    """A parcel on its way, as one of the orders in it sees it: `no` is this order's number for it, `id` everybody's."""

    no: int
    id: str
    carrier: str
    waybill: str
    state: ParcelState
    shipped_at: datetime
    heard_at: datetime
    delivered_at: datetime | None = None
    items: tuple[ParcelItem, ...] = ()
    told: tuple[str, ...] = ()
    """Account codes that know of the parcel: the channel, the tracking service."""
    is_replaced: bool = False
    """Its goods were sent again: what becomes of it does not decide about the order any more."""

    @property
    def is_named(self) -> bool:
        """Whether the waybill number is known."""
        return not self.waybill.startswith(UNNAMED)

    def holds_work(self, seq: int) -> bool:
        """Whether units of this work are in the parcel."""
        return any(item.work_seq == seq for item in self.items)


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
    payment: PaymentState
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
    city: str = ""
    external_number: str = ""
    """The number that the buyer knows the order by, where it is another than the channel's id (Shopify's `#1003`)."""
    is_masked: bool = False
    is_unsure: bool = False
    is_erased: bool = False
    """The person was forgotten on request; nothing that a channel states brings them back."""
    facts: dict[str, str | int | bool | None] = {}
    """Further mapped fields, for the blueprint's conditions."""
    charges: tuple[Charge, ...] = ()
    claims: tuple[Claim, ...] = ()
    holds: tuple[Hold, ...] = ()
    bindings: tuple[StockBinding, ...] = msgspec.field(default=(), name="stock_holds")
    works: tuple[Work, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    money: tuple[MoneyEntry, ...] = ()
    after_sales: tuple[AfterSale, ...] = ()
    event_count: int = 0
    event_head: bytes = b""

    def is_blocked(self, verb: str) -> bool:
        """Whether any active hold forbids the verb."""
        return bool(self.holds) and any(h.released_at is None and verb in h.verbs for h in self.holds)

    def active_stock(self, kind: BindingKind) -> tuple[StockBinding, ...]:
        """Bindings of a kind that still stand."""
        return tuple([b for b in self.bindings if b.state == BindingState.ACTIVE and b.kind == kind])

    @property
    def is_pickup(self) -> bool:
        """Whether the buyer fetches it: nobody carries it, and there is no waybill."""
        return self.facts.get(PICKUP) is True

    @property
    def standing_hold(self) -> str:
        """Type of the newest hold that stands, empty when none does."""
        return next((h.type for h in reversed(self.holds) if h.released_at is None), "")

    @property
    def is_out(self) -> bool:
        """Whether goods of it left, whoever sent them, and were not taken back or sent again."""
        return any(i.quantity for p in self.parcels if not p.is_replaced for i in p.items) or any(
            line.elsewhere for line in self.lines
        )

    def work_by_number(self, number: str) -> Work | None:
        """The fulfilment work with this number."""
        return next((w for w in self.works if w.number == number), None)


_hash_encoder = msgspec.msgpack.Encoder(order="deterministic")


def state_bytes(order: Order) -> bytes:
    """Canonical bytes of the whole state: equal bytes mean an equal order, so a replay can be proven."""
    return _hash_encoder.encode(order)
