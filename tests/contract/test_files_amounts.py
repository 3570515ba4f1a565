"""A row of a seller's export says what has gone out, what is collected at the door and what is on no line."""

from __future__ import annotations

import csv
import io

import pytest

from orderloom.domain.draft import OrderDraft, StatedCharge
from tests.support.adding_up import draft, off

CONTEXT = {"default_payment": "paid", "default_currency": "CNY"}
ROW = {"订单号": "A1", "下单时间": "2026-09-04 10:00:00", "商家编码": "M-001", "数量": "3", "单价": "10.00"}


def read(*rows: dict[str, str]) -> OrderDraft:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    body = io.StringIO()
    csv.writer(body).writerows([[row.get(name, "") for name in columns] for row in rows])
    return draft("files", "row", body.getvalue(), CONTEXT | {"columns": ",".join(columns)})


SENT = ("已发货", "卖家已发货，等待买家确认", "待收货", "已签收", "交易成功", "已出貨", "shipped", "completed")


@pytest.mark.parametrize("status", SENT)
@pytest.mark.parametrize("column", ["订单状态", "交易状态", "訂單狀態", "status"])
def test_a_row_that_says_shipped_is_not_shipped_again(column: str, status: str) -> None:
    assert [line.fulfilled for line in read(ROW | {column: status}).lines] == [3]


@pytest.mark.parametrize("status", ["待付款", "待发货", "已取消", "退款中", "to_ship", ""])
def test_a_row_that_says_nothing_of_it_is_still_to_be_shipped(status: str) -> None:
    order = read(ROW | {"订单状态": status})
    assert ([line.fulfilled for line in order.lines], order.flags) == ([None], ())


def test_rows_below_the_first_may_leave_its_status_to_it() -> None:
    rows = [ROW | {"订单状态": "已发货", "订单金额": "60.00"}, ROW | {"商家编码": "M-002"}]
    assert [line.fulfilled for line in read(*rows).lines] == [3, 3]
    mixed = [rows[0], rows[1] | {"订单状态": "待发货"}]
    assert [line.fulfilled for line in read(*mixed).lines] == [3, None]


@pytest.mark.parametrize("status", ["部分发货", "部分出貨", "partially_shipped"])
def test_how_much_of_what_is_partly_shipped_went_out_is_not_guessed(status: str) -> None:
    order = read(ROW | {"订单状态": status})
    assert ([line.fulfilled for line in order.lines], order.flags) == ([None], ("partly_shipped",))


def test_the_waybills_of_all_rows_are_known() -> None:
    rows = [
        ROW | {"物流单号": "No:SF1", "物流公司": "顺丰", "发货时间": "2026-09-05 10:00:00", "订单金额": "90.00"},
        ROW | {"商家编码": "M-002", "物流单号": '="YT2,YT3"'},
        ROW | {"商家编码": "M-003", "物流单号": "No:SF1", "物流公司": "顺丰"},
    ]
    order = read(*rows)
    assert [(one.waybill, one.carrier) for one in order.shipments] == [("SF1", "shunfeng"), ("YT2", ""), ("YT3", "")]
    assert order.shipments[0].at is not None and order.external_number == ""


def test_a_line_whose_price_was_worked_out_of_its_sum_holds_no_order() -> None:
    row = {name: value for name, value in ROW.items() if name != "单价"}
    order = read(row | {"小计": "100.00"})
    assert off(order, "files") == []
    assert (order.lines[0].price, order.lines[0].goods, order.total) == (3333, 10_000, 10_000)
    stated = read(ROW | {"小计": "30.00"})
    assert (stated.lines[0].goods, off(stated, "files")) == (None, [])


@pytest.mark.parametrize("total", [{"订单金额": "42.00"}, {}, {"小计": "30.00"}])
def test_what_is_charged_beside_the_lines_is_part_of_the_total(total: dict[str, str]) -> None:
    order = read(ROW | total | {"货到付款服务费": "3.00", "礼品包装费": "5", "关税": "4.00", "手续费": "0"})
    assert off(order, "files") == []
    assert order.total == 4200
    assert order.charges == (StatedCharge("cod_fee", 300), StatedCharge("gift_wrap", 500), StatedCharge("duty", 400))


@pytest.mark.parametrize(
    ("changes", "wanted", "said"),
    [
        ({"支付方式": "货到付款", "订单状态": "待发货"}, ("cod", 0), []),
        ({"支付方式": "货到付款", "订单状态": "已发货"}, ("cod", 0), ["label_printed"]),
        ({"支付方式": "货到付款", "订单状态": "交易成功"}, ("paid", 3000), ["confirmed"]),
        ({"支付方式": "在线支付", "订单状态": "待发货"}, ("paid", 3000), ["paid"]),
        ({"订单状态": "货到付款"}, ("cod", 0), ["placed"]),
    ],
)
def test_what_is_paid_at_the_door_is_not_paid_yet(
    changes: dict[str, str], wanted: tuple[str, int], said: list[str]
) -> None:
    order = read(ROW | {"订单金额": "30.00"} | changes)
    assert (order.payment, order.paid) == wanted
    assert [one.milestone for one in order.said] == said
