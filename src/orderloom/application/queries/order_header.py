"""The head of an order as it is shown: its own row, its lines, what holds it, its cases. Instants are UTC."""

from __future__ import annotations

from datetime import datetime

import msgspec


class OrderHeader(msgspec.Struct, frozen=True):
    """The order's own row: who sold what to whom for how much, its six axes, and its place in the lifecycle."""

    id: str
    number: str
    account: str
    channel: str
    external_id: str
    external_number: str
    parent_external_id: str
    native: str
    phase: str
    stage: str
    staged_at: datetime
    revision: datetime
    placed_at: datetime
    paid_at: datetime | None
    received_at: datetime
    source_zone: str
    source_placed_at: str
    intake: str
    payment: str
    fulfilment: str
    parcel: str
    after_sales: str
    holds_active: int
    is_cancelled: bool
    is_short: bool
    is_fulfilled_elsewhere: bool
    flags: list[str]
    note: str
    currency: str
    total: int
    freight: int
    discount: int
    tax: int
    paid: int
    refunded: int
    blueprint: int
    event_count: int
    event_head: str


class LineView(msgspec.Struct, frozen=True):
    """A line with its counters, in base units of the SKU."""

    no: int
    external_id: str
    sku: str
    sku_external: str
    title: str
    kind: str
    ordered: int
    cancelled: int
    fulfilled: int
    shipped: int
    returned: int
    elsewhere: int
    unpaid: int
    factor: int
    price: int
    discount: int
    amount: int
    native: str
    is_closed: bool
    is_disputed: bool


class HoldView(msgspec.Struct, frozen=True):
    """Why the order may not go on, or might not once."""

    no: int
    type: str
    scope: str
    subject: str
    reason: str
    placed_by: str
    placed_at: datetime
    verbs: list[str]
    expires_at: datetime | None
    released_by: str | None
    released_at: datetime | None


class OrderCase(msgspec.Struct, frozen=True):
    """An anomaly of the order."""

    id: str
    kind: str
    subject: str
    owner: str
    opened_at: datetime
    due_at: datetime | None
    sightings: int
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
