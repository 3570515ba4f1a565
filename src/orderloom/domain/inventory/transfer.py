"""What arrives of a transfer, and what is given up: units are conserved over the transit warehouse. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from orderloom.domain.inventory.document import StockDocument
from orderloom.domain.inventory.document_event import GoodsArrived, GoodsLost, UnitsOfLine
from orderloom.domain.inventory.document_moves import DocumentBooking, Levels
from orderloom.domain.inventory.level import Movement
from orderloom.domain.refusal import Refusal


def arrive(
    document: StockDocument, came: Mapping[int, int], levels: Levels, transit: int, by: str, at: datetime,
) -> tuple[GoodsArrived, tuple[Movement, ...]] | Refusal:
    """Goods come in: out of transit what was sent, and what is more than that as found goods."""
    booking = DocumentBooking(document, levels, by, at)
    arrived, found, cause = [], [], f"/in-{document.arrivals + 1}"
    for no, units in sorted(came.items()):
        if (line := document.line(no)) is None:
            return Refusal("no_such_document_line", {"document": document.number, "line": str(no)})
        sent = min(units, line.rest)
        if sent:
            booking.carry(line, sent, transit, document.to, cause)
            arrived.append(UnitsOfLine(no, sent))
        if units > sent:
            booking.add(line, "adjust", document.to, on_hand=units - sent, cause=cause)
            found.append(UnitsOfLine(no, units - sent))
    made = booking.done()
    return made if isinstance(made, Refusal) else (GoodsArrived(by, tuple(arrived), tuple(found)), made)


def lose(
    document: StockDocument, lost: Mapping[int, int], reason: str, levels: Levels, transit: int, by: str, at: datetime,
) -> tuple[GoodsLost, tuple[Movement, ...]] | Refusal:
    """Goods in transit are given up."""
    booking = DocumentBooking(document, levels, by, at)
    for no, units in sorted(lost.items()):
        if (line := document.line(no)) is None:
            return Refusal("no_such_document_line", {"document": document.number, "line": str(no)})
        if units > line.rest:
            return Refusal("not_in_transit", {"document": document.number, "line": str(no), "rest": str(line.rest)})
        booking.add(line, "lost", transit, on_hand=-units, cause=f"/lost-{line.lost + units}")
    made = booking.done()
    if isinstance(made, Refusal):
        return made
    return GoodsLost(by, reason, tuple([UnitsOfLine(no, units) for no, units in sorted(lost.items())])), made
