"""What a source writes for "nothing" is nothing: no payment, no cancellation, no currency; a status is asked for.

Found by the input storm: each of these shipped, cancelled or kept an order waiting without a word.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_files import NOW, cut
from test_files import draft as of_file

from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import RECEIVED_AT, folders, sample

NEVER = ("0000-00-00 00:00:00", "0000/00/00", "0001-01-01 00:00:00", "0", 0, None)
FOLDERS = {folder.name: folder for folder in folders("channels")}


def told(channel: str, name: str, change: Any) -> Any:
    """What becomes of a sample after a change."""
    folder = FOLDERS[channel]
    [path] = (folder.path / "samples").glob(f"{name}.in.*")
    item, _ = sample(path)
    body = json.loads(item.body)
    change(body)
    [found] = translate(folder.account(), item.topic, json.dumps(body).encode(), {}, RECEIVED_AT, folder.mappings())
    return found


def problem(found: Any) -> tuple[str, str]:
    assert isinstance(found, tuple), found
    assert "/" in found[0].mend or "|" in found[0].mend
    return found[0].code, found[0].field


@pytest.mark.parametrize("never", [*NEVER[:4], ""])
def test_an_order_of_a_file_whose_time_of_payment_is_zeros_is_not_shipped_as_paid(never: str) -> None:
    for column in ("付款时间", "支付完成时间", "付款确认时间", "paid_at"):
        [item] = cut(f"订单号,商品编码,数量,单价,下单时间,{column}\nA1,M-1,1,5.00,2026-11-11 08:00:00,{never}\n").items
        order = of_file(item)
        assert (order.payment, order.paid, order.paid_at) == ("unpaid", 0, None), column


@pytest.mark.parametrize("never", NEVER)
def test_an_order_whose_time_of_cancellation_is_zeros_is_not_cancelled(never: object) -> None:
    order = told("shopify", "webhook", lambda body: body.update(cancelled_at=never))
    assert isinstance(order, OrderDraft) and not order.is_cancelled
    assert "cancelled" not in [said.milestone for said in order.said]


@pytest.mark.parametrize("never", NEVER[:3])
def test_a_trade_that_was_closed_without_payment_had_nothing_given_back(never: object) -> None:
    order = told("taobao", "closed_unpaid", lambda body: body.update(pay_time=never))
    assert isinstance(order, OrderDraft) and (order.payment, order.paid, order.refunded) == ("unpaid", 0, 0)


@pytest.mark.parametrize("never", NEVER[:4])
def test_an_order_whose_time_of_shipping_is_zeros_has_not_left(never: str) -> None:
    text = "订单号,商品编码,数量,单价,下单时间,订单状态,发货时间\nA1,M-1,1,5.00,2026-11-11 08:00:00,待发货,"
    order, left = (of_file(cut(f"{text}{at}\n").items[0]) for at in (never, "2026-11-12 08:00:00"))
    assert "partly_shipped" not in order.flags and order.lines[0].fulfilled is None
    assert "partly_shipped" in left.flags


def test_a_time_of_change_of_zeros_leaves_the_news_dated_by_receipt() -> None:
    text = "订单号,商品编码,数量,单价,下单时间,更新时间\nA1,M-1,1,5.00,2026-11-11 08:00:00,0000-00-00 00:00:00\n"
    order = of_file(cut(text).items[0])
    assert (order.is_revision_assumed, order.revision) == (True, NOW)


@pytest.mark.parametrize("word", ["NAN", "NaN", "INF", "ABC", "XTS", "DOGE", "¥¥¥"])
def test_a_currency_that_nobody_knows_is_asked_for_and_its_decimals_are_not_guessed(word: str) -> None:
    assert problem(told("shopify", "webhook", lambda body: body.update(currency=word)))[1] == "currency"


STATUSES = (
    ("taobao", "closed_unpaid", ("status",)),
    ("amazon", "pending", ("Order", "OrderStatus")),
    ("amazon", "new_version_with_cancel_wish", ("fulfillment", "fulfillmentStatus")),
)


@pytest.mark.parametrize(("channel", "name", "path"), STATUSES)
def test_an_order_that_does_not_say_how_it_stands_is_a_case_and_does_not_wait_unseen(
    channel: str, name: str, path: tuple[str, ...],
) -> None:
    def leave_out(body: Any) -> None:
        for key in path[:-1]:
            body = body[key]
        del body[path[-1]]

    assert problem(told(channel, name, leave_out))[0] == "missing_field"


def test_two_goods_that_the_shop_has_no_number_for_are_not_the_same_goods() -> None:
    def deleted(body: Any) -> None:
        [line] = body["line_items"]
        body["line_items"] = [line | {"id": n, "name": name, "product_id": 0, "variation_id": 0, "sku": sku}
                              for n, name, sku in ((1, "Blue vase", None), (2, "Red lamp", ""))]  # fmt: skip

    order = told("woocommerce", "processing_tax_excluded", deleted)
    assert [line.sku_external for line in order.lines] == ["custom:Blue vase", "custom:Red lamp"]


@pytest.mark.parametrize("nothing", ["0", 0, ""])
def test_a_code_that_nobody_entered_is_no_code(nothing: Any) -> None:
    def codeless(body: Any) -> None:
        for line in body["sku_order_list"]:
            line.update(code="", out_sku_id=nothing)

    order = told("douyin", "to_be_shipped", codeless)
    assert all(line.sku_external not in ("", "0") for line in order.lines) and order.lines


@pytest.mark.parametrize("back", [("-5.00", "-3.00"), ("5.00", "3.00"), ("-5.00", "3.00")])
def test_a_refund_counts_whatever_its_sign(back: tuple[str, str]) -> None:
    def refunded(body: Any) -> None:
        body["refunds"] = [{"id": n, "reason": "", "total": one} for n, one in enumerate(back)]

    order = told("woocommerce", "processing_tax_excluded", refunded)
    assert (order.refunded, [one.amount for one in order.refunds]) == (800, [500, 300])


def test_a_parcel_to_a_company_is_not_addressed_to_whoever_pays() -> None:
    def company_alone(body: Any) -> None:
        body["shipping"] |= {"first_name": "", "last_name": "", "company": "Werk Nord GmbH"}

    order = told("woocommerce", "processing_tax_excluded", company_alone)
    assert order.receiver.name == "Werk Nord GmbH"
