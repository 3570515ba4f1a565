"""Amazon's 2026-01-01 orders version beside v0: the same shop gives the same orders, whichever is spoken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
import pytest
from sp_api.api.orders.orders_2026_01_01 import OrdersV20260101
from test_amazon_witness import HOUR, Witness, text

from orderloom.adapters.kit.platform import scope_of
from orderloom.application.ports import Cursor, Outgoing
from orderloom.domain.draft import OrderDraft
from tests.support.adding_up import draft, off
from tests.support.connector_folders import caller, folders, items, now, pull, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "amazon")
NEW = "2026-01-01"
RATES = {name: [1_000, 1_000] for name in ("getOrders", "getOrderItems", "searchOrders")}
Shop = tuple[Any, str, httpx2.AsyncClient]


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    simulator = FOLDER.simulator(rates=RATES)
    async with serve(simulator.app) as base, caller() as http:
        yield simulator, base, http


async def read(shop: Shop, version: str, **settings: Any) -> dict[str, OrderDraft]:
    _, base, http = shop
    account = FOLDER.account(base, orders_version=version, rates=RATES, **settings)
    found = items(await pull(FOLDER, account, http))
    return {one.external_id: one for item in found for one in [draft("amazon", item.topic, item.body.decode())]}


ALIKE = ("external_id", "revision", "placed_at", "currency", "total", "freight", "tax", "paid", "payment", "buyer",
         "receiver", "hold", "is_cancelled", "is_fulfilled_elsewhere", "facts")  # fmt: skip


async def test_both_versions_tell_the_same_orders(shop: Shop) -> None:
    simulator = shop[0]
    bought = [purchase(FOLDER, n) | {"tax": 432} for n in range(1, 5)] + [purchase(FOLDER, 5, is_paid=False)]
    bought[3] |= {"fulfillment_channel": "AFN"}
    for one in bought:
        simulator.place(one)
    simulator.cancel(bought[1]["external_id"], now())
    simulator.ask_cancel(bought[2]["external_id"], 0, now())
    for one in bought:
        simulator.book.orders[one["external_id"]].changed_at = one["placed_at"]
    old, new = await read(shop, "v0"), await read(shop, NEW)
    assert set(old) == set(new) == {one["external_id"] for one in bought}
    for key, order in new.items():
        facts = {"service_level", "ship_by", "order_type", "is_prime", "is_business", "is_replacement"}
        for name in ALIKE:
            ours, theirs = getattr(order, name), getattr(old[key], name)
            if name == "facts":
                ours, theirs = ({k: v for k, v in some.items() if k not in facts} for some in (ours, theirs))
            assert ours == theirs, (key, name)
        assert order.is_cancelled or off(order, "amazon") == [] == off(old[key], "amazon")
        lines = [(line.external_id, line.sku_external, line.quantity, line.is_closed) for line in order.lines]
        assert lines == [(line.external_id, line.sku_external, line.quantity, line.is_closed)
                         for line in old[key].lines]
    assert simulator.requests["searchOrders"] == 1 and not simulator.rejected


async def test_the_new_version_needs_no_call_for_items_and_loses_no_page(shop: Shop) -> None:
    for n in range(1, 12):
        shop[0].place(purchase(FOLDER, n))
    found = await read(shop, NEW, page_size=4)
    assert len(found) == 11 and shop[0].requests["getOrderItems"] == 0 and shop[0].requests["searchOrders"] == 3


async def test_what_was_shipped_is_told_with_its_parcel(shop: Shop) -> None:
    simulator, base, http = shop
    bought = purchase(FOLDER)
    simulator.place(bought)
    account = FOLDER.account(base, orders_version=NEW, rates=RATES)
    order = (await read(shop, NEW))[bought["external_id"]]
    body = {"external_id": order.external_id, "carrier": "ups", "waybill": "1Z1", "shipped_at": text(HOUR),
            "is_partial": True, "lines": [{"external_line_id": order.lines[0].external_id, "quantity": 1}]}
    await FOLDER.connector.send(Outgoing("d1", "shipment", "k", body, 1), account, http)
    simulator.book.orders[order.external_id].changed_at = bought["placed_at"]
    again = (await read(shop, NEW))[order.external_id]
    assert [line.fulfilled for line in again.lines] == [1, 0] and again.native == "PARTIALLY_SHIPPED"
    assert [(one.waybill, one.carrier) for one in again.shipments] == [("1Z1", "ups")]


async def test_names_and_addresses_are_read_only_when_they_may_be(shop: Shop) -> None:
    bought = purchase(FOLDER)
    shop[0].place(bought)
    assert (await read(shop, NEW))[bought["external_id"]].receiver.name == "张三"
    assert (await read(shop, NEW, restricted_data=False))[bought["external_id"]].receiver.name == ""


async def test_backfill_and_sweep_speak_the_new_version_too(shop: Shop) -> None:
    simulator, base, http = shop
    open_one, gone = purchase(FOLDER, 1), purchase(FOLDER, 2)
    for one in (open_one, gone):
        simulator.place(one)
    simulator.cancel(gone["external_id"], gone["placed_at"])
    account = FOLDER.account(base, orders_version=NEW, rates=RATES)
    until = now().replace(microsecond=0)
    for way, wanted in ((FOLDER.connector.backfill, {open_one["external_id"]}),
                        (FOLDER.connector.sweep, {open_one["external_id"], gone["external_id"]})):  # fmt: skip
        end = until if way.__name__ == "backfill" else until - 0.1 * HOUR
        pages = [page async for page in way(account, Cursor(until - HOUR), end, http)]
        found = {msgspec.json.decode(item.body)["orderId"] for page in pages for item in page.items}
        assert found == wanted and pages[-1].cursor == Cursor(end)


def test_a_seller_is_asked_where_its_marketplaces_are_served() -> None:
    regions = FOLDER.plan.tables["regions"]
    assert regions.keys() == set(FOLDER.manifest.settings["marketplace_ids"]["choices"])
    mapped = (FOLDER.path / "statuses.yaml").read_text("utf-8")
    assert all(marketplace in mapped for marketplace in regions)
    for marketplace, region in regions.items():
        own = FOLDER.account(marketplace_ids=[marketplace])
        account = msgspec.structs.replace(own, base_url="https://sellingpartnerapi-na.amazon.com")
        at = FOLDER.plan.address(scope_of(FOLDER.plan, account, {}, {}), account)
        assert at == (f"https://sellingpartnerapi-{region}.amazon.com", "")
        assert FOLDER.plan.address(scope_of(FOLDER.plan, own, {}, {}), own) == (own.base_url, own.base_url)
        page = FOLDER.connector.authorise_url(account, "s", "https://hub.example/back").partition("?")[0]
        assert page.startswith("https://sellercentral") and page.endswith("/apps/authorize/consent")
    assert FOLDER.plan.tables["seller_centrals"].keys() == regions.keys()


async def test_a_public_client_speaks_the_new_version() -> None:

    simulator = FOLDER.simulator(rates=RATES)
    bought = [purchase(FOLDER, 1), purchase(FOLDER, 2, is_paid=False)]
    for one in bought:
        simulator.place(one)
    async with serve(simulator.app) as base:
        witness = Witness(simulator, base)
        found = await witness.ask(OrdersV20260101, lambda client: client.search_orders(
            marketplaceIds=["ATVPDKIKX0DER"], lastUpdatedAfter=text(HOUR), fulfillmentStatuses=["PENDING"],
            includedData=["FULFILLMENT"]))
        assert [order["orderId"] for order in found["orders"]] == [bought[1]["external_id"]]
