"""What a channel changes in an order that is under way or out: nothing is dropped in silence, nothing sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from orderloom.domain.draft import DraftLine, Said, StatedRefund, StatedShipment
from orderloom.testing.builders import a_line
from tests.support.bench import OPENING, Shop

ALL_B = sum(units for (sku, _), units in OPENING.items() if sku == 2)
WAITS: dict[str, Any] = {"payment": "partially_paid", "paid": 2_000, "is_paid": False}


@pytest.mark.parametrize("last", ["handed_over", "in_transit", "delivered", "returned", "failed"])
def test_what_is_added_and_paid_after_the_parcel_left_is_sent_too(last: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    if last != "handed_over":
        shop.carrier_says((last, 0))
    shop.channel_says(("A", 2), ("B", 1))
    assert [[(i.line_no, i.quantity) for i in w.items] for w in shop.order().works] == [[(1, 2)], [(2, 1)]]
    shop.warehouse_says("handed_over", 2)
    assert shop.order().stage == ("failed" if last in ("failed", "returned") else "shipped")
    assert shop.free(2) == ALL_B - 1
    assert len(shop.sent("shipment")) == 2


@pytest.mark.parametrize("stated", ["partially_paid", "unpaid"])
def test_no_addition_is_sent_before_it_is_paid_however_often_one_is_made(stated: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    waits = WAITS | {"payment": stated}
    shop.channel_says(("A", 2), ("B", 1), **waits)
    shop.channel_says(("A", 2), ("B", 1), ("C", 1), **waits)
    assert [line.unpaid for line in shop.order().lines] == [0, 1, 1] and len(shop.sent("work")) == 1
    assert not shop.sent("work_cancel") and "addition_unpaid" in shop.opened()
    shop.channel_says(("A", 2), ("B", 1), ("C", 1))
    assert [[i.line_no for i in w.items] for w in shop.order().works] == [[1], [2, 3]]


def test_an_addition_that_is_never_paid_leaves_the_order_where_its_parcel_is() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.channel_says(("A", 2), ("B", 1), **WAITS)
    shop.warehouse_says("handed_over")
    assert shop.order().stage == "shipped"
    shop.carrier_says(("out_for_delivery", 0))
    shop.channel_says(("A", 2))
    assert shop.order().stage == "out_for_delivery" and len(shop.order().works) == 1
    shop.carrier_says(("delivered", 0))
    assert shop.order().stage == "completed"


def test_an_addition_that_cannot_be_filled_and_is_taken_off_leaves_a_delivered_order_complete() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.channel_says(("A", 2), ("B", 99))
    assert shop.order().stage == "short"
    shop.carrier_says(("delivered", 0))
    shop.channel_says(("A", 2))
    assert shop.order().stage == "completed"


@pytest.mark.parametrize("renamed", [
    (a_line("A", 2, 1_000, external_id=""),), (a_line("A", 2, 1_000, external_id="X-9"),),
    (a_line("A", 2, 1_000, external_id="A"),),
], ids=["gone", "other", "sku"])  # fmt: skip
@pytest.mark.parametrize("last", ["picked", "handed_over"])
def test_a_line_under_another_id_is_not_sent_again(renamed: tuple[DraftLine, ...], last: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.warehouse_says(last)
    shop.channel_says(lines=renamed)
    shop.channel_says(("A", 2))
    assert len(shop.order().works) == 1 and not shop.sent("work_cancel") and len(shop.order().lines) == 1


TWO = (a_line("A", 2, 1_000, external_id="L#1"), a_line("A", 1, 0, external_id="L#2"))


@pytest.mark.parametrize("lines", [
    TWO[::-1], (a_line("A", 2, 1_000, external_id=""), a_line("A", 1, 0, external_id="")),
    (a_line("A", 1, 0, external_id=""), a_line("A", 2, 1_000, external_id="")),
    (a_line("A", 2, 1_000, external_id="X"), a_line("A", 1, 0, external_id="X")),
], ids=["reordered", "no ids", "no ids, reordered", "one id"])  # fmt: skip
def test_two_lines_of_one_sku_stay_two_whatever_their_ids(lines: tuple[DraftLine, ...]) -> None:
    shop = Shop()
    shop.channel_says(lines=TWO)
    shop.channel_says(lines=lines)
    assert [(line.ordered, line.price) for line in shop.order().lines] == [(2, 1_000), (1, 0)]
    assert not shop.sent("work_cancel") and len(shop.order().works) == 1


def test_ids_that_end_in_a_number_do_not_exchange_their_goods() -> None:
    shop = Shop()
    lines = (a_line("A", 1, 1_000, external_id="L#1"), a_line("B", 1, 1_000, external_id="L#2"))
    shop.channel_says(lines=lines)
    shop.channel_says(lines=lines[::-1])
    assert [line.sku_external for line in shop.order().lines] == ["A", "B"] and not shop.sent("work_cancel")


def _shipped(units: int, *waybills: str) -> dict[str, Any]:
    return {"lines": (a_line("B", 3, 1_000, external_id="L1", fulfilled=units),),
            "shipments": tuple(StatedShipment(waybill) for waybill in waybills)}  # fmt: skip


def test_each_shipment_of_the_channel_holds_what_is_new_in_it() -> None:
    shop = Shop()
    shop.channel_says(**_shipped(1, "W1"))
    shop.channel_says(**_shipped(3, "W1", "W2"))
    assert [[i.quantity for i in p.items] for p in shop.order().parcels] == [[1], [2]]
    shop.system_answers("work_cancel")
    assert shop.order().stage == "shipped" and shop.free(2) == ALL_B


def test_a_fulfilment_that_the_channel_took_back_is_ours_to_send_once() -> None:
    shop = Shop()
    shop.channel_says(**_shipped(3, "W1", "W2"))
    assert shop.order().stage == "shipped" and not shop.order().works
    shop.channel_says(**_shipped(1, "W2"))
    assert [sum(i.quantity for i in w.items) for w in shop.order().works] == [2] and shop.free(2) == ALL_B - 2
    shop.warehouse_says("handed_over")
    shop.carrier_says(("delivered", 0), parcel=3)
    shop.carrier_says(("delivered", 0), parcel=2)
    assert shop.order().stage == "completed"


def test_a_file_that_knows_of_no_shipment_unsends_nothing() -> None:
    shop = Shop()
    shop.channel_says(**_shipped(3, "W1"))
    shop.channel_says(**_shipped(0), is_revision_assumed=True)
    assert not shop.order().works and shop.order().stage == "shipped"


def test_goods_to_be_paid_at_the_door_stay_so_when_the_channel_forgets() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), payment="cod", is_paid=False)
    shop.channel_says(("A", 2), payment="unpaid", is_paid=False)
    assert shop.order().payment == "cod" and "payment_went_back" in shop.opened()


def test_an_order_that_was_refunded_before_it_was_seen_keeps_no_goods() -> None:
    shop = Shop()
    shop.channel_says(("B", 2), payment="refunded", refunded=2_000)
    assert shop.free(2) == ALL_B and shop.order().stage == "cancelled"


def test_a_cancellation_that_the_channel_takes_back_asks_somebody() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.channel_says(("A", 2), is_cancelled=True, said=(Said("cancelled", "closed", shop.at),))
    assert "cancel_taken_back" not in shop.opened()
    shop.channel_says(("A", 2))
    assert "cancel_taken_back" in shop.opened() and shop.order().is_cancelled


def test_a_cancellation_from_before_a_revision_that_was_dated_years_ahead_is_heard() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), revision=shop.at.replace(year=2036))
    shop.channel_says(("A", 2), is_cancelled=True, revision=shop.at.replace(second=1), seconds=90)
    assert shop.order().is_cancelled and shop.order().stage == "cancelled"


def test_another_waybill_for_our_own_parcel_at_the_channel_is_seen() -> None:
    shop = Shop()
    shop.channel_says(("A", 2))
    for waybill in ("W1", "W2"):
        shop.warehouse_says("handed_over", waybill=waybill)
    told = a_line("A", 2, 1_000, external_id="L1", fulfilled=2)
    for waybill in ("W1", "W2"):  # the one before the correction, and the one that was told
        shop.channel_says(lines=(told,), shipments=(StatedShipment(waybill),))
    assert "waybill_changed" not in shop.opened()
    shop.channel_says(lines=(told,), shipments=(StatedShipment("W9"),))
    assert "waybill_changed" in shop.opened() and len(shop.order().parcels) == 1


def test_an_order_that_is_lowered_and_raised_again_after_it_left_is_out() -> None:
    shop = Shop()
    for units in (3, 1, 3):
        shop.channel_says(("A", units))
        if not shop.order().parcels:
            shop.warehouse_says("handed_over")
    assert shop.order().lines[0].shipped == 3 and shop.order().stage == "shipped" and len(shop.order().works) == 1
    shop.channel_says(("A", 4))
    assert [[i.quantity for i in w.items] for w in shop.order().works] == [[3], [1]]


def test_other_goods_under_the_id_of_a_line_that_left_are_another_line() -> None:
    shop = Shop()
    shop.channel_says(("A", 1))
    shop.warehouse_says("handed_over")
    for _ in range(2):
        shop.channel_says(lines=(a_line("B", 1, 1_000, external_id="L1"),))
    assert [(line.sku_external, line.is_closed) for line in shop.order().lines] == [("A", True), ("B", False)]
    assert [[i.line_no for i in w.items] for w in shop.order().works] == [[1], [2]]
    shop = Shop()
    shop.channel_says(("A", 1))
    shop.warehouse_says("handed_over")
    shop.channel_says(lines=(a_line("B", 1, 1_000, external_id="L1", fulfilled=1),))
    assert len(shop.order().works) == 1, "which the channel says are out already"


@pytest.mark.parametrize("payment", ["paid", "overcharged", "partially_paid"])
def test_money_that_becomes_less_without_a_word_of_a_refund_is_seen_by_a_person(payment: str) -> None:
    shop = Shop()
    shop.channel_says(("A", 2), payment=payment, paid=2_000)
    shop.channel_says(("A", 2), payment=payment, paid=1_500)
    assert "paid_less" in shop.opened() and shop.order().paid == 2_000


def test_money_that_was_given_back_in_so_many_words_asks_nobody() -> None:
    shop = Shop()
    shop.channel_says(("A", 2), paid=2_000)
    shop.channel_says(("A", 2), paid=1_500, refunded=500)
    shop.channel_says(("A", 2), paid=1_500, refunds=(StatedRefund("r1", 500),))
    shop.channel_says(("A", 2), paid=1_500)
    shop.channel_says(("A", 2), paid=1_400, payment="partially_refunded")
    shop.channel_says(("A", 2), paid=0, payment="refunded", is_cancelled=True)
    assert "paid_less" not in shop.opened()
