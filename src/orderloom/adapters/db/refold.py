"""Proves that every order is what its log says: folds the events anew and compares with the stored state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.load import load_orders
from orderloom.application.refold import Refolded, refold
from orderloom.domain.log import Entry
from orderloom.domain.order import Order, state_bytes

ORDERS_PER_STEP = 500
DIFFERING_MAX = 100
IDS = "select id::text from orders order by id"
ENTRIES = b"""select order_id::text, seq, kind, at, actor, message_id::text, blueprint, facts, hash from order_event
    where order_id = any (%(ids)s::uuid[]) order by order_id, seq"""


async def refold_all(connection: AsyncConnection[Any], progress: Callable[[int, int], None]) -> Refolded:
    """Compare every order, a few hundred at a time, each batch in a transaction that holds its orders still."""
    row = await (await connection.execute("select count(*) from orders")).fetchone()
    total, found = int(row[0]) if row else 0, Refolded(0, [])
    async with connection.cursor("refold", withhold=True) as cursor:
        await cursor.execute(IDS)
        while rows := await cursor.fetchmany(ORDERS_PER_STEP):
            async with connection.transaction():
                await _batch(connection, [r[0] for r in rows], found)
            progress(found.orders, max(total, found.orders))
    return found


async def _batch(connection: AsyncConnection[Any], ids: list[str], found: Refolded) -> None:
    for stored, folded in await pairs(connection, ids):
        found.orders += 1
        why = folded if isinstance(folded, str) else _difference(stored, folded)
        if why and len(found.differing) < DIFFERING_MAX:
            found.differing.append((stored.number, why))


async def pairs(connection: AsyncConnection[Any], ids: list[str]) -> list[tuple[Order, Order | str]]:
    """Each order as stored, held still, with what its log folds to; or why it cannot be folded."""
    stored = {order.id: order for order in await load_orders(connection, ids)}
    logs: dict[str, list[Entry]] = defaultdict(list)
    for row in await (await connection.execute(ENTRIES, {"ids": ids})).fetchall():
        logs[row[0]].append(Entry(*row))
    return [(stored[order_id], _folded(logs[order_id], stored[order_id])) for order_id in ids if order_id in stored]


def _folded(log: list[Entry], stored: Order) -> Order | str:
    try:
        folded = refold(log)
    except (ValueError, msgspec.DecodeError) as error:
        return str(error)
    # Facts of 0.1 do not name the city. The receiver's clear values, whose digest they name, prove it (`audit_deep`).
    folded.city = folded.city or stored.city
    return folded


def _difference(stored: Order, folded: Order) -> str:
    """Names of the fields that differ, empty when none does."""
    if state_bytes(folded) == state_bytes(stored):
        return ""
    names = [name for name in stored.__struct_fields__ if getattr(stored, name) != getattr(folded, name)]
    return ", ".join(names) or "order of fields"
