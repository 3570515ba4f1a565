"""Lists that shops keep themselves: what is out, what is no goods at all, and what is paid, told in other ways."""

from __future__ import annotations

import pytest
from test_files_amounts import ROW, read

from tests.support.adding_up import off

SENT = ("Shipped", "DELIVERED", "Fulfilled", "卖家已发货", "运输中", "派送中", "已出库", "已揽收")
UNPRICED = {name: value for name, value in ROW.items() if name != "商家编码"}


@pytest.mark.parametrize("status", SENT)
def test_a_word_for_shipped_in_another_spelling_ships_nothing_twice(status: str) -> None:
    order = read(ROW | {"状态": status, "总金额": "30.00"})
    assert [line.fulfilled for line in order.lines] == [3]
    assert (order.payment, order.paid) == ("paid", 3_000)


@pytest.mark.parametrize("told", [{"发货时间": "2026-09-05 10:00:00"}, {"快递单号": "SF100200300"}])
def test_a_list_without_a_status_says_by_its_waybills_what_is_out(told: dict[str, str]) -> None:
    empty = dict.fromkeys(told, "")
    assert [line.fulfilled for line in read(ROW | told | {"付款时间": "2026-09-04 11:00:00"}).lines] == [3]
    assert [line.fulfilled for line in read(ROW | empty | {"付款时间": "2026-09-04 11:00:00"}).lines] == [None]


@pytest.mark.parametrize("status", ["已付款", "待发货", "to_ship", "Paid", "买家已付款，等待卖家发货"])
def test_goods_to_be_sent_that_have_a_waybill_already_are_asked_about(status: str) -> None:
    order = read(ROW | {"订单状态": status, "快递单号": "SF100200300"})
    assert ([line.fulfilled for line in order.lines], order.flags) == ([None], ("partly_shipped",))


def test_a_part_that_each_row_tells_of_itself_is_not_asked_about() -> None:
    one = ROW | {"订单状态": "部分发货", "订单金额": "60.00"}
    out = {"子订单状态": "已发货", "快递单号": "SF100200300"}
    order = read(one | out, one | {"子订单状态": "待发货", "商家编码": "M-002"})
    assert ([line.fulfilled for line in order.lines], order.flags) == ([3, None], ())


@pytest.mark.parametrize("column", ["已发数量", "已发货数量", "shipped_quantity"])
def test_units_that_are_out_are_not_sent_again(column: str) -> None:
    order = read(ROW | {"订单状态": "部分发货", column: "2"})
    assert ([line.fulfilled for line in order.lines], order.flags) == ([2], ())


@pytest.mark.parametrize("title", ["补差价", "补差价专用链接", "运费补差", "运费险", "【安装费】", "邮费"])
def test_a_line_that_nothing_is_sent_of_needs_no_code(title: str) -> None:
    order = read(ROW | {"商品名称": "杯子", "订单金额": "60.00"}, UNPRICED | {"商品名称": title})
    assert [(line.kind, line.sku_external) for line in order.lines] == [("", "M-001"), ("service", f"custom:{title}")]


@pytest.mark.parametrize("title", ["杯子", "安装费力的书架 全套实木大书柜组合家用落地书房", "运费险种类大全（图书）"])
def test_goods_stay_goods_whatever_is_in_their_name(title: str) -> None:
    assert read(ROW | {"商品名称": title}).lines[0].kind == ""


@pytest.mark.parametrize("told", [{"付款时间": "2026-09-04 11:00:00"}, {"订单状态": "已付款"}])
def test_what_is_paid_is_worth_its_lines_where_no_total_stands(told: dict[str, str]) -> None:
    order = read(ROW | told)
    assert (order.payment, order.total, order.paid) == ("paid", 3_000, 3_000)


@pytest.mark.parametrize("told", [
    {"附加费": "2.00"}, {"运费险": "1.00", "保价费": "1.00"}, {"手续费": "1.50", "加急费": "0.50"}, {"other_fees": "2"},
])
def test_fees_of_any_name_hold_no_order(told: dict[str, str]) -> None:
    order = read(ROW | told | {"订单金额": "32.00"})
    assert off(order, "files") == [] and [(one.kind, one.amount) for one in order.charges] == [("fee", 200)]


@pytest.mark.parametrize("none", [{}, {"优惠金额": "0"}])
@pytest.mark.parametrize("told", [{"红包": "2.00"}, {"积分抵扣": "2"}, {"优惠券": "1.50", "店铺优惠": "0.50"}])
def test_discounts_that_are_told_one_by_one_hold_no_order(told: dict[str, str], none: dict[str, str]) -> None:
    order = read(ROW | none | told | {"订单金额": "28.00"})
    assert (off(order, "files"), order.discount) == ([], 200)
    assert read(ROW | told | {"优惠金额": "5.00", "订单金额": "25.00"}).discount == 500


@pytest.mark.parametrize("amount", ["2.00", "-2.00"])
def test_what_a_platform_pays_towards_an_order_holds_none(amount: str) -> None:
    order = read(ROW | {"平台补贴": amount, "订单金额": "28.00"})
    assert off(order, "files") == [] and [(one.kind, one.amount) for one in order.charges] == [("subsidy", -200)]


def test_money_that_a_list_says_went_back_is_known() -> None:
    assert read(ROW | {"订单状态": "已付款", "退款金额": "5.00"}).refunded == 500


def test_a_ditto_mark_for_the_status_is_the_status_above() -> None:
    order = read(ROW | {"订单状态": "已发货"}, ROW | {"订单状态": "〃", "商家编码": "M-002"})
    assert [line.fulfilled for line in order.lines] == [3, 3]
