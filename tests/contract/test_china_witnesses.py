"""Public clients of China's platforms at our simulators: they list, read, ship, set stock and hear pushes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from orderloom.adapters.simulated.clock import CHINA
from orderloom.application.ports import Inbound
from tests.support.connector_folders import folders, now, purchase
from tests.support.witnessed import Host, Refusal, Witness, hosted, witness_of

FOLDERS = {folder.name: folder for folder in folders("channels")}
HOUR, MINUTES = timedelta(hours=1), timedelta(minutes=29)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosted() as one:
        yield one


def place(witness: Witness, name: str, *numbers: int) -> list[str]:
    """Purchases with these numbers, the n-th so many minutes after the first."""
    bought = [purchase(FOLDERS[name], n, minutes_ago=20 - n) for n in numbers]
    for one in bought:
        witness.simulator.place(one)
    return [one["external_id"] for one in bought]


def unix(ago: timedelta = timedelta(0)) -> int:
    return int((now() - ago).timestamp())


def local(ago: timedelta = timedelta(0)) -> str:
    return (now() - ago).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


async def test_pinduoduos_client_reads_ships_and_sets_stock(host: Host) -> None:
    async with witness_of(host, FOLDERS["pinduoduo"], "pinduoduo", "client_id client_secret access_token",
                          masked=False) as witness:
        ids = place(witness, "pinduoduo", 1, 2, 3)
        found = {"api": "pdd.order.number.list.increment.get", "start_updated_at": unix(MINUTES),
                 "end_updated_at": unix(), "order_status": 1, "refund_status": 1, "is_lucky_flag": 0, "page_size": 2}
        page = await witness.call("call", **found, page=1)
        rest = await witness.call("call", **found, page=2)
        listed = [one["order_sn"] for one in page["order_sn_list"] + rest["order_sn_list"]]
        assert listed == ids[::-1] and page["total_count"] == 3
        read = (await witness.call("call", api="pdd.order.information.get", order_sn=ids[0]))["order_info"]
        assert read["receiver_name"] == "张三"
        companies = (await witness.call("call", api="pdd.logistics.companies.get"))["logistics_companies"]
        carrier = next(one["id"] for one in companies if "顺丰" in one["logistics_company"])
        sent = {"api": "pdd.logistics.online.send", "order_sn": ids[0], "logistics_id": carrier,
                "tracking_number": "SF1"}
        assert (await witness.call("call", **sent))["is_success"] is True
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        with pytest.raises(Refusal, match="50001"):
            await witness.call("call", **sent)
        [sku] = (await witness.call("call", api="pdd.goods.list.get", outer_id="M-001", page=1))["goods_list"]
        await witness.call("call", api="pdd.goods.quantity.update", goods_id=sku["goods_id"],
                           sku_id=sku["sku_list"][0]["sku_id"], quantity=17, update_type=1)
        assert witness.simulator.stock == {"M-001": 17}
        with pytest.raises(Refusal, match="10001"):
            await witness.call("call", **found, page=1, buyer="x")


async def test_jds_client_reads_ships_and_sets_stock(host: Host) -> None:
    async with witness_of(host, FOLDERS["jd"], "jd", "app_key app_secret access_token", masked=False) as witness:
        ids = place(witness, "jd", 1, 2, 3)
        found = {"api": "jingdong.pop.order.search", "start_date": local(HOUR), "end_date": local(),
                 "order_state": "WAIT_SELLER_STOCK_OUT", "optional_fields": "orderId,orderState,orderPayment",
                 "page_size": "2", "sortType": 0, "dateType": 0}
        listed: list[str] = []
        for number in ("1", "2"):
            result = (await witness.call("call", **found, page=number))["searchorderinfo_result"]
            listed += [str(one["orderId"]) for one in result["orderInfoList"]]
        assert listed == ids and result["orderTotal"] == 3
        read = await witness.call("call", api="jingdong.pop.order.get", order_id=ids[0],
                                  optional_fields="orderId,consigneeInfo,orderPayment")
        info = read["orderDetailInfo"]["orderInfo"]
        assert info["orderPayment"] == "199.00" and info["consigneeInfo"]["fullname"] == "张三"
        companies = (await witness.call("call", api="360buy.delivery.logistics.get"))["logistics_list"]
        carrier = next(one["logistics_id"] for one in companies if "顺丰" in one["logistics_name"])
        sent = {"api": "jingdong.pop.order.shipment", "orderId": ids[0], "logiCoprId": carrier, "logiNo": "SF1"}
        assert (await witness.call("call", **sent))["sopjosshipment_result"]["success"] is True
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        assert (await witness.call("call", **sent))["sopjosshipment_result"]["success"] is False
        await witness.call("call", api="360buy.sku.stock.update", outer_id="M-001", quantity="17", trade_no="1")
        assert witness.simulator.stock == {"M-001": 17}
        with pytest.raises(Refusal, match="44"):
            await witness.call("call", **found, page="1", buyer="x")


async def test_douyins_client_reads_ships_sets_stock_and_hears(host: Host) -> None:
    async with witness_of(host, FOLDERS["douyin"], "douyin", "app_key app_secret access_token refresh_token",
                          masked=False) as witness:
        ids = place(witness, "douyin", 1, 2, 3)
        found = {"path": "/order/searchList", "update_time_start": unix(HOUR), "update_time_end": unix(),
                 "order_by": "update_time", "order_asc": True, "size": 2}
        page = await witness.call("call", **found, page=0)
        rest = await witness.call("call", **found, page=1)
        listed = [one["order_id"] for one in page["shop_order_list"] + rest["shop_order_list"]]
        assert listed == ids and page["total"] == 3
        read = (await witness.call("call", path="/order/orderDetail", shop_order_id=ids[0]))["shop_order_detail"]
        assert read["pay_amount"] == 19_900
        sent = {"path": "/order/logisticsAdd", "order_id": ids[0], "company_code": "shunfeng", "logistics_code": "SF1"}
        await witness.call("call", **sent)
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        with pytest.raises(Refusal, match="发货失败"):
            await witness.call("call", **sent)
        await witness.call("call", path="/sku/syncStock", code="M-001", stock_num=17, incremental=False)
        assert witness.simulator.stock == {"M-001": 17}
        push = witness.simulator.news(ids[1], "")
        heard = await witness.call("hear", body=push.body.decode(), headers=dict(push.headers))
        assert heard[0]["tag"] == "101" and ids[1] in heard[0]["data"]
        assert await witness.call("hear", body=push.body.decode() + " ", headers=dict(push.headers)) is None
        with pytest.raises(Refusal, match="parameter-invalid"):
            await witness.call("call", **found, page=0, buyer="张三")


@pytest.mark.parametrize("method", ["HMAC_SHA256", "MD5"])
async def test_kuaishous_client_reads_ships_and_sets_stock(host: Host, method: str) -> None:
    async with witness_of(host, FOLDERS["kuaishou"], "kuaishou", "app_key app_secret sign_secret access_token",
                          masked=False) as witness:
        witness.made_from["method"] = method
        ids = place(witness, "kuaishou", 1, 2, 3)
        found = {"model": "OrderListRequest", "order_view_status": 1, "page_size": 2, "sort": 2, "query_type": 2,
                 "begin_time": unix(HOUR) * 1_000, "end_time": unix(-HOUR) * 1_000}
        page = await witness.call("call", **found, cursor="")
        rest = await witness.call("call", **found, cursor=page["cursor"])
        listed = [str(one["orderBaseInfo"]["oid"]) for one in page["orderList"] + rest["orderList"]]
        assert listed == ids and rest["cursor"] == "nomore"
        read = await witness.call("call", model="OrderGetRequest", order_id=ids[0])
        assert str(read["orderBaseInfo"]["oid"]) == ids[0]
        await witness.call("call", model="OrderShipRequest", order_id=int(ids[0]), express_code=4, express_no="SF1")
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        offer = witness.simulator.shelf.offers("M-001")[0]
        await witness.call("call", model="ItemUpdateStockRequest", item_id=int(offer.item), sku_id=int(offer.variant),
                           stock=17, change_type=1)
        assert witness.simulator.stock == {"M-001": 17}


async def test_wechats_client_reads_ships_sets_stock_and_opens_pushes(host: Host) -> None:
    async with witness_of(host, FOLDERS["wechat_shop"], "wechat", "app_id app_secret aes_key push_token",
                          masked=False) as witness:
        ids = place(witness, "wechat_shop", 1, 2, 3)
        found = {"path": "/channels/ec/order/list/get", "page_size": 2,
                 "update_time_range": {"start_time": unix(HOUR), "end_time": unix()}}
        page = await witness.call("post", **found)
        rest = await witness.call("post", **found, next_key=page["next_key"])
        assert page["order_id_list"] + rest["order_id_list"] == ids and rest["has_more"] is False
        witness.simulator.expire_tokens()
        read = (await witness.call("post", path="/channels/ec/order/get", order_id=ids[0]))["order"]["order_detail"]
        assert read["price_info"]["order_price"] == 19_900, "and the client renewed its token by itself"
        units = [{"product_id": one["product_id"], "sku_id": one["sku_id"], "product_cnt": one["sku_cnt"]}
                 for one in read["product_infos"]]
        parcel = {"delivery_id": "SF", "waybill_id": "SF1", "deliver_type": 1, "product_infos": units}
        await witness.call("post", path="/channels/ec/order/delivery/send", order_id=ids[0], delivery_list=[parcel])
        assert [one["waybill"] for one in witness.simulator.shipments[ids[0]]] == ["SF1"]
        item = {"product_id": units[0]["product_id"], "sku_id": units[0]["sku_id"]}
        await witness.call("post", path="/channels/ec/product/stock/update", **item, diff_type=3, num=17)
        told = await witness.call("post", path="/channels/ec/product/stock/get", **item)
        assert told["data"]["normal_stock_num"] == 17 == witness.simulator.stock["M-001"]
        push = witness.simulator.news(ids[1], "")
        said = await witness.call("hear", query=dict(push.query), body=json.loads(push.body))
        assert json.loads(said)["order_info"]["order_id"] == int(ids[1])
        sealed = await witness.call("seal", text=said, nonce="n1", timestamp=str(unix()))
        query = {"timestamp": sealed["TimeStamp"], "nonce": sealed["Nonce"], "msg_signature": sealed["MsgSignature"]}
        for spoilt in ({}, {"nonce": "n2"}):
            request = Inbound("POST", "/webhooks/W", query | spoilt, {"content-type": "application/json"},
                              json.dumps({"Encrypt": sealed["Encrypt"]}).encode())
            verdict = FOLDERS["wechat_shop"].connector.receive(request, FOLDERS["wechat_shop"].account(), now())
            assert bool(verdict.quarantine) is bool(spoilt)
        with pytest.raises(Refusal, match="40097"):
            await witness.call("post", **found, buyer="x")
