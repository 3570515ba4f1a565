"""A courier that nobody needs any more: called off once, by people or by itself, and never one that has the box."""

from __future__ import annotations

from typing import Any

from orderloom.application import commands as c
from orderloom.application.unbook_pickup import Unbooker
from orderloom.application.void_label import Voider
from orderloom.domain.actor import connector
from orderloom.domain.draft import TrackEntry, TrackReport
from tests.support.street import Street, street

__all__ = ["street"]
BY = {"account": "YT01", "carrier": "圆通"}


async def _booked(street: Street, client: Any, by: dict[str, str], *, label: bool = False) -> str:
    """A courier that comes for the box; the work's address."""
    url = f"/api/v1/works/{street.number}"
    if label:
        await client.post(f"{url}/label", json=by)
        await street.world.send()
    told = await client.post(f"{url}/pickup", json=street.window() | by)
    assert told.json()["state"] == "asked", told.text
    await street.world.send()
    assert street.world.rows("select state from pickup") == [("booked",)]
    return url


async def test_a_courier_is_called_off_by_a_person_once_and_the_box_gets_another(street: Street) -> None:
    kdniao = street.carriers["YT01"]
    async with await street.world.client("admin") as client:
        nobody = await client.post(f"/api/v1/works/{street.number}/pickup/cancel", json={})
        assert (nobody.status_code, nobody.json()["code"]) == (409, "pickup_not_booked")
        url = await _booked(street, client, BY)
        kdniao.fault("lost_answer", on="1004")
        asked = (await client.post(f"{url}/pickup/cancel", json={"reason": "明天再寄"})).json()
        assert (asked["state"], asked["is_known"]) == ("cancelling", False), asked
        again = (await client.post(f"{url}/pickup/cancel", json={})).json()
        assert (again["state"], again["is_known"]) == ("cancelling", True), "asked for again it is the same request"
        await street.world.send(2)
        assert (len(kdniao.pickups), len(kdniao.called_off)) == (0, 1)
        off = (await client.post(f"{url}/pickup/cancel", json={})).json()
        assert (off["state"], off["is_known"]) == ("cancelled", True), "what is off already is done"
        assert street.world.rows("select count(*) from delivery where kind = 'pickup_cancel'") == [(1,)]
        told = (await client.get(f"/api/v1/orders/{street.world.order_ids[0]}/trace")).text
        assert "pickup_unwanted" in told and "pickup_called_off" in told and "明天再寄" in told
        await client.post(f"{url}/pickup", json=street.window() | BY)
        await street.world.send()
        old, new = (await client.get(f"{url}/pickups")).json()["pickups"]
        assert (old["state"], new["number"], new["state"]) == ("cancelled", f"{old['number']}2", "booked")
        assert len(kdniao.pickups) == 1
    async with await street.world.client("orders:read") as client:
        assert (await client.post(f"{url}/pickup/cancel", json={})).status_code == 403


async def test_a_courier_that_the_carrier_does_not_call_off_is_a_case_with_its_words(street: Street) -> None:
    kuaidi = street.carriers["KD01"]
    async with await street.world.client("admin") as client:
        url = await _booked(street, client, {"account": "KD01", "carrier": "圆通"})
        [task] = kuaidi.pickups
        kuaidi.refuse(task, "快递员已揽收")
        await client.post(f"{url}/pickup/cancel", json={})
        await street.world.send()
        [pickup] = (await client.get(f"{url}/pickups")).json()["pickups"]
        assert pickup["state"] == "booked" and "快递员已揽收" in pickup["error"], "it comes, and says why"
        [case] = [x for x in (await client.get("/api/v1/cases")).json()["cases"] if x["kind"] == "delivery_refused"]
        assert "快递员已揽收" in (await client.get(f"/api/v1/cases/{case['id']}")).text
        kuaidi.refuse(task, "")
        kuaidi.call_off(task)  # somebody did it in the platform's back office
        [(stuck,)] = street.world.rows("select id::text from delivery where kind = 'pickup_cancel'")
        assert (await client.post(f"/api/v1/deliveries/{stuck}/resend")).status_code == 200
        await street.world.send(2)
        assert street.world.rows("select state from pickup") == [("cancelled",)], "what is gone there is done"


async def test_a_courier_that_has_the_box_is_not_called_off(street: Street) -> None:
    async with await street.world.client("admin") as client:
        url = await _booked(street, client, BY, label=True)
        [(waybill,)] = street.world.rows("select waybill from label")
        assert (await client.post(f"{url}/out", json={"waybill": waybill, "carrier": "圆通"})).status_code == 200
        at = street.world.hub.now()
        account = (await street.world.hub.directory()).account_by_code("YT01")
        assert account is not None
        scan = TrackReport("yuantong", waybill, (TrackEntry("1", "collected", at, "已揽收", "杭州"),))
        await street.world.hub.handler.handle([
            c.TrackParcel(actor=connector("YT01"), account_id=account.id, report=scan)])
        late = await client.post(f"{url}/pickup/cancel", json={})
        assert (late.status_code, late.json()["code"]) == (409, "collected_already"), late.text
        assert street.world.rows("select state from pickup") == [("booked",)]
        assert street.world.rows("select count(*) from delivery where kind = 'pickup_cancel'") == [(0,)]


async def test_a_courier_that_is_part_of_a_label_is_off_with_it_and_not_alone(street: Street) -> None:
    sf = street.carriers["SF01"]
    async with await street.world.client("admin") as client:
        url = await _booked(street, client, {"account": "SF01"}, label=True)
        alone = await client.post(f"{url}/pickup/cancel", json={})
        assert alone.json()["code"] == "pickup_of_label" and "unlabel" in alone.json()["detail"], alone.text
        await client.post(f"{url}/label/cancel", json={})
        await street.world.send()
        assert street.world.rows("select state, is_unwanted from pickup") == [("cancelled", False)] and not sf.pickups
        assert await Unbooker(street.world.hub).step() == 0, "nothing is asked for"
        await client.post(f"{url}/label", json={"account": "SF01"})
        await street.world.send()
        assert (await client.post(f"{url}/pickup", json=street.window())).json()["state"] == "asked"
        await street.world.send()
        assert len(sf.pickups) == 1, "the new label has a courier of its own"


async def test_a_label_given_back_calls_off_the_courier_that_was_booked_for_it_and_no_other(street: Street) -> None:
    kdniao, unbooker = street.carriers["YT01"], Unbooker(street.world.hub)
    async with await street.world.client("admin") as client:
        url = await _booked(street, client, BY, label=True)
        await client.post(f"{url}/pickup", json=street.window() | BY | {"box": 2})
        await street.world.send()
        assert len(kdniao.pickups) == 2 and await unbooker.step() == 0
        await client.post(f"{url}/label/cancel", json={})
        assert await unbooker.step() == 0, "the label is not back yet"
        await street.world.send()
        assert await unbooker.step() == 1 and await unbooker.step() == 0
        await street.world.send()
        assert street.world.rows("select box, state, is_unwanted from pickup order by box") == [
            (1, "cancelled", False), (2, "booked", False)]
        assert len(kdniao.pickups) == len(kdniao.called_off) == 1


async def test_no_courier_is_sent_for_a_label_that_is_being_given_back(street: Street) -> None:
    kdniao = street.carriers["YT01"]
    async with await street.world.client("admin") as client:
        url = f"/api/v1/works/{street.number}"
        await client.post(f"{url}/label", json=BY)
        await street.world.send()
        await client.post(f"{url}/pickup", json=street.window())
        await client.post(f"{url}/label/cancel", json={})
        await street.world.send(2)
        assert not kdniao.pickups and street.world.rows("select state from pickup") == [("given_up",)]
        told = street.world.rows("select state from delivery where kind in ('pickup', 'label_cancel') order by kind")
        assert told == [("done",), ("cancelled",)]


async def test_work_that_is_cancelled_is_fetched_by_nobody_whenever_that_happens(street: Street) -> None:
    kuaidi, kdniao = street.carriers["KD01"], street.carriers["YT01"]
    unbooker = Unbooker(street.world.hub)
    async with await street.world.client("admin") as client:
        url = await _booked(street, client, {"account": "KD01", "carrier": "圆通"})
        kdniao.fault("status_500")
        await client.post(f"{url}/pickup", json=street.window() | BY | {"box": 2})
        await street.world.send()  # asked, and not answered
        await client.post(f"{url}/pickup", json=street.window() | BY | {"box": 3})
        cancelled = await client.post(f"/api/v1/orders/{street.world.order_ids[0]}/cancel", json={"reason": "不要了"})
        assert cancelled.status_code == 200
        assert await unbooker.step() == 1
        await street.world.send(2)
        assert await unbooker.step() == 1, "what was booked after all"
        await street.world.send()
        assert await Voider(street.world.hub).step() == 0 == await unbooker.step()
        assert street.world.rows("select box, state from pickup order by box") == [
            (1, "cancelled"), (2, "cancelled"), (3, "given_up")]
        assert not kuaidi.pickups and not kdniao.pickups
