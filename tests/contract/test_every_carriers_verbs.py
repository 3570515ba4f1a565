"""What carriers do beside labels and news - prices, couriers, labels given back - from the declarations alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orderloom.adapters.simulated.clock import CHINA
from orderloom.application.ports import Account, Terminal, Transient
from orderloom.domain.draft import Receiver
from tests.support.connector_folders import Folder, folders
from tests.support.road import LABEL, Road, opened

CARRIERS = folders("carriers")
QUOTING = [pytest.param(f, id=f.name) for f in CARRIERS if "quote" in f.capabilities]
GIVING_BACK = [pytest.param(f, id=f.name) for f in CARRIERS if "label_cancel" in f.capabilities]
COLLECTING = [pytest.param(f, id=f.name) for f in CARRIERS if "pickup" in f.capabilities]
CALLING_OFF = [pytest.param(f, id=f.name) for f in CARRIERS if "pickup_cancel" in f.capabilities]
ENDING = [pytest.param(f, id=f.name) for f in CARRIERS if "pickup" in f.manifest.ends_with]
HERE = {"country": "CN", "province": "浙江省", "city": "杭州市", "district": "余杭区"}
THERE = {"country": "CN", "province": "广东省", "city": "广州市", "district": "天河区"}
PARCEL = {"carrier": "yuantong", "product": "", "weight_g": 1_520, "weight_kg": "1.52", "sender": HERE,
          "receiver": THERE}
LOST = ("lost_answer", "done_then_500", "half_body")
KEYS = ("checkword", "api_key", "secret", "app_secret")


def _carrier(folder: Folder) -> str:
    return (folder.manifest.carriers or ["yuantong"])[0]


def _callback(folder: Folder) -> dict[str, str]:
    return {"callback_url": "http://127.0.0.1:9/in"} if "callback_url" in folder.manifest.settings else {}


async def _label(road: Road, **changes: Any) -> dict[str, Any]:
    """A label that was bought, as it is given back."""
    tried = await road.send("label", LABEL | {"carrier": _carrier(road.folder)} | changes)
    assert tried.label is not None, (tried, road.simulator.rejected)
    told = {name: (LABEL | changes)[name] for name in ("label_no", "work_no", "order_no", "external_id", "box")}
    return {**told, "purpose": "out", "carrier": _carrier(road.folder), "waybill": tried.label.waybill,
            "reason": "取消"}


async def _pickup(road: Road) -> dict[str, Any]:
    """A collection of a box, whose label was bought where the carrier sells labels."""
    own = await _label(road) if "label" in road.folder.capabilities else {"label_no": "", "waybill": ""}
    return LABEL | own | {
        "pickup_no": f"{LABEL['label_no']}P", "carrier": _carrier(road.folder), "weight_kg": "0.52", "days_ahead": "1",
        **_span(road)}


def _span(road: Road) -> dict[str, str]:
    start = (road.at.astimezone(CHINA) + timedelta(days=1)).replace(hour=10, minute=0)
    return {"from_at": start.isoformat(), "until_at": (start + timedelta(hours=2)).isoformat()}


async def _booked(road: Road) -> dict[str, Any]:
    """A courier that was booked, as it is called off."""
    body = await _pickup(road)
    tried = await road.send("pickup", body)
    assert tried.state == "done", (tried, road.simulator.rejected)
    names = ["pickup_no", "label_no", "work_no", "order_no", "external_id", "box", "purpose", "carrier", "waybill"]
    told = {name: body[name] for name in names}
    return {**told, "booking": tried.message, "reference": tried.reference, "reason": "不寄了"}


async def _offers(road: Road, **changes: Any) -> Any:
    return await road.folder.connector.quote({**PARCEL, **changes}, road.account, road.http)  # type: ignore[attr-defined]


@pytest.mark.parametrize("folder", QUOTING)
async def test_a_price_is_in_minor_units_of_its_currency_and_buys_nothing(folder: Folder) -> None:
    async with opened(folder) as road:
        offers = await _offers(road, carrier=_carrier(folder))
        assert offers and {one.currency for one in offers} == {"CNY"}, road.simulator.rejected
        assert all(isinstance(one.amount, int) and one.amount >= 2_000 for one in offers), "yuan would be 20"
        [near] = {one.amount for one in await _offers(road, carrier=_carrier(folder), receiver=HERE)
                  if one.product == offers[0].product}
        assert near < offers[0].amount
        assert not road.simulator.labels.sold and not road.simulator.pickups
        with pytest.raises(Terminal) as refused:
            await _offers(road, receiver={})
        assert refused.value.code == "missing_field" and "province" in str(refused.value)


@pytest.mark.parametrize("folder", QUOTING)
@pytest.mark.parametrize("fault", ["status_500", "dropped", "half_body", "null_object"])
async def test_a_price_that_did_not_come_is_no_price(folder: Folder, fault: str) -> None:
    async with opened(folder) as road:
        road.simulator.fault(fault)
        try:
            offers = await _offers(road, carrier=_carrier(folder))
        except Transient:
            offers = []
        assert all(one.amount > 0 for one in offers)
        assert await _offers(road, carrier=_carrier(folder)), "asked again, it comes"


@pytest.mark.parametrize("folder", GIVING_BACK)
@pytest.mark.parametrize("fault", ["", *LOST, "status_500"])
async def test_a_label_is_given_back_once_whatever_becomes_of_the_answer(folder: Folder, fault: str) -> None:
    async with opened(folder) as road:
        body = await _label(road)
        if fault:
            road.simulator.fault(fault)
        tried = await road.send("label_cancel", body)
        if fault:
            assert tried.state == "due"
            tried = await road.send("label_cancel", body, 2)
        assert tried.state == "done", (tried, road.simulator.rejected)
        assert [one.is_cancelled for one in road.simulator.labels.sold.values()] == [True]
        again = await _label(road, label_no=f"{LABEL['label_no']}V2")
        assert again["waybill"] != body["waybill"], "the box gets another label, under another number"


@pytest.mark.parametrize("folder", GIVING_BACK)
async def test_a_label_that_the_carrier_does_not_take_back_stays_bought_and_says_why(folder: Folder) -> None:
    async with opened(folder) as road:
        body = await _label(road)
        road.simulator.refuse(LABEL["label_no"], "快件已揽收")
        tried = await road.send("label_cancel", body)
        assert tried.state == "parked" and "快件已揽收" in tried.message, tried
        unknown = await road.send("label_cancel", body | {"label_no": "NEVER-1-1", "waybill": "SF0000000000000"})
        assert unknown.state == "parked"
        assert not any(one.is_cancelled for one in road.simulator.labels.sold.values())


@pytest.mark.parametrize("folder", COLLECTING)
@pytest.mark.parametrize("fault", ["", *LOST])
async def test_a_courier_is_sent_for_once_whatever_becomes_of_the_answer(folder: Folder, fault: str) -> None:
    async with opened(folder, **_callback(folder)) as road:
        body = await _pickup(road)
        if fault:
            road.simulator.fault(fault)
        tried = await road.send("pickup", body)
        if not fault:
            assert (tried.state, bool(tried.message)) == ("done", True), (tried, road.simulator.rejected)
        tried = await road.send("pickup", body, 2)
        assert len(road.simulator.pickups) == 1, "one courier"
        if folder.plan.tells["pickup"].said.once:
            assert (tried.state, tried.error) == ("parked", "in_doubt"), "nobody can be asked: a person looks"
        else:
            assert tried.state == "done", (tried, road.simulator.rejected)


@pytest.mark.parametrize("folder", COLLECTING)
async def test_a_courier_that_is_refused_is_a_persons_question_whose_answer_names_no_person(folder: Folder) -> None:
    async with opened(folder, **_callback(folder)) as road:
        body = await _pickup(road)
        for key in (LABEL["label_no"], body["pickup_no"], "13800138000"):
            road.simulator.refuse(key, "超出取件范围 张三")
        tried = await road.send("pickup", body)
        assert (tried.state, tried.answer, road.simulator.pickups) == ("parked", "", {}), tried
        assert "超出取件范围" in tried.message
        backwards = await road.send("pickup", body | {"from_at": body["until_at"], "until_at": body["from_at"]})
        assert backwards.state == "parked" and not road.simulator.pickups


@pytest.mark.parametrize("folder", CALLING_OFF)
@pytest.mark.parametrize("fault", ["", *LOST, "status_500"])
async def test_a_courier_is_called_off_once_whatever_becomes_of_the_answer(folder: Folder, fault: str) -> None:
    async with opened(folder, **_callback(folder)) as road:
        body = await _booked(road)
        if fault:
            road.simulator.fault(fault)
        tried = await road.send("pickup_cancel", body)
        if fault:
            assert tried.state == "due"
            tried = await road.send("pickup_cancel", body, 2)
        assert (tried.state, tried.message) == ("done", body["pickup_no"]), (tried, road.simulator.rejected)
        assert not road.simulator.pickups and len(road.simulator.called_off) == 1
        gone = await road.send("pickup_cancel", body)
        assert gone.state == "done", "one that is off already, by whomever, is off"
        next_one = LABEL | (await _pickup(road) if "label" not in folder.capabilities else body)
        next_one |= {"pickup_no": f"{body['pickup_no']}2", "weight_kg": "0.52", "days_ahead": "1", **_span(road)}
        assert (await road.send("pickup", next_one)).state == "done", "the box gets another, under another number"
        assert len(road.simulator.pickups) == 1


@pytest.mark.parametrize("folder", CALLING_OFF)
async def test_a_courier_that_the_carrier_does_not_call_off_comes_and_it_says_why(folder: Folder) -> None:
    async with opened(folder, **_callback(folder)) as road:
        body = await _booked(road)
        for key in (body["pickup_no"], body["booking"]):
            road.simulator.refuse(key, "快递员已揽收")
        tried = await road.send("pickup_cancel", body)
        assert tried.state == "parked" and "快递员已揽收" in tried.message, tried
        never = body | {"pickup_no": "NEVER-1-1P", "booking": "0000000000", "reference": "0000000000"}
        assert (await road.send("pickup_cancel", never)).state == "parked", "what it does not know was not called off"
        assert len(road.simulator.pickups) == 1 and not road.simulator.called_off


@pytest.mark.parametrize("folder", ENDING)
async def test_a_courier_that_is_part_of_a_label_is_off_with_it(folder: Folder) -> None:
    async with opened(folder) as road:
        body = await _booked(road)
        assert len(road.simulator.pickups) == 1
        tried = await road.send("label_cancel", body)
        assert tried.state == "done" and not road.simulator.pickups, (tried, road.simulator.rejected)


@pytest.mark.parametrize("folder", sorted({p.values[0] for p in [*QUOTING, *GIVING_BACK, *COLLECTING]},
                                          key=lambda one: one.name), ids=lambda one: one.name)
async def test_a_wrong_key_sells_gives_back_and_sends_nothing(folder: Folder) -> None:
    async with opened(folder, **_callback(folder)) as road:
        secret = next(name for name in KEYS if name in road.account.credentials)
        body = await _pickup(road) | {"reason": "取消", "booking": "1", "reference": "1"}
        told = [kind for kind in ("label_cancel", "pickup", "pickup_cancel") if kind in folder.capabilities]
        wrong = {**road.account.credentials, secret: "wrong"}
        road.account = Account(1, "T1", "carriers", folder.name, "UTC", road.account.base_url, wrong,
                               road.account.settings)
        for kind in told:
            assert (await road.send(kind, body)).error == "wrong_key", kind
        if "quote" in folder.capabilities:
            with pytest.raises(Terminal) as refused:
                await _offers(road, carrier=_carrier(folder))
            assert refused.value.code == "wrong_key"
        assert not road.simulator.pickups and not any(x.is_cancelled for x in road.simulator.labels.sold.values())


async def test_a_masked_receiver_is_no_ones_to_be_called_on_without_a_token() -> None:
    [folder] = [f for f in CARRIERS if f.name == "kuaidi100"]
    async with opened(folder, **_callback(folder)) as road:
        stars = Receiver("张**", "1**********", "CN", "浙江省", "杭州市", "余杭区", "文***", token="T", is_masked=True)
        tried = await road.send("pickup", await _pickup(road), receiver=stars)
        assert (tried.error, road.simulator.pickups) == ("masked_receiver", {})


def test_what_a_carrier_does_not_offer_has_its_reason() -> None:
    for name in ("kuaidi100", "kdniao", "sf_express", "jd_logistics", "cainiao"):
        [folder] = [f for f in CARRIERS if f.name == name]
        reasons = (folder.path / "quality.yaml").read_text("utf-8")
        for verb in ("quote", "pickup", "label", *(["pickup_cancel"] if "pickup" in folder.capabilities else [])):
            assert verb in folder.capabilities or f"  {verb}:" in reasons, (name, verb)
        assert "  manifest:" in reasons, name
