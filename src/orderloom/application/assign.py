"""Turn allocated stock into fulfilment work, one piece of work per warehouse, or several where a rule splits them. The
channel's order is never split."""

from __future__ import annotations

from collections import Counter

from orderloom.application.check_tariff import check_tariff
from orderloom.application.choose_service import choose_service
from orderloom.application.dispatch import queue_work
from orderloom.application.give_gifts import give_gifts
from orderloom.application.journey import Journey
from orderloom.application.reserve import sourcing_of
from orderloom.application.split_by_rule import bind_apart, split_by_rule
from orderloom.domain import event as e
from orderloom.domain.counting import boxed
from orderloom.domain.order import Order, WorkItem
from orderloom.domain.rule import RuleDecision
from orderloom.domain.states import BindingKind, Negotiation


def assign(j: Journey, _: str = "") -> None:
    """Give every allocation that no work covers to its warehouse; work that may leave at once is queued with it."""
    if j.order.is_blocked("assign") or j.order.is_cancelled or (j.blueprint.reviews and not give_gifts(j)):
        return
    for warehouse_id, items in _uncovered(j.order).items():
        for part, decision in split_by_rule(j, items) if j.blueprint.splits else [(items, None)]:
            give_work(j, warehouse_id, part, decision)


def give_work(j: Journey, house_id: int, items: tuple[WorkItem, ...], decision: RuleDecision | None = None) -> None:
    """Give these units to the warehouse as one piece of work; `decision` is the rule that split them off others."""
    house, seq = j.world.directory.warehouse(house_id), len(j.order.works) + 1
    j.emit(e.WorkAssigned(seq, f"{j.order.number}-{seq}", house_id, house.account_id, items,
                          not j.order.is_blocked("dispatch"), decision))
    if decision is not None:
        bind_apart(j)
    if j.blueprint.services:
        choose_service(j, j.order.works[-1], sourcing_of(j))
    j.count_load(house_id)
    check_tariff(j, (house.country,))
    j.world.note("work", j.order.works[-1].number, j.order.id)
    if j.order.works[-1].negotiation is Negotiation.REQUESTED:
        queue_work(j, j.order.works[-1])


def _uncovered(order: Order) -> dict[int, tuple[WorkItem, ...]]:
    """Allocated units that no live work covers, by warehouse: one item per line and SKU, in their order."""
    covered: dict[tuple[int, int, int], int] = {}
    for w in order.works:
        if not w.state.is_ended:
            gone = {(i.line_no, i.sku_id): i.quantity for i in boxed(order.parcels, w.seq)}
            for i in w.items:
                key = (w.warehouse_id, i.line_no, i.sku_id)
                covered[key] = covered.get(key, 0) + i.quantity - gone.get((i.line_no, i.sku_id), 0)
    found: dict[int, Counter[tuple[int, int]]] = {}
    for b in order.active_stock(BindingKind.ALLOCATION):
        key = (b.warehouse_id, b.line_no, b.sku_id)
        known = min(covered.get(key, 0), b.quantity)
        if known:
            covered[key] -= known
        if b.quantity > known:
            found.setdefault(b.warehouse_id, Counter())[b.line_no, b.sku_id] += b.quantity - known
    return {house: tuple([WorkItem(line_no, sku_id, n) for (line_no, sku_id), n in sorted(units.items())])
            for house, units in found.items()}
