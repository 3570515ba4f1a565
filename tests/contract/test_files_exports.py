"""The sellers' usual exports are read as they come, and a file says in words what it lacks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from test_files import HEAD, NOW, account, codes, cut, draft, rows_of, topics

from orderloom.adapters.channels.files.client import CONNECTOR, split
from orderloom.adapters.spreadsheets.exports import exported_at
from orderloom.adapters.spreadsheets.reader import Reader
from orderloom.application.connect import merged
from orderloom.application.ports import Cursor
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import caller

EXPORTS = Path(__file__).parent / "exports"


def read(*names: str) -> list[OrderDraft]:
    reader = Reader(account())
    found = [portion for _, portion in reader.read_all([EXPORTS / name for name in names])]
    reader.close()
    assert not [cut.problem for portion in found for cut in portion.cuts if cut.problem]
    return [draft(item) for portion in found for item in portion.items]


def adds_up(order: OrderDraft) -> bool:
    goods = sum(line.price * line.quantity - line.discount for line in order.lines)
    charges = sum(charge.amount for charge in order.charges)
    return goods - order.discount + order.freight + order.tax + charges == order.total


EXPECTED: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {
    "taobao": (("taobao_items.csv", "taobao_orders.csv"), [
        ("3900000000000000011", 6100, 6100, 600, "paid", [("A-1", 2, 2000), ("B-1", 1, 3000)]),
        ("3900000000000000012", 3000, 0, 0, "unpaid", [("B-1", 1, 3000)])]),
    "jd": (("jd.csv",), [
        ("290000000011", 6600, 6600, 600, "paid", [("A-1", 2, 2000), ("B-1", 1, 3000)]),
        ("290000000012", 3000, 3000, 0, "paid", [("B-1", 1, 3000)])]),
    "pinduoduo": (("pinduoduo.csv",), [
        ("261111-000000000000011", 3200, 3200, 0, "paid", [("A-1", 2, 2000)]),
        ("261111-000000000000012", 3000, 3000, 0, "refunded", [("B-1", 1, 3000)])]),
    "douyin": (("douyin.csv",), [
        ("6917926768800000011", 6500, 6500, 0, "paid", [("A-1", 2, 2000), ("B-1", 1, 3000)]),
        ("6917926768800000012", 3000, 0, 0, "unpaid", [("B-1", 1, 3000)])]),
}


@pytest.mark.parametrize("platform", sorted(EXPECTED))
def test_a_sellers_export_is_read_as_it_was_downloaded(platform: str) -> None:
    names, expected = EXPECTED[platform]
    orders = read(*names)
    told = [(o.external_id, o.total, o.paid, o.freight, o.payment,
             [(line.sku_external, line.quantity, line.price) for line in o.lines]) for o in orders]
    assert told == expected and all(map(adds_up, orders))
    assert {o.facts["export"] for o in orders} == {platform}
    first = orders[0].receiver
    assert (first.name, first.phone, first.city, first.district) == ("张三", "13800000001", "杭州市", "余杭区")
    assert all(o.placed_at < datetime(2026, 11, 11, 12, tzinfo=UTC) for o in orders)


def test_the_town_of_an_address_is_not_lost_and_a_street_alone_is_the_address() -> None:
    """Pinduoduo's exports without 详细地址 tell when a group was complete, not when it was paid."""
    assert [o.receiver.detail for o in read("douyin.csv")] == ["五常街道文一西路1号"] * 2
    head = ("商品,订单号,订单状态,商品总价(元),邮费(元),用户实付金额(元),商品数量(件),收货人,手机,"
            "国家,省,市,区,街道,拼单成功时间,商家编码-规格维度")
    row = ("马克杯,261111-11,待发货,40,0,40,1,张三,13800000001,"
           "中国,浙江省,杭州市,余杭区,文一西路1号,2026-11-11 10:00:05,A-1")
    order = draft(cut(f"{head}\n{row}").items[0])
    assert (order.receiver.detail, order.receiver.is_masked) == ("文一西路1号", False)
    assert order.placed_at == order.paid_at == datetime(2026, 11, 11, 2, 0, 5, tzinfo=UTC)


def test_what_the_platform_closed_or_shipped_keeps_its_word() -> None:
    closed = read("pinduoduo.csv")[1]
    assert (closed.is_cancelled, closed.native, closed.lines[0].is_closed) == (True, "未发货，退款成功", True)
    shipped = read("jd.csv")[1]
    assert [(one.milestone, one.native) for one in shipped.said] == [("label_printed", "等待确认收货")]
    assert [line.fulfilled for line in shipped.lines] == [1] and not read("jd.csv")[0].lines[0].fulfilled
    assert [line.external_id for line in read("douyin.csv")[0].lines] == ["6917926768800000021", "6917926768800000022"]


def test_half_of_taobaos_export_says_that_the_other_half_is_needed() -> None:
    for name, code in (("taobao_orders.csv", "half_orders"), ("taobao_items.csv", "half_lines")):
        parts = split(name, (EXPORTS / name).read_bytes(), account())
        assert (codes(parts), parts.unfit) == ([code], code) and "报表" in parts.problems[0].mend


async def test_the_halves_of_an_export_find_each_other_in_the_folder_and_a_lone_one_waits(tmp_path: Path) -> None:
    owner = account(inbox=str(tmp_path), settle_seconds=0.01)

    async def look() -> list[str]:
        async with caller() as http:
            return [item.topic async for page in CONNECTOR.pull(owner, Cursor(NOW), NOW, http) for item in page.items]

    (tmp_path / "orders.csv").write_bytes((EXPORTS / "taobao_orders.csv").read_bytes())
    assert await look() == []
    (tmp_path / "items.csv").write_bytes((EXPORTS / "taobao_items.csv").read_bytes())
    assert sorted(await look()) == ["file", "file", "row", "row"]
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == ["items.csv", "orders.csv"]


def test_an_order_whose_lines_are_in_neither_report_waits_and_the_others_go_on(tmp_path: Path) -> None:
    orders, items = tmp_path / "o.csv", tmp_path / "i.csv"
    orders.write_bytes((EXPORTS / "taobao_orders.csv").read_bytes())
    lines = (EXPORTS / "taobao_items.csv").read_bytes().decode("gbk").splitlines()
    lines[3] = lines[3].replace("0012", "0013")
    items.write_bytes("\r\n".join(lines).encode("gbk"))
    reader = Reader(account())
    cuts = [cut for _, portion in reader.read_all([orders, items]) for cut in portion.cuts]
    reader.close()
    assert sorted(one.problem.code for one in cuts if one.problem) == ["lines_missing", "order_row_missing"]
    assert [draft(one.item).external_id for one in cuts if not one.problem] == ["3900000000000000011"]


def test_an_order_whose_lines_are_shared_out_between_two_reports_never_ships_in_part(tmp_path: Path) -> None:
    head, one, two, three = (EXPORTS / "taobao_items.csv").read_bytes().decode("gbk").splitlines()[:4]
    files = [EXPORTS / "taobao_orders.csv"]
    for name, rows in (("i1.csv", [one, three]), ("i2.csv", [two, three])):
        files.append(tmp_path / name)
        files[-1].write_bytes("\r\n".join([head, *rows]).encode("gbk"))
    reader = Reader(account())
    cuts = [cut for _, portion in reader.read_all(files) for cut in portion.cuts]
    twice = [files[0], *[EXPORTS / "taobao_items.csv"] * 2]
    again = [cut for _, portion in reader.read_all(twice) for cut in portion.cuts]
    reader.close()
    assert [one.problem.code for one in cuts if one.problem] == ["lines_in_several_files"]
    assert [draft(one.item).external_id for one in cuts if not one.problem] == ["3900000000000000012"]
    assert len(again) == 2 and not any(one.problem for one in again), "the same report twice is one"


def test_what_is_shipped_already_is_told_by_line_with_its_waybill() -> None:
    head = "订单号,商家编码,数量,单价,订单状态,物流单号,物流公司"
    rows = [
        "A1,A-1,2,10,已发货,SF1,顺丰", "A1,B-1,1,5,待发货,,", ",C-1,1,1,,,",
        "A2,A-1,1,10,交易成功,SF2,顺丰", ",B-1,3,1,,,",
    ]
    first, second = (draft(item) for item in cut("\n".join([head, *rows])).items)
    assert [(line.sku_external, line.fulfilled) for line in first.lines] == [("A-1", 2), ("B-1", None), ("C-1", 1)]
    assert [line.fulfilled for line in second.lines] == [1, 3]
    assert [one.waybill for one in (*first.shipments, *second.shipments)] == ["SF1", "SF2"]


def test_what_the_platform_paid_is_a_subsidy_and_other_charges_have_their_name() -> None:
    assert [(c.kind, c.amount) for c in read("pinduoduo.csv")[0].charges] == [("subsidy", -300)]
    assert (read("pinduoduo.csv")[0].discount, read("douyin.csv")[0].charges[0].amount) == (500, -500)
    text = "订单号,商家编码,数量,单价,礼品包装费,货到付款手续费,税费\nA1,A-1,2,10,5,3,1\n"
    order = draft(cut(text).items[0])
    told = [(charge.kind, charge.amount) for charge in order.charges]
    assert (order.total, told, adds_up(order)) == (2900, [("cod_fee", 300), ("gift_wrap", 500)], True)


# What a file lacks is asked for in words


def test_a_column_that_is_not_recognised_is_asked_for_by_name_with_the_command() -> None:
    parts = cut("订单号,货品代号,件数,售卖价\nA1,x,1,2\n")
    assert codes(parts) == ["columns_missing"]
    mend = parts.problems[0].mend
    assert "商品编码" in mend and "货品代号" in mend and "orderloom connect files --code T1 --setting" in mend


def test_a_column_named_by_the_account_adds_to_the_known_ones_and_wins_over_its_namesake() -> None:
    text = "订单号,商品编码,我的编码,件数,单价\nA1,old,new,2,5\n"
    assert draft(cut(text).items[0]).lines[0].sku_external == "old"
    order = draft(cut(text, columns={"我的编码": "商品编码"}).items[0])
    assert (order.lines[0].sku_external, order.lines[0].quantity, order.total) == ("new", 2, 1000)
    kept = merged({"columns": {"a": "订单号", "b": "数量"}, "zone": 1}, {"columns": {"c": "单价", "b": "-"}})
    assert kept == {"columns": {"a": "订单号", "c": "单价"}, "zone": 1}


# Several lines, no total, no line numbers


def test_an_order_of_several_lines_without_a_total_is_the_sum_of_them() -> None:
    text = "订单号,商家编码,数量,单价,运费,优惠金额,行优惠\nA1,A-1,2,10.00,6,3,1\nA1,B-1,1,5.00,6,3,0\n"
    order = draft(cut(text).items[0])
    assert (order.total, order.paid, adds_up(order)) == (2700, 2700, True)
    order = draft(cut("订单号,商家编码,数量,小计\nA1,A-1,2,20.00\nA1,B-1,1,5.00\n").items[0])
    assert (order.total, [line.price for line in order.lines]) == (2500, [1000, 500])


def test_one_line_with_nothing_but_a_total_has_its_price() -> None:
    order = draft(cut("订单号,商家编码,数量,运费,实付金额\nA1,A-1,2,6.00,26.00\n").items[0])
    assert (order.lines[0].price, adds_up(order)) == (1000, True)


def test_two_lines_of_one_sku_are_two_lines_in_whatever_order_they_come() -> None:
    head = "订单号,商家编码,数量,单价,订单金额"
    rows = ["A1,A-1,2,10.00,20.00", "A1,A-1,1,0,20.00"]
    for order in (draft(cut("\n".join([head, *some])).items[0]) for some in (rows, rows[::-1])):
        assert sorted((line.price, line.quantity) for line in order.lines) == [(0, 1), (1000, 2)]


# When was the file made?


@pytest.mark.parametrize(("name", "above", "expected"), [
    ("ExportOrderList202605151650.csv", [], "2026-05-15T16:50:00+08:00"),
    ("orders_export2026-11-12-10-00-07.csv", [], "2026-11-12T10:00:07+08:00"),
    ("1791430000_abc.csv", [], "2026-10-08T03:26:40+00:00"),
    ("a.csv", ["导出时间：2026-11-11 09:30"], "2026-11-11T09:30:00+08:00"),
    ("202611010000-202611102359.csv", [], ""),
    ("订单2026.csv", ["统计时间：2026-11-11 09:30"], ""),
    ("ExportOrderList202613451650.csv", [], ""),
])
def test_an_older_export_is_known_by_its_own_time(name: str, above: list[str], expected: str) -> None:
    assert exported_at(name, above, "Asia/Shanghai") == expected


def test_a_file_without_any_time_of_change_says_that_its_news_is_dated_by_receipt() -> None:
    text = "\n".join([HEAD, *rows_of("A1")])
    order = draft(cut(text).items[0])
    assert (order.revision, order.is_revision_assumed) == (NOW, True)
    dated = draft(split("ExportOrderList202605151650.csv", text.encode(), account()).items[0])
    assert (dated.revision, dated.is_revision_assumed) == (datetime(2026, 5, 15, 8, 50, tzinfo=UTC), False)
    told = draft(cut(text.replace("下单时间", "更新时间")).items[0])
    assert (told.revision.date().isoformat(), told.is_revision_assumed) == ("2026-11-10", False)


# What no order may have


@pytest.mark.parametrize(("row", "code", "column"), [
    ("A1,A-1,0,5,5,", "quantity_not_positive", "数量"),
    ("A1,A-1,-1,5,5,", "quantity_not_positive", "数量"),
    ("A1,A-1,1,-5,5,", "amount_negative", "单价"),
    ("A1,A-1,1,5,(5.00),", "amount_negative", "订单金额"),
    ("A1,A-1,1,5,5,退货单", "return_row", "订单类型"),
])
def test_a_return_or_a_negative_figure_is_refused_by_row_and_column(row: str, code: str, column: str) -> None:
    parts = cut(f"订单号,商家编码,数量,单价,订单金额,订单类型\nA0,A-1,1,5,5,\n{row}\nA2,A-1,1,5,5,普通\n")
    assert (topics(parts), codes(parts)) == (["row", "unreadable", "row"], [code])
    assert parts.problems[0].field == f"第 3 行 / row 3: {column}"
    assert column in dict(parts.items[1].context)["reason_text"]
