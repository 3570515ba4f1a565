"""How much could be oversold by a formula of shown stock: a bound that needs no replay, and the replay of a history.

A place (a channel's shop) sells what it shows and counts down by itself. The hub hears of a sale `heard` later, and a
figure arrives `told` after it was sent, as an absolute number: it wipes out sales that the hub has not heard of yet.
Times are milliseconds, counts base units.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from orderloom.domain.inventory.shown import Available, ShownFormula, shown_units


class OnOffer(NamedTuple):
    """Goods on sale at a place: the SKU itself, or a bundle that takes `per` units of it. `campaign`: units that open
    quotas keep for the place."""

    formula: ShownFormula
    per: int = 1
    factor: int = 1
    campaign: int = 0

    def units(self, free: int, unpaid: int) -> int:
        """What it shows, in base units of the SKU."""
        return shown_units(self.formula, [(Available(free, self.campaign, unpaid), self.per)],
                           self.factor) * self.factor * self.per


class Lag(NamedTuple):
    """How late the hub hears of a place's sales, and how late the place hears of a figure."""

    heard: int
    told: int


class Sale(NamedTuple):
    """Units that buyers asked for at a place under an offer (its number there); `unpaid_for`: how long they were not
    paid for after the hub heard of them."""

    at: int
    place: int
    offer: int
    units: int
    unpaid_for: int = 0


class Short(NamedTuple):
    """So many units were sold that were not there, at most, and when; `at` 0: never."""

    units: int
    at: int


def stop_of(offer: OnOffer, unpaid: int) -> int | None:
    """The largest number of free units (it may be negative) at and below which nothing is shown; None: nothing ever is.

    From `shown_units`: nothing is shown while (100 free + extra) / per is less than (buffer + factor) x 10000 / share.
    """
    formula = offer.formula
    if formula.share_percent == 0 or (formula.cap is not None and formula.cap < offer.factor):
        return None
    enough = -(-(formula.buffer + offer.factor) * 10_000 // formula.share_percent)
    extra = offer.campaign * formula.campaign_percent + unpaid * formula.unpaid_percent
    stop = (offer.per * enough - 1 - extra) // 100
    if formula.zero_below is not None:
        stop = max(stop, offer.per * (formula.zero_below + 1) - 1)
    return stop


def bound(asked: Mapping[int, int], offers: Mapping[int, Sequence[OnOffer]], unpaid: int = 0) -> int:
    """Short by at most this, per sell-out: what all places sell until zero arrives, less what is free when it is sent.

    `asked`: by place, the most units it was asked for within heard + told of it. `unpaid`: the most that unpaid orders
    held at once. Places that show nothing sell nothing.
    """
    stops = {place: min(found) for place, some in offers.items()
             if (found := [stop for one in some if (stop := stop_of(one, unpaid)) is not None])}
    if not stops:
        return 0
    return max(0, sum(asked.get(place, 0) for place in stops) - min(stops.values()))


def busiest(sales: Sequence[tuple[int, int]], window: int) -> int:
    """The most units within any window of that length, its ends included. `sales`: (time, units), in order of time."""
    best, total, first = 0, 0, 0
    for at, units in sales:
        total += units
        while sales[first][0] < at - window:
            total -= sales[first][1]
            first += 1
        best = max(best, total)
    return best


class _World:
    """The shelves of all places, and what is on its way between them and the hub."""

    def __init__(self, offers: Mapping[int, Sequence[OnOffer]], lags: Mapping[int, Lag], start: int) -> None:
        self.offers, self.lags, self.free, self.unpaid = offers, lags, start, 0
        self.shown = {(place, n): one.units(start, 0) for place, some in offers.items() for n, one in enumerate(some)}
        self.last: dict[tuple[int, int], int] = {}
        self.waiting: list[tuple[int, int, str, Sale]] = []
        self.count = 0

    def send(self, at: int, what: str, sale: Sale) -> None:
        self.count += 1
        heapq.heappush(self.waiting, (at, self.count, what, sale))

    def publish(self, at: int) -> None:
        for place, some in self.offers.items():
            for n, one in enumerate(some):
                figure = one.units(self.free, self.unpaid)
                if self.last.get((place, n)) != figure:
                    self.last[place, n] = figure
                    self.send(at + self.lags[place].told, "show", Sale(at, place, n, figure))

    def happen(self, at: int, what: str, sale: Sale) -> None:
        key = (sale.place, sale.offer)
        if what == "show":
            self.shown[key] = sale.units
        elif what == "buy" and self.shown.get(key, 0) >= sale.units:
            self.shown[key] -= sale.units
            self.send(at + self.lags[sale.place].heard, "hear", sale)
        elif what != "buy":
            self._hear(at, what, sale, key)

    def _hear(self, at: int, what: str, sale: Sale, key: tuple[int, int]) -> None:
        """The hub's own figures change, and it publishes them; a place that sold is told anew in any case."""
        if what == "paid":
            self.unpaid -= sale.units
        else:
            self.free -= sale.units
        if what == "hear":
            self.last.pop(key, None)
            if sale.unpaid_for > 0:
                self.unpaid += sale.units
                self.send(at + sale.unpaid_for, "paid", sale)
        self.publish(at)


def replay(
    start: int, supply: Sequence[tuple[int, int]], sales: Sequence[Sale], offers: Mapping[int, Sequence[OnOffer]],
    lags: Mapping[int, Lag],
) -> Short:
    """What would have been sold too much, at the worst moment. `start`: free units at the beginning; `supply`: (time,
    units) that became free otherwise than by an order (or, negative, ceased to be)."""
    world = _World(offers, lags, start)
    for at, units in supply:
        world.send(at, "supply", Sale(at, 0, 0, -units))
    for sale in sales:
        world.send(sale.at, "buy", sale)
    worst = Short(0, 0)
    while world.waiting:
        at, _, what, sale = heapq.heappop(world.waiting)
        world.happen(at, what, sale)
        if what == "hear" and -world.free > worst.units:
            worst = Short(-world.free, at)
    return worst
