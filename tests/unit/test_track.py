"""A carrier's scans move the parcel forwards; the order is delivered when every parcel is."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.application.dispatch import watcher_of
from orderloom.application.ports import Account
from orderloom.domain.actor import connector
from orderloom.domain.draft import TrackEntry, TrackReport
from tests.support.bench import Shop


def out(*basket: tuple[str, int]) -> Shop:
    shop = Shop()
    shop.channel_says(*basket)
    for work in range(1, len(shop.order().works) + 1):
        shop.warehouse_says("handed_over", work)
    return shop


def test_the_buyer_sees_the_way_of_the_parcel_to_the_door() -> None:
    shop = out(("A", 2))
    for scan, stage in (("collected", "shipped"), ("out_for_delivery", "out_for_delivery"), ("delivered", "completed")):
        shop.carrier_says((scan, 0))
        assert shop.order().stage == stage
    assert shop.order().parcels[0].delivered_at == shop.at


def test_an_order_in_two_parcels_is_not_delivered_by_one() -> None:
    shop = out(("A", 10))
    shop.carrier_says(("delivered", 0), parcel=1)
    assert shop.order().stage == "shipped"
    shop.carrier_says(("delivered", 0), parcel=2)
    assert shop.order().stage == "completed"


def test_a_scan_that_comes_late_does_not_take_the_parcel_back() -> None:
    shop = out(("A", 2))
    shop.carrier_says(("out_for_delivery", 0), seconds=7_200)
    shop.carrier_says(("in_transit", 3_600))
    assert shop.order().parcels[0].state == "out_for_delivery"
    assert {x.milestone for x in shop.order().claims} >= {"in_transit", "out_for_delivery"}


def test_a_delivered_parcel_is_not_lost_again() -> None:
    shop = out(("A", 2))
    shop.carrier_says(("delivered", 0))
    shop.carrier_says(("lost", 0))
    assert shop.order().parcels[0].state == "delivered"


def test_the_same_history_asked_for_again_changes_nothing() -> None:
    shop = out(("A", 2))
    shop.carrier_says(("collected", 20), ("in_transit", 10))
    before = shop.order()
    waybill = before.parcels[0].waybill
    shop.ask(c.TrackParcel(actor=connector("KD"), account_id=3, report=TrackReport("SF", waybill, tuple(
        TrackEntry(code=x.native, milestone=x.milestone, at=x.said_at) for x in before.claims if x.system == "KD"
    ))))
    assert shop.order() is before


@pytest.mark.parametrize(("scan", "case"), [("failed", "parcel_failed"), ("lost", "parcel_lost"),
                                            ("returning", "parcel_returned")])
def test_trouble_on_the_way_is_a_case_at_once(scan: str, case: str) -> None:
    shop = out(("A", 10))
    shop.carrier_says((scan, 0), parcel=2)
    assert shop.order().stage == "failed" and case in shop.opened()


def test_the_case_of_a_parcel_says_what_went_wrong_and_who_is_to_blame() -> None:
    for incident, said, blame in (("refused", "", "receiver"), ("missing", "", "carrier"), ("voided", "", "seller"),
                                  ("at_customs", "", "customs"),
                                  ("bad_weather", "", "weather"), ("late", "seller", "seller")):
        shop = out(("A", 2))
        scan = TrackEntry("203", "failed", shop.at, "", "", incident, said)
        report = TrackReport("SF", shop.order().parcels[0].waybill, (scan,))
        shop.ask(c.TrackParcel(actor=connector("KD"), account_id=3, report=report))
        told = shop.evidence["parcel_failed"]
        assert (told["incident"], told["blame"], told["waybill"]) == (incident, blame, report.waybill)


def test_a_waybill_of_nobody_waits_for_its_parcel() -> None:
    shop = Shop()
    [answer] = shop.ask(c.TrackParcel(actor=connector("KD"), account_id=3, report=TrackReport("SF", "SF404", ())))
    assert isinstance(answer, tuple) and answer[0].key == "waybill:SF404"


def test_a_parcel_that_does_not_move_for_two_days_is_chased() -> None:
    shop = out(("A", 2))
    shop.carrier_says(("in_transit", 0))
    assert "carrier_stalled" in shop.time_passes(48 * 3600)
    assert "carrier_stalled" in shop.opened()


def test_a_parcel_that_is_out_and_never_picked_up_is_noticed_within_a_day() -> None:
    shop = out(("A", 2))
    assert "out_without_collection" in shop.time_passes(24 * 3600)


def test_a_pickup_far_from_the_warehouses_own_time_is_shown() -> None:
    shop = out(("A", 2))
    shop.carrier_says(("collected", 0), seconds=170)
    assert "ship_times_differ" not in shop.opened()
    shop = out(("A", 2))
    shop.carrier_says(("collected", 0), seconds=181)
    assert "ship_times_differ" in shop.opened()


def test_a_carriers_own_account_follows_its_parcels_and_a_service_for_all_the_others() -> None:
    shop = out(("A", 2))
    queued = [d.account_id for d in shop.deliveries if d.kind == "watch"]
    assert queued == [3], "one account that follows anybody's"
    accounts = [Account(n, f"C{n}", "carriers", "x", "UTC", "", {}, {}, True, follows)
                for n, follows in ((3, ()), (4, None), (5, ("shunfeng",)))]
    for carrier, watcher in (("shunfeng", 5), ("yuantong", 4), ("", 4)):
        assert watcher_of(accounts, carrier) is accounts[watcher - 3]
    assert watcher_of(accounts[:1], "shunfeng") is None
