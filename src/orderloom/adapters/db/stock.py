"""Change a stock level on somebody's word: one line of the ledger, one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.goods import sku_ids
from orderloom.adapters.db.save import save
from orderloom.adapters.db.statements import statement
from orderloom.application.adjust import adjust_stock
from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal

Connection = AsyncConnection[Any]
BOOKED_BEFORE = "booked_before"
"""The same call again: its cause is in the ledger, and it counts once."""


async def adjust(
    connection: Connection, directory: Directory, at: datetime, *, sku: str, warehouse: str, kind: str, cause: str,
    reason: str, actor: str, on_hand: int = 0, safety: int = 0, frozen: int = 0, counted: int | None = None,
) -> Level | Refusal:
    """The level afterwards. For a stocktake give `counted`, the units found; the loss or gain is worked out here."""
    sku_id = (await sku_ids(connection, [sku])).get(sku)
    house = next((w for w in directory.warehouses if w.code == warehouse), None)
    if sku_id is None or house is None:
        return Refusal("unknown_sku" if sku_id is None else "unknown_warehouse", {"sku": sku, "warehouse": warehouse})
    async with connection.transaction():
        row = await (await connection.execute(statement("pulling", "level"), {
            "sku": sku_id, "warehouse": house.id,
        })).fetchone()
        assert row is not None
        level = Level(*row)
        past = await (await connection.execute(statement("pulling", "booked"), {"cause": cause})).fetchone()
        if past is not None:
            is_same = past[:3] == (sku, warehouse, kind)
            if counted is None:
                is_same = is_same and past[3:] == (on_hand, safety, frozen)
            return Refusal(BOOKED_BEFORE if is_same else "key_used", {
                "cause": cause, "sku": past[0], "warehouse": past[1], "kind": past[2]})
        change = Change()
        delta = on_hand if counted is None else counted - level.on_hand
        refusal = adjust_stock(change, level, kind, cause, reason, actor, at, on_hand=delta, safety=safety,
                               frozen=frozen)
        if refusal is not None:
            return refusal
        await save(connection, change, at, actor)
    return level
