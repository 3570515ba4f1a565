"""What happened to a stock document: facts in past tense, from which it is folded (`domain/inventory/document.py`)."""

from __future__ import annotations

import msgspec

from orderloom.domain.fact import Event
from orderloom.domain.inventory.document_states import DocumentKind


class DocumentLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One SKU in one warehouse. `quantity`: units that come, go, are sent or thrown away; of an adjustment signed; of a
    count 0, for what is counted is told later. `is_frozen`: units that come are not to be sold, or those that go were
    not: damaged goods that wait for inspection, or are scrapped after it."""

    no: int
    sku_id: int
    warehouse_id: int
    quantity: int = 0
    is_frozen: bool = False


class UnitsOfLine(msgspec.Struct, frozen=True):
    """So many units of a line: frozen, arrived or lost."""

    no: int
    units: int


class LineCount(msgspec.Struct, frozen=True):
    """What somebody counted, and what the books said at that moment."""

    no: int
    units: int
    book: int


class DocumentDrafted(Event, frozen=True, kw_only=True, tag="document_drafted"):
    """Somebody began a document; `to` is where a transfer goes."""

    number: str
    kind: DocumentKind
    maker: str
    reason: str
    to: int = 0


class DocumentLinesStated(Event, frozen=True, tag="document_lines_stated"):
    """Its lines are these, and no others."""

    lines: tuple[DocumentLine, ...]


class DocumentSubmitted(Event, frozen=True, kw_only=True, tag="document_submitted"):
    """It is ready to be posted. `units` and `amount` (minor units, of what has a cost) were held against the limits;
    `held_for`: the roles that may approve it, none when nobody has to; `why` it is held: units, amount, currency."""

    units: int
    amount: int
    currency: str
    held_for: tuple[str, ...] = ()
    why: str = ""


class DocumentApproved(Event, frozen=True, tag="document_approved"):
    """Somebody else than its maker approved it."""

    by: str


class DocumentRefused(Event, frozen=True, tag="document_refused"):
    """Somebody else than its maker refused it."""

    by: str
    reason: str


class DocumentCancelled(Event, frozen=True, tag="document_cancelled"):
    """It was given up before it changed any stock."""

    by: str
    reason: str


class DocumentPosted(Event, frozen=True, tag="document_posted"):
    """The ledger holds all that it says."""


class CountBegun(Event, frozen=True, tag="document_count_begun"):
    """What is counted was frozen: units by line, and none of them is promised meanwhile."""

    frozen: tuple[UnitsOfLine, ...]


class LinesCounted(Event, frozen=True, tag="document_lines_counted"):
    """Somebody counted lines."""

    by: str
    counts: tuple[LineCount, ...]


class GoodsSent(Event, frozen=True, tag="document_goods_sent"):
    """The goods of a transfer left, and are in transit."""


class GoodsArrived(Event, frozen=True, tag="document_goods_arrived"):
    """Goods of a transfer came in; what is more than was sent was found."""

    by: str
    arrived: tuple[UnitsOfLine, ...]
    found: tuple[UnitsOfLine, ...] = ()


class GoodsLost(Event, frozen=True, tag="document_goods_lost"):
    """Goods in transit were given up, by somebody who may approve it."""

    by: str
    reason: str
    lost: tuple[UnitsOfLine, ...]


AnyDocumentEvent = (
    DocumentDrafted | DocumentLinesStated | DocumentSubmitted | DocumentApproved | DocumentRefused | DocumentCancelled
    | DocumentPosted | CountBegun | LinesCounted | GoodsSent | GoodsArrived | GoodsLost
)
