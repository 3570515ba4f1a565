"""Amazon: what would be lost in its tokens, pages, quotas, pending orders, packages and listings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from orderloom.adapters.channels.amazon.simulator import Simulator, external_id
from orderloom.application.ports import Cursor, Item, Outgoing, Page, Terminal, Transient
from tests.support.connector_folders import Folder, caller, folders, items, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "amazon")
RELAXED = {"getOrders": [1000, 1000], "getOrderItems": [1000, 1000]}


class Seller:
    """A simulator on loopback, the account that leads to it, and a client of its own."""

    def __init__(self, folder: Folder, base: str, http: httpx2.AsyncClient, settings: dict[str, Any]) -> None:
        self.http, self.account, self.client = http, folder.account(base, **settings), folder.connector
        self.simulator: Simulator
        self.at = datetime.now(UTC).replace(microsecond=0)

    async def pull(self, hours: float = 1) -> list[Page]:
        cursor = Cursor(self.at - timedelta(hours=hours))
        return [page async for page in self.client.pull(self.account, cursor, self.at, self.http)]

    async def orders(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(item.body) for item in items(await self.pull())]

    async def send(self, kind: str, body: dict[str, Any], delivery: str = "d1") -> dict[str, str]:
        return (await self.client.send(Outgoing(delivery, kind, "k", body, 1), self.account, self.http)).said


@pytest.fixture
async def seller(request: pytest.FixtureRequest) -> AsyncIterator[Seller]:
    settings = getattr(request, "param", {})
    simulator = FOLDER.simulator(**settings)
    async with serve(simulator.app) as base, caller() as http:
        found = Seller(FOLDER, base, http, settings)
        found.simulator = simulator
        yield found


def with_settings(**settings: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("seller", [settings], indirect=True)


def parcel(order: dict[str, Any], waybill: str, quantities: list[int], carrier: str = "ups") -> dict[str, Any]:
    lines = zip(order["OrderItems"], quantities, strict=True)
    return {
        "external_id": order["Order"]["AmazonOrderId"], "carrier": carrier, "waybill": waybill,
        "shipped_at": "2026-03-02T18:30:00Z", "is_partial": True,
        "lines": [{"external_line_id": item["OrderItemId"], "quantity": n} for item, n in lines if n],
    }  # fmt: skip


def forget(simulator: Simulator) -> None:
    """The platform does not know its access tokens any more."""
    assert simulator.tokens is not None
    for grant in simulator.tokens._grants:
        grant.access = f"forgotten {grant.access}"


@with_settings(page_size=7, rates=RELAXED)
async def test_no_order_is_lost_over_several_pages(seller: Seller) -> None:
    for n in range(30):
        seller.simulator.place(purchase(FOLDER, n))
    pages = await seller.pull()
    found = [msgspec.json.decode(item.body)["Order"]["AmazonOrderId"] for item in items(pages)]
    assert found == [external_id(n) for n in range(30)]
    assert [page.cursor is not None for page in pages] == [False] * 5 + [True]
    assert not seller.simulator.rejected


async def test_the_cursor_stays_behind_the_platforms_horizon(seller: Seller) -> None:
    seller.simulator.place(purchase(FOLDER, 1, minutes_ago=1, is_paid=False))
    pages = await seller.pull()
    assert items(pages) == [] and pages[-1].cursor == Cursor(seller.at - timedelta(seconds=120))
    later = seller.at + timedelta(minutes=5)
    seller.simulator.now = lambda: later
    seller.at = later
    assert len(await seller.orders()) == 1


@with_settings(horizon_seconds=0, restricted_data=False)
async def test_the_simulator_keeps_personal_data_from_a_plain_token(seller: Seller) -> None:
    seller.simulator.place(purchase(FOLDER))
    address = (await seller.orders())[0]["Order"]["ShippingAddress"]
    assert address["City"] == "杭州市" and "Name" not in address and "AddressLine1" not in address
    whole = FOLDER.account(seller.account.base_url, horizon_seconds=0)
    since = Cursor(seller.at - timedelta(hours=1))
    pages = [page async for page in seller.client.pull(whole, since, seller.at, seller.http)]
    assert msgspec.json.decode(items(pages)[0].body)["Order"]["ShippingAddress"]["Name"] == "张三"


async def test_an_expired_token_is_renewed_without_losing_the_pull(seller: Seller) -> None:
    seller.simulator.place(purchase(FOLDER))
    assert len(await seller.orders()) == 1
    asked = seller.simulator.requests["token"]
    assert len(await seller.orders()) == 1 and seller.simulator.requests["token"] == asked
    seller.simulator.expire_tokens()
    assert len(await seller.orders()) == 1 and seller.simulator.requests["token"] == asked + 1


async def test_an_account_goes_on_when_the_platform_forgets_the_token_that_asks_for_personal_data(
    seller: Seller,
) -> None:
    seller.simulator.list_sku("M-001")
    seller.simulator.place(purchase(FOLDER))
    await seller.send("stock", {"figures": [{"sku_external": "M-001", "quantity": 1}]})
    asked = seller.simulator.requests["token"]
    forget(seller.simulator)
    assert len(await seller.orders()) == 1 and seller.simulator.requests["token"] == asked + 1


async def test_a_seller_whose_every_token_is_refused_is_told_after_one_more_try(seller: Seller) -> None:
    def refused(_: Any) -> None:
        raise seller.simulator.no("wrong_token")

    seller.simulator.verify = refused  # type: ignore[method-assign]
    with pytest.raises(Terminal) as told:
        await seller.orders()
    assert told.value.code == "token_old" and seller.simulator.requests["token"] == 2


@with_settings(rates=RELAXED | {"getOrderItems": [0.0001, 4]})
async def test_a_quota_that_runs_out_keeps_what_was_read_and_goes_on_where_it_stood(seller: Seller) -> None:
    for n in range(6):
        seller.simulator.place(purchase(FOLDER, n))
    landed: list[Item] = []
    with pytest.raises(Transient) as refused:
        async for page in seller.client.pull(
            seller.account, Cursor(seller.at - timedelta(hours=1)), seller.at, seller.http
        ):
            landed += page.items
            assert page.cursor is None or page.cursor.at == seller.at - timedelta(hours=1)
    assert len(landed) == 4 and refused.value.code == "rate_limited" and refused.value.retry_after == 10_000
    seller.simulator.limits.rates |= dict.fromkeys(RELAXED, (1000.0, 1000.0))
    seller.simulator.limits._levels.clear()
    seller.client._commons.limits._buckets.clear()
    before = seller.simulator.requests["getOrderItems"]
    assert len(await seller.orders()) == 6
    assert seller.simulator.requests["getOrderItems"] == before + 2


ORDER = b'{ "AmazonOrderId" : "113-1", "LastUpdateDate":"2026-03-01T09:02:11Z", "Note":"\\u00e9 \xe5\xa5\xbd" }'


async def pulled(items_pages: list[bytes], **settings: Any) -> list[Page]:
    """What becomes of one order whose items come on these pages, the last of them for good."""
    left = list(items_pages)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 3600})
        if request.url.path.endswith("/orderItems"):
            return httpx2.Response(200, content=left.pop(0) if len(left) > 1 else left[0])
        horizon = settings.get("told", "1.569521782042E9")
        return httpx2.Response(200, content=b'{"payload":{"Orders":[' + ORDER + b'],"LastUpdatedBefore":"'
                               + horizon.encode() + b'"}}')

    account, at = FOLDER.account(restricted_data=False, returns_report=False), datetime.now(UTC).replace(microsecond=0)
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        return [page async for page in FOLDER.connector.pull(account, Cursor(at - timedelta(hours=1)), at, http)]


async def test_the_landed_body_is_made_of_the_platforms_own_bytes() -> None:
    pages = await pulled([b'{"payload":{"NextToken":"n","OrderItems": [ {"a": 1} , {"b":2.50} ]}}',
                          b'{"payload":{"OrderItems":[]}}', b'{"payload":{"OrderItems":[{"c": 3}]}}'])
    assert [one.body for one in items(pages)] == [
        b'{"Order":' + ORDER + b',"OrderItems":[{"a": 1},{"b":2.50}]}']


async def test_items_of_several_pages_are_one_list() -> None:
    page = b'{"payload":{"NextToken":"n","OrderItems": [ {"a": 1} , {"b":2.50} ]}}'
    pages = await pulled([page, page, b'{"payload":{"OrderItems":[{"c": 3}]}}'])
    assert items(pages)[0].body.endswith(b',"OrderItems":[{"a": 1},{"b":2.50},{"a": 1},{"b":2.50},{"c": 3}]}')


async def test_an_order_with_more_items_than_are_read_is_never_taken_for_whole() -> None:
    for page in (b'{"payload":{"OrderItems":[{"OrderItemId":"1"}],"NextToken":"more"}}', b"<html>", b'{"other":1}'):
        found = items(await pulled([page]))
        assert [(one.topic, one.body) for one in found] == [("order_without_items", ORDER)]
        assert dict(found[0].context)["problem"]


async def test_the_place_moves_no_further_than_the_platform_says_it_is_whole() -> None:
    told = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    pages = await pulled([b'{"payload":{"OrderItems":[]}}'], told=told.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert [page.cursor for page in pages if page.cursor] == [Cursor(told)]


@with_settings(rates=RELAXED, restricted_data=False)
async def test_trouble_that_passes_costs_no_order_however_often_the_page_is_unreadable(seller: Seller) -> None:
    seller.simulator.place(purchase(FOLDER))
    await seller.orders()
    seller.simulator.fault("broken_body", 7)
    pages = await seller.pull()
    assert len({item.body for item in items(pages)}) == 1 and sum(bool(page.problem) for page in pages) == 7
    assert pages[-1].cursor == Cursor(seller.at - timedelta(seconds=120))


async def test_a_pending_order_carries_no_money_and_becomes_whole_when_paid(seller: Seller) -> None:
    bought = purchase(FOLDER, is_paid=False)
    seller.simulator.place(bought)
    pending = (await seller.orders())[0]
    assert not {"OrderTotal", "ShippingAddress", "BuyerInfo"} & set(pending["Order"])
    assert not any("ItemPrice" in item for item in pending["OrderItems"])
    seller.simulator.pay(bought["external_id"], bought["placed_at"])
    whole = (await seller.orders())[0]
    assert whole["Order"]["OrderTotal"] == {"CurrencyCode": "USD", "Amount": "199.00"}
    assert whole["OrderItems"][0]["ItemPrice"]["Amount"] == "178.00"


async def test_a_repeated_confirmation_edits_the_package_instead_of_adding_one(seller: Seller) -> None:
    seller.simulator.place(purchase(FOLDER))
    order = (await seller.orders())[0]
    await seller.send("shipment", parcel(order, "1Z1", [1, 0]), "d1")
    await seller.send("shipment", parcel(order, "1Z1", [1, 0]), "d1")
    assert seller.simulator.status(external_id(1)) == "PartiallyShipped"
    await seller.send("shipment", parcel(order, "1Z2", [1, 1], "no-such-carrier"), "d2")
    assert seller.simulator.status(external_id(1)) == "Shipped"
    assert [(told["waybill"], told["carrier"]) for told in seller.simulator.shipments[external_id(1)]] == [
        ("1Z1", "UPS"), ("1Z2", "Other"),
    ]  # fmt: skip
    with pytest.raises(Terminal, match="cannot ship"):
        await seller.send("shipment", parcel(order, "1Z3", [1, 0]), "d3")


async def test_an_order_that_amazon_ships_is_never_confirmed_by_us(seller: Seller) -> None:
    seller.simulator.place(purchase(FOLDER) | {"fulfillment_channel": "AFN"})
    order = (await seller.orders())[0]
    with pytest.raises(Terminal, match="AFN"):
        await seller.send("shipment", parcel(order, "1Z1", [2, 1]))


async def test_stock_is_set_for_each_sku_and_a_refused_one_is_named(seller: Seller) -> None:
    figures = [{"sku_external": sku, "quantity": n, "listing": {}} for sku, n in (("A/B 1", 5), ("C", -1), ("D", 0))]
    for figure in figures:
        seller.simulator.list_sku(str(figure["sku_external"]))
    with pytest.raises(Terminal, match="C: "):
        await seller.send("stock", {"figures": figures})
    assert seller.simulator.stock == {"A/B 1": 5, "D": 0}


async def test_the_simulator_refuses_a_page_token_with_other_filters(seller: Seller) -> None:
    await seller.pull()
    assert seller.simulator.tokens is not None
    token = seller.simulator.tokens._grants[-1].access
    query = {"MarketplaceIds": "ATVPDKIKX0DER", "LastUpdatedAfter": "2026-03-01T00:00:00Z", "NextToken": "1.abc"}
    headers = {"x-amz-access-token": token, "x-amz-date": "20260301T000000Z"}
    address = seller.account.base_url + "/orders/v0/orders"
    assert (await seller.http.get(address, params=query, headers=headers)).json()["errors"][0]["code"] == "InvalidInput"
    both = query | {"CreatedAfter": "2026-03-01T00:00:00Z", "NextToken": ""}
    assert (await seller.http.get(address, params=both, headers=headers)).status_code == 400
