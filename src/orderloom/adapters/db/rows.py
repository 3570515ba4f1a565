"""The rows that a change becomes, table by table and in the order in which they are to be written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

from orderloom.adapters.db import tables as t
from orderloom.adapters.db.columns import Struct, Table
from orderloom.adapters.db.wire import Id, Ids, Row, id_of
from orderloom.adapters.ids import new_id
from orderloom.application.change import Change, Deadline
from orderloom.domain.incident import blame_of
from orderloom.domain.log import Entry
from orderloom.domain.order import Order
from orderloom.domain.states import SubjectKind


class Way(StrEnum):
    """How rows are written: see `writing.py`; logs that go on: see `subjects.py`."""

    INSERT = "insert"
    UPSERT = "upsert"
    UPDATE = "update"
    GO_ON = "go_on"


class Put(NamedTuple):
    """Rows of one table that go one way."""

    way: Way
    table: Table
    rows: Sequence[Row]


class Before:
    """What there was below an order that is new: nothing."""

    lines = charges = claims = holds = bindings = works = parcels = money = after_sales = ()


NOTHING = Before()
Seen = tuple[Id, Order, Any, Id | None]
"""An order with its id, what it was before (an order or NOTHING), and the message that changed it last."""


def family(change: Change, ids: Ids) -> list[Put]:
    """Orders with everything below them, and what is only ever added: events, movements, scans, and the deadlines of
    new orders. What a new order brings is inserted: a row that is there means that another worker was first."""
    fresh: list[Seen] = []
    known: list[Seen] = []
    for before, o in change.orders.values():
        evidence = change.evidence.get(o.id)
        (fresh if before is None else known).append((
            ids[o.id], o, NOTHING if before is None else before, ids[evidence] if evidence else None,
        ))
    sealed = change.receivers
    return [
        Put(Way.UPSERT, t.PARCEL_TABLE, _parcels([*fresh, *known], ids)),
        Put(Way.INSERT, t.ORDER_TABLE, [
            (*t.state_row(o, oid), *t.ORIGIN.values(o), *t.SEALED.values(sealed[o.id])) for oid, o, _, _ in fresh
        ]),
        *_below(Way.INSERT, fresh, ids),
        Put(Way.UPDATE, t.STATE_TABLE, [t.state_row(o, oid) for oid, o, _, _ in known]),
        Put(Way.UPDATE, t.RECEIVER_TABLE, [
            (oid, *t.SEALED.values(sealed[o.id])) for oid, o, _, _ in known if o.id in sealed
        ]),
        *_below(Way.UPSERT, known, ids),
        *_added(change, ids), *(_subjects(change, ids) if change.subjects else ()),
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


def _below(way: Way, seen: Sequence[Seen], ids: Ids) -> list[Put]:
    """Rows of everything below orders that is new or not the same object as before."""
    return [
        Put(way, t.LINE_TABLE, [
            (oid, *t.LINE.values(x)) for oid, o, was, _ in seen for _, x in _changed(o.lines, was.lines)
        ]),
        Put(way, t.CHARGE_TABLE, [
            (oid, no, *t.CHARGE.values(x)) for oid, o, was, _ in seen for no, x in _changed(o.charges, was.charges)
        ]),
        Put(way, t.CLAIM_TABLE, _with_message(seen, "claims", t.CLAIM)),
        Put(way, t.HOLD_TABLE, [
            (SubjectKind.ORDER, oid, *t.HOLD.values(x))
            for oid, o, was, _ in seen for _, x in _changed(o.holds, was.holds)
        ]),
        Put(way, t.BINDING_TABLE, [
            (oid, *t.BINDING.values(x))
            for oid, o, was, _ in seen for _, x in _changed(o.bindings, was.bindings)
        ]),
        Put(way, t.WORK_TABLE, [
            (oid, *t.WORK.values(x)) for oid, o, was, _ in seen for _, x in _changed(o.works, was.works)
        ]),
        Put(way, t.WORK_LINE_TABLE, [
            (oid, x.seq, i.line_no, i.sku_id, i.quantity) for oid, o, was, _ in seen
            for _, x in _changed(o.works, was.works) if x.seq > len(was.works) for i in x.items
        ]),
        Put(way, t.PARCEL_ITEM_TABLE, [
            (oid, x.no, *t.PARCEL_ITEM.values(i), ids[x.id], list(x.told), x.is_replaced)
            for oid, o, was, _ in seen for _, x in _changed(o.parcels, was.parcels) for i in x.items
        ]),
        Put(way, t.MONEY_TABLE, [
            (oid, no, *t.MONEY.values(x), o.currency, message)
            for oid, o, was, message in seen for no, x in _changed(o.money, was.money)
        ]),
        Put(way, t.AFTER_SALE_TABLE, _with_message(seen, "after_sales", t.AFTER_SALE)),
    ]


def _with_message(seen: Sequence[Seen], part: str, columns: Struct) -> list[Row]:
    """Rows of a part that name the message which they come from."""
    return [(oid, no, *columns.values(x), message) for oid, o, was, message in seen
            for no, x in _changed(getattr(o, part), getattr(was, part))]


def _parcels(seen: Sequence[Seen], ids: Ids) -> list[Row]:
    """Parcels in the order of their ids: several orders may be in one, and say the same of it."""
    rows = {
        x.id: (ids[x.id], *t.PARCEL.values(x))
        for _, o, was, _ in seen for _, x in _changed(o.parcels, was.parcels)
    }
    return [rows[key] for key in sorted(rows)]


def _changed(after: tuple[Any, ...], before: tuple[Any, ...]) -> Iterable[tuple[int, Any]]:
    """Members that are new or another object than the one in the same place before, with their places from 1 on."""
    if after is before:
        return ()
    if not before:
        return enumerate(after, 1)
    count = len(before)
    return [(place, x) for place, x in enumerate(after, 1) if place > count or x is not before[place - 1]]


def _subjects(change: Change, ids: Ids) -> list[Put]:
    """Subjects that are new, where the logs of known ones end now (behind how many events), and what is told of any."""
    return [
        Put(Way.INSERT, t.SUBJECT_TABLE, [
            (ids[x.id], x.kind, x.number, x.opened_at, x.event_count, x.event_head)
            for before, x in change.subjects.values() if before.event_count == 0
        ]),
        Put(Way.GO_ON, t.SUBJECT_TABLE, [
            (ids[x.id], before.event_count, x.event_count, x.event_head)
            for _, (before, x) in sorted(change.subjects.items()) if before.event_count
        ]),
        Put(Way.INSERT, t.SUBJECT_EVENT_TABLE, _entries(change.told, ids)),
    ]


def _entries(entries: Sequence[Entry], ids: Ids) -> list[Row]:
    return [(ids[x.order_id], x.seq, x.kind, x.at, x.actor, ids[x.message_id] if x.message_id else None, x.blueprint,
             x.facts, x.hash) for x in entries]


def _added(change: Change, ids: Ids) -> list[Put]:
    return [
        Put(Way.INSERT, t.EVENT_TABLE, _entries(change.entries, ids)),
        Put(Way.INSERT, t.MOVEMENT_TABLE, [
            (m.sku_id, m.warehouse_id, m.kind, m.on_hand, m.reserved, m.allocated, m.safety, m.frozen,
             m.set_aside, m.cause, m.reason, m.actor, m.at, ids[m.order_id] if m.order_id else None)
            for m in change.movements
        ]),
        Put(Way.UPSERT, t.SCAN_TABLE, [
            (ids[x.order_id], x.parcel_no, x.entry.at, x.entry.code, x.entry.location, x.entry.milestone,
             x.entry.text, ids[x.message_id] if x.message_id else None, x.entry.incident,
             blame_of(x.entry.incident, x.entry.blame))
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
