"""Whether goods that a warehouse does not give back are sent in vain, or are what is wanted after all."""

from __future__ import annotations

from orderloom.application.journey import Journey
from orderloom.domain.counting import count, own_units
from orderloom.domain.draft import OrderDraft
from orderloom.domain.order import Line, Order, Work


def is_too_late(order: Order, work: Work) -> bool:
    """Whether the work sends what nobody wants: the order was cancelled, stopped or lowered meanwhile.

    Not so because the channel says that the goods are shipped: it may be this very work that it speaks of. The
    warehouse's own word on the waybill tells.
    """
    if order.is_cancelled or order.is_blocked("dispatch") or is_doubled(order, work):
        return True
    return any(line.is_closed or _own(order, line) > line.ordered - line.cancelled for line in _lines(order, work))


def is_doubled(order: Order, work: Work) -> bool:
    """Whether goods of the work went out under a waybill of ours, and the channel knows them under one of its own."""
    boxes = [p for p in order.parcels if p.holds_work(work.seq)]
    if not boxes or not all(p.is_named for p in boxes):
        return False
    ours = {p.id for p in boxes}
    others = [i for p in order.parcels if p.id not in ours and not p.is_replaced for i in p.items if not i.work_seq]
    for line in _lines(order, work):
        theirs = sum([i.quantity for i in others if i.line_no == line.no])
        if theirs and _own(order, line) + theirs > line.ordered - line.cancelled:
            return True
    return False


def compare_waybills(j: Journey, work: Work) -> None:
    """Goods of the work are out under a number: tell a person when the channel sent them, too."""
    if not j.order.is_cancelled and is_doubled(j.order, work):
        j.open_case("cancel_too_late", work.number, work=work.number,
                    waybills=[p.waybill for p in j.order.parcels if not p.is_replaced])


def labelled(order: Order, draft: OrderDraft) -> frozenset[int]:
    """Works that are under way still, and whose waybill the channel knows: what it calls shipped is these."""
    stated = {shipment.waybill for shipment in draft.shipments if shipment.waybill}
    numbers = {c.work for c in order.claims if c.work and c.waybill in stated} if stated else set[str]()
    return frozenset([w.seq for w in order.works if w.number in numbers and not w.state.is_ended])


def _lines(order: Order, work: Work) -> list[Line]:
    numbers = {i.line_no for i in work.items}
    return [line for line in order.lines if line.no in numbers]


def _own(order: Order, line: Line) -> int:
    """Units of the line in works of ours, but for those in parcels whose goods were sent again."""
    in_work, _ = own_units(order, line)
    return in_work - count(line, [i for p in order.parcels if p.is_replaced for i in p.items if i.work_seq])
