"""Where goods leave from and who carries them, as an administrator looks at them: how each stands today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from orderloom.application.ports import Manifest
from orderloom.application.queries.sql import Connection
from orderloom.domain.words import Words
from orderloom.statements import beside

SQL = beside(__file__)
COUNTED_MAX = 50_001
"""Counted no further."""
WAITING_MAX = 1_001
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class WarehouseStanding(msgspec.Struct, frozen=True):
    """A warehouse today: `waiting` orders that have stock bound there, since when the oldest, works given to it today,
    what lies there. `connector` of its system; null where people ship by hand."""

    code: str
    name: str
    country: str
    province: str
    city: str
    account: str | None
    connector: str | None
    is_account_active: bool
    priority: int
    daily_capacity: int
    serves: list[str]
    is_active: bool
    waiting: int
    oldest_at: datetime | None
    works_today: int
    skus: int
    units: int
    is_floor: bool


class WarehouseStandings(msgspec.Struct, frozen=True):
    """Every warehouse, nearest in priority first; counts of orders end at 50,001 in all."""

    warehouses: list[WarehouseStanding]


class CarrierStanding(msgspec.Struct, frozen=True):
    """A carrier's account: whose parcels it follows (`carriers`, none: of any), what it can, the labels bought of it,
    what waits to be told to it or is parked (up to 1,001), and the parcels under way of these carriers."""

    code: str
    title: str
    connector: str
    is_active: bool
    is_well: bool | None
    health: str
    carriers: list[str]
    can: list[str]
    labels_day: int
    labels_week: int
    last_label_at: datetime | None
    waiting: int
    parked: int
    last_error: str
    parcels: int


class CarrierStandings(msgspec.Struct, frozen=True):
    """Every carrier's account by code; `unfollowed`: parcels under way by carriers that no account follows."""

    carriers: list[CarrierStanding]
    titles: dict[str, Words]
    unfollowed: dict[str, int]


async def list_warehouse_standings(connection: Connection, today: date) -> WarehouseStandings:
    """Every warehouse; `today` is the seller's day."""
    rows = await (await connection.execute(SQL["warehouses"], {"today": today, "most": COUNTED_MAX})).fetchall()
    return WarehouseStandings([WarehouseStanding(*row) for row in rows])


async def list_carrier_standings(
    connection: Connection, manifests: Mapping[str, Manifest], titles: Mapping[str, Words], at: datetime,
) -> CarrierStandings:
    """Every carrier's account."""
    given = {"day": at - DAY, "week": at - WEEK, "most": WAITING_MAX}
    rows = await (await connection.execute(SQL["carriers"], given)).fetchall()
    moving = {row[0]: int(row[1]) for row in
              await (await connection.execute(SQL["parcels"], {"most": COUNTED_MAX})).fetchall()}
    found, followed = [], set[str]()
    for row in rows:
        manifest = manifests.get(row[2])
        own = list(manifest.carriers) if manifest else []
        if row[3]:
            followed |= set(own or moving)
        parcels = sum(moving.get(code, 0) for code in own) if own else sum(moving.values())
        columns = [*row[:6], own, list(manifest.capabilities) if manifest else [], *row[6:], parcels]
        found.append(CarrierStanding(*columns))
    known = {code: titles[code] for code in [*moving, *(c for one in found for c in one.carriers)] if code in titles}
    return CarrierStandings(found, known, {code: count for code, count in moving.items() if code not in followed})
