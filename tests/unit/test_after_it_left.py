"""What a channel changes about an order that has left: additions and exchanges are sent, nothing is sent twice."""

from __future__ import annotations

from typing import Any

import pytest

from orderloom.domain.draft import DraftLine, Receiver
from orderloom.testing.builders import a_line
from tests.support.bench import Shop


def line(no: int, sku: str, quantity: int = 1, price: int = 1_000, **changes: Any) -> DraftLine:
    return a_line(sku, quantity, price, external_id=f"L{no}", **changes)


def works(shop: Shop) -> list[list[tuple[int, int]]]:
    """(line, units) of each piece of work that still stands."""
    return [[(i.line_no, i.quantity) for i in w.items] for w in shop.order().works if w.state != "cancelled"]


def sent(*scans: str) -> Shop:
    """A shop whose order of one A has left, with what its carrier said since."""
    shop = Shop()
    shop.channel_says(lines=(line(1, "A"),))
    shop.system_answers("work")
    shop.warehouse_says("handed_over")
    for scan in scans:
        shop.carrier_says((scan, 1))
    return shop


@pytest.mark.parametrize("scans", [(), ("in_transit",), ("out_for_delivery",), ("failed",), ("delivered",)])
def test_what_is_added_to_an_order_after_its_parcel_left_is_sent_too(scans: tuple[str, ...]) -> None:
    shop = sent(*scans)
    shop.channel_says(lines=(line(1, "A"), line(2, "B", 1, 2_500)))
    assert works(shop) == [[(1, 1)], [(2, 1)]]
    assert len(shop.sent("work")) == 2 and not shop.sent("work_cancel")


def test_an_exchange_after_delivery_sends_the_new_article_and_not_the_old_one() -> None:
    shop = sent("delivered")
    gone = line(1, "A", is_closed=True, goods=0, fulfilled=0)
    shop.channel_says(lines=(gone, line(2, "B", 1, 2_500, fulfilled=0)), total=2_500, paid=3_500, refunded=1_000)
    assert works(shop)[-1] == [(2, 1)] and len(shop.sent("work")) == 2
    shop.channel_says(lines=(gone, line(2, "B", 1, 2_500, fulfilled=0)), total=2_500, paid=3_500, refunded=1_000)
    assert len(shop.sent("work")) == 2


def test_an_addition_that_nobody_paid_for_waits_after_the_parcel_left_as_before() -> None:
    shop = sent()
    lines = (line(1, "A"), line(2, "B", 1, 2_500))
    shop.channel_says(lines=lines, payment="partially_paid", paid=1_000)
    assert works(shop) == [[(1, 1)]] and "addition_unpaid" in shop.opened()
    shop.channel_says(lines=lines, payment="paid", paid=3_500)
    assert works(shop) == [[(1, 1)], [(2, 1)]]


def test_news_of_an_order_that_left_sends_nothing_again() -> None:
    shop = sent("delivered")
    for told in (0, 1, None):
        shop.channel_says(lines=(line(1, "A", fulfilled=told),), note=f"said {told}")
    assert works(shop) == [[(1, 1)]] and shop.order().stage == "completed"


def test_a_shipment_that_the_shop_takes_back_is_sent_by_the_hub() -> None:
    shop = Shop()
    shop.channel_says(lines=(line(1, "A", 2, fulfilled=2),))
    assert works(shop) == [] and shop.order().stage == "shipped"
    shop.channel_says(lines=(line(1, "A", 2, fulfilled=0),))
    assert works(shop) == [[(1, 2)]]


def test_a_list_that_says_nothing_of_shipping_sends_nothing_that_another_one_said_is_shipped() -> None:
    shop = Shop()
    shop.channel_says(lines=(line(1, "A", 2, fulfilled=2), line(2, "B")))
    assert works(shop) == [[(2, 1)]]
    shop.channel_says(lines=(line(1, "A", 2), line(2, "B")), note="exported without the column")
    assert works(shop) == [[(2, 1)]] and [one.elsewhere for one in shop.order().lines] == [2, 0]
    shop.channel_says(lines=(line(1, "A", 1), line(2, "B")))
    assert shop.order().lines[0].elsewhere == 1


def test_a_partial_refund_and_then_a_cancellation_give_the_goods_back_once() -> None:
    shop = Shop()
    before = shop.free(1)
    shop.channel_says(lines=(line(1, "A", 3),))
    shop.channel_says(lines=(line(1, "A", 2),), payment="partially_refunded", paid=3_000, refunded=1_000)
    shop.channel_says(lines=(line(1, "A", 2),), is_cancelled=True, payment="refunded", paid=3_000, refunded=3_000)
    for work in range(1, len(shop.order().works) + 1):
        shop.system_answers("work_cancel", work)
        shop.warehouse_says("cancelled", work, waybill="", carrier="")
    assert (shop.free(1), shop.order().refunded) == (before, 3_000)


def test_an_address_that_comes_later_than_its_order_lets_it_go() -> None:
    shop = Shop()
    shop.channel_says(lines=(line(1, "A"),), receiver=Receiver(country="US", city="Reno"), flags=("no_receiver",))
    assert works(shop) == [] and "no_receiver" in shop.opened()
    shop.channel_says(lines=(line(1, "A"),))
    assert works(shop) == [[(1, 1)]]


@pytest.mark.parametrize("free", [{"price": 0}, {"discount": 1_000}, {"amount": 0, "discount": 1_000}])
def test_goods_that_cost_nothing_are_sent(free: dict[str, int]) -> None:
    shop = Shop()
    shop.channel_says(lines=(line(1, "A", **free),), total=0, paid=0)
    assert works(shop) == [[(1, 1)]] and not shop.opened()
