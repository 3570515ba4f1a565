"""Work is split over parcels: what fits, what stays together, and what a person may take off it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.application import commands as c
from orderloom.application.work_commands import AcceptWork, SplitWork
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_texts, read_folder
from orderloom.domain.actor import person
from orderloom.domain.event import WorkAssigned
from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.log import decode
from orderloom.domain.order import Line
from orderloom.domain.split import PARTS_MAX, SplitLimits, split_items, take_units
from orderloom.domain.work import WorkItem
from tests.support.bench import DEFAULT
from tests.support.merging import LI, WANG, MergingShop


class Goods(msgspec.Struct, frozen=True):
    """What splitting sees of a SKU."""

    weight_g: int = 0
    volume_mm3: int = 0
    groups: tuple[str, ...] = ()


def _line(no: int, sku: int, units: int, parts: tuple[tuple[int, int], ...] = ()) -> Line:
    return Line(no, f"L{no}", sku, f"S{sku}", "", units, 0, 0, 0, parts=parts)


GOODS = {1: Goods(1_000, 2_000_000, ("茶",)), 2: Goods(9_000, 1_000, ("冷链", "食品")), 3: Goods()}
MIXED = (WorkItem(1, 1, 5), WorkItem(2, 2, 2), WorkItem(3, 3, 7))
LINES = (_line(1, 1, 5), _line(2, 2, 2), _line(3, 3, 7))


def _units(parts: list[tuple[WorkItem, ...]]) -> list[dict[int, int]]:
    return [{item.sku_id: item.quantity for item in part} for part in parts]


def test_what_is_too_heavy_or_bulky_goes_in_several_parcels_in_the_order_of_the_lines() -> None:
    assert _units(split_items(MIXED, LINES, GOODS, SplitLimits())) == [{1: 5, 2: 2, 3: 7}]
    assert _units(split_items(MIXED, LINES, GOODS, SplitLimits(weight_g=10_000))) == [{1: 5}, {2: 1}, {2: 1, 3: 7}]
    assert _units(split_items(MIXED, LINES, GOODS, SplitLimits(volume_cm3=6_001))) == [{1: 3}, {1: 2, 2: 2, 3: 7}]
    assert len(split_items(MIXED, LINES, GOODS, SplitLimits(weight_g=500))) == 7, "a piece that is more has its own"


def test_groups_that_travel_apart_have_parcels_of_their_own() -> None:
    assert _units(split_items(MIXED, LINES, GOODS, SplitLimits(by_group=True))) == [{1: 5}, {2: 2}, {3: 7}]


def test_a_bundle_s_parts_stay_together() -> None:
    lines = (_line(1, 9, 3, ((1, 2), (2, 1))),)
    whole = (WorkItem(1, 1, 6), WorkItem(1, 2, 3))
    assert _units(split_items(whole, lines, GOODS, SplitLimits(weight_g=12_000))) == [{1: 2, 2: 1}] * 3
    torn = (WorkItem(1, 1, 5), WorkItem(1, 2, 3))  # the rest of it is elsewhere
    assert len(split_items(torn, lines, GOODS, SplitLimits(weight_g=1))) == 1


def test_a_quantity_beyond_all_bounds_makes_no_more_parcels_than_may_be() -> None:
    parts = split_items((WorkItem(1, 1, UNITS_MAX),), (_line(1, 1, UNITS_MAX),), GOODS, SplitLimits(weight_g=1_000))
    assert len(parts) == PARTS_MAX and sum(item.quantity for part in parts for item in part) == UNITS_MAX


limits = st.builds(SplitLimits, st.integers(0, 20_000), st.integers(0, 9_000), st.booleans())
items = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 30)), min_size=1, max_size=6)


@given(items, limits)
def test_no_split_loses_or_makes_a_unit(found: list[tuple[int, int]], limit: SplitLimits) -> None:
    work = tuple([WorkItem(no, sku, units) for no, (sku, units) in enumerate(found, 1)])
    lines = tuple([_line(item.line_no, item.sku_id, item.quantity) for item in work])
    parts = split_items(work, lines, GOODS, limit)
    sums: dict[tuple[int, int], int] = {}
    for item in [item for part in parts for item in part]:
        sums[item.line_no, item.sku_id] = sums.get((item.line_no, item.sku_id), 0) + item.quantity
    assert sums == {(item.line_no, item.sku_id): item.quantity for item in work} and all(parts)
    for part in parts if len(parts) < PARTS_MAX else []:
        weight = sum(GOODS[item.sku_id].weight_g * item.quantity for item in part)
        assert not limit.weight_g or weight <= limit.weight_g or sum(item.quantity for item in part
                                                                     if GOODS[item.sku_id].weight_g) == 1


@pytest.mark.parametrize(("wanted", "refusal"), [
    ({"A": 6}, "wrong_units"), ({"X": 1}, "wrong_units"), ({}, "wrong_units"), ({"A": 5, "B": 2, "C": 7}, "split_all"),
])
def test_what_cannot_be_taken_off_is_refused(wanted: dict[str, int], refusal: str) -> None:
    found = take_units(MIXED, LINES, {1: "A", 2: "B", 3: "C"}, wanted, "W")
    assert not isinstance(found, tuple) and found.code == refusal


def test_of_a_bundle_whole_ones_are_taken() -> None:
    lines, codes = (_line(1, 9, 3, ((1, 2), (2, 1))),), {1: "A", 2: "B"}
    work = (WorkItem(1, 1, 6), WorkItem(1, 2, 3))
    for wanted in ({"A": 2}, {"A": 2, "B": 2}, {"A": 1, "B": 1}):
        found = take_units(work, lines, codes, wanted, "W")
        assert not isinstance(found, tuple) and found.code == "split_bundle", wanted
    found = take_units(work, lines, codes, {"A": 4, "B": 2}, "W")
    assert found == ((WorkItem(1, 1, 4), WorkItem(1, 2, 2)), (WorkItem(1, 1, 2), WorkItem(1, 2, 1)))


def _split(shop: MergingShop, number: str, role: str = "warehouse", **units: int) -> c.Outcome:
    answer = shop.ask(SplitWork(actor=person("wang", role), work_no=number, units=units))[0]
    assert isinstance(answer, c.Outcome)
    return answer


def test_each_part_leaves_with_a_waybill_of_its_own_and_the_stock_is_taken_once() -> None:
    shop = MergingShop(1, units=5)
    (work,) = shop.works()
    before = {key: (level.on_hand, level.allocated) for key, level in shop.levels.items()}
    assert _split(shop, work, C=2).refusal == ""
    order = shop.order()
    assert [(str(w.state), [i.quantity for i in w.items]) for w in order.works] == [
        ("cancelled", [5]), ("allocated", [3]), ("allocated", [2])]
    assert before == {key: (level.on_hand, level.allocated) for key, level in shop.levels.items()}
    assert order.lines[0].fulfilled == 5 and not order.is_short
    assert shop.says("out", order.works[2].number, waybill="SF2", carrier="SF").refusal == ""
    assert shop.order().stage != "shipped" and shop.levels[3, 3].allocated == 3
    assert shop.says("out", order.works[1].number, waybill="SF1", carrier="SF").refusal == ""
    assert shop.order().stage == "shipped" and shop.levels[3, 3].allocated == 0
    assert [b["waybill"] for b in shop.sent("shipment")] == ["SF2", "SF1"] and not shop.opened()


def test_parts_can_be_merged_again_and_what_somebody_has_begun_is_not_split() -> None:
    shop = MergingShop(1, units=5)
    (work,) = shop.works()
    _split(shop, work, C=2)
    parts = [w.number for w in shop.order().works[1:]]
    assert shop.merge(*parts).refusal == ""
    assert _split(shop, work, C=1).refusal == "work_cancelled" and _split(shop, parts[0], "service", C=1).refusal
    shop.ask(AcceptWork(actor=LI, work_no=parts[0]))
    assert _split(shop, parts[0], C=1).refusal == "accepted_before"
    shop.labelled.add(parts[1])
    assert shop.merge(*parts, by=WANG).refusal in ("accepted_before", "merge_sealed")


RULE = """
name: split
place: split
title: {zh: 拆单, en: Splitting}
hit: first
when: [quantity]
then: [weight_max_g]
rows:
  - {id: heavy, when: {quantity: "> 2"}, then: {weight_max_g: 2000}}
"""


def test_a_rule_splits_what_goes_to_a_warehouse_and_the_log_names_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = MergingShop(0)
    world = shop._world

    def ruled() -> object:
        found = world()
        told = load_texts("default", read_folder(DEFAULT) | {"rules/split": RULE})
        found.directory = msgspec.structs.replace(found.directory, blueprints={1: compile_blueprint(told)})
        skus = {no: msgspec.structs.replace(sku, weight_g=1_000) for no, sku in found.goods.skus.items()}
        found.goods = msgspec.structs.replace(found.goods, skus=skus)
        return found

    monkeypatch.setattr(shop, "_world", ruled)
    shop.channel_says(("C", 5), external="E0")
    shop.channel_says(("C", 2), external="E1")
    assert [[i.quantity for i in w.items] for w in shop.order().works] == [[2], [2], [1]]
    assert [[i.quantity for i in w.items] for w in shop.order("E1").works] == [[2]]
    facts = [decode(entry.facts) for entry in shop.log[shop.order().id]]
    assigned = [fact for fact in facts if isinstance(fact, WorkAssigned)]
    assert [one.decision and one.decision.rows[0].row for one in assigned] == ["heavy"] * 3
    for no, work in enumerate(shop.order().works, 1):
        assert shop.says("out", work.number, waybill=f"SF{no}", carrier="SF").refusal == ""
    assert shop.order().stage == "shipped" and shop.levels[3, 3].allocated == 2
