"""The lines of the ledger that a stock document causes: `NUMBER/line`, each known once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime

import msgspec

from orderloom.domain.inventory.document import StockDocument, StockLine
from orderloom.domain.inventory.document_states import DocumentKind
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.inventory.moves import StockWish, StockWord, bounds, movements
from orderloom.domain.refusal import Refusal

KINDS = {
    DocumentKind.RECEIPT: "receive", DocumentKind.RETURN_TO_STOCK: "return", DocumentKind.ADJUSTMENT: "adjust",
    DocumentKind.SCRAP: "scrap",
}
Levels = Mapping[tuple[int, int], Level]


class DocumentBooking:
    """Lines of the ledger as they are made, each on what the ones before leave of the levels."""

    def __init__(self, document: StockDocument, levels: Levels, by: str, at: datetime) -> None:
        self.document, self.by, self.at = document, by, at
        self.made: list[Movement] = []
        self.refusal: Refusal | None = None
        self.levels: MutableMapping[tuple[int, int], Level] = {
            key: msgspec.structs.replace(level) for key, level in levels.items()}

    def add(
        self, line: StockLine, kind: str, where: int, *, on_hand: int = 0, frozen: int = 0, cause: str = "",
    ) -> None:
        """One line; a figure that would fall below zero refuses all."""
        level = self.levels[line.sku_id, where]
        one = Movement(line.sku_id, where, kind, self.cause(line, cause), self.document.reason, self.by, self.at,
                       on_hand=on_hand, frozen=frozen)
        self._take(line, bounds(level, one) or (one,))

    def carry(self, line: StockLine, units: int, out_of: int, into: int, cause: str = "") -> None:
        """From one warehouse into another: only what is neither promised nor frozen."""
        said = StockWord(self.cause(line, cause), self.document.reason, self.by, self.at)
        self._take(line, movements(StockWish("transfer", line.sku_id, out_of, units, into), self.levels, said))

    def cause(self, line: StockLine, more: str = "") -> str:
        """What the ledger knows it by."""
        return f"{self.document.number}/{line.no}{more}"

    def done(self) -> tuple[Movement, ...] | Refusal:
        """All of them, or why not."""
        return self.refusal or tuple(self.made)

    def _take(self, line: StockLine, made: tuple[Movement, ...] | Refusal) -> None:
        if isinstance(made, Refusal):
            self.refusal = self.refusal or Refusal(
                "document_" + made.code, {"document": self.document.number, "line": str(line.no), **made.particulars})
            return
        for one in made:
            apply(self.levels[one.sku_id, one.warehouse_id], one)
            self.made.append(one)


def post(
    document: StockDocument, levels: Levels, transit: int, by: str, at: datetime,
) -> tuple[Movement, ...] | Refusal:
    """What the document says, written into the ledger; a transfer's goods are in transit then. A loss may leave a level
    oversold: what is gone is gone."""
    booking = DocumentBooking(document, levels, by, at)
    for line in document.lines:
        if document.kind is DocumentKind.TRANSFER:
            booking.carry(line, line.quantity, line.warehouse_id, transit)
        elif document.kind is DocumentKind.COUNT:
            if difference := line.counts[-1].difference:
                booking.add(line, "stocktake", line.warehouse_id, on_hand=difference)
            _thaw(booking, line)
        else:
            units = -line.quantity if document.kind is DocumentKind.SCRAP else line.quantity
            booking.add(line, KINDS[document.kind], line.warehouse_id, on_hand=units,
                        frozen=units if line.is_frozen else 0)
    return booking.done()


def freeze(document: StockDocument, levels: Levels, by: str, at: datetime) -> tuple[Movement, ...] | Refusal:
    """What is free of each line, so that nobody promises it while it is counted."""
    booking = DocumentBooking(document, levels, by, at)
    for line in document.lines:
        if (free := levels[line.sku_id, line.warehouse_id].free) > 0:
            booking.add(line, "freeze", line.warehouse_id, frozen=free)
    return booking.done()


def thaw(document: StockDocument, levels: Levels, by: str, at: datetime) -> tuple[Movement, ...] | Refusal:
    """What a count froze, when it ends without being posted."""
    booking = DocumentBooking(document, levels, by, at)
    for line in document.lines:
        _thaw(booking, line)
    return booking.done()


def _thaw(booking: DocumentBooking, line: StockLine) -> None:
    if line.frozen:
        booking.add(line, "thaw", line.warehouse_id, frozen=-line.frozen)
