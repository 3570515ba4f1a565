"""Parcels and orders are many to many: what is in which box, under which number, and how far the order is by them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderloom.application import commands as c
from orderloom.application.refold import refold
from orderloom.domain.actor import connector
from orderloom.domain.axes import axes_of
from orderloom.domain.draft import Receiver, Said, StatedShipment, TrackEntry, TrackReport, WorkLine, WorkReport
from orderloom.domain.order import Order, state_bytes
from orderloom.testing.builders import a_line
from tests.support.bench import OPENING, Shop
from tests.support.moves import CARRIER, WMS, sealed


def add_up(shop: Shop) -> None:
    """What left is off the stock, what is held is bound, one parcel is one row, and the log gives it all back."""
    rows: dict[str, tuple[object, ...]] = {}
    for (sku, house), units in OPENING.items():
        level = shop.levels[sku, house]
        assert units - level.on_hand == sum(_out(o, sku, house) for o in shop.orders.values())
        held = [h for o in shop.orders.values() for h in o.active_stock("allocation")  # type: ignore[arg-type]
                if (h.sku_id, h.warehouse_id) == (sku, house)]  # fmt: skip
        assert level.allocated == sum(h.quantity for h in held)
    for order in shop.orders.values():
        assert state_bytes(refold(shop.log[order.id])) == state_bytes(order)
        for line in order.lines:
            assert 0 <= line.shipped <= line.fulfilled <= line.ordered - line.cancelled
        for p in order.parcels:
            row = (p.carrier, p.waybill, p.state, p.shipped_at, p.heard_at, p.delivered_at)
            assert rows.setdefault(p.id, row) == row


def _out(order: Order, sku: int, house: int) -> int:
    works = {w.seq for w in order.works if w.warehouse_id == house}
    return sum(i.quantity for p in order.parcels for i in p.items if i.work_seq in works and i.sku_id == sku)


@pytest.mark.parametrize("how", ["warehouse", "recall"])
def test_of_a_work_that_ends_half_out_no_unit_is_sent_or_counted_twice(how: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 5))
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 1),))
    if how == "warehouse":
        shop.warehouse_says("cancelled")
        shop.person(c.ReleaseHold, hold_no=1, reason="the other warehouse does it")
    else:
        shop.channel_says(("A", 4))
        shop.channel_says(("A", 5))
        shop.system_answers("work_cancel")
    add_up(shop)
    live = [w for w in shop.order().works if not w.state.is_ended]
    assert [sum(i.quantity for i in w.items) for w in live] == [4] and shop.order().lines[0].fulfilled == 5
    for w in live:
        shop.warehouse_says("handed_over", w.seq)
    add_up(shop)
    assert shop.order().lines[0].shipped == 5 and shop.order().stage == "shipped"


def test_three_boxes_of_one_work_hold_what_is_in_them() -> None:
    shop = Shop()
    shop.channel_says(("A", 4), ("B", 2))
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 1),), waybill="W1")
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 2), WorkLine("B", 1)), waybill="W2")
    assert shop.order().stage == "paid"
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 1), WorkLine("B", 1)), waybill="W3")
    add_up(shop)
    assert [sum(i.quantity for i in p.items) for p in shop.order().parcels] == [1, 3, 2]
    assert shop.order().stage == "shipped" and len(shop.sent("shipment")) == 3


def test_goods_of_two_works_in_one_box_arrive_together() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    shop.warehouse_says("handed_over", 1, waybill="W")
    shop.warehouse_says("handed_over", 2, waybill="W")
    shop.carrier_says(("in_transit", 0))
    add_up(shop)
    shop.carrier_says(("delivered", 0))
    add_up(shop)
    assert shop.order().stage == "completed"


def test_a_waybill_that_the_channel_knows_before_the_warehouse_tells_is_one_parcel() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("picked")
    told = a_line("A", 2, 1_000, external_id="L1", fulfilled=2)
    shop.channel_says(lines=(told,), shipments=(StatedShipment("W"),))
    shop.warehouse_says("handed_over", waybill="W")
    add_up(shop)
    assert (shop.order().lines[0].shipped, shop.order().lines[0].elsewhere) == (2, 0)
    assert sum(i.quantity for p in shop.order().parcels for i in p.items) == 2 and shop.sent("shipment") == []
    shop.carrier_says(("delivered", 0))
    add_up(shop)
    assert shop.order().stage == "completed" and shop.free(1) == sum(OPENING[1, h] for h in (1, 2, 3)) - 2


def test_boxes_without_a_number_each_get_their_own() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    for _ in range(2):
        shop.warehouse_says("handed_over", waybill="", lines=(WorkLine("A", 1),))
    shop.warehouse_says("handed_over", waybill="W1")
    shop.warehouse_says("handed_over", waybill="W2")
    add_up(shop)
    assert [p.waybill for p in shop.order().parcels] == ["W1", "W2"]


def test_a_number_that_comes_late_with_the_old_instant_reaches_its_box() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    shop.warehouse_says("handed_over", 1, waybill="")
    left_at = shop.at
    shop.warehouse_says("handed_over", 2)
    _report(shop, 1, "W1", left_at)
    assert shop.order().parcels[0].waybill == "W1" and "W1" in [b["waybill"] for b in shop.sent("shipment")]


def test_a_number_corrected_twice_ends_as_the_last_word() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    for waybill in ("W1", "W2", "W1"):
        shop.warehouse_says("handed_over", waybill=waybill)
    assert [p.waybill for p in shop.order().parcels] == ["W1"]
    _report(shop, 1, "W3", shop.at - timedelta(seconds=90))
    assert [p.waybill for p in shop.order().parcels] == ["W1"], "older news corrects nothing"


def test_a_carrier_that_is_corrected_under_the_same_number_is_told() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    for carrier in ("SF", "YTO"):
        shop.warehouse_says("handed_over", waybill="W1", carrier=carrier)
    assert [b["carrier"] for b in shop.sent("shipment")] == [b["carrier"] for b in shop.sent("watch")] == ["SF", "YTO"]
    shop.carrier_says(("collected", 0))
    shop.warehouse_says("handed_over", waybill="W1", carrier="JD")
    assert shop.order().parcels[0].carrier == "YTO" and "waybill_changed" in shop.opened()


@pytest.mark.parametrize("first", ["SF", ""])
def test_a_carrier_that_a_system_corrects_without_a_new_time_is_told_and_its_old_word_said_again_is_not(
    first: str,
) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over", waybill="W1", carrier=first)
    for carrier in ("YTO", "YTO", first):
        shop.warehouse_says("handed_over", seconds=0, waybill="W1", carrier=carrier)
    assert [p.carrier for p in shop.order().parcels] == ["YTO"] and not shop.opened()
    assert [b["carrier"] for b in shop.sent("shipment")] == [first, "YTO"]
    add_up(shop)


def test_a_scan_of_a_corrected_number_in_the_same_batch_stops_nobody() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over", waybill="W1")
    shop.at += timedelta(seconds=60)
    number, scan = shop.order().works[0].number, TrackEntry("c", "collected", shop.at)
    _, answer = shop.ask(
        c.ConfirmWork(actor=connector("WMS"), account_id=WMS,
                      report=WorkReport(number, Said("handed_over", "OUT", shop.at), "W2", "SF")),
        c.TrackParcel(actor=connector("KD"), account_id=CARRIER, report=TrackReport("SF", "W1", (scan,))),
    )
    assert isinstance(answer, tuple) and answer[0].code == "waybill_unknown"


def test_a_parcel_corrected_into_a_box_that_has_arrived_has_arrived() -> None:
    shop = Shop()
    for external in ("E0", "E1"):
        shop.channel_says(("A", 1), external=external)
        shop.warehouse_says("handed_over", external=external)
    shop.carrier_says(("delivered", 0))
    shop.warehouse_says("handed_over", external="E1", waybill=shop.order("E0").parcels[0].waybill)
    add_up(shop)
    assert shop.order("E1").stage == "completed"


@pytest.mark.parametrize("scan", ["in_transit", "delivered"])
def test_an_order_is_not_on_its_way_while_a_part_of_it_lies_in_the_warehouse(scan: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    shop.warehouse_says("handed_over", 1)
    shop.carrier_says((scan, 0))
    assert shop.order().stage == "paid" and axes_of(shop.order()).phase == "ready"
    shop.warehouse_says("handed_over", 2)
    assert shop.order().stage == "shipped"
    shop.carrier_says(("delivered", 0), parcel=2)
    assert shop.order().stage == ("completed" if scan == "delivered" else "shipped")


def test_an_order_whose_rest_is_taken_off_follows_what_is_on_the_road() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), ("B", 1))
    shop.warehouse_says("handed_over", lines=(WorkLine("A", 2),))
    shop.carrier_says(("delivered", 0))
    shop.channel_says(("A", 2))
    assert shop.order().stage != "completed"
    shop.system_answers("work_cancel")
    add_up(shop)
    assert shop.order().stage == "completed"


@pytest.mark.parametrize("scans", [(("in_transit", 0), ("delivered", 0)), (("delivered", 60), ("in_transit", 0)),
                                   (("lost", 60), ("delivered", 0))])  # fmt: skip
def test_an_arrival_counts_whatever_else_is_scanned_about_then(scans: tuple[tuple[str, int], ...]) -> None:
    for parts in ((scans,), tuple((scan,) for scan in scans), tuple((scan,) for scan in reversed(scans))):
        shop = Shop()
        shop.channel_says(("A", 2))
        shop.warehouse_says("handed_over")
        for part in parts:
            shop.carrier_says(*part, seconds=0)
        assert shop.order().stage == "completed", parts


def test_a_pickup_before_the_warehouses_own_time_is_a_pickup() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.carrier_says(("collected", 120))
    assert shop.order().parcels[0].state == "collected"


def test_the_history_of_a_number_that_is_used_again_delivers_nothing() -> None:
    shop = Shop()
    shop.channel_says(("A", 1))
    shop.warehouse_says("handed_over", waybill="W")
    shop.carrier_says(("delivered", 0))
    old = TrackEntry("c", "delivered", shop.at)
    shop.at += timedelta(days=120)
    shop.channel_says(("A", 1), external="E1")
    shop.warehouse_says("handed_over", external="E1", waybill="W")
    shop.ask(c.TrackParcel(actor=connector("KD"), account_id=CARRIER, report=TrackReport("SF", "W", (old,))))
    assert shop.order("E1").stage == "shipped"


def test_goods_sent_again_that_arrive_after_all_are_seen() -> None:
    shop = Shop()
    shop.channel_says(("A", 1))
    shop.warehouse_says("handed_over")
    shop.carrier_says(("lost", 0))
    shop.person(c.ReshipParcel, reason="lost")
    shop.carrier_says(("delivered", 0))
    assert "replaced_arrived" in shop.opened() and shop.order().stage == "paid"
    shop.warehouse_says("handed_over", 2)
    shop.carrier_says(("delivered", 0), parcel=2)
    assert shop.order().stage == "completed"
    add_up(shop)


def test_of_two_parcels_in_trouble_the_one_that_is_not_sent_again_is_not_forgotten() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    for work, scan in ((1, "failed"), (2, "lost")):
        shop.warehouse_says("handed_over", work)
        shop.carrier_says((scan, 0), parcel=work)
    shop.person(c.ReshipParcel, reason="lost", parcel_no=2)
    assert shop.order().stage == "failed"
    shop.warehouse_says("handed_over", 3)
    assert shop.order().stage == "failed"
    shop.carrier_says(("delivered", 0), parcel=1)
    shop.carrier_says(("delivered", 0), parcel=3)
    assert shop.order().stage == "completed"
    add_up(shop)


def test_a_shipment_of_the_channel_that_failed_and_is_taken_back_leaves_nothing_failed() -> None:
    shop = Shop()
    for external in ("E0", "E1"):
        told = a_line("A", 1, 1_000, external_id="L1", fulfilled=1)
        shop.channel_says(lines=(told,), shipments=(StatedShipment("W"),), external=external)
    shop.carrier_says(("failed", 0))
    assert [o.stage for o in shop.orders.values()] == ["failed", "failed"], "each order of the box hears of it"
    shop.channel_says(lines=(a_line("A", 1, 1_000, external_id="L1", fulfilled=0),))
    assert shop.order().stage == "paid" and len(shop.order().works) == 1
    shop.warehouse_says("handed_over")
    assert shop.order().stage == "shipped"
    add_up(shop)


def test_a_parcel_on_its_way_back_from_a_delivered_order_is_a_case() -> None:
    shop = Shop()
    shop.channel_says(("A", 10))
    for work in (1, 2):
        shop.warehouse_says("handed_over", work)
        shop.carrier_says(("delivered", 0), parcel=work)
    shop.carrier_says(("returned", 0), parcel=2)
    assert shop.order().stage == "completed" and "parcel_returned" in shop.opened()


def test_what_came_back_is_sent_again_to_the_corrected_place() -> None:
    shop = Shop()
    shop.channel_says(("A", 1))
    shop.warehouse_says("handed_over")
    shop.carrier_says(("returned", 0))
    there = {"receiver": Receiver(province="四川省"), "sealed": sealed(0)}
    for asked in ((c.AdjustReceiver, there), (c.ReshipParcel, {})):
        answer = shop.person(asked[0], reason="wrong door", **asked[1])
        assert isinstance(answer, c.Outcome) and not answer.refusal
    assert shop.order().province == "四川省" and len(shop.sent("work")) == 2
    add_up(shop)


def test_what_the_channel_sent_in_vain_can_be_sent_again_by_us_once() -> None:
    shop = Shop()
    told = a_line("KIT", 1, 1_000, external_id="L1", fulfilled=1)
    shop.channel_says(lines=(told,), shipments=(StatedShipment("W"),))
    shop.carrier_says(("lost", 0))
    shop.person(c.ReshipParcel, reason="lost")
    shop.warehouse_says("handed_over")
    shop.channel_says(lines=(told,), shipments=(StatedShipment("W"),))
    add_up(shop)
    assert len(shop.order().works) == 1 and shop.order().stage == "shipped"
    assert [i.quantity for i in shop.order().works[0].items] == [2, 1]


def test_a_work_that_the_system_never_took_is_free_when_it_is_called_back() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.person(c.CancelOrder, reason="the buyer rang")
    shop.system_answers("work", error="isv.bad_address")
    shop.system_answers("work_cancel", error="isv.no_such_order")
    assert shop.free(1) == sum(OPENING[1, h] for h in (1, 2, 3)) and not shop.opened()


def _report(shop: Shop, work: int, waybill: str, at: object) -> None:
    shop.at += timedelta(seconds=60)
    shop.ask(c.ConfirmWork(actor=connector("WMS"), account_id=WMS, report=WorkReport(
        shop.order().works[work - 1].number, Said("handed_over", "HANDED_OVER", at), waybill, "SF",  # type: ignore[arg-type]
    )))
