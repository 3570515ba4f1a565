"""Split what goes to a warehouse over several works by the blueprint's rules at the place `split`: too heavy or too
bulky for one parcel, or goods of groups that travel apart."""

from __future__ import annotations

from orderloom.application.first_rule import first_rule
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.counting import boxed
from orderloom.domain.order import StockBinding, WorkItem
from orderloom.domain.rule import RuleDecision
from orderloom.domain.rule_places import BY_GROUP, SPLIT, VOLUME_MAX, WEIGHT_MAX
from orderloom.domain.split import SplitLimits, split_items
from orderloom.domain.states import BindingKind

Parts = list[tuple[tuple[WorkItem, ...], RuleDecision | None]]


def split_by_rule(j: Journey, items: tuple[WorkItem, ...]) -> Parts:
    """The items of each work, with the rule that split them; one work and no rule where none does."""
    decision = first_rule(j.world, j.order, SPLIT)
    if decision is None:
        return [(items, None)]
    stated = decision.rows[0].outcome
    limits = SplitLimits(int(stated[WEIGHT_MAX]), int(stated[VOLUME_MAX]), bool(stated[BY_GROUP]))
    parts = split_items(items, j.order.lines, j.world.goods.skus, limits)
    return [(part, decision) for part in parts] if len(parts) > 1 else [(items, None)]


def bind_apart(j: Journey) -> None:
    """Let each work have bindings of its own: of one that covers units of several works a part is split off, so that
    they are found behind the works in their order (`reserve.bound_by_work`)."""
    used: set[int] = set()
    for work in [one for one in j.order.works if not one.state.is_ended]:
        out = [(i.line_no, i.sku_id, i.quantity) for i in boxed(j.order.parcels, work.seq)]
        for item in work.items:
            key = item.line_no, item.sku_id
            units = item.quantity - sum([gone for *of, gone in out if tuple(of) == key])
            while units > 0 and (own := _next(j, used, (work.warehouse_id, *key))) is not None:
                if own.quantity > units:
                    j.emit(e.StockSplit(own.no, own.quantity - units, len(j.order.bindings) + 1))
                used.add(own.no)
                units -= min(own.quantity, units)


def _next(j: Journey, used: set[int], key: tuple[int, int, int]) -> StockBinding | None:
    return next((b for b in j.order.active_stock(BindingKind.ALLOCATION)
                 if b.no not in used and (b.warehouse_id, b.line_no, b.sku_id) == key), None)
