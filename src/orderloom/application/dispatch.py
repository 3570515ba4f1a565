"""Queue what the outside must be told, in the transaction that decided it; `deliver` sends it.

Bodies follow `docs/deliveries.md`. Receivers are not in them: they are put in, decrypted, at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from orderloom.application.journey import Journey
from orderloom.application.ports import Account
from orderloom.domain import event as e
from orderloom.domain.gift import is_gift
from orderloom.domain.masters import HUB, master_of
from orderloom.domain.money import apportion
from orderloom.domain.order import Line, Order, Parcel, Work, WorkItem
from orderloom.domain.states import Negotiation, PaymentState, WorkState


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
    body: dict[str, Any] = {
        "work_no": work.number, "order_no": o.number, "channel": account.connector, "shop": account.code,
        "external_id": o.external_id,
        # A channel's clock or zone may be wrong; a warehouse refuses an order that is dated tomorrow.
        "placed_at": _utc(min(o.placed_at, j.at)), "paid_at": _utc(min(o.paid_at or o.placed_at, j.at)),
        "currency": o.currency, "paid": o.paid, "freight": o.freight, "discount": o.discount, "note": o.note,
        "warehouse": directory.warehouse(work.warehouse_id).code,
        "lines": lines_of_work(j, work),
    }
    body["to_collect"] = to_collect(j, work, sum([line["amount"] for line in body["lines"]]))
    j.tell(work.account_id, "work", body)


def lines_of_work(j: Journey, work: Work) -> list[dict[str, Any]]:
    """What is in the work, line by line, with what the buyer pays for it."""
    lines = {line.no: line for line in j.order.lines}
    return [
        {
            "line_no": i.line_no, "external_line_id": (line := lines[i.line_no]).external_id,
            "sku": j.world.goods.skus[i.sku_id].code, "title": line.title, "quantity": i.quantity,
            "price": (worth := _worth(j, line, work, i))[0], "amount": worth[1],
            "discount": worth[0] * i.quantity - worth[1],
        }
        for i in work.items
    ]


def to_collect(j: Journey, work: Work, own: int) -> int:
    """What is to be asked of the receiver at the door: this work's share, by what its goods are worth, of what an order
    with cash on delivery owes. The shares of all works come to it exactly."""
    o = j.order
    owed = o.total - o.paid
    if o.payment is not PaymentState.COD or owed <= 0:
        return 0
    lines = {line.no: line for line in o.lines}
    vain = {i.work_seq for p in o.parcels if p.is_replaced for i in p.items}
    earlier = [w for w in o.works if w.seq < work.seq and w.seq not in vain
               and w.state.is_forward and w.state is not WorkState.CANCELLED]  # fmt: skip
    goods = sum([line.amount for line in o.lines if line.is_goods])
    if goods <= 0:
        return 0 if earlier else owed
    before = min(sum([_worth(j, lines[i.line_no], w, i)[1] for w in earlier for i in w.items]), goods)
    return owed * min(before + own, goods) // goods - owed * before // goods


def _worth(j: Journey, line: Line, work: Work, item: WorkItem) -> tuple[int, int]:
    """List price of a unit, and the amount of the item's units, of its line.

    A line that is a bundle, a box, comes from several warehouses or was added to is many units in several works: what
    the buyer pays for it is shared by units, so that no warehouse is told of money twice. Goods that are sent again are
    worth what they were.
    """
    sku = j.world.goods.skus.get(line.sku_id)
    if sku and len(j.order.works) == 1 and sku.components == ((item.sku_id, 1),):  # all there is: nothing is shared
        units_of_line = max(line.ordered - line.cancelled, item.quantity)
        return line.price * (line.ordered // line.factor) // units_of_line, line.amount * item.quantity // units_of_line
    units = {part: n * (line.ordered - line.cancelled) for part, n in sku.components} if sku else {}
    before = 0
    for part in dict.fromkeys((*units, item.sku_id)):
        told = _units_by_work(j.order, line.no, part, work)
        units[part] = max(units.get(part, 0), sum(told.values()))
        if part == item.sku_id:
            before = sum([n for seq, n in told.items() if seq < work.seq])
    places, weights = list(units), list(units.values())
    here, most = places.index(item.sku_id), units[item.sku_id]
    price = apportion(line.price * (line.ordered // line.factor), weights)[here] // most
    amount = apportion(line.amount, weights)[here]
    return price, amount * (before + item.quantity) // most - amount * before // most


def _units_by_work(order: Order, line_no: int, sku_id: int, of: Work) -> dict[int, int]:
    """Units of the line's SKU in the work and in every other that stands, but for those that were sent in vain."""
    vain = [i for p in order.parcels if p.is_replaced for i in p.items]
    units: dict[int, int] = {}
    for w in order.works:
        if w.seq != of.seq and (w.state is WorkState.CANCELLED or not w.state.is_forward):
            continue
        mine = [i.quantity for i in w.items if (i.line_no, i.sku_id) == (line_no, sku_id)]
        lost = [i.quantity for i in vain if (i.work_seq, i.line_no, i.sku_id) == (w.seq, line_no, sku_id)]
        units[w.seq] = sum(mine) - (sum(lost) if w.seq != of.seq else 0)
    return units


def recall(j: Journey, _: str = "") -> None:
    """Call back every piece of work that has not gone out: unsent ones are dropped, sent ones asked for."""
    for work in j.order.works:
        recall_work(j, work)


def recall_work(j: Journey, work: Work, native: str = "") -> None:
    """Call one piece of work back, unless it is out or called back already. `native`: the word for why, if any."""
    if work.state.is_ended or not work.state.is_forward:
        return
    if work.negotiation is Negotiation.NONE or work.account_id is None:
        j.emit(e.WorkMoved(work.seq, WorkState.CANCELLED, Negotiation.NONE))
        if work.account_id is None:
            j.take_back(work.number)
        return
    j.emit(e.WorkMoved(work.seq, WorkState.RECALLING, work.negotiation, native))
    j.take_back(work.number)
    j.tell(work.account_id, "work_cancel", {
        "work_no": work.number, "order_no": j.order.number, "external_id": j.order.external_id,
        "warehouse": j.world.directory.warehouse(work.warehouse_id).code,
        "reason": "cancelled" if j.order.is_cancelled else "changed",
    })


def report_shipment(j: Journey, _: str = "") -> None:
    """Tell the channel the waybill of every parcel it does not know of yet, unless another tells it."""
    account = j.world.directory.accounts[j.order.account_id]
    if master_of(account.settings, "shipping") != HUB:
        return
    for parcel in j.order.parcels:
        if account.code in parcel.told or not parcel.is_named or _is_by_hand(j.order, parcel):
            continue
        j.tell(account.id, "shipment", {
            "parcel_no": parcel.no, "external_id": j.order.external_id,
            "marketplace": str(j.order.facts.get("marketplace") or ""), "carrier": parcel.carrier,
            "waybill": parcel.waybill, "shipped_at": _utc(parcel.shipped_at),
            "is_partial": any(
                line.shipped < line.ordered - line.cancelled for line in j.order.lines if not is_gift(line)),
            "lines": _shipped_lines(j.order, parcel),
        })
        j.emit(e.ParcelAnnounced(parcel.no, account.code))


def tell_shipments(j: Journey, _: object) -> bool:
    """Tell the channel of parcels that left without its being told; False when it was told of all."""
    known = [parcel.told for parcel in j.order.parcels]
    if not j.order.is_cancelled:
        report_shipment(j)
    return known != [parcel.told for parcel in j.order.parcels]


def watch_parcel(j: Journey, _: str = "") -> None:
    """Ask the tracking service to tell news of parcels that it does not watch yet."""
    accounts = j.world.directory.accounts.values()
    for parcel in j.order.parcels:
        watcher = watcher_of(accounts, parcel.carrier)
        if watcher is None or not parcel.is_named or watcher.code in parcel.told:
            continue
        j.tell(watcher.id, "watch", {
            "carrier": parcel.carrier, "waybill": parcel.waybill, "order_no": j.order.number,
        }, f"{j.order.id}/{parcel.no}")
        j.emit(e.ParcelAnnounced(parcel.no, watcher.code))


def watcher_of(accounts: Iterable[Account], carrier: str) -> Account | None:
    """Who follows the carrier's parcels: its own account, else one that follows anybody's."""
    active = [a for a in accounts if a.family == "carriers" and a.is_active]
    able = [a for a in active if a.follows is None or carrier in a.follows]
    return min(able, key=lambda a: a.follows is None, default=None)


def _is_by_hand(order: Order, parcel: Parcel) -> bool:
    """Whether nothing is in it that the channel knows: goods that a person added to its order."""
    own = {line.no for line in order.lines if line.is_by_hand}
    return bool(own) and all(i.line_no in own for i in parcel.items)


def _shipped_lines(order: Order, parcel: Parcel) -> list[dict[str, Any]]:
    """Units per channel line in a parcel, in the channel's own units; a bundle counts once its parts are out."""
    units: dict[int, int] = {}
    for i in parcel.items:
        units[i.line_no] = max(units.get(i.line_no, 0), i.quantity)
    return [
        {"external_line_id": line.external_id, "quantity": max(min(units[line.no], line.shipped) // line.factor, 1)}
        for line in order.lines if line.no in units and not line.is_by_hand
    ]


def _utc(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
