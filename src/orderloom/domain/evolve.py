"""The fold: an order and a fact give the order after it. No decision is taken here and nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any

from msgspec.structs import asdict, replace

from orderloom.domain import event as e
from orderloom.domain.after_sale import PAST, TO_TELL
from orderloom.domain.counting import boxed, count_fulfilled, count_shipped
from orderloom.domain.number import uuid_of
from orderloom.domain.order import MoneyEntry, Order, Parcel, ParcelItem, Work
from orderloom.domain.states import BindingKind, BindingState, Negotiation, WorkState

STATED = tuple(name for name in e.Stated.__struct_fields__ if name not in ("receiver", "province", "country", "city"))
"""What an amendment puts in the place of what was; where the goods go has a rule of its own."""


def begin(order_id: str, event: e.OrderRecorded, blueprint: int, at: datetime) -> Order:
    """The order that its first fact makes."""
    return Order(
        id=order_id, blueprint=blueprint, staged_at=at, receiver_stated=event.receiver,
        money=(MoneyEntry("recorded", "payment", event.paid, event.paid_at or event.revision),) if event.paid else (),
        **asdict(event),
    )


def evolve(order: Order, event: e.Event, at: datetime) -> Order:
    """The order after the fact, as a new object; tuples that did not change are shared with the old one."""
    after = copy(order)
    fold(after, event, at)
    return after


def fold(own: Order, event: e.Event, at: datetime) -> None:
    """The same on an order that nobody else holds: it becomes the order after the fact."""
    _FOLD[type(event)](own, event, at)


def _amended(o: Order, v: e.OrderAmended, at: datetime) -> None:
    for name in STATED:
        setattr(o, name, getattr(v, name))
    if v.receiver != o.receiver_stated:
        # The channel's word is newer than a correction by hand only when it changed.
        o.receiver, o.province, o.country, o.city = v.receiver, v.province, v.country, v.city
    o.receiver_stated = v.receiver


def _receiver(o: Order, v: e.ReceiverChanged, at: datetime) -> None:
    o.receiver, o.province, o.country, o.city = v.receiver, v.province, v.country, v.city
    o.is_unsure = False


def _erased(o: Order, v: e.PersonErased, at: datetime) -> None:
    o.receiver, o.province, o.country, o.city = v.receiver, v.province, v.country, v.city
    o.note, o.is_unsure, o.is_masked, o.is_erased = "", False, False, True


def _claimed(o: Order, v: e.MilestoneClaimed, at: datetime) -> None:
    o.claims = o.claims + v.claims


def _staged(o: Order, v: e.StageMoved, at: datetime) -> None:
    o.stage, o.staged_at = v.stage, at


def _money(o: Order, v: e.MoneyRecorded, at: datetime) -> None:
    o.money = (*o.money, MoneyEntry(v.key, v.kind, v.amount, v.said_at))
    if v.kind == "refund":
        o.refunded += -v.amount


def _bound(o: Order, v: e.StockBound, at: datetime) -> None:
    o.bindings = o.bindings + v.bindings
    o.is_short = False


def _presold(o: Order, v: e.PresaleTaken, at: datetime) -> None:
    o.bindings = o.bindings + v.bindings
    o.is_short = True


def _met(o: Order, v: e.PresaleMet, at: datetime) -> None:
    _binding_states(o, v.bindings, state=BindingState.CONSUMED)


def _binding_states(o: Order, numbers: tuple[int, ...], **change: Any) -> None:
    o.bindings = tuple(replace(b, **change) if b.no in numbers else b for b in o.bindings)


def _converted(o: Order, v: e.StockConverted, at: datetime) -> None:
    _binding_states(o, v.bindings, kind=BindingKind.ALLOCATION)


def _split(o: Order, v: e.StockSplit, at: datetime) -> None:
    whole = next(b for b in o.bindings if b.no == v.no)
    _binding_states(o, (v.no,), quantity=whole.quantity - v.quantity)
    o.bindings = (*o.bindings, replace(whole, no=v.into, quantity=v.quantity))


def _released(o: Order, v: e.StockReleased, at: datetime) -> None:
    _binding_states(o, v.bindings, state=BindingState.RELEASED)


def _short(o: Order, v: e.StockShort, at: datetime) -> None:
    o.is_short = True


def _assigned(o: Order, v: e.WorkAssigned, at: datetime) -> None:
    o.works = (*o.works, Work(
        v.seq, v.number, v.warehouse_id, v.account_id, v.items, at, at,
        negotiation=Negotiation.REQUESTED if v.is_queued else Negotiation.NONE,
    ))
    o.lines = count_fulfilled(o, {i.line_no for i in v.items}, None)


def _service(o: Order, v: e.ServiceChosen | e.PromiseMoved, at: datetime) -> None:
    own = {"service": v.service, "carrier": v.carrier, "cost": v.cost, "promised_at": v.promised_at}
    o.works = tuple([replace(w, **own) if w.seq == v.seq else w for w in o.works])


def _work_moved(o: Order, v: e.WorkMoved, at: datetime) -> None:
    before = o.works
    o.works = tuple([replace(w, state=v.state, negotiation=v.negotiation, native=v.native or w.native, changed_at=at)
                     if w.seq == v.seq else w for w in o.works])
    if v.state is WorkState.CANCELLED:
        o.works = tuple([replace(w, merge_no="") if w.seq == v.seq else w for w in o.works])
        touched = {i.line_no for w in o.works if w.seq == v.seq for i in w.items}
        o.lines = count_fulfilled(o, touched, before)


def _accepted(o: Order, v: e.WorkAccepted, at: datetime) -> None:
    o.works = tuple([
        replace(w, accepted_by=v.by, wave=v.wave, accepted_at=at if v.by else None) if w.seq == v.seq else w
        for w in o.works
    ])


def _together(o: Order, v: e.WorkMerged | e.WorkParted, at: datetime) -> None:
    number = v.merge_no if isinstance(v, e.WorkMerged) else ""
    o.works = tuple([replace(w, merge_no=number) if w.seq == v.seq else w for w in o.works])


def _shipped(o: Order, v: e.ParcelShipped, at: datetime) -> None:
    work = next((w for w in o.works if w.seq == v.work_seq), None)
    whole = tuple([ParcelItem(w.seq, i.line_no, i.sku_id, i.quantity) for w in (work,) if w for i in w.items])
    items = v.items or whole
    o.parcels = (*o.parcels, Parcel(
        v.no, v.id or uuid_of(f"{o.id}/{v.no}"), v.carrier, v.waybill, v.state, v.at, v.heard_at or at,
        v.delivered_at, items, v.told,
    ))
    if work is None:
        return
    _binding_states(o, v.bindings, state=BindingState.CONSUMED)
    if sum(i.quantity for i in work.items) <= sum(i.quantity for i in boxed(o.parcels, work.seq)):
        o.works = tuple(
            replace(w, state=WorkState.HANDED_OVER, negotiation=Negotiation.ACCEPTED, changed_at=at)
            if w is work else w for w in o.works
        )
    touched = {i.line_no for i in items}
    if not v.bindings:  # it had been called back and went out all the same
        o.lines = count_fulfilled(o, touched, None)
    before = {line.no: line.shipped for line in o.lines}
    o.lines = count_shipped(o, touched)
    _are_ours(o, o.parcels[-1].id, {line.no: line.shipped - before[line.no] for line in o.lines})


def _are_ours(o: Order, parcel_id: str, shipped: dict[int, int]) -> None:
    """What the channel told of in this very parcel, before the warehouse did, are the same goods: ours."""
    told = {i.line_no for p in o.parcels if p.id == parcel_id for i in p.items if not i.work_seq and i.quantity}
    ours = {line.no: min(shipped[line.no], line.elsewhere) for line in o.lines if line.no in told}
    if not any(ours.values()):
        return
    o.lines = tuple(replace(x, elsewhere=x.elsewhere - ours[x.no]) if x.no in ours else x for x in o.lines)
    o.parcels = tuple(
        replace(p, items=tuple(
            replace(i, quantity=max(i.quantity - ours.get(i.line_no, 0), 0)) if not i.work_seq else i for i in p.items
        )) if p.id == parcel_id and p.holds_work(0) else p for p in o.parcels
    )


def _tracked(o: Order, v: e.ParcelTracked, at: datetime) -> None:
    o.parcels = tuple(
        replace(p, state=v.state, heard_at=v.heard_at, delivered_at=v.delivered_at or p.delivered_at)
        if p.no == v.no
        else p
        for p in o.parcels
    )


def _named(o: Order, v: e.ParcelNamed, at: datetime) -> None:
    o.parcels = tuple(_renamed(p, v) if p.no == v.no else p for p in o.parcels)


def _renamed(p: Parcel, v: e.ParcelNamed) -> Parcel:
    told = p.told if v.waybill == p.waybill and p.holds_work(0) else ()
    named = replace(p, carrier=v.carrier, waybill=v.waybill, told=told)
    if not v.id:
        return named
    return replace(named, id=v.id, state=v.state, shipped_at=v.shipped_at or p.shipped_at,
                   heard_at=v.heard_at or p.heard_at, delivered_at=v.delivered_at)


def _replaced(o: Order, v: e.ParcelReplaced, at: datetime) -> None:
    o.parcels = tuple(replace(p, is_replaced=True) if p.no == v.no else p for p in o.parcels)


def _withdrawn(o: Order, v: e.ParcelWithdrawn, at: datetime) -> None:
    o.parcels = tuple(
        replace(p, is_replaced=True, items=tuple(replace(i, quantity=0) for i in p.items)) if p.no == v.no else p
        for p in o.parcels
    )


def _announced(o: Order, v: e.ParcelAnnounced, at: datetime) -> None:
    o.parcels = tuple(replace(p, told=(*p.told, v.to)) if p.no == v.no else p for p in o.parcels)


def _hold_placed(o: Order, v: e.HoldPlaced, at: datetime) -> None:
    o.holds = (*o.holds, v.hold)


def _hold_released(o: Order, v: e.HoldReleased, at: datetime) -> None:
    o.holds = tuple(replace(h, released_at=at, released_by=v.reason) if h.no == v.no else h for h in o.holds)


def _after_sale(o: Order, v: e.AfterSaleHeard, at: datetime) -> None:
    heard = v.after_sale
    known = next((one for one in o.after_sales if one.external_id == heard.external_id), None)
    if known is None:
        o.after_sales = (*o.after_sales, heard)
        return
    if known.decision:
        heard = replace(heard, decision=known.decision, decision_amount=known.decision_amount,
                        decision_state=known.decision_state if heard.asks_the_same(known) else PAST)
    o.after_sales = tuple(heard if x.external_id == heard.external_id else x for x in o.after_sales)


def _decided(o: Order, v: e.AfterSaleDecided, at: datetime) -> None:
    o.after_sales = tuple(
        replace(x, decision=v.decision, decision_amount=v.amount, decision_state=TO_TELL)
        if x.external_id == v.application else x for x in o.after_sales
    )


def _decision_answered(o: Order, v: e.DecisionAnswered, at: datetime) -> None:
    o.after_sales = tuple(
        replace(x, decision_state=v.decision_state) if x.external_id == v.application else x for x in o.after_sales
    )


def _gifts(o: Order, v: e.GiftsReviewed, at: datetime) -> None:
    given = {line.no: line for line in v.given}
    lines = [given.pop(line.no, line) for line in o.lines]
    o.lines = tuple([replace(line, is_closed=True) if line.no in v.withdrawn else line for line in lines]
                    + list(given.values()))


def _cancelled(o: Order, v: e.OrderCancelled, at: datetime) -> None:
    o.is_cancelled = True


_FOLD: dict[type, Callable[[Order, Any, datetime], None]] = {
    e.OrderAmended: _amended,
    e.ReceiverChanged: _receiver,
    e.MilestoneClaimed: _claimed,
    e.StageMoved: _staged,
    e.MoneyRecorded: _money,
    e.StockBound: _bound,
    e.PresaleTaken: _presold,
    e.PresaleMet: _met,
    e.StockConverted: _converted,
    e.StockSplit: _split,
    e.StockReleased: _released,
    e.StockShort: _short,
    e.WorkAssigned: _assigned,
    e.WorkMoved: _work_moved, e.ServiceChosen: _service, e.PromiseMoved: _service,
    e.WorkAccepted: _accepted, e.WorkMerged: _together, e.WorkParted: _together,
    e.ParcelShipped: _shipped,
    e.ParcelTracked: _tracked,
    e.ParcelNamed: _named,
    e.ParcelAnnounced: _announced,
    e.ParcelReplaced: _replaced,
    e.ParcelWithdrawn: _withdrawn,
    e.HoldPlaced: _hold_placed,
    e.HoldReleased: _hold_released,
    e.AfterSaleHeard: _after_sale,
    e.AfterSaleDecided: _decided,
    e.DecisionAnswered: _decision_answered,
    e.GiftsReviewed: _gifts,
    e.OrderCancelled: _cancelled,
    e.PersonErased: _erased,
    e.ActionTaken: lambda o, v, at: None,
}
