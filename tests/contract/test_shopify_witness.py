"""Shopify's public client (ShopifyAPI) at our simulator: it lists, counts, reads, ships and sets stock there.

By REST, by whose shapes the client names everything, and by its GraphQL client, which sends any document.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import shopify
from pyactiveresource.connection import ClientError

from tests.support.connector_folders import folders, now, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "shopify")
LIST = ("query($after:String){orders(first:2,after:$after,sortKey:UPDATED_AT,query:\"status:open\"){"
        "edges{cursor node{legacyResourceId totalPriceSet{shopMoney{amount currencyCode}}}}pageInfo{hasNextPage}}}")
READ = ("query($id:ID!){order(id:$id){name displayFulfillmentStatus lineItems(first:5){edges{node{sku quantity}}} "
        "fulfillmentOrders(first:5){edges{node{id status}}}}}")
SHIP = ("mutation($f:FulfillmentInput!){fulfillmentCreate(fulfillment:$f){fulfillment{status trackingInfo{number}} "
        "userErrors{field message}}}")
STOCK = ("mutation($i:InventorySetQuantitiesInput!){inventorySetQuantities(input:$i) @idempotent(key:\"k1\"){"
         "inventoryAdjustmentGroup{reason} userErrors{code message}}}")
FIND = "query($q:String!){productVariants(first:5,query:$q){nodes{sku inventoryItem{id}}}}"


class Witness:
    """The public client, whose shop is the simulator."""

    def __init__(self, simulator: Any, base: str) -> None:
        self.simulator, self._base = simulator, base

    async def ask(self, call: Callable[[], Any]) -> Any:
        """What a call answers, made in a thread: the public client knows no event loop and keeps its shop by thread."""
        return await asyncio.to_thread(self._in_session, call)

    def _in_session(self, call: Callable[[], Any]) -> Any:
        shopify.ShopifyResource.set_site(f"{self._base}/admin/api/2026-04")
        shopify.ShopifyResource.headers = {"X-Shopify-Access-Token": FOLDER.credentials()["access_token"]}
        return call()

    async def orders(self, **filters: Any) -> list[str]:
        """Ids that the listing answers."""
        return [str(order.id) for order in await self.ask(lambda: shopify.Order.find(**filters))]


@pytest.fixture
async def witness() -> AsyncIterator[Witness]:
    simulator = FOLDER.simulator(bucket_size=1_000)
    async with serve(simulator.app) as base:
        yield Witness(simulator, base)
    shopify.ShopifyResource.clear_session()


def text(ago: timedelta) -> str:
    return (now() - ago).strftime("%Y-%m-%dT%H:%M:%SZ")


def place(witness: Witness, *numbers: int, **more: Any) -> list[str]:
    """Purchases with these numbers, the n-th so many minutes after the first."""
    for n in numbers:
        witness.simulator.place(purchase(FOLDER, n, minutes_ago=60 - n, **more))
    return [FOLDER.module("simulator").external_id(n) for n in numbers]


async def test_a_public_client_lists_pages_counts_and_reads_orders(witness: Witness) -> None:
    ids = place(witness, 1, 2, 3, 4, 5)
    page = await witness.ask(lambda: shopify.Order.find(status="any", limit=2, order="created_at asc"))
    walked = [str(order.id) for order in page]
    while page.has_next_page():
        page = await witness.ask(page.next_page)
        walked += [str(order.id) for order in page]
    assert walked == ids
    assert await witness.ask(lambda: shopify.Order.count(status="any")) == 5
    read = await witness.ask(lambda: shopify.Order.find(int(ids[0])))
    assert read.total_price == "199.00" and read.shipping_address.name == "张三"
    assert (await witness.ask(shopify.Shop.current)).name == "Demo Shop"


async def test_documented_filters_are_honoured_and_others_refused(witness: Witness) -> None:
    ids = place(witness, 1, 2, 3)
    unpaid = place(witness, 4, is_paid=False)[0]
    witness.simulator.cancel(ids[1], now())
    assert await witness.orders() == [unpaid, ids[2], ids[0]], "open ones, the newest first"
    assert await witness.orders(status="cancelled") == [ids[1]]
    assert set(await witness.orders(ids=",".join(ids[:2]), status="any")) == set(ids[:2])
    assert await witness.orders(since_id=ids[1], status="any") == [ids[2], unpaid]
    assert await witness.orders(financial_status="pending") == [unpaid]
    assert await witness.orders(created_at_min=text(timedelta(minutes=57, seconds=30))) == [unpaid, ids[2]]
    assert await witness.orders(created_at_max=text(timedelta(minutes=58, seconds=30))) == [ids[0]]
    assert await witness.orders(order="id asc", limit=1) == [ids[0]]
    assert await witness.orders(updated_at_min=text(timedelta(minutes=1)), status="any") == [ids[1]]
    assert await witness.orders(fulfillment_status="shipped") == []
    assert await witness.ask(lambda: shopify.Order.count(financial_status="pending")) == 1
    chosen = (await witness.ask(lambda: shopify.Order.find(fields="id,name", limit=1)))[0].attributes
    assert set(chosen) == {"id", "name"}
    for wrong in ({"financial_status": "payed"}, {"status": "all"}, {"order": "price asc"}, {"limit": 500},
                  {"created_at_min": "yesterday"}, {"since": 1}, {"updated_min": "2026-01-01"}):
        with pytest.raises(ClientError) as refused:
            await witness.orders(**wrong)
        name = next(iter(wrong))
        assert refused.value.response.code == 400 and name in json.loads(refused.value.response.body)["errors"]


async def test_a_public_client_ships_and_sets_stock(witness: Witness) -> None:
    order = int(place(witness, 1)[0])
    work = await witness.ask(lambda: shopify.FulfillmentOrders.find(order_id=order))
    parts = [{"fulfillment_order_id": one.id} for one in work]
    tracking = {"number": "SF1", "company": "SF Express"}
    made = await witness.ask(lambda: shopify.FulfillmentV2.create(
        {"line_items_by_fulfillment_order": parts, "tracking_info": tracking}))
    assert made.id and not made.errors.full_messages()
    assert (await witness.ask(lambda: shopify.Order.find(order))).fulfillment_status == "fulfilled"
    assert [one["waybill"] for one in witness.simulator.shipments[str(order)]] == ["SF1"]
    again = await witness.ask(lambda: shopify.FulfillmentV2.create(
        {"line_items_by_fulfillment_order": parts, "tracking_info": tracking}))
    assert again.errors.full_messages(), "what is fulfilled is not fulfilled again"
    found = json.loads(await witness.ask(lambda: shopify.GraphQL().execute(FIND, {"q": "sku:M-001"})))
    item = int(found["data"]["productVariants"]["nodes"][0]["inventoryItem"]["id"].rsplit("/", 1)[1])
    location = int(witness.simulator.listing("M-001")["location_id"])
    await witness.ask(lambda: shopify.InventoryLevel.set(location, item, 17))
    assert witness.simulator.stock == {"M-001": 17}
    levels = await witness.ask(lambda: shopify.InventoryLevel.find(inventory_item_ids=str(item)))
    assert [level.available for level in levels] == [17]


async def graphql(witness: Witness, query: str, **variables: Any) -> dict[str, Any]:
    """What the public client's GraphQL client hears."""
    answer: dict[str, Any] = json.loads(await witness.ask(lambda: shopify.GraphQL().execute(query, variables)))
    assert "errors" not in answer, answer
    return answer["data"]  # type: ignore[no-any-return]


async def test_its_graphql_client_lists_reads_ships_and_sets_stock(witness: Witness) -> None:
    ids = place(witness, 1, 2, 3, 4, 5)
    walked, after, more = list[str](), None, True
    while more:
        page = (await graphql(witness, LIST, after=after))["orders"]
        walked += [edge["node"]["legacyResourceId"] for edge in page["edges"]]
        after, more = page["edges"][-1]["cursor"], page["pageInfo"]["hasNextPage"]
    assert walked == ids and page["edges"][0]["node"]["totalPriceSet"]["shopMoney"] == {
        "amount": "199.0", "currencyCode": "USD"}
    key = f"gid://shopify/Order/{ids[0]}"
    order = (await graphql(witness, READ, id=key))["order"]
    assert [edge["node"]["sku"] for edge in order["lineItems"]["edges"]] == ["M-001", "M-002"]
    told = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": edge["node"]["id"]} for edge in
                                            order["fulfillmentOrders"]["edges"]], "trackingInfo": {"number": "SF9"}}
    done = (await graphql(witness, SHIP, f=told))["fulfillmentCreate"]
    assert done["fulfillment"] == {"status": "SUCCESS", "trackingInfo": [{"number": "SF9"}]} and not done["userErrors"]
    assert (await graphql(witness, READ, id=key))["order"]["displayFulfillmentStatus"] == "FULFILLED"
    again = (await graphql(witness, SHIP, f=told))["fulfillmentCreate"]
    assert again["fulfillment"] is None and again["userErrors"], "what is fulfilled is not fulfilled again"
    found = (await graphql(witness, FIND, q="sku:M-001"))["productVariants"]["nodes"][0]["inventoryItem"]["id"]
    place_id = f"gid://shopify/Location/{witness.simulator.listing('M-001')['location_id']}"
    figure = {"inventoryItemId": found, "locationId": place_id, "quantity": 23, "changeFromQuantity": None}
    set_ = (await graphql(witness, STOCK, i={"name": "available", "reason": "correction", "quantities": [figure]}))
    assert set_["inventorySetQuantities"]["userErrors"] == [] and witness.simulator.stock == {"M-001": 23}


async def test_its_graphql_client_is_refused_what_the_platform_refuses(witness: Witness) -> None:
    for query in ("{orders(first:1){nodes{colour}}}", "{orders{nodes{id}}}", "mutation{orderMarkAsPaid{id}}"):
        answer = json.loads(await witness.ask(lambda query=query: shopify.GraphQL().execute(query)))  # type: ignore[misc]
        assert answer["errors"][0]["message"] and "data" not in answer
