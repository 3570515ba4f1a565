"""An order that its channel cancelled or paid back is over, whatever the channel lets become of its amounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderloom.application import commands as c
from orderloom.domain.actor import connector
from orderloom.domain.beyond import beyond
from orderloom.domain.draft import OrderDraft
from tests.support.adding_up import draft
from tests.support.bench import Shop
from tests.support.moves import CHANNEL, sealed

Body = dict[str, Any]
LATER = "2026-09-04T09:00:00Z"
USA = "ATVPDKIKX0DER"


def amazon(item: Body | None = None, **order: Any) -> OrderDraft:
    """Two pieces for 100.00 less 10.00, with freight 5.00 and tax 9.00."""
    money = {"CurrencyCode": "USD"}
    stated = {
        "AmazonOrderId": "E0", "PurchaseDate": "2026-09-04T08:00:00Z", "LastUpdateDate": "2026-09-04T08:10:00Z",
        "OrderStatus": "Unshipped", "FulfillmentChannel": "MFN", "MarketplaceId": USA,
        "OrderTotal": {**money, "Amount": "104.00"}, **order,
    }  # fmt: skip
    one = {
        "OrderItemId": "1", "SellerSKU": "A", "QuantityOrdered": 2, "QuantityShipped": 0,
        "ItemPrice": {**money, "Amount": "100.00"}, "ItemTax": {**money, "Amount": "8.00"},
        "ShippingPrice": {**money, "Amount": "5.00"}, "ShippingTax": {**money, "Amount": "1.00"},
        "PromotionDiscount": {**money, "Amount": "10.00"}, **(item or {}),
    }  # fmt: skip
    return draft("amazon", "order", {"Order": stated, "OrderItems": [one]})


def amazon_2026(status: str, quantity: int, total: str | None) -> OrderDraft:
    """Two pieces for 100.00, with freight 5.00 and tax 8.00."""
    def part(kind: str, amount: str) -> Body:
        return {"type": kind, "subtotal": {"currencyCode": "USD", "amount": amount}}

    item: Body = {"orderItemId": "1", "quantityOrdered": quantity, "product": {"sellerSku": "A"}}
    if total is not None:
        item["proceeds"] = {"breakdowns": [part("ITEM", "100.00")]}
        item["product"]["price"] = {"unitPrice": {"currencyCode": "USD", "amount": "50.00"}}
    proceeds = {"grandTotal": {"currencyCode": "USD", "amount": total},
                "breakdowns": [part("ITEM", "100.00"), part("SHIPPING", "5.00"), part("TAX", "8.00")]}  # fmt: skip
    return draft("amazon", "order_2026", {
        "orderId": "E0", "createdTime": "2026-09-04T08:00:00Z",
        "lastUpdatedTime": "2026-09-04T08:10:00Z" if status == "UNSHIPPED" else LATER,
        "salesChannel": {"marketplaceId": USA}, "orderItems": [item],
        "fulfillment": {"fulfillmentStatus": status, "fulfilledBy": "MERCHANT"},
        **({"proceeds": proceeds} if total is not None else {}),
    })  # fmt: skip


def taobao(line: Body | None = None, **trade: Any) -> OrderDraft:
    """Two pieces for 100.00 less 1.00, with freight 10.00."""
    one = {"oid": "1", "outer_sku_id": "A", "num": 2, "price": "50.00", "payment": "100.00",
           "divide_order_fee": "99.00", "status": "WAIT_SELLER_SEND_GOODS", **(line or {})}  # fmt: skip
    return draft("taobao", "trade", {
        "tid": "E0", "status": "WAIT_SELLER_SEND_GOODS", "created": "2026-09-04 08:00:00", "type": "fixed",
        "modified": "2026-09-04 08:10:00", "pay_time": "2026-09-04 08:05:00", "payment": "109.00", "post_fee": "10.00",
        "discount_fee": "1.00", **trade, "orders": {"order": [one]},
    })  # fmt: skip


def shopify(status: str, line: Body | None = None, **order: Any) -> OrderDraft:
    """Two pieces for 100.00 less 10.00, with freight 10.00 and tax 10.00."""
    one = {"id": 1, "sku": "A", "quantity": 2, "price": "50.00", "current_quantity": 2, "fulfillable_quantity": 2,
           "discount_allocations": [{"amount": "10.00"}], **(line or {})}  # fmt: skip
    return draft("shopify", "orders/updated", {
        "id": "E0", "created_at": "2026-09-04T08:00:00Z", "processed_at": "2026-09-04T08:00:00Z",
        "updated_at": LATER if order else "2026-09-04T08:10:00Z", "currency": "USD", "financial_status": status,
        "total_price": "110.00", "current_total_price": "110.00", "total_discounts": "10.00", "total_tax": "10.00",
        "current_total_discounts": "10.00", "current_total_tax": "10.00", "current_subtotal_price": "90.00",
        "total_shipping_price_set": {"shop_money": {"amount": "10.00"}}, "taxes_included": False, **order,
        "line_items": [one],
    })  # fmt: skip


def nothing(*names: str) -> Body:
    return dict.fromkeys(names, "0.00")


GONE = {"OrderTotal": None, "OrderStatus": "Canceled", "LastUpdateDate": LATER}
ZERO = {**GONE, "OrderTotal": {"CurrencyCode": "USD", "Amount": "0.00"}}
CLOSED: Body = {"status": "TRADE_CLOSED", "modified": "2026-09-04 17:00:00"}
BACK: Body = {"status": "TRADE_CLOSED", "refund_status": "SUCCESS", "refund_fee": "109.00", "refund_id": "R1"}
NONE_LEFT: Body = {"current_quantity": 0, "fulfillable_quantity": 0}
NOW_ZERO = nothing("current_total_price", "current_total_discounts", "current_total_tax", "current_subtotal_price")
REFUND = [{"id": 7, "transactions": [{"kind": "refund", "status": "success", "amount": "110.00"}]}]
STORIES: dict[str, tuple[OrderDraft, OrderDraft]] = {
    "amazon, everything is gone": (amazon(), amazon({"QuantityOrdered": 0, "ItemPrice": None}, **GONE)),
    "amazon, units are gone": (amazon(), amazon({"QuantityOrdered": 0}, **GONE)),
    "amazon, the total is gone": (amazon(), amazon(**GONE)),
    "amazon, the total is nothing": (amazon(), amazon(**ZERO)),
    "amazon, nothing changed": (amazon(), amazon(OrderStatus="Canceled", LastUpdateDate=LATER)),
    "amazon 2026, everything is gone": (amazon_2026("UNSHIPPED", 2, "113.00"), amazon_2026("CANCELLED", 0, None)),
    "amazon 2026, the total is nothing": (amazon_2026("UNSHIPPED", 2, "113.00"), amazon_2026("CANCELLED", 2, "0.00")),
    "taobao, nothing changed": (taobao(), taobao(BACK, **CLOSED)),
    "taobao, the payment is nothing": (taobao(), taobao(BACK, **CLOSED, payment="0.00")),
    "taobao, units are gone": (taobao(), taobao({**BACK, "num": 0}, **CLOSED, payment="0.00")),
    "taobao, everything is nothing": (taobao(), taobao({**BACK, **nothing("payment", "divide_order_fee")}, **CLOSED,
                                                       **nothing("payment", "post_fee", "discount_fee"))),
    "shopify, cancelled and refunded": (shopify("paid"), shopify(
        "refunded", NONE_LEFT, **NOW_ZERO, cancelled_at=LATER, refunds=REFUND)),
    "shopify, cancelled and not refunded": (shopify("paid"), shopify(
        "paid", NONE_LEFT, **NOW_ZERO, cancelled_at=LATER)),
    "shopify, cancelled and voided": (shopify("paid"), shopify("voided", NONE_LEFT, **NOW_ZERO, cancelled_at=LATER)),
    "shopify, refunded and not cancelled": (shopify("paid"), shopify(
        "refunded", NONE_LEFT, **NOW_ZERO, refunds=REFUND)),
    "shopify, refunded and not restocked": (shopify("paid"), shopify(
        "refunded", **nothing("current_total_price", "current_total_tax"), refunds=REFUND)),
}  # fmt: skip


def tell(shop: Shop, stated: OrderDraft) -> None:
    assert beyond(stated) == ()
    shop.at += timedelta(minutes=1)
    answer = shop.ask(c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=stated, sealed=sealed(1),
                                    received_at=shop.at))[0]  # fmt: skip
    assert isinstance(answer, c.Outcome) and not answer.refusal


@pytest.mark.parametrize("story", STORIES)
def test_an_order_cancelled_or_paid_back_is_held_for_no_amount_and_gives_its_stock_back(story: str) -> None:
    paid, over = STORIES[story]
    shop = Shop()
    before = shop.free(1)
    tell(shop, paid)
    assert shop.order().stage == "paid" and shop.free(1) == before - 2
    tell(shop, over)
    shop.system_answers("work_cancel")
    order = shop.order()
    assert (order.stage, shop.opened(), [h.type for h in order.holds]) == ("cancelled", set(), [])
    assert shop.free(1) == before and order.paid == paid.paid
    assert all(line.amount >= 0 for line in order.lines)
    if not order.total:
        assert not (order.freight or order.tax or order.discount or any(line.amount for line in order.lines))


@pytest.mark.parametrize("story", STORIES)
def test_an_order_that_is_over_when_it_is_first_seen_takes_nothing(story: str) -> None:
    shop = Shop()
    before = shop.free(1)
    tell(shop, STORIES[story][1])
    order = shop.order()
    assert (order.stage, order.works, shop.free(1)) == ("cancelled", (), before)
    assert not shop.opened() and not order.holds


def test_an_order_that_was_held_for_its_amounts_goes_to_no_warehouse_when_it_is_cancelled() -> None:
    shop = Shop()
    tell(shop, amazon(OrderTotal={"CurrencyCode": "USD", "Amount": "100.00"}))
    assert shop.order().standing_hold == "amount_mismatch" and not shop.sent("work")
    tell(shop, amazon({"QuantityOrdered": 0}, **GONE))
    assert shop.order().stage == "cancelled" and not shop.order().standing_hold and not shop.sent("work")


def test_a_discount_on_an_item_that_was_cancelled_holds_no_order() -> None:
    item = {"QuantityOrdered": 0, "ItemPrice": None, "ItemTax": None, "ShippingPrice": None, "ShippingTax": None}
    stated = amazon(item)
    assert [(line.discount, line.is_closed) for line in stated.lines] == [(0, True)]
