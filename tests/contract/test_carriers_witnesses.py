"""Public clients of tracking services at our simulators: they have a parcel followed, once, and read where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from tests.support.connector_folders import folders, now
from tests.support.witnessed import Host, Refusal, hosted, witness_of

FOLDERS = {folder.name: folder for folder in folders("carriers")}


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosted() as one:
        yield one


async def test_afterships_client_has_a_parcel_followed_and_reads_it(host: Host) -> None:
    async with witness_of(host, FOLDERS["aftership"], "aftership", "api_key", pace_seconds=60) as witness:
        for number in ("1Z1", "1Z2"):
            witness.simulator.hand_over("ups", number, now() - timedelta(days=1))
        witness.simulator.step(now())
        made = await witness.call("create", tracking_number="1Z1", slug="ups", order_id="SH01-1")
        assert made["tracking_number"] == "1Z1" and made["slug"] == "ups"
        with pytest.raises(Refusal, match="already exists"):
            await witness.call("create", tracking_number="1Z1", slug="ups")
        await witness.call("create", tracking_number="1Z2", slug="ups", order_id="SH01-2")
        found = (await witness.call("list", tracking_numbers="1Z1,1Z2"))["trackings"]
        assert [one["tracking_number"] for one in found] == ["1Z1", "1Z2"] and found[0]["checkpoints"]
        assert len((await witness.call("list", tracking_numbers="1Z1,1Z2", limit=1))["trackings"]) == 1
        assert not (await witness.call("list", tracking_numbers="1Z1", slug="dhl"))["trackings"]
        assert [one["tracking_number"] for one in (await witness.call("list", order_id="SH01-2"))["trackings"]] == [
            "1Z2"]
        witness.made_from["api_key"] = "another"
        with pytest.raises(Refusal, match="Invalid API key"):
            await witness.call("list", tracking_numbers="1Z1")


PLACE = {"province": "浙江省", "city": "杭州市", "district": "余杭区", "detail": "文一西路969号"}
PERSON = {"ProvinceName": "浙江省", "CityName": "杭州市", "ExpAreaName": "余杭区", "Address": "文一西路969号"}


async def test_kdniaos_client_follows_reads_and_buys_a_label_once(host: Host) -> None:
    async with witness_of(host, FOLDERS["kdniao"], "kdniao", "business_id api_key", pace_seconds=60) as witness:
        witness.simulator.hand_over("yuantong", "YT1", now() - timedelta(days=1))
        assert (await witness.call("follow", number="YT1", carrier="YTO"))["code_biz"] == 100
        witness.simulator.step(now())
        read = (await witness.call("track", number="YT1", carrier="YTO"))["data"]
        assert read["State"] and read["Traces"] and read["ShipperCode"] == "YTO"
        [push] = witness.simulator.queue[:1]
        form = dict(parse_qsl(push.body.decode()))
        assert await witness.call("is_theirs", sign=form["DataSign"], data=form["RequestData"]) is True
        asked = {"OrderCode": "SH01-1", "ShipperCode": "YTO", "PayType": 1, "ExpType": 1, "Quantity": 1,
                 "Sender": {"Name": "仓管", "Mobile": "13900139000", **PERSON},
                 "Receiver": {"Name": "张三", "Mobile": "13800138000", **PERSON},
                 "Commodity": [{"GoodsName": "马克杯", "Goodsquantity": 2}]}  # fmt: skip
        bought = (await witness.call("label", **asked))["data"]
        again = await witness.call("label", **asked)
        assert bought["ResultCode"] == "100" and again["data"]["ResultCode"] == "106"
        assert bought["Order"]["LogisticCode"] == again["data"]["Order"]["LogisticCode"]
        assert (await witness.call("label", **asked | {"Shipper": "x"}))["code_biz"] == -100
        witness.made_from["api_key"] = "another"
        assert (await witness.call("track", number="YT1", carrier="YTO"))["msg"] == "校验问题"


async def test_cainiaos_client_buys_a_label_once(host: Host) -> None:
    async with witness_of(host, FOLDERS["cainiao"], "cainiao", "provider_id secret") as witness:
        asked = {"key": "SH01-1", "sender": {"cpCode": "YTO", "name": "仓管", "mobile": "13900139000", **PLACE},
                 "recipient": {"name": "张三", "mobile": "13800138000", **PLACE}, "items": {"马克杯": 2}}  # fmt: skip
        [bought] = (await witness.call("label", **asked))["waybillCloudPrintResponseList"]
        [again] = (await witness.call("label", **asked))["waybillCloudPrintResponseList"]
        assert bought["waybillCode"] == again["waybillCode"] and len(witness.simulator.labels.sold) == 1
        assert (await witness.call("subscriptions", carrier="YTO"))["success"] is True
        witness.simulator.refuse("SH01-2", "收件地址超出服务范围")
        assert (await witness.call("label", **asked | {"key": "SH01-2"}))["errorMsg"] == "收件地址超出服务范围"
        witness.made_from["secret"] = "another"
        assert (await witness.call("label", **asked))["errorCode"] == "S02"
