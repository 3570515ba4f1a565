"""A public client of Amazon (python-amazon-sp-api) at our simulator: it lists, reads, ships and sets stock there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sp_api.api import ListingsItemsV20210801, OrdersV0, ReportsV2, Tokens
from sp_api.auth import AccessTokenClient
from sp_api.auth.access_token_client import cache
from sp_api.base import Marketplaces, SellingApiException
from sp_api.base.client import Client

from tests.support.connector_folders import folders, now, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "amazon")
US, UK = "ATVPDKIKX0DER", "A1F83G8C2ARO7P"
RATES = {name: [1_000, 1_000] for name in ("getOrders", "getOrderItems", "getOrder")}


class Witness:
    """The public client, whose addresses are the simulator's."""

    def __init__(self, simulator: Any, base: str) -> None:
        self.simulator, self._base = simulator, base
        given = FOLDER.credentials()

        class AccessTokens(AccessTokenClient):
            scheme, host = "http://", base.removeprefix("http://")

        self._given = {"marketplace": Marketplaces.US, "refresh_token": given["refresh_token"],
                       "credentials": {"lwa_app_id": given["client_id"], "lwa_client_secret": given["client_secret"]},
                       "auth_token_client_class": AccessTokens}

    async def ask(self, kind: type[Client], call: Callable[[Any], Any], token: str | None = None) -> Any:
        """The payload of one call, made in a thread: the public client knows no event loop."""
        client = kind(**self._given, restricted_data_token=token)
        client.endpoint = self._base
        return (await asyncio.to_thread(call, client)).payload

    async def orders(self, **filters: Any) -> list[str]:
        """Ids that getOrders answers."""
        found = await self.ask(OrdersV0, lambda client: client.get_orders(**{"MarketplaceIds": [US], **filters}))
        return [order["AmazonOrderId"] for order in found["Orders"]]


@pytest.fixture
async def witness() -> AsyncIterator[Witness]:
    cache.clear()
    simulator = FOLDER.simulator(rates=RATES)
    async with serve(simulator.app) as base:
        simulator.files_at = base
        yield Witness(simulator, base)
    cache.clear()


def text(ago: timedelta) -> str:
    return (now() - ago).strftime("%Y-%m-%dT%H:%M:%SZ")


HOUR = timedelta(hours=1)


async def test_a_public_client_lists_and_reads_orders(witness: Witness) -> None:
    bought = [purchase(FOLDER, n, minutes_ago=30 - n) for n in range(3)]
    for one in bought:
        witness.simulator.place(one)
    ids = [one["external_id"] for one in bought]
    first = await witness.ask(OrdersV0, lambda client: client.get_orders(
        MarketplaceIds=[US], LastUpdatedAfter=text(HOUR), MaxResultsPerPage=2))
    assert [order["AmazonOrderId"] for order in first["Orders"]] == ids[:2] and first["LastUpdatedBefore"]
    following = {"LastUpdatedAfter": text(HOUR), "MaxResultsPerPage": 2, "NextToken": first["NextToken"]}
    assert len(await witness.orders(LastUpdatedAfter=text(HOUR), MaxResultsPerPage=2)) == 2
    filters = {name: value for name, value in following.items() if name != "LastUpdatedAfter"}
    with pytest.raises(SellingApiException, match="other filters"):
        await witness.orders(LastUpdatedAfter=text(2 * HOUR), **filters)
    assert await witness.orders(CreatedAfter=text(HOUR)) == ids
    read = await witness.ask(OrdersV0, lambda client: client.get_order(ids[0]))
    assert read["OrderTotal"]["Amount"] == "199.00" and "BuyerInfo" not in read
    wanted = {"method": "GET", "path": f"/orders/v0/orders/{ids[0]}", "dataElements": ["shippingAddress"]}
    token = await witness.ask(Tokens, lambda client: client.create_restricted_data_token(restrictedResources=[wanted]))
    whole = await witness.ask(OrdersV0, lambda client: client.get_order(ids[0]), token["restrictedDataToken"])
    assert whole["ShippingAddress"]["Name"] == "张三"
    items = await witness.ask(OrdersV0, lambda client: client.get_order_items(ids[0]))
    assert [item["SellerSKU"] for item in items["OrderItems"]] == ["M-001", "M-002"]


async def test_documented_filters_are_honoured_and_others_refused(witness: Witness) -> None:
    paid, unpaid = purchase(FOLDER, 1), purchase(FOLDER, 2, is_paid=False)
    theirs = purchase(FOLDER, 3) | {"fulfillment_channel": "AFN"}
    british = purchase(FOLDER, 4) | {"currency": "GBP"}
    for one in (paid, unpaid, theirs, british):
        witness.simulator.place(one)
    since = {"LastUpdatedAfter": text(HOUR)}
    assert await witness.orders(**since, OrderStatuses=["Pending"]) == [unpaid["external_id"]]
    open_ones = await witness.orders(**since, OrderStatuses=["Unshipped", "PartiallyShipped"])
    assert set(open_ones) == {paid["external_id"], theirs["external_id"]}
    assert await witness.orders(**since, FulfillmentChannels=["AFN"]) == [theirs["external_id"]]
    assert await witness.orders(**since, AmazonOrderIds=[paid["external_id"]]) == [paid["external_id"]]
    assert await witness.orders(**since, PaymentMethods=["COD"]) == []
    assert await witness.orders(**since, MarketplaceIds=[UK]) == [british["external_id"]]
    assert await witness.orders(CreatedAfter=text(HOUR), CreatedBefore=text(0.5 * HOUR)) == []
    wrong: list[dict[str, Any]] = [
        since | {"CreatedAfter": text(HOUR)}, since | {"OrderStatuses": ["Paid"]},
        since | {"OrderStatuses": ["Unshipped"]}, since | {"BuyerEmail": "x@example.com"}, {},
        since | {"LastUpdatedBefore": text(timedelta(0))}, since | {"OrderStates": "Pending"},
    ]  # fmt: skip
    for filters in wrong:
        with pytest.raises(SellingApiException) as refused:
            await witness.orders(**filters)
        assert (refused.value.code, refused.value.error[0]["code"]) == (400, "InvalidInput"), filters


async def test_a_public_client_ships_and_sets_stock(witness: Witness) -> None:
    bought = purchase(FOLDER)
    witness.simulator.place(bought)
    order_id = bought["external_id"]
    items = (await witness.ask(OrdersV0, lambda client: client.get_order_items(order_id)))["OrderItems"]
    package = {"packageReferenceId": "1", "carrierCode": "UPS", "trackingNumber": "1Z1",
               "shipDate": text(timedelta(0)),
               "orderItems": [{"orderItemId": i["OrderItemId"], "quantity": i["QuantityOrdered"]} for i in items]}
    await witness.ask(OrdersV0, lambda client: client.confirm_shipment(
        order_id, marketplaceId=US, packageDetail=package))
    assert witness.simulator.status(order_id) == "Shipped"
    found = await witness.ask(ListingsItemsV20210801, lambda client: client.search_listings_items(
        "SELLER", marketplaceIds=US, identifiers="M-001,GONE", identifiersType="SKU", includedData=["summaries"]))
    kind = found["items"][0]["summaries"][0]["productType"]
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": 17}]
    patch = {"op": "replace", "path": "/attributes/fulfillment_availability", "value": value}
    answer = await witness.ask(ListingsItemsV20210801, lambda client: client.patch_listings_item(
        "SELLER", "M-001", marketplaceIds=US, body={"productType": kind, "patches": [patch]}))
    assert answer["status"] == "ACCEPTED" and witness.simulator.stock == {"M-001": 17}
    with pytest.raises(SellingApiException) as refused:
        await witness.ask(ListingsItemsV20210801, lambda client: client.get_listings_item(
            "SELLER", "GONE", marketplaceIds=US))
    assert refused.value.code == 404


async def test_a_public_client_orders_the_report_of_returns_and_reads_it(witness: Witness) -> None:
    bought = purchase(FOLDER)
    witness.simulator.place(bought)
    witness.simulator.ask_refund(bought["external_id"], 0, now() - timedelta(minutes=5))
    kind = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
    made = await witness.ask(ReportsV2, lambda client: client.create_report_schedule(
        reportType=kind, marketplaceIds=[US], period="PT4H"))
    planned = await witness.ask(ReportsV2, lambda client: client.get_report_schedules(reportTypes=[kind]))
    assert [one["reportScheduleId"] for one in planned["reportSchedules"]] == [made["reportScheduleId"]]
    [report] = (await witness.ask(ReportsV2, lambda client: client.get_reports(
        reportTypes=[kind], processingStatuses=["DONE"])))["reports"]
    read = await witness.ask(ReportsV2, lambda client: client.get_report_document(
        report["reportDocumentId"], download=True))
    names, row = (line.split("\t") for line in read["document"].splitlines())
    told = dict(zip(names, row, strict=True))
    assert (told["Order ID"], told["Return request status"]) == (bought["external_id"], "PendingApproval")
    with pytest.raises(SellingApiException):
        await witness.ask(ReportsV2, lambda client: client.get_reports(reportTypes=["GET_OTHER"]))
