"""When a SKU is to be bought anew and how much of it: the replenishment point, and a suggestion with its reasons. Pure.

The point is `safety x safety_percent / 100 + mean units a day of the last 7 days x cover_days` (INV-5), rounded up.
What is bought leads past it, by what sells until the goods come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

WEEK_DAYS = 7
PERCENT = 100
UNITS_MAX = 1_000_000_000
"""No suggestion asks for more: a line of a ticket takes no more."""


class ReplenishRule(msgspec.Struct, frozen=True):
    """How the point is reckoned: safety stock in per cent, and so many days of mean sales."""

    safety_percent: int = 180
    cover_days: int = 3


class ReplenishFacts(msgspec.Struct, frozen=True):
    """What a SKU has and sells, in base units, over all warehouses that sell. `promised`: bound by orders; `waiting`:
    what orders wait for that is not there, presales among them; `in_transit`: between warehouses; `on_purchase`:
    ordered of suppliers and not come yet; `sold`: of the last 7 days, as parts of bundles, too."""

    sku: str
    name: str
    sku_id: int
    on_hand: int = 0
    frozen: int = 0
    promised: int = 0
    waiting: int = 0
    safety: int = 0
    in_transit: int = 0
    on_purchase: int = 0
    sold: int = 0

    @property
    def here(self) -> int:
        """Units that nobody has a right to yet; the safety stock is among them."""
        return self.on_hand - self.frozen - self.promised - self.waiting

    @property
    def position(self) -> int:
        """These, and what is on its way: what the point is held against."""
        return self.here + self.in_transit + self.on_purchase


class SupplyTerms(msgspec.Struct, frozen=True):
    """On which terms a supplier brings a SKU. `minimum` and `pack` in base units; `cost` of a base unit in minor units;
    lower `priority` first."""

    supplier_id: int
    supplier: str
    lead_days: int
    minimum: int = 1
    pack: int = 1
    cost: int | None = None
    currency: str = ""
    priority: int = 0


class Replenishing(msgspec.Struct, frozen=True):
    """What is to be bought of a SKU and why. `missing`: units up to the `target`, which is the point and what sells
    until the goods come; `quantity`: those, raised to the supplier's minimum and rounded up to whole packs. Without
    `terms` nobody is known who brings it."""

    facts: ReplenishFacts
    point: int
    target: int
    missing: int
    quantity: int
    terms: SupplyTerms | None = None

    @property
    def days_left(self) -> int | None:
        """Whole days that what is here lasts at the mean; None: nothing sells."""
        return max(self.facts.here, 0) * WEEK_DAYS // self.facts.sold if self.facts.sold else None


def point_of(safety: int, sold: int, rule: ReplenishRule) -> int:
    """The replenishment point, rounded up once."""
    return _up(safety * rule.safety_percent * WEEK_DAYS + sold * rule.cover_days * PERCENT, WEEK_DAYS * PERCENT)


def suggest(facts: ReplenishFacts, terms: Sequence[SupplyTerms], rule: ReplenishRule) -> Replenishing | None:
    """What is to be bought; None while the position is above the point."""
    chosen = min(terms, key=lambda one: (one.priority, one.lead_days, one.supplier), default=None)
    point = point_of(facts.safety, facts.sold, rule)
    target = point + _up(facts.sold * (chosen.lead_days if chosen else 0), WEEK_DAYS)
    missing = target - facts.position
    if facts.position > point or missing <= 0:
        return None
    return Replenishing(facts, point, target, missing, bought(missing, chosen), chosen)


def bought(missing: int, terms: SupplyTerms | None) -> int:
    """Units that are ordered when so many are missing: no fewer than the minimum, in whole packs."""
    if terms is None:
        return min(missing, UNITS_MAX)
    wanted = max(missing, terms.minimum)
    packs = min(_up(wanted, terms.pack), UNITS_MAX // terms.pack)
    return packs * terms.pack


def by_need(found: Iterable[Replenishing]) -> list[Replenishing]:
    """Those that run out first in front: orders wait, fewest days left, most missing."""
    return sorted(found, key=lambda one: (
        one.facts.here >= 0, one.days_left is None, one.days_left or 0, -one.missing, one.facts.sku))


def _up(number: int, by: int) -> int:
    return -(-number // by)
