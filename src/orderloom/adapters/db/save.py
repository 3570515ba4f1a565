"""Write what a batch decided: about ten statements whether it holds one order or five hundred.

New orders and everything appended go in by binary COPY; a unique violation there means that another worker was first,
and the batch is decided again on what it sees then. Known orders are brought up to date row by row in one pipeline.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db import tables as t
from orderloom.adapters.db.business_day import business_day
from orderloom.adapters.db.cases import save_cases
from orderloom.adapters.db.columns import Row, Table
from orderloom.adapters.db.discarding import put_together
from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.application.change import Change, Deadline
from orderloom.application.directory import BUSINESS_ZONE
from orderloom.application.ports import Raced
from orderloom.domain.order import Order
from orderloom.domain.states import SubjectKind

Connection = AsyncConnection[Any]
_json = orjson.dumps


class Rows:
    """Rows of one kind of write, by table."""

    def __init__(self) -> None:
        self.by_table: dict[str, tuple[Table, list[Row]]] = {}
        self.shared: dict[str, Row] = {}
        """Parcels by id: several orders may be in one, and say the same of it."""

    def add(self, table: Table, row: Row, name: str = "") -> None:
        """Collect a row."""
        self.by_table.setdefault(name or table.name, (table, []))[1].append(row)


class Uuids(dict[str, UUID]):
    """UUID objects by text, each made once."""

    def __missing__(self, text: str) -> UUID:
        made = self[text] = UUID(text)
        return made


async def save(
    connection: Connection, change: Change, at: datetime, actor: str, zone: str = BUSINESS_ZONE,
) -> None:
    """Write the change in the caller's transaction. Raises Raced when the stock is not free any more.

    Stock levels and warehouse loads, the rows that every batch wants, come last: they are locked for a moment only.
    """
    uuids = Uuids()
    fresh, known = Rows(), Rows()
    for before, after in change.orders.values():
        if before is None:
            _new(fresh, change, after, uuids)
        else:
            _known(known, change, before, after, uuids)
    parcels = fresh.shared | known.shared
    await t.upsert(connection, t.PARCEL_TABLE, [parcels[key] for key in sorted(parcels)])
    for table, rows in fresh.by_table.values():
        await t.copy_in(connection, table, rows)
    for table, rows in known.by_table.values():
        write = t.update if table in (t.STATE_TABLE, t.RECEIVER_TABLE) else t.upsert
        await write(connection, table, rows)
    await _append(connection, change, at, uuids)
    await _queues(connection, change, at, uuids, actor)
    await _levels(connection, change)
    if change.loads:
        loads = [{"warehouse_id": house, "works": works} for house, works in sorted(change.loads.items())]
        await connection.execute(statement("save", "loads"), {
            "loads": _json(loads).decode(), "day": business_day(at, zone)})


def _new(rows: Rows, change: Change, o: Order, uuids: Uuids) -> None:
    oid, message = uuids[o.id], _message(change, o.id, uuids)
    sealed = change.receivers[o.id]
    rows.add(t.ORDER_TABLE, (*t.state_row(o, oid), *t.ORIGIN.values(o), *t.SEALED.values(sealed)))
    _children(rows, o, None, oid, message, uuids)


def _known(rows: Rows, change: Change, before: Order, o: Order, uuids: Uuids) -> None:
    oid = uuids[o.id]
    rows.add(t.STATE_TABLE, t.state_row(o, oid), "state")
    sealed = change.receivers.get(o.id)
    if sealed is not None:
        rows.add(t.RECEIVER_TABLE, (oid, *t.SEALED.values(sealed)), "receiver")
    _children(rows, o, before, oid, _message(change, o.id, uuids), uuids)


def _children(
    rows: Rows, o: Order, before: Order | None, oid: UUID, message: UUID | None, uuids: Uuids,
) -> None:
    """Rows of everything below an order that is new or not the same object as before."""
    for _, line in _changed(o.lines, before.lines if before else ()):
        rows.add(t.LINE_TABLE, (oid, *t.LINE.values(line)))
    for number, charge in _changed(o.charges, before.charges if before else ()):
        rows.add(t.CHARGE_TABLE, (oid, number, *t.CHARGE.values(charge)))
    for number, claim in _changed(o.claims, before.claims if before else ()):
        rows.add(t.CLAIM_TABLE, (oid, number, *t.CLAIM.values(claim), message))
    for _, hold in _changed(o.holds, before.holds if before else ()):
        rows.add(t.HOLD_TABLE, (SubjectKind.ORDER, oid, *t.HOLD.values(hold)))
    for _, held in _changed(o.stock_holds, before.stock_holds if before else ()):
        rows.add(t.STOCK_HOLD_TABLE, (oid, *t.STOCK_HOLD.values(held)))
    past_works = len(before.works) if before else 0
    for _, work in _changed(o.works, before.works if before else ()):
        rows.add(t.WORK_TABLE, (oid, *t.WORK.values(work)))
        if work.seq > past_works:
            for i in work.items:
                rows.add(t.WORK_LINE_TABLE, (oid, work.seq, i.line_no, i.sku_id, i.quantity))
    for _, parcel in _changed(o.parcels, before.parcels if before else ()):
        rows.shared[parcel.id] = (uuids[parcel.id], *t.PARCEL.values(parcel))
        for item in parcel.items:
            rows.add(t.PARCEL_ITEM_TABLE, (
                oid, parcel.no, *t.PARCEL_ITEM.values(item), uuids[parcel.id], list(parcel.told), parcel.is_replaced,
            ))
    for number, entry in _changed(o.money, before.money if before else ()):
        rows.add(t.MONEY_TABLE, (oid, number, *t.MONEY.values(entry), o.currency, message))


def _changed(after: tuple[Any, ...], before: tuple[Any, ...]) -> list[tuple[int, Any]]:
    """Members that are new or another object than the one in the same place before, with their places from 1 on."""
    if after is before:
        return []
    count = len(before)
    return [(place, x) for place, x in enumerate(after, 1) if place > count or x is not before[place - 1]]


def _message(change: Change, order_id: str, uuids: Uuids) -> UUID | None:
    """The message that is the evidence of an order's change in this batch: the last one."""
    found = change.evidence.get(order_id)
    return uuids[found] if found else None


async def _append(connection: Connection, change: Change, at: datetime, uuids: Uuids) -> None:
    """Events and movements: only ever added."""
    await t.copy_in(connection, t.EVENT_TABLE, [
        (uuids[x.order_id], x.seq, x.kind, x.at, x.actor, uuids[x.message_id] if x.message_id else None, x.blueprint,
         x.facts, x.hash)
        for x in change.entries
    ])
    await t.copy_in(connection, t.MOVEMENT_TABLE, [
        (m.sku_id, m.warehouse_id, m.kind, m.on_hand, m.reserved, m.allocated, m.safety, m.frozen, m.cause, m.reason,
         m.actor, m.at, uuids[m.order_id] if m.order_id else None)
        for m in change.movements
    ])
    await t.upsert(connection, t.SCAN_TABLE, [
        (uuids[x.order_id], x.parcel_no, x.entry.at, x.entry.code, x.entry.location, x.entry.milestone, x.entry.text,
         uuids[x.message_id] if x.message_id else None)
        for x in change.tracked
    ])


async def _levels(connection: Connection, change: Change) -> None:
    """Add the movements up per level and write them in one statement that refuses to promise what is not there."""
    sums: dict[tuple[int, int], list[int]] = {}
    for m in change.movements:
        total = sums.setdefault((m.sku_id, m.warehouse_id), [0, 0, 0, 0, 0, 0])
        for place, units in enumerate((m.on_hand, m.reserved, m.allocated, m.safety, m.frozen)):
            total[place] += units
        if m.kind in ("reserve", "allocate", "release"):
            total[5] += m.reserved + m.allocated
    if not sums:
        return
    deltas = [
        {"sku_id": sku, "warehouse_id": house, "on_hand": d[0], "reserved": d[1], "allocated": d[2], "safety": d[3],
         "frozen": d[4], "taken": d[5]}
        for (sku, house), d in sums.items()
    ]
    done = await connection.execute(statement("save", "levels"), {"deltas": _json(deltas).decode()})
    if done.rowcount != len(deltas):
        raise Raced(f"{len(deltas) - done.rowcount} stock levels moved meanwhile")


async def _queues(connection: Connection, change: Change, at: datetime, uuids: Uuids, actor: str) -> None:
    """Deadlines, deliveries, cases, and what the batch set free."""
    await _deadlines(connection, change, uuids)
    run = connection.execute
    if change.recalled:
        works = [{"order_id": order_id, "number": number} for order_id, number in change.recalled]
        await run(statement("save", "recall"), {"works": _json(works).decode(), "at": at})
    await t.copy_in(connection, t.DELIVERY_TABLE, [
        (UUID(new_id()), d.account_id, d.kind, uuids[d.order_id] if d.order_id else None, d.order_key,
         _json(d.body).decode(), "due", at, at)
        for d in change.deliveries
    ])
    await save_cases(connection, change, at, actor)
    if change.together:
        await put_together(connection, change.together, at, actor)
    if change.released_keys:
        await run(statement("save", "requeue"), {"keys": sorted(change.released_keys)})
    if change.figures:
        newest = {(f.system, f.warehouse_id, f.sku_id): f for f in change.figures}
        rows = [{name: getattr(f, name) for name in f.__struct_fields__} for f in newest.values()]
        await run(statement("save", "figures"), {"figures": _json(rows).decode()})


async def _deadlines(connection: Connection, change: Change, uuids: Uuids) -> None:
    """New orders' by COPY. A known order may have set the very same one before: a clock that was put back repeats
    instants, and that is no race to be lost for ever."""
    seen = {(d.subject, d.kind, d.of, d.due_at): d for d in change.deadlines}
    fresh: list[Deadline] = []
    known: list[Deadline] = []
    for d in seen.values():
        is_fresh = d.subject.id in change.orders and change.orders[d.subject.id][0] is None
        (fresh if is_fresh else known).append(d)
    await t.copy_in(connection, t.DEADLINE_TABLE, [
        (d.subject.kind, uuids[d.subject.id], d.kind, d.of, d.due_at, d.blueprint, d.catch_up, "pending")
        for d in fresh
    ])
    if known:
        await connection.execute(statement("save", "deadlines"), {
            "subject_kind": [str(d.subject.kind) for d in known], "subject_id": [uuids[d.subject.id] for d in known],
            "kind": [d.kind for d in known], "of": [d.of for d in known], "due_at": [d.due_at for d in known],
            "blueprint": [d.blueprint for d in known], "catch_up": [d.catch_up for d in known],
        })
