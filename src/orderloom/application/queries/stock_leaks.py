"""Units that are bound though nobody needs them: shown with their order, never set free by the hub itself."""

from __future__ import annotations

import msgspec

from orderloom.application.find_leaks import Leak
from orderloom.application.identity.sight import SIGHT
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
LEAKS_MAX = 1_000
"""Told at once; whoever mends these sees the next."""


class LeakList(msgspec.Struct, frozen=True):
    """What is bound without a cause."""

    leaks: list[Leak]


async def leaks_of(connection: Connection, sku_id: int | None = None) -> list[Leak]:
    """The leaks of a SKU, or of all. Who sees the orders of some shops or provinces alone is told of none: levels are
    everybody's, and what the others' orders hold would look bound for nobody."""
    rows = SIGHT.get().rows
    if rows is not None and (rows.accounts, rows.provinces) != (None, None):
        return []
    found = await (await connection.execute(SQL["leaks"], {"sku": sku_id, "most": LEAKS_MAX})).fetchall()
    return [Leak(*row) for row in found]


async def leaks_told(connection: Connection) -> list[str]:
    """What cases are open about leaks: `SKU@warehouse`."""
    return [row[0] for row in await (await connection.execute(SQL["told"])).fetchall()]
