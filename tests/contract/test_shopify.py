"""Shopify's client against a shop that speaks the platform's protocol over HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.channels.shopify.simulator import Simulator, external_id
from orderloom.application.ports import Account, Cursor, Inbound, Outgoing, Page, Terminal, Transient
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from orderloom.rehearsal.server import open_door
from tests.support.connector_folders import caller, folders
from tests.support.signed import shopify_signature as webhook_signature

NOW = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
FOLDER = next(folder for folder in folders("channels") if folder.name == "shopify")
CONNECTOR: Any = FOLDER.connector
SAMPLES = FOLDER.path / "samples"
CREDENTIALS = {"access_token": "shpat_demo", "client_secret": "new", "client_secret_previous": "old"}
RECEIVER = {"name": "Zoë Nuñez", "phone": "+16135550100", "country": "CA", "province": "Ontario", "city": "Ottawa",
            "district": "", "detail": "1 Test St", "postcode": "K1A 0B1"}  # fmt: skip


def purchase(n: int, at: datetime = NOW - timedelta(hours=1), **changes: Any) -> dict[str, Any]:
    tee = {"sku": "TEE", "title": "Tee 🧵", "quantity": 2, "price": 3000, "discount": 600}
    cap = {"sku": "CAP", "title": "Cap", "quantity": 1, "price": 1000, "discount": 0}
    told = {
        "external_id": external_id(n),
        "placed_at": at,
        "paid_at": at,
        "buyer": "sam",
        "note": "",
        "currency": "USD",
        "receiver": RECEIVER,
        "lines": [tee, cap],
        "freight": 500,
        "discount": 100,
        "tax": 432,
    }
    return told | changes


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


class Shop:
    def __init__(self, simulator: Simulator, url: str, http: httpx2.AsyncClient, settings: dict[str, Any]) -> None:
        self.simulator, self.http = simulator, http
        self.account = Account(1, "SH01", "channels", "shopify", "America/New_York", url, CREDENTIALS, settings)

    async def pull(self, since: datetime = NOW - timedelta(hours=5)) -> list[Page]:
        return [page async for page in FOLDER.connector.pull(self.account, Cursor(since), NOW, self.http)]

    async def send(self, kind: str, body: dict[str, Any], attempt: int = 1) -> Any:
        return await FOLDER.connector.send(Outgoing("d-1", kind, "k", body, attempt), self.account, self.http)


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[Shop]:
    simulator = Simulator(CREDENTIALS, lambda: NOW, settings)
    async with serving(simulator.app) as url, caller() as http:
        yield Shop(simulator, url, http, settings)


def shipment(n: int, lines: dict[int, int], waybill: str = "SF1") -> dict[str, Any]:
    key = int(external_id(n))
    told = [{"external_line_id": str(key * 100 + index), "quantity": quantity} for index, quantity in lines.items()]
    return {"external_id": str(key), "carrier": "sf", "waybill": waybill, "lines": told, "is_partial": False}


def ids(pages: list[Page]) -> list[int]:
    found = [json.loads(item.body) for page in pages for item in page.items if item.topic != "unreadable"]
    return [int(one["order"]["legacyResourceId"] if "order" in one else one["id"]) for one in found]


BOTH = pytest.mark.parametrize("api", ["graphql", "rest"])


@BOTH
async def test_no_order_is_skipped_between_pages_windows_and_equal_instants(api: str) -> None:
    async with opened(page_size=3, window_seconds=3600, api=api) as shop:
        for n in range(20):
            shop.simulator.place(purchase(n, NOW - timedelta(minutes=20 * (n // 2))))
        shop.simulator.cancel(external_id(3), NOW - timedelta(minutes=7))
        pages = await shop.pull()
        assert set(ids(pages)) == {int(external_id(n)) for n in range(20)}
        assert pages[-1].cursor == Cursor(NOW)
        cursors = [page.cursor.at for page in pages if page.cursor]
        assert cursors == sorted(set(cursors)) and len(cursors) == 7 < len(pages)


@BOTH
async def test_what_is_landed_is_the_exact_bytes_of_the_order(api: str) -> None:
    async with opened(api=api) as shop:
        shop.simulator.place(purchase(1))
        answers: list[bytes] = []

        async def keep(answer: httpx2.Response) -> None:
            answers.append(await answer.aread())

        shop.http.event_hooks["response"].append(keep)
        [page] = [one for one in await shop.pull() if one.items]
        order = page.items[0].body.removeprefix(b'{"order":').removesuffix(b',"more_lines":[]}')
        assert any(order in answer for answer in answers) and "Tee 🧵".encode() in order
        assert dict(page.headers)["content-type"].startswith("application/json")


def read(shop: Shop, pages: list[Page]) -> list[Any]:
    return [draft for page in pages for item in page.items for draft in translate(
        shop.account, item.topic, item.body, {}, NOW, FOLDER.mappings())]  # fmt: skip


async def test_an_order_is_the_same_one_by_graphql_by_rest_and_by_its_webhook() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.place(purchase(2, paid_at=None, receiver=None, lines=[{
            "sku": "", "title": "Engraving", "quantity": 1, "price": 500, "discount": 0}]))
        shop.simulator.place(purchase(3, currency="JPY", test=True))
        shop.simulator.cancel(external_id(3), NOW - timedelta(minutes=7))
        shop.simulator.remove(external_id(1), "TEE", 1, NOW - timedelta(minutes=5))
        await shop.send("shipment", shipment(1, {1: 1}))
        claim = shop.simulator.ask_refund(external_id(1), 1, NOW - timedelta(minutes=4))
        shop.simulator.move_claim(claim, "refunded", NOW - timedelta(minutes=3))
        found = [one for one in read(shop, await shop.pull()) if isinstance(one, OrderDraft)]
        shop.account.settings["api"] = "rest"
        older = [one for one in read(shop, await shop.pull()) if isinstance(one, OrderDraft)]
        assert len(found) == 3
        for new, old in zip(sorted(found, key=by_id), sorted(older, key=by_id), strict=True):
            assert msgspec.structs.replace(new, source_placed_at="", said=()) == msgspec.structs.replace(
                old, source_placed_at="", said=())
            assert {(one.milestone, one.at) for one in new.said} == {(one.milestone, one.at) for one in old.said}


def by_id(order: OrderDraft) -> str:
    return order.external_id


async def test_an_order_of_more_lines_than_one_answer_holds_comes_whole() -> None:
    lines = [{"sku": f"S{n}", "title": f"Thing {n}", "quantity": 1, "price": 100, "discount": 0} for n in range(140)]
    async with opened(bucket_size=1_000) as shop:
        shop.simulator.place(purchase(1, lines=lines, discount=0))
        [order] = read(shop, await shop.pull())
        assert isinstance(order, OrderDraft) and [line.sku_external for line in order.lines] == [
            line["sku"] for line in lines]
        assert sum(line.price for line in order.lines) + order.freight + order.tax == order.total


@BOTH
async def test_a_page_that_does_not_parse_is_kept_and_its_orders_still_come(api: str) -> None:
    async with opened(api=api) as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.fault("broken_body")
        pages = await shop.pull()
        assert [item.topic for item in pages[0].items] == ["unreadable"]
        assert pages[0].problem and pages[0].cursor is None
        assert ids(pages) == [int(external_id(1))]


@BOTH
async def test_trouble_that_passes_costs_no_order_however_often_the_page_is_unreadable(api: str) -> None:
    async with opened(api=api) as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.fault("broken_body", 5)
        assert ids(await shop.pull()) == [int(external_id(1))]


@pytest.mark.parametrize(("fault", "code"), [("rate_limited", "rate_limited"), ("status_500", "http_500")])
@BOTH
async def test_a_busy_shop_is_asked_again_instead_of_losing_the_account(fault: str, code: str, api: str) -> None:
    async with opened(api=api) as shop:
        shop.simulator.fault(fault)
        with pytest.raises(Transient) as caught:
            await shop.pull()
        assert caught.value.code == code
        assert caught.value.retry_after == (2.0 if fault == "rate_limited" else 0.0)


@BOTH
async def test_the_leaky_bucket_that_runs_over_is_told_apart_from_a_failure(api: str) -> None:
    async with opened(bucket_size=2, leak_per_second=0.01, page_size=1, api=api) as shop:
        for n in range(4):
            shop.simulator.place(purchase(n))
        with pytest.raises(Transient, match="rate_limited") as caught:
            await shop.pull()
        assert caught.value.retry_after > 0, "points say by themselves how long they need"


async def test_a_small_budget_slows_a_shop_down_and_loses_no_order() -> None:
    """What was read of an unchanged order is kept, so that every try goes on where the points of the last one ended."""
    async with opened(bucket_size=8, leak_per_second=8) as shop:
        for n in range(8):
            shop.simulator.place(purchase(n))
        waits: list[float] = []
        for _ in range(40):
            try:
                pages = [page async for page in CONNECTOR.pull(
                    shop.account, Cursor(NOW - timedelta(hours=5)), NOW, shop.http)]
                break
            except Transient as trouble:
                assert trouble.code == "rate_limited" and 0 < trouble.retry_after < 2
                waits.append(trouble.retry_after)
                await asyncio.sleep(trouble.retry_after)
        assert set(ids(pages)) == {int(external_id(n)) for n in range(8)} and len(waits) <= 12
        assert shop.simulator.requests["order"] == 8 + len(waits), "nothing is read twice"


async def test_no_question_costs_more_than_the_platform_answers() -> None:
    """The platform weighs a question before it answers: one that could cost more than 1,000 points gets nothing."""
    async with opened(page_size=250, bucket_size=1_000) as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.ask_refund(external_id(1), 0, NOW - timedelta(minutes=9))
        await shop.pull()
        await shop.send("shipment", shipment(1, {1: 2, 2: 1}))
        await CONNECTOR.find_listings([f"S-{n}" for n in range(20)], shop.account, shop.http)
        read_back = [page async for page in CONNECTOR.read(shop.account, "listings", NOW, NOW, shop.http)]
        assert read_back and shop.simulator.rejected == []


async def test_a_field_that_the_platform_does_not_know_is_refused_as_it_refuses_it() -> None:
    async with opened() as shop:
        for query, words in (("{shop{nam}}", "nam"), ("{orders(first:1,where:1){nodes{id}}}", "where"),
                             ("{orders{nodes{id}}}", "first"), ("{orders(first:251){nodes{id}}}", "first"),
                             ("{orders(first:1,query:\"colour:red\"){nodes{id}}}", "colour"), ("{shop{name}", "syntax"),
                             ("{orders(first:250){nodes{lineItems(first:100){nodes{id}}}}}", "cost")):
            answer = await shop.http.post(f"{shop.account.base_url}/admin/api/2026-04/graphql.json",
                                          json={"query": query}, headers={"X-Shopify-Access-Token": "shpat_demo"})
            assert answer.status_code == 200 and words in answer.json()["errors"][0]["message"], answer.text


async def test_stock_of_the_shops_listings_is_read_back() -> None:
    async with opened() as shop:
        listings = {sku: shop.simulator.listing(sku) for sku in ("TEE", "CAP")}
        figures = [{"sku_external": sku, "quantity": 5, "listing": listing} for sku, listing in listings.items()]
        await shop.send("stock", {"figures": figures})
        pages = [page async for page in CONNECTOR.read(shop.account, "listings", NOW, NOW, shop.http)]
        figures_read = [(one.sku, one.quantity) for told in read(shop, pages) for one in told.figures]
        assert sorted(figures_read) == [("CAP", 5), ("TEE", 5)]


async def test_a_wrong_token_asks_for_a_person() -> None:
    async with opened() as shop:
        shop.account = Account(1, "S", "channels", "shopify", "UTC", shop.account.base_url, {"access_token": "x"}, {})
        with pytest.raises(Terminal, match="wrong_key"):
            await shop.pull()
        assert not (await CONNECTOR.probe(shop.account, shop.http)).is_well


async def test_the_shops_zone_is_checked_when_an_account_is_tested() -> None:
    async with opened(shop_zone="Asia/Tokyo") as shop:
        health = await CONNECTOR.probe(shop.account, shop.http)
        assert health.is_well and "Asia/Tokyo" in health.message


async def test_a_shipment_told_twice_is_fulfilled_once() -> None:
    async with opened(locations={"CAP": 61002}) as shop:
        shop.simulator.place(purchase(1))
        first = await shop.send("shipment", shipment(1, {1: 2, 2: 1}))
        again = await shop.send("shipment", shipment(1, {1: 2, 2: 1}), attempt=2)
        assert first.said["fulfillment_id"] and again.said == {"state": "already_done"}
        assert shop.simulator.requests["fulfillmentCreate"] == 2  # one per location
        assert shop.simulator.orders[external_id(1)]["fulfillment_status"] == "fulfilled"
        assert sum(map(units, shop.simulator.shipments[external_id(1)])) == 3


def units(told: dict[str, Any]) -> int:
    return sum(line["quantity"] for line in told["lines"])


async def test_an_answer_lost_between_two_locations_leaves_the_second_to_be_told() -> None:
    async with opened(locations={"CAP": 61002}) as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.fault("lost_answer")
        with pytest.raises(Transient):
            await shop.send("shipment", shipment(1, {1: 2, 2: 1}))
        await shop.send("shipment", shipment(1, {1: 2, 2: 1}), attempt=2)
        assert [units(told) for told in shop.simulator.shipments[external_id(1)]] == [2, 1]


async def test_a_part_shipment_leaves_the_rest_to_the_next_parcel() -> None:
    async with opened(carrier_names={"sf": "SF Express"}) as shop:
        shop.simulator.place(purchase(1))
        await shop.send("shipment", shipment(1, {1: 1}))
        assert shop.simulator.orders[external_id(1)]["fulfillment_status"] == "partial"
        await shop.send("shipment", shipment(1, {1: 1, 2: 1}, "SF2"))
        told = shop.simulator.shipments[external_id(1)]
        assert [(one["waybill"], one["carrier"], units(one)) for one in told] == [
            ("SF1", "SF Express", 1), ("SF2", "SF Express", 2)]  # fmt: skip


async def test_an_order_on_hold_or_overshipped_goes_to_a_person_and_nothing_is_told() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        with pytest.raises(Terminal, match="nothing_open"):
            await shop.send("shipment", shipment(1, {1: 3}))
        shop.simulator.hold(external_id(1))
        with pytest.raises(Terminal, match="on_hold"):
            await shop.send("shipment", shipment(1, {1: 2, 2: 1}))
        assert not any(shop.simulator.shipments.values())


async def test_an_answer_lost_after_fulfilling_is_asked_for_again() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.fault("done_then_500")
        with pytest.raises(Transient, match="http_500"):
            await shop.send("shipment", shipment(1, {1: 2, 2: 1}))
        await shop.send("shipment", shipment(1, {1: 2, 2: 1}), attempt=2)
        assert len(shop.simulator.shipments[external_id(1)]) == 1


async def test_one_unknown_listing_does_not_keep_the_other_stock_from_being_shown() -> None:
    async with opened() as shop:
        listings = {sku: shop.simulator.listing(sku) for sku in ("TEE", "CAP")}
        listings["GONE"] = {"inventory_item_id": "1", "location_id": "61001"}
        figures = [{"sku_external": sku, "quantity": 5, "listing": listing} for sku, listing in listings.items()]
        figures.append({"sku_external": "NEW", "quantity": 5, "listing": {}})
        with pytest.raises(Terminal) as caught:
            await shop.send("stock", {"figures": figures})
        assert "GONE" in caught.value.message and "NEW" in caught.value.message
        assert shop.simulator.stock == {"TEE": 5, "CAP": 5}


async def test_throttled_stock_waits_as_long_as_the_bucket_needs() -> None:
    async with opened() as shop:
        shop.simulator.fault("rate_limited")
        figures = [{"sku_external": "TEE", "quantity": 5, "listing": shop.simulator.listing("TEE")}]
        with pytest.raises(Transient) as caught:
            await shop.send("stock", {"figures": figures})
        assert caught.value.retry_after == 2.0
        await shop.send("stock", {"figures": figures}, attempt=2)
        assert shop.simulator.stock == {"TEE": 5}


async def test_a_delivery_that_shopify_cannot_take_is_refused_before_it_is_asked() -> None:
    async with opened() as shop:
        with pytest.raises(Terminal, match="unknown_kind"):
            await shop.send("work", {})
        assert shop.simulator.requests == {}


# Webhooks


def inbound(body: bytes, **headers: str) -> Inbound:
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return Inbound("POST", "/webhooks/SH01", {}, {"x-shopify-topic": "orders/create"} | named, body)


def account(**settings: Any) -> Account:
    return Account(1, "SH01", "channels", "shopify", "UTC", "", CREDENTIALS, settings)


@pytest.mark.parametrize("secret", ["new", "old"])
def test_a_webhook_is_taken_under_the_current_and_the_rotated_secret(secret: str) -> None:
    body = '{"id": 1, "note": "é𠮷"}'.encode()
    signed = inbound(body, x_shopify_hmac_sha256=webhook_signature(secret, body), x_shopify_webhook_id="w-1")
    verdict = CONNECTOR.receive(signed, account(), NOW)
    assert (verdict.quarantine, verdict.status, verdict.items[0].event_id) == ("", 200, "w-1")
    assert verdict.items[0].body == body


@pytest.mark.parametrize("claimed", ["", "é", webhook_signature("", b"{}"), webhook_signature("guess", b"{}")])
def test_a_forged_webhook_is_kept_apart_and_cannot_take_a_real_ones_place(claimed: str) -> None:
    forged = inbound(b"{}", x_shopify_hmac_sha256=claimed, x_shopify_webhook_id="w-1")
    verdict = CONNECTOR.receive(forged, account(), NOW)
    assert (verdict.quarantine, verdict.status, verdict.items[0].event_id) == ("signature", 401, "")
    assert verdict.items[0].body == b"{}"


@pytest.mark.parametrize(("topic", "body", "what"), [
    ("refunds/create", {"id": 5, "order_id": 7}, ("orders", "7")),
    ("fulfillments/update", {"id": 5, "order_id": 7}, ("orders", "7")),
    ("orders/edited", {"order_edit": {"id": 5, "order_id": 7}}, ("orders", "7")),
    ("orders/edited", {"id": 7, "line_items": []}, ("orders", "7")),
    ("returns/approve", {"id": 5, "order": {"id": 7}}, ("returns", "7")),
    ("returns/close", {"order": {"admin_graphql_api_id": "gid://shopify/Order/7"}}, ("returns", "gid://shopify/Order/7")),
])
def test_a_webhook_that_only_says_that_something_is_has_the_order_read_again(
    topic: str, body: dict[str, Any], what: tuple[str, str]
) -> None:
    raw = json.dumps(body).encode()
    verdict = CONNECTOR.receive(
        inbound(raw, x_shopify_topic=topic, x_shopify_hmac_sha256=webhook_signature("new", raw)), account(), NOW)
    assert not verdict.quarantine and [(one.what, one.id) for one in verdict.reread] == [what]


@pytest.mark.parametrize("id", [external_id(1), f"gid://shopify/Order/{external_id(1)}"])
async def test_what_is_hinted_at_is_read_again_by_whichever_id_it_was_named(id: str) -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.ask_refund(external_id(1), 0, NOW - timedelta(minutes=9))
        for what in ("orders", "returns"):
            [told] = read(shop, [page async for page in CONNECTOR.reread(shop.account, what, [id], shop.http)])
            assert external_id(1) in (told.external_id, getattr(told, "order_external_id", ""))


async def test_what_a_browser_brings_back_unsigned_or_changed_gives_no_token() -> None:
    """A state alone would let anybody who saw it bring a code of a shop of their own."""
    app = {"client_id": "app", "client_secret": "new"}
    async with opened() as shop:
        shop.simulator.credentials = app
        owner = msgspec.structs.replace(shop.account, credentials=app)
        back = shop.simulator.sign_back({"code": shop.simulator.tokens.consent(), "state": "s", "timestamp": "1"})
        for params in ({**back, "hmac": ""}, {**back, "shop": "other.myshopify.com"}, {**back, "hmac": "0" * 64}):
            with pytest.raises(Terminal, match="signature"):
                await CONNECTOR.exchange(owner, params, "https://hub.example/back", shop.http)
        granted = await CONNECTOR.exchange(owner, back, "https://hub.example/back", shop.http)
        assert granted.values.keys() == {"offline_token", "refresh_token"} == granted.expires.keys()


async def test_a_custom_apps_token_needs_nobody_to_agree_and_is_not_renewed() -> None:
    async with opened() as shop:
        assert (await CONNECTOR.probe(shop.account, shop.http)).is_well
        gone = msgspec.structs.replace(shop.account, credentials=CREDENTIALS | {"access_token": "gone"})
        told = await CONNECTOR.probe(gone, shop.http)
        assert not (told.is_well or told.is_to_authorise) and shop.simulator.requests["access_token"] == 0
        bare = msgspec.structs.replace(shop.account, credentials={"client_id": "app", "client_secret": "new"})
        assert (await CONNECTOR.probe(bare, shop.http)).is_to_authorise


def test_another_shop_of_the_same_app_does_not_write_into_this_one() -> None:
    signed = inbound(b"{}", x_shopify_hmac_sha256=webhook_signature("new", b"{}"), x_shopify_shop_domain="b.example")
    assert CONNECTOR.receive(signed, account(shop_domain="a.example"), NOW).quarantine == "other_shop"


async def test_what_the_shop_pushes_twice_and_in_disorder_carries_the_same_ids() -> None:
    taken: list[tuple[str, str]] = []

    async def door(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        verdict = CONNECTOR.receive(Inbound("POST", "/", {}, headers, await request.body()), account(), NOW)
        assert not verdict.quarantine
        taken.append((verdict.items[0].topic, verdict.items[0].event_id))
        return Response(verdict.reply, verdict.status)

    simulator = Simulator(CREDENTIALS, lambda: NOW, {})
    simulator.place(purchase(1))
    async with serving(Starlette(routes=[Route("/", door, methods=["POST"])])) as url:
        simulator.push_url = url + "/"
        assert await simulator.push(external_id(1), "orders/create", times=3) == [200] * 3
        for topic in ("orders/updated", "orders/paid", "orders/fulfilled"):
            simulator.queue(external_id(1), topic)
        await simulator.drain(seed=1, duplicates=1)
    assert len(taken) == 9 and len(set(taken)) == 4
    assert [topic for topic, _ in taken[3:]] != sorted(topic for topic, _ in taken[3:])


def test_the_recorded_webhook_of_the_platform_is_genuine_as_it_stands() -> None:
    body = (SAMPLES / "webhook.in.json").read_bytes()
    signed = inbound(body, x_shopify_hmac_sha256="lFACfXWqrZqsqWDn5J8/9JzfTmK08Iu5o5BHnRRhg7k=")
    owner = Account(1, "S", "channels", "shopify", "UTC", "", {"client_secret": "demo_shopify_secret"}, {})
    assert CONNECTOR.receive(signed, owner, NOW).quarantine == ""
