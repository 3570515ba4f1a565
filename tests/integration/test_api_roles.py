"""What the blueprint draws of roles holds over HTTP: who lifts which hold, and who presses which button."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.application import commands as c
from orderloom.domain.draft import TrackEntry, TrackReport
from tests.support.api_hub import TEST, World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


async def _ask(client: httpx2.AsyncClient, order_id: str, what: str, **body: Any) -> tuple[int, str]:
    answer = await client.post(f"/api/v1/orders/{order_id}/{what}", json={"reason": "asked", **body})
    return answer.status_code, answer.json().get("code", "")


async def _show(client: httpx2.AsyncClient, order_id: str) -> Any:
    return (await client.get(f"/api/v1/orders/{order_id}")).json()


@pytest.mark.parametrize(("hold", "may_not", "may"), [
    ("amount_mismatch", ("service", "operations", "warehouse", "management"), "finance"),
    ("fraud", ("service", "operations", "finance", "warehouse"), "management"),
    ("address_unsure", ("finance", "warehouse", "management"), "service"),
])
async def test_a_hold_is_lifted_by_those_whom_the_blueprint_names_and_by_nobody_else(
    world: World, hold: str, may_not: tuple[str, ...], may: str
) -> None:
    order_id = world.order_ids[0]
    async with await world.client("admin") as client:
        assert (await _ask(client, order_id, "hold", type=hold))[0] == 200
    for role in may_not:
        async with await world.user(role) as client:
            assert await _ask(client, order_id, "release", hold_no=1) == (403, "not_allowed"), role
            assert (await _show(client, order_id))["holds"][0]["released_at"] is None
    async with await world.user(may) as client:
        assert await _ask(client, order_id, "release", hold_no=1) == (200, "")
        hold_now = (await _show(client, order_id))["holds"][0]
    assert hold_now["released_by"].startswith(f"user:{may}-user")


async def test_a_button_is_pressed_by_those_to_whom_it_is_shown_and_by_nobody_else(world: World) -> None:
    (order_id,) = await world.record(1, currency="CNY")
    async with await world.client("admin") as client:
        number = (await client.get("/api/v1/works")).json()["works"]
        work = next(w["number"] for w in number if w["order_id"] == order_id)
        await client.post(f"/api/v1/works/{work}/out", json={"waybill": "SF1", "carrier": "SF"})
    for role, buttons in (("warehouse", []), ("finance", []), ("operations", []), ("service", ["confirm", "close"])):
        async with await world.user(role) as client:
            assert (await _show(client, order_id))["actions"] == buttons, role
            answers = [await _ask(client, order_id, f"actions/{x}") for x in ("confirm", "close", "accept_return")]
            expected = (403, "not_allowed")
            assert answers == ([expected, expected, (409, "too_late")] if not buttons else
                               [(200, ""), (409, "too_late"), (200, "")]), role
    async with await world.client("orders:read") as client:
        assert (await _show(client, order_id))["actions"] == []
        assert await _ask(client, world.order_ids[0], "cancel") == (403, "no_scope")
    async with await world.client("orders:read", "orders:write") as client:
        assert await _ask(client, order_id, "cancel") == (409, "too_late")
        assert await _ask(client, world.order_ids[0], "actions/teleport") == (409, "unknown_action")


async def test_a_parcel_that_is_lost_goes_again_until_it_arrives(world: World) -> None:
    order_id = world.order_ids[0]
    account = (await world.hub.directory()).account_by_code("SH01")
    assert account is not None

    async def carrier(waybill: str, milestone: str) -> None:
        incident = "refused" if milestone == "returning" else ""
        entry = TrackEntry(code=milestone, milestone=milestone, at=world.hub.now(), incident=incident)
        await world.hub.handle([c.TrackParcel(
            actor=TEST, account_id=account.id, report=TrackReport("shunfeng", waybill, (entry,)))])

    async with await world.user("service") as service, await world.client("admin") as client:
        for turn in (1, 2, 3):
            works = (await client.get("/api/v1/works")).json()["works"]
            work = next(w["number"] for w in works if w["order_id"] == order_id)
            sent = await client.post(f"/api/v1/works/{work}/out", json={"waybill": f"SF{turn}", "carrier": "SF"})
            assert sent.status_code == 200, sent.text
            if turn < 3:
                await carrier(f"SF{turn}", "lost" if turn == 1 else "returning")
                assert "reship" in (await _show(service, order_id))["actions"]
                assert await _ask(service, order_id, "reship", parcel=turn) == (200, "")
        await carrier("SF3", "delivered")
        order = await _show(client, order_id)
        assert [(x["incident"], x["blame"]) for p in order["parcels"] for x in p["scans"]] == [
            ("", ""), ("refused", "receiver"), ("", "")]
        level = (await client.get("/api/v1/stock", params={"sku": "M-001"})).json()["levels"][0]
    assert order["order"]["stage"] == "completed" and len(order["parcels"]) == 3
    assert level["on_hand"] == 997 and level["allocated"] == 1
