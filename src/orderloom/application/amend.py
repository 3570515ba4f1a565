"""Bring a known order to a newer revision of its channel: which news is newer, what it changes, what follows."""

from __future__ import annotations

from collections import Counter
from copy import copy
from datetime import datetime

from msgspec.structs import replace as _with

from orderloom.application.commands import RecordOrder
from orderloom.application.dispatch import recall, watch_parcel
from orderloom.application.journey import Journey
from orderloom.application.judge import judge
from orderloom.application.lines import demand_of, hold_unpaid, merge_lines
from orderloom.application.refund import record_refunds
from orderloom.application.reserve import release
from orderloom.application.stated import new_claims, stated_fields
from orderloom.domain import event as e
from orderloom.domain.draft import OrderDraft, StatedShipment
from orderloom.domain.order import Charge, Line, Order, ParcelItem, uuid_of
from orderloom.domain.states import PaymentState

LATER = ("confirmed", "delivered", "refunded")
"""Milestones beyond the warehouse that the channel may be the first to tell of."""


def is_old(draft: OrderDraft, order: Order, known_at_most: datetime) -> bool:
    """Whether the draft is older news than what is known.

    Seconds are all that channels tell, so of two revisions of one instant the content decides: a cancellation is not
    taken back, and money does not become less. A known revision later than `known_at_most` came from a wrong clock,
    and makes nothing old.
    """
    if draft.revision != order.revision:
        return draft.revision < order.revision <= known_at_most
    return (order.is_cancelled and not draft.is_cancelled) or PaymentState(draft.payment).rank < order.payment.rank


def amend(j: Journey, command: RecordOrder, lines: tuple[Line, ...]) -> None:
    """Bring the order to the revision, and do what follows from the difference."""
    draft, before = command.draft, copy(j.order)
    payment = _payment_after(j, draft)
    if draft.is_revision_assumed and payment is not PaymentState(draft.payment):
        return  # a file that tells no time and knows less than we do is an older one: nothing of it is news
    account = j.world.directory.accounts[before.account_id]
    if fresh := new_claims(before.claims, draft, account.code, j.at):
        j.emit(e.MilestoneClaimed(fresh))
    merged = merge_lines(before, lines)
    if payment is PaymentState.PARTIALLY_PAID and before.payment.was_paid:
        merged = hold_unpaid(before, merged)
        j.open_case("addition_unpaid", owed=draft.total - draft.paid, currency=draft.currency)
    elif payment.was_paid or payment is PaymentState.COD:
        merged = tuple([_paid_up(line) for line in merged])
        j.close_case("addition_unpaid")
    stated = e.OrderAmended(**{
        **stated_fields(draft, command.sealed, merged), "payment": payment, "paid": max(draft.paid, before.paid),
        "paid_at": draft.paid_at or before.paid_at,
    })
    stated = _with_charges(stated, before.charges)
    if draft.revision != before.revision or any(
        getattr(stated, name) != getattr(before, name) for name in _COMPARED
    ) or stated.receiver != before.receiver_stated:
        j.emit(stated)
    if draft.paid > before.paid:
        j.emit(e.MoneyRecorded(
            f"{account.code}:{len(before.money) + 1}:{draft.paid}", "payment", draft.paid - before.paid,
            draft.currency, draft.paid_at or draft.revision,
        ))
    record_refunds(j, draft)
    if command.sealed.digest != before.receiver_stated:
        j.seal(command.sealed)
        if not draft.receiver.is_unsure:
            j.close_case("address_unsure")
    judge(j, command)
    _tell_lifecycle(j, draft, before, demand_of(merged) != demand_of(before.lines))


_COMPARED = tuple(
    name for name in e.Stated.__struct_fields__
    if name not in ("receiver", "province", "country", "city", "is_masked", "is_unsure", "revision")
)


def _paid_up(line: Line) -> Line:
    return _with(line, unpaid=0) if line.unpaid else line


def _with_charges(stated: e.OrderAmended, known: tuple[Charge, ...]) -> e.OrderAmended:
    """A charge that is gone stays, at nothing: rows of an order are never taken away."""
    left = Counter((c.kind, c.title) for c in stated.charges)
    gone = list[Charge]()
    for charge in known:
        left[charge.kind, charge.title] -= 1
        if left[charge.kind, charge.title] < 0:
            gone.append(_with(charge, amount=0, tax=0))
    return _with(stated, charges=(*stated.charges, *gone)) if gone else stated


def _payment_after(j: Journey, draft: OrderDraft) -> PaymentState:
    """What is paid now: it never goes back by itself; only an addition to the order makes more owed than was paid."""
    stated, known = PaymentState(draft.payment), j.order.payment
    if known.was_paid and not stated.was_paid:
        if draft.total > j.order.total and stated is PaymentState.PARTIALLY_PAID:
            return stated
        j.open_case("payment_went_back", known=known, stated=stated, native=draft.native)
        return known
    if known is PaymentState.PARTIALLY_PAID and stated is PaymentState.UNPAID and draft.paid < j.order.paid:
        return known
    return stated


def _tell_lifecycle(j: Journey, draft: OrderDraft, before: Order, is_other_demand: bool) -> None:
    """What the newer revision means for the order's way, most final first."""
    if draft.is_cancelled:
        if not before.is_cancelled:
            j.emit(e.OrderCancelled(draft.native))
            j.happened("cancelled")
        return
    if j.order.payment.is_settled and any(line.unpaid for line in before.lines):
        j.happened("added")  # the money for an addition is in: what is under way stays under way
    elif is_other_demand:
        recall(j)
        release(j)
    if j.order.payment.is_settled and not before.payment.is_settled:
        j.happened("paid")
    elif is_other_demand or (j.order.payment is PaymentState.COD and before.payment is not PaymentState.COD):
        j.happened("amended")
    later_facts(j, draft)


def later_facts(j: Journey, draft: OrderDraft) -> None:
    """What the channel knows of the way beyond payment: it may be the first to tell."""
    _take_shipments(j, draft)
    if all(line.elsewhere for line in j.order.lines if line.is_goods) and _is_all_shipped(j.order):
        j.happened("handed_over")
    for said in draft.said:
        if said.milestone in LATER:
            j.happened(said.milestone)


def _is_all_shipped(order: Order) -> bool:
    return any(line.is_goods for line in order.lines) and not any(
        line.open_quantity or line.fulfilled > line.shipped for line in order.lines
    )


def _take_shipments(j: Journey, draft: OrderDraft) -> None:
    """Waybills that the channel knows and we do not become parcels: somebody else sent them."""
    known = {parcel.waybill for parcel in j.order.parcels}
    items = tuple([
        ParcelItem(0, line.no, line.sku_id, line.elsewhere) for line in j.order.lines if line.elsewhere > 0
    ])
    if not items:
        return
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


def _ship_elsewhere(
    j: Journey, shipment: StatedShipment, items: tuple[ParcelItem, ...], told: tuple[str, ...], said_at: datetime,
) -> None:
    number = len(j.order.parcels) + 1
    j.emit(e.ParcelShipped(
        number, 0, shipment.carrier, shipment.waybill, shipment.at or said_at, (),
        items=items or (ParcelItem(0, 0, 0, 0),), id=uuid_of(f"{j.order.id}/{number}"), told=told,
    ))
    j.world.note("waybill", shipment.waybill, j.order.id)
    j.free(f"waybill:{shipment.waybill}")
