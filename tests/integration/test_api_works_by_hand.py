"""Work done by hand over HTTP: who may see and report it, what is refused, and what can be printed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


async def _works(client: httpx2.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/works", params=asked)
    assert answer.status_code == 200, answer.text
    works: list[dict[str, Any]] = answer.json()["works"]
    return works


async def test_the_warehouse_picks_packs_and_sends_and_the_order_is_shipped(world: World) -> None:
    async with await world.client("orders:read", "stock:read", "cases:read", "stock:write") as client:
        first, second, third = await _works(client, warehouse="HZ")
        assert [w["order_id"] for w in (first, second, third)] == sorted(world.order_ids), "oldest first"
        url = f"/api/v1/works/{first['number']}"
        for step in ("picked", "packed"):
            assert (await client.post(f"{url}/{step}", json={})).json()["is_known"] is False
        assert [w["number"] for w in await _works(client, state="packed")] == [first["number"]]
        told = {"waybill": "SF1001", "carrier": "顺丰", "units": {"M-001": 1}}
        assert (await client.post(f"{url}/out", json=told)).json() == {
            "number": first["number"], "order_id": first["order_id"], "is_known": False}
        assert (await client.post(f"{url}/out", json=told)).json()["is_known"] is True
        order = (await client.get(f"/api/v1/orders/{first['order_id']}")).json()
        assert order["order"]["stage"] == "shipped" and [p["carrier"] for p in order["parcels"]] == ["shunfeng"]
        assert [w["number"] for w in await _works(client)] == [second["number"], third["number"]]
        pages = (await client.get("/api/v1/works", params={"limit": 1})).json()
        assert (await _works(client, cursor=pages["next"]))[0]["number"] == third["number"]


async def test_who_may_not_report_is_refused_and_nothing_is_changed(world: World) -> None:
    async with await world.client("orders:read", "orders:write") as client:
        number = (await _works(client))[0]["number"]
        assert (await client.post(f"/api/v1/works/{number}/picked", json={})).status_code == 403
    async with await world.client("stock:write") as client:
        assert (await client.get("/api/v1/works")).status_code == 403
    async with await world.client("orders:read") as client:
        assert (await _works(client))[0]["state"] == "to_pick"


async def test_a_refused_report_says_what_is_in_the_way(world: World) -> None:
    async with await world.client("admin") as client:
        number = (await _works(client))[0]["number"]
        url = f"/api/v1/works/{number}/out"
        answers = [await client.post("/api/v1/works/NOWHERE-1/picked", json={}), *[
            await client.post(url, json=wish) for wish in (
                {"waybill": "SF1"}, {"waybill": "SF1", "carrier": "飞毛腿"}, {"waybill": "S1,S2", "carrier": "SF"},
                {"units": {"M-001": 9}}, {"units": {"M-001": 0}}, {"waybill": "SF1", "carrier": "SF", "what": 1})]]
        assert [(a.status_code, a.json()["code"]) for a in answers] == [
            (404, "no_such_work"), (409, "no_carrier"), (409, "unknown_carrier"), (409, "wrong_waybill"),
            (409, "wrong_units"), (422, "wrong_value"), (422, "wrong_value")]
        assert "M-001=1" in answers[4].json()["detail"]
        await client.post(f"/api/v1/orders/{min(world.order_ids)}/hold", json={"type": "manual", "reason": "x"})
        held = await client.post(url, json={})
        assert held.json()["code"] == "work_cancelled" and "--reason" in held.json()["detail"]
        assert number not in [w["number"] for w in await _works(client)]


async def test_lists_and_slips_show_the_receiver_only_with_right_and_reason_and_write_it_down(world: World) -> None:
    async with await world.client("orders:read", "pii:read") as client:
        work = (await _works(client))[0]
        url = f"/api/v1/works/{work['number']}"
        assert work["receiver"]["is_masked"] is True
        masked = (await client.get(url, params={"form": "text"})).text
        seen = await client.get(url, params={"form": "text"}, headers={"X-Unmask-Reason": "label"})
        assert seen.headers["content-type"].startswith("text/plain")
        sheet = await client.get(url, params={"form": "csv"}, headers={"X-Unmask-Reason": "label"})
        picks = await client.get("/api/v1/works/pick-list", params={"form": "csv", "number": [work["number"]]})
        unknown = await client.get("/api/v1/works/pick-list", params={"number": ["NOWHERE-1"]})
    async with await world.client("orders:read") as client:
        assert (await client.get(url, headers={"X-Unmask-Reason": "label"})).status_code == 403
    with psycopg.connect(world.dsn) as connection:
        written = connection.execute("select order_id::text, reason from unmasking").fetchall()
        name = connection.execute("select count(*) from unmasking where reason = 'label'").fetchone()
    assert written == [(work["order_id"], "label")] * 2 and name == (2,)
    assert seen.text != masked and "***" in masked and "***" not in seen.text
    assert sheet.text.splitlines()[0].startswith("作业单,订单号")
    assert "M-001" in picks.text and (unknown.status_code, unknown.json()["code"]) == (404, "no_such_work")


async def test_whoever_packs_by_hand_reads_the_address_until_the_goods_are_out_and_others_do_not(world: World) -> None:
    unmask = {"X-Unmask-Reason": "label"}
    for role in ("finance", "management"):
        async with await world.user(role) as client:
            work = (await _works(client))[0]
            assert (await client.get(f"/api/v1/works/{work['number']}", headers=unmask)).status_code == 403, role
    async with await world.user("warehouse") as client:
        url = f"/api/v1/works/{work['number']}"
        assert (await client.get(url, headers=unmask)).json()["receiver"]["is_masked"] is False
        assert (await client.get(f"/api/v1/orders/{work['order_id']}", headers=unmask)).status_code == 403
        assert (await client.post(f"{url}/out", json={"waybill": "SF1", "carrier": "SF"})).status_code == 200
        assert (await client.get(url, headers=unmask)).status_code == 403
        assert (await client.get(url)).json()["receiver"]["is_masked"] is True


async def test_a_note_that_a_spreadsheet_would_run_is_shown_as_text(world: World) -> None:
    (order_id,) = await world.record(1, note='=HYPERLINK("http://evil","x")')
    async with await world.client("admin") as client:
        number = next(w["number"] for w in await _works(client) if w["order_id"] == order_id)
        sheet = (await client.get(f"/api/v1/works/{number}", params={"form": "csv"})).text
    assert "\"'=HYPERLINK" in sheet


async def test_work_that_a_system_has_in_hand_is_neither_listed_nor_reported(world: World) -> None:
    with psycopg.connect(world.dsn) as connection:
        connection.execute("update work set account_id = (select id from account where code = 'XLS')"
                           " where order_id = %s", (world.order_ids[0],))
    async with await world.client("admin") as client:
        assert world.order_ids[0] not in [w["order_id"] for w in await _works(client, state="any")]
        order = (await client.get(f"/api/v1/orders/{world.order_ids[0]}")).json()
        answer = await client.post(f"/api/v1/works/{order['works'][0]['number']}/out", json={})
    assert (answer.status_code, answer.json()["code"], answer.json()["facts"]["system"]) == (409, "has_system", "XLS")
