"""A label comes out of the printer once: whatever an agent, a network or a printer does, no second one by itself."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import uvicorn

from orderloom.adapters.paper.zpl import from_zpl
from orderloom.adapters.print_agent import PrintAgent, RawPrinter
from tests.integration.test_a_label_is_bought_once import SENDER, connect_carrier, sells_labels
from tests.integration.test_connections_are_bounded import until
from tests.support.api_hub import World, a_world
from tests.support.papers import barcodes
from tests.support.raw_printer import RawPrinterDouble

EVERYWHERE = {"warehouse": ["*"]}


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        await connect_carrier(world, "SF01", SENDER)
        sells_labels(world)
        async with await world.client("admin") as client:
            kept = await client.put("/api/v1/print/printers/PACK-1", json={
                "warehouse": "HZ", "station": "1", "size": "76x130"})
            assert kept.status_code == 200, kept.text
        yield world


async def _bought(world: World, client: httpx2.AsyncClient, at: int = 0) -> str:
    number = str((await client.get("/api/v1/works")).json()["works"][at]["number"])
    assert (await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01", "station": "1"})).is_success
    await world.send(1)
    return number


async def _lease(client: httpx2.AsyncClient, lease: str = "", wait: int = 0) -> dict[str, Any]:
    body = {"printer": "PACK-1", "lease": lease or str(uuid4()), "wait_seconds": wait}
    answer = await client.post("/api/v1/print/lease", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _end(client: httpx2.AsyncClient, job: int, lease: str, result: str) -> httpx2.Response:
    return await client.post(f"/api/v1/print/jobs/{job}/result", json={"lease": lease, "result": result})


def _three_minutes_later(world: World) -> None:
    now = world.hub.now
    world.hub.now = lambda: now() + timedelta(minutes=3)


async def test_a_label_that_is_bought_waits_at_the_stations_printer_and_is_taken_once(world: World) -> None:
    async with await world.user("warehouse", limits=EVERYWHERE) as bench, await world.client("labels:print") as agent:
        number = await _bought(world, bench)
        lease = str(uuid4())
        task = await _lease(agent, lease, wait=5)
        [picture] = from_zpl(base64.b64decode(task["document"]))
        assert picture.size == (608, 1040) and "SF7000000000" in barcodes(picture) and task["form"] == "zpl"
        assert (await _lease(agent, lease))["job"] == task["job"], "an answer that was lost comes again"
        assert (await _lease(agent))["job"] is None, "nobody else gets it"
        assert (await _end(agent, task["job"], str(uuid4()), "printed")).json()["code"] == "lease_over"
        assert (await _end(agent, task["job"], lease, "printed")).json()["is_known"] is False
        assert (await _end(agent, task["job"], lease, "printed")).json()["is_known"] is True
        assert (await _end(agent, task["job"], lease, "failed")).json()["code"] == "lease_over"
        [job] = (await bench.get("/api/v1/print/jobs", params={"state": "any", "work": number})).json()["jobs"]
        assert (job["state"], job["ended_by"], job["about"]) == ("printed", "print-agent", [number, "1", "out"])
        assert (await bench.post("/api/v1/print/lease", json={"printer": "PACK-1", "lease": lease})).status_code == 403
        assert (await agent.get("/api/v1/works")).status_code == 403, "an agent's token takes jobs and nothing else"


async def test_a_label_goes_from_the_carriers_answer_through_an_agent_into_a_printer_on_the_network(
    world: World,
) -> None:
    app = world.app
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    printer = RawPrinterDouble()
    try:
        await until(lambda: server.started)
        address = "http://{}:{}".format(*server.servers[0].sockets[0].getsockname()[:2])
        async with await world.client("admin") as client, await world.client("labels:print") as known:
            token = {"Authorization": known.headers["Authorization"]}
            with httpx2.Client(base_url=address, headers=token) as http:
                agent = PrintAgent(http, "PACK-1", RawPrinter("127.0.0.1", printer.port))
                waiting = asyncio.create_task(asyncio.to_thread(agent.step))
                number = await _bought(world, client)
                job = await waiting
            assert await asyncio.to_thread(printer.is_over.wait, 10)
            assert "SF7000000000" in barcodes(from_zpl(printer.got)[0])
            found = await client.get("/api/v1/print/jobs", params={"state": "printed", "work": number})
            [told] = found.json()["jobs"]
            assert told["id"] == job
    finally:
        server.should_exit = server.force_exit = True
        await serving
        printer.close()


async def test_an_agent_that_dies_prints_nothing_twice_and_a_person_is_asked(world: World) -> None:
    async with await world.user("warehouse", limits=EVERYWHERE) as bench, await world.client("labels:print") as agent:
        await _bought(world, bench)
        lost = str(uuid4())
        first = await _lease(agent, lost)
        _three_minutes_later(world)
        assert (await _lease(agent))["job"] is None, "it may lie in the printer's tray"
        [job] = (await bench.get("/api/v1/print/jobs", params={"state": "unknown"})).json()["jobs"]
        url = f"/api/v1/print/jobs/{first['job']}"
        early = await bench.post(f"{url}/reprint", json={"reason": "没看到"})
        assert early.json()["code"] == "print_not_over", "first somebody looks"
        said = (await bench.post(f"{url}/answer", json={"came_out": False})).json()
        assert job["error"] == "lease_over" and (said["state"], said["error"]) == ("failed", "not_out")
        assert (await _end(agent, first["job"], lost, "printed")).json()["code"] == "lease_over"
        assert (await bench.post(f"{url}/answer", json={"came_out": True})).json()["code"] == "print_not_unknown"
        again = (await bench.post(f"{url}/reprint", json={"reason": "没打出来"})).json()
        assert (again["reprint_of"], again["reason"], again["state"]) == (first["job"], "没打出来", "queued")
        task = await _lease(agent)
        assert task["job"] == again["id"] and task["document"] != first["document"], "it bears 补打"


async def test_an_agent_that_comes_back_late_still_says_what_became_of_it(world: World) -> None:
    async with await world.client("admin") as client, await world.client("labels:print") as agent:
        await _bought(world, client)
        lease = str(uuid4())
        task = await _lease(agent, lease)
        _three_minutes_later(world)
        await _lease(agent)
        assert (await _end(agent, task["job"], lease, "printed")).json()["is_known"] is False
        assert (await client.get("/api/v1/print/jobs")).json()["jobs"] == []


async def test_what_cannot_be_printed_fails_and_holds_up_nothing_behind_it(world: World) -> None:
    async with await world.client("admin") as client, await world.client("labels:print") as agent:
        number = await _bought(world, client)
        assert (await client.post(f"/api/v1/works/{number}/label/cancel", json={})).status_code in (200, 409)
        async with world.hub.pool.connection() as connection:
            await connection.execute("update label set state = 'cancelled'")
        asked = await client.post("/api/v1/print/jobs", json={"printer": "PACK-1", "paper": "slip", "about": [number]})
        assert (asked.json()["paper"], asked.json()["size"]) == ("slip", "76x130")
        assert (await _lease(agent))["job"] is None
        assert (await _lease(agent))["job"] == asked.json()["id"]
        [failed] = (await client.get("/api/v1/print/jobs", params={"state": "failed"})).json()["jobs"]
        assert failed["error"] == "not_found"


async def test_papers_are_printed_on_wish_and_taken_back_while_they_wait(world: World) -> None:
    async with await world.user("picker", limits=EVERYWHERE) as client:
        number = (await client.get("/api/v1/works")).json()["works"][0]["number"]
        url = "/api/v1/print/jobs"
        for paper, about in (("pick_list", [number]), ("wave_sheet", [number]), ("code_labels", ["A-01"])):
            asked = await client.post(url, json={"printer": "PACK-1", "paper": paper, "about": about})
            assert asked.status_code == 200, asked.text
            assert (await client.post(f"{url}/{asked.json()['id']}/cancel")).json()["state"] == "cancelled"
            assert (await client.post(f"{url}/{asked.json()['id']}/cancel")).json()["code"] == "print_not_queued"
        for body, status in (({"printer": "NONE", "paper": "slip", "about": [number]}, 404),
                             ({"printer": "PACK-1", "paper": "slip", "about": ["W-1"]}, 404),
                             ({"printer": "PACK-1", "paper": "slip", "about": [number], "size": "9x9"}, 409),
                             ({"printer": "PACK-1", "paper": "code_labels", "about": ["库位"]}, 409)):
            assert (await client.post(url, json=body)).status_code == status, body
        assert (await client.post(f"{url}/999999/cancel")).status_code == 404


async def test_a_station_has_one_printer_that_prints_by_itself(world: World) -> None:
    async with await world.client("admin") as client:
        wish = {"warehouse": "HZ", "station": "1"}
        second = await client.put("/api/v1/print/printers/PACK-2", json=wish)
        assert (second.status_code, second.json()["code"]) == (409, "in_use")
        assert (await client.put("/api/v1/print/printers/PACK-2", json=wish | {"is_automatic": False})).is_success
        assert (await client.put("/api/v1/print/printers/PACK-1", json=wish | {"is_active": False})).is_success
        names = [one["name"] for one in (await client.get("/api/v1/print/printers")).json()["printers"]]
        assert names == ["PACK-1", "PACK-2"]
        assert (await client.put("/api/v1/print/printers/X", json={"warehouse": "NONE"})).status_code == 422


async def test_who_sees_another_warehouse_sees_none_of_its_printers(world: World) -> None:
    async with await world.client("admin") as client:
        number = await _bought(world, client)
    async with await world.user("warehouse", limits={"warehouse": ["GZ"]}) as other:
        assert (await other.get("/api/v1/print/printers")).json()["printers"] == []
        found = (await other.get("/api/v1/print/jobs", params={"state": "any"})).json()
        assert (found["jobs"], found["waiting"]) == ([], {})
        body = {"printer": "PACK-1", "paper": "slip", "about": [number]}
        assert (await other.post("/api/v1/print/jobs", json=body)).status_code == 404
        assert (await other.post("/api/v1/print/jobs/1/cancel")).status_code == 404
