"""The past that a formula of shown stock is priced by: what buyers asked for, and how late everybody heard of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.ports import Account
from orderloom.application.queries.sql import Connection
from orderloom.domain.first_id import first_id
from orderloom.domain.inventory.oversell import Lag, Sale
from orderloom.statements import beside

SQL = beside(__file__)
DAYS = 30
TOLD_DAYS, TOLD_MAX = 7, 200_000
"""How far back, and over how many pushes, it is measured how late channels are told."""
MEASURED_MIN = 20
"""Of fewer orders or pushes nothing is concluded."""
HEARD_MILLIS = 60_000
"""Taken where too few orders were heard of: channels are asked about once a minute."""
SALES_MAX, SUPPLIES_MAX = 300_000, 100_000
"""Rows that are replayed at most; the history of what is beyond them is left out."""


class LagView(msgspec.Struct, frozen=True):
    """How late (p99) the hub hears of an account's sales, and the account of a figure.

    `orders` and `pushes`: of how many it was measured; 0: too few, and a figure is assumed - a minute, and what the
    blueprint promises (`within`)."""

    account: str
    heard_ms: int
    told_ms: int
    orders: int
    pushes: int


class DemandSeen(NamedTuple):
    """What an account's buyers asked for of a SKU: at most at once (see `oversell.bound`) and when, in all, of that in
    orders that are short; and what was on sale: (id of the SKU or bundle, units in it, base units of a listed one)."""

    most: int
    at: datetime
    units: int
    short: int
    offered: tuple[tuple[int, int, int], ...]


class SalesPast(NamedTuple):
    """The last days: `asked` by SKU, then account; `unpaid` the most units of a SKU that unpaid orders held."""

    since: datetime
    until: datetime
    lags: Mapping[int, Lag]
    views: list[LagView]
    asked: Mapping[int, Mapping[int, DemandSeen]]
    unpaid: Mapping[int, int]
    pays_seconds: int


class History(NamedTuple):
    """What is replayed of one SKU. `sales` name the offer by its number among `offered` of the account."""

    start: int
    supply: Sequence[tuple[int, int]]
    sales: Sequence[Sale]


async def read_past(
    connection: Connection, directory: Directory, takers: Collection[str], at: datetime, counts_unpaid: bool,
) -> SalesPast:
    """What the bound is made of. `counts_unpaid`: a formula shows what unpaid orders hold. Only shops of `takers` are
    told of stock; what others sell is no formula's doing."""
    since = at - timedelta(days=DAYS)
    shops = [one for one in directory.accounts.values()
             if one.family == "channels" and one.is_active and one.connector in takers]
    within = directory.blueprints[directory.blueprint_active].publish.within_seconds * 1000
    lags, views = await _lags(connection, shops, (since, at), within)
    rule = directory.blueprints[directory.blueprint_active]
    reservation = rule.deadline("reservation")
    pays = reservation.after_seconds if reservation else 3600
    given: dict[str, Any] = {"since": since, "until": at, "accounts": list(lags), "pays": pays}
    lengths = [max(lag.heard + lag.told, 1) for lag in lags.values()]
    rows = await _rows(connection, "asked", {**given, "lags": lengths})
    asked: dict[int, dict[int, DemandSeen]] = defaultdict(dict)
    for sku, account, most, when, units, short, offered in rows:
        asked[sku][account] = DemandSeen(most, when, units, short, tuple(sorted((i, n, f) for i, n, f in offered)))
    rows = await _rows(connection, "unpaid", given) if counts_unpaid else []
    unpaid = {row[0]: row[1] for row in rows}
    return SalesPast(since, at, lags, views, asked, unpaid, pays)


async def read_histories(connection: Connection, past: SalesPast, skus: Sequence[int]) -> dict[int, History]:
    """What is replayed of these SKUs. Goods that were lost are taken off the beginning: they were never to be sold, and
    it is no formula's doing that they are gone."""
    given: dict[str, Any] = {"skus": list(skus), "since": past.since, "until": past.until, "accounts": list(past.lags)}
    start = {row[0]: row[1] for row in await _rows(connection, "began", given)}
    supply: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for sku, millis, units in await _rows(connection, "supplied", {**given, "limit": SUPPLIES_MAX}):
        if units > 0:
            supply[sku].append((millis, units))
        else:
            start[sku] = start.get(sku, 0) + units
    sales: dict[int, list[Sale]] = defaultdict(list)
    wanted = {"limit": SALES_MAX, "pays": past.pays_seconds}
    for sku, account, offered, per, factor, millis, units, unpaid in await _rows(connection, "sales", given | wanted):
        known = past.asked.get(sku, {}).get(account)
        if known is not None and (offered, per, factor) in known.offered:
            number = known.offered.index((offered, per, factor))
            sales[sku].append(Sale(millis, account, number, units, unpaid))
    return {sku: History(max(start.get(sku, 0), 0), supply[sku], sales[sku]) for sku in skus}


async def names_of(connection: Connection, skus: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Codes and names of SKUs."""
    return {row[0]: (row[1], row[2]) for row in await _rows(connection, "names", {"skus": list(skus)})}


async def _lags(
    connection: Connection, shops: Sequence[Account], time: tuple[datetime, datetime], within: int,
) -> tuple[dict[int, Lag], list[LagView]]:
    """Of each shop; where too little was measured, what is assumed."""
    since, at = time
    heard = {row[0]: (row[1], row[2]) for row in await _rows(connection, "heard", {"since": since, "until": at})}
    first = first_id(at - timedelta(days=TOLD_DAYS))
    told = {row[0]: (row[1], row[2]) for row in await _rows(connection, "told", {"first": first, "limit": TOLD_MAX})}
    lags: dict[int, Lag] = {}
    views: list[LagView] = []
    for account in sorted(shops, key=lambda one: one.code):
        heard_ms, orders = _measured(heard.get(account.id), HEARD_MILLIS)
        told_ms, pushes = _measured(told.get(account.id), within)
        lags[account.id] = Lag(heard_ms, told_ms)
        views.append(LagView(account.code, heard_ms, told_ms, orders, pushes))
    return lags, views


def _measured(found: tuple[int, int] | None, assumed: int) -> tuple[int, int]:
    if found is None or found[1] < MEASURED_MIN:
        return assumed, 0
    return found


async def _rows(connection: Connection, name: str, given: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
    return await (await connection.execute(SQL[name], given)).fetchall()
