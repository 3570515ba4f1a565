"""Books a checked table of stock in one transaction: the ledger itself says which rows were booked before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection, Rollback

from orderloom.adapters.db.save import save
from orderloom.adapters.db.statements import statement
from orderloom.application.change import Change
from orderloom.application.receive_stock import Booked, Booking, StockRow, booked_of, plan, prefix_of
from orderloom.domain.inventory.level import Level

Connection = AsyncConnection[Any]


async def book(connection: Connection, rows: Sequence[StockRow], at: datetime, reason: str, actor: str) -> Booking:
    """What was booked; nothing when the plan has mistakes. One file at a time: two copies cannot both be first."""
    made = Booking((), 0, ())
    async with connection.transaction() as transaction:
        await connection.execute(statement("stock_file", "alone"))
        booked = await _booked(connection, rows)
        levels = await _levels(connection, rows)
        made = plan(rows, booked, levels, reason, actor, at)
        if not made.movements:
            raise Rollback(transaction)  # the levels made for it are not to stay
        change = Change()
        change.movements.extend(made.movements)
        await save(connection, change, at, actor)
    return made


async def _booked(connection: Connection, rows: Sequence[StockRow]) -> list[Booked]:
    """What the ledger holds of the rows' documents: of their SKUs and warehouses, and of their line numbers."""
    found: dict[str, Booked] = {}
    for document in {row.document for row in rows}:
        mine = [row for row in rows if row.document == document]
        keys = sorted({row.key for row in mine})
        given = {
            "prefix": prefix_of(document), "until": prefix_of(document)[:-1] + "0",  # "0" is next to "/"
            "sku": [k[0] for k in keys], "warehouse": [k[1] for k in keys],
            "has_numbers": any(row.number for row in mine),
        }
        for cause, sku, house, kind, on_hand in await (
            await connection.execute(statement("stock_file", "booked"), given)
        ).fetchall():
            found[f"{kind}:{cause}"] = booked_of(cause, (sku, house), kind, on_hand)
    return list(found.values())


async def _levels(connection: Connection, rows: Sequence[StockRow]) -> dict[tuple[int, int], Level]:
    """The rows' levels, made where there were none, locked in the one order (docs/locking.md)."""
    keys = sorted({row.key for row in rows})
    given = {"sku": [k[0] for k in keys], "warehouse": [k[1] for k in keys]}
    await connection.execute(statement("stock_file", "new_levels"), given)
    found = await (await connection.execute(statement("stock_file", "levels"), given)).fetchall()
    return {(row[0], row[1]): Level(*row) for row in found}
