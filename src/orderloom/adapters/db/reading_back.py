"""What the hub knows of what somebody outside was asked for: told figures, levels, parcels. It only reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.domain.reading_back import LastTold, UnitsThere, WorkSent
from orderloom.domain.waybill import plain_waybill

Connection = AsyncConnection[Any]
ROWS_MAX = 200_000


class KnowledgeBook:
    """See `application.read_back.HubKnowledge`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def told(self, account_id: int) -> dict[str, LastTold]:
        """What the channel was last told, by its spelling."""
        rows = await self._rows("told", account=account_id, limit=ROWS_MAX)
        return {sku: LastTold(quantity, at, is_waiting) for sku, quantity, at, is_waiting in rows}

    async def spelled(self, account_id: int, texts: Collection[str]) -> dict[str, str]:
        """Our codes of SKUs by the texts that name them; what is unknown is left out."""
        return dict(await self._rows("spelled", account=account_id, texts=list(texts)))

    async def codes(self, account_id: int) -> list[str]:
        """Our codes of all that lies, or lay, in the account's warehouses."""
        return [code for (code,) in await self._rows("codes", account=account_id, limit=ROWS_MAX)]

    async def levels(self, warehouses: Collection[str]) -> dict[tuple[str, str], UnitsThere]:
        """Levels of these warehouses, by warehouse and SKU."""
        rows = await self._rows("levels", warehouses=list(warehouses), limit=ROWS_MAX)
        return {(warehouse, sku): UnitsThere(*counts) for warehouse, sku, *counts in rows}

    async def sent(
        self, account_id: int, numbers: Collection[str], start: datetime, end: datetime
    ) -> dict[str, WorkSent]:
        """Work of the account that is named, or of which a parcel went out in the time."""
        rows = await self._rows("sent", account=account_id, numbers=list(numbers), start=start, end=end, limit=ROWS_MAX)
        return {number: WorkSent(units, frozenset(filter(None, map(plain_waybill, waybills))), at)
                for number, units, waybills, at in rows}

    async def orders(self, account_id: int, external_ids: Collection[str]) -> dict[str, str]:
        """Our numbers of the channel's orders."""
        return dict(await self._rows("orders", account=account_id, ids=list(external_ids)))

    async def _rows(self, query: str, /, **given: Any) -> Sequence[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("read_back", query), given)).fetchall()
