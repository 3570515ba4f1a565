"""What the lines of a stock document may say, by its kind. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.domain.inventory.document_event import DocumentLine
from orderloom.domain.inventory.document_states import DocumentKind
from orderloom.domain.refusal import Refusal

COMING_FROZEN = (DocumentKind.RECEIPT, DocumentKind.RETURN_TO_STOCK, DocumentKind.ADJUSTMENT, DocumentKind.SCRAP)


def check_lines(kind: DocumentKind, to: int, lines: Sequence[DocumentLine]) -> Refusal | None:
    """The first thing that cannot be; None when all can."""
    if (kind is DocumentKind.TRANSFER) != bool(to):
        return Refusal("transfer_needs_to" if kind is DocumentKind.TRANSFER else "only_transfers_go", {})
    seen: dict[tuple[int, int], int] = {}
    for line in lines:
        place = {"line": str(line.no)}
        if (line.sku_id, line.warehouse_id) in seen:
            return Refusal("document_twice", {**place, "other": str(seen[line.sku_id, line.warehouse_id])})
        seen[line.sku_id, line.warehouse_id] = line.no
        if line.warehouse_id == to:
            return Refusal("same_place", place)
        if line.is_frozen and kind not in COMING_FROZEN:
            return Refusal("never_frozen", place)
        if not _may_be(kind, line.quantity):
            return Refusal("wrong_document_quantity", {**place, "quantity": str(line.quantity)})
    return None


def _may_be(kind: DocumentKind, quantity: int) -> bool:
    """A count says nothing before it is counted, an adjustment says more or fewer, everything else how many."""
    if kind is DocumentKind.COUNT:
        return quantity == 0
    return quantity != 0 if kind is DocumentKind.ADJUSTMENT else quantity > 0
