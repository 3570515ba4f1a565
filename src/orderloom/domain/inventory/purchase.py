"""A purchase ticket: what was ordered of a supplier, how far it is, and how it is folded from its events. Pure."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from orderloom.domain.inventory import purchase_event as e
from orderloom.domain.states import State


class PurchaseState(State):
    """How far a ticket is. `received`: nothing more is waited for and something came."""

    DRAFT = "draft"
    ORDERED = "ordered"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether goods are waited for."""
        return self in (PurchaseState.ORDERED, PurchaseState.IN_TRANSIT)

    @property
    def is_over(self) -> bool:
        """Whether nothing happens to it any more."""
        return self.rank >= PurchaseState.RECEIVED.rank


class PurchaseLine(msgspec.Struct, frozen=True):
    """A line as it stands: `quantity` ordered; of it `received` came, `cancelled` will not; `found` came beside it."""

    no: int
    sku_id: int
    quantity: int
    cost: int = 0
    received: int = 0
    found: int = 0
    cancelled: int = 0

    @property
    def rest(self) -> int:
        """Units that are still waited for."""
        return self.quantity - self.received - self.cancelled


class PurchaseTicket(msgspec.Struct, frozen=True):
    """A ticket as its events leave it. `promised_on`: the day it is to come now, `promised_first` the one that was said
    when it was ordered; `receipts`: how often goods of it came."""

    number: str
    maker: str
    reason: str
    supplier_id: int
    warehouse_id: int
    opened_at: datetime
    changed_at: datetime
    currency: str = ""
    state: PurchaseState = PurchaseState.DRAFT
    lines: tuple[PurchaseLine, ...] = ()
    promised_on: date | None = None
    promised_first: date | None = None
    ordered_at: datetime | None = None
    shipped_at: datetime | None = None
    waybill: str = ""
    receipts: int = 0
    answer: str = ""

    def line(self, no: int) -> PurchaseLine | None:
        """The line with this number."""
        return self.lines[no - 1] if 0 < no <= len(self.lines) else None

    @property
    def amount(self) -> int:
        """What was ordered comes to, in minor units of its currency."""
        return sum(line.quantity * line.cost for line in self.lines)

    @property
    def levels(self) -> list[tuple[int, int]]:
        """(SKU, warehouse) of all that it may change."""
        return sorted({(line.sku_id, self.warehouse_id) for line in self.lines})


def fold_purchase(before: PurchaseTicket | None, event: e.AnyPurchaseEvent, at: datetime) -> PurchaseTicket:
    """The ticket after an event; the first one makes it."""
    if isinstance(event, e.PurchaseDrafted):
        return PurchaseTicket(event.number, event.maker, event.reason, event.supplier_id, event.warehouse_id, at, at,
                              event.currency)
    assert before is not None, "a ticket begins with being drafted"
    return replace(_folded(before, event, at), changed_at=at)


def _folded(t: PurchaseTicket, event: e.AnyPurchaseEvent, at: datetime) -> PurchaseTicket:
    match event:
        case e.PurchaseLinesStated():
            lines = tuple([PurchaseLine(x.no, x.sku_id, x.quantity, x.cost) for x in event.lines])
            return replace(t, lines=lines, currency=event.currency)
        case e.PurchaseOrdered():
            return replace(t, state=PurchaseState.ORDERED, ordered_at=at, promised_on=event.promised_on,
                           promised_first=event.promised_on)
        case e.PurchaseShipped():
            return replace(t, state=PurchaseState.IN_TRANSIT, shipped_at=at, promised_on=event.promised_on,
                           waybill=event.waybill)
        case e.PurchasePromised():
            return replace(t, promised_on=event.promised_on)
        case e.PurchaseReceived():
            came = {x.no: x for x in event.lines}
            return _ended(replace(t, receipts=event.receipt, lines=tuple([
                replace(line, received=line.received + x.units, found=line.found + x.found)
                if (x := came.get(line.no)) else line for line in t.lines])))
        case e.PurchaseClosed():
            gone = {x.no: x.units for x in event.cancelled}
            return _ended(replace(t, answer=event.reason, lines=tuple([
                replace(line, cancelled=line.cancelled + gone.get(line.no, 0)) for line in t.lines])))
    raise AssertionError(f"not an event of a purchase ticket: {type(event).__name__}")


def _ended(t: PurchaseTicket) -> PurchaseTicket:
    """Over when nothing is waited for any more."""
    if any(line.rest for line in t.lines):
        return t
    came = any(line.received or line.found for line in t.lines)
    return replace(t, state=PurchaseState.RECEIVED if came else PurchaseState.CANCELLED)
