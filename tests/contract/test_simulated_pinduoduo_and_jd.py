"""The simulators of Pinduoduo and JD, called as their documents say: one that is too kind proves no connector."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

import orderloom.adapters
from orderloom.adapters.simulated.clock import CHINA
from orderloom.application.ports import Account
from orderloom.application.translate import translate
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder
from orderloom.testing.builders import a_purchase
from tests.support.connector_folders import serve

CHANNELS = Path(orderloom.adapters.__file__).parent / "channels"
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
CREDENTIALS = {
    "pinduoduo": {"client_id": "c", "client_secret": "s", "access_token": "a", "refresh_token": "r"},
    "jd": {"app_key": "c", "app_secret": "s", "access_token": "a", "refresh_token": "r"},
}


def signed(form: dict[str, str], secret: str = "s") -> dict[str, str]:
    text = secret + "".join(name + value for name, value in sorted(form.items())) + secret
    return form | {"sign": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()}


class Shop:
    """One of the two on loopback, and somebody who calls it rightly."""

    name = ""
    LIST: tuple[str, str, str]

    def __init__(self) -> None:
        self.module: Any = import_module(f"orderloom.adapters.channels.{self.name}.simulator")
        self.simulator = self.module.Simulator(CREDENTIALS[self.name], lambda: datetime.now(UTC), {})
        self.token = "a"

    def place(self, n: int, **more: Any) -> str:
        bought = a_purchase(self.module.external_id(n), AT + timedelta(seconds=n)) | more
        self.simulator.place(bought)
        return str(bought["external_id"])

    def read(self, topic: str, record: Any) -> Any:
        """What the hub makes of a record."""
        mapping = load_folder(CHANNELS / self.name)
        assert isinstance(mapping, CompiledMapping), mapping
        account = Account(1, "T", "channels", self.name, "Asia/Shanghai", "", {}, {})
        (draft,) = translate(account, topic, orjson.dumps(record), {}, AT, Mappings({self.name: mapping}))
        return draft

    async def post(self, path: str, form: dict[str, Any]) -> Any:
        return (await self.http.post(self.base + path, data=form)).json()

    def form(self, api: str, given: dict[str, Any]) -> dict[str, str]:
        raise NotImplementedError

    async def call(self, api: str, **given: Any) -> Any:
        answer = await self.post("/router", signed(self.form(api, given)))
        return answer.get("error_response") or next(iter(answer.values()))


class Pinduoduo(Shop):
    name = "pinduoduo"

    def form(self, api: str, given: dict[str, Any]) -> dict[str, str]:
        form = {"type": api, "client_id": "c", "access_token": self.token, "data_type": "JSON", "version": "V1",
                "timestamp": int(datetime.now(UTC).timestamp()), **given}  # fmt: skip
        return {name: str(value) for name, value in form.items()}

    async def orders(self, **given: Any) -> Any:
        end = int(AT.timestamp()) + 1_500
        asked = {"order_status": 5, "refund_status": 5, "is_lucky_flag": 0, "page": 1, "page_size": 100,
                 "start_updated_at": end - 1_800, "end_updated_at": end}  # fmt: skip
        return await self.call("pdd.order.number.list.increment.get", **asked | given)


class JD(Shop):
    name = "jd"

    def form(self, api: str, given: dict[str, Any]) -> dict[str, str]:
        sent = datetime.now(CHINA).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "+0800"
        return {"method": api, "app_key": "c", "access_token": self.token, "timestamp": sent, "v": "2.0",
                "360buy_param_json": json.dumps(given)}  # fmt: skip

    async def orders(self, **given: Any) -> Any:
        start, end = (at.astimezone(CHINA) for at in (AT, datetime.now(UTC) + timedelta(minutes=10)))
        asked = {"start_date": f"{start:%F %T}", "end_date": f"{end:%F %T}", "dateType": 0, "page": 1,
                 "page_size": 100, "optional_fields": FIELDS, "order_state": STATES}  # fmt: skip
        return (await self.call("jingdong.pop.order.search", **asked | given)).get("searchorderinfo_result")


FIELDS = ("orderId,orderState,payType,orderTotalPrice,orderPayment,freightPrice,balanceUsed,itemInfoList,modified,"
          "orderStartTime,paymentConfirmTime,consigneeInfo,parentOrderId,directParentOrderId,waybill,outBoundDate,"
          "orderType,orderRemark,pin,storeOrder,idSopShipmenttype,venderRemark,sellerDiscount")
STATES = "WAIT_SELLER_STOCK_OUT,WAIT_GOODS_RECEIVE_CONFIRM,LOCKED,POP_ORDER_PAUSE,FINISHED_L,TRADE_CANCELED"


async def opened(shop: Any) -> AsyncIterator[Any]:
    async with serve(shop.simulator.app) as base, httpx2.AsyncClient(timeout=5) as http:
        shop.base, shop.http = base, http
        yield shop


@pytest.fixture
async def pdd() -> AsyncIterator[Pinduoduo]:
    async for shop in opened(Pinduoduo()):
        yield shop


@pytest.fixture
async def jd() -> AsyncIterator[JD]:
    async for shop in opened(JD()):
        yield shop


def test_both_compute_the_signatures_that_the_platforms_publish() -> None:
    vector: dict[str, Any] = {"given": {"client_secret": "testSecret"}, "params": {
        "access_token": "asd78172s8ds9a921j9qqwda12312w1w21211", "client_id": "1", "data_type": "XML",
        "order_status": "1", "page": "1", "page_size": "10", "timestamp": "1480411125",
        "type": "pdd.order.number.list.get"}}  # fmt: skip
    assert Pinduoduo().module.prove(vector) == "E4DE3ED21002510DED352819E7AE6775"
    packed = ('{"end_date":null,"optional_fields":null,"order_state":"WAIT_SELLER_STOCK_OUT","page":"1",'
              '"page_size":"200","start_date":null}')
    vector = {"given": {"app_secret": "yourappSecret"}, "params": {
        "360buy_param_json": packed, "access_token": "yourtoken", "app_key": "yourappkey",
        "method": "jingdong.pop.order.search", "timestamp": "2021-05-07 09:20:39.683+0800", "v": "2.0"}}  # fmt: skip
    assert JD().module.prove(vector) == "D70825340F4084360B9362B60DFD7930"


async def test_pinduoduo_lists_the_newest_first_and_the_hub_reads_what_was_paid(pdd: Pinduoduo) -> None:
    keys = [pdd.place(n) for n in range(5)]
    pages = [(await pdd.orders(page=page, page_size=2))["order_sn_list"] for page in (1, 2, 3)]
    assert [row["order_sn"] for page in pages for row in page] == keys[::-1]
    draft = pdd.read("order", pages[0][0])
    assert (draft.total, draft.payment, draft.paid, draft.hold) == (19_900, "paid", 19_900, "")
    assert pages[0][0]["receiver_name"].startswith("~Ag") and draft.receiver.token
    pdd.simulator.forbid(keys[0], AT + timedelta(minutes=1))
    (row,) = [row for row in (await pdd.orders())["order_sn_list"] if row["order_sn"] == keys[0]]
    assert row["receiver_name"] == "" and pdd.read("order", row).hold == "channel_forbids"


async def test_pinduoduo_refuses_windows_parameters_and_calls_that_it_does_not_know(pdd: Pinduoduo) -> None:
    start = int(AT.timestamp())
    assert (await pdd.orders(end_updated_at=start + 1_801))["error_code"] == 10001
    assert (await pdd.orders(page_size=101))["error_code"] == 10001
    assert "colour" in (await pdd.orders(colour="red"))["sub_msg"]
    assert "pdd.none" in (await pdd.call("pdd.none"))["sub_msg"]
    pdd.simulator.refuse("ip", "10.0.0.1")
    assert (await pdd.orders())["error_code"] == 20005
    pdd.simulator.refuse("ip", "")
    wrong = await pdd.post("/router", signed(pdd.form("pdd.order.status.get", {"order_sns": "1"}), "other"))
    assert wrong["error_response"]["error_code"] == 20004


async def test_pinduoduo_ships_once_and_takes_a_corrected_waybill_and_further_parcels(pdd: Pinduoduo) -> None:
    key, send = pdd.place(1), "pdd.logistics.online.send"
    told = {"order_sn": key, "logistics_id": 44, "tracking_number": "SF1"}
    assert (await pdd.call(send, **told))["is_success"] is True
    assert (await pdd.call(send, **told))["error_code"] == 50001
    assert (await pdd.call(send, **told | {"tracking_number": "SF2", "redelivery_type": 2}))["is_success"] is True
    assert [one["waybill"] for one in pdd.simulator.shipments[key]] == ["SF2"]
    more = json.dumps([{"shipping_id": 44, "tracking_number": "SF3"}])
    await pdd.call("pdd.order.upload.extra.logistics", order_sn=key, extra_track_type=1, extra_track_list=more)
    shown = (await pdd.call("pdd.order.information.get", order_sn=key))["order_info"]
    assert [one.waybill for one in pdd.read("order", shown).shipments] == ["SF2", "SF3"]
    (state,) = (await pdd.call("pdd.order.status.get", order_sns=key))["order_status_list"]
    assert state == {"orderSn": key, "order_status": 2, "refund_status": 1}


async def test_pinduoduo_counts_kinds_from_one_in_lists_and_tells_fen_in_the_single_application(pdd: Pinduoduo) -> None:
    key = pdd.place(1)
    claim = pdd.simulator.ask_refund(key, 0, AT + timedelta(minutes=2))
    start = int(AT.timestamp())
    asked = {"after_sales_status": 1, "after_sales_type": 1, "start_updated_at": start, "end_updated_at": start + 900}
    (row,) = (await pdd.call("pdd.refund.list.increment.get", **asked))["refund_list"]
    alone = await pdd.call("pdd.refund.information.get", order_sn=key, after_sales_id=claim)
    listed, single = pdd.read("refund", row), pdd.read("refund_detail", alone)
    assert (row["after_sales_type"], alone["after_sales_type"]) == (2, 1)
    assert (listed.kind, listed.amount) == (single.kind, single.amount) == ("refund_only", 16_065)
    assert (await pdd.orders(refund_status=2))["total_count"] == 1


async def test_pinduoduo_keeps_stock_by_its_own_ids_and_renews_a_token(pdd: Pinduoduo) -> None:
    pdd.place(1)
    (goods,) = (await pdd.call("pdd.goods.list.get", outer_id="M-001"))["goods_list"]
    told = {"goods_id": goods["goods_id"], "sku_id": goods["sku_list"][0]["sku_id"], "quantity": 7}
    assert (await pdd.call("pdd.goods.quantity.update", **told))["is_success"] is True
    assert (await pdd.call("pdd.goods.quantity.update", **told | {"quantity": -8, "update_type": 2}))["error_code"]
    assert pdd.simulator.stock == {"M-001": 7}
    pdd.simulator.expire_tokens()
    assert (await pdd.orders())["error_code"] == 10019
    asked = {"client_id": "c", "client_secret": "s", "grant_type": "refresh_token", "refresh_token": "r"}
    pdd.token = (await pdd.post("/oauth/token", asked))["access_token"]
    assert (await pdd.orders())["total_count"] == 1


async def test_jd_lists_what_was_named_and_hides_the_unpaid(jd: JD) -> None:
    paid, locked, _ = jd.place(1), jd.place(2), jd.place(3, paid_at=None)
    jd.simulator.ask_refund(locked, 0, AT + timedelta(minutes=1))
    listed = await jd.orders()
    assert listed["orderTotal"] == 2
    drafts = {draft.external_id: draft for draft in (jd.read("order", row) for row in listed["orderInfoList"])}
    assert (drafts[paid].total, drafts[paid].payment, drafts[paid].hold) == (19_900, "paid", "")
    assert drafts[locked].hold == "buyer_cancel_requested"
    assert set((await jd.orders(optional_fields="orderState"))["orderInfoList"][0]) == {"orderId", "orderState"}


async def test_jd_tells_a_refusal_to_ship_inside_a_good_answer_and_counts_a_serial_once(jd: JD) -> None:
    key, other = jd.place(1), jd.place(2)
    told = {"orderId": key, "logiCoprId": "467|463", "logiNo": "SF1|YT1"}
    first, again = [(await jd.call("jingdong.pop.order.shipment", **told)) for _ in range(2)]
    assert (first["sopjosshipment_result"]["success"], again["sopjosshipment_result"]["success"]) == (True, False)
    legacy = {"order_id": other, "logistics_id": "467", "waybill": "SF2", "trade_no": "n1"}
    assert ["code" in await jd.call("360buy.order.sop.outstorage", **legacy) for _ in range(2)] == [True, True]
    assert [len(jd.simulator.shipments[one]) for one in (key, other)] == [1, 1]
    (row,) = [row for row in (await jd.orders())["orderInfoList"] if row["orderId"] == key]
    assert row["waybill"] == "SF1|YT1" and jd.read("order", row).lines[0].fulfilled == 2


async def test_jd_keeps_two_lists_of_applications_in_fen(jd: JD) -> None:
    early, late = jd.place(1), jd.place(2)
    jd.simulator.ask_refund(early, 0, AT + timedelta(minutes=1))
    await jd.call("jingdong.pop.order.shipment", orderId=late, logiCoprId="467", logiNo="SF1")
    jd.simulator.ask_refund(late, 0, datetime.now(UTC) + timedelta(minutes=1), "return")
    before = await jd.call("jingdong.pop.afs.soa.refundapply.queryPageList", orderId=early)
    after = await jd.call("jingdong.asc.query.list", orderId=late)
    first = jd.read("refund_before_shipping", before["queryResult"]["result"][0])
    second = jd.read("refund", after["pageResult"]["data"][0])
    assert (first.kind, first.amount, first.state) == ("cancel", 16_065, "asked")
    assert (second.kind, second.amount, second.state) == ("return_refund", 16_065, "asked")


async def test_jd_refuses_what_it_does_not_know_and_a_refresh_that_comes_too_early(jd: JD) -> None:
    assert (await jd.call("jingdong.none"))["code"] == "15"
    assert (await jd.call("jingdong.pop.order.get", order_id="1", colour="red"))["code"] == "44"
    jd.token = "stolen"
    assert (await jd.call("360buy.delivery.logistics.get"))["code"] == "19"
    asked = {"app_key": "c", "app_secret": "s", "grant_type": "refresh_token", "refresh_token": "r"}
    assert "early" in (await jd.post("/oauth2/refresh_token", asked))["error_response"]["zh_desc"]
    back = await jd.http.get(jd.base + "/oauth2/to_login", params={
        "app_key": "c", "response_type": "code", "redirect_uri": "http://127.0.0.1:9/back?x=1", "state": "q"})
    code = httpx2.URL(back.headers["location"]).params["code"]
    given = {"app_key": "c", "app_secret": "s", "grant_type": "authorization_code", "code": code}
    jd.token = (await jd.post("/oauth2/access_token", given))["access_token"]
    assert (await jd.call("360buy.delivery.logistics.get"))["logistics_list"]
    stock = {"outer_id": "M-001", "quantity": 5, "trade_no": "n"}
    assert (await jd.call("360buy.sku.stock.update", **stock))["code"] == "10500001"
    jd.simulator.list_sku("M-001")
    assert (await jd.call("360buy.sku.stock.update", **stock | {"trade_no": "m"}))["code"] == "0"
    assert jd.simulator.stock == {"M-001": 5}
