"""The shapes of one order as the API shows it. Money is minor units of the order's currency, instants are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.decision_shapes import DecisionView
from orderloom.application.queries.masking import ReceiverView
from orderloom.domain.words import Words


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


class ChargeView(msgspec.Struct, frozen=True):
    """Money of the order that is on no line, as the buyer bears it; `tax` is within `amount`."""

    kind: str
    title: str
    amount: int
    tax: int


class MoneyView(msgspec.Struct, frozen=True):
    """A payment, refund or fee; positive is money to the seller."""

    key: str
    kind: str
    amount: int
    currency: str
    said_at: datetime


class ClaimView(msgspec.Struct, frozen=True):
    """A cell of the matrix: a system says, in its own word, that a milestone was reached."""

    system: str
    milestone: str
    native: str
    said_at: datetime
    seen_at: datetime
    waybill: str
    message_id: str | None


class Matrix(msgspec.Struct, frozen=True):
    """Milestones (rows, in usual order) by systems (columns, in order of first word)."""

    milestones: list[str]
    systems: list[str]
    claims: list[ClaimView]


class EventView(msgspec.Struct, frozen=True):
    """A fact of the order's log with its place in the hash chain."""

    seq: int
    kind: str
    at: datetime
    actor: str
    message_id: str | None
    blueprint: int
    facts: dict[str, Any]
    hash: str


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


class WorkLineView(msgspec.Struct, frozen=True):
    """Units of a SKU in a piece of work."""

    line_no: int
    sku: str
    quantity: int


class WorkView(msgspec.Struct, frozen=True):
    """Fulfilment work at a warehouse; `system` is the account it is sent to, null when there is none."""

    seq: int
    number: str
    warehouse: str
    system: str | None
    state: str
    negotiation: str
    native: str
    created_at: datetime
    changed_at: datetime
    lines: list[WorkLineView]


class ScanView(msgspec.Struct, frozen=True):
    """One scan of a parcel."""

    code: str
    milestone: str
    occurred_at: datetime
    location: str
    text: str


class ParcelItemView(msgspec.Struct, frozen=True):
    """Units of a line in a parcel; `work_seq` 0: sent by somebody else, as the channel says."""

    work_seq: int
    line_no: int
    sku: str
    quantity: int


class ParcelView(msgspec.Struct, frozen=True):
    """A parcel with its scans, oldest first; `told` are the accounts that know of it."""

    no: int
    id: str
    carrier: str
    waybill: str
    state: str
    shipped_at: datetime
    delivered_at: datetime | None
    heard_at: datetime
    told: list[str]
    is_replaced: bool
    items: list[ParcelItemView]
    shared_with: list[str]
    """Numbers of other orders in the same parcel."""
    scans: list[ScanView]


class StockHoldView(msgspec.Struct, frozen=True):
    """Units held for a line of the order."""

    no: int
    line_no: int
    sku: str
    warehouse: str
    quantity: int
    kind: str
    state: str
    held_at: datetime


class OrderDelivery(msgspec.Struct, frozen=True):
    """What was or is to be sent about the order."""

    id: str
    account: str
    kind: str
    state: str
    attempts: int
    due_at: datetime
    created_at: datetime
    done_at: datetime | None
    last_error: str


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


class Voucher(msgspec.Struct, frozen=True):
    """A stored message that spoke of the order; `digest` proves its bytes."""

    id: str
    account: str
    topic: str
    event_id: str
    received_at: datetime
    body_size: int
    digest: str
    outcome: str


class OrderDetail(msgspec.Struct, frozen=True):
    """Everything of one order on one page."""

    order: OrderHeader
    receiver: ReceiverView
    lines: list[LineView]
    charges: list[ChargeView]
    money: list[MoneyView]
    matrix: Matrix
    events: list[EventView]
    holds: list[HoldView]
    works: list[WorkView]
    parcels: list[ParcelView]
    stock_holds: list[StockHoldView]
    deliveries: list[OrderDelivery]
    cases: list[OrderCase]
    vouchers: list[Voucher]
    decision: DecisionView | None
    actions: list[str] = []
    """What the one who asks may do with the order now."""
    customer: Words | None = None
    """What the buyer is told of the order's stage."""
