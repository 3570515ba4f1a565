"""Times sales: sold at one shop, gone at another. A wait is a row until its push has ended, then part of an hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.change import Delivery
from orderloom.application.directory import KnownGoods
from orderloom.application.publish import Listing
from orderloom.application.queries.sale_shown import BOUNDS_MS

Connection = AsyncConnection[Any]
KEPT = timedelta(days=90)
ABANDONED = timedelta(days=7)
"""A push that nobody ends is not waited for any longer."""
STEP_MAX = 20_000
"""Waits that are added up in one step."""


async def keep_waits(
    connection: Connection, ids: Sequence[UUID], deliveries: Sequence[Delivery], listings: Sequence[Listing],
    goods: KnownGoods, moved: tuple[str, str],
) -> None:
    """Which sales at other shops these pushes tell of: of each SKU the oldest between two transactions."""
    skus = {(one.account_id, one.sku_external): one.sku_id for one in listings}
    rows = [(ids[n], delivery.account_id, sku, part)
            for n, delivery in enumerate(deliveries)
            for sku in sorted({skus[delivery.account_id, one["sku_external"]] for one in delivery.body["figures"]})
            for part, _ in goods.skus[sku].components]
    await connection.execute(statement("sale_shown", "keep"), {
        "delivery": [row[0] for row in rows], "account": [row[1] for row in rows], "sku": [row[2] for row in rows],
        "part": [row[3] for row in rows], "since": moved[0], "until": moved[1]})


async def add_up_waits(connection: Connection, at: datetime) -> None:
    """Add the waits that have ended to their hours, and forget old hours."""
    await connection.execute(statement("sale_shown", "add_up"), {
        "bounds": BOUNDS_MS, "abandoned": at - ABANDONED, "limit": STEP_MAX})
    await connection.execute(statement("sale_shown", "forget"), {"before": at - KEPT})
