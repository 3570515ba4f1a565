"""The fold: an order and a fact give the order after it. No decision is taken here and nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from orderloom.domain import event as e
from orderloom.domain.order import Line, Order, Parcel, Work


def begin(order_id: str, event: e.OrderRecorded, blueprint: int, at: datetime) -> Order:
    """The order that its first fact makes."""
    return Order(
        id=order_id,
        number=event.number,
        account_id=event.account_id,
        external_id=event.external_id,
        revision=event.revision,
        placed_at=event.placed_at,
        received_at=event.received_at,
        currency=event.currency,
        total=event.total,
        freight=event.freight,
        discount=event.discount,
        tax=event.tax,
        payment=event.payment,
        paid=event.paid,
        native=event.native,
        lines=event.lines,
        blueprint=blueprint,
        stage=event.stage,
        staged_at=at,
        parent_external_id=event.parent_external_id,
        source_zone=event.source_zone,
        source_placed_at=event.source_placed_at,
        paid_at=event.paid_at,
        note=event.note,
        is_fulfilled_elsewhere=event.is_fulfilled_elsewhere,
        flags=event.flags,
        receiver=event.receiver,
        receiver_stated=event.receiver,
        province=event.province,
        country=event.country,
        claims=event.claims,
        money=(("recorded", event.paid),) if event.paid else (),
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
    o.revision, o.currency, o.total, o.freight = v.revision, v.currency, v.total, v.freight
    o.discount, o.tax, o.payment, o.paid = v.discount, v.tax, v.payment, v.paid
    o.native, o.lines = v.native, v.lines
    if v.receiver != o.receiver_stated:
        # The channel's word is newer than a correction by hand only when it changed.
        o.receiver, o.province, o.country = v.receiver, v.province, v.country
    o.receiver_stated = v.receiver
    o.paid_at, o.note, o.flags = v.paid_at, v.note, v.flags


def _receiver(o: Order, v: e.ReceiverChanged, at: datetime) -> None:
    o.receiver, o.province, o.country = v.receiver, v.province, v.country


def _claimed(o: Order, v: e.MilestoneClaimed, at: datetime) -> None:
    o.claims = o.claims + v.claims


def _staged(o: Order, v: e.StageMoved, at: datetime) -> None:
    o.stage, o.staged_at = v.stage, at


def _money(o: Order, v: e.MoneyRecorded, at: datetime) -> None:
    o.money = (*o.money, (v.key, v.amount))
    if v.kind == "refund":
        o.refunded += -v.amount


def _held(o: Order, v: e.StockHeld, at: datetime) -> None:
    o.stock_holds = o.stock_holds + v.holds
    o.is_short = False


def _hold_states(o: Order, numbers: tuple[int, ...], **change: Any) -> None:
    o.stock_holds = tuple(replace(h, **change) if h.no in numbers else h for h in o.stock_holds)


def _converted(o: Order, v: e.StockConverted, at: datetime) -> None:
    _hold_states(o, v.holds, kind="allocation")


def _released(o: Order, v: e.StockReleased, at: datetime) -> None:
    _hold_states(o, v.holds, state="released")


def _short(o: Order, v: e.StockShort, at: datetime) -> None:
    o.is_short = True


def _assigned(o: Order, v: e.WorkAssigned, at: datetime) -> None:
    o.works = (*o.works, Work(
        v.seq, v.number, v.warehouse_id, v.account_id, v.items, at, at,
        negotiation="requested" if v.is_queued else "none",
    ))
    o.lines = _count_fulfilled(o, {i.line_no for i in v.items}, None)


def _work_moved(o: Order, v: e.WorkMoved, at: datetime) -> None:
    before = o.works
    o.works = tuple(
        replace(w, state=v.state, negotiation=v.negotiation, native=v.native or w.native, changed_at=at)
        if w.seq == v.seq
        else w
        for w in o.works
    )
    if v.state == "cancelled":
        touched = {i.line_no for w in o.works if w.seq == v.seq for i in w.items}
        o.lines = _count_fulfilled(o, touched, before)


def _shipped(o: Order, v: e.ParcelShipped, at: datetime) -> None:
    o.parcels = (*o.parcels, Parcel(v.no, v.work_seq, v.carrier, v.waybill, "label_ready", v.at, at))
    _hold_states(o, v.holds, state="consumed")
    o.works = tuple(
        replace(w, state="handed_over", negotiation="accepted", changed_at=at) if w.seq == v.work_seq else w
        for w in o.works
    )
    touched = {i.line_no for w in o.works if w.seq == v.work_seq for i in w.items}
    if not v.holds:  # it had been called back and went out all the same
        o.lines = _count_fulfilled(o, touched, None)
    o.lines = _count_shipped(o, touched)


def _tracked(o: Order, v: e.ParcelTracked, at: datetime) -> None:
    o.parcels = tuple(
        replace(p, state=v.state, heard_at=v.heard_at, delivered_at=v.delivered_at or p.delivered_at)
        if p.no == v.no
        else p
        for p in o.parcels
    )


def _named(o: Order, v: e.ParcelNamed, at: datetime) -> None:
    o.parcels = tuple(replace(p, carrier=v.carrier, waybill=v.waybill) if p.no == v.no else p for p in o.parcels)


def _announced(o: Order, v: e.ParcelAnnounced, at: datetime) -> None:
    o.parcels = tuple(replace(p, told=(*p.told, v.to)) if p.no == v.no else p for p in o.parcels)


def _hold_placed(o: Order, v: e.HoldPlaced, at: datetime) -> None:
    o.holds = (*o.holds, v.hold)


def _hold_released(o: Order, v: e.HoldReleased, at: datetime) -> None:
    o.holds = tuple(replace(h, released_at=at, released_by=v.reason) if h.no == v.no else h for h in o.holds)


def _cancelled(o: Order, v: e.OrderCancelled, at: datetime) -> None:
    o.is_cancelled = True


def _count_fulfilled(o: Order, touched: set[int], before: tuple[Work, ...] | None) -> tuple[Line, ...]:
    """Recount what of the touched lines stands in live works, so that no path can add twice.

    A bundle's line is counted in bundles by its first component: new work by that component's share of what is held
    (`before` None), work that was cancelled by its share of the works that stood before it.
    """
    lines = []
    for line in o.lines:
        if line.no in touched:
            most = line.ordered - line.cancelled
            fulfilled = _units(o.works, line, line.sku_id, is_out=False)
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
    live = _units(o.works, line, sku, is_out=False)
    if before is None:
        return most * live // held if held else 0
    stood = _units(before, line, sku, is_out=False)
    return line.fulfilled * live // stood if stood else 0


def _count_shipped(o: Order, touched: set[int]) -> tuple[Line, ...]:
    """Recount what of the touched lines is out. What a warehouse ships beyond the order is in its work, not here."""
    lines = []
    for line in o.lines:
        if line.no in touched:
            sku, _ = _counted_by(o, line)
            out, live = _units(o.works, line, sku, is_out=True), _units(o.works, line, sku, is_out=False)
            shipped = out if sku == line.sku_id else line.fulfilled * out // live if live else 0
            line = replace(line, shipped=max(min(shipped, line.fulfilled), line.shipped))
        lines.append(line)
    return tuple(lines)


def _counted_by(o: Order, line: Line) -> tuple[int, int]:
    """The SKU whose units count the line: its own, else its first component that is held; and the units held of it."""
    held: dict[int, int] = {}
    for h in o.stock_holds:
        if h.line_no == line.no and h.state != "released":
            held[h.sku_id] = held.get(h.sku_id, 0) + h.quantity
    if line.sku_id in held or not held:
        return line.sku_id, held.get(line.sku_id, 0)
    return next(iter(held.items()))


def _units(works: tuple[Work, ...], line: Line, sku_id: int, *, is_out: bool) -> int:
    """Units of a SKU for the line in live works, or in those that went out."""
    return sum([
        i.quantity for w in works if (w.state == "handed_over" if is_out else w.state != "cancelled")
        for i in w.items if i.line_no == line.no and i.sku_id == sku_id
    ])


_FOLD: dict[type, Callable[[Order, Any, datetime], None]] = {
    e.OrderAmended: _amended,
    e.ReceiverChanged: _receiver,
    e.MilestoneClaimed: _claimed,
    e.StageMoved: _staged,
    e.MoneyRecorded: _money,
    e.StockHeld: _held,
    e.StockConverted: _converted,
    e.StockReleased: _released,
    e.StockShort: _short,
    e.WorkAssigned: _assigned,
    e.WorkMoved: _work_moved,
    e.ParcelShipped: _shipped,
    e.ParcelTracked: _tracked,
    e.ParcelNamed: _named,
    e.ParcelAnnounced: _announced,
    e.HoldPlaced: _hold_placed,
    e.HoldReleased: _hold_released,
    e.OrderCancelled: _cancelled,
}
