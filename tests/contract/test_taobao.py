"""Taobao: what would be lost in its windows, pages, character sets, receivers, parcels and stock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx2
import msgspec
import pytest

from orderloom.adapters.channels.taobao.simulator import Simulator, external_id
from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.cut import records
from orderloom.application.ports import Cursor, Outgoing, Page, Terminal, Transient
from tests.support.connector_folders import Folder, caller, folders, items, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "taobao")
CONNECTOR: Any = FOLDER.connector
TRADES = "trades_sold_increment_get_response.trades.trade"
ROOT = b'{"trades_sold_increment_get_response":{'


class Shop:
    """A simulator on loopback and the account that leads to it."""

    def __init__(self, folder: Folder, base: str, http: httpx2.AsyncClient, settings: dict[str, Any]) -> None:
        self.http, self.account = http, folder.account(base, **settings)
        self.simulator: Simulator
        self.at = datetime.now(UTC).replace(microsecond=0)

    async def pull(self, hours: float = 1) -> list[Page]:
        cursor = Cursor(self.at - timedelta(hours=hours))
        return [page async for page in CONNECTOR.pull(self.account, cursor, self.at, self.http)]

    async def trades(self, hours: float = 1) -> list[dict[str, Any]]:
        return [msgspec.json.decode(item.body) for item in items(await self.pull(hours))]

    async def send(self, kind: str, body: dict[str, Any], attempt: int = 1) -> dict[str, str]:
        outgoing = Outgoing("d1", kind, "k", body, attempt)
        return (await CONNECTOR.send(outgoing, self.account, self.http)).said


@pytest.fixture
async def shop(request: pytest.FixtureRequest) -> AsyncIterator[Shop]:
    settings = getattr(request, "param", {})
    simulator = FOLDER.simulator(**settings)
    async with serve(simulator.app) as base, caller() as http:
        found = Shop(FOLDER, base, http, settings)
        found.simulator = simulator
        yield found


def with_settings(**settings: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("shop", [settings], indirect=True)


def ids(trades: list[dict[str, Any]]) -> list[str]:
    return [trade["tid_str"] for trade in trades]


@with_settings(page_size=10)
async def test_no_order_is_lost_over_several_pages_and_the_oldest_comes_first(shop: Shop) -> None:
    for n in range(37):
        bought = purchase(FOLDER, n, is_paid=False) | {"placed_at": shop.at - timedelta(minutes=20, seconds=-n)}
        shop.simulator.place(bought)
    pages = await shop.pull(0.4)
    assert ids([msgspec.json.decode(item.body) for item in items(pages)])[:7] == [external_id(n) for n in range(7)]
    assert {trade for page in pages for trade in page.items} and len({item.body for item in items(pages)}) == 37
    assert [page.cursor is not None for page in pages].count(True) == 2 and pages[-1].cursor
    counted = [page.window for page in pages if page.window]
    assert [(window.total, window.seen) for window in counted] == [(37, 37)]


@with_settings(page_size=5)
async def test_an_order_that_changes_during_the_walk_is_not_skipped(shop: Shop) -> None:
    for n in range(20):
        shop.simulator.place(purchase(FOLDER, n, is_paid=False) | {"placed_at": shop.at - timedelta(seconds=300 - n)})
    cursor, seen = Cursor(shop.at - timedelta(minutes=10)), set()
    async for page in CONNECTOR.pull(shop.account, cursor, shop.at, shop.http):
        if not seen:
            shop.simulator.pay(external_id(1), shop.at + timedelta(minutes=1))
        seen |= set(ids([msgspec.json.decode(item.body) for item in page.items]))
    assert seen >= {external_id(n) for n in range(20)} - {external_id(1)}


async def test_a_long_gap_is_read_in_windows_that_the_platform_allows(shop: Shop) -> None:
    shop.simulator.place(purchase(FOLDER, 1, minutes_ago=170))
    pages = await shop.pull(3)
    assert len(items(pages)) == 1
    reached = [page.cursor.at for page in pages if page.cursor]
    assert len(reached) == 8 and reached[-1] == shop.at
    assert all(later - earlier <= timedelta(minutes=30) for earlier, later in pairwise(reached))


@pytest.mark.parametrize("shop", [{"sign_method": name} for name in ("md5", "hmac", "hmac-sha256")], indirect=True)
async def test_each_signature_method_is_accepted(shop: Shop) -> None:
    shop.simulator.place(purchase(FOLDER))
    assert len(await shop.trades()) == 1 and not shop.simulator.rejected


async def test_a_forged_signature_is_refused_by_the_simulator(shop: Shop) -> None:
    wrong = shop.account.credentials | {"app_secret": "another"}
    account = FOLDER.account(shop.account.base_url, credentials=wrong)
    with pytest.raises(Terminal, match="Invalid signature"):
        [page async for page in CONNECTOR.pull(account, Cursor(shop.at - timedelta(hours=1)), shop.at, shop.http)]
    assert "25 Invalid signature" in shop.simulator.rejected[0]


@with_settings(encoding="gbk", masked=False)
async def test_a_gbk_answer_gives_the_exact_bytes_of_each_order(shop: Shop) -> None:
    for n in (1, 2):
        shop.simulator.place(purchase(FOLDER, n) | {"note": "誠\\璞珷 é𠮷"})
    pages = await shop.pull()
    assert {dict(page.headers)["content-type"].rpartition("=")[2] for page in pages if page.items} == {"GBK"}
    trades = [msgspec.json.decode(item.body.decode("gb18030")) for item in items(pages)]
    assert {trade["buyer_message"] for trade in trades} == {"誠\\璞珷 é𠮷"}
    assert {trade["receiver_name"] for trade in trades} == {"张三"}


def test_second_bytes_that_look_like_marks_do_not_break_a_gbk_page() -> None:
    backslash = "誠".encode("gbk")  # 0xD5 0x5C, a backslash to a careless reader
    trades = [b'{"tid": 1, "note":"' + backslash + b'"}', b'{"tid":2,  "note":"}"}']
    body = ROOT + b'"has_next":true,"trades":{"trade":[' + b" ,\n".join(trades) + b"]}}}"
    assert records(body, TRADES, "GBK") == records(body, TRADES) == tuple(trades)


def test_one_spoilt_note_does_not_cost_its_neighbours() -> None:
    trades = ['{"note":"好"}'.encode(), b'{"note":"\xff\xfe\xe5"}', '{"note":"中\\""}'.encode()]
    body = ROOT + b'"trades":{"trade":[' + b",".join(trades) + b'],"x":1},"total_results":3}}'
    for charset in ("UTF-8", ""):
        assert records(body, TRADES, charset) == tuple(trades)
    with pytest.raises(NotTheAnswer):
        records(body[:-2], TRADES, "UTF-8")


async def test_trouble_that_passes_costs_no_order_however_often_the_page_is_unreadable(shop: Shop) -> None:
    for n in range(3):
        shop.simulator.place(purchase(FOLDER, n))
    shop.simulator.fault("broken_body", 5)
    pages = await shop.pull()
    assert set(ids([msgspec.json.decode(item.body) for item in items(pages)])) == {external_id(n) for n in range(3)}
    assert sum(bool(page.problem) for page in pages) == 5 and pages[-1].cursor == Cursor(shop.at)


@with_settings(page_size=2)
async def test_a_page_that_never_parses_costs_only_the_orders_of_its_second(shop: Shop) -> None:
    for n in range(6):
        bought = purchase(FOLDER, n, is_paid=False) | {"placed_at": shop.at - timedelta(minutes=20, seconds=-60 * n)}
        shop.simulator.place(bought)
    shop.simulator.poisoned.add(external_id(3))
    pages = await shop.pull()
    found = set(ids([msgspec.json.decode(item.body) for item in items(pages)]))
    assert found == {external_id(n) for n in range(6)} - {external_id(3)}
    kept = [page.items[0].body for page in pages if page.problem]
    assert pages[-1].cursor == Cursor(shop.at) and any(external_id(3).encode() in body for body in kept)


async def test_masked_receivers_keep_one_token_per_person(shop: Shop) -> None:
    for n in range(40):
        shop.simulator.place(purchase(FOLDER, n))
    trades = await shop.trades()
    masked = [trade for trade in trades if "oaid" in trade]
    assert 5 <= len(masked) <= 20 and len({trade["oaid"] for trade in masked}) == 1
    assert all("*" in trade["receiver_name"] and "*" in trade["receiver_mobile"] for trade in masked)
    assert not any("*" in trade["receiver_name"] for trade in trades if "oaid" not in trade)


async def test_a_partial_shipment_names_its_lines_and_leaves_the_rest_open(shop: Shop) -> None:
    bought = purchase(FOLDER)
    shop.simulator.place(bought)
    lines = [order["oid_str"] for order in (await shop.trades())[0]["orders"]["order"]]
    parcel = {"external_id": bought["external_id"], "carrier": "yuantong", "waybill": "YT1", "shipped_at": "",
              "is_partial": True, "lines": [{"external_line_id": lines[1], "quantity": 1}]}  # fmt: skip
    assert await shop.send("shipment", parcel) == {"state": "done"}
    assert shop.simulator.status(bought["external_id"]) == "SELLER_CONSIGNED_PART"
    with pytest.raises(Terminal, match="isv"):
        await shop.send("shipment", parcel | {"waybill": "YT2"}, attempt=2)
    rest = parcel | {"waybill": "YT2", "lines": [{"external_line_id": lines[0], "quantity": 2}]}
    await shop.send("shipment", rest)
    assert shop.simulator.status(bought["external_id"]) == "WAIT_BUYER_CONFIRM_GOODS"
    assert [told["carrier"] for told in shop.simulator.shipments[bought["external_id"]]] == ["YTO", "YTO"]


async def test_a_parcel_that_is_sent_again_by_hand_is_seen_to_have_arrived(shop: Shop) -> None:
    shop.simulator.place(purchase(FOLDER))
    [trade] = await shop.trades()
    parcel = {"external_id": trade["tid_str"], "carrier": "yuantong", "waybill": "YT1", "lines": []}
    assert (await shop.send("shipment", parcel)) == {"state": "done"}
    assert (await shop.send("shipment", parcel)) == {"state": "already_done"}
    with pytest.raises(Terminal):
        await shop.send("shipment", parcel | {"waybill": "YT2"})


async def test_stock_reaches_every_listing_even_when_the_hub_does_not_know_its_ids(shop: Shop) -> None:
    figures = [{"sku_external": f"S-{n}", "quantity": n, "listing": {}} for n in range(20)]
    for figure in figures:
        shop.simulator.list_sku(figure["sku_external"])
    await shop.send("stock", {"figures": figures})
    assert shop.simulator.stock == {f"S-{n}": n for n in range(20)}
    unknown = {"sku_external": "NOT-FOR-SALE", "quantity": 1, "listing": {}}
    with pytest.raises(Terminal, match=r"unknown_listing.*NOT-FOR-SALE"):
        await shop.send("stock", {"figures": [unknown, figures[0] | {"quantity": 77}]})
    assert shop.simulator.stock["S-0"] == 77
    with pytest.raises(Terminal, match="negative_quantity"):
        await shop.send("stock", {"figures": [figures[0] | {"quantity": -1}]})


async def test_a_call_with_an_old_time_stamp_is_refused(shop: Shop) -> None:
    shop.simulator.wall = lambda: datetime.now(UTC) + timedelta(minutes=11)
    with pytest.raises(Transient, match=r"clock_skew.*Invalid timestamp"):
        await shop.pull()


@pytest.mark.parametrize(
    ("error", "kind", "wait"),
    [
        ((7, "App Call Limited", "accesscontrol.limited-by-api-access-count",
          "This ban will last for 13 more seconds"), Transient, 13.0),
        ((15, "Remote service error", "isp.service-unavailable", "稍后重试"), Transient, 0.0),
        ((15, "Remote service error", "isv.trade-not-exist", "交易不存在"), Terminal, None),
        ((27, "Invalid session", "invalid-sessionkey", "SessionKey非法"), Terminal, None),
    ],
)  # fmt: skip
async def test_only_trouble_that_passes_is_tried_again(
    error: tuple[int, str, str, str], kind: type, wait: float | None,
) -> None:
    told = {"error_response": dict(zip(("code", "msg", "sub_code", "sub_msg"), error, strict=True))}
    answer = httpx2.MockTransport(lambda _: httpx2.Response(200, json=told))
    async with httpx2.AsyncClient(transport=answer) as http:
        with pytest.raises(kind) as refused:
            outgoing = Outgoing("d1", "shipment", "k", {"external_id": "1", "carrier": "jd", "waybill": "J1"}, 1)
            await FOLDER.connector.send(outgoing, FOLDER.account("http://x.example"), http)
    assert getattr(refused.value, "retry_after", None) == wait


async def test_a_session_that_nothing_renews_is_told_before_it_ends() -> None:
    """Apps of a seller's own get a refresh token that is over at once: the session's own end is what counts."""
    result = {"access_token": "s2", "expires_in": 30 * 86_400, "refresh_token": "r2", "re_expires_in": 0}
    told = {"top_auth_token_create_response": {"token_result": msgspec.json.encode(result).decode()}}
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json=told))) as http:
        granted = await CONNECTOR.exchange(FOLDER.account(), {"code": "c"}, "https://hub.example/back", http)
    assert granted.values["session"] == "s2"
    assert granted.lasts == granted.expires["session"] > datetime.now(UTC) + timedelta(days=29)
