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
"""How keys begin under which messages wait for a parcel (`commands.py`, `ship.py`)."""


async def let_go(connection: Connection, keys: Collection[str]) -> None:
    """Parked messages whose reason is gone go on, those too that another worker is parking just now."""
    given = {"keys": sorted(keys)}
    await connection.execute(statement("save", "share_waits"), given)
    await connection.execute(statement("save", "requeue"), given)


async def is_there_now(connection: Connection, world: BatchView, keys: Collection[str]) -> bool:
    """Whether one of the parcels that these messages are to wait for has come since the batch looked for it."""
    missing = sorted({
        key for key in keys if key.startswith(PREFIX) and not world.find("waybill", key.removeprefix(PREFIX))
    })
    if not missing:
        return False
    await connection.execute(statement("save", "hold_waits"), {"keys": missing})
    found = await connection.execute(statement("load", "find_waybill"), {
        "keys": [key.removeprefix(PREFIX) for key in missing]})
    return await found.fetchone() is not None
