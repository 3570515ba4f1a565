"""Rows without an order number: an order is neither shipped without one of its lines nor given another's."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from test_files import account, codes, cut, draft, topics

from orderloom.adapters.channels.files.client import split

HEAD = "订单号,商家编码,数量,单价,订单金额,收货人,手机,收货地址"
TO = "李甲,13800000001,浙江省杭州市余杭区文一西路1号"
OTHER = "王乙,13900000002,江苏省南京市玄武区1号"


def rows(*some: str) -> str:
    return "\n".join([HEAD, *some])


def skus(text: str) -> list[list[str]]:
    return [[line.sku_external for line in draft(item).lines] for item in cut(text).items if item.topic == "row"]


@pytest.mark.parametrize("place", ["inside", "end of the order", "end of the file"])
def test_a_row_without_a_number_is_a_line_of_the_order_above(place: str) -> None:
    order = [f"F-1,A-1,1,10.00,,{TO}", ",B-1,2,5.00,,,,"]
    after = {"inside": [f"F-1,C-1,1,1.00,,{TO}"], "end of the order": [f"F-2,A-1,1,10.00,,{TO}"]}.get(place, [])
    found = skus(rows(*order, *after))
    assert found[0][:2] == ["A-1", "B-1"] and not codes(cut(rows(*order, *after)))


def test_a_repeated_receiver_and_total_are_no_reason_to_doubt() -> None:
    text = rows(f"F-1,A-1,1,10.00,20.00,{TO}", f",B-1,2,5.00,20.00,{TO}")
    assert skus(text) == [["A-1", "B-1"]]


def test_another_receiver_is_another_order_whose_number_is_lost() -> None:
    parts = cut(rows(f"F-1,A-1,1,10.00,10.00,{TO}", f",B-1,2,5.00,10.00,{OTHER}", ",C-1,1,1.00,,,,"))
    assert (topics(parts), codes(parts)) == (["row", "unreadable"], ["order_no_missing"])
    assert parts.items[1].body.count(b"\n") == 1 + 0 and b"C-1" in parts.items[1].body


@pytest.mark.parametrize("row", [",B-1,2,5.00,99.00,,,", ",B-1,,5.00,,,,", ",,2,5.00,,,,", ",B-1"])
def test_where_it_is_not_plain_whose_line_it_is_the_order_above_waits(row: str) -> None:
    parts = cut(rows(f"F-1,A-1,1,10.00,10.00,{TO}", row, f"F-2,A-1,1,10.00,10.00,{TO}"))
    assert topics(parts) == ["unreadable", "row"] and "row 3" in parts.problems[0].field
    assert draft(parts.items[1]).external_id == "F-2"


@pytest.mark.parametrize("row", ["合计,,3,,30.00,,,", ",合计：,,,,,,", "总计,,,,,,,", ",,3,30,30,Total,,"])
def test_the_sum_below_a_table_is_no_order_and_no_line(row: str) -> None:
    parts = cut(rows(f"F-1,A-1,1,10.00,10.00,{TO}", row))
    assert (topics(parts), codes(parts)) == (["row"], [])


def test_a_remark_below_the_table_is_told_and_holds_nothing_up() -> None:
    parts = cut(rows(f"F-1,A-1,1,10.00,10.00,{TO}", ",,,,,制表：小陈,,"))
    assert (topics(parts), codes(parts)) == (["row", "unreadable"], ["order_no_missing"])


def test_a_first_row_without_a_number_belongs_to_nobody() -> None:
    parts = cut(rows(f",A-1,1,10.00,10.00,{OTHER}", f"F-1,A-1,1,10.00,10.00,{TO}"))
    assert topics(parts) == ["unreadable", "row"]


@pytest.mark.parametrize("above", [[], [f"F-0,A-1,1,10.00,10.00,{OTHER}"]])
def test_a_row_without_a_number_that_may_be_of_the_order_below_holds_that_one(above: list[str]) -> None:
    parts = cut(rows(*above, f",B-1,1,10.00,10.00,{TO}", f"F-1,A-1,1,10.00,10.00,{TO}"))
    assert topics(parts) == ["row"] * len(above) + ["unreadable"]
    assert b"F-1" in parts.items[-1].body and b"B-1" in parts.items[-1].body


@pytest.mark.parametrize("mark", ["同上", "〃", "-", "——", '""""', "↑", "ditto"])
def test_a_ditto_mark_in_place_of_the_number_is_the_order_above(mark: str) -> None:
    text = rows(f"F-1,A-1,1,10.00,,{TO}", f"{mark},B-1,2,5.00,,{mark},{mark},{mark}", f"F-2,A-1,1,10.00,,{TO}")
    assert skus(text) == [["A-1", "B-1"], ["A-1"]]


def test_a_line_below_a_damaged_number_stays_with_it() -> None:
    parts = cut(rows(f"F-1,A-1,1,10.00,,{TO}", f"1.2E+18,A-1,1,10.00,,{TO}", ",B-1,1,1.00,,,,"))
    assert (topics(parts), codes(parts)) == (["row", "unreadable"], ["order_no_damaged"])
    assert [line.sku_external for line in draft(parts.items[0]).lines] == ["A-1"]


@pytest.mark.parametrize("is_merged", [True, False])
def test_merged_and_unmerged_cells_of_a_sheet_are_read_alike(is_merged: bool) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.split(","))
    for at, sku in enumerate(("A-1", "B-1"), 1):
        sheet.write_row(at, 1, [sku, 1, 10])
    if is_merged:
        sheet.merge_range(1, 0, 2, 0, "F-1")
    else:
        sheet.write(1, 0, "F-1")
    sheet.write_row(1, 5, TO.split(","))
    sheet.write_row(3, 0, ["F-2", "C-1", 1, 10, "", *TO.split(",")])
    book.close()
    parts = split("a.xlsx", out.getvalue(), account())
    assert [[line.sku_external for line in draft(item).lines] for item in parts.items] == [["A-1", "B-1"], ["C-1"]]
