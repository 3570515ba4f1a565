"""Write what a batch decided: about ten statements whether it holds fifty orders or five hundred, one for a few.

New orders and everything appended go in by binary COPY, or together in one statement (`few.py`); a unique violation
there means that another worker was first, and the batch is decided again on what it sees then. Known orders are brought
up to date row by row in one pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from msgspec.structs import asdict
from psycopg import AsyncConnection

from orderloom.adapters.db import writing
from orderloom.adapters.db.cases import save_cases
from orderloom.adapters.db.discarding import put_together
from orderloom.adapters.db.few import ROWS_MAX, Few
from orderloom.adapters.db.gifts import keep_gifts
from orderloom.adapters.db.notices import open_notices
from orderloom.adapters.db.rows import Put, Way, deadlines_of_known, deliveries, family
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.subjects import go_on
from orderloom.adapters.db.wire import Ids, ints_of
from orderloom.application.change import Change, Deadline
from orderloom.application.directory import BUSINESS_ZONE, business_day
from orderloom.application.ports import Raced
from orderloom.application.sort import Became
from orderloom.domain.waybill import plain_waybill

Connection = AsyncConnection[Any]
WAYS = {Way.INSERT: writing.insert, Way.UPSERT: writing.upsert, Way.UPDATE: writing.update,
        Way.GO_ON: go_on}
LEVEL = (
    "sku_id", "warehouse_id", "on_hand", "reserved", "allocated", "safety", "frozen", "set_aside", "taken", "bound",
)
TAKING = ("reserve", "allocate", "release", "set_aside", "give_back")
"""Movements that take free units, or give them back; see `save.sql: levels`."""
_json = orjson.dumps


async def save(
    connection: Connection, change: Change, at: datetime, actor: str, zone: str = BUSINESS_ZONE,
    became: Sequence[Became] = (),
) -> bool:
    """Write the change in the caller's transaction. Raises Raced when the stock is not free any more.

    Stock levels and warehouse loads, the rows that every batch wants, come late: they are locked for a moment only.
    Cases come after them, for a batch that lost a race holds its levels from the beginning (docs/locking.md).
    Says whether it has also written down what messages `became`: it does where that costs no statement of its own.
    """
    ids = Ids()
    puts = [*family(change, ids), deliveries(change, at, ids)]
    if sum([len(put.rows) for put in puts]) <= ROWS_MAX:
        await _save_few(connection, change, puts, at, actor, zone, became, ids)
        return True
    await _recall(connection, change, at)
    for put in puts:
        await WAYS[put.way](connection, put.table, put.rows)
    await _levels(connection, change)
    await _quotas(connection, change)
    if change.loads:
        loads = [{"warehouse_id": house, "works": works} for house, works in sorted(change.loads.items())]
        await connection.execute(statement("save", "loads"), {
            "loads": _json(loads).decode(), "day": business_day(at, zone)})
    await _queues(connection, change, at, ids, actor)
    return False


async def _save_few(
    connection: Connection, change: Change, puts: Sequence[Put], at: datetime, actor: str, zone: str,
    became: Sequence[Became], ids: Ids,
) -> None:
    """What is inserted, the levels, the loads and the messages in one statement; in two, when there are known rows."""
    await _recall(connection, change, at)
    few = Few()
    between = [put for put in puts if put.rows and put.way is not Way.INSERT]
    for put in puts:
        if put.way is Way.INSERT:
            few.insert(put.table, put.rows)
    if between:
        await few.run(connection)
        few = Few()
        for put in between:
            await WAYS[put.way](connection, put.table, put.rows)
    few.add_to_levels(_deltas(change))
    few.add_to_loads(dict(sorted(change.loads.items())), business_day(at, zone))
    few.end(became, at)
    if left := await few.run(connection):
        raise Raced(f"{left} stock levels moved meanwhile")
    await _quotas(connection, change)
    await _queues(connection, change, at, ids, actor)


def _deltas(change: Change) -> list[tuple[int, ...]]:
    """The movements added up per level: SKU, warehouse, what comes to each figure, what is taken, and what is bound."""
    sums: dict[tuple[int, int], list[int]] = {}
    for m in change.movements:
        key = (m.sku_id, m.warehouse_id)
        total = sums.get(key)
        if total is None:
            total = sums[key] = [0, 0, 0, 0, 0, 0, 0, 0]
        total[0] += m.on_hand
        total[1] += m.reserved
        total[2] += m.allocated
        total[3] += m.safety
        total[4] += m.frozen
        total[5] += m.set_aside
        if m.kind in TAKING:
            bound = m.reserved + m.allocated
            total[6] += bound + m.set_aside
            total[7] += bound
    return [(*level, *total) for level, total in sums.items()]


async def _levels(connection: Connection, change: Change) -> None:
    """Write the levels in one statement that refuses to promise what is not there."""
    deltas = _deltas(change)
    if not deltas:
        return
    columns = map(ints_of, zip(*deltas, strict=True))
    done = await connection.execute(statement("save", "levels"), dict(zip(LEVEL, columns, strict=True)))
    if done.rowcount != len(deltas):
        raise Raced(f"{len(deltas) - done.rowcount} stock levels moved meanwhile")


async def _quotas(connection: Connection, change: Change) -> None:
    """Write what was drawn of quotas; a quota gives no more than it has left, and nothing once it is closed."""
    if not change.quotas:
        return
    rows = [(quota, *moved) for quota, moved in sorted(change.quotas.items())]
    ids, kept, drawn = map(list, zip(*rows, strict=True))
    done = await connection.execute(statement("save", "quotas"), {"ids": ids, "kept": kept, "drawn": drawn})
    if done.rowcount != len(rows):
        raise Raced(f"{len(rows) - done.rowcount} quotas moved meanwhile")


async def _recall(connection: Connection, change: Change, at: datetime) -> None:
    """Before new deliveries are queued: those of this batch are not meant."""
    if change.recalled:
        works = [{"order_id": order_id, "number": number} for order_id, number in change.recalled]
        await connection.execute(statement("save", "recall"), {"works": _json(works).decode(), "at": at})
        await connection.execute(statement("labels", "unlabel"), {
            "works": [number for _, number in change.recalled], "at": at,
            "orders": [order_id for order_id, _ in change.recalled]})


async def _queues(connection: Connection, change: Change, at: datetime, ids: Ids, actor: str) -> None:
    """Deadlines of known orders, cases, halves that came together, and what systems say they have."""
    await _deadlines(connection, deadlines_of_known(change), ids)
    if change.gifts:
        await keep_gifts(connection, change.gifts, at)
    await _keep_labels(connection, change, at)
    await save_cases(connection, change, at, actor)
    if change.learnt or change.together:
        await _seldom(connection, change, at, actor)
    if change.notices:
        await open_notices(connection, change.notices)
    if change.figures:
        newest = {(f.system, f.warehouse_id, f.sku_id): f for f in change.figures}
        rows = [{name: getattr(f, name) for name in f.__struct_fields__} for f in newest.values()]
        await connection.execute(statement("save", "figures"), {"figures": _json(rows).decode()})


async def _seldom(connection: Connection, change: Change, at: datetime, actor: str) -> None:
    """What became of routing decisions, and halves that came together."""
    if change.learnt:
        await connection.execute(statement("save", "learnt"), {
            "outcomes": _json([asdict(one) for one in change.learnt.values()]).decode()})
    if change.together:
        await put_together(connection, change.together, at, actor)


async def _keep_labels(connection: Connection, change: Change, at: datetime) -> None:
    """A label that people gave back and used all the same: its parcel is out, and nobody may void it now."""
    left = [(order_id, plain_waybill(parcel.waybill)) for order_id, (was, now) in change.orders.items()
            if was is not None for parcel in now.parcels[len(was.parcels):]]
    if left:
        orders, waybills = zip(*sorted(left), strict=True)
        await connection.execute(statement("labels", "keep"), {
            "orders": list(orders), "waybills": list(waybills), "at": at})


async def _deadlines(connection: Connection, known: Sequence[Deadline], ids: Ids) -> None:
    """A known order may have set the very same one before: a clock that was put back repeats instants, and that is no
    race to be lost for ever."""
    if known:
        await connection.execute(statement("save", "deadlines"), {
            "subject_kind": [str(d.subject.kind) for d in known], "subject_id": [ids[d.subject.id] for d in known],
            "kind": [d.kind for d in known], "of": [d.of for d in known], "due_at": [d.due_at for d in known],
            "blueprint": [d.blueprint for d in known], "catch_up": [d.catch_up for d in known],
        })
