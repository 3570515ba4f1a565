"""What is done for an order as it is shown: the decision of a warehouse, stock, work, parcels, deliveries."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Looked(msgspec.Struct, frozen=True):
    """A warehouse that the routing decision looked at."""

    warehouse: str
    score: int
    distance_km: int
    verdict: str
    missing: dict[str, int]


class DecisionView(msgspec.Struct, frozen=True):
    """The latest routing decision: what was held or short, by which rule, and every warehouse looked at."""

    seq: int
    kind: str
    at: datetime
    rule: str
    candidates: list[Looked]


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
    incident: str = ""
    """Why the parcel does not simply arrive."""
    blame: str = ""
    """carrier, seller, receiver, customs or weather."""


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
