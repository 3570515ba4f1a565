"""What of an order's lines is in work and what is out, counted from its works and parcels."""

from __future__ import annotations

from collections.abc import Set

from msgspec.structs import replace

from orderloom.domain.order import Line, Order, Parcel, ParcelItem, Work
from orderloom.domain.states import StockHoldState, WorkState


def boxed(parcels: tuple[Parcel, ...], seq: int) -> list[ParcelItem]:
    """What of a work is in parcels."""
    return [i for p in parcels for i in p.items if i.work_seq == seq]


def count_fulfilled(o: Order, touched: set[int], before: tuple[Work, ...] | None) -> tuple[Line, ...]:
    """Recount what of the touched lines stands in live works, so that no path can add twice.

    A bundle's line is counted in bundles by its first component: new work by that component's share of what is held
    (`before` None), work that was cancelled by its share of the works that stood before it.
    """
    lines = []
    for line in o.lines:
        if line.no in touched:
            most = line.ordered - line.cancelled
            fulfilled = _units(o, o.works, line, line.sku_id)
            if not fulfilled:
                fulfilled = _by_component(o, line, most, before)
            line = replace(line, fulfilled=max(min(fulfilled, most), line.shipped))
        lines.append(line)
    return tuple(lines)


def _by_component(o: Order, line: Line, most: int, before: tuple[Work, ...] | None) -> int:
    """The same for a line none of whose own units is in work: a bundle, or nothing at all."""
    sku, held = _counted_by(o, line)
    if sku == line.sku_id:
        return 0
    live = _units(o, o.works, line, sku)
    if before is None:
        return most * live // held if held else 0
    stood = _units(o, before, line, sku)
    return line.fulfilled * live // stood if stood else 0


def count_shipped(o: Order, touched: set[int]) -> tuple[Line, ...]:
    """Recount what of the touched lines is out. What a warehouse ships beyond the order is in its work, not here."""
    lines = []
    for line in o.lines:
        if line.no in touched:
            sku, _ = _counted_by(o, line)
            out = sum([i.quantity for p in o.parcels for i in p.items
                       if i.work_seq and i.line_no == line.no and i.sku_id == sku])
            live = _units(o, o.works, line, sku)
            shipped = out if sku == line.sku_id else line.fulfilled * out // live if live else 0
            line = replace(line, shipped=max(min(shipped, line.fulfilled), line.shipped))
        lines.append(line)
    return tuple(lines)


def _counted_by(o: Order, line: Line) -> tuple[int, int]:
    """The SKU whose units count the line: its own, else its first component that is held; and the units held of it."""
    held: dict[int, int] = {}
    for h in o.stock_holds:
        if h.line_no == line.no and h.state is not StockHoldState.RELEASED:
            held[h.sku_id] = held.get(h.sku_id, 0) + h.quantity
    if line.sku_id in held or not held:
        return line.sku_id, held.get(line.sku_id, 0)
    return next(iter(held.items()))


def own_units(o: Order, line: Line) -> tuple[int, int]:
    """Units of the line's own SKU in works, and of those in our parcels; none for a bundle."""
    out = [i.quantity for p in o.parcels for i in p.items
           if i.work_seq and i.line_no == line.no and i.sku_id == line.sku_id]
    return _units(o, o.works, line, line.sku_id), sum(out)


def units_within(order: Order, line: Line, seqs: Set[int]) -> int:
    """Units of the line in these works that are in no parcel yet."""
    items = [i for w in order.works if w.seq in seqs for i in w.items]
    gone = [i for p in order.parcels for i in p.items if i.work_seq in seqs]
    return sum([i.quantity for i in items if i.line_no == line.no and i.sku_id == line.sku_id]) - sum(
        [i.quantity for i in gone if i.line_no == line.no and i.sku_id == line.sku_id]
    )


def _units(o: Order, works: tuple[Work, ...], line: Line, sku_id: int) -> int:
    """Units of a SKU for the line in works, those that went out among them; of a cancelled work only those."""
    return sum([
        i.quantity for w in works
        for i in (boxed(o.parcels, w.seq) if w.state is WorkState.CANCELLED else w.items)
        if i.line_no == line.no and i.sku_id == sku_id
    ])
