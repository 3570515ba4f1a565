"""What a parcel costs, where a carrier goes, and until when it is there: terms of contracts, never a guess of ours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.application.choose_service import arm_of
from orderloom.application.meet_stops import meeting_of
from orderloom.application.not_kept import NotKept
from orderloom.application.stop_carrier import division_of
from orderloom.blueprint.check import check_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.blueprint.sourcing import ArmEntry, SourcingFile, Weights, check_services, compile_arms, compile_services
from orderloom.domain.assign import Sourcing, Warehouse, plan, rank, with_services
from orderloom.domain.carriage import (
    CarrierService,
    CarrierStop,
    Closing,
    Coverage,
    Covered,
    DeliveryMethod,
    ParcelWay,
    ServiceLooked,
    ServiceZone,
    best,
    look,
    next_best,
)
from orderloom.domain.holidays import days_of_rest, is_announced
from orderloom.domain.rates import RateStep, RateTable
from orderloom.testing.drive import BLUEPRINT
from tests.support.bench import directory
from tests.support.carried import SERVICES, service, services

CHINA, ZONE = timezone(timedelta(hours=8)), "Asia/Shanghai"
TABLE = RateTable((RateStep(500, 250), RateStep(1_000, 300), RateStep(30_000, 300, 1_000, 1_000, 80)), 280, 8_000)
WAY = ParcelWay("3301", "3101", 400, 0)
PLAIN = CarrierService("zto", "zhongtong", frozenset(), time(16), frozenset(range(1, 8)), False,
                       {"": ServiceZone("else", 2, TABLE), "31": ServiceZone("near", 1, TABLE)}, {}, ())


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


def looked(one: CarrierService = PLAIN, way: ParcelWay = WAY, when: datetime | None = None,
           *stops: CarrierStop) -> ServiceLooked:
    return look(one, way, when or at(24, 10), ZONE, stops)


@pytest.mark.parametrize(("grams", "bulk", "price"), [
    (0, 0, 280), (400, 0, 280), (501, 0, 300), (1_000, 0, 300), (1_001, 0, 380), (3_000, 0, 460), (30_001, 0, None),
    (400, 12_000_000, 380), (2_000, 12_000_000, 380),
])
def test_a_parcel_costs_what_the_contract_says(grams: int, bulk: int, price: int | None) -> None:
    assert TABLE.price(grams, bulk) == price


@given(st.integers(0, 29_000), st.integers(0, 10**9))
def test_more_weight_never_costs_less(grams: int, bulk: int) -> None:
    lighter, heavier = TABLE.price(grams, bulk), TABLE.price(grams + 1_000, bulk)
    assert heavier is None or (lighter is not None and lighter <= heavier)


def test_the_longest_division_decides_of_zone_and_coverage() -> None:
    served = replace(PLAIN, coverage={"54": Coverage(Covered.SURCHARGE, 1_000), "8": Coverage(Covered.NO),
                                      "5401": Coverage(Covered.PICKUP_ONLY)})
    assert looked(served).promised_at == at(25, 23).replace(minute=59)
    assert looked(served, replace(WAY, destination="5402")).cost == 1_280
    assert looked(served, replace(WAY, destination="5401")).verdict == "pickup_only"
    assert looked(served, replace(WAY, destination="81")).verdict == "does_not_serve"
    assert looked(served, replace(WAY, weight_g=31_000)).verdict == "too_heavy"


def test_a_promise_counts_the_cut_off_weekends_and_holidays() -> None:
    assert looked(when=at(24, 15)).promised_at == at(25, 23).replace(minute=59)
    assert looked(when=at(24, 16)).promised_at == at(26, 23).replace(minute=59)
    weekdays = replace(PLAIN, weekdays=frozenset(range(1, 6)))
    monday = looked(weekdays, when=at(28, 10)).promised_at
    assert monday == at(1, 23, 59, 12), "what is ready on Saturday leaves on Monday"
    rests = replace(PLAIN, rests_on_holidays=True)
    first = date(2026, 10, 1)
    assert days_of_rest()[first] and is_announced(2026) and not is_announced(2036)
    found = looked(rests, when=datetime(2026, 9, 30, 17, tzinfo=CHINA)).promised_at
    assert found is not None and found.date() > date(2026, 10, 7)
    assert looked(replace(PLAIN, weekdays=frozenset())).promised_at is not None, "a promise ends, whatever was written"


def test_a_stop_meets_both_ends_its_carrier_and_its_time() -> None:
    stop = CarrierStop("T1", "zhongtong", "31", at(24, 9), at(25, 9), "snow")
    met = looked(PLAIN, WAY, at(24, 10), stop)
    assert (met.verdict, met.stop) == ("stopped", "T1")
    assert looked(PLAIN, replace(WAY, origin="3101", destination="11"), at(24, 10), stop).verdict == "stopped"
    for other in (replace(stop, carrier="yunda"), replace(stop, division="3302"), replace(stop, begins_at=at(24, 11)),
                  replace(stop, ends_at=at(24, 10))):
        assert looked(PLAIN, WAY, at(24, 10), other).is_passed
    assert looked(PLAIN, WAY, at(24, 10), replace(stop, carrier="", division="")).verdict == "stopped"
    closed = replace(PLAIN, closed=(Closing(date(2026, 11, 24), date(2026, 11, 26), "31", "春节"),))
    assert looked(closed).stop == "春节"
    assert looked(closed, when=at(23, 17)).promised_at == at(28, 23).replace(minute=59)


RIDER = replace(PLAIN, name="rider", method=DeliveryMethod.RIDER, hours=(time(9), time(21)), minutes=45,
                closed=(Closing(date(2026, 11, 26), date(2026, 11, 26), "", "歇业"),))


@pytest.mark.parametrize(("when", "there"), [
    (at(24, 10), at(24, 10, 45)), (at(24, 7), at(24, 9, 45)), (at(24, 20, 59), at(24, 21, 44)),
    (at(24, 21), at(25, 9, 45)), (at(25, 23), at(27, 9, 45)),
])
def test_a_rider_is_promised_within_the_hours_of_the_day(when: datetime, there: datetime) -> None:
    assert looked(RIDER, when=when).promised_at == there
    counter = replace(RIDER, method=DeliveryMethod.PICKUP, zones={}, closed=())
    assert looked(counter, replace(WAY, destination=""), when).is_passed, "who fetches may live anywhere"


@pytest.mark.parametrize(("mistake", "place"), [
    ({"method": "pickup"}, "carrier"),
    ({"method": "pickup", "carrier": "", "zones": [], "warehouses": []}, "warehouses"),
    ({"method": "rider"}, "minutes"), ({"method": "rider", "minutes": 30, "hours": "21:00-09:00"}, "hours"),
    ({"method": "rider", "minutes": 30, "hours": "9-21"}, "hours"), ({"minutes": 30}, "minutes"),
    ({"carrier": ""}, "carrier"),
])
def test_what_a_method_cannot_have_is_said(mistake: dict[str, Any], place: str) -> None:
    told = services(service("one", "zhongtong", ["HZ01"], 1, 300) | mistake)
    found = list(check_services(SourcingFile(Weights(60, 30, 10), services=told)))
    assert [f.place for f in found][:1] == [f"services[0].{place}"], found


def test_the_next_carrier_is_asked_and_none_twice() -> None:
    cheap = ServiceLooked("a", "yunda", "passed", 200, at(30, 0))
    same = ServiceLooked("b", "yunda", "passed", 300, at(29, 0))
    dear = ServiceLooked("c", "shunfeng", "passed", 900, at(26, 0))
    assert next_best((dear, same, cheap), "a", is_fast=False) == dear
    assert next_best((dear, same, cheap), "c", is_fast=False) is None
    assert next_best((dear, same, cheap), "c", is_fast=True) == same
    assert next_best((dear, same, cheap), "gone", is_fast=False) is None


def test_the_cheapest_or_the_soonest_is_taken() -> None:
    slow = ServiceLooked("slow", "yunda", "passed", 200, at(30, 0))
    fast = ServiceLooked("fast", "shunfeng", "passed", 900, at(26, 0))
    failed = ServiceLooked("none", "ems", "too_heavy")
    assert best([slow, fast, failed], is_fast=False) == slow and best([slow, fast], is_fast=True) == fast
    assert best([failed], is_fast=False) is None


HOUSES = [Warehouse(n, f"W{n}", "CN", "浙江省", None, 1, 100) for n in range(1, 6)]
FAR = {n: n * 100 for n in range(1, 6)}


def test_a_stop_leaves_the_nearest_and_the_decision_tells_all() -> None:
    rule = Sourcing(nearest=2, open_max=3, cost_weight=10)
    passed = (ServiceLooked("s", "yunda", "passed", 500, at(26, 0)),)
    said = dict.fromkeys((2, 3, 4), passed) | {1: (ServiceLooked("z", "zhongtong", "stopped", stop="T1"),)}
    found = with_services(rank(HOUSES, FAR, {}, "CN", "浙江省", Sourcing()), said, at(24, 10), rule)
    assert [(r.warehouse.id, r.refusal) for r in found] == [(2, ""), (3, ""), (1, "stopped")]
    taken = plan(((1, 7, 1),), found, lambda sku, house: 9, may_split=False)
    assert [(c.warehouse_id, c.verdict) for c in taken.candidates] == [(2, "chosen"), (3, "behind"), (1, "stopped")]


def test_the_dearest_candidate_gets_nothing_for_its_price() -> None:
    rule = Sourcing(0, 0, 0, cost_weight=1)
    said = {n: (ServiceLooked("s", "yunda", "passed", n * 100, at(26, 0)),) for n in (1, 2)}
    found = with_services(rank(HOUSES[:2], FAR, {}, "CN", "浙江省", rule), said, at(24, 10), rule)
    assert [(r.warehouse.id, r.score) for r in found] == [(1, 500), (2, 0)]


def test_a_split_comes_from_as_few_warehouses_as_may_be_where_that_is_preferred() -> None:
    ranked = rank(HOUSES[:3], FAR, {}, "CN", "浙江省", Sourcing())
    units = {(7, 1): 1, (7, 2): 1, (7, 3): 3}
    demand = ((1, 7, 4),)

    def houses(**how: Any) -> set[int]:
        found = plan(demand, ranked, lambda sku, house: units.get((sku, house), 0), may_split=True, **how)
        return {p.warehouse_id for p in found.picks}

    assert houses() == {1, 2, 3} and houses(is_fewest=True) == {1, 3}


def test_orders_fall_into_arms_by_their_shares_and_stay_there() -> None:
    file = replace(load_folder(BLUEPRINT).sourcing, arms=(ArmEntry("a", 30), ArmEntry("b", 70)))
    arms = compile_arms(file)
    names = [arm_of(arms, f"order-{n}").arm for n in range(2_000)]
    assert len(names) == 2_000 and 500 < names.count("a") < 700
    assert arm_of(arms, "order-1") == arm_of(arms, "order-1")


@pytest.mark.parametrize(("changed", "place"), [
    ({"carrier": "nobody"}, "services[0].carrier"), ({"cut_off": "25:00"}, "services[0].cut_off"),
    ({"name": "Not so"}, "services[0].name"), ({"weekdays": []}, "services[0].weekdays"),
    ({"coverage": [{"division": "99", "verb": "no"}]}, "services[0].coverage[0].division"),
    ({"closed": [{"first": "2026-02-02", "last": "2026-02-01", "reason": "x"}]}, "services[0].closed[0].last"),
    ({"zones": []}, "services[0].zones"),
])
def test_a_service_that_cannot_be_is_refused_with_its_place(changed: dict[str, Any], place: str) -> None:
    rule = load_folder(BLUEPRINT)
    told = services(service("zto", "zhongtong", ["HZ01"], 1, 300) | changed)
    found = check_blueprint(replace(rule, sourcing=replace(rule.sourcing, services=told)))
    assert place in [one.place for one in found]
    good = check_blueprint(replace(rule, sourcing=replace(rule.sourcing, services=services())))
    assert not good and len(compile_services(replace(rule.sourcing, services=services()))) == len(SERVICES)


def test_a_region_is_named_as_people_do_and_a_stop_finds_its_works() -> None:
    assert [division_of(one) for one in ("浙江", "杭州市", "3301", "上海")] == ["33", "3301", "3301", "31"]
    with pytest.raises(NotKept):
        division_of("火星")
    found = meeting_of(CarrierStop("T1", "zhongtong", "33", at(24, 9), None, "snow"), directory())
    assert found.houses == [1] and found.provinces == ["浙江省"] and "浙江省/杭州市" in found.cities
    assert meeting_of(CarrierStop("T1", "", "", at(24, 9), None, "all"), directory()).everywhere
