"""A yes counts only when it is one: an empty, foreign or half answer under HTTP 200 leaves nothing untold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient, Trouble
from tests.support.connector_folders import folders

CONNECTORS: dict[str, Any] = {folder.name: folder.connector for folder in folders()}
TAOBAO, SHOPIFY, WANGDIANTONG = (CONNECTORS[name] for name in ("taobao", "shopify", "wangdiantong"))
CREDENTIALS = {"app_key": "k", "app_secret": "a:b", "session": "s", "sid": "s", "access_token": "t"}
TAOBAO_STOCK = {"figures": [{"sku_external": "A-1", "quantity": 0, "listing": {"num_iid": "1", "sku_id": "2"}}]}
TAOBAO_ITEM = {"figures": [{"sku_external": "A-1", "quantity": 0, "listing": {"num_iid": "1"}}]}
TAOBAO_PARCEL = {"external_id": "1", "carrier": "shunfeng", "waybill": "SF1", "lines": [
    {"external_line_id": "11", "quantity": 1}], "is_partial": True}
SHOPIFY_STOCK = {"figures": [{"sku_external": "A-1", "quantity": 0,
                              "listing": {"inventory_item_id": "1", "location_id": "2"}}]}
LINE = {"line_no": 1, "sku": "A-1", "title": "", "quantity": 1, "price": 100, "amount": 100}


def work(number: str) -> dict[str, Any]:
    receiver = {"name": "n", "phone": "13800000000", "detail": "d"}
    return {"work_no": number, "order_no": number, "channel": "c", "external_id": "1", "currency": "CNY", "paid": 100,
            "placed_at": "2026-11-21T01:00:00Z", "lines": [LINE], "receiver": receiver}


async def answered(
    connector: Any, kind: str, body: dict[str, Any], answer: Callable[[httpx2.Request], httpx2.Response],
    attempt: int = 1, **settings: Any,
) -> Answer | Trouble:
    account = Account(1, "A", "channels", connector.name, "UTC", "http://x.example", CREDENTIALS,
                      {"shop_no": "S", **settings})
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        try:
            return await connector.send(Outgoing("d", kind, "k", body, attempt), account, http)  # type: ignore[no-any-return]
        except Trouble as refused:
            return refused


def always(content: bytes) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda _: httpx2.Response(200, content=content)


@pytest.mark.parametrize("content", [
    b"<html>busy</html>", b"", b"null", b"{}", b'{"other_response":{}}',
    b'{"error_response":{"code":7,"msg":null,"sub_code":null,"sub_msg":null}}',
])
@pytest.mark.parametrize(("connector", "kind", "body"), [
    (TAOBAO, "stock", TAOBAO_STOCK), (TAOBAO, "stock", TAOBAO_ITEM), (TAOBAO, "shipment", TAOBAO_PARCEL),
    (SHOPIFY, "stock", SHOPIFY_STOCK), (WANGDIANTONG, "work", work("W1")),
])
async def test_what_is_no_answer_to_the_question_is_asked_again(
    connector: Any, kind: str, body: dict[str, Any], content: bytes,
) -> None:
    assert isinstance(await answered(connector, kind, body, always(content)), Transient)


@pytest.mark.parametrize("content", [b'{"data":null}', b'{"data":{"inventorySetQuantities":null}}'])
async def test_shop_stock_that_nothing_is_said_of_is_not_taken_for_set(content: bytes) -> None:
    assert isinstance(await answered(SHOPIFY, "stock", SHOPIFY_STOCK, always(content)), Transient)


async def test_every_listing_is_set_though_more_of_them_are_refused_than_there_are_figures() -> None:
    others = [{"inventory_item_id": str(n), "location_id": "2"} for n in range(2, 60)]
    listing = {"inventory_item_id": "1", "location_id": "2", "others": others}
    kept: set[str] = set()

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)["variables"]["i"]["quantities"]
        bad = [at for at, one in enumerate(asked) if int(one["inventoryItemId"].rsplit("/", 1)[1]) < 40]
        if not bad:
            kept.update(one["inventoryItemId"] for one in asked)
        errors = [{"field": ["input", "quantities", str(at)], "code": "NOT_STOCKED"} for at in bad[:1]]
        return httpx2.Response(200, json={"data": {"inventorySetQuantities": {"userErrors": errors}}})

    figures = [{"sku_external": "A-1", "quantity": 3, "listing": listing}]
    told = await answered(SHOPIFY, "stock", {"figures": figures}, answer)
    assert isinstance(told, Terminal) and len(kept) == 20


async def test_an_error_at_a_place_that_there_is_not_is_told_and_not_stumbled_over() -> None:
    errors = [{"field": ["input", "quantities", "7"], "code": "BAD", "message": "no"}]
    content = json.dumps({"data": {"inventorySetQuantities": {"userErrors": errors}}}).encode()
    told = await answered(SHOPIFY, "stock", SHOPIFY_STOCK, always(content))
    assert isinstance(told, Terminal) and told.code == "BAD"


async def test_a_parcel_that_a_gbk_shop_carries_already_is_not_parked_as_refused() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if b"offline.send" in request.content:
            return httpx2.Response(200, json={"error_response": {"code": 15, "sub_code": "isv.already-sent"}})
        order = {"oid_str": "11", "invoice_no": "SF1", "title": "誠"}
        trade = {"trade_fullinfo_get_response": {"trade": {"orders": {"order": [order]}}}}
        return httpx2.Response(200, content=json.dumps(trade, ensure_ascii=False).encode("gbk"))

    told = await answered(TAOBAO, "shipment", TAOBAO_PARCEL, answer, attempt=2)
    assert isinstance(told, Answer) and told.said == {"state": "already_done"}


async def told_to_shopify(
    body: dict[str, Any], status: str = "SUCCESS", waybill: str = "", **settings: Any
) -> tuple[Answer | Trouble, list[dict[str, Any]]]:
    """What comes of a parcel told to a shop with one open line, and the parcels that it was told."""
    line, posted = {"id": "gid://shopify/LineItem/5"}, list[dict[str, Any]]()
    made = {"status": status, "trackingInfo": [{"number": waybill}],
            "fulfillmentLineItems": {"nodes": [{"quantity": 1, "lineItem": line}]}}
    work = {"id": "gid://shopify/FulfillmentOrder/9", "status": "OPEN", "assignedLocation": {"location": {"id": "1"}},
            "lineItems": {"nodes": [{"id": "6", "remainingQuantity": 1, "lineItem": line}]}}

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)
        if "fulfillmentCreate" in asked["query"]:
            posted.append(asked["variables"]["f"]["trackingInfo"])
            done = {"fulfillment": {"legacyResourceId": "8"}, "userErrors": []}
            return httpx2.Response(200, json={"data": {"fulfillmentCreate": done}})
        order = {"fulfillments": [made] if waybill else [], "fulfillmentOrders": {"nodes": [work]}}
        return httpx2.Response(200, json={"data": {"order": order}})

    return await answered(SHOPIFY, "shipment", body, answer, **settings), posted


SHOPIFY_PARCEL = {"external_id": "1", "carrier": "shunfeng", "waybill": "SF1",
                  "lines": [{"external_line_id": "5", "quantity": 1}]}


@pytest.mark.parametrize("status", ["ERROR", "FAILURE", "CANCELLED"])
async def test_a_parcel_whose_fulfilment_came_to_nothing_is_told_again(status: str) -> None:
    told, posted = await told_to_shopify(SHOPIFY_PARCEL, status, "SF1")
    assert isinstance(told, Answer) and told.said == {"state": "done", "fulfillment_id": "8"}
    assert posted == [{"number": "SF1", "company": "SF Express"}], "the name by which the shop links the parcel"
    told, posted = await told_to_shopify(SHOPIFY_PARCEL, "SUCCESS", "SF1")
    assert isinstance(told, Answer) and posted == []


@pytest.mark.parametrize(("carrier", "names", "company"), [
    ("danniao", {}, "Danniao"), ("顺丰", {"shunfeng": "SF"}, "SF"), ("ups", {"ups": "UPS Ground"}, "UPS Ground"),
    ("Our own van", {}, "Our own van"), ("yuantong", {}, "YTO Express"),
])
async def test_a_buyer_is_shown_the_carriers_name_and_no_code(
    carrier: str, names: dict[str, str], company: str
) -> None:
    _, posted = await told_to_shopify({**SHOPIFY_PARCEL, "carrier": carrier}, carrier_names=names)
    assert [one["company"] for one in posted] == [company]


async def pushed(errors: list[dict[str, str]]) -> list[Any]:
    data = {"status": 0, "data": {"new_count": 1, "error_list": errors}}
    account = Account(1, "W", "systems", "wangdiantong", "UTC", "http://x.example", CREDENTIALS, {"shop_no": "S"})
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json=data))) as http:
        group = [Outgoing(n, "work", n, work(n), 1) for n in ("W1", "W2")]
        return await WANGDIANTONG.send_many(group, account, http)


@pytest.mark.parametrize("named", [{"no": "W2-1"}, {}, {"no": ""}])
async def test_a_refusal_that_names_nobody_makes_no_work_taken(named: dict[str, str]) -> None:
    with pytest.raises(Terminal, match="unattributed"):
        await pushed([{**named, "error": "货品不存在"}])


async def test_of_several_refusals_of_one_work_none_covers_another() -> None:
    first, second = await pushed([{"no": "W2", "error": "货品编码错误"}, {"no": "W2", "error": "原始单已存在"}])
    assert isinstance(first, Answer) and isinstance(second, Terminal)


@pytest.mark.parametrize("content", [b'{"status":0}', b'{"status":0,"data":null}', b'{"status":0,"data":{}}'])
async def test_a_bare_yes_of_the_warehouse_is_read_and_not_stumbled_over(content: bytes) -> None:
    told = await answered(WANGDIANTONG, "work", work("W1"), always(content))
    assert isinstance(told, Answer) and told.said["state"] == "unchanged"
    recalled = await answered(WANGDIANTONG, "work_cancel", {"work_no": "W1"}, always(content))
    assert isinstance(recalled, Transient), "who says nothing has not said that there is no such work"


@pytest.mark.parametrize("data", [{"order": []}, {"order": None, "total_count": 0}])
async def test_a_work_that_the_warehouse_does_not_have_is_called_back(data: dict[str, Any]) -> None:
    content = json.dumps({"status": 0, "data": data}).encode()
    recalled = await answered(WANGDIANTONG, "work_cancel", {"work_no": "W1"}, always(content))
    assert isinstance(recalled, Terminal) and recalled.code == "not_found"


async def test_a_parcel_of_a_second_marketplace_is_not_confirmed_for_the_first() -> None:
    said: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 3600})
        said.append(json.loads(request.content))
        return httpx2.Response(204)

    keys = dict.fromkeys(("client_id", "client_secret", "refresh_token"), "x")
    settings = {"marketplace_ids": ["A1PA6795UKMFR9", "A13V1IB3VIYZZH"]}
    account = Account(9, "A", "channels", "amazon", "UTC", "http://x.example", keys, settings)
    body = {"external_id": "1", "carrier": "ups", "waybill": "1Z", "shipped_at": "2026-11-21T01:00:00Z", "lines": []}
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        for marketplace in ("A13V1IB3VIYZZH", ""):
            sent = Outgoing("d", "shipment", "k", body | {"marketplace": marketplace}, 1)
            await CONNECTORS["amazon"].send(sent, account, http)
    assert [one["marketplaceId"] for one in said] == ["A13V1IB3VIYZZH", "A1PA6795UKMFR9"]
