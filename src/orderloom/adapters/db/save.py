"""Write what a batch decided: about ten statements whether it holds one order or five hundred.

New orders and everything appended go in by binary COPY; a unique violation there means that another worker was first,
and the batch is decided again on what it sees then. Known orders are brought up to date row by row in one pipeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db import writing
from orderloom.adapters.db.business_day import business_day
from orderloom.adapters.db.cases import save_cases
from orderloom.adapters.db.discarding import put_together
from orderloom.adapters.db.rows import Way, deadlines_of_known, deliveries, family
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import Ids
from orderloom.application.change import Change, Deadline
from orderloom.application.directory import BUSINESS_ZONE
from orderloom.application.ports import Raced

Connection = AsyncConnection[Any]
WAYS = {Way.INSERT: writing.insert, Way.UPSERT: writing.upsert, Way.UPDATE: writing.update}
_json = orjson.dumps


async def save(
    connection: Connection, change: Change, at: datetime, actor: str, zone: str = BUSINESS_ZONE,
) -> None:
    """Write the change in the caller's transaction. Raises Raced when the stock is not free any more.

    Stock levels and warehouse loads, the rows that every batch wants, come last: they are locked for a moment only.
    """
    ids = Ids()
    for put in family(change, ids):
        await WAYS[put.way](connection, put.table, put.rows)
    await _queues(connection, change, at, ids, actor)
    await _levels(connection, change)
    if change.loads:
        loads = [{"warehouse_id": house, "works": works} for house, works in sorted(change.loads.items())]
        await connection.execute(statement("save", "loads"), {
            "loads": _json(loads).decode(), "day": business_day(at, zone)})


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


async def _queues(connection: Connection, change: Change, at: datetime, ids: Ids, actor: str) -> None:
    """Deadlines of known orders, deliveries, cases, and what the batch set free."""
    await _deadlines(connection, deadlines_of_known(change), ids)
    run = connection.execute
    if change.recalled:
        works = [{"order_id": order_id, "number": number} for order_id, number in change.recalled]
        await run(statement("save", "recall"), {"works": _json(works).decode(), "at": at})
    due = deliveries(change, at, ids)
    await WAYS[due.way](connection, due.table, due.rows)
    await save_cases(connection, change, at, actor)
    if change.together:
        await put_together(connection, change.together, at, actor)
    if change.released_keys:
        await run(statement("save", "requeue"), {"keys": sorted(change.released_keys)})
    if change.figures:
        newest = {(f.system, f.warehouse_id, f.sku_id): f for f in change.figures}
        rows = [{name: getattr(f, name) for name in f.__struct_fields__} for f in newest.values()]
        await run(statement("save", "figures"), {"figures": _json(rows).decode()})


async def _deadlines(connection: Connection, known: Sequence[Deadline], ids: Ids) -> None:
    """A known order may have set the very same one before: a clock that was put back repeats instants, and that is no
    race to be lost for ever."""
    if known:
        await connection.execute(statement("save", "deadlines"), {
            "subject_kind": [str(d.subject.kind) for d in known], "subject_id": [ids[d.subject.id] for d in known],
            "kind": [d.kind for d in known], "of": [d.of for d in known], "due_at": [d.due_at for d in known],
            "blueprint": [d.blueprint for d in known], "catch_up": [d.catch_up for d in known],
        })
