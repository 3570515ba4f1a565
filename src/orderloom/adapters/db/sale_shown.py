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
from orderloom.domain.inventory.followed import BOUNDS_MS

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
    told = {(key, d.account_id, skus[d.account_id, one["sku_external"]]) for key, d in zip(ids, deliveries, strict=True)
            for one in d.body["figures"]}
    rows = [(*one, part) for one in sorted(told) for part, _ in goods.skus[one[2]].components]
    given = dict(zip(("delivery", "account", "sku", "part"), map(list, zip(*rows, strict=True)), strict=True))
    await connection.execute(statement("sale_shown", "keep"), {**given, "since": moved[0], "until": moved[1]})


async def add_up_waits(connection: Connection, at: datetime) -> None:
    """Add the waits that have ended to their hours, and forget old hours."""
    await connection.execute(statement("sale_shown", "add_up"), {
        "bounds": BOUNDS_MS, "abandoned": at - ABANDONED, "limit": STEP_MAX})
    await connection.execute(statement("sale_shown", "forget"), {"before": at - KEPT})
