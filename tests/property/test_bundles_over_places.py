"""INV-12: a bundle whose parts lie in several warehouses is sold as often as it can be filled, never more often;
whatever is ordered, the goods bound are just those ordered, summed per part."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from orderloom.application.publish import Offered
from orderloom.domain.assign import Demand, Ranked, plan
from orderloom.domain.inventory.shown import Available, free_of
from tests.support.bench import directory, goods
from tests.support.moves import COMPONENTS

HOUSES = (1, 2, 3)
KIT = 4
FREE = st.fixed_dictionaries({(sku, house): st.integers(-3, 12) for sku in (1, 2, 3) for house in HOUSES})
BASKETS = st.lists(st.lists(st.tuples(st.sampled_from(sorted(COMPONENTS)), st.integers(1, 4)), min_size=1, max_size=3),
                   max_size=12)
RANKED = [Ranked(house, 0, 0) for house in directory().warehouses]


def demand_of(basket: list[tuple[int, int]]) -> Demand:
    return tuple([(no, part, units * count) for no, (sku, units) in enumerate(basket, 1)
                  for part, count in COMPONENTS[sku]])


def fill(free: dict[tuple[int, int], int], demand: Demand, *, may_split: bool) -> bool:
    """Plan it and take the goods away; whether there were enough."""
    found = plan(demand, RANKED, lambda sku, house: free[sku, house], may_split=may_split)
    if not found.picks:
        return False
    wanted, taken = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for no, part, units in demand:
        wanted[no, part] += units
    for pick in found.picks:
        taken[pick.line_no, pick.sku_id] += pick.quantity
        free[pick.sku_id, pick.warehouse_id] -= pick.quantity
    assert taken == wanted, "not what was ordered"
    assert may_split or len({pick.warehouse_id for pick in found.picks}) == 1
    return True


@given(FREE, BASKETS, st.booleans())
def test_bundles_and_parts_mixed_bind_what_is_ordered_and_never_what_is_not_there(
    free: dict[tuple[int, int], int], baskets: list[list[tuple[int, int]]], may_split: bool,
) -> None:
    begun = dict(free)
    for basket in baskets:
        fill(free, demand_of(basket), may_split=may_split)
    assert all(free[key] >= min(begun[key], 0) for key in free), "more than lay there was bound"


@given(FREE, st.booleans())
def test_a_shown_bundle_can_be_filled_as_often_as_it_is_shown(
    free: dict[tuple[int, int], int], may_split: bool,
) -> None:
    places = {sku: {house: free[sku, house] for house in HOUSES} for sku in (1, 2, 3)}
    units = {sku: Available(sum(found.values())) for sku, found in places.items()}
    parts = Offered(units, {}, {} if may_split else places).parts(goods().skus[KIT], 1)
    shown = max(free_of(parts), 0)
    left = dict(free)
    assert all(fill(left, demand_of([(KIT, 1)]), may_split=may_split) for _ in range(shown))
    if not may_split:
        assert not fill(left, demand_of([(KIT, 1)]), may_split=False), "one more could have been sold"
