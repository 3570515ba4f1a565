"""Order files: no order of a file is lost, halved or invented, whatever encoding and damage it comes with."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from orderloom.adapters.channels.files import client
from orderloom.adapters.channels.files.client import CONNECTOR, SplitFile, split
from orderloom.adapters.channels.files.simulator import COLUMNS, Simulator, external_id
from orderloom.adapters.spreadsheets.columns import known_names
from orderloom.application.ports import Account, Cursor, Inbound, Item, Outgoing, Page, Terminal
from orderloom.application.translate import translate
from orderloom.domain.column_name import plain_column as plain
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import Folder, caller

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FOLDER = Folder(Path(client.__file__).parent)
HEAD = "订单号,下单时间,商品编码,数量,单价,订单金额,收货人,详细地址"


def account(**settings: Any) -> Account:
    return FOLDER.account(credentials={"upload_token": "t0ken"}, **settings)


def rows_of(*numbers: str) -> list[str]:
    return [
        f"{number},2026-11-11 00:01:02,M-00{i},1,9.90,9.90,张三,浙江省杭州市文一西路{i}号"
        for i, number in enumerate(numbers)
    ]


def cut(text: str | bytes, encoding: str = "utf-8", **settings: Any) -> SplitFile:
    return split("a.csv", text if isinstance(text, bytes) else text.encode(encoding), account(**settings))


def topics(parts: SplitFile) -> list[str]:
    return [item.topic for item in parts.items]


def codes(parts: SplitFile) -> list[str]:
    return [problem.code for problem in parts.problems]


def draft(item: Item) -> OrderDraft:
    [found] = translate(account(), item.topic, item.body, dict(item.context), NOW, FOLDER.mappings())
    assert isinstance(found, OrderDraft), found
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_names_and_addresses_arrive_as_written_in_every_encoding(encoding: str, delimiter: str) -> None:
    text = "\r\n".join([HEAD, *rows_of("A1", "A2")]).replace(",", delimiter)
    parts = cut(text, encoding)
    assert topics(parts) == ["row", "row"]
    orders = [draft(item) for item in parts.items]
    assert [order.external_id for order in orders] == ["A1", "A2"]
    assert [order.receiver.name for order in orders] == ["张三", "张三"]
    assert orders[0].receiver.city == "杭州市" and orders[0].total == 990


def test_a_traditional_chinese_file_is_not_taken_for_gbk() -> None:
    text = "訂單編號,訂單日期,商品編號,數量,單價,訂單金額,收件者姓名\r\nT1,2026/11/13 14:05,B-7,2,500,1000,陳小姐\r\n"
    parts = cut(text, "big5")
    assert parts.encoding == "cp950" and draft(parts.items[0]).receiver.name == "陳小姐"


def test_english_headers_do_not_hide_which_encoding_the_names_are_in() -> None:
    for encoding, name in (("gbk", "王小明的收货点"), ("big5", "陳小姐的取貨門市")):
        text = f"order_no,sku,quantity,price,total,receiver\nE1,M-1,1,5,5,{name}\n"
        assert draft(cut(text, encoding).items[0]).receiver.name == name


def test_the_bytes_of_an_order_are_those_of_its_rows() -> None:
    lines = [row.encode("gbk") + b"\r\n" for row in rows_of("A1", "A2", "A1")]
    parts = cut(HEAD.encode("gbk") + b"\r\n" + b"".join(lines))
    assert [item.body for item in parts.items] == [lines[0] + lines[2], lines[1]]
    assert dict(parts.items[1].context)["row"] == "3"


def test_37_garbled_rows_of_1000_park_alone_and_963_orders_go_on() -> None:
    lines = [row.encode("gbk") for row in rows_of(*(f"N{n}" for n in range(1000)))]
    for n in range(0, 37 * 27, 27):
        lines[n] = b"\xff\xfe\xff" + lines[n][3:]
    parts = cut(HEAD.encode("gbk") + b"\n" + b"\n".join(lines))
    assert (topics(parts).count("row"), topics(parts).count("unreadable")) == (963, 37)
    assert set(codes(parts)) == {"broken_bytes"} and "row 2" in parts.problems[0].field
    assert {item.body.strip() for item in parts.items} == set(lines)


def test_an_order_that_lost_a_line_is_not_shipped_without_it() -> None:
    lines = [row.encode() for row in rows_of("A1", "A1", "A1", "B1")]
    lines[1] = b"\xff\xff" + lines[1][2:]
    parts = cut(HEAD.encode() + b"\n" + b"\n".join(lines))
    assert topics(parts) == ["unreadable", "row"]
    assert parts.items[0].body.count(b"\n") == 3


def test_a_quote_that_is_never_closed_spoils_one_row_only() -> None:
    rows = rows_of("A1", "A2", "A3", "A4")
    rows[1] = rows[1].replace("张三", '"张三')
    rows[3] = rows[3].replace("张三", '"张,三"')
    parts = cut("\n".join([HEAD, *rows]))
    assert topics(parts) == ["row", "unreadable", "row", "row"] and codes(parts) == ["broken_quotes"]
    assert draft(parts.items[3]).receiver.name == "张,三"


def test_line_breaks_inside_a_cell_belong_to_the_cell() -> None:
    text = HEAD + ",备注\n" + rows_of("A1")[0] + ',"第一行\n第二行, ""急"""\n' + rows_of("A2")[0] + ",\n"
    parts = cut(text)
    assert topics(parts) == ["row", "row"] and "第二行" in draft(parts.items[0]).note


@pytest.mark.parametrize(
    ("number", "code"), [("", "order_no_missing"), ("1.23457E+18", "order_no_damaged"), ("1E18", "order_no_damaged")]
)
def test_an_order_without_a_trustworthy_number_is_named_by_its_row(number: str, code: str) -> None:
    parts = cut("\n".join([HEAD, *rows_of("A1", number, number, "A2")]))
    assert topics(parts) == ["row", "unreadable", "unreadable", "row"]
    assert codes(parts) == [code, code] and "row 3" in parts.problems[0].field


def test_numbers_that_a_spreadsheet_rounded_do_not_merge_orders() -> None:
    parts = cut("\n".join([HEAD, *rows_of("123456789012345000", "123456789012346000")]))
    assert codes(parts) == ["order_no_rounded"] * 2
    fine = cut("\n".join([HEAD, *rows_of("123456789012345678", "123456789012346000")]))
    assert topics(fine) == ["row", "row"]


def test_the_ways_in_which_exports_protect_numbers_are_undone() -> None:
    parts = cut("\n".join([HEAD, *rows_of('"=""0012345678901234567"""', "'0098", "77.0")]))
    assert [draft(item).external_id for item in parts.items] == ["0012345678901234567", "0098", "77"]


def test_cells_shifted_by_a_stray_delimiter_are_not_read_as_something_else() -> None:
    parts = cut("\n".join([HEAD, rows_of("A1")[0] + ",3", rows_of("A2")[0] + ",,,", "A3,2026"]))
    assert topics(parts) == ["unreadable", "row", "unreadable"]
    assert codes(parts) == ["too_many_cells", "too_few_cells"]


def test_a_title_above_the_header_and_own_column_names_do_not_stop_the_import() -> None:
    text = "\n".join(["十一月订单,,,", "", HEAD.replace("订单号", "客户单号 *"), *rows_of("A1")])
    assert codes(cut(text)) == ["header_missing"] and cut(text).items[0].body == text.encode()
    parts = cut(text, columns={"客户单号": "订单号"})
    assert draft(parts.items[0]).external_id == "A1"


def test_a_mended_header_makes_the_same_rows_news_and_the_same_file_does_not() -> None:
    text = "\n".join([HEAD, *rows_of("A1")])
    first, again, mended = cut(text), cut(text), cut(text.replace("数量", "件数"))
    assert first.items[0].event_id == again.items[0].event_id != mended.items[0].event_id


def workbook(*rows: list[Any]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    book.close()
    return out.getvalue()


def test_numbers_of_excel_arrive_without_point_zero_and_damaged_ones_are_named() -> None:
    head = ["订单号", "商品编码", "数量", "单价", "下单时间"]
    rounded = [1.2345678901234567e18, "M-2", 1, 5, "2026-11-11"]
    body = workbook(head, [10001, "M-1", 2, 0.1 + 0.2, "2026-11-11"], rounded)
    parts = split("a.xlsx", body, account())
    assert parts.items[0].body == b"10001,M-1,2,0.3,2026-11-11\n"
    assert (draft(parts.items[0]).total, codes(parts)) == (60, ["order_no_damaged"])
    assert "row 3" in parts.problems[0].field


@pytest.mark.parametrize("path", sorted((FOLDER.path / "samples").glob("file_*")), ids=lambda path: path.stem)
def test_real_exports_are_cut_into_the_items_that_the_samples_translate(path: Path) -> None:
    name = path.stem.removeprefix("file_")
    facts = json.loads((path.parent / f"{name}.item.json").read_text("utf-8"))
    [item] = split(facts["context"]["file"], path.read_bytes(), account()).items
    assert item.body == next(path.parent.glob(f"{name}.in.*")).read_bytes()
    assert dict(item.context) == facts["context"]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04not a zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1broken", b"hello"])
def test_a_file_that_is_none_is_kept_whole_with_the_reason(body: bytes) -> None:
    parts = split("a.xlsx", body, account())
    assert topics(parts) == ["unreadable"] and parts.items[0].body == body
    assert dict(parts.items[0].context)["reason"] in ("file_empty", "workbook_broken", "header_missing")


def test_a_big_file_is_split_while_the_clerk_waits() -> None:
    body = "\n".join([HEAD, *rows_of(*(f"N{n // 2}" for n in range(100_000)))]).encode("gbk")
    seen: list[int] = []
    parts = split("big.csv", body, account(), seen.append)
    assert (len(parts.items), parts.rows, parts.problems) == (50_000, 100_000, ()) and seen[-1] == 100_000


# The watched folder, uploads and shipment files


def purchase(n: int) -> dict[str, Any]:
    at = NOW - timedelta(hours=1)
    return {"external_id": external_id(n), "placed_at": at, "paid_at": at, "buyer": "小明", "note": "é𠮷, 急",
            "currency": "CNY", "freight": 800, "discount": 100, "tax": 0,
            "receiver": {"name": "张三", "phone": "13800138000", "country": "CN", "province": "浙江省",
                         "city": "杭州市", "district": "余杭区", "detail": "文一西路969号", "postcode": "310000"},
            "lines": [{"sku": "M-1", "title": "杯", "quantity": 2, "price": 990, "discount": 80},
                      {"sku": "M-2", "title": "勺", "quantity": 1, "price": 500, "discount": 0}]}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Simulator, Account]:
    settings = {"inbox": str(tmp_path / "in"), "outbox": str(tmp_path / "out"), "settle_seconds": 0.02}
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    return Simulator({}, lambda: NOW, settings), account(**settings)


async def look(owner: Account) -> list[Page]:
    async with caller() as http:
        return [page async for page in CONNECTOR.pull(owner, Cursor(NOW), NOW, http)]


async def test_orders_dropped_in_any_encoding_arrive_once_and_with_the_right_total(
    desk: tuple[Simulator, Account],
) -> None:
    simulator, owner = desk
    for n in range(6):
        simulator.place(purchase(n))
        assert simulator.flush()
    pages = await look(owner)
    items = [item for page in pages for item in page.items]
    orders = [draft(item) for item in items if item.topic == "row"]
    assert sorted(order.external_id for order in orders) == [external_id(n) for n in range(6)]
    assert all((order.total, order.payment, len(order.lines)) == (3100, "paid", 2) for order in orders)
    assert {order.receiver.district for order in orders} == {"余杭区"}
    assert [item.topic for item in items].count("file") == 6
    assert await look(owner) == []


async def test_rows_that_were_garbled_on_the_way_do_not_hold_the_others_up(desk: tuple[Simulator, Account]) -> None:
    simulator, owner = desk
    for n in range(3):
        simulator.place(purchase(n) | {"lines": purchase(n)["lines"][:1]})
    simulator.fault("broken_body")
    simulator.flush("gbk")
    topics = [item.topic for page in await look(owner) for item in page.items]
    assert topics == ["file", "unreadable", "row", "row"]


async def test_a_file_stays_in_the_inbox_until_its_last_page_is_durable(desk: tuple[Simulator, Account]) -> None:
    simulator, owner = desk
    simulator.place(purchase(1))
    path = simulator.flush("gbk")
    assert path
    async with caller() as http:
        pages = CONNECTOR.pull(owner, Cursor(NOW), NOW, http)
        first = await anext(pages)
        last = await anext(pages)
        assert (first.items[0].topic, last.items[0].topic) == ("file", "row")
        await pages.aclose()  # type: ignore[attr-defined]
        assert path.exists()
    assert len(await look(owner)) == 2
    assert not path.exists() and (path.parent / "done" / path.name).read_bytes() == first.items[0].body


async def test_a_file_that_is_no_order_file_is_reported_and_leaves_the_inbox(desk: tuple[Simulator, Account]) -> None:
    _, owner = desk
    (Path(owner.settings["inbox"]) / "notes.txt").write_bytes("明天盘点".encode("gbk"))
    pages = await look(owner)
    assert [item.topic for page in pages for item in page.items] == ["file", "unreadable"]
    assert pages[0].items[0].body == pages[1].items[0].body == "明天盘点".encode("gbk")
    assert dict(pages[1].items[0].context)["reason"] == "header_missing"
    assert await look(owner) == []
    aside = Path(owner.settings["inbox"]) / "refused"
    assert sorted(path.name for path in aside.iterdir()) == ["notes.txt", "notes.txt.reason.txt"]


async def test_a_half_written_file_is_left_alone(desk: tuple[Simulator, Account]) -> None:
    _, owner = desk
    inbox = Path(owner.settings["inbox"])
    for name in ("a.csv.tmp", "b.part", "~$c.xlsx", ".d.csv"):
        (inbox / name).write_text("half")
    assert await look(owner) == []


async def test_a_missing_inbox_is_said_and_not_taken_for_an_empty_one() -> None:
    with pytest.raises(Terminal, match="no_inbox"):
        await look(account(inbox="/nowhere/at/all"))
    async with caller() as http:
        assert not (await CONNECTOR.probe(account(inbox="relative"), http)).is_well
        assert (await CONNECTOR.probe(account(), http)).is_well


async def test_a_cancelled_order_comes_again_as_cancelled(desk: tuple[Simulator, Account]) -> None:
    simulator, owner = desk
    simulator.place(purchase(1))
    simulator.flush()
    simulator.cancel(external_id(1), NOW)
    simulator.flush("utf-8")
    orders = [draft(item) for page in await look(owner) for item in page.items if item.topic == "row"]
    assert [order.is_cancelled for order in sorted(orders, key=lambda order: order.revision)] == [False, True]


def test_only_who_has_the_token_can_upload_orders() -> None:
    body = "\n".join([HEAD, *rows_of("A1")]).encode()
    for token, status, topic in (("t0ken", 200, ["file", "row"]), ("wrong", 401, ["file"]), ("", 401, ["file"])):
        request = Inbound("POST", "/upload", {"name": "../../a.csv"}, {"x-upload-token": token}, body)
        verdict = CONNECTOR.receive(request, account(), NOW)
        assert (verdict.status, [item.topic for item in verdict.items]) == (status, topic)
        assert bool(verdict.quarantine) == (status == 401)
        assert dict(verdict.items[0].context)["file"] == "a.csv"


async def test_a_shipment_is_written_once_however_often_it_is_told(desk: tuple[Simulator, Account]) -> None:
    simulator, owner = desk
    lines = [{"external_line_id": "A1-1", "quantity": 2}, {"external_line_id": "A1-2", "quantity": 1}]
    body = {
        "external_id": "A1",
        "carrier": "sf",
        "waybill": "SF1",
        "shipped_at": "2026-11-22T20:00:00Z",
        "lines": lines,
    }
    path = Path(owner.settings["outbox"]) / "shipments-20261123.csv"
    async with caller() as http:
        for attempt in (1, 2):
            await CONNECTOR.send(Outgoing("d-1", "shipment", "A1", body, attempt), owner, http)
        path.write_bytes(path.read_bytes() + "d-2,A2,半".encode())  # cut off by a crash
        await CONNECTOR.send(Outgoing("d-2", "shipment", "A2", body | {"external_id": "A2"}, 2), owner, http)
        with pytest.raises(Terminal, match="unknown_kind"):
            await CONNECTOR.send(Outgoing("d-3", "stock", "A2", {}, 1), owner, http)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfdelivery_id")
    assert [len(told) for told in simulator.shipments.values()] == [2, 2]
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    assert rows[1] == ["d-1", "A1", "sf", "SF1", "2026-11-23 04:00:00", "A1-1", "2"] and len(rows) == 5


def test_every_column_that_the_rehearsal_writes_is_one_that_the_mapping_reads() -> None:
    assert [name for name in COLUMNS if plain(name) not in known_names()] == []
    assert {plain("订单号 *"), plain("单价（元）"), plain("Order No.")} == {"订单号", "单价", "order_no"}


async def test_a_list_of_shipments_that_excel_saved_in_between_goes_on(desk: tuple[Simulator, Account]) -> None:
    _, owner = desk
    body = {"external_id": "A1", "carrier": "sf", "waybill": "SF1", "shipped_at": "2026-11-22T20:00:00Z", "lines": []}
    path = Path(owner.settings["outbox"]) / "shipments-20261123.csv"
    async with caller() as http:
        for number in ("d-1", "d-2", "d-1"):
            told = await CONNECTOR.send(Outgoing(number, "shipment", "A1", body, 1), owner, http)
            written = path.read_bytes()
            encoding = "utf-8-sig" if written.startswith(b"\xef\xbb\xbf") else "gbk"
            path.write_bytes(written.decode(encoding).encode("gbk"))
    assert told.said["written"] == "before"
    rows = list(csv.reader(io.StringIO(path.read_text("gbk"))))
    assert rows[0][1] == "订单号" and [row[0] for row in rows[1:]] == ["d-1", "d-2"]
