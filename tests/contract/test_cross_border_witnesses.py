"""Public clients of cross-border platforms at our simulators: they list, read, ship, set stock and hear pushes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.connector_folders import folders, now, purchase
from tests.support.witnessed import Host, Refusal, Witness, hosted, witness_of

FOLDERS = {folder.name: folder for folder in folders("channels")}
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosted() as one:
        yield one


def place(witness: Witness, name: str, *numbers: int, **more: Any) -> list[str]:
    """Purchases with these numbers, the n-th so many minutes after the first."""
    bought = [purchase(FOLDERS[name], n, minutes_ago=30 - n, **more) for n in numbers]
    for one in bought:
        witness.simulator.place(one)
    return [one["external_id"] for one in bought]


def unix(ago: timedelta = timedelta(0)) -> int:
    return int((now() - ago).timestamp())


def iso(ago: timedelta = timedelta(0), form: str = "%Y-%m-%dT%H:%M:%S.000Z") -> str:
    return (now() - ago).strftime(form)


# WooCommerce


@pytest.mark.parametrize("proof", [{"sealed": True}, {"sealed": True, "in_query": True}, {"sealed": False}],
                         ids=["basic", "query", "oauth"])
async def test_woocommerces_client_reads_ships_and_sets_stock(host: Host, proof: dict[str, bool]) -> None:
    async with witness_of(host, FOLDERS["woocommerce"], "woocommerce", "consumer_key consumer_secret") as witness:
        witness.made_from |= proof
        ids = place(witness, "woocommerce", 1, 2, 3)
        page = await witness.call("get", endpoint="orders", per_page=2, orderby="modified", order="asc",
                                  status="processing,on-hold", modified_after=iso(HOUR), dates_are_gmt="true")
        assert [str(one["id"]) for one in page["body"]] == ids[:2] and page["pages"] == [3, 2]
        assert [str(one["id"]) for one in (await witness.call("get", endpoint="orders", per_page=2, page=2,
                                                              order="asc"))["body"]] == ids[2:]
        read = (await witness.call("get", endpoint=f"orders/{ids[0]}"))["body"]
        assert read["total"] == "199.00" and read["shipping"]["first_name"] == "张三"
        sent = {"status": "completed", "meta_data": [{"key": "_tracking_number", "value": "SF1"},
                                                     {"key": "_tracking_provider", "value": "SF"}]}
        assert (await witness.call("put", endpoint=f"orders/{ids[0]}", data=sent))["status"] == "completed"
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        product = (await witness.call("get", endpoint="products", sku="M-001"))["body"][0]
        await witness.call("put", endpoint=f"products/{product['id']}",
                           data={"manage_stock": True, "stock_quantity": 17})
        assert witness.simulator.stock == {"M-001": 17}
        with pytest.raises(Refusal, match="400"):
            await witness.call("get", endpoint="orders", statuses="processing")


# Lazada and AliExpress


async def test_lazadas_client_reads_ships_and_sets_stock(host: Host) -> None:
    async with witness_of(host, FOLDERS["lazada"], "lazop", "app_key app_secret access_token",
                          masked=False) as witness:
        ids = place(witness, "lazada", 1, 2, 3)
        window = {"update_after": iso(HOUR, "%Y-%m-%dT%H:%M:%S+00:00"), "sort_by": "updated_at", "status": "pending"}
        page = (await witness.call("call", path="/orders/get", **window, limit=2, offset=0))["data"]
        assert [str(one["order_id"]) for one in page["orders"]] == ids[:2] and page["countTotal"] == 3
        rest = (await witness.call("call", path="/orders/get", **window, limit=2, offset=2))["data"]
        assert [str(one["order_id"]) for one in rest["orders"]] == ids[2:]
        assert (await witness.call("call", path="/order/get", order_id=ids[0]))["data"]["price"]
        units = (await witness.call("call", path="/order/items/get", order_id=ids[0]))["data"]
        assert len(units) == 3, "one item is one unit"
        asked = {"pack_order_list": [{"order_id": int(ids[0]), "order_item_list": [
            int(one["order_item_id"]) for one in units]}], "delivery_type": "dropship", "shipping_allocate_type": "TFS"}
        packed = await witness.call("call", path="/order/fulfill/pack", verb="POST", packReq=json.dumps(asked))
        package = packed["result"]["data"]["pack_order_list"][0]["order_item_list"][0]["package_id"]
        ready = json.dumps({"packages": [{"package_id": package}]})
        done = await witness.call("call", path="/order/package/rts", verb="POST", readyToShipReq=ready)
        assert done["result"]["data"]["packages"][0]["item_err_code"] == "0"
        assert len(witness.simulator.shipments[ids[0]]) == 1
        offer = witness.simulator.shelf.offers("M-001")[0]
        payload = (f"<Request><Product><Skus><Sku><ItemId>{offer.item}</ItemId><SkuId>{offer.variant}</SkuId>"
                   "<SellableQuantity>17</SellableQuantity></Sku></Skus></Product></Request>")
        await witness.call("call", path="/product/stock/sellable/update", verb="POST", payload=payload)
        assert witness.simulator.stock == {"M-001": 17}
        with pytest.raises(Refusal, match="InvalidParameter"):
            await witness.call("call", path="/orders/get", **window, buyer="x")


async def test_alibabas_client_reads_ships_and_sets_stock_at_aliexpress(host: Host) -> None:
    async with witness_of(host, FOLDERS["aliexpress"], "lazop", "app_key app_secret access_token",
                          masked=False) as witness:
        ids = place(witness, "aliexpress", 1, 2, 3)
        pacific = [(now() - ago).astimezone(FOLDERS["aliexpress"].module("simulator").PACIFIC)
                   .strftime("%Y-%m-%d %H:%M:%S") for ago in (HOUR, -HOUR)]
        asked = {"modified_date_start": pacific[0], "modified_date_end": pacific[1], "page_size": 2, "current_page": 1}
        found = await witness.call("sync", method="aliexpress.solution.order.get", param0=json.dumps(asked))
        result = found["aliexpress_solution_order_get_response"]["result"]
        assert result["total_count"] == 3 and len(result["target_list"]) == 2
        read = await witness.call("sync", method="aliexpress.solution.order.info.get",
                                  param1=json.dumps({"order_id": int(ids[0])}))
        assert read["aliexpress_solution_order_info_get_response"]["result"]["data"]["order_amount"]
        await witness.call("sync", method="aliexpress.solution.order.fulfill", service_name="SF", logistics_no="SF1",
                           send_type="all", out_ref=ids[0])
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        offer = witness.simulator.shelf.offers("M-001")[0]
        figures = [{"product_id": int(offer.item), "multiple_sku_update_list": [
            {"sku_code": "M-001", "inventory": "17"}]}]
        await witness.call("sync", method="aliexpress.solution.batch.product.inventory.update",
                           mutiple_product_update_list=json.dumps(figures))
        assert witness.simulator.stock == {"M-001": 17}
        with pytest.raises(Refusal, match="InvalidApiPath"):
            await witness.call("sync", method="aliexpress.nothing.get")


# TikTok Shop


TIKTOK = "app_key app_secret access_token refresh_token"


async def test_tiktoks_client_reads_ships_sets_stock_and_hears(host: Host) -> None:
    async with witness_of(host, FOLDERS["tiktok_shop"], "tiktok_shop", TIKTOK, masked=False) as witness:
        ids = place(witness, "tiktok_shop", 1, 2, 3)
        await witness.call("shop")
        asked = {"update_time_ge": unix(HOUR), "update_time_lt": unix(-HOUR), "order_status": "AWAITING_SHIPMENT"}
        found = {"group": "orders", "method": "get_order_list", "model": "GetOrderListRequest", "body": asked,
                 "page_size": 2, "sort_field": "update_time", "sort_order": "ASC"}
        page = await witness.call("call", **found)
        assert [one["id"] for one in page["orders"]] == ids[:2] and page["total_count"] == 3
        rest = await witness.call("call", **found, page_token=page["next_page_token"])
        assert [one["id"] for one in rest["orders"]] == ids[2:]
        read = (await witness.call("call", group="orders", method="get_order_detail", ids=[ids[0]]))["orders"][0]
        assert read["payment"]["total_amount"] == "199.00" and len(read["line_items"]) == 3
        told = await witness.call("call", group="logistics", method="get_shipping_providers",
                                  delivery_option_id=read["delivery_option_id"])
        provider = next(one["id"] for one in told["shipping_providers"] if one["name"] == "SF Express")
        own = {"self_shipment": {"tracking_number": "SF1", "shipping_provider_id": provider}}
        await witness.call("call", group="fulfillment", method="ship_package", model="ShipPackageRequest", body=own,
                           package_id=read["packages"][0]["id"])
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        with pytest.raises(Refusal, match="has been shipped"):
            await witness.call("call", group="fulfillment", method="ship_package", model="ShipPackageRequest",
                               body=own, package_id=read["packages"][0]["id"])
        offer = witness.simulator.shelf.offers("M-001")[0]
        stock = {"skus": [{"id": offer.variant, "inventory": [{"quantity": 17}]}]}
        await witness.call("call", group="products", method="update_inventory", model="UpdateInventoryRequest",
                           body=stock, product_id=offer.item)
        assert witness.simulator.stock == {"M-001": 17}
        push = witness.simulator.news(ids[1], "1")
        heard = await witness.call("hear", body=push.body.decode(), signature=push.headers["authorization"])
        assert (heard["kind"], heard["data"]["order_id"]) == ("OrderStatusChangeWebhook", ids[1])
        witness.simulator.expire_tokens()
        with pytest.raises(Refusal, match="Expired credentials"):
            await witness.call("call", **found)
        await witness.call("renew")
        assert (await witness.call("call", **found))["total_count"] == 2


# Shopee


SHOPEE = "partner_id partner_key shop_id access_token refresh_token"


async def test_shopees_client_reads_ships_and_sets_stock(host: Host) -> None:
    async with witness_of(host, FOLDERS["shopee"], "shopee", SHOPEE,
                          {"partner_id": "1000001", "shop_id": "220011"}, masked=False) as witness:
        ids = place(witness, "shopee", 1, 2, 3)
        found = {"module": "order", "method": "get_order_list", "time_range_field": "update_time",
                 "time_from": unix(HOUR), "time_to": unix(), "page_size": 2, "order_status": "READY_TO_SHIP",
                 "response_optional_fields": "order_status"}
        page = await witness.call("call", **found)
        assert [one["order_sn"] for one in page["order_list"]] == ids[:2] and page["more"] is True
        rest = await witness.call("call", **found, cursor=page["next_cursor"])
        assert [one["order_sn"] for one in rest["order_list"]] == ids[2:] and rest["more"] is False
        read = (await witness.call("call", module="order", method="get_order_detail", order_sn_list=",".join(ids[:2]),
                                   response_optional_fields="total_amount,recipient_address,item_list"))["order_list"]
        assert read[0]["total_amount"] == 199.0 and read[0]["recipient_address"]["name"] == "张三"
        modes = await witness.call("call", module="logistics", method="get_shipping_parameter", order_sn=ids[0])
        assert modes["info_needed"] == {"non_integrated": ["tracking_number"]}
        await witness.call("call", module="logistics", method="ship_order", order_sn=ids[0],
                           non_integrated={"tracking_number": "SF1"})
        told = await witness.call("call", module="logistics", method="get_tracking_number", order_sn=ids[0])
        assert told["tracking_number"] == "SF1"
        with pytest.raises(Refusal, match="package_already_shipped"):
            await witness.call("call", module="logistics", method="ship_order", order_sn=ids[0],
                               non_integrated={"tracking_number": "SF2"})
        offer = witness.simulator.shelf.offers("M-001")[0]
        done = await witness.call("call", module="product", method="update_stock", item_id=int(offer.item),
                                  stock_list=[{"model_id": int(offer.variant), "seller_stock": [{"stock": 17}]}])
        assert not done["failure_list"] and witness.simulator.stock == {"M-001": 17}
        with pytest.raises(Refusal, match="error_param"):
            await witness.call("call", **found, buyer="x")
        witness.simulator.expire_tokens()
        await witness.call("renew")
        assert len((await witness.call("call", **found))["order_list"]) == 2


# eBay


async def test_ebays_client_reads_ships_sets_stock_and_hears(host: Host) -> None:
    async with witness_of(host, FOLDERS["ebay"], "ebay", "client_id client_secret refresh_token") as witness:
        ids = place(witness, "ebay", 1, 2, 3)
        window = f"lastmodifieddate:[{iso(HOUR)}..],orderfulfillmentstatus:{{NOT_STARTED|IN_PROGRESS}}"
        page = await witness.call("orders", filter=window, limit=2)
        assert [one["orderId"] for one in page["orders"]] == ids[:2] and page["total"] == 3 and page["next"]
        rest = await witness.call("orders", filter=window, limit=2, offset=2)
        assert [one["orderId"] for one in rest["orders"]] == ids[2:]
        read = await witness.call("order", key=ids[0])
        assert read["pricingSummary"]["total"]["value"] == "199.00"
        lines = [{"lineItemId": one["lineItemId"], "quantity": one["quantity"]} for one in read["lineItems"]]
        await witness.call("ship", key=ids[0], lineItems=lines, shippingCarrierCode="UPS", trackingNumber="1Z1",
                           shippedDate=iso())
        told = (await witness.call("parcels", key=ids[0]))["fulfillments"]
        assert [one["shipmentTrackingNumber"] for one in told] == ["1Z1"]
        done = await witness.call("stock", requests=[
            {"sku": "M-001", "shipToLocationAvailability": {"quantity": 17}},
            {"sku": "GONE", "shipToLocationAvailability": {"quantity": 1}}])
        assert [one["statusCode"] for one in done["responses"]] == [200, 400]
        assert witness.simulator.stock == {"M-001": 17}
        push = witness.simulator.news(ids[1], "")
        said, sign = push.body.decode(), push.headers["x-ebay-signature"]
        assert await witness.call("hear", body=said, signature=sign) is True
        assert await witness.call("hear", body=said + " ", signature=sign) is False
        with pytest.raises(Refusal, match="Invalid filter value"):
            await witness.call("orders", filter="buyer:{x}")
