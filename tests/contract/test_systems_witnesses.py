"""Public clients of systems at our simulators, and public readers of what we exchange with trading partners."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from orderloom.adapters.simulated.clock import CHINA
from orderloom.adapters.systems.edi import partner
from orderloom.application.ports import Outgoing
from tests.support.connector_folders import RECEIVED_AT, caller, folders, now, serve
from tests.support.witnessed import Host, Refusal, Witness, hosted, witness_of

FOLDERS = {folder.name: folder for folder in folders("systems")}
HALF_HOUR = timedelta(minutes=30)
SALE = {"Model": {
    "FID": 0, "FBillNo": "SH01-1", "FBillTypeID": {"FNUMBER": "XSDD01_SYS"}, "FSaleOrgId": {"FNumber": "100"},
    "FCustId": {"FNumber": "CUST0001"}, "FLinkPhone": "13800138000",
    "FSaleOrderEntry": [{"FMaterialId": {"FNumber": "M-001"}, "FUnitID": {"FNumber": "Pcs"}, "FQty": 2}],
}}  # fmt: skip
TRADE = {
    "tid": "SH01-1", "trade_status": 30, "pay_status": 2, "delivery_term": 1, "trade_time": "2026-11-26 08:00:00",
    "pay_time": "2026-11-26 08:01:00", "buyer_nick": "b", "receiver_name": "张三", "receiver_province": "浙江省",
    "receiver_city": "杭州市", "receiver_district": "余杭区", "receiver_address": "文一西路969号",
    "receiver_mobile": "13800138000", "post_amount": "10.00", "cod_amount": "0.00", "paid": "188.00",
    "order_list": [{"oid": "1", "num": 2, "price": "89.00", "discount": "0.00", "status": 30, "refund_status": 0,
                    "goods_no": "M-001", "spec_no": "M-001", "goods_name": "马克杯"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosted() as one:
        yield one


def local(ago: timedelta = timedelta(0)) -> str:
    return (now() - ago).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def worked(witness: Witness) -> None:
    """The floor has sent everything off."""
    for minutes in range(30):
        witness.simulator.step(now() + timedelta(minutes=minutes - 29))


async def test_kingdees_client_saves_an_order_and_reads_what_went_out(host: Host) -> None:
    async with witness_of(host, FOLDERS["kingdee"], "kingdee", "acct_id user app_id app_secret",
                          {"app_id": "226688_" + "A" * 32}, warehouses=["0"], pace_seconds=1) as witness:
        witness.simulator.now = lambda: now() - HALF_HOUR
        saved = await witness.call("save", form="SAL_SaleOrder", data=SALE)
        assert saved["ResponseStatus"]["IsSuccess"] is True and saved["Number"] == "SH01-1"
        again = (await witness.call("save", form="SAL_SaleOrder", data=SALE))["ResponseStatus"]
        assert again["IsSuccess"] is False and "已存在" in again["Errors"][0]["Message"]
        asked = {"FormId": "SAL_SaleOrder", "FieldKeys": "FBillNo", "FilterString": "FBillNo='SH01-1'"}
        assert await witness.call("query", **asked) == [["SH01-1"]]
        witness.simulator.now = now
        worked(witness)
        gone = {"FormId": "SAL_OUTSTOCK", "StartRow": 0, "Limit": 10, "OrderString": "FBillNo",
                "FieldKeys": "FBillNo,FModifyDate", "FilterString":
                f"FModifyDate>='{local(2 * HALF_HOUR)}' and FModifyDate<='{local(-HALF_HOUR)}'"}  # fmt: skip
        rows = await witness.call("query", **gone)
        assert [row[7:] for row in rows] == [["SH01-1", "M-001", 2.0]]
        told = await witness.call("query", **asked | {"FormId": "NOTHING"})
        assert told[0][0]["Result"]["ResponseStatus"]["IsSuccess"] is False
        witness.made_from["app_secret"] = "another"
        assert "签名" in str(await witness.call("query", **asked))


async def test_wangdiantongs_client_pushes_a_trade_and_reads_what_went_out(host: Host) -> None:
    async with witness_of(host, FOLDERS["wangdiantong_enterprise"], "wangdiantong", "sid app_key app_secret",
                          shop_no="hub", warehouses=["0"], pace_seconds=1,
                          stock={"0": {"M-001": 17}}) as witness:
        witness.simulator.now = lambda: now() - HALF_HOUR
        assert (await witness.call("push", shop_no="hub", trades=[TRADE]))["new_count"] == 1
        assert (await witness.call("push", shop_no="hub", trades=[TRADE]))["new_count"] == 0
        witness.simulator.now = now
        worked(witness)
        window = {"start_time": local(timedelta(minutes=55)), "end_time": local()}
        gone = await witness.call("post", path="/openapi2/stockout_order_query_trade.php", **window, page_no=0,
                                  page_size=40)
        assert [(one["src_trade_no"], one["status"]) for one in gone["stockout_list"]] == [("SH01-1", "110")]
        left = await witness.call("stock", start=window["start_time"], end=window["end_time"], spec_no="M-001")
        assert [(one["spec_no"], one["stock_num"]) for one in left["stocks"]] == [("M-001", "15.0000")]
        assert not (await witness.call("stock", start=window["start_time"], end=window["end_time"],
                                       warehouse_no="elsewhere"))["stocks"]
        with pytest.raises(Refusal, match="1012"):
            await witness.call("post", path="/openapi2/stock_query.php", **window, page_no=0, page_size=40, brand="x")


EDI = FOLDERS["edi"]
PARTNERS = [
    pytest.param("x12", "x12_850", {"own_id": "ORDERHUB", "partner_id": "RETAILER"}, ("997", "856"), id="x12"),
    pytest.param("edifact", "edifact_orders", {
        "standard": "edifact", "own_qualifier": "14", "partner_qualifier": "14", "own_id": "4098765000003",
        "partner_id": "4012345000009", "currency": "EUR"}, ("CONTRL", "DESADV"), id="edifact"),
]  # fmt: skip
NOTICE = {"external_id": "PO-77001", "carrier": "ups", "waybill": "1Z999AA10123456784", "is_partial": False,
          "shipped_at": "2026-03-02T18:15:00+00:00", "marketplace": "", "lines": []}  # fmt: skip


@pytest.mark.parametrize(("read", "name", "given", "kinds"), PARTNERS)
async def test_public_readers_believe_what_we_write_and_read_what_we_read(
    host: Host, read: str, name: str, given: dict[str, Any], kinds: tuple[str, str]
) -> None:
    reader = Witness(host, "edi", {}, None)
    raw = (EDI.path / "samples" / f"{name}.edi").read_bytes()
    taken = partner.take(raw, EDI.account(**given), RECEIVED_AT)
    theirs = (await reader.call(read, text=raw.decode("latin-1")))["sets"][0]
    ours = json.loads(taken.items[0].body)
    assert theirs["number"] in taken.items[0].event_id
    marks = [one for one in theirs["segments"] if one[0] in ("PO1", "LIN")]
    assert len(marks) == len(ours["lines"])
    said = await reader.call(read, text=taken.reply.decode("latin-1"))
    assert [one["kind"] for one in said["sets"]] == [kinds[0]]
    simulator = EDI.simulator(**given)
    line = "1|EN|4006381333931" if read == "edifact" else "1|VP|TEE-BLK-M"
    body = NOTICE | {"lines": [{"external_line_id": line, "quantity": 2}]}
    async with serve(simulator.app) as base, caller() as http:
        await EDI.connector.send(Outgoing("01a2", "shipment", "k", body, 1), EDI.account(base, **given), http)
    [plain] = simulator.notices.values()
    told = await reader.call(read, text=plain)
    assert [one["kind"] for one in told["sets"]] == [kinds[1]] and "1Z999AA10123456784" in json.dumps(told)
