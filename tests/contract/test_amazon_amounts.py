"""An Amazon order adds up in every marketplace, with what is on no line, and nothing goes out twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import orderloom.adapters
from orderloom.domain.draft import OrderDraft, StatedCharge
from orderloom.domain.money import exponent
from tests.support.adding_up import draft, off

STATUSES = Path(orderloom.adapters.__file__).parent / "channels" / "amazon" / "statuses.yaml"
MARKETPLACES: dict[str, Any] = yaml.safe_load(STATUSES.read_text("utf-8"))["dictionaries"]["marketplace"]
US, CA, DE, MX, JP = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1PA6795UKMFR9", "A1AM78C64UM0Y8", "A1VC38T7YXB528"


def money(text: str, currency: str = "USD") -> dict[str, str]:
    return {"CurrencyCode": currency, "Amount": text}


def item(**changes: Any) -> dict[str, Any]:
    return {"OrderItemId": "1", "SellerSKU": "M-001", "Title": "Mug", "QuantityOrdered": 3, "QuantityShipped": 0,
            "ItemPrice": money("100.00"), **changes}  # fmt: skip


def read(*items: dict[str, Any], total: str | None = "100.00", **changes: Any) -> OrderDraft:
    """Three mugs for 100.00 together."""
    order = {
        "AmazonOrderId": "111-5", "PurchaseDate": "2026-09-04T08:15:30Z", "LastUpdateDate": "2026-09-04T09:02:11Z",
        "OrderStatus": "Unshipped", "FulfillmentChannel": "MFN", "MarketplaceId": US,
        **({"OrderTotal": money(total)} if total is not None else {}), **changes,
    }  # fmt: skip
    return draft("amazon", "order", {"Order": order, "OrderItems": list(items) or [item()]})


def test_a_price_that_does_not_divide_holds_no_order() -> None:
    order = read()
    assert off(order, "amazon") == []
    assert (order.lines[0].price, order.lines[0].goods, order.total) == (3333, 10_000, 10_000)


TAXED = {"ItemTax": money("19.00"), "ShippingPrice": money("5.00"), "ShippingTax": money("1.00")}
WRAPPED = {"BuyerInfo": {"GiftWrapPrice": money("4.00"), "GiftWrapTax": money("0.50")}}


@pytest.mark.parametrize("marketplace", [US, CA, MX])
def test_a_tax_on_top_of_the_prices_is_part_of_the_total(marketplace: str) -> None:
    order = read(item(**TAXED, **WRAPPED), total="129.50", MarketplaceId=marketplace)
    assert off(order, "amazon") == []
    assert (order.tax, order.freight, order.charges) == (2000, 500, (StatedCharge("gift_wrap", 450, 50),))


@pytest.mark.parametrize("marketplace", sorted(set(MARKETPLACES) - {US, CA}))
def test_a_tax_within_the_prices_is_not_added_in_any_marketplace(marketplace: str) -> None:
    order = read(item(**TAXED, **WRAPPED), total="109.00", MarketplaceId=marketplace)
    assert off(order, "amazon") == []
    assert (order.tax, order.freight, order.charges) == (0, 500, (StatedCharge("gift_wrap", 400, 50),))


@pytest.mark.parametrize("marketplace", sorted(MARKETPLACES))
def test_an_order_that_is_not_authorised_yet_has_the_currency_of_its_marketplace(marketplace: str) -> None:
    order = read(item(ItemPrice=None), total=None, OrderStatus="Pending", MarketplaceId=marketplace)
    assert order.currency == MARKETPLACES[marketplace]["word"]
    assert exponent(order.currency) in (0, 2)


def test_what_is_shipped_for_another_shop_needs_no_marketplace_of_amazons() -> None:
    other = {"MarketplaceId": "A1NOBODY", "total": None, "OrderStatus": "Unfulfillable"}
    assert read(item(ItemPrice=None), SalesChannel="Non-Amazon", **other).currency == "USD"
    assert read(item(ItemPrice=None), SalesChannel="Non-Amazon DE", **other).currency == "EUR"


def test_two_gifts_are_charged_once_each_whichever_way_they_are_told() -> None:
    old = {"GiftWrapPrice": money("4.99"), "GiftWrapTax": money("0.01")}
    new = {"BuyerInfo": {"GiftWrapPrice": money("5.00")}}
    order = read(item(**old), item(OrderItemId="2", **new), item(OrderItemId="3"), total="310.00")
    assert off(order, "amazon") == []
    assert order.charges == (StatedCharge("gift_wrap", 1000, 1),)


COD = {"PaymentMethod": "COD", "MarketplaceId": JP}


def test_cash_on_delivery_is_no_payment_yet_and_its_fee_is_owed() -> None:
    fee = {"CODFee": money("330", "JPY"), "CODFeeDiscount": money("30.00", "JPY")}
    order = read(item(ItemPrice=money("1980.00", "JPY"), **fee), total=None, OrderTotal=money("2280.00", "JPY"), **COD)
    assert off(order, "amazon") == []
    assert (order.payment, order.paid, order.total, order.charges) == ("cod", 0, 2280, (StatedCharge("cod_fee", 300),))
    assert [one.milestone for one in order.said] == ["placed"]
    assert read(OrderStatus="Pending", **COD).payment == "unpaid"
    assert [one.milestone for one in read(OrderStatus="Shipped", **COD).said] == ["placed", "label_printed"]


def test_what_amazon_says_is_shipped_is_not_shipped_again() -> None:
    order = read(item(QuantityShipped=2), OrderStatus="PartiallyShipped")
    assert [line.fulfilled for line in order.lines] == [2]
    assert [line.fulfilled for line in read(item(QuantityShipped=None)).lines] == [None]


@pytest.mark.parametrize("price", [None, money("0.00"), money("50.00")])
def test_an_item_that_was_cancelled_is_worth_nothing_and_is_not_sent(price: dict[str, str] | None) -> None:
    order = read(item(), item(OrderItemId="2", QuantityOrdered=0, ItemPrice=price))
    assert off(order, "amazon") == []
    assert [line.is_closed for line in order.lines] == [False, True]


def test_what_is_fetched_in_the_shop_is_sent_to_nobody() -> None:
    assert [read(IsISPU=word).is_pickup for word in (True, "true", False, None)] == [True, True, False, False]


@pytest.mark.parametrize("word", [True, "true", "True"])
@pytest.mark.parametrize(("price", "total"), [(None, None), (money("0.00"), "0.00")])
def test_a_replacement_costs_nothing_and_is_sent_whatever_amazon_leaves_out(
    word: bool | str, price: dict[str, str] | None, total: str | None
) -> None:
    order = read(item(ItemPrice=price), total=total, IsReplacementOrder=word, IsPrime="false")
    assert off(order, "amazon") == [] and (order.total, order.payment, order.currency) == (0, "paid", "USD")
    assert order.facts["is_replacement"] is True and order.facts["is_prime"] is False
    assert [(line.quantity, line.is_closed) for line in order.lines] == [(3, False)]
