"""What a formula of shown stock would have cost: by how much it could oversell the last days, and did in a replay."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.queries.oversell import (
    DAYS,
    History,
    LagView,
    SalesPast,
    names_of,
    read_histories,
    read_past,
)
from orderloom.application.queries.sql import Connection
from orderloom.blueprint.publish import Publish
from orderloom.domain.inventory.oversell import OnOffer, Sale, bound, replay

DEMANDS = (1, 2, 3)
"""Past demand was accepted demand; the next sale may be so many times as busy."""
REPLAYED_MAX, WORST_MAX = 200, 20
Kept = Mapping[tuple[int, int], int]
"""What open quotas keep, by account (0: any) and SKU."""


class PriceTag(msgspec.Struct, frozen=True):
    """Of one SKU by one formula: it could be oversold by so many units (`bound`), when the busiest time was; and by a
    replay it would have been (null: not replayed), and when it was worst."""

    bound: int
    bound_at: datetime | None
    replayed: int | None
    replayed_at: datetime | None


class PricedSku(msgspec.Struct, frozen=True):
    """A SKU by the formula in force and by the candidate. `asked`: units that buyers asked for, times the demand."""

    sku: str
    name: str
    asked: int
    before: PriceTag
    after: PriceTag


class PriceSum(msgspec.Struct, frozen=True):
    """Over all SKUs: units that could be oversold, of how many SKUs; and the same of those that were replayed."""

    bound: int
    skus: int
    replayed: int
    replayed_skus: int


class DemandPrice(msgspec.Struct, frozen=True):
    """The bounds' sums if buyers ask for so many times as much."""

    demand: int
    before: int
    after: int


class OversellPrice(msgspec.Struct, frozen=True):
    """The price tag of two formulas over the last `days`, at `demand` times what was asked for. `skus`: so many were
    asked for, `short` units of it in orders that are short of goods; the `replayed` worst of them were replayed."""

    days: int
    demand: int
    skus: int
    short: int
    replayed: int
    lags: list[LagView]
    before: PriceSum
    after: PriceSum
    demands: list[DemandPrice]
    worst: list[PricedSku]


class _Scale:
    """Both formulas over one past: bounds in one go, replays of the worst."""

    def __init__(self, past: SalesPast, directory: Directory, codes: Mapping[int, tuple[str, str]], kept: Kept) -> None:
        self.past, self.directory, self.codes, self.kept = past, directory, codes, kept

    def offers(self, sku: int, publish: Publish) -> dict[int, list[OnOffer]]:
        found = {}
        for account_id, asked in self.past.asked[sku].items():
            account = self.directory.accounts[account_id]
            kept = self.kept.get((account_id, sku), 0) + self.kept.get((0, sku), 0)
            found[account_id] = [
                OnOffer(publish.formula(account.connector, account.code, self.codes[offered][0]), per, factor, kept)
                for offered, per, factor in asked.offered if offered in self.codes]
        return found

    def bounds(self, publish: Publish, demand: int) -> dict[int, int]:
        return {sku: bound({account: one.most * demand for account, one in asked.items()}, self.offers(sku, publish),
                           self.past.unpaid.get(sku, 0) * demand)
                for sku, asked in self.past.asked.items()}

    def replays(self, publish: Publish, histories: Mapping[int, History], demand: int) -> dict[int, tuple[int, int]]:
        return {sku: replay(one.start, one.supply, _times(one.sales, demand), self.offers(sku, publish), self.past.lags)
                for sku, one in histories.items()}


async def price_formulas(
    connection: Connection, directory: Directory, takers: Collection[str], now: Publish, then: Publish, demand: int,
    kept: Kept, at: datetime,
) -> OversellPrice:
    """The formula in force and a candidate over the last days. Nothing is written."""
    counts_unpaid = any(_counts_unpaid(one) for one in (now, then))
    past = await read_past(connection, directory, takers, at, counts_unpaid)
    offered = {i for asked in past.asked.values() for one in asked.values() for i, _, _ in one.offered}
    codes = await names_of(connection, sorted({*past.asked, *offered}))
    scale = _Scale(past, directory, codes, kept)
    before, after = [await asyncio.to_thread(scale.bounds, one, demand) for one in (now, then)]
    worst = sorted((sku for sku in past.asked if max(before[sku], after[sku]) > 0),
                   key=lambda sku: (-max(before[sku], after[sku]), sku))[:REPLAYED_MAX]
    histories = await read_histories(connection, past, worst)
    was, will = [await asyncio.to_thread(scale.replays, one, histories, demand) for one in (now, then)]
    demands = [DemandPrice(n, sum(scale.bounds(now, n).values()), sum(scale.bounds(then, n).values()))
               for n in DEMANDS]
    return OversellPrice(
        DAYS, demand, len(past.asked), sum(o.short for a in past.asked.values() for o in a.values()), len(worst),
        past.views, _sum(before, was), _sum(after, will), demands,
        [_row(sku, scale, demand, (before[sku], after[sku]), (was[sku], will[sku])) for sku in worst[:WORST_MAX]])


def _row(
    sku: int, scale: _Scale, demand: int, bounds: tuple[int, int], replays: tuple[tuple[int, int], tuple[int, int]],
) -> PricedSku:
    asked = scale.past.asked[sku]
    when = max(asked.values(), key=lambda one: one.most).at
    code, name = scale.codes[sku]
    before, after = [
        PriceTag(most, when if most else None, units, scale.past.since + timedelta(milliseconds=at) if units else None)
        for most, (units, at) in zip(bounds, replays, strict=True)]
    return PricedSku(code, name, sum(one.units for one in asked.values()) * demand, before, after)


def _sum(bounds: Mapping[int, int], replays: Mapping[int, tuple[int, int]]) -> PriceSum:
    return PriceSum(sum(bounds.values()), sum(1 for n in bounds.values() if n),
                    sum(units for units, _ in replays.values()), sum(1 for units, _ in replays.values() if units))


def _times(sales: Sequence[Sale], demand: int) -> Sequence[Sale]:
    return sales if demand == 1 else [one._replace(units=one.units * demand) for one in sales]


def _counts_unpaid(publish: Publish) -> bool:
    """Whether any place shows a part of what unpaid orders hold."""
    said = publish.source
    places = [said.default, *said.channels.values(), *said.shops.values(), *said.skus.values(),
              *(keys for one in said.skus.values() for keys in one.shops.values())]
    return any(keys.unpaid_percent for keys in places)
