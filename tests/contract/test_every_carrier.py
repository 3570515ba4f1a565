"""Every declared carrier against its own simulator: labels bought once, parcels followed, genuine pushes believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from orderloom.application.ports import Account, Inbound
from orderloom.application.translate import translate
from orderloom.domain.draft import Receiver, TrackReport
from tests.support.connector_folders import Folder, folders
from tests.support.road import LABEL, opened

CARRIERS = [f for f in folders("carriers") if f.name != "kuaidi100"]
SELLERS = [pytest.param(f, id=f.name) for f in folders("carriers") if "label" in f.capabilities]
ASKED = [pytest.param(f, id=f.name) for f in CARRIERS if "query" in f.capabilities]
PUSHING = [pytest.param(f, id=f.name) for f in CARRIERS if f.name in ("sf_express", "kdniao", "track17", "aftership")]
WATCHING = [pytest.param(f, id=f.name) for f in CARRIERS if "watch" in f.capabilities]


@pytest.mark.parametrize("folder", SELLERS)
@pytest.mark.parametrize("fault", ["", "lost_answer", "done_then_500", "broken_body", "half_body", "status_500"])
async def test_a_label_is_bought_once_whatever_becomes_of_the_answer(folder: Folder, fault: str) -> None:
    async with opened(folder) as road:
        if fault:
            road.simulator.fault(fault)
        tried = await road.send("label", LABEL)
        for attempt in (2, 3):
            if tried.state == "due":
                tried = await road.send("label", LABEL, attempt)
        assert tried.state == "done" and tried.label is not None, (tried, road.simulator.rejected)
        assert [one.waybill for one in road.simulator.labels.sold.values()] == [tried.label.waybill]
        again = await road.send("label", LABEL, 2)
        assert again.label is not None and again.label.waybill == tried.label.waybill
        assert len(road.simulator.labels.sold) == 1


@pytest.mark.parametrize(("name", "setting", "way", "usual"), [
    ("jd_logistics", "algorithm", "HMacSHA256", "md5-salt"), ("sf_express", "sign_method", "simple", "standard"),
])  # fmt: skip
async def test_a_merchant_whose_calls_are_signed_in_another_way_is_signed_for_so(
    name: str, setting: str, way: str, usual: str,
) -> None:
    [folder] = [f for f in CARRIERS if f.name == name]
    async with opened(folder, **{setting: way}) as road:
        tried = await road.send("label", LABEL)
        assert tried.state == "done" and len(road.simulator.labels.sold) == 1, road.simulator.rejected
        road.simulator.settings[setting] = usual
        other = await road.send("label", LABEL | {"label_no": "SH01-261126-0K3F9QX2-7-9"})
        assert other.error, "no other one is taken"


@pytest.mark.parametrize("folder", SELLERS)
async def test_a_label_names_sender_receiver_and_goods_and_the_answer_keeps_no_person(folder: Folder) -> None:
    async with opened(folder) as road:
        tried = await road.send("label", LABEL)
        [label] = road.simulator.labels.sold.values()
        told = str(label.told)
        for part in ("张三", "13800138000", "文一西路969号", "仓管", "仓库路1号", "马克杯"):
            assert part in told, part
        assert "张三" not in tried.answer and label.waybill in tried.answer
        other = await road.send("label", LABEL | {"label_no": "SH01-261126-0K3F9QX2-7-1-2", "box": 2})
        assert other.label is not None and other.label.waybill != label.waybill, "another box has another one"


@pytest.mark.parametrize("folder", SELLERS)
async def test_a_refused_label_says_why_in_the_carriers_words_and_is_not_asked_again(folder: Folder) -> None:
    async with opened(folder) as road:
        road.simulator.refuse(LABEL["label_no"], "收件地址超出服务范围")
        tried = await road.send("label", LABEL)
        assert (tried.state, tried.answer) == ("parked", "") and "收件地址超出服务范围" in tried.message
        assert not road.simulator.labels.sold
        wrong = {**road.account.credentials}
        secret = next(n for n in ("checkword", "api_key", "secret", "app_secret") if n in wrong)
        road.account = Account(1, "T1", "carriers", folder.name, "UTC", road.account.base_url,
                               {**wrong, secret: "wrong"}, road.account.settings)
        assert (await road.send("label", LABEL)).error == "wrong_key"


async def test_a_masked_receiver_gets_a_label_by_the_platforms_token() -> None:
    [folder] = [f for f in CARRIERS if f.name == "cainiao"]
    async with opened(folder) as road:
        masked = Receiver("张**", "1**********", "CN", "浙江省", "杭州市", "余杭区", "文***", token="1DemoOaid==",
                          is_masked=True)
        tried = await road.send("label", LABEL, receiver=masked)
        assert tried.state == "done"
        [label] = road.simulator.labels.sold.values()
        told = label.told["recipient"]
        assert (told["oaid"], told["tid"]) == ("1DemoOaid==", LABEL["external_id"])


@pytest.mark.parametrize("folder", ASKED)
async def test_a_silent_parcel_is_asked_for_and_its_way_is_understood(folder: Folder) -> None:
    own = (folder.manifest.carriers or ["yuantong"])[0]
    async with opened(folder, stall_share=0.0, return_share=0.0) as road:
        nothing = await folder.connector.query(own, "NONE1", "8000", road.account, road.http)
        assert road.reports([nothing]) == []
        road.simulator.hand_over(own, "W1000000001", road.at, "浙江省", "8000")
        road.drive()
        item = await folder.connector.query(own, "W1000000001", "8000", road.account, road.http)
        [report] = road.reports([item])
        assert report.waybill == "W1000000001" and report.entries[0].milestone in ("collected", "in_transit")
        assert report.entries[-1].milestone in ("delivered", "out_for_delivery") and len(report.entries) >= 5
        probed = await folder.connector.probe(road.account, road.http)
        assert probed.is_well, probed


@pytest.mark.parametrize("folder", ASKED)
async def test_what_went_wrong_on_the_road_has_a_reason(folder: Folder) -> None:
    own = (folder.manifest.carriers or ["yuantong"])[0]
    async with opened(folder) as road:
        road.simulator.settings["return_share"] = 1.0
        road.simulator.hand_over(own, "W1000000002", road.at, "浙江省", "8000")
        road.drive()
        [report] = road.reports([await folder.connector.query(own, "W1000000002", "8000", road.account, road.http)])
        milestones = [x.milestone for x in report.entries]
        assert "failed" in milestones and {"returning", "returned", "failed"} >= set(milestones[-2:])
        assert {x.incident for x in report.entries} & {"refused", "failed_delivery"}


@pytest.mark.parametrize("folder", WATCHING)
async def test_a_parcel_is_watched_once_and_again_is_a_yes(folder: Folder) -> None:
    async with opened(folder) as road:
        body = {"carrier": "yuantong", "waybill": "YT9693083639795", "order_no": "SH01-1"}
        for _ in range(2):
            tried = await road.send("watch", body)
            assert tried.state == "done", (tried, road.simulator.rejected)
        assert [waybill for _, waybill in road.simulator.watches] == ["YT9693083639795"]


@pytest.mark.parametrize("folder", PUSHING)
async def test_genuine_pushes_are_thanked_and_told_and_forged_ones_are_kept_apart(folder: Folder) -> None:
    own = (folder.manifest.carriers or ["yuantong"])[0]
    async with opened(folder) as road:
        if "watch" in folder.capabilities:
            await road.send("watch", {"carrier": own, "waybill": "W1000000003", "order_no": "SH01-1"})
        road.simulator.hand_over(own, "W1000000003", road.at, "浙江省", "8000")
        road.drive()
        thanked = await road.simulator.flush(road.http, duplicates=1)
        assert thanked >= 4 and not road.simulator.pushes.lost
        assert {v.quarantine for v in road.verdicts} == {""}
        reports = road.reports([item for v in road.verdicts for item in v.items])
        assert reports and {r.waybill for r in reports} == {"W1000000003"}
        assert {"in_transit", "out_for_delivery"} <= {x.milestone for r in reports for x in r.entries}
        count = len(road.verdicts)
        other = folder.connector.receive(
            Inbound("POST", "/in", {"token": "wrong"}, {"content-type": "application/json"}, b'{"event":"tracking"}'),
            road.account, datetime.now(UTC))
        assert other.quarantine and other.status == 401 and len(road.verdicts) == count


@pytest.mark.parametrize("folder", [pytest.param(f, id=f.name) for f in CARRIERS])
async def test_what_the_carrier_does_not_document_is_refused_by_its_simulator(folder: Folder) -> None:
    async with opened(folder) as road:
        base = road.account.base_url
        for answer in (await road.http.get(f"{base}/nowhere"), await road.http.post(base, json={"x": 1})):
            said = answer.text
            assert answer.status_code >= 400 or any(word in said for word in ("false", "error", "A100", "code")), said
        assert road.simulator.rejected


def scanned(name: str, words: str) -> tuple[str, str]:
    """The step and the incident that a carrier's scan gives by its words, its code being none that is known."""
    time = "2026-11-20 10:00:00"
    said: dict[str, tuple[str, dict[str, object]]] = {
        "sf_express": ("push", {"Body": {"WaybillRoute": [
            {"mailno": "W1", "acceptTime": time, "opCode": "999", "remark": words, "acceptAddress": "X"}]}}),
        "jd_logistics": ("query", {"code": 0, "data": {"waybillCode": "W1", "traceDetails": [
            {"operateTime": time, "operateState": 999, "operateRemark": words}]}}),
        "kdniao": ("query", {"ShipperCode": "YTO", "LogisticCode": "W1", "State": "2", "Success": True, "Traces": [
            {"AcceptTime": time, "AcceptStation": words}, {"AcceptTime": "2026-11-20 11:00:00", "AcceptStation": ""}]}),
    }
    [folder], (topic, body) = [f for f in CARRIERS if f.name == name], said[name]
    [report] = translate(folder.account(), topic, json.dumps(body).encode(), {"content-type": "application/json"},
                         datetime.now(UTC), folder.mappings())
    assert isinstance(report, TrackReport)
    return report.entries[0].milestone, report.entries[0].incident


@pytest.mark.parametrize("name", ["sf_express", "jd_logistics", "kdniao"])
@pytest.mark.parametrize(("words", "told"), [
    ("快件暂未签收", ("", "")), ("客户拒绝签收", ("failed", "refused")), ("待签收：已放入丰巢柜", ("", "")),
    ("派送中，请准备签收", ("out_for_delivery", "")), ("您的快件已签收", ("delivered", "")),
    ("退回件已签收", ("returned", "")),
])
def test_a_scan_of_an_unknown_code_is_read_by_words_that_say_that_it_happened(
    name: str, words: str, told: tuple[str, str],
) -> None:
    assert scanned(name, words) == told
