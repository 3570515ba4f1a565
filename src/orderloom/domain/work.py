"""Fulfilment work: what a warehouse is to ship for an order, who has it in hand, and how far that is."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.refusal import Refusal
from orderloom.domain.states import Negotiation, WorkState


class WorkItem(msgspec.Struct, frozen=True):
    """Units of one SKU that a warehouse is to ship for one line."""

    line_no: int
    sku_id: int
    quantity: int


UNANSWERED = "unanswered"
"""Native word of work that was called back because its warehouse never answered; it stays when it is given back."""


class Work(msgspec.Struct, frozen=True):
    """Fulfilment work given to one warehouse. `number` is what the warehouse knows it by."""

    seq: int
    number: str
    warehouse_id: int
    account_id: int | None
    items: tuple[WorkItem, ...]
    created_at: datetime
    changed_at: datetime
    state: WorkState = WorkState.ALLOCATED
    negotiation: Negotiation = Negotiation.NONE
    native: str = ""
    accepted_by: str = ""
    """Who answered first that they pick it: nobody else may. Empty: its warehouse's system, if any, or nobody yet."""
    wave: str = ""
    """In which wave of theirs."""
    accepted_at: datetime | None = None
    service: str = ""
    """The carrier's service by which it is to go, as the blueprint names it; empty: none was chosen."""
    carrier: str = ""
    cost: int | None = None
    """What the service asks by its rate table, in minor units."""
    promised_at: datetime | None = None
    """Until when the buyer was promised it."""
    merge_no: str = ""
    """The merge that it is in: works of one number leave in one parcel. Empty: it goes by itself."""


def accepted_before(work: Work) -> Refusal:
    """Somebody else answered first."""
    return Refusal("accepted_before", {
        "work": work.number, "by": work.accepted_by, "wave": work.wave or "-",
        "at": work.accepted_at.isoformat(timespec="seconds") if work.accepted_at else ""})
