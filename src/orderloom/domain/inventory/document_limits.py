"""Above which units and amounts a stock document is held until somebody else approves it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orderloom.domain.inventory.document import StockDocument
from orderloom.domain.inventory.document_event import DocumentSubmitted
from orderloom.domain.inventory.document_states import DocumentKind


class SkuCost(msgspec.Struct, frozen=True):
    """What a unit costs, in minor units."""

    amount: int
    currency: str


class DocumentLimits(msgspec.Struct, frozen=True):
    """Documents of these kinds wait for one of the roles when they are above a limit. `slip_factor`: a count that is
    so many times the book figure, or such a part of it, is asked once more; `transit_seconds`: older goods in transit
    are a case."""

    kinds: frozenset[DocumentKind]
    above_units: int
    above_amount: int
    currency: str
    roles: tuple[str, ...]
    slip_factor: int
    transit_seconds: int


def weigh(document: StockDocument, costs: Mapping[int, SkuCost], limits: DocumentLimits) -> DocumentSubmitted:
    """Units and amount of a document against the limits. Amount = sum of |units| x cost of the SKUs that have one; what
    costs in another currency cannot be compared, and is held."""
    changed = [(line.sku_id, units_of(document, line.no)) for line in document.lines]
    units, amount, is_foreign = sum(units for _, units in changed), 0, False
    for sku_id, count in changed:
        cost = costs.get(sku_id)
        if cost is not None and cost.currency == limits.currency:
            amount += count * cost.amount
        is_foreign |= cost is not None and cost.currency != limits.currency and count > 0
    why = "units" if units > limits.above_units else "amount" if amount > limits.above_amount else \
        "currency" if is_foreign else ""
    held_for = limits.roles if why and document.kind in limits.kinds else ()
    return DocumentSubmitted(units=units, amount=amount, currency=limits.currency, held_for=held_for,
                             why=why if held_for else "")


def units_of(document: StockDocument, no: int) -> int:
    """By how many units a line changes stock; of a count, its difference."""
    line = document.lines[no - 1]
    if document.kind is DocumentKind.COUNT:
        return abs(line.counts[-1].difference) if line.counts else 0
    return abs(line.quantity)
