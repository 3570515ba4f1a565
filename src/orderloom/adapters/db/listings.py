"""Listings at the platforms: which are to be looked up, and what was found, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from psycopg import AsyncConnection

from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.publishing import tell_stock
from orderloom.adapters.db.statements import statement

Connection = AsyncConnection[Any]


class Listings:
    """See `application.sources.hub.ListingBook`."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection, self._shelf = connection, shelf

    async def to_look(
        self, account_id: int, at: datetime, limit: int, after: Mapping[str, timedelta],
    ) -> dict[str, int]:
        """SKU ids by the seller's own spelling, the longest unseen first; they count as being looked up."""
        rows = await self._connection.execute(statement("publish", "to_look"), {
            "account": account_id, "at": at, "limit": limit, **after,
        })
        return dict(await rows.fetchall())

    async def keep(
        self, account_id: int, skus: Mapping[str, int], found: Mapping[str, Mapping[str, Any]], at: datetime,
    ) -> None:
        """Write down the answers; what is on sale under new ids is told its stock in the same transaction."""
        directory = await self._shelf.get(self._connection)
        rows = orjson.dumps([{"alias": alias, "ids": found.get(alias)} for alias in skus]).decode()
        await self._connection.execute(statement("publish", "watermark_hold"))
        looked = await self._connection.execute(statement("publish", "looked"), {"account": account_id, "rows": rows})
        new = [row[0] for row in await looked.fetchall()]
        if new:
            await self._connection.execute(statement("publish", "forget_shown"), {
                "account": account_id, "externals": new,
            })
            await tell_stock(self._connection, sorted({skus[alias] for alias in new}), directory, at)
