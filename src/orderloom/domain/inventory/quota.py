"""Quotas: who has a right to the front of the queue for a SKU in a warehouse, and what an order may draw from whom.

A quota never makes a unit: what is drawn from it has to be there (`Level.unbound`), whatever it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from orderloom.domain.inventory.level import Level

Place = tuple[int, int]
"""(SKU id, warehouse id)"""
GENERAL = ""
"""Stands for the general pool where a quota's id could."""


class Quota(msgspec.Struct, frozen=True):
    """An open quota's policy. It is for orders of an account, a campaign or a customer; what is empty, it does not ask.

    `draw_order` below 0: drawn before the general pool, else behind it. Without `may_fall_through` its orders get
    nothing of the general pool.
    """

    id: str
    warehouse_id: int
    draw_order: int
    may_fall_through: bool
    account_id: int | None = None
    campaign: str = ""
    customer: str = ""
    promised_on: date | None = None
    """Of a presale, which sells what is not there: when its goods are to be sent."""

    def is_for(self, asker: Asker) -> bool:
        """Whether an order may draw from it."""
        return (
            self.account_id in (None, asker.account_id)
            and self.campaign in ("", asker.campaign)
            and self.customer in ("", asker.customer)
        )


class Pool(msgspec.Struct):
    """A quota's counters: units set aside for it now, units that orders drew. Mutable: a batch's later commands see
    what earlier ones took."""

    id: str
    kept: int
    drawn: int
    is_open: bool
    left: int = 0
    """Of a presale: units that it may still sell."""


class Asker(NamedTuple):
    """What quotas ask of an order."""

    account_id: int
    campaign: str = ""
    customer: str = ""


class Draw(NamedTuple):
    """Units, and the quota that they come from (`GENERAL`: none)."""

    quota: str
    units: int


class Rights:
    """What one order may have of each level."""

    def __init__(
        self, levels: Mapping[Place, Level], quotas: Mapping[Place, Sequence[Quota]], pools: Mapping[str, Pool],
    ) -> None:
        """`quotas`: those that are for the order, by place, in the order in which they are drawn."""
        self._levels, self._quotas, self._pools = levels, quotas, pools

    def available(self, sku_id: int, warehouse_id: int) -> int:
        """Units that the order may have there; below zero what is oversold."""
        level = self._levels.get((sku_id, warehouse_id))
        if level is None:
            return 0
        quotas = self._quotas.get((sku_id, warehouse_id))
        if not quotas:
            return level.free
        return min(sum([units for _, units in self._offers(level, quotas)]), level.unbound)

    def draw(self, sku_id: int, warehouse_id: int, units: int) -> list[Draw]:
        """From where these units come, of which no more are asked than are available."""
        quotas = self._quotas.get((sku_id, warehouse_id))
        if not quotas:
            return [Draw(GENERAL, units)]
        drawn: list[Draw] = []
        for quota, offered in self._offers(self._levels[sku_id, warehouse_id], quotas):
            if take := min(offered, units):
                drawn.append(Draw(quota, take))
                units -= take
        assert not units, "more is drawn than there is"
        return drawn

    def _offers(self, level: Level, quotas: Sequence[Quota]) -> list[Draw]:
        """What each source offers, in the order in which they are drawn."""
        general = [Draw(GENERAL, max(level.free, 0))] if all(q.may_fall_through for q in quotas) else []
        own = [(q.draw_order, Draw(q.id, self._pools[q.id].kept)) for q in quotas]
        before = [draw for order, draw in own if order < 0]
        return [*before, *general, *[draw for order, draw in own if order >= 0]]


def rights_of(
    asker: Asker, levels: Mapping[Place, Level], quotas: Mapping[int, Sequence[Quota]], pools: Mapping[str, Pool],
) -> Rights:
    """The rights of an order. `quotas`: the open ones by SKU; one without counters at hand was closed just now."""
    found: dict[Place, list[Quota]] = {}
    for sku_id, listed in quotas.items():
        for quota in sorted(listed, key=lambda q: (q.draw_order, q.id)):
            if quota.promised_on is None and quota.is_for(asker) and quota.id in pools and pools[quota.id].is_open:
                found.setdefault((sku_id, quota.warehouse_id), []).append(quota)
    return Rights(levels, found, pools)


def presale_of(
    asker: Asker, units: int, quotas: Sequence[Quota], pools: Mapping[str, Pool],
) -> Quota | None:
    """The presale that sells so many units of a SKU to an order: the one that sends soonest; None: none has them."""
    fit = [q for q in quotas if q.promised_on is not None and q.is_for(asker)
           and q.id in pools and pools[q.id].is_open and pools[q.id].left >= units]
    return min(fit, key=lambda q: (q.promised_on or date.max, q.draw_order, q.id), default=None)
