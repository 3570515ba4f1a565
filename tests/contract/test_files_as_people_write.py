"""What people and spreadsheet programs write into order files is read as meant, or refused in words: never guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from test_files import FOLDER, NOW, account, codes, cut, draft, topics

from orderloom.application.connect import BadForm, fill, form_of
from orderloom.application.ports import Item
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft, Problem

HEAD = "订单号,下单时间,商品编码,数量,单价,订单金额,收货人,手机,详细地址\n"
PLACE = "张三,19900012345,浙江省杭州市西湖区文一路1号"


def row(number: str = "A1", at: str = "2026-03-05 09:05", sku: str = "M-1", price: str = "5", total: str = "5") -> str:
    return f'"{number}","{at}",{sku},1,{price},{total},{PLACE}\n'


def told(item: Item) -> OrderDraft | Problem:
    """The order, or the first problem."""
    [found] = translate(account(), item.topic, item.body, dict(item.context), NOW, FOLDER.mappings())
    assert isinstance(found, OrderDraft | tuple)
    return found if isinstance(found, OrderDraft) else found[0]


@pytest.mark.parametrize(("written", "meant"), [
    *[(text, (1, 5)) for text in (
        "2026/3/5 9:05", "2026年3月5日 09:05", "46086.378472", "2026/3/5 上午9:05", "Mar 5, 2026 9:05 AM",
        "5-Mar-2026 09:05",
        "2026-03-05T09:05:00+08:00", "2026-03-05 01:05:00 UTC", "2026-03-04 20:05:00 -0500", "5 March 2026 09:05",
    )],
    ("2026-3-5 下午 3:05:00", (7, 5)), ("2026-03-05 12:05 am", (-8, 5)), ("2026-03-05 12:05 PM", (4, 5)),
    ("2026-03-05 24:00:00", (16, 0)), ("46087", (16, 0)), ("13:05", None), ("45.5", None), ("2026-03-05 25:00", None),
    ("99999", None), ("2026-02-30", None), ("Foo 5, 2026", None),
])  # fmt: skip
def test_an_order_keeps_its_time_however_its_file_writes_it(written: str, meant: tuple[int, int] | None) -> None:
    found = told(cut(HEAD + row(at=written)).items[0])
    if meant is None:
        assert isinstance(found, Problem) and found.code == "wrong_time"
    else:
        hour, minute = meant
        day = datetime(2026, 3, 5, tzinfo=UTC).timestamp()
        assert isinstance(found, OrderDraft) and found.placed_at.timestamp() == day + hour * 3_600 + minute * 60


def test_day_and_month_are_told_from_the_whole_file_and_never_guessed() -> None:
    ambiguous, plain = row("A1", "05/03/2026 09:05"), row("A2", "31/12/2025 09:05")
    march = [told(item) for item in cut(HEAD + ambiguous + plain).items]
    assert [one.placed_at.month for one in march if isinstance(one, OrderDraft)] == [3, 12]
    may = told(cut(HEAD + ambiguous + row("A2", "12/31/2025")).items[0])
    assert isinstance(may, OrderDraft) and may.placed_at.month == 5
    for both in (ambiguous, ambiguous + plain + row("A3", "12/31/2025")):
        found = told(cut(HEAD + both).items[0])
        assert isinstance(found, Problem) and "dates=dmy" in found.mend and "05/03" not in found.mend


def test_the_account_says_once_whether_the_day_stands_first_and_the_same_file_is_news_then() -> None:
    before = cut(HEAD + row(at="05/03/2026 09:05")).items[0]
    after = cut(HEAD + row(at="05/03/2026 09:05"), dates="dmy").items[0]
    found = told(after)
    assert isinstance(found, OrderDraft) and found.placed_at.month == 3 and before.event_id != after.event_id
    manifest = FOLDER.manifest
    form = form_of(manifest)
    assert fill(form, {}, {"dates": "mdy"}).settings["dates"] == "mdy"
    with pytest.raises(BadForm):
        fill(form, {}, {"dates": "ydm"})


@pytest.mark.parametrize("between", [",", "，", ";", "/", " ", "\n", "|", "+", "、"])
def test_orders_that_a_tool_merged_into_one_cell_are_not_shipped_as_a_third_order(between: str) -> None:
    parts = cut(HEAD + row(f"4400000000000019021{between}4400000000000019022") + row("A2"))
    assert codes(parts) == ["order_no_merged"] and topics(parts) == ["unreadable", "row"]
    assert told(parts.items[1]) == draft(parts.items[1])


@pytest.mark.parametrize("number", ["PO/2026/00012", "2026-11/7788", "SO 10023", "4400000000000019021-1"])
def test_an_order_number_with_signs_in_it_is_one_number(number: str) -> None:
    assert draft(cut(HEAD + row(number)).items[0]).external_id == number


def test_a_gift_without_a_price_goes_with_its_order_and_a_lost_price_does_not_become_nothing() -> None:
    head = HEAD.replace("单价", "是否赠品,单价")
    rows = f"A1,2026-03-05 09:05,M-1,1,否,5,5,{PLACE}\nA1,2026-03-05 09:05,G-1,1,%s,,5,{PLACE}\n"
    order = draft(cut(head + rows % "是").items[0])
    assert [(line.sku_external, line.price) for line in order.lines] == [("M-1", 500), ("G-1", 0)]
    lost = told(cut(head + rows % "否").items[0])
    assert isinstance(lost, Problem) and (lost.code, lost.field) == ("missing_field", "lines[1].price")


def test_barcodes_and_waybills_lose_the_point_zero_of_a_data_frame_and_codes_keep_their_zeros() -> None:
    head = HEAD.strip() + ",物流单号,物流公司\n"
    rows = [row("A1", sku="6901234567890.0").strip() + ",776000000000001.0,圆通\n",
            *[row(sku, sku=sku).strip() + ",,\n" for sku in ("90.750", "0017")]]  # fmt: skip
    orders = [draft(item) for item in cut(head + "".join(rows)).items]
    assert [order.lines[0].sku_external for order in orders] == ["6901234567890", "90.750", "0017"]
    assert [one.waybill for one in orders[0].shipments] == ["776000000000001"]


def test_no_cell_is_quoted_where_a_number_was_expected() -> None:
    found = told(cut(HEAD + row(price="5").replace(",1,5,", ",张三的收货点,5,").replace(",5,5,", ",5,,")).items[0])
    assert isinstance(found, Problem) and "张三" not in found.mend + found.value


@pytest.mark.parametrize("left", ["张三,199", "张三,19900012345"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_a_row_in_which_a_file_ends_is_no_order_with_half_an_address(left: str, encoding: str) -> None:
    whole = cut(HEAD + row("A1") + row("A2").rstrip("\n"), encoding)
    assert topics(whole) == ["row", "row"], "many programs end a file without a line end"
    parts = cut(HEAD + row("A1") + "A2,2026-03-05 09:05,M-1,1,5,5," + left, encoding)
    assert (topics(parts), codes(parts)) == (["row", "unreadable"], ["too_few_cells"])


def test_a_program_that_leaves_empty_cells_out_cuts_no_row_off() -> None:
    short = "A1,2026-03-05 09:05,M-1,1,5,5,张三,19900012345\n"
    assert topics(cut(HEAD + short + short.replace("A1", "A2").rstrip())) == ["row", "row"]


@pytest.mark.parametrize(("column", "same", "other"), [("数量", "1", "9"), ("收货人", "张三", "李四")])
def test_of_two_columns_of_one_name_none_is_chosen_by_chance(column: str, same: str, other: str) -> None:
    head = HEAD.rstrip() + f",{column}\n"
    assert topics(cut(head + row().rstrip() + f",{same}\n")) == topics(cut(head + row().rstrip() + ",\n")) == ["row"]
    parts = cut(head + row().rstrip() + f",{other}\n" + row("A2").rstrip() + f",{same}\n")
    assert (topics(parts), codes(parts)) == (["unreadable", "row"], ["column_doubled"])
    assert column in parts.problems[0].field
    notes = cut(HEAD.rstrip() + ",备注,备注\n" + row().rstrip() + ",快,慢\n")
    assert topics(notes) == ["row"], "two remarks are no reason to wait"


def test_a_file_in_traditional_characters_needs_nobody_to_name_its_columns() -> None:
    head = "訂單號,下單時間,商品編碼,數量,單價,總金額,收貨人,手機,收貨地址\n"
    [order] = [told(item) for item in cut(head + row().replace(PLACE, "陳大文,0912345678,台北市中正區"), "big5").items]
    assert isinstance(order, OrderDraft) and (order.lines[0].sku_external, order.total) == ("M-1", 500)
