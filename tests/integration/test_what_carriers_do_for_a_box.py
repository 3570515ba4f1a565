"""A box at carriers' doors: prices, couriers, labels given back - each once, and none for work that was cancelled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orderloom.application.void_label import Voider
from tests.support.street import CODES, Street, street

__all__ = ["street"]


async def test_prices_of_several_carriers_stand_side_by_side_and_nothing_is_bought(street: Street) -> None:
    async with await street.world.client("orders:read") as client:
        url = f"/api/v1/works/{street.number}/prices"
        found = (await client.get(url, params={"weight_g": 1_520, "carrier": "圆通"})).json()["prices"]
        assert {one["account"] for one in found} == set(CODES) and all(one["currency"] == "CNY" for one in found)
        amounts = [one["amount"] for one in found]
        assert amounts == sorted(amounts) and min(amounts) >= 1_000, "minor units, the cheapest first"
        without = (await client.get(url, params={"account": "KD01"})).json()["prices"]
        assert without[0]["amount"] is None and "carrier" in without[0]["error"]
        street.carriers["YT01"].fault("status_500", 1)
        found = (await client.get(url, params={"carrier": "圆通"})).json()["prices"]
        assert found[-1]["account"] == "YT01" and found[-1]["error"] and found[0]["amount"]
        assert (await client.get(url, params={"account": "SH01"})).json()["code"] == "no_quote_account"
        assert (await client.get("/api/v1/works/NOWHERE-1/prices")).status_code == 404
    assert not any(one.labels.sold or one.pickups for one in street.carriers.values())
    assert street.world.rows("select count(*) from delivery where kind in ('label', 'pickup')") == [(0,)]


async def test_a_courier_is_booked_once_though_the_answer_was_lost(street: Street) -> None:
    sf = street.carriers["SF01"]
    async with await street.world.client("admin") as client:
        url = f"/api/v1/works/{street.number}"
        await client.post(f"{url}/label", json={"account": "SF01"})
        await street.world.send()
        sf.fault("lost_answer", on="UPDATE")
        wish = street.window()
        first = (await client.post(f"{url}/pickup", json=wish)).json()
        assert (first["state"], first["account"], first["is_known"]) == ("asked", "SF01", False), first
        await street.world.send(2)
        [booked] = (await client.get(f"{url}/pickups")).json()["pickups"]
        assert (booked["state"], len(sf.pickups)) == ("booked", 1), booked
        again = (await client.post(f"{url}/pickup", json=wish)).json()
        assert (again["state"], again["is_known"]) == ("booked", True)
        await street.world.send()
        assert len(sf.pickups) == 1
        other = await client.post(f"{url}/pickup", json=wish | {"account": "KD01", "carrier": "圆通"})
        assert other.json()["code"] == "label_of_another"
        last = {"from_at": "9999-12-31T00:00:00Z", "until_at": "9999-12-31T23:00:00Z"}
        backwards = {"from_at": wish["until_at"], "until_at": wish["from_at"]}
        for wrong, code in ((street.window(days=30), "wrong_pickup"), (last, "wrong_value"),
                            (backwards, "wrong_pickup")):
            told = await client.post(f"{url}/pickup", json=wrong | {"box": 2, "account": "YT01", "carrier": "圆通"})
            assert told.json()["code"] == code, told.text
        night = {"from_at": f"{wish['from_at'][:10]}T23:30:00+08:00",
                 "until_at": f"{street.window(days=1)['from_at'][:10]}T01:00:00+08:00"}
        over = wish | night
        late = await client.post(f"{url}/pickup", json=over | {"box": 2, "account": "YT01", "carrier": "圆通"})
        assert late.json()["code"] == "pickup_over_midnight", late.text
        naive = wish | {"from_at": "2026-11-26T10:00:00"}
        assert (await client.post(f"{url}/pickup", json=naive)).status_code == 422
    async with await street.world.client("orders:read") as client:
        assert (await client.post(f"{url}/pickup", json=wish)).status_code == 403


async def test_a_booking_that_nobody_can_be_asked_for_is_a_persons_question(street: Street) -> None:
    kuaidi = street.carriers["KD01"]
    async with await street.world.client("admin") as client:
        url = f"/api/v1/works/{street.number}/pickup"
        kuaidi.fault("lost_answer", on="order")
        wish = street.window() | {"account": "KD01", "carrier": "圆通"}
        await client.post(url, json=wish)
        await street.world.send(4)
        assert street.world.rows("select state, split_part(error, ':', 1) from pickup") == [("in_doubt", "in_doubt")]
        assert len(kuaidi.pickups) == 1, "never a second courier"
        assert (await client.post(url, json=wish)).json()["state"] == "in_doubt"
        [(stuck, answer)] = street.world.rows("select id::text, answer from delivery where state = 'parked'")
        assert answer == "", "what is answered of it may name the receiver"
        given = await client.post(f"/api/v1/deliveries/{stuck}/give-up", json={"reason": "后台查过，没有预约"})
        assert given.status_code == 200 and street.world.rows("select state from pickup") == [("given_up",)]
        kuaidi.pickups.clear()
        assert (await client.post(url, json=wish)).json()["state"] == "asked"
        await street.world.send()
        assert street.world.rows("select state from pickup") == [("booked",)] and len(kuaidi.pickups) == 1


async def test_a_courier_in_doubt_is_not_sent_for_twice_because_somebody_sends_it_again(street: Street) -> None:
    kuaidi = street.carriers["KD01"]
    async with await street.world.client("admin") as client:
        kuaidi.fault("lost_answer", on="order")
        await client.post(f"/api/v1/works/{street.number}/pickup",
                          json=street.window() | {"account": "KD01", "carrier": "圆通"})
        await street.world.send(3)
        [(stuck, since)] = street.world.rows("select id::text, created_at from delivery where state = 'parked'")
        span = {"account": "KD01", "since": since.isoformat(), "until": (since + timedelta(hours=1)).isoformat()}
        for again in (client.post(f"/api/v1/deliveries/{stuck}/resend"),
                      client.post("/api/v1/deliveries/resend", json=span | {"states": ["parked"]})):
            assert (told := await again).status_code == 200, told.text
            await street.world.send(2)
            assert len(kuaidi.pickups) == 1 and street.world.rows("select state from pickup") == [("in_doubt",)]


async def test_a_label_is_given_back_by_a_person_and_the_box_gets_another(street: Street) -> None:
    sf = street.carriers["SF01"]
    async with await street.world.client("admin") as client:
        url = f"/api/v1/works/{street.number}"
        assert (await client.post(f"{url}/label/cancel", json={})).json()["code"] == "label_not_bought"
        await client.post(f"{url}/label", json={"account": "SF01"})
        await street.world.send()
        sf.fault("lost_answer", on="UPDATE")
        asked = (await client.post(f"{url}/label/cancel", json={"reason": "换承运商"})).json()
        assert asked["state"] == "cancelling"
        assert (await client.post(f"{url}/label/cancel", json={})).json()["code"] == "label_not_bought"
        assert (await client.post(f"{url}/label", json={"account": "YT01", "carrier": "圆通"})).json()["code"] \
            == "label_stands", "no second one while nobody knows whether the first is void"
        await street.world.send(2)
        assert [one.is_cancelled for one in sf.labels.sold.values()] == [True]
        [label] = (await client.get(f"{url}/labels")).json()["labels"]
        assert (label["state"], label["has_print"]) == ("cancelled", False)
        await client.post(f"{url}/label", json={"account": "SF01"})
        await street.world.send()
        old, new = (await client.get(f"{url}/labels")).json()["labels"]
        assert new["number"] == f"{old['number']}V2" and new["state"] == "bought" and new["waybill"] != old["waybill"]
        listed = await client.get("/api/v1/works/handover", params={"account": "SF01", "form": "csv"})
        assert new["waybill"] in listed.text and old["waybill"] not in listed.text
        assert (await client.post(f"{url}/out", json={})).status_code == 200
        late = await client.post(f"{url}/label/cancel", json={})
        assert late.json()["code"] == "out_already", "what has left is not void"
        for wrong in ("0001-01-01", "9999-12-31"):
            asked = await client.get("/api/v1/works/handover", params={"account": "SF01", "day": wrong})
            assert asked.status_code == 422
        day = (await client.get("/api/v1/works/handover", params={"account": "SF01"})).json()
        assert [(row["waybill"], row["is_out"]) for row in day["rows"]] == [(new["waybill"], True)]


async def test_a_label_that_was_used_while_it_is_given_back_stays_good(street: Street) -> None:
    sf = street.carriers["SF01"]
    async with await street.world.client("admin") as client:
        url = f"/api/v1/works/{street.number}"
        await client.post(f"{url}/label", json={"account": "SF01"})
        await street.world.send()
        [label] = (await client.get(f"{url}/labels")).json()["labels"]
        assert (await client.post(f"{url}/label/cancel", json={})).json()["state"] == "cancelling"
        out = await client.post(f"{url}/out", json={"waybill": label["waybill"].lower(), "carrier": "顺丰"})
        assert out.status_code == 200, out.text
        await street.world.send(2)
        assert [one.is_cancelled for one in sf.labels.sold.values()] == [False], "its parcel is on the way"
        assert street.world.rows("select state from label") == [("bought",)]
        [gone] = street.world.rows("select id::text from delivery where kind = 'label_cancel' and state = 'cancelled'")
        assert (await client.post(f"/api/v1/deliveries/{gone[0]}/resend")).json()["code"] == "nothing_to_resend"


async def test_a_label_that_the_carrier_keeps_stays_bought(street: Street) -> None:
    sf = street.carriers["SF01"]
    async with await street.world.client("admin") as client:
        url = f"/api/v1/works/{street.number}"
        await client.post(f"{url}/label", json={"account": "SF01"})
        await street.world.send()
        sf.refuse(f"{street.number}-1", "快件已揽收")
        await client.post(f"{url}/label/cancel", json={})
        await street.world.send()
        [label] = (await client.get(f"{url}/labels")).json()["labels"]
        assert label["state"] == "bought" and "快件已揽收" in label["error"]
        [case] = [x for x in (await client.get("/api/v1/cases")).json()["cases"] if x["kind"] == "delivery_refused"]
        assert case


@pytest.mark.parametrize("moment", ["before_it_was_sent", "while_it_is_asked", "after_it_was_bought"])
async def test_work_that_is_cancelled_keeps_no_label_whenever_that_happens(street: Street, moment: str) -> None:
    sf = street.carriers["SF01"]
    voider = Voider(street.world.hub)
    async with await street.world.client("admin") as client:
        await client.post(f"/api/v1/works/{street.number}/label", json={"account": "SF01"})
        if moment == "after_it_was_bought":
            await street.world.send()
        if moment == "while_it_is_asked":
            sf.fault("status_500")
            await street.world.send()
        cancelled = await client.post(f"/api/v1/orders/{street.world.order_ids[0]}/cancel", json={"reason": "不要了"})
        assert cancelled.status_code == 200
        await street.world.send(2)
        if moment == "before_it_was_sent":
            assert not sf.labels.sold and await voider.step() == 0
            assert street.world.rows("select state from label") == [("given_up",)]
            return
        assert len(sf.labels.sold) == 1 and await voider.step() == 1 and await voider.step() == 0
        await street.world.send()
        assert [one.is_cancelled for one in sf.labels.sold.values()] == [True]
        assert street.world.rows("select state, is_unwanted from label") == [("cancelled", False)]


