"""Proves that every order is what its log says: folds the events anew and compares with the stored state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.load import load_orders
from orderloom.application.replay import refold
from orderloom.domain.event import Entry
from orderloom.domain.order import Order, state_bytes

ORDERS_PER_STEP = 500
DIFFERING_MAX = 100
PAGE = b"select id::text from orders where id > %(after)s::uuid order by id limit %(limit)s"
ENTRIES = b"""select order_id::text, seq, kind, at, actor, message_id::text, blueprint, facts, hash from order_event
    where order_id = any (%(ids)s::uuid[]) order by order_id, seq"""
FIRST = "00000000-0000-0000-0000-000000000000"


class Refolded(msgspec.Struct):
    """How many orders were compared, and (number, why) of the first hundred that differ."""

    orders: int
    differing: list[tuple[str, str]]


async def refold_all(connection: AsyncConnection[Any], progress: Callable[[int, int], None]) -> Refolded:
    """Compare every order, a few hundred at a time, each batch in a transaction that holds its orders still."""
    row = await (await connection.execute("select count(*) from orders")).fetchone()
    total, found, after = int(row[0]) if row else 0, Refolded(0, []), FIRST
    while True:
        async with connection.transaction():
            rows = await connection.execute(PAGE, {"after": after, "limit": ORDERS_PER_STEP})
            ids = [r[0] for r in await rows.fetchall()]
            if not ids:
                return found
            await _batch(connection, ids, found)
        after = ids[-1]
        progress(found.orders, max(total, found.orders))


async def _batch(connection: AsyncConnection[Any], ids: list[str], found: Refolded) -> None:
    stored = {order.id: order for order in await load_orders(connection, ids)}
    logs: dict[str, list[Entry]] = defaultdict(list)
    for row in await (await connection.execute(ENTRIES, {"ids": ids})).fetchall():
        logs[row[0]].append(Entry(*row))
    for order_id in ids:
        found.orders += 1
        why = _difference(stored[order_id], logs[order_id])
        if why and len(found.differing) < DIFFERING_MAX:
            found.differing.append((stored[order_id].number, why))


def _difference(stored: Order, log: list[Entry]) -> str:
    """Names of the fields that differ, empty when none does."""
    try:
        folded = refold(log)
    except (ValueError, msgspec.DecodeError) as error:
        return str(error)
    if state_bytes(folded) == state_bytes(stored):
        return ""
    names = [name for name in stored.__struct_fields__ if getattr(stored, name) != getattr(folded, name)]
    return ", ".join(names) or "order of fields"
