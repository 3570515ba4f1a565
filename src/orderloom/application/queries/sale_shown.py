"""Sold here, gone there: how long after a sale at one shop others show the changed figure, and which step waited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.queries.sql import Connection
from orderloom.domain.inventory.followed import BOUNDS_MS, STEPS, quantile
from orderloom.statements import beside

SQL = beside(__file__)

class SlowestSale(msgspec.Struct, frozen=True):
    """The slowest, from the buyer's order on, in some hour: `steps` in milliseconds; `step`: the one that waited."""

    sku: str
    sold_by: str
    hour: datetime
    total_ms: int
    step: str
    steps: dict[str, int]


class ShopReach(msgspec.Struct, frozen=True):
    """How a shop follows the sales of the others: so many were timed.

    `p50_ms`, `p99_ms`: at most so long from the sale's message to the shop's yes (null: longer than a day). `late`:
    more than the blueprint's `within`. `steps`: the mean of each step; `step`: the longest.
    `waiting` pushes have not ended; `waiting_since`: when the message of the oldest sale among them came."""

    account: str
    channel: str
    timed: int
    late: int
    p50_ms: int | None
    p99_ms: int | None
    step: str
    steps: dict[str, int]
    worst: SlowestSale | None
    waiting: int
    waiting_since: datetime | None


class StockReach(msgspec.Struct, frozen=True):
    """By shop, the slowest first, over the last `hours`."""

    as_of: datetime
    hours: int
    within_seconds: int
    shops: list[ShopReach]


async def stock_reach(connection: Connection, directory: Directory, hours: int, at: datetime) -> StockReach:
    """What was measured; a shop with no sale elsewhere is not in it."""
    since = (at - timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
    within = directory.blueprints[directory.blueprint_active].publish.within_seconds
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in await (await connection.execute(SQL["hours"], {"since": since})).fetchall():
        rows[row[0]].append(row[1:])
    worst = {row[0]: _worst(row[1:], directory)
             for row in await (await connection.execute(SQL["worst"], {"since": since})).fetchall()}
    waiting = {row[0]: (row[1], row[2]) for row in await (await connection.execute(SQL["waiting"])).fetchall()}
    shops = [_shop(account_id, rows[account_id], worst.get(account_id), waiting.get(account_id, (0, None)), within,
                   directory) for account_id in {*rows, *waiting} if account_id in directory.accounts]
    shops.sort(key=lambda one: (-_slowness(one), one.account))
    return StockReach(at, hours, within, shops)


def _slowness(shop: ShopReach) -> int:
    """Longer than a day comes first, what was never measured last."""
    return (BOUNDS_MS[-1] + 1 if shop.p99_ms is None else shop.p99_ms) if shop.timed else 0


def _shop(
    account_id: int, rows: Sequence[Sequence[int]], worst: SlowestSale | None, waiting: tuple[int, datetime | None],
    within: int, directory: Directory,
) -> ShopReach:
    account = directory.accounts[account_id]
    counts = {row[0]: row[1] for row in rows}
    sales = sum(counts.values())
    late = sum(count for bound, count in counts.items() if bound == 0 or bound > within * 1000)
    steps = {step: sum(row[2 + n] for row in rows) // sales if sales else 0 for n, step in enumerate(STEPS)}
    return ShopReach(
        account.code, account.connector, sales, late, quantile(counts, 50), quantile(counts, 99),
        max(steps, key=lambda step: steps[step]) if sales else "", steps, worst, *waiting)


def _worst(row: Sequence[Any], directory: Directory) -> SlowestSale:
    sku, sold_by, hour, total, steps = row
    named = dict(zip(STEPS, steps, strict=True))
    account = directory.accounts.get(sold_by)
    slowest = max(named, key=lambda step: named[step])
    return SlowestSale(str(sku), account.code if account else "", hour, total, slowest, named)
