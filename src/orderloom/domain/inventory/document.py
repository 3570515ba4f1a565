"""A stock document: what it says, how far it is, and how it is folded from its events. Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from orderloom.domain.inventory import document_event as e
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState


class CountMade(msgspec.Struct, frozen=True):
    """What somebody counted of a line, beside what the books said at that moment."""

    by: str
    units: int
    book: int

    @property
    def difference(self) -> int:
        """Units that are more, or fewer, than the books say."""
        return self.units - self.book


class StockLine(msgspec.Struct, frozen=True):
    """A line as it stands. `quantity`: see `DocumentLine`; `frozen`: units that its count froze; of a transfer
    `received` and `lost` are of what was sent, `found` is what came beside it."""

    no: int
    sku_id: int
    warehouse_id: int
    quantity: int = 0
    is_frozen: bool = False
    frozen: int = 0
    counts: tuple[CountMade, ...] = ()
    received: int = 0
    found: int = 0
    lost: int = 0

    @property
    def rest(self) -> int:
        """Units of a transfer that are still in transit."""
        return self.quantity - self.received - self.lost


class StockDocument(msgspec.Struct, frozen=True):
    """A document as its events leave it. `units` and `amount`, in minor units, are what was held against the limits;
    `began_at`: when the count was begun, or the goods sent; `arrivals`: how often goods of it came in."""

    number: str
    kind: DocumentKind
    maker: str
    reason: str
    opened_at: datetime
    changed_at: datetime
    to: int = 0
    state: DocumentState = DocumentState.DRAFT
    lines: tuple[StockLine, ...] = ()
    units: int = 0
    amount: int = 0
    currency: str = ""
    held_for: tuple[str, ...] = ()
    why: str = ""
    judge: str = ""
    answer: str = ""
    began_at: datetime | None = None
    arrivals: int = 0

    def line(self, no: int) -> StockLine | None:
        """The line with this number."""
        return self.lines[no - 1] if 0 < no <= len(self.lines) else None

    @property
    def levels(self) -> list[tuple[int, int]]:
        """(SKU, warehouse) of all that it may change, but for what is in transit."""
        places = {(line.sku_id, line.warehouse_id) for line in self.lines}
        return sorted(places | ({(line.sku_id, self.to) for line in self.lines} if self.to else set()))


def fold(before: StockDocument | None, event: e.AnyDocumentEvent, at: datetime) -> StockDocument:
    """The document after an event; the first one makes it."""
    if isinstance(event, e.DocumentDrafted):
        return StockDocument(event.number, event.kind, event.maker, event.reason, at, at, event.to)
    assert before is not None, "a document begins with being drafted"
    return replace(_folded(before, event, at), changed_at=at)


def _folded(d: StockDocument, event: e.AnyDocumentEvent, at: datetime) -> StockDocument:
    match event:
        case e.DocumentLinesStated():
            return replace(d, lines=tuple([
                StockLine(x.no, x.sku_id, x.warehouse_id, x.quantity, x.is_frozen) for x in event.lines]))
        case e.DocumentSubmitted():
            state = DocumentState.WAITING_APPROVAL if event.held_for else d.state
            return replace(d, state=state, units=event.units, amount=event.amount, currency=event.currency,
                           held_for=event.held_for, why=event.why)
        case e.DocumentApproved():
            return replace(d, judge=event.by)
        case e.DocumentRefused():
            return replace(d, state=DocumentState.REFUSED, judge=event.by, answer=event.reason)
        case e.DocumentCancelled():
            return replace(d, state=DocumentState.CANCELLED, answer=event.reason)
        case e.DocumentPosted():
            return replace(d, state=DocumentState.POSTED)
        case e.GoodsSent():
            return replace(d, state=DocumentState.POSTING, began_at=at)
        case _:
            return _folded_lines(d, event, at)


def _folded_lines(d: StockDocument, event: e.AnyDocumentEvent, at: datetime) -> StockDocument:
    """What happened line by line."""
    match event:
        case e.CountBegun():
            frozen = {x.no: x.units for x in event.frozen}
            lines = tuple([replace(line, frozen=frozen.get(line.no, 0)) for line in d.lines])
            return replace(d, state=DocumentState.COUNTING, began_at=at, lines=lines)
        case e.LinesCounted():
            made = {x.no: CountMade(event.by, x.units, x.book) for x in event.counts}
            return replace(d, lines=tuple([
                replace(line, counts=(*line.counts, made[line.no])) if line.no in made else line for line in d.lines]))
        case e.GoodsArrived():
            came, found = ({x.no: x.units for x in part} for part in (event.arrived, event.found))
            return replace(d, arrivals=d.arrivals + 1, lines=tuple([
                replace(line, received=line.received + came.get(line.no, 0), found=line.found + found.get(line.no, 0))
                for line in d.lines]))
        case e.GoodsLost():
            lost = {x.no: x.units for x in event.lost}
            return replace(d, lines=tuple([replace(line, lost=line.lost + lost.get(line.no, 0)) for line in d.lines]))
    raise AssertionError(f"not an event of a document: {type(event).__name__}")
