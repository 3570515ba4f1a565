"""What happened to a purchase ticket: facts in past tense, from which it is folded (`domain/inventory/purchase.py`)."""

from __future__ import annotations

from datetime import date

import msgspec

from orderloom.domain.fact import Event
from orderloom.domain.inventory.document_event import UnitsOfLine


class PurchaseLineStated(msgspec.Struct, frozen=True, omit_defaults=True):
    """So many base units of a SKU; `cost` of one of them in minor units of the ticket's currency."""

    no: int
    sku_id: int
    quantity: int
    cost: int = 0


class UnitsReceived(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a line: `units` of what was ordered, `found` beyond it. `is_frozen`: it waits for inspection."""

    no: int
    units: int
    found: int = 0
    is_frozen: bool = False


class PurchaseDrafted(Event, frozen=True, kw_only=True, tag="purchase_drafted"):
    """Somebody began a ticket."""

    number: str
    maker: str
    reason: str
    supplier_id: int
    warehouse_id: int
    currency: str = ""


class PurchaseLinesStated(Event, frozen=True, tag="purchase_lines_stated"):
    """Its lines are these, and no others."""

    lines: tuple[PurchaseLineStated, ...]
    currency: str = ""


class PurchaseOrdered(Event, frozen=True, tag="purchase_ordered"):
    """It was ordered of the supplier, who is to bring it on that day."""

    by: str
    promised_on: date


class PurchaseShipped(Event, frozen=True, tag="purchase_shipped"):
    """The supplier sent it. `waybill`: what it travels under, if that was told."""

    by: str
    promised_on: date
    waybill: str = ""


class PurchasePromised(Event, frozen=True, tag="purchase_promised"):
    """It comes on another day than was promised before."""

    by: str
    promised_on: date
    reason: str


class PurchaseReceived(Event, frozen=True, tag="purchase_received"):
    """Goods of it came in. `note`: the number of the supplier's delivery note."""

    by: str
    receipt: int
    lines: tuple[UnitsReceived, ...]
    note: str = ""


class PurchaseClosed(Event, frozen=True, tag="purchase_closed"):
    """What is named of it, or all that has not come, is not waited for any more."""

    by: str
    reason: str
    cancelled: tuple[UnitsOfLine, ...]


AnyPurchaseEvent = (
    PurchaseDrafted | PurchaseLinesStated | PurchaseOrdered | PurchaseShipped | PurchasePromised | PurchaseReceived
    | PurchaseClosed
)
