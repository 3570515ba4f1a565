"""Ship-by times of orders, read from their facts by the publisher, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.directory import Directory
from orderloom.domain.ship_by import OPEN_PHASES, ship_by

Connection = AsyncConnection[Any]
UNREAD_MAX = 5_000


async def keep_ship_by(connection: Connection, ids: Collection[str], directory: Directory) -> None:
    """Write down until when these orders are to be shipped, and whether that still binds."""
    if not ids:
        return
    rows = await (await connection.execute(statement("publish", "shipping_facts"), {
        "ids": [UUID(i) for i in sorted(ids)]})).fetchall()
    found = [(id, ship_by(facts, directory.accounts[account].zone), phase in OPEN_PHASES)
             for id, account, phase, facts in rows if account in directory.accounts]
    await connection.execute(statement("publish", "shipping_times"), {
        "id": [one[0] for one in found], "times": [one[1] for one in found],
        "opens": [one[2] and one[1] is not None for one in found]})


async def read_unread(connection: Connection, directory: Directory) -> int:
    """The same for some orders of before these times were kept; returns how many."""
    rows = await (await connection.execute(statement("publish", "shipping_unread"), {"limit": UNREAD_MAX})).fetchall()
    await keep_ship_by(connection, [str(row[0]) for row in rows], directory)
    return len(rows)
