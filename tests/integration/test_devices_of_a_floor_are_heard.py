"""Scales, gates and sensors: a reading is believed when it is signed, counts once, and a gate that sees a box go which
nobody reported is a case."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiomqtt
import httpx2
import pytest

from orderloom.adapters.db.pruning import prune
from orderloom.adapters.mqtt import MqttEar
from orderloom.application.find_unreported import find_unreported
from orderloom.application.floor.hear_device import hear_device
from orderloom.rehearsal.server import open_door
from tests.integration.test_a_label_is_bought_once import SENDER, connect_carrier, sells_labels
from tests.support.floor import ROOT, Floor, a_floor

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
WAIT_SECONDS_MAX = 30
CASES = "select subject, resolved_at is null from case_file where kind = 'shipped_unreported'"


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        yield floor


class Device:
    """A device at the hub's door."""

    def __init__(self, floor: Floor, name: str, secret: str) -> None:
        self._floor, self._name, self._secret = floor, name, base64.b64decode(secret.removeprefix("whsec_"))

    def on_wire(self, ident: str, seconds: float = 0, **told: Any) -> dict[str, str]:
        """A reading as it is sent to a broker."""
        body = json.dumps(told)
        stamp = str(int(self._floor.world.hub.now().timestamp() + seconds))
        digest = hmac.digest(self._secret, f"{ident}.{stamp}.{body}".encode(), "sha256")
        return {"id": ident, "timestamp": stamp, "signature": f"v1,{base64.b64encode(digest).decode()}", "body": body}

    async def say(self, ident: str, seconds: float = 0, spoilt: str = "", **told: Any) -> httpx2.Response:
        """The same over HTTP."""
        sent = self.on_wire(ident, seconds, **told)
        headers = {f"webhook-{name}": sent[name] for name in ("id", "timestamp", "signature")}
        async with await self._floor.world.client() as client:
            return await client.post(f"{ROOT}/devices/{self._name}/readings", headers=headers,
                                     content=(sent["body"] + spoilt).encode())


async def _device(floor: Floor, name: str, kind: str, station: str = "") -> Device:
    wish = {"warehouse": "HZ", "kind": kind, "station": station}
    kept = await floor.ask("PUT", f"/devices/{name}", wish)
    assert kept["device"]["kind"] == kind
    again = await floor.ask("PUT", f"/devices/{name}", wish)
    assert again["secret"] == "", "a secret is told once"
    return Device(floor, name, kept["secret"])


async def test_a_scales_last_weight_is_its_stations_and_a_repeat_counts_once(floor: Floor) -> None:
    scale = await _device(floor, "scale-1", "scale", "BENCH-1")
    heard = (await scale.say("r1", weight_g=520)).json()
    assert (heard["verdict"], heard["is_known"]) == ("kept", False)
    assert (await scale.say("r1", weight_g=520)).json()["is_known"] is True
    assert (await scale.say("r2", weight_g=733)).json()["is_known"] is False
    [device] = (await floor.ask("GET", "/devices", warehouse="HZ"))["devices"]
    assert (device["station"], device["value"], device["unit"]) == ("BENCH-1", 733, "g")
    assert floor.world.rows("select count(*) from device_reading") == [(2,)]
    for wrong in ({"weight_g": -1}, {"weight_g": 2**63}, {"value": 5}, {"weight_g": "5"},
                  {"weight_g": 5, "at": "0001-01-01T00:00:00Z"}, {"weight_g": 5, "unit": "x" * 5_000}):
        answer = await scale.say("w", **wrong)
        assert answer.status_code in (413, 422), (wrong, answer.text)
    old = floor.world.hub.now() + timedelta(days=8)
    async with floor.world.hub.pool.connection() as connection:
        await prune(connection, 180, old)
    assert floor.world.rows("select count(*) from device_reading") == [(0,)], "readings are kept for a week"


async def test_what_is_not_proven_is_not_heard(floor: Floor) -> None:
    scale = await _device(floor, "scale-1", "scale")
    for answer in (await scale.say("r1", spoilt=" ", weight_g=5), await scale.say("r1", seconds=-400, weight_g=5),
                   await scale.say("r1", seconds=400, weight_g=5), await scale.say("", weight_g=5),
                   await Device(floor, "nobody", "whsec_AAAA").say("r1", weight_g=5)):
        assert (answer.status_code, answer.json()["code"]) == (401, "device_not_proven")
    await floor.ask("PUT", "/devices/scale-1", {"warehouse": "HZ", "kind": "scale", "is_secret_new": True})
    assert (await scale.say("r1", weight_g=5)).status_code == 401, "it has another secret now"
    assert floor.world.rows("select count(*) from device_reading") == [(0,)]


async def test_a_gate_confirms_what_is_out_and_a_box_that_nobody_reported_is_a_case(floor: Floor) -> None:
    world, gate = floor.world, await _device(floor, "gate-1", "gate", "DOOR")
    await connect_carrier(world, "SF01", SENDER)
    sells_labels(world)
    await world.record(1)
    number = world.rows("select number from work")[0][0]
    await floor.by.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})
    await world.send()
    assert (await gate.say("g0", waybill="SF999")).json()["verdict"] == "unknown"
    assert (await gate.say("g1", waybill="sf 7000000000")).json()["verdict"] == "not_out"
    assert await find_unreported(world.hub) == 1
    assert world.rows(CASES) == [(f"{number}-1", True)]
    assert (await floor.by.post(f"/api/v1/works/{number}/out", json={})).is_success
    assert (await gate.say("g2", waybill="SF7000000000")).json()["verdict"] == "out"
    await find_unreported(world.hub)
    assert world.rows(CASES) == [(f"{number}-1", False)]


async def test_the_floor_now_shows_stations_hot_places_and_what_stands_still(floor: Floor) -> None:
    scale = await _device(floor, "scale-1", "scale", "BENCH-1")
    await scale.say("r1", weight_g=520)
    await floor.put("A-01-01", 5)
    await floor.world.record(2)
    first = await floor.ask("GET", "/priorities", warehouse="HZ")
    assert (first["of"], first["pace_tenths"]) == (2, 0) and first["works"][0]["reasons"][0]["why"] == "ship_by"
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {}}, status=201)
    await floor.beep("picked", wave["tasks"][0]["task"], "M-001", station="BENCH-1")
    await floor.beep("picked", wave["tasks"][1]["task"], "nothing", station="BENCH-1")
    seen = await floor.ask("GET", "/now", warehouse="HZ")
    [station] = seen["stations"]
    assert (station["station"], station["scans"], station["wrong"], station["weight_g"]) == ("BENCH-1", 1, 1, 520)
    hot = {one["place"]: (one["picks"], one["open_units"]) for one in seen["places"]}
    assert hot["A-01-01"] == (1, 1) and hot["B-01-01"] == (0, 0) and seen["stuck"] == []
    later = floor.world.hub.now() + timedelta(hours=3)
    floor.world.hub.now = lambda: later  # type: ignore[method-assign]
    seen = await floor.ask("GET", "/now", warehouse="HZ")
    assert len(seen["stuck"]) == 2 and {one["wave"] for one in seen["stuck"]} == {wave["number"]}
    assert seen["stations"] == []


async def test_a_scale_is_heard_through_a_broker_and_goes_on_when_that_was_away(floor: Floor, tmp_path: Path) -> None:
    scale, hub = await _device(floor, "scale-1", "scale", "BENCH-1"), floor.world.hub
    with open_door() as door:
        port = int(door.getsockname()[1])
    ear = MqttEar(f"mqtt://127.0.0.1:{port}", lambda one: hear_device(hub.ports.devices, one, hub.now()))
    try:
        for ident, weight in (("r1", 520), ("r2", 733)):
            async with _broker(port, tmp_path), asyncio.timeout(WAIT_SECONDS_MAX):
                while (await floor.ask("GET", "/devices", warehouse="HZ"))["devices"][0]["value"] != weight:
                    await ear.step()
                    await _publish(port, b"no reading", json.dumps(scale.on_wire(ident, weight_g=weight)).encode())
                    await asyncio.sleep(0.05)
    finally:
        await ear.drain()
    assert floor.world.rows("select count(*) from device_reading") == [(2,)]


async def _publish(port: int, *payloads: bytes) -> None:
    """Each of them twice; a broker that is not up yet is asked again by the caller."""
    with contextlib.suppress(aiomqtt.MqttError):
        async with aiomqtt.Client("127.0.0.1", port) as client:
            for payload in payloads * 2:
                await client.publish("orderloom/devices/scale-1/readings", payload, qos=1)


@asynccontextmanager
async def _broker(port: int, folder: Path) -> AsyncIterator[None]:
    """Debian's mosquitto on loopback."""
    file = folder / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    assert MOSQUITTO is not None, "no mosquitto here: run make mosquitto"
    process = await asyncio.create_subprocess_exec(MOSQUITTO, "-c", str(file), stderr=asyncio.subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        await process.wait()
