"""A Taobao trade adds up whatever was shipped, refunded or is collected at the door, and nothing goes out twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderloom.domain.draft import OrderDraft, StatedCharge, StatedRefund
from tests.support.adding_up import draft, off


def sub(n: int, **changes: Any) -> dict[str, Any]:
    return {"oid_str": str(n), "status": "WAIT_SELLER_SEND_GOODS", "refund_status": "NO_REFUND", "num": 2,
            "price": "10.00", "payment": "20.00", "divide_order_fee": "20.00", "discount_fee": "0.00",
            "adjust_fee": "0.00", "outer_sku_id": f"M-{n}", "title": "杯", **changes}  # fmt: skip


def read(*orders: dict[str, Any], **changes: Any) -> OrderDraft:
    """Two sub-orders of 20.00 and postage of 5.00, paid: 45.00."""
    trade = {
        "tid_str": "1", "type": "fixed", "status": "WAIT_SELLER_SEND_GOODS", "payment": "45.00", "post_fee": "5.00",
        "discount_fee": "0.00", "created": "2026-09-04 10:00:00", "pay_time": "2026-09-04 10:00:30",
        "modified": "2026-09-04 18:00:00", "orders": {"order": list(orders) or [sub(1), sub(2)]}, **changes,
    }  # fmt: skip
    return draft("taobao", "trade", {name: value for name, value in trade.items() if value is not None})


SENT = ("WAIT_BUYER_CONFIRM_GOODS", "TRADE_BUYER_SIGNED", "TRADE_FINISHED")
OPEN = ("WAIT_BUYER_PAY", "PAID_FORBID_CONSIGN", "WAIT_SELLER_SEND_GOODS", "SELLER_CONSIGNED_PART", "TRADE_CLOSED")


@pytest.mark.parametrize("status", SENT)
def test_what_was_shipped_before_the_shop_was_connected_is_not_shipped_again(status: str) -> None:
    part = read(sub(1, status=status), sub(2), status="SELLER_CONSIGNED_PART")
    assert [line.fulfilled for line in part.lines] == [2, None]
    assert [line.fulfilled for line in read(sub(1, status=None), status=status).lines] == [2]


@pytest.mark.parametrize("status", OPEN)
def test_what_is_still_to_be_shipped_is_not_taken_for_shipped(status: str) -> None:
    assert [line.fulfilled for line in read(sub(1, status=status), status=status).lines] == [None]


def test_lines_of_one_parcel_make_one_shipment() -> None:
    sf = {"invoice_no": "SF1", "logistics_company": "顺丰速运", "consign_time": "2026-09-04 12:00:00"}
    order = read(sub(1, **sf), sub(2, **sf), sub(3, invoice_no="YT2"), sub(4), consign_time="2026-09-04 11:00:00")
    assert [(one.waybill, one.carrier) for one in order.shipments] == [("SF1", "shunfeng"), ("YT2", "")]
    assert [one.at for one in order.shipments] == [datetime(2026, 9, 4, hour, tzinfo=UTC) for hour in (4, 3)]


COD = {"type": "cod", "pay_time": None}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({**COD}, ("cod", 0, 4500)),
        ({**COD, "status": "WAIT_BUYER_CONFIRM_GOODS"}, ("cod", 0, 4500)),
        ({"type": "cod", "status": "TRADE_FINISHED"}, ("paid", 4500, 4500)),
        ({**COD, "status": "TRADE_CLOSED"}, ("unpaid", 0, 4500)),
        ({**COD, "buyer_cod_fee": "2.00", "cod_fee": "3.00", "payment": "47.00"}, ("cod", 0, 4700)),
        ({**COD, "buyer_cod_fee": "2.00", "cod_fee": "3.00"}, ("cod", 0, 4700)),
        ({**COD, "cod_fee": "2.00", "payment": "47.00"}, ("cod", 0, 4700)),
        ({"buyer_cod_fee": "2.00"}, ("paid", 4500, 4500)),
    ],
)
def test_money_that_is_collected_at_the_door_is_no_payment_before_it(
    changes: dict[str, Any], wanted: tuple[str, int, int]
) -> None:
    order = read(**changes)
    assert off(order, "taobao") == []
    assert (order.payment, order.paid, order.total) == wanted
    charged = (StatedCharge("cod_fee", 200),) if order.total == 4700 else ()
    assert order.charges == charged


def test_a_parcel_that_is_turned_away_was_never_paid_nor_refunded() -> None:
    said = [one.milestone for one in read(**COD, status="TRADE_CLOSED", end_time="2026-09-08 10:00:00").said]
    assert said == ["placed", "cancelled"]
    closed = read(status="TRADE_CLOSED", end_time="2026-09-08 10:00:00")
    assert [one.milestone for one in closed.said] == ["placed", "paid", "refunded"]
    assert (closed.paid, closed.refunded, closed.payment) == (4500, 4500, "refunded")


def test_a_refund_is_known_by_the_platforms_own_id_where_its_amount_is_told() -> None:
    back = {"refund_status": "SUCCESS", "status": "TRADE_CLOSED", "refund_id": "120000000000001003"}
    told = read(sub(1, **back, refund_fee="20.00"), sub(2))
    assert [(one.external_id, one.amount) for one in told.refunds] == [("120000000000001003", 2000)]
    assert isinstance(told.refunds[0], StatedRefund) and told.refunded == 2000
    assert (told.paid, told.total) == (4500, 4500)
    left_out = read(sub(1, **back, refund_fee="20.00"), sub(2), payment="25.00")
    assert (left_out.paid, left_out.refunded, left_out.total) == (4500, 2000, 2500)
    untold = read(sub(1, **back), sub(2, refund_status="WAIT_SELLER_AGREE", refund_id="9", refund_fee="20.00"))
    assert (untold.refunds, untold.refunded) == ((), 0)


CLOSED = {"refund_status": "SUCCESS", "status": "TRADE_CLOSED"}


@pytest.mark.parametrize(
    ("first", "payment", "discount"),
    [
        ({}, "45.00", "0.00"),
        ({}, "25.00", "0.00"),
        ({"payment": "0.00"}, "25.00", "0.00"),
        ({"divide_order_fee": "15.00", "part_mjz_discount": "5.00"}, "40.00", "5.00"),
        ({"divide_order_fee": "15.00", "part_mjz_discount": "5.00"}, "25.00", "5.00"),
        ({"discount_fee": "4.00", "divide_order_fee": "16.00"}, "25.00", "0.00"),
    ],
)
def test_a_trade_of_which_a_line_was_refunded_is_not_held(first: dict[str, str], payment: str, discount: str) -> None:
    """Whether the platform leaves the line in what was paid or takes it out."""
    order = read(sub(1, **CLOSED, **first), sub(2), payment=payment, discount_fee=discount)
    assert off(order, "taobao") == []
    assert [line.is_closed for line in order.lines] == [True, False]


def test_goods_that_are_delivered_over_the_wire_are_told_from_goods_that_are_sent() -> None:
    kinds = [read(**changes).lines[0].kind for changes in ({}, {"type": "auto_delivery"}, {"shipping_type": "virtual"})]
    assert kinds == ["", "virtual", "virtual"]
    assert [line.kind for line in read(sub(1, shipping_type="virtual"), sub(2)).lines] == ["virtual", ""]


def test_what_the_platform_pays_towards_an_order_is_kept_for_settlement() -> None:
    facts = read(platform_subsidy_fee="1.20", coupon_fee=350, recharge_fee="0.50").facts
    assert (facts["platform_subsidy"], facts["coupon_fee"], facts["recharge_fee"]) == (120, 350, 50)
    assert read(coupon_fee="none").facts["coupon_fee"] is None


def test_a_deposit_is_money_that_came_in_and_no_more() -> None:
    order = read(sub(1, status="WAIT_BUYER_PAY"), type="step", status="WAIT_BUYER_PAY", pay_time=None, payment="25.00",
                 step_trade_status="FRONT_PAID_FINAL_NOPAID", step_paid_fee="5.00")  # fmt: skip
    assert off(order, "taobao") == []
    assert (order.payment, order.paid, order.total) == ("partially_paid", 500, 2500)
