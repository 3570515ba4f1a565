"""Shopify's client against a shop that speaks the platform's protocol over HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.channels.shopify.simulator import Simulator, external_id
from orderloom.application.ports import Account, Cursor, Inbound, Outgoing, Page, Terminal, Transient
from tests.support.connector_folders import folders
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
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
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
    async with serving(simulator.app) as url, httpx2.AsyncClient() as http:
        yield Shop(simulator, url, http, settings)


def shipment(n: int, lines: dict[int, int], waybill: str = "SF1") -> dict[str, Any]:
    key = int(external_id(n))
    told = [{"external_line_id": str(key * 100 + index), "quantity": quantity} for index, quantity in lines.items()]
    return {"external_id": str(key), "carrier": "sf", "waybill": waybill, "lines": told, "is_partial": False}


def ids(pages: list[Page]) -> list[int]:
    return [json.loads(item.body)["id"] for page in pages for item in page.items if item.topic != "unreadable"]


async def test_no_order_is_skipped_between_pages_windows_and_equal_instants() -> None:
    async with opened(page_size=3, window_seconds=3600) as shop:
        for n in range(20):
            shop.simulator.place(purchase(n, NOW - timedelta(minutes=20 * (n // 2))))
        shop.simulator.cancel(external_id(3), NOW - timedelta(minutes=7))
        pages = await shop.pull()
        assert set(ids(pages)) == {int(external_id(n)) for n in range(20)}
        assert pages[-1].cursor == Cursor(NOW)
        cursors = [page.cursor.at for page in pages if page.cursor]
        assert cursors == sorted(set(cursors)) and len(cursors) == 7 < len(pages)


async def test_what_is_landed_is_the_exact_bytes_of_the_order() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        [page] = [one for one in await shop.pull() if one.items]
        raw = json.dumps(shop.simulator.orders[external_id(1)], ensure_ascii=False).encode()
        assert page.items[0].body == raw
        assert dict(page.headers)["content-type"].startswith("application/json")


async def test_a_page_that_does_not_parse_is_kept_and_its_orders_still_come() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.fault("broken_body")
        pages = await shop.pull()
        assert [item.topic for item in pages[0].items] == ["unreadable"]
        assert pages[0].problem and pages[0].cursor is None
        assert ids(pages) == [int(external_id(1))]


async def test_trouble_that_passes_costs_no_order_however_often_the_page_is_unreadable() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.fault("broken_body", 5)
        assert ids(await shop.pull()) == [int(external_id(1))]


@pytest.mark.parametrize(("fault", "code"), [("rate_limited", "rate_limited"), ("status_500", "http_500")])
async def test_a_busy_shop_is_asked_again_instead_of_losing_the_account(fault: str, code: str) -> None:
    async with opened() as shop:
        shop.simulator.fault(fault)
        with pytest.raises(Transient) as caught:
            await shop.pull()
        assert caught.value.code == code
        assert caught.value.retry_after == (2.0 if fault == "rate_limited" else 0.0)


async def test_the_leaky_bucket_that_runs_over_is_told_apart_from_a_failure() -> None:
    async with opened(bucket_size=2, leak_per_second=0.01, page_size=1) as shop:
        for n in range(4):
            shop.simulator.place(purchase(n))
        with pytest.raises(Transient, match="rate_limited"):
            await shop.pull()


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
        assert first.said == again.said and first.said["fulfillment_id"].count(",") == 1
        assert shop.simulator.requests["fulfill"] == 2  # one per location
        assert shop.simulator.orders[external_id(1)]["fulfillment_status"] == "fulfilled"
        assert sum(sum(told["lines"].values()) for told in shop.simulator.shipments[external_id(1)]) == 3


async def test_a_part_shipment_leaves_the_rest_to_the_next_parcel() -> None:
    async with opened(carrier_names={"sf": "SF Express"}) as shop:
        shop.simulator.place(purchase(1))
        await shop.send("shipment", shipment(1, {1: 1}))
        assert shop.simulator.orders[external_id(1)]["fulfillment_status"] == "partial"
        await shop.send("shipment", shipment(1, {1: 1, 2: 1}, "SF2"))
        told = shop.simulator.shipments[external_id(1)]
        assert [(one["waybill"], one["carrier"], sum(one["lines"].values())) for one in told] == [
            ("SF1", "SF Express", 1), ("SF2", "SF Express", 2)]  # fmt: skip


async def test_an_order_on_hold_or_overshipped_goes_to_a_person_and_nothing_is_told() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        with pytest.raises(Terminal, match="nothing_to_fulfill"):
            await shop.send("shipment", shipment(1, {1: 3}))
        shop.simulator.hold(external_id(1))
        with pytest.raises(Terminal, match="fulfillment_on_hold"):
            await shop.send("shipment", shipment(1, {1: 2, 2: 1}))
        assert shop.simulator.shipments == {}


async def test_an_answer_lost_after_fulfilling_is_asked_for_again() -> None:
    async with opened() as shop:
        shop.simulator.place(purchase(1))
        shop.simulator.fault("broken_body")
        with pytest.raises(Transient, match="unreadable_answer"):
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
