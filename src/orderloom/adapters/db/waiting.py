"""Messages that wait for a waybill, and parcels that get one: of two workers at once, who comes second sees the other.

Both take a lock of the waybill as the last one of their transaction (docs/locking.md): who sets free shares it with the
likes of him, who has to wait holds it alone and looks once more.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.batch import BatchView

Connection = AsyncConnection[Any]
PREFIX = "waybill:"
"""How keys begin under which messages wait for a parcel (`waits.py`, `ship.py`)."""


async def meet(
    connection: Connection, world: BatchView | None, released: Collection[str], waiting: Collection[str],
) -> bool:
    """Let messages go on whose key is released, those too that another worker is parking just now. Say whether one of
    the parcels that this batch's own are to be `waiting` for has come since it looked."""
    missing = [] if world is None else sorted({
        key for key in waiting if key.startswith(PREFIX) and not world.find("waybill", key.removeprefix(PREFIX))})
    if not released and not missing:
        return False
    keys = sorted(released)
    await connection.execute(statement("save", "lock_waits"), {"released": keys, "missing": missing})
    if keys:
        await connection.execute(statement("save", "requeue"), {"keys": keys})
    if not missing:
        return False
    found = await connection.execute(statement("load", "find_waybill"), {
        "keys": [key.removeprefix(PREFIX) for key in missing]})
    return await found.fetchone() is not None
