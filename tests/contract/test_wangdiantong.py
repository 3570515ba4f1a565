"""Wangdiantong's client against a warehouse that speaks the platform's protocol over HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from orderloom.adapters.kit import reading
from orderloom.adapters.systems.wangdiantong import trade
from orderloom.adapters.systems.wangdiantong.simulator import Simulator
from orderloom.adapters.systems.wangdiantong.work import RATE_PAUSE_SECONDS
from orderloom.application.ports import Account, Answer, Cursor, Inbound, Outgoing, Page, Terminal, Transient
from orderloom.application.translate import translate
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder
from orderloom.domain import carriers
from orderloom.domain.draft import StockReport, WorkReport
from orderloom.rehearsal.server import open_door
from tests.support.connector_folders import caller, folders

FOLDER = next(folder for folder in folders("systems") if folder.name == "wangdiantong")
START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CREDENTIALS = {"sid": "wdtapi3", "app_key": "testkey", "app_secret": "testsecret:testsalt"}
RECEIVER = {"name": "𠮷田 é", "phone": "13800000000", "country": "CN", "province": "广东省", "city": "深圳市"} | {
    "district": "南山区", "detail": "测试路1号 <b>&\"2\"栋", "postcode": "518000", "token": ""
}  # fmt: skip
CANCEL_W1 = {"work_no": "W1", "order_no": "O-W1", "external_id": "4411", "reason": "买家取消"}
LINES = [
    {"line_no": 1, "external_line_id": "a", "sku": "M-001", "title": "", "quantity": 3, "price": 1999, "amount": 5098},
    {"line_no": 2, "external_line_id": "b", "sku": "B-12", "title": "包", "quantity": 1, "price": 800, "amount": 850},
]


def work(no: str = "W1", **changes: Any) -> dict[str, Any]:
    """A `work` delivery as docs/deliveries.md has it."""
    body = {
        "work_no": no, "order_no": f"O-{no}", "channel": "taobao", "shop": "TB01", "external_id": "4411", "note": "",
        "placed_at": "2026-11-21T01:00:00Z", "paid_at": "2026-11-21T01:05:00Z", "currency": "CNY", "paid": 6948,
        "freight": 1000, "discount": 0, "warehouse": "WH2", "receiver": RECEIVER, "lines": LINES,
    }  # fmt: skip
    return body | changes


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    listener = open_door()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class House:
    """A simulated warehouse, its clock, and the account that the hub has there."""

    def __init__(self, simulator: Simulator, account: Account, http: httpx2.AsyncClient) -> None:
        self.simulator, self.account, self.http, self.now = simulator, account, http, START
        self.parcels: list[dict[str, Any]] = []
        simulator.now = lambda: self.now
        simulator.on_handed_over = self.parcels.append

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.simulator.step(self.now)

    async def send(self, kind: str, body: dict[str, Any]) -> Answer:
        return await FOLDER.connector.send(Outgoing("d", kind, "k", body, 1), self.account, self.http)

    async def pull(self, since: datetime = START, at: datetime | None = None) -> list[Page]:
        return [page async for page in FOLDER.connector.pull(self.account, Cursor(since), at or self.now, self.http)]


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[House]:
    chosen = {"shop_no": "S1", "warehouses": ["WH1", "WH2"], "jitter": 0.1} | settings
    simulator = Simulator(CREDENTIALS, lambda: START, chosen)
    async with serving(simulator.app) as url, caller() as http:
        account = Account(1, "WDT", "systems", "wangdiantong", "Asia/Shanghai", url, CREDENTIALS, chosen)
        yield House(simulator, account, http)


def rows(pages: list[Page], topic: str = "stockout") -> list[dict[str, Any]]:
    return [json.loads(item.body) for page in pages for item in page.items if item.topic == topic]


def understood(house: House, pages: list[Page]) -> list[Any]:
    """The drafts that the folder's own mapping makes of what was pulled."""
    mapping = load_folder(FOLDER.path)
    assert isinstance(mapping, CompiledMapping)
    readers = Mappings({"wangdiantong": mapping})
    found = [item for page in pages for item in page.items]
    return [d for i in found for d in translate(house.account, i.topic, i.body, {}, house.now, readers)]


async def test_work_arrives_whole_and_a_second_push_does_not_double_it() -> None:
    async with opened() as house:
        assert (await house.send("work", work())).said == {"tid": "W1", "state": "new"}
        assert (await house.send("work", work())).said == {"tid": "W1", "state": "changed"}
        assert list(house.simulator.trades) == ["W1"]
        kept = house.simulator.trades["W1"]
        assert kept.raw["receiver_name"] == "𠮷田 é" and kept.raw["receiver_address"] == RECEIVER["detail"]
        assert kept.raw["receiver_area"] == "广东省 深圳市 南山区" and kept.raw["trade_time"] == "2026-11-21 09:00:00"
        assert kept.warehouse == "WH2"
        assert (kept.raw["receivable"], kept.raw["pay_status"]) == (Decimal("69.48"), 2)
        assert [line["oid"] for line in kept.lines] == ["W1-1", "W1-2"]
        assert kept.raw["is_sealed"] == 3


@pytest.mark.parametrize(
    ("changes", "discount", "receivable", "pay_status"),
    [
        ({}, "0", "69.48", 2),
        ({"discount": 300}, "0", "69.48", 2),  # the shares already carry it
        ({"discount": 300, "paid": 6648}, "3", "66.48", 2),  # they do not
        ({"paid": 0}, "0", "69.48", 0),
        ({"paid": 100}, "0", "69.48", 1),
        ({"currency": "JPY"}, "0", "6948", 2),
        ({"currency": "ISK"}, "0", "6948", 2),
    ],
)
async def test_amounts_balance_or_the_warehouse_blocks_the_order(
    changes: dict[str, Any], discount: str, receivable: str, pay_status: int
) -> None:
    async with opened() as house:
        await house.send("work", work(**changes))
        raw = house.simulator.trades["W1"].raw
        assert (Decimal(raw["discount"]), Decimal(raw["receivable"])) == (Decimal(discount), Decimal(receivable))
        assert raw["pay_status"] == pay_status


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        ({"detail": "长" * 256}, "oversize_field"),
        ({"phone": "138****0000"}, "masked_field"),
        ({"name": ""}, "missing_field"),
    ],
)
async def test_a_receiver_that_would_stall_the_warehouse_never_leaves_the_hub(
    receiver: dict[str, str], code: str
) -> None:
    async with opened() as house:
        with pytest.raises(Terminal) as refused:
            await house.send("work", work(receiver=RECEIVER | receiver))
        assert refused.value.code == code and "W1" in refused.value.message
        assert not house.simulator.requests


async def test_an_order_refused_inside_a_yes_is_seen_with_its_number() -> None:
    async with opened() as house:
        house.simulator.refuse("W1", "商家编码不存在")
        with pytest.raises(Terminal, match="W1: 商家编码不存在"):
            await house.send("work", work())
        house.simulator.refuse("W1", "超过每分钟最大并发次数限制，请稍后重试")
        with pytest.raises(Transient) as again:
            await house.send("work", work())
        assert again.value.retry_after == RATE_PAUSE_SECONDS
        for words in ("原始单已存在", "收件人已存在风险，拒收", "子订单单号重复"):
            house.simulator.refuse("W1", words)
            with pytest.raises(Terminal, match=words):
                await house.send("work", work())
        assert not house.simulator.trades
        with pytest.raises(Terminal, match="仓库不存在"):
            await house.send("work", work("W2", warehouse="NOWHERE"))


async def test_a_trade_that_is_there_already_is_taken_and_is_not_called_back_by_that_word() -> None:
    async with opened() as house:
        await house.send("work", work())
        house.simulator.refuse("W1", "原始单已存在")
        assert (await house.send("work", work())).said["state"] == "unchanged"
        house.simulator.refuse("W1", "原始单已存在")
        with pytest.raises(Terminal, match="原始单已存在"):
            await house.send("work_cancel", CANCEL_W1)
        assert not house.simulator.trades["W1"].is_cancelled


@pytest.mark.parametrize(
    ("kind", "code"),
    [("status_500", "http_500"), ("broken_body", "unreadable_answer"), ("rate_limited", "rate_limited")],
)
async def test_a_passing_fault_is_tried_again_and_then_the_work_arrives_once(kind: str, code: str) -> None:
    async with opened() as house:
        house.simulator.fault(kind)
        with pytest.raises(Transient) as fault:
            await house.send("work", work())
        assert fault.value.code == code
        assert (await house.send("work", work())).said["tid"] == "W1"
        assert len(house.simulator.trades) == 1


async def test_a_wrong_secret_a_skewed_clock_and_a_lost_address_are_told_apart() -> None:
    async with opened() as house:
        wrong = Account(1, "W", "systems", "wangdiantong", "Asia/Shanghai", house.account.base_url,
                        CREDENTIALS | {"app_secret": "other:testsalt"}, house.account.settings)  # fmt: skip
        with pytest.raises(Terminal, match="验证失败"):
            await FOLDER.connector.send(Outgoing("d", "work", "k", work(), 1), wrong, house.http)
        assert not (await FOLDER.connector.probe(wrong, house.http)).is_well
        assert (await FOLDER.connector.probe(house.account, house.http)).is_well
        house.simulator.wall = lambda: datetime.now(UTC) + timedelta(seconds=125)
        with pytest.raises(Transient, match="clock_skew"):
            await house.send("work", work())
        assert not house.simulator.trades and len(house.simulator.rejected) == 3
        nowhere = Account(1, "W", "systems", "wangdiantong", "Asia/Shanghai", "http://127.0.0.1:9", CREDENTIALS,
                          house.account.settings)  # fmt: skip
        with pytest.raises(Transient, match="unreachable"):
            await FOLDER.connector.send(Outgoing("d", "work", "k", work(), 1), nowhere, house.http)


async def test_a_parcel_is_followed_from_the_shelf_to_the_carrier() -> None:
    async with opened(pace_seconds=60, stock_pull=False) as house:
        await house.send("work", work())
        seen: list[tuple[int, int]] = []
        for _ in range(30):
            house.wait(15)
            for row in rows(await house.pull(house.now - timedelta(seconds=15))):
                if (row["status"], row["consign_status"]) not in seen:
                    seen.append((row["status"], row["consign_status"]))
        assert seen == [(53, 0), (75, 32), (77, 32), (79, 48), (79, 51), (110, 51)]
        last = rows(await house.pull())[-1]
        assert last["logistics_no"] and last["consign_time"] and last["src_trade_no"] == "W1"
        assert [parcel["waybill"] for parcel in house.parcels] == [last["logistics_no"]]
        assert house.parcels[0]["work_no"] == "W1" and house.parcels[0]["province"] == "广东省"


async def test_the_hub_understands_every_step_that_the_warehouse_reports() -> None:
    async with opened(pace_seconds=60) as house:
        await house.send("work", work())
        said: dict[str, WorkReport | StockReport] = {}
        for _ in range(30):
            house.wait(15)
            for draft in understood(house, await house.pull(house.now - timedelta(seconds=15))):
                said.setdefault(draft.said.milestone if isinstance(draft, WorkReport) else "stock", draft)
        assert list(said) == ["allocated", "label_printed", "picked", "packed", "handed_over", "stock"]
        last, parcel = said["handed_over"], house.parcels[0]
        assert isinstance(last, WorkReport) and last.work_no == "W1"
        assert (last.waybill, last.carrier) == (parcel["waybill"], parcel["carrier"])
        assert last.carrier == carriers.canonical(last.carrier) and last.said.at == parcel["at"].replace(microsecond=0)
        assert [(line.sku, line.quantity) for line in last.lines] == [("M-001", 3), ("B-12", 1)]


async def test_a_cancelled_work_stays_in_the_house_and_a_shipped_one_says_it_is_too_late() -> None:
    async with opened(pace_seconds=60) as house:
        await house.send("work", work("W1"))
        await house.send("work", work("W2"))
        house.wait(130)
        assert (await house.send("work_cancel", CANCEL_W1)).said["state"] == "changed"
        assert (await house.send("work_cancel", CANCEL_W1)).said["state"] == "changed"
        with pytest.raises(Terminal, match="not_found"):
            await house.send("work_cancel", {"work_no": "NEVER", "reason": "x"})
        house.wait(3600)
        assert [parcel["work_no"] for parcel in house.parcels] == ["W2"]
        assert {row["src_trade_no"]: row["status"] for row in rows(await house.pull())} == {"W1": 5, "W2": 110}
        with pytest.raises(Terminal) as late:
            await house.send("work_cancel", {"work_no": "W2", "reason": "x"})
        assert late.value.code == "too_late"
        assert house.simulator.trades["W2"].status == 110


@pytest.mark.parametrize("is_silent", [False, True])
async def test_a_parcel_that_leaves_while_it_is_being_cancelled_is_not_called_cancelled(is_silent: bool) -> None:
    async with opened(pace_seconds=60, is_silent_when_late=is_silent) as house:
        await house.send("work", work())

        async def leave(response: object) -> None:
            house.wait(600)

        house.http.event_hooks["response"].append(leave)
        with pytest.raises(Terminal) as late:
            await house.send("work_cancel", CANCEL_W1)
        assert late.value.code == "too_late" and house.parcels


async def test_a_corrected_address_reaches_the_sheet_until_the_goods_are_picked() -> None:
    async with opened(pace_seconds=60) as house:
        await house.send("work", work())
        house.wait(70)
        await house.send("work", work(receiver=RECEIVER | {"detail": "新地址2号"}))
        assert house.simulator.trades["W1"].raw["receiver_address"] == "新地址2号"
        house.wait(300)
        with pytest.raises(Terminal) as late:
            await house.send("work", work(receiver=RECEIVER | {"detail": "再改3号"}))
        assert late.value.code == "too_late"
        assert house.simulator.trades["W1"].raw["receiver_address"] == "新地址2号"


async def test_a_long_address_from_elsewhere_slows_every_call_as_it_once_did() -> None:
    async with opened(slow_address_seconds=0.2) as house:
        args = trade.compose(work(), house.account.settings)
        args[1][0]["receiver_address"] = "长" * 562
        await FOLDER.connector.platform(house.account, house.http).named("push", arguments=args)
        assert house.simulator.floor.stalled_by == ["W1"]
        before = asyncio.get_running_loop().time()
        await house.send("work", work("W2"))
        assert asyncio.get_running_loop().time() - before >= 0.2


async def test_what_the_platform_pushes_is_nothing_so_a_knock_is_kept_out() -> None:
    async with opened() as house:
        verdict = FOLDER.connector.receive(Inbound("POST", "/", {}, {}, b"{}"), house.account, START)
        assert verdict.quarantine and verdict.status == 404 and [one.topic for one in verdict.items] == ["unexpected"]
        with pytest.raises(Terminal, match="unknown_kind"):
            await house.send("stock", {})


async def fill(house: House, count: int) -> None:
    for n in range(count):
        await house.send("work", work(f"W{n}"))
    house.wait(70)
    house.simulator.requests.clear()


async def test_every_stockout_of_every_page_is_read_and_its_bytes_are_those_that_came() -> None:
    async with opened(page_size=3, stock_pull=False, pace_seconds=60, jitter=0.1) as house:
        await fill(house, 8)
        raw = b""

        async def keep(response: object) -> None:
            nonlocal raw
            raw += await response.aread()  # type: ignore[attr-defined]

        house.http.event_hooks["response"].append(keep)
        pages = await house.pull()
        assert sorted(row["src_trade_no"] for row in rows(pages)) == [f"W{n}" for n in range(8)]
        assert all(item.body in raw for page in pages for item in page.items)
        assert [len(page.items) for page in pages if page.items] == [2, 3, 3], "from the last page to the first"
        assert not any(page.cursor for page in pages[:-1])
        assert pages[-1].cursor is not None and pages[-1].cursor.at == house.now


async def test_a_row_that_changes_during_the_walk_pushes_no_other_out_of_sight() -> None:
    async with opened(page_size=2, stock_pull=False, pace_seconds=60, jitter=0.0) as house:
        await fill(house, 6)
        at, seen = house.now, set()
        first = True
        async for page in FOLDER.connector.pull(house.account, Cursor(START), at, house.http):
            seen |= {json.loads(item.body)["src_trade_no"] for item in page.items}
            if first:
                first = False
                house.wait(1)
                house.simulator.floor.cancel("W0", house.now)
        assert seen >= {f"W{n}" for n in range(1, 6)}


async def test_hours_of_silence_are_caught_up_by_the_hour_without_a_gap() -> None:
    async with opened(stock_pull=False) as house:
        await house.send("work", work())
        house.wait(3600)
        house.simulator.requests.clear()
        pages = await house.pull(START - timedelta(hours=3))
        cursors = [page.cursor.at for page in pages if page.cursor]
        assert cursors[-1] == house.now and len(cursors) == 5
        assert all(later - earlier <= timedelta(hours=1) for earlier, later in pairwise(cursors))
        assert not house.simulator.rejected
        assert Counter(row["src_trade_no"] for row in rows(pages)) == {"W1": 1}


async def test_equal_instants_are_read_again_rather_than_skipped() -> None:
    async with opened(stock_pull=False, overlap_seconds=120) as house:
        await house.send("work", work())
        house.wait(70)
        first = await house.pull()
        cursor = next(page.cursor for page in first if page.cursor)
        assert [item.body for page in await house.pull(cursor.at) for item in page.items] == [
            item.body for page in first for item in page.items
        ]


async def test_a_broken_page_is_kept_as_it_came_and_the_rest_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "pause", lambda _: 0.0)
    async with opened(stock_pull=False) as house:
        await fill(house, 2)
        house.simulator.fault("broken_body")
        pages = await house.pull()
        assert pages[0].problem and pages[0].cursor is None
        assert [item.topic for item in pages[0].items] == ["unreadable"]
        assert pages[0].items[0].body.startswith(b'{"status":0,"data":{"order":[')
        assert len(rows(pages)) == 2
        house.simulator.fault("broken_body", 2)
        pages = await house.pull()
        assert [bool(page.problem) for page in pages][:3] == [True, True, False] and pages[-1].cursor
        assert len(rows(pages)) == 2, "what left in an hour whose first page stays broken is not passed over"


@pytest.mark.parametrize(("kind", "code"), [("status_500", "http_500"), ("rate_limited", "rate_limited")])
async def test_a_fault_ends_the_pull_before_the_cursor_moves(kind: str, code: str) -> None:
    async with opened() as house:
        await fill(house, 1)
        house.simulator.fault(kind)
        with pytest.raises(Transient) as fault:
            await house.pull()
        assert fault.value.code == code
        assert len(rows(await house.pull())) == 1


async def test_rows_that_come_twice_are_the_same_bytes_so_the_hub_lands_them_once() -> None:
    async with opened(stock_pull=False) as house:
        await fill(house, 3)
        house.simulator.fault("duplicates")
        bodies = [item.body for page in await house.pull() for item in page.items]
        assert (len(bodies), len(set(bodies))) == (6, 3)


async def test_stock_is_told_per_warehouse_as_it_lies_on_the_shelf() -> None:
    stock = {"WH1": {"M-001": 7}, "WH2": {"M-001": 10, "B-12": 4}}
    async with opened(stock=stock, pace_seconds=10) as house:
        house.simulator.floor.put("WH1", "M-001", 9, START)
        await house.send("work", work())
        house.wait(300)
        figures = {
            (row["warehouse_no"], row["spec_no"]): row["stock_num"]
            for page in rows(await house.pull(), "stock")
            for row in page["data"]["detail_list"]
        }
        assert figures == {("WH1", "M-001"): 9, ("WH2", "M-001"): 7, ("WH2", "B-12"): 3}


async def test_goods_that_are_not_there_stop_the_parcel_until_they_come() -> None:
    async with opened(stock={"WH2": {"M-001": 2}}, pace_seconds=10) as house:
        await house.send("work", work())
        house.wait(300)
        assert [row["status"] for row in rows(await house.pull())] == [51] and not house.parcels
        house.simulator.floor.put("WH2", "M-001", 3, house.now)
        house.wait(1)
        assert len(house.parcels) == 1 and house.simulator.stock["WH2"]["M-001"] == 0


async def test_an_unpaid_trade_waits_in_the_house() -> None:
    async with opened(pace_seconds=10) as house:
        await house.send("work", work(paid=0, paid_at=None))
        house.wait(600)
        assert not house.parcels
        await house.send("work", work())
        house.wait(600)
        assert len(house.parcels) == 1


async def test_the_same_orders_take_the_same_way_however_often_the_clock_is_read() -> None:
    ways = []
    for stride in (5, 700):
        async with opened(pace_seconds=60, jitter=0.3) as house:
            for n in range(5):
                await house.send("work", work(f"W{n}"))
            for _ in range(700 // stride):
                house.wait(stride)
            ways.append(sorted((parcel["work_no"], parcel["waybill"], parcel["at"]) for parcel in house.parcels))
    assert len(ways[0]) == 5 and ways[0] == ways[1]
