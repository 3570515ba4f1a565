"""Each order goes to the warehouse that suits it best, and the reasons of the choice are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.assign import ABROAD_KM, Demand, Sourcing, Warehouse, plan, rank

NEAR = Warehouse(1, "HZ", "CN", "浙江省", 9, 1, 100)
FAR = Warehouse(2, "CD", "CN", "四川省", 9, 1, 100)
DISTANCES = {1: 0, 2: 1_500, 3: ABROAD_KM}


def stock(units: Mapping[tuple[int, int], int]) -> Callable[[int, int], int]:
    return lambda sku, house: units.get((sku, house), 0)


def ranked(*houses: Warehouse, loads: Mapping[int, int] | None = None, rule: Sourcing | None = None,
           province: str = "浙江省") -> list[tuple[str, str]]:  # fmt: skip
    found = rank(houses, DISTANCES, loads or {}, "CN", province, rule or Sourcing())
    return [(r.warehouse.code, r.refusal) for r in found]


def test_the_nearest_warehouse_comes_first_whatever_the_order_of_the_list() -> None:
    assert ranked(FAR, NEAR) == ranked(NEAR, FAR) == [("HZ", ""), ("CD", "")]


def test_a_full_closed_or_unwilling_warehouse_is_passed_over_and_says_why() -> None:
    closed = Warehouse(3, "HK", "HK", "", 9, 1, 100, is_active=False)
    north = Warehouse(2, "BJ", "CN", "北京市", 9, 1, 100, serves=("北京市",))
    assert ranked(NEAR, north, closed, loads={1: 100}) == [
        ("HZ", "full"), ("BJ", "does_not_serve"), ("HK", "inactive"),
    ]  # fmt: skip


def test_a_warehouse_loses_its_turn_as_its_day_fills_up() -> None:
    busy = rank([NEAR], DISTANCES, {1: 90}, "CN", "浙江省", Sourcing())[0].score
    idle = rank([NEAR], DISTANCES, {}, "CN", "浙江省", Sourcing())[0].score
    assert busy < idle


def test_one_parcel_from_further_away_beats_two_from_nearby() -> None:
    places = rank([NEAR, FAR], DISTANCES, {}, "CN", "浙江省", Sourcing())
    found = plan(((1, 7, 2), (2, 8, 1)), places, stock({(7, 1): 2, (7, 2): 2, (8, 2): 1}), may_split=True)
    assert {p.warehouse_id for p in found.picks} == {2}
    assert [c.verdict for c in found.candidates] == ["short", "chosen"]
    assert found.candidates[0].missing == ((8, 1),)


def test_an_order_is_split_only_where_that_is_allowed() -> None:
    places = rank([NEAR, FAR], DISTANCES, {}, "CN", "浙江省", Sourcing())
    levels = stock({(7, 1): 2, (7, 2): 2})
    assert not plan(((1, 7, 3),), places, levels, may_split=False).picks
    assert sum(p.quantity for p in plan(((1, 7, 3),), places, levels, may_split=True).picks) == 3


demands = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 9)), min_size=1, max_size=5,
                   unique_by=lambda d: d[:2])
levels = st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 2)), st.integers(-3, 9), max_size=6)


@given(demands, levels, st.booleans())
def test_a_plan_covers_everything_or_nothing_and_takes_no_unit_that_is_not_there(
    demand: list[tuple[int, int, int]], units: dict[tuple[int, int], int], may_split: bool
) -> None:
    wanted: Demand = tuple(demand)
    places = rank([NEAR, FAR], DISTANCES, {}, "CN", "浙江省", Sourcing())
    found = plan(wanted, places, stock(units), may_split=may_split)
    if not found.picks:
        assert found.missing and all(n > 0 for _, n in found.missing)
        return
    for line, sku, quantity in wanted:
        assert sum(p.quantity for p in found.picks if (p.line_no, p.sku_id) == (line, sku)) == quantity
    for sku, house in {(p.sku_id, p.warehouse_id) for p in found.picks}:
        taken = sum(p.quantity for p in found.picks if (p.sku_id, p.warehouse_id) == (sku, house))
        assert 0 < taken <= units[sku, house]
    if not may_split:
        assert len({p.warehouse_id for p in found.picks}) == 1
