"""How much of a SKU a channel is shown: one formula, its order fixed, in integers, rounded down.

shown = 0 if free <= zero_below else
        min(cap, floor((free + campaign * campaign_percent / 100 + unpaid * unpaid_percent / 100)
                       * share_percent / 100) - buffer) / factor
and never below 0: a negative figure means oversold, and channels take no such number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

CAMPAIGN_PERCENT = 30
"""The trade's figure: so much of what is set aside for a campaign is sold by others in time."""


class ShownFormula(msgspec.Struct, frozen=True):
    """What the formula counts with. `buffer`, `cap` and `zero_below` are base units; `cap` and `zero_below` None: not
    used. `unpaid_percent`: of units that unpaid orders hold; above 0 it shows what somebody has taken."""

    share_percent: int = 100
    buffer: int = 0
    cap: int | None = None
    zero_below: int | None = None
    campaign_percent: int = CAMPAIGN_PERCENT
    unpaid_percent: int = 0


class Available(msgspec.Struct, frozen=True):
    """Base units of a SKU over all warehouses that sell: free (may be negative), what open quotas keep for this very
    place, and what unpaid orders hold."""

    free: int
    campaign: int = 0
    unpaid: int = 0


Parts = Sequence[tuple[Available, int]]
"""What a SKU is made of, and how many base units of each: itself alone, or a bundle's components."""


def free_of(parts: Parts) -> int:
    """So many the free units are enough for: a bundle's least component."""
    return min(one.free // quantity for one, quantity in parts)


def filled_in_one(places: Sequence[Mapping[int, int]], quantities: Sequence[int]) -> int:
    """How many bundles can be filled out of one warehouse each: `places` are free units by warehouse, per component. A
    warehouse that is oversold takes nothing from another one."""
    houses = set(places[0]).intersection(*places[1:])
    return sum(max(min(free[house] // quantity for free, quantity in zip(places, quantities, strict=True)), 0)
               for house in houses)


def shown_units(formula: ShownFormula, parts: Parts, factor: int = 1) -> int:
    """The figure in listed units of `factor` base units each, never below 0."""
    if formula.zero_below is not None and free_of(parts) <= formula.zero_below:
        return 0
    hundredths = min(_pooled(formula, one) // quantity for one, quantity in parts)
    figure = hundredths * formula.share_percent // 10_000 - formula.buffer
    if formula.cap is not None and figure > formula.cap:
        figure = formula.cap
    figure //= factor
    return figure if figure > 0 else 0


def _pooled(formula: ShownFormula, one: Available) -> int:
    """Hundredths of a base unit."""
    return one.free * 100 + one.campaign * formula.campaign_percent + one.unpaid * formula.unpaid_percent
