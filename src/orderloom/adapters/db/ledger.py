"""The stock ledger under a person's hand: levels locked, and what was booked before, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.compensate_leak import Orphan
from orderloom.application.move_stock import BookedLine
from orderloom.application.stock_table import Booked, Key, StockRow, booked_of, prefix_of
from orderloom.domain.inventory.leak import BoundSums
from orderloom.domain.inventory.level import Level

Connection = AsyncConnection[Any]


class Ledger:
    """See `application.move_stock.LevelLedger` and `application.receive_stock.FileLedger`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def level(self, sku_id: int, warehouse_id: int) -> Level:
        """One level, locked; made on first use."""
        (row,) = await self._rows("pulling", "level", sku=sku_id, warehouse=warehouse_id)
        return Level(*row)

    async def past(self, cause: str) -> BookedLine | None:
        """What was booked under a cause."""
        rows = await self._rows("pulling", "booked", cause=cause)
        return BookedLine(*rows[0]) if rows else None

    async def pasts(self, causes: Sequence[str]) -> dict[str, BookedLine]:
        """What was booked under each of these causes; of a transfer, what went out."""
        rows = await self._rows("pulling", "booked_all", causes=list(causes))
        return {row[0]: BookedLine(*row[1:]) for row in rows}

    async def alone(self) -> None:
        """Files of stock are booked one after the other: two copies cannot both be first."""
        await self._connection.execute(statement("stock_file", "alone"))

    async def booked(self, rows: Sequence[StockRow]) -> list[Booked]:
        """What the ledger holds of the rows' documents: of their SKUs and warehouses, and of their line numbers."""
        found: dict[str, Booked] = {}
        for document in {row.document for row in rows}:
            mine = [row for row in rows if row.document == document]
            for cause, sku, house, kind, on_hand in await self._of_document(document, mine):
                found[f"{kind}:{cause}"] = booked_of(cause, (sku, house), kind, on_hand)
        return list(found.values())

    async def levels(self, keys: Sequence[Key]) -> dict[Key, Level]:
        """Levels, made where there were none, locked in the one order (docs/locking.md)."""
        given = {"sku": [k[0] for k in keys], "warehouse": [k[1] for k in keys]}
        await self._connection.execute(statement("stock_file", "new_levels"), given)
        return {(row[0], row[1]): Level(*row) for row in await self._rows("stock_file", "levels", **given)}

    async def bound_sums(self, level: Level) -> BoundSums:
        """What a level's ledger and what orders' bindings say is bound; exact for who holds the level."""
        (row,) = await self._rows("leaks", "sums", sku=level.sku_id, warehouse=level.warehouse_id)
        return BoundSums(*row)

    async def put_right(self, level: Level, kind: str, units: int) -> None:
        """Let a level say what its ledger adds up to."""
        await self._connection.execute(statement("leaks", f"put_right_{kind}"), {
            "sku": level.sku_id, "warehouse": level.warehouse_id, "units": units})

    async def orphan(self, level: Level, order_id: str, hold_no: int) -> Orphan | None:
        """What an order that is gone holds of a level."""
        rows = await self._rows("leaks", "orphan", sku=level.sku_id, warehouse=level.warehouse_id, order=order_id,
                                hold=hold_no)
        return Orphan(*rows[0]) if rows else None

    async def free_orphan(self, order_id: str, hold_no: int) -> None:
        """It holds it no more."""
        await self._connection.execute(statement("leaks", "free_orphan"), {"order": order_id, "hold": hold_no})

    async def _of_document(self, document: str, rows: Sequence[StockRow]) -> list[tuple[Any, ...]]:
        keys = sorted({row.key for row in rows})
        return await self._rows(
            "stock_file", "booked",
            prefix=prefix_of(document), until=prefix_of(document)[:-1] + "0",  # "0" is next to "/"
            sku=[k[0] for k in keys], warehouse=[k[1] for k in keys], has_numbers=any(row.number for row in rows))

    async def _rows(self, file: str, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement(file, query), given)).fetchall()
