"""Sell what is not there, as far as presales allow: the order gets a place in their queue and a day, and binds no unit.

The goods of every SKU that is missing are counted by one presale, whole; what of the order is there waits with it.
"""

from __future__ import annotations

from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.assign import Demand, Plan
from orderloom.domain.inventory.quota import Asker, Quota, presale_of
from orderloom.domain.order import Order, StockBinding
from orderloom.domain.states import BindingKind


def presell(j: Journey, demand: Demand, found: Plan) -> bool:
    """Whether all that is missing is sold by presales, or was before; else nothing is changed."""
    wanted = {sku: sum([units for _, other, units in demand if other == sku]) for sku, _ in found.missing}
    known = {b.sku_id: 0 for b in j.order.active_stock(BindingKind.PRESALE)}
    for b in j.order.active_stock(BindingKind.PRESALE):
        known[b.sku_id] += b.quantity
    if all(known.get(sku, 0) >= units for sku, units in wanted.items()):
        return bool(wanted)
    if known:  # another quantity than before: the place is given up and taken anew
        _give_up(j)
    sold: dict[int, Quota] = {}
    for sku, units in wanted.items():
        presale = presale_of(asker_of(j.order), units, j.world.goods.skus[sku].quotas, j.world.pools)
        if presale is None:
            return False
        sold[sku] = presale
    _take(j, demand, sold)
    return True


def asker_of(order: Order) -> Asker:
    """What quotas ask of an order."""
    facts = order.facts
    return Asker(order.account_id, str(facts.get("campaign") or ""), str(facts.get("customer") or ""))


def _give_up(j: Journey) -> None:
    bindings = j.order.active_stock(BindingKind.PRESALE)
    for b in bindings:
        j.draw(b.quota, -b.quantity, is_presale=True)
    j.emit(e.StockReleased(tuple([b.no for b in bindings]), "another quantity"))


def _take(j: Journey, demand: Demand, sold: dict[int, Quota]) -> None:
    number, bindings = len(j.order.bindings), list[StockBinding]()
    for line_no, sku, units in demand:
        if sku in sold:
            number += 1
            bindings.append(StockBinding(number, line_no, sku, sold[sku].warehouse_id, units, j.at,
                                         BindingKind.PRESALE, quota=sold[sku].id))
            j.draw(sold[sku].id, units, is_presale=True)
    j.emit(e.PresaleTaken(tuple(bindings), max([q.promised_on for q in sold.values() if q.promised_on])))
