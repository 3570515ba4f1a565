"""The heat map: units of SKUs by hour of the last 24, or by day of the last 28, those that sell best or worst."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from orderloom.application.queries.sku_filter import SkuFilter, conditions
from orderloom.application.queries.sql import Connection, where
from orderloom.statements import beside

SQL = beside(__file__)
HOURS, DAYS = 24, 28
SKUS_MAX = 50
BEHIND_SECONDS = 15
HeatBy = Literal["hour", "day"]
HeatOrder = Literal["best", "worst"]


class HeatQuestion(msgspec.Struct, frozen=True):
    """What is to be shown; None: of all accounts, or sold from wherever. With warehouses, units count by the hour in
    which one of them got the work, and bundles as their components alone: so goods are picked."""

    by: HeatBy
    order: HeatOrder
    goods: SkuFilter = SkuFilter()
    accounts: tuple[int, ...] | None = None
    warehouses: tuple[int, ...] | None = None


class HeatCell(msgspec.Struct, frozen=True):
    """Units in one column: ordered as this SKU, and as a part of bundles."""

    units: int
    in_bundles: int


class HeatRow(msgspec.Struct, frozen=True):
    """A SKU; `cells` in the order of the columns. A bundle's units count in its own row and in its components'."""

    sku: str
    name: str
    units: int
    in_bundles: int
    cells: list[HeatCell]


class HeatMap(msgspec.Struct, frozen=True):
    """`columns`: begins of hours, or the seller's days, oldest first; the last one is not over. `most`: the most of a
    cell, both kinds of units summed."""

    by: str
    order: str
    columns: list[str]
    rows: list[HeatRow]
    most: int
    as_of: datetime
    is_behind: bool


async def heat_map(connection: Connection, asked: HeatQuestion, zone: str, at: datetime) -> HeatMap:
    """Read it: which SKUs, then their cells."""
    columns, since = _columns(asked.by, zone, at)
    parts, values = await conditions(connection, asked.goods)
    given: dict[str, Any] = {
        "since": since, "until": at + timedelta(hours=1), "accounts": _ids(asked.accounts),
        "warehouses": _ids(asked.warehouses)}
    chosen = await _rows(connection, SQL[asked.order].replace("{where}", where(parts)),
                         {**given, **values, "limit": SKUS_MAX})
    found = await _rows(connection, SQL["cells"], {
        **given, "skus": [row[0] for row in chosen], "zone": zone if asked.by == "day" else ""})
    cells: dict[int, dict[str, HeatCell]] = defaultdict(dict)
    for sku, column, units, in_bundles in found:
        cells[sku][column] = HeatCell(units, in_bundles)
    empty = HeatCell(0, 0)
    rows = [HeatRow(code, name, units, parts_of, [cells[sku].get(column, empty) for column in columns])
            for sku, code, name, units, parts_of in chosen]
    most = max((cell.units + cell.in_bundles for row in rows for cell in row.cells), default=0)
    behind = [row[0] for row in await _rows(connection, SQL["freshness"], {}) if row[0]]
    as_of = min([at, *behind])
    return HeatMap(asked.by, asked.order, columns, rows, most, as_of, at - as_of > timedelta(seconds=BEHIND_SECONDS))


def _columns(by: HeatBy, zone: str, at: datetime) -> tuple[list[str], datetime]:
    """Names of the columns, and the instant at which the first begins."""
    if by == "hour":
        first = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
        return [f"{first + timedelta(hours=n):%Y-%m-%dT%H:00:00Z}" for n in range(HOURS)], first
    here = ZoneInfo(zone)
    day: date = at.astimezone(here).date() - timedelta(days=DAYS - 1)
    begin = datetime(day.year, day.month, day.day, tzinfo=here)
    return [(day + timedelta(days=n)).isoformat() for n in range(DAYS)], begin


def _ids(ids: tuple[int, ...] | None) -> list[int] | None:
    return None if ids is None else list(ids)


async def _rows(connection: Connection, query: Any, given: dict[str, Any]) -> Sequence[Sequence[Any]]:
    return await (await connection.execute(query, given or None)).fetchall()
