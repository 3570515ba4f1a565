"""A Shopify order adds up whatever was charged, refunded, taken off or handed over before it was first seen."""

from __future__ import annotations

from typing import Any

import pytest

from orderloom.domain.draft import OrderDraft, StatedCharge, StatedRefund, StatedShipment
from tests.support.adding_up import draft, off

USD = {"currency": "USD", "presentment_currency": "USD"}


def shop(amount: str) -> dict[str, Any]:
    return {"shop_money": {"amount": amount, "currency_code": "USD"}}


def line(**changes: Any) -> dict[str, Any]:
    return {"id": 1, "sku": "M-001", "title": "Mug", "quantity": 2, "current_quantity": 2, "fulfillable_quantity": 2,
            "fulfillment_status": None, "price": "30.00", "requires_shipping": True, "discount_allocations": [],
            **changes}  # fmt: skip


def refund(amount: str, *adjustments: tuple[str, str], **changes: Any) -> dict[str, Any]:
    return {"id": 7, "created_at": "2026-09-05T09:00:00-04:00",
            "order_adjustments": [{"kind": kind, "amount": value} for kind, value in adjustments],
            "transactions": [{"kind": "refund", "status": "success", "amount": amount}], **changes}  # fmt: skip


def read(*lines: dict[str, Any], **changes: Any) -> OrderDraft:
    """Two mugs of 30.00 and shipping of 5.00, paid: 65.00."""
    body = {
        "id": 1, "name": "#1001", "created_at": "2026-09-05T08:00:00-04:00", "updated_at": "2026-09-05T08:01:00-04:00",
        "processed_at": "2026-09-05T08:00:00-04:00", "cancelled_at": None, **USD, "total_discounts": "0.00",
        "current_total_discounts": "0.00", "total_shipping_price_set": shop("5.00"), "current_subtotal_price": "60.00",
        "current_total_tax": "0.00", "total_price": "65.00", "current_total_price": "65.00", "taxes_included": False,
        "total_outstanding": "0.00", "financial_status": "paid", "line_items": list(lines) or [line()], "refunds": [],
        "fulfillments": [], "source_name": "web", "shipping_address": {"name": "Pat", "country_code": "CA"}, **changes,
    }  # fmt: skip
    return draft("shopify", "orders/updated", body)


BACK = {"financial_status": "partially_refunded"}
CODE = {"total_discounts": "5.00", "current_total_discounts": "5.00", "total_price": "60.00",
        "current_total_price": "60.00"}  # fmt: skip
ADDS_UP: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("an order as it is placed", {}, {"paid": 6500, "refunded": 0, "freight": 500}),
    ("shipping refunded, current figure",
     {**BACK, "current_total_price": "60.00", "current_shipping_price_set": shop("0.00"), "refunds": [refund("5.00")]},
     {"total": 6000, "paid": 6500, "refunded": 500, "freight": 0}),
    ("shipping refunded, no current figure",
     {**BACK, "current_total_price": "60.00", "refunds": [refund("5.00", ("shipping_refund", "-5.00"))]},
     {"total": 6000, "paid": 6500, "refunded": 500, "freight": 0}),
    ("shipping refunded, total left as it was",
     {**BACK, "refunds": [refund("5.00", ("shipping_refund", "-5.00"))]},
     {"total": 6500, "paid": 6500, "refunded": 500, "freight": 500}),
    ("goodwill, total lowered",
     {**BACK, "current_total_price": "62.00", "refunds": [refund("3.00", ("refund_discrepancy", "-3.00"))]},
     {"total": 6200, "paid": 6500, "refunded": 300}),
    ("goodwill, total left as it was",
     {**BACK, "refunds": [refund("3.00", ("refund_discrepancy", "-3.00"))]},
     {"total": 6500, "paid": 6500, "refunded": 300, "charges": ()}),
    ("one mug refunded, no list of refunds",
     {**BACK, "current_total_price": "35.00", "current_subtotal_price": "30.00",
      "line_items": [line(current_quantity=1)]},
     {"total": 3500, "paid": 6500, "refunded": 3000}),
    ("a line taken off wholly",
     {**BACK, "current_total_price": "35.00", "current_subtotal_price": "30.00",
      "line_items": [line(current_quantity=0), line(id=2, quantity=1, current_quantity=1)]},
     {"total": 3500, "paid": 6500, "refunded": 3000}),
    ("all given back, no list of refunds", {"financial_status": "refunded"}, {"paid": 6500, "refunded": 6500}),
    ("an unpaid addition",
     {"financial_status": "partially_paid", "current_total_price": "95.00", "total_outstanding": "30.00",
      "current_subtotal_price": "90.00", "line_items": [line(), line(id=2, quantity=1, current_quantity=1)]},
     {"total": 9500, "paid": 6500, "payment": "partially_paid"}),
    ("an unpaid addition to what is called paid",
     {"total_price": "95.00", "current_total_price": "95.00", "total_outstanding": "30.00",
      "line_items": [line(), line(id=2, quantity=1, current_quantity=1)]},
     {"total": 9500, "paid": 6500, "payment": "partially_paid"}),
    ("a paid addition that only the current total knows",
     {"current_total_price": "95.00", "line_items": [line(), line(id=2, quantity=1, current_quantity=1)]},
     {"total": 9500, "paid": 9500, "payment": "paid"}),
    ("free shipping by a code, the current figure without it",
     {**CODE,
      "current_shipping_price_set": shop("0.00"),
      "shipping_lines": [{"title": "Std", "discount_allocations": [{"amount": "5.00"}]}]},
     {"total": 6000, "paid": 6000}),
    ("free shipping by a code, the current figure with it",
     {**CODE,
      "current_shipping_price_set": shop("5.00"),
      "shipping_lines": [{"title": "Std", "discount_allocations": [{"amount": "5.00"}]}]},
     {"total": 6000, "paid": 6000}),
    ("duties, fees and a tip",
     {"total_price": "71.00", "current_total_price": "71.00", "total_tip_received": "2.00",
      "current_total_duties_set": shop("3.00"), "current_total_additional_fees_set": shop("1.00")},
     {"charges": (StatedCharge("tip", 200), StatedCharge("duty", 300), StatedCharge("fee", 100))}),
    ("duties as placed",
     {"total_price": "68.00", "current_total_price": "68.00", "original_total_duties_set": shop("3.00")},
     {"charges": (StatedCharge("duty", 300),)}),
    ("an article exchanged for a dearer one that was paid for",
     {"total_price": "35.00", "current_total_price": "55.00", "current_subtotal_price": "50.00",
      "line_items": [line(quantity=1, current_quantity=0, fulfillable_quantity=0, fulfillment_status="fulfilled"),
                     line(id=2, quantity=1, current_quantity=1, fulfillable_quantity=1, price="50.00")]},
     {"total": 5500, "paid": 5500, "refunded": 0}),
    ("an article exchanged for a cheaper one",
     {**BACK, "total_price": "35.00", "current_total_price": "25.00", "current_subtotal_price": "20.00",
      "line_items": [line(quantity=1, current_quantity=0, fulfillable_quantity=0, fulfillment_status="fulfilled"),
                     line(id=2, quantity=1, current_quantity=1, fulfillable_quantity=1, price="20.00")],
      "refunds": [refund("10.00")]},
     {"total": 2500, "paid": 3500, "refunded": 1000}),
    ("everything given away",
     {"total_discounts": "65.00", "current_total_discounts": "65.00", "current_subtotal_price": "0.00",
      "total_price": "0.00", "current_total_price": "0.00",
      "line_items": [line(discount_allocations=[{"amount": "60.00"}])],
      "shipping_lines": [{"title": "Std", "discount_allocations": [{"amount": "5.00"}]}]},
     {"total": 0, "paid": 0, "payment": "paid"}),
    ("tax on what is left after the discount",
     {"total_discounts": "10.00", "current_total_discounts": "10.00", "current_subtotal_price": "50.00",
      "total_price": "60.50", "current_total_price": "60.50", "current_total_tax": "5.50",
      "line_items": [line(discount_allocations=[{"amount": "10.00"}])]},
     {"tax": 550, "total": 6050}),
    ("tax within prices and shipping", {"taxes_included": True, "current_total_tax": "10.83"}, {"tax": 0}),
    ("shipping refunded in a buyer's currency",
     {**BACK, "presentment_currency": "EUR", "current_total_price": "60.00",
      "current_shipping_price_set": shop("0.00"), "refunds": [refund("4.50", ("shipping_refund", "-4.50"))]},
     {"total": 6000, "paid": 6500, "refunded": 500, "freight": 0}),
    ("a tip among the lines",
     {"total_price": "67.00", "current_total_price": "67.00", "total_tip_received": "2.00",
      "line_items": [line(), line(id=3, sku=None, title="Tip", quantity=1, price="2.00", tip_payment_method="V")]},
     {"charges": (StatedCharge("tip", 200),)}),
    ("cash on delivery", {"financial_status": "pending", "payment_gateway_names": ["Cash on Delivery (COD)"]},
     {"payment": "cod", "paid": 0}),
    ("another way to pay later", {"financial_status": "pending", "payment_gateway_names": ["Codpay transfer"]},
     {"payment": "unpaid", "paid": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "wanted"), [pytest.param(c, w, id=name) for name, c, w in ADDS_UP])
def test_no_order_is_held_because_its_money_moved(changes: dict[str, Any], wanted: dict[str, Any]) -> None:
    order = read(**changes)
    assert off(order, "shopify") == []
    assert {name: getattr(order, name) for name in wanted} == wanted


def test_a_refund_is_known_by_its_id_and_only_by_what_came_back() -> None:
    failed = {"kind": "refund", "status": "failure", "amount": "9.00"}
    given = refund("2.00")
    given["transactions"] += [failed, {"kind": "refund", "status": "success", "amount": "1.00"}]
    order = read(**BACK, refunds=[given, refund("0.00", id=8), {"id": 9, "created_at": "2026-09-05T09:00:00-04:00"}])
    assert [(one.external_id, one.amount) for one in order.refunds] == [("7", 300)]
    assert order.refunded == 300


def test_a_refund_in_the_buyers_currency_is_not_counted_in_the_shops() -> None:
    order = read(**BACK, presentment_currency="EUR", current_total_price="60.00", refunds=[refund("4.50")])
    assert (order.refunds, order.refunded) == ((), 500)
    same = read(**BACK, refunds=[refund("4.50")])
    assert same.refunds == (StatedRefund("7", 450, order.revision.replace(hour=13, minute=0)),)


GONE_OUT: list[tuple[str, dict[str, Any], int]] = [
    ("nothing yet", {}, 0),
    ("one of two", {"fulfillable_quantity": 1, "fulfillment_status": "partial"}, 1),
    ("one of two, by a service that has not told", {"fulfillable_quantity": 1}, 1),
    ("all", {"fulfillable_quantity": 0, "fulfillment_status": "fulfilled"}, 2),
    ("all, without a quantity", {"fulfillable_quantity": None, "fulfillment_status": "fulfilled"}, 2),
    ("one of two went out, it came back and was refunded", {"current_quantity": 1, "fulfillable_quantity": 1}, 0),
    ("one of two went out, the other was refunded", {"current_quantity": 1, "fulfillable_quantity": 0}, 1),
    ("more left than there is", {"current_quantity": 1, "fulfillable_quantity": 2}, 0),
    ("nothing to send", {"requires_shipping": False, "fulfillable_quantity": 0}, 0),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "fulfilled"), [pytest.param(c, n, id=name) for name, c, n in GONE_OUT])
def test_what_the_shop_has_sent_is_not_sent_again(changes: dict[str, Any], fulfilled: int) -> None:
    assert read(line(**changes)).lines[0].fulfilled == fulfilled


def test_a_cancelled_order_of_which_nothing_is_left_to_send_was_not_sent() -> None:
    cancelled = {"cancelled_at": "2026-09-05T09:00:00-04:00"}
    assert read(line(fulfillable_quantity=0), **cancelled).lines[0].fulfilled == 0
    assert read(line(fulfillable_quantity=0, fulfillment_status="fulfilled"), **cancelled).lines[0].fulfilled == 2


def test_a_line_that_needs_no_shipping_is_told_from_goods() -> None:
    service, card = {"requires_shipping": False}, {"gift_card": True}
    kinds = [read(line(**changes)).lines[0].kind for changes in ({}, service, card, service | card)]
    assert kinds == ["", "service", "virtual", "virtual"]


def test_every_parcel_of_the_shop_is_known_by_its_waybill() -> None:
    order = read(fulfillments=[
        {"status": "success", "created_at": "2026-09-06T08:00:00Z", "tracking_company": "UPS",
         "tracking_numbers": ["1Z1", "1Z2"], "tracking_number": "1Z1"},
        {"status": "cancelled", "created_at": "2026-09-06T08:00:00Z", "tracking_number": "1Z0"},
        {"status": "success", "created_at": "2026-09-06T08:00:00Z", "tracking_number": None},
        {"status": None, "created_at": "2026-09-06T08:00:00Z", "tracking_number": "DHL9"},
    ])  # fmt: skip
    assert [(one.waybill, one.carrier) for one in order.shipments] == [("1Z1", "ups"), ("1Z2", "ups"), ("DHL9", "")]
    assert isinstance(order.shipments[0], StatedShipment) and order.shipments[0].at is not None


@pytest.mark.parametrize(
    ("changes", "is_pickup"),
    [
        ({}, False),
        ({"source_name": "pos", "shipping_address": None}, True),
        ({"source_name": "pos"}, False),
        ({"shipping_address": None}, False),
        ({"shipping_lines": [{"title": "Local Pickup"}]}, True),
        ({"shipping_lines": [{"title": "UPS", "code": "local_pickup"}]}, True),
        ({"shipping_lines": [{"title": "Main St", "delivery_category": "pick_up"}]}, True),
        ({"shipping_lines": [{"title": "Pickup point of the carrier"}]}, False),
        ({"shipping_lines": [{"title": "Pick up", "code": None}], "shipping_address": None}, True),
        ({"shipping_lines": [{"title": "Local delivery"}]}, False),
    ],
)
def test_an_order_that_is_fetched_is_told_from_one_with_nobody_to_send_to(
    changes: dict[str, Any], is_pickup: bool
) -> None:
    assert read(**changes).is_pickup is is_pickup


def test_an_order_is_found_by_the_number_that_its_buyer_knows() -> None:
    assert read().external_number == "#1001"
