"""Works that are to leave together: found, and looked at again once their orders are locked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import texts_of
from orderloom.application.batch import BatchView
from orderloom.application.ports import Account, Raced
from orderloom.domain.merge import WORKS_MAX

Connection = AsyncConnection[Any]


async def find_together(connection: Connection, keys: list[Any]) -> list[tuple[str, Hashable, str]]:
    """Under each list of works' numbers the orders of these works, and of all that share a merge with one of them."""
    numbers = sorted({number for key in keys for number in key})
    rows = await (await connection.execute(
        statement("merging", "find_together"), {"numbers": texts_of(numbers)})).fetchall()
    found: list[tuple[str, Hashable, str]] = [("work", number, order_id) for number, order_id, is_own in rows if is_own]
    for key in keys:
        ids = dict.fromkeys([order_id for number, order_id, _ in rows if number in key])
        found += [("together", key, order_id) for order_id in ids]
    return found


async def load_merging(connection: Connection, world: BatchView) -> None:
    """Whose orders may share a parcel, and which works have a label. Raises Raced when works were merged, or merged
    with others, between looking and locking: their orders are not here."""
    asked: Sequence[str] = sorted({number for look_up, key in world.found if look_up == "together"
                                   for number in key})  # type: ignore[attr-defined]
    again = await (await connection.execute(
        statement("merging", "find_together"), {"numbers": texts_of(asked)})).fetchall()
    if any(order_id not in world.orders for _, order_id, _ in again):
        raise Raced("works were merged meanwhile")
    rows = await (await connection.execute(
        statement("merging", "merging"), {"ids": texts_of(sorted(world.orders))})).fetchall()
    world.merge_keys = {order_id: key and bytes(key) for order_id, key, _ in rows}
    world.labelled = frozenset([number for _, _, numbers in rows for number in numbers])


async def works_together(
    connection: Connection, accounts: Iterable[Account], limit: int,
) -> list[tuple[str, ...]]:
    """Numbers of works that could leave in one parcel, by parcel; the oldest orders first."""
    alone = [account.id for account in accounts if account.is_label_theirs]
    rows = await (await connection.execute(
        statement("merging", "to_merge"), {"limit": limit, "alone": alone})).fetchall()
    return [tuple(numbers[:WORKS_MAX]) for numbers, _ in rows]
