"""What became of a typed order, and the goods that a person may mean while typing one."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.domain.shown import storable
from orderloom.statements import beside

SQL = beside(__file__)
GOODS_MAX = 20


class EntryOutcome(msgspec.Struct, frozen=True):
    """The message's outcome: `pending` until a worker took it, then `normalised` with its order, or `parked`."""

    outcome: str
    reason: str
    detail: str
    order_id: str | None
    number: str | None


class FreeUnits(msgspec.Struct, frozen=True):
    """What is free of a SKU in a warehouse; less than nothing where it is oversold."""

    warehouse: str
    free: int


class GoodsFound(msgspec.Struct, frozen=True):
    """A SKU that is on sale, with what is free of it."""

    code: str
    name: str
    free: list[FreeUnits]


async def what_became(connection: Connection, message_id: str) -> EntryOutcome | None:
    """None while the message lies on the disk and not in the database yet."""
    rows = await (await connection.execute(SQL["became"], {"id": message_id})).fetchall()
    return EntryOutcome(*rows[0]) if rows else None


async def find_goods(connection: Connection, text: str, limit: int = 8) -> list[GoodsFound]:
    """SKUs whose code or name holds the text; those whose code begins so first."""
    given: dict[str, Any] = {"text": storable(text.strip().lower()), "limit": min(limit, GOODS_MAX)}
    rows = await (await connection.execute(SQL["goods"], given)).fetchall()
    return [GoodsFound(code, name, msgspec.convert(free, list[FreeUnits])) for code, name, free in rows]
