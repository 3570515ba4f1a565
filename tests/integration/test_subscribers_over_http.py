"""Webhook endpoints by HTTP: added, tried, changed, switched off, ended; and each try is to be seen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Request, Response

from orderloom.adapters.subscribers.webhook.client import sign
from orderloom.rehearsal.server import serve
from tests.support.api_hub import World, a_world

BASE = "/api/v1/subscribers"


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


@asynccontextmanager
async def a_listener(answers: list[int], heard: list[tuple[dict[str, str], bytes]]) -> AsyncIterator[str]:
    """Somebody's own server: gives these answers one after the other, then 204, and keeps what it heard."""
    app = FastAPI()

    @app.post("/hook")
    async def hook(request: Request) -> Response:
        heard.append((dict(request.headers), await request.body()))
        return Response(status_code=answers.pop(0) if answers else 204)

    async with serve(app, 0) as port:
        yield f"http://127.0.0.1:{port}/hook"


async def test_a_trial_event_shows_each_try_its_answer_and_the_new_secret_signs_it(world: World) -> None:
    heard: list[tuple[dict[str, str], bytes]] = []
    async with a_listener([503], heard) as url, await world.client("admin") as client:
        wish = {"code": "ERP", "url": url, "title": "我们的 ERP", "allow_private": True}
        first = (await client.post(BASE, json=wish)).json()["secret"]
        secret = (await client.post(f"{BASE}/ERP/secret")).json()["secret"]
        pinged = await client.post(f"{BASE}/ERP/ping")
        await world.send()
        delivery = f"/api/v1/deliveries/{pinged.json()['delivery_id']}"
        failed = (await client.get(delivery)).json()
        await world.send()
        done = (await client.get(delivery)).json()
        [listed] = [one for one in (await client.get(BASE)).json()["subscribers"] if one["code"] == "ERP"]
    assert pinged.status_code == 201 and first != secret
    assert (failed["delivery"]["state"], failed["delivery"]["status"]) == ("due", 503)
    assert (done["delivery"]["state"], done["delivery"]["status"], done["delivery"]["attempts"]) == ("done", 204, 2)
    assert [one["error"] for one in done["tries"]] == ["not_now: HTTP 503"]
    head, body = heard[-1]
    assert json.loads(body)["type"] == "hub.ping"
    signed = sign(secret, head["webhook-id"], int(head["webhook-timestamp"]), body)
    assert head["webhook-signature"] == signed
    assert (listed["title"], listed["waiting"], listed["is_private"]) == ("我们的 ERP", 0, True)
    assert listed["heard_at"] and "whsec_" not in json.dumps(listed)


async def test_one_that_is_off_is_not_pinged_and_an_ended_one_is_gone_with_what_waited(world: World) -> None:
    async with await world.client("admin") as client:
        await client.post(BASE, json={"code": "ERP", "url": "http://127.0.0.1:9/hook", "allow_private": True})
        waiting = (await client.post(f"{BASE}/ERP/ping")).json()["delivery_id"]
        changed = await client.put(f"{BASE}/ERP", json={"title": "新名字"})
        assert changed.status_code == 200
        assert (await client.post("/api/v1/accounts/ERP/disable")).status_code == 200
        refused = await client.post(f"{BASE}/ERP/ping")
        [listed] = (await client.get(BASE)).json()["subscribers"]
        assert (await client.delete(f"{BASE}/ERP")).status_code == 200
        again = await client.delete(f"{BASE}/ERP")
        left = (await client.get(f"/api/v1/deliveries/{waiting}")).json()
        back = await client.post("/api/v1/accounts/ERP/enable")
        codes = [one["code"] for one in (await client.get("/api/v1/accounts")).json()["accounts"]]
        gone = (await client.get(BASE)).json()["subscribers"]
    assert (refused.status_code, refused.json()["code"]) == (409, "not_possible")
    assert (listed["title"], listed["is_active"], listed["waiting"]) == ("新名字", False, 1)
    assert (again.status_code, back.status_code, gone) == (404, 404, [])
    assert left["delivery"]["state"] == "cancelled" and "ERP" not in codes


async def test_an_address_inside_is_no_way_in_by_a_change(world: World) -> None:
    async with await world.client("accounts:write") as client:
        await client.post(BASE, json={"code": "ERP", "url": "https://erp.example/hook"})
        refused = await client.put(f"{BASE}/ERP", json={"url": "http://127.0.0.1:9/hook"})
        asked = await client.put(f"{BASE}/ERP", json={"url": "http://127.0.0.1:9/hook", "allow_private": True})
        none = await client.put(f"{BASE}/NONE", json={"title": "x"})
    assert (refused.status_code, asked.status_code, none.status_code) == (422, 403, 404)


async def test_who_sees_less_cannot_have_anothers_events_sent_to_their_own_address(world: World) -> None:
    async with await world.client("admin") as admin, await world.user("operations") as client:
        wish = {"code": "ALL", "url": "https://erp.example/hook", "role": "management", "limits": {}}
        assert (await admin.post(BASE, json=wish)).status_code == 201
        assert (await client.post(BASE, json={"code": "OWN", "url": "https://erp.example/own"})).status_code == 201
        taken = await client.put(f"{BASE}/ALL", json={"url": "https://evil.example/hook"})
        own = await client.put(f"{BASE}/OWN", json={"url": "https://erp.example/other"})
        named = await client.put(f"{BASE}/ALL", json={"title": "x"})
        listed = {one["code"]: one for one in (await admin.get(BASE)).json()["subscribers"]}
    assert (taken.status_code, own.status_code, named.status_code) == (403, 200, 200)
    assert listed["ALL"]["url"] == "https://erp.example/hook" and listed["ALL"]["role"] == "management"
    assert listed["OWN"]["url"] == "https://erp.example/other" and listed["OWN"]["role"] == "operations"
