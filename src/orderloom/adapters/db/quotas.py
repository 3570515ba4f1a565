"""Quotas in the caller's transaction: planned, locked, written, and told to every process that decides by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.columns import Struct
from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.goods import GoodsMoved
from orderloom.adapters.db.statements import statement
from orderloom.domain.inventory.quota_keeping import KeptQuota

Connection = AsyncConnection[Any]
QUOTA = Struct("stock_quota", KeptQuota)
OF_CALL = statement("quotas", "of_call").replace("{columns}", QUOTA.select()).encode()
LOCK = statement("quotas", "lock").replace("{columns}", QUOTA.select()).encode()


class Quotas:
    """See `application.keep_quotas.QuotaBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, quotas: Sequence[KeptQuota], call: str) -> None:
        """New ones, planned."""
        await self._connection.execute(statement("quotas", "add"), {"rows": _json(quotas), "call": call})

    async def places(self, numbers: Sequence[str]) -> dict[str, tuple[int, int]]:
        """SKU and warehouse of each that there is, by number."""
        rows = await self._connection.execute(statement("quotas", "places"), {"numbers": list(numbers)})
        return {row[0]: (row[1], row[2]) for row in await rows.fetchall()}

    async def of_call(self, call: str) -> list[KeptQuota]:
        """Those that were made by a call."""
        rows = await self._connection.execute(OF_CALL, {"call": call})
        return [QUOTA.read(row) for row in await rows.fetchall()]

    async def bundles(self, skus: Sequence[int]) -> set[int]:
        """Those of these SKUs that are bundles: they have no units of their own."""
        rows = await self._connection.execute(statement("quotas", "bundles"), {"skus": list(skus)})
        return {row[0] for row in await rows.fetchall()}

    async def lock(self, numbers: Sequence[str]) -> list[KeptQuota]:
        """Those with these numbers, locked."""
        rows = await self._connection.execute(LOCK, {"numbers": list(numbers)})
        return [QUOTA.read(row) for row in await rows.fetchall()]

    async def due(self, at: datetime, limit: int) -> list[str]:
        """Numbers of those about which something is to be done."""
        rows = await self._connection.execute(statement("quotas", "due"), {"at": at, "limit": limit})
        return list(dict.fromkeys([row[0] for row in await rows.fetchall()]))

    async def write(self, quotas: Sequence[KeptQuota]) -> None:
        """How these stand now; who decides by open quotas looks anew."""
        await self._connection.execute(statement("quotas", "write"), {"rows": _json(quotas)})

    async def tell(self, skus: Sequence[int]) -> None:
        """Open quotas of these SKUs are others now; behind all rows, for batches that wait for the directory."""
        await bump(self._connection, GoodsMoved(skus=list(skus)))


def _json(quotas: Sequence[KeptQuota]) -> str:
    return msgspec.json.encode(quotas).decode()
