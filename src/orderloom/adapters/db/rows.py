"""The rows that a change becomes, table by table and in the order in which they are to be written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from orderloom.adapters.db import tables as t
from orderloom.adapters.db.columns import Table
from orderloom.adapters.db.wire import Id, Ids, Row, id_of
from orderloom.adapters.ids import new_id
from orderloom.application.change import Change, Deadline
from orderloom.domain.order import Order
from orderloom.domain.states import SubjectKind


class Way(StrEnum):
    """How rows are written: see `writing.py`."""

    INSERT = "insert"
    UPSERT = "upsert"
    UPDATE = "update"


class Put(NamedTuple):
    """Rows of one table that go one way."""

    way: Way
    table: Table
    rows: Sequence[Row]


class Rows(dict[Table, list[Row]]):
    """Rows as they are collected, the table that was met first in front."""

    def __missing__(self, table: Table) -> list[Row]:
        made = self[table] = []
        return made


def family(change: Change, ids: Ids) -> list[Put]:
    """Orders with everything below them, and what is only ever added: events, movements, scans, and the deadlines of
    new orders. What a new order brings is inserted: a row that is there means that another worker was first."""
    fresh, known = Rows(), Rows()
    parcels: dict[str, Row] = {}
    for before, after in change.orders.values():
        if before is None:
            _new(fresh, parcels, change, after, ids)
        else:
            _known(known, parcels, change, before, after, ids)
    return [
        Put(Way.UPSERT, t.PARCEL_TABLE, [parcels[key] for key in sorted(parcels)]),
        *[Put(Way.INSERT, table, rows) for table, rows in fresh.items()],
        *[Put(Way.UPDATE if table in (t.STATE_TABLE, t.RECEIVER_TABLE) else Way.UPSERT, table, rows)
          for table, rows in known.items()],
        *_added(change, ids),
    ]


def deliveries(change: Change, at: datetime, ids: Ids) -> Put:
    """What is to be sent to others."""
    return Put(Way.INSERT, t.DELIVERY_TABLE, [
        (id_of(new_id()), d.account_id, d.kind, ids[d.order_id] if d.order_id else None, d.order_key,
         orjson.dumps(d.body).decode(), "due", at, at)
        for d in change.deliveries
    ])


def deadlines_of_known(change: Change) -> list[Deadline]:
    """Deadlines of orders that were there before, each once."""
    return [d for d in _deadlines(change) if not _is_new(change, d.subject.id)]


def _new(rows: Rows, parcels: dict[str, Row], change: Change, o: Order, ids: Ids) -> None:
    oid = ids[o.id]
    rows[t.ORDER_TABLE].append((*t.state_row(o, oid), *t.ORIGIN.values(o), *t.SEALED.values(change.receivers[o.id])))
    _below(rows, parcels, o, None, oid, _message(change, o.id, ids), ids)


def _known(rows: Rows, parcels: dict[str, Row], change: Change, before: Order, o: Order, ids: Ids) -> None:
    oid = ids[o.id]
    rows[t.STATE_TABLE].append(t.state_row(o, oid))
    sealed = change.receivers.get(o.id)
    if sealed is not None:
        rows[t.RECEIVER_TABLE].append((oid, *t.SEALED.values(sealed)))
    _below(rows, parcels, o, before, oid, _message(change, o.id, ids), ids)


def _below(
    rows: Rows, parcels: dict[str, Row], o: Order, before: Order | None, oid: Id, message: Id | None, ids: Ids,
) -> None:
    """Rows of everything below an order that is new or not the same object as before."""
    for _, line in _changed(o.lines, before.lines if before else ()):
        rows[t.LINE_TABLE].append((oid, *t.LINE.values(line)))
    for number, charge in _changed(o.charges, before.charges if before else ()):
        rows[t.CHARGE_TABLE].append((oid, number, *t.CHARGE.values(charge)))
    for number, claim in _changed(o.claims, before.claims if before else ()):
        rows[t.CLAIM_TABLE].append((oid, number, *t.CLAIM.values(claim), message))
    for _, hold in _changed(o.holds, before.holds if before else ()):
        rows[t.HOLD_TABLE].append((SubjectKind.ORDER, oid, *t.HOLD.values(hold)))
    for _, held in _changed(o.stock_holds, before.stock_holds if before else ()):
        rows[t.STOCK_HOLD_TABLE].append((oid, *t.STOCK_HOLD.values(held)))
    past_works = len(before.works) if before else 0
    for _, work in _changed(o.works, before.works if before else ()):
        rows[t.WORK_TABLE].append((oid, *t.WORK.values(work)))
        if work.seq > past_works:
            rows[t.WORK_LINE_TABLE] += [(oid, work.seq, i.line_no, i.sku_id, i.quantity) for i in work.items]
    for _, parcel in _changed(o.parcels, before.parcels if before else ()):
        parcels[parcel.id] = (ids[parcel.id], *t.PARCEL.values(parcel))
        rows[t.PARCEL_ITEM_TABLE] += [
            (oid, parcel.no, *t.PARCEL_ITEM.values(item), ids[parcel.id], list(parcel.told), parcel.is_replaced)
            for item in parcel.items
        ]
    for number, entry in _changed(o.money, before.money if before else ()):
        rows[t.MONEY_TABLE].append((oid, number, *t.MONEY.values(entry), o.currency, message))


def _changed(after: tuple[Any, ...], before: tuple[Any, ...]) -> Iterable[tuple[int, Any]]:
    """Members that are new or another object than the one in the same place before, with their places from 1 on."""
    if after is before:
        return ()
    if not before:
        return enumerate(after, 1)
    count = len(before)
    return [(place, x) for place, x in enumerate(after, 1) if place > count or x is not before[place - 1]]


def _message(change: Change, order_id: str, ids: Ids) -> Id | None:
    """The message that is the evidence of an order's change in this batch: the last one."""
    found = change.evidence.get(order_id)
    return ids[found] if found else None


def _added(change: Change, ids: Ids) -> list[Put]:
    return [
        Put(Way.INSERT, t.EVENT_TABLE, [
            (ids[x.order_id], x.seq, x.kind, x.at, x.actor, ids[x.message_id] if x.message_id else None, x.blueprint,
             x.facts, x.hash)
            for x in change.entries
        ]),
        Put(Way.INSERT, t.MOVEMENT_TABLE, [
            (m.sku_id, m.warehouse_id, m.kind, m.on_hand, m.reserved, m.allocated, m.safety, m.frozen, m.cause,
             m.reason, m.actor, m.at, ids[m.order_id] if m.order_id else None)
            for m in change.movements
        ]),
        Put(Way.UPSERT, t.SCAN_TABLE, [
            (ids[x.order_id], x.parcel_no, x.entry.at, x.entry.code, x.entry.location, x.entry.milestone,
             x.entry.text, ids[x.message_id] if x.message_id else None)
            for x in change.tracked
        ]),
        Put(Way.INSERT, t.DEADLINE_TABLE, [
            (d.subject.kind, ids[d.subject.id], d.kind, d.of, d.due_at, d.blueprint, d.catch_up, "pending")
            for d in _deadlines(change) if _is_new(change, d.subject.id)
        ]),
    ]


def _deadlines(change: Change) -> Iterable[Deadline]:
    return {(d.subject, d.kind, d.of, d.due_at): d for d in change.deadlines}.values()


def _is_new(change: Change, order_id: str) -> bool:
    return order_id in change.orders and change.orders[order_id][0] is None
