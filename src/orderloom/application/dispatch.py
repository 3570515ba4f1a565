"""Queue what the outside must be told, in the transaction that decided it; `deliver` sends it.

Bodies follow `docs/deliveries.md`. Receivers are not in them: they are put in, decrypted, at the moment of sending.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.money import apportion
from orderloom.domain.order import Line, Order, Parcel, Work
from orderloom.domain.states import Negotiation, StockHoldState, WorkState


def dispatch(j: Journey, _: str = "") -> None:
    """Queue assigned work that was held back until now."""
    if j.order.is_blocked("dispatch") or j.order.is_cancelled:
        return
    for work in j.order.works:
        if work.state is WorkState.ALLOCATED and work.negotiation is Negotiation.NONE:
            j.emit(e.WorkMoved(work.seq, WorkState.ALLOCATED, Negotiation.REQUESTED))
            queue_work(j, work)


def queue_work(j: Journey, work: Work) -> None:
    """Queue one piece of work for its warehouse's system; a warehouse without a system works from the hub's list."""
    if work.account_id is None:
        return
    directory = j.world.directory
    account = directory.accounts[j.order.account_id]
    o = j.order
    lines = {line.no: line for line in o.lines}
    worth = {line.no: _worth(o, line) for line in o.lines}
    body: dict[str, Any] = {
        "work_no": work.number, "order_no": o.number, "channel": account.connector, "shop": account.code,
        "external_id": o.external_id,
        # A channel's clock or zone may be wrong; a warehouse refuses an order that is dated tomorrow.
        "placed_at": _utc(min(o.placed_at, j.at)), "paid_at": _utc(min(o.paid_at or o.placed_at, j.at)),
        "currency": o.currency, "paid": o.paid, "freight": o.freight, "discount": o.discount, "note": o.note,
        "warehouse": directory.warehouse(work.warehouse_id).code,
        "lines": [
            {
                "line_no": i.line_no, "external_line_id": (line := lines[i.line_no]).external_id,
                "sku": directory.skus[i.sku_id].code, "title": line.title, "quantity": i.quantity,
                "price": worth[i.line_no][work.warehouse_id, i.sku_id][0] // i.quantity,
                "amount": worth[i.line_no][work.warehouse_id, i.sku_id][1],
            }
            for i in work.items
        ],
    }
    j.tell(work.account_id, "work", body)


def _worth(order: Order, line: Line) -> dict[tuple[int, int], tuple[int, int]]:
    """List price and amount of the line's units, by warehouse and SKU.

    A line that is a bundle, a box or comes from several warehouses is many units in several places: what the buyer pays
    for it is shared by units, so that no warehouse is told the whole amount twice.
    """
    units: dict[tuple[int, int], int] = {}
    for h in order.stock_holds:
        if h.line_no == line.no and h.state is not StockHoldState.RELEASED:
            units[h.warehouse_id, h.sku_id] = units.get((h.warehouse_id, h.sku_id), 0) + h.quantity
    if len(units) == 1:
        return {next(iter(units)): (line.price * (line.ordered // line.factor), line.amount)}
    weights = list(units.values())
    listed = apportion(line.price * (line.ordered // line.factor), weights) if weights else ()
    return dict(zip(units, zip(listed, apportion(line.amount, weights) if weights else (), strict=True), strict=True))


def recall(j: Journey, _: str = "") -> None:
    """Call back every piece of work that has not gone out: unsent ones are dropped, sent ones asked for."""
    for work in j.order.works:
        recall_work(j, work)


def recall_work(j: Journey, work: Work) -> None:
    """Call one piece of work back, unless it is out or called back already."""
    if work.state.is_ended or not work.state.is_forward:
        return
    if work.negotiation is Negotiation.NONE or work.account_id is None:
        j.emit(e.WorkMoved(work.seq, WorkState.CANCELLED, Negotiation.NONE))
        return
    j.emit(e.WorkMoved(work.seq, WorkState.RECALLING, work.negotiation))
    j.take_back(work.number)
    j.tell(work.account_id, "work_cancel", {
        "work_no": work.number, "order_no": j.order.number, "external_id": j.order.external_id,
        "reason": "cancelled" if j.order.is_cancelled else "changed",
    })


def report_shipment(j: Journey, _: str = "") -> None:
    """Tell the channel the waybill of every parcel it does not know of yet."""
    account = j.world.directory.accounts[j.order.account_id]
    for parcel in j.order.parcels:
        if account.code in parcel.told or not parcel.is_named:
            continue
        j.tell(account.id, "shipment", {
            "parcel_no": parcel.no, "external_id": j.order.external_id, "carrier": parcel.carrier,
            "waybill": parcel.waybill, "shipped_at": _utc(parcel.shipped_at),
            "is_partial": any(line.shipped < line.ordered - line.cancelled for line in j.order.lines),
            "lines": _shipped_lines(j.order, parcel),
        })
        j.emit(e.ParcelAnnounced(parcel.no, account.code))


def watch_parcel(j: Journey, _: str = "") -> None:
    """Ask the tracking service to tell news of parcels that it does not watch yet."""
    carrier = next((a for a in j.world.directory.accounts.values() if a.family == "carriers" and a.is_active),
                   None)
    if carrier is None:
        return
    for parcel in j.order.parcels:
        if carrier.code not in parcel.told and parcel.is_named:
            j.tell(carrier.id, "watch", {
                "carrier": parcel.carrier, "waybill": parcel.waybill, "order_no": j.order.number,
            }, f"{j.order.id}/{parcel.no}")
            j.emit(e.ParcelAnnounced(parcel.no, carrier.code))


def _shipped_lines(order: Order, parcel: Parcel) -> list[dict[str, Any]]:
    """Units per channel line in a parcel, in the channel's own units; a bundle counts once its parts are out."""
    units: dict[int, int] = {}
    for i in parcel.items:
        units[i.line_no] = max(units.get(i.line_no, 0), i.quantity)
    return [
        {"external_line_id": line.external_id, "quantity": max(min(units[line.no], line.shipped) // line.factor, 1)}
        for line in order.lines if line.no in units
    ]


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
