"""What the channel knows of the way beyond payment: it may be the first to tell, or the one that sent the goods."""

from __future__ import annotations

from datetime import datetime

from orderloom.application.dispatch import watch_parcel
from orderloom.application.journey import Journey
from orderloom.application.track import calm_down, catch_up
from orderloom.domain import event as e
from orderloom.domain.counting import is_all_out
from orderloom.domain.draft import OrderDraft, StatedShipment
from orderloom.domain.number import uuid_of
from orderloom.domain.order import Order, ParcelItem
from orderloom.domain.states import PaymentState

LATER = ("confirmed", "delivered", "refunded")
"""Milestones beyond the warehouse that the channel may be the first to tell of."""
NOTHING = ParcelItem(0, 0, 0, 0)
"""Stands in a parcel of which is not known what is in it."""


def later_facts(j: Journey, draft: OrderDraft) -> None:
    """Take the channel's shipments, and tell the lifecycle what it says of the way; the order is as far as that."""
    is_elsewhere = any(line.elsewhere for line in j.order.lines)
    if is_elsewhere:
        _take_shipments(j, draft)
    else:
        _compare(j, draft)
    if is_elsewhere and any(line.elsewhere for line in j.order.lines if line.is_goods) and is_all_out(j.order):
        j.close_case("short_stock")
        j.happened("handed_over")
    for said in draft.said:
        if said.milestone in LATER:
            j.happened(said.milestone)
    if j.order.payment is PaymentState.REFUNDED:
        j.happened("refunded")
    catch_up(j)


def sent_elsewhere(order: Order) -> dict[int, int]:
    """Units by line that stand in parcels of the channel's own."""
    units: dict[int, int] = {}
    for item in [i for p in order.parcels if not p.is_replaced for i in p.items if not i.work_seq]:
        units[item.line_no] = units.get(item.line_no, 0) + item.quantity
    return units


def withdraw(j: Journey, draft: OrderDraft) -> None:
    """A shipment that the channel took back (a fulfilment that was cancelled) brings nothing any more."""
    stated = {shipment.waybill for shipment in draft.shipments}
    sent = sent_elsewhere(j.order)
    over = {line.no for line in j.order.lines if sent.get(line.no, 0) > line.elsewhere}
    for p in j.order.parcels:
        is_theirs = not any(i.work_seq for i in p.items) and any(i.line_no in over and i.quantity for i in p.items)
        if is_theirs and not p.is_replaced and p.waybill not in stated:
            j.emit(e.ParcelWithdrawn(p.no))
    calm_down(j)


def _take_shipments(j: Journey, draft: OrderDraft) -> None:
    """Waybills that the channel knows and we do not become parcels: somebody else sent them."""
    # One that was lost is no other one when it is told of again; one that was taken back is.
    known = {p.waybill for p in j.order.parcels if not p.is_replaced or any(i.quantity for i in p.items)}
    sent = sent_elsewhere(j.order)
    items = tuple([
        ParcelItem(0, line.no, line.sku_id, units) for line in j.order.lines
        if (units := line.elsewhere - sent.get(line.no, 0)) > 0
    ])
    directory = j.world.directory
    told = [directory.accounts[j.order.account_id].code]
    if any(said.milestone in LATER for said in draft.said):  # it has arrived: there is nothing left to watch
        told += [account.code for account in directory.accounts.values() if account.family == "carriers"]
    for shipment in draft.shipments:
        if shipment.waybill and shipment.waybill not in known:
            known.add(shipment.waybill)
            _ship_elsewhere(j, shipment, items, tuple(told), draft.revision)
            items = ()
    watch_parcel(j)


def _compare(j: Journey, draft: OrderDraft) -> None:
    """All goods that are out are ours: a number that none of them ever had is a mistake of somebody's."""
    ours = [p for p in j.order.parcels if not p.is_replaced]
    if not ours or not all(p.is_named for p in ours):
        return
    known = {p.waybill for p in j.order.parcels} | {c.waybill for c in j.order.claims}
    for shipment in draft.shipments:
        if shipment.waybill and shipment.waybill not in known:
            j.open_case("waybill_changed", shipment.waybill, known=ours[-1].waybill, told=shipment.waybill)


def _ship_elsewhere(
    j: Journey, shipment: StatedShipment, items: tuple[ParcelItem, ...], told: tuple[str, ...], said_at: datetime,
) -> None:
    number = len(j.order.parcels) + 1
    j.emit(e.ParcelShipped(
        number, 0, shipment.carrier, shipment.waybill, shipment.at or said_at, (), items=items or (NOTHING,),
        id=uuid_of(f"{j.order.id}/{number}"), told=told,
    ))
    j.world.note("waybill", shipment.waybill, j.order.id)
    j.free(f"waybill:{shipment.waybill}")
