"""What of an order's lines is in work and what is out, counted from its works and parcels."""

from __future__ import annotations

from collections.abc import Iterable, Set

from msgspec.structs import replace

from orderloom.domain.order import Line, Order, Parcel, ParcelItem, Work, WorkItem
from orderloom.domain.states import BindingKind, BindingState, WorkState

Item = WorkItem | ParcelItem


def boxed(parcels: tuple[Parcel, ...], seq: int) -> list[ParcelItem]:
    """What of a work is in parcels."""
    return [i for p in parcels for i in p.items if i.work_seq == seq]


def count_fulfilled(o: Order, touched: set[int], before: tuple[Work, ...] | None) -> tuple[Line, ...]:
    """Recount what of the touched lines stands in live works, so that no path can add twice.

    A bundle's line is counted in whole bundles. Where its parts were not kept, by its first component: new work by that
    component's share of what is bound (`before` None), work that was cancelled by its share of the works before it.
    """
    lines, items = [], _in_works(o, o.works)
    for line in o.lines:
        if line.no in touched:
            most = line.ordered - line.cancelled
            fulfilled = count(line, items)
            if not (fulfilled or line.parts):
                fulfilled = _by_component(o, line, most, before)
            line = replace(line, fulfilled=max(min(fulfilled, most), line.shipped))
        lines.append(line)
    return tuple(lines)


def _by_component(o: Order, line: Line, most: int, before: tuple[Work, ...] | None) -> int:
    """The same for a line none of whose own units is in work: a bundle, or nothing at all."""
    sku, bound = _counted_by(o, line)
    if sku == line.sku_id:
        return 0
    live = _units(o, o.works, line, sku)
    if before is None:
        return most * live // bound if bound else 0
    stood = _units(o, before, line, sku)
    return line.fulfilled * live // stood if stood else 0


def count_shipped(o: Order, touched: set[int]) -> tuple[Line, ...]:
    """Recount what of the touched lines is out. What a warehouse ships beyond the order is in its work, not here."""
    lines = []
    for line in o.lines:
        if line.no in touched:
            shipped = count(line, _out(o)) if line.parts else _shipped_by_component(o, line)
            line = replace(line, shipped=max(min(shipped, line.fulfilled), line.shipped))
        lines.append(line)
    return tuple(lines)


def _counted_by(o: Order, line: Line) -> tuple[int, int]:
    """The SKU whose units count the line: its own, else its first bound component; and the units bound of it."""
    bound: dict[int, int] = {}
    for b in o.bindings:
        if b.line_no == line.no and b.state is not BindingState.RELEASED and b.kind is not BindingKind.PRESALE:
            bound[b.sku_id] = bound.get(b.sku_id, 0) + b.quantity
    if line.sku_id in bound or not bound:
        return line.sku_id, bound.get(line.sku_id, 0)
    return next(iter(bound.items()))


def _shipped_by_component(o: Order, line: Line) -> int:
    sku, _ = _counted_by(o, line)
    out = sum([i.quantity for i in _out(o) if i.line_no == line.no and i.sku_id == sku])
    live = _units(o, o.works, line, sku)
    return out if sku == line.sku_id else line.fulfilled * out // live if live else 0


def count(line: Line, items: Iterable[Item]) -> int:
    """Units of the line in these items: of a bundle as many as can be made of its parts."""
    if not line.parts:
        return sum([i.quantity for i in items if i.line_no == line.no and i.sku_id == line.sku_id])
    units: dict[int, int] = {}
    for i in items:
        if i.line_no == line.no:
            units[i.sku_id] = units.get(i.sku_id, 0) + i.quantity
    return min([units.get(sku_id, 0) // each for sku_id, each in line.parts])


def is_all_out(o: Order) -> bool:
    """Whether nothing is left in a warehouse or to be given to one; what waits for its money is not counted."""
    return o.is_cancelled or (all(w.state.is_ended for w in o.works) and not is_wanting(o))


def is_wanting(o: Order) -> bool:
    """Whether something of the order is in no work, or is to be sent a second time and is not out again."""
    return any(line.open_quantity > line.unpaid or _is_owed_again(o, line) for line in o.lines)


def lost_elsewhere(o: Order, line: Line) -> int:
    """What the channel sent in vain is ours to send now, as much of it as the channel still counts."""
    if not line.elsewhere:
        return 0
    lost = alive = 0
    for p in o.parcels:
        units = sum([i.quantity for i in p.items if not i.work_seq and i.line_no == line.no])
        lost, alive = (lost + units, alive) if p.is_replaced else (lost, alive + units)
    return max(min(lost, line.elsewhere - alive), 0)


def _is_owed_again(o: Order, line: Line) -> bool:
    """Whether goods of the line are to be sent again and have not left a second time."""
    if not (line.is_goods and any(p.is_replaced for p in o.parcels)):
        return False
    again = lost_elsewhere(o, line)
    ours = [(p.is_replaced, i) for p in o.parcels for i in p.items if i.work_seq and i.line_no == line.no]
    lost = {i.sku_id for is_replaced, i in ours if is_replaced}
    return any(
        (again or sku_id in lost)
        and sum([i.quantity for out, i in ours if i.sku_id == sku_id and not out]) < each * (line.needed + again)
        for sku_id, each in line.parts or ((line.sku_id, 1),)
    )


def own_units(o: Order, line: Line) -> tuple[int, int]:
    """Units of the line in works, and of those in our parcels; none for a bundle whose parts were not kept."""
    return count(line, _in_works(o, o.works)), count(line, _out(o))


def units_within(o: Order, line: Line, seqs: Set[int]) -> int:
    """Units of the line in these works that are in no parcel yet."""
    return count(line, [i for w in o.works if w.seq in seqs for i in w.items]) - count(
        line, [i for seq in seqs for i in boxed(o.parcels, seq)])


def _out(o: Order) -> list[ParcelItem]:
    return [i for p in o.parcels for i in p.items if i.work_seq]


def _in_works(o: Order, works: tuple[Work, ...]) -> list[Item]:
    """What stands in works, what went out among it; of a cancelled work only that."""
    return [i for w in works for i in (boxed(o.parcels, w.seq) if w.state is WorkState.CANCELLED else w.items)]


def _units(o: Order, works: tuple[Work, ...], line: Line, sku_id: int) -> int:
    return sum([i.quantity for i in _in_works(o, works) if i.line_no == line.no and i.sku_id == sku_id])
