"""Notifications over HTTP: who was told what, acknowledging, taking, and addresses that nobody reads back in clear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderloom.application.notify import Notifier
from orderloom.application.sending import Deliverer
from tests.support.api_hub import World, a_world
from tests.support.ears import an_ear
from tests.support.notified import Notified

PHONE = "13812345678"


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


async def turn(world: World) -> None:
    """One round of a worker."""
    await Notifier(world.hub).step()
    deliverer = Deliverer(world.hub)
    await deliverer.step()
    await deliverer.drain()


async def test_a_case_is_told_listed_acknowledged_and_taken(world: World) -> None:
    people = Notified(world.hub, world.hub.now)  # type: ignore[arg-type]
    async with an_ear("wecom", world.hub.now) as at:
        await people.messenger("WC01", "wecom", at.base_url, at.credentials)
        await people.cases("oversold", ["sku-1", "sku-2"])
        await turn(world)
        assert len(at.ear.heard) == 2
        async with await world.client("cases:read", "cases:write") as client:
            found = (await client.get("/api/v1/notifications", params={"state": "sent"})).json()["notifications"]
            one = (await client.get("/api/v1/notifications", params={"limit": 1})).json()
            rest = (await client.get("/api/v1/notifications", params={"cursor": one["next"]})).json()
            assert [n["id"] for n in one["notifications"] + rest["notifications"]] == [n["id"] for n in found]
            assert {(n["rule"], n["recipient"], n["account"], n["together"]) for n in found} == {
                ("critical_case", "*", "WC01", 1)}
            done = await client.post(f"/api/v1/notifications/{found[0]['id']}/acknowledge")
            assert (done.status_code, done.json()["acknowledged"]) == (200, 1)
            taken = await client.post(f"/api/v1/cases/{found[1]['case_id']}/take")
            assert taken.json()["taken_by"] == "token:test" and taken.json()["history"][0]["kind"] == "taken"
            by = (await client.get("/api/v1/notifications", params={"case": found[1]["case_id"]})).json()
            assert by["notifications"][0]["acknowledged_by"] == "token:test"
            nothing = await client.post("/api/v1/notifications/0192f0c0-0000-7000-8000-000000000000/acknowledge")
            assert nothing.status_code == 404


async def test_an_address_is_encrypted_masked_and_sent_to_and_the_key_can_be_changed(world: World) -> None:
    people = Notified(world.hub, world.hub.now)  # type: ignore[arg-type]
    async with an_ear("sms", world.hub.now) as at:
        await people.messenger("SM01", "sms", at.base_url, at.credentials, **at.settings)
        async with await world.client("accounts:write", "cases:read") as client:
            put = await client.put("/api/v1/recipients/management/SM01", json={"address": PHONE})
            assert put.json() == {"recipient": "management", "account": "SM01", "address": "138****5678"}
            wish = {"account": "SM01", "recipient": "management"}
            sent = await client.post("/api/v1/notifications/trial", json=wish)
            assert sent.status_code == 201
            await turn(world)
            assert [heard["to"] for heard in at.ear.heard] == [PHONE]
            everything = (await client.get("/api/v1/recipients")).text
            for table in ("recipient_address", "delivery", "telling", "notice"):
                everything += str(await people.ask(f"select t::text from {table} t"))
            assert PHONE not in everything and "138****5678" in everything
            gone = await client.delete("/api/v1/recipients/management/SM01")
            again = await client.post("/api/v1/notifications/trial", json=wish)
            assert (gone.status_code, again.status_code) == (200, 404)


@pytest.mark.parametrize(("recipient", "account", "address", "status", "said"), [
    ("managment", "SM01", PHONE, 404, "management"), ("management", "SM1", PHONE, 404, "SM01"),
    ("management", "SH01", PHONE, 404, "SM01"), ("management", "SM01", "1\n2", 422, "address"),
    ("management", "SM01", "x" * 201, 422, "address"), ("management", "SM01", "-", 422, "SM01"),
    ("management", "RO01", PHONE, 422, "RO01"),
])
async def test_an_address_that_cannot_be_is_refused_with_what_was_meant(
    world: World, recipient: str, account: str, address: str, status: int, said: str,
) -> None:
    people = Notified(world.hub, world.hub.now)  # type: ignore[arg-type]
    await people.messenger("SM01", "sms", "http://127.0.0.1:1/", {"access_key_id": "x", "access_key_secret": "y"})
    await people.messenger("RO01", "hook", "http://127.0.0.1:1/", {"secret": "x"})
    async with await world.client("accounts:write") as client:
        answer = await client.put(f"/api/v1/recipients/{recipient}/{account}", json={"address": address})
        put = await client.put("/api/v1/recipients/management/RO01", json={"address": "-"})
        trial = await client.post("/api/v1/notifications/trial", json={"account": "RO01", "recipient": "managment"})
    assert put.status_code == 200 and put.json()["address"] == "-", "a room takes none"
    assert trial.status_code == 404 and "management" in trial.text
    assert answer.status_code == status and said in answer.text and PHONE not in answer.text


async def test_who_may_only_read_takes_acknowledges_and_sets_nothing(world: World) -> None:
    async with await world.client("cases:read") as client:
        nobody = "0192f0c0-0000-7000-8000-000000000000"
        for method, path in (("POST", f"/api/v1/cases/{nobody}/take"), ("GET", "/api/v1/recipients"),
                             ("POST", f"/api/v1/notifications/{nobody}/acknowledge"),
                             ("PUT", "/api/v1/recipients/management/SM01"), ("POST", "/api/v1/notifications/trial")):
            assert (await client.request(method, path, json={"address": "x"})).status_code == 403, path
