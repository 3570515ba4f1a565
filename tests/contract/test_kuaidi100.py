"""Kuaidi100's client against a platform that subscribes, pushes and answers over HTTP on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.carriers.kuaidi100.simulator import Simulator
from orderloom.adapters.simulated.parcels import DONE
from orderloom.application.ports import Account, Answer, Cursor, Inbound, Item, Outgoing, Terminal, Transient, Verdict
from orderloom.application.translate import translate
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder
from orderloom.domain.draft import TrackReport
from orderloom.rehearsal.server import open_door
from tests.support.connector_folders import Folder, caller, connector_paths

FOLDER = Folder(next(path for path in connector_paths("carriers") if path.name == "kuaidi100"))
CONNECTOR = FOLDER.connector
THANKS = '{"result":true,"returnCode":"200","message":"成功"}'.encode()

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
CREDENTIALS = {"customer": "testcustomer", "key": "testkey", "salt": "testsalt"}


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    listener = open_door()
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class Road:
    """The platform, the hub's door that it pushes to, and the clock of both."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.now = START
        self.simulator = Simulator(CREDENTIALS, lambda: self.now, settings)
        self.verdicts: list[Verdict] = []
        self.is_door_shut = False
        self.door = Starlette(routes=[Route("/in/kd", self.take, methods=["POST"])])

    def open(self, url: str, door_url: str, http: httpx2.AsyncClient) -> None:
        self.http = http
        settings = {"callback_url": f"{door_url}/in/kd?order=1"}
        self.account = Account(7, "KD", "carriers", "kuaidi100", "Asia/Shanghai", url, CREDENTIALS, settings)

    async def take(self, request: Request) -> Response:
        if self.is_door_shut:
            return Response("down", 503)
        body = await request.body()
        headers = {name.lower(): value for name, value in request.headers.items()}
        inbound = Inbound(request.method, request.url.path, dict(request.query_params), headers, body)
        verdict = CONNECTOR.receive(inbound, self.account, self.now)
        self.verdicts.append(verdict)
        return Response(verdict.reply, verdict.status, media_type=verdict.reply_type)

    async def watch(self, carrier: str = "yuantong", waybill: str = "YT1", phone: str = "") -> Answer:
        body = {"carrier": carrier, "waybill": waybill, "phone_last4": phone, "order_no": "O1"}
        return await CONNECTOR.send(Outgoing("d", "watch", waybill, body, 1), self.account, self.http)

    async def ask(self, carrier: str = "yuantong", waybill: str = "YT1", phone: str = "") -> Item:
        return await CONNECTOR.query(carrier, waybill, phone, self.account, self.http)

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.simulator.step(self.now)

    def told(self) -> list[dict[str, Any]]:
        """What the genuine pushes said, in the order in which they came."""
        bodies = [item.body for verdict in self.verdicts if not verdict.quarantine for item in verdict.items]
        return [json.loads(parse_qs(body.decode())["param"][0]) for body in bodies]


@asynccontextmanager
async def opened(**settings: Any) -> AsyncIterator[Road]:
    road = Road({"pace_seconds": 100} | settings)
    async with serving(road.simulator.app) as url, serving(road.door) as door, caller() as http:
        road.open(url, door, http)
        yield road


def upper_md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def test_the_signatures_are_the_published_ones_or_nothing_is_answered() -> None:
    param = '{"com":"yuantong","num":"YT9693083639795"}'
    assert upper_md5(param + "testkey" + "testcustomer") == "4DC98E4BDCB49C66263F721ED3138C8D"
    push = '{"status":"polling","lastResult":{"nu":"YT9693083639795","state":"0"}}'
    assert upper_md5(push + "testsalt") == "399ECE3418144BAD3C082BEBDA8CEC94"


async def test_a_watched_parcel_is_told_from_collection_to_the_door_and_each_push_is_thanked() -> None:
    async with opened() as road:
        assert (await road.watch()).said["state"] == "done"
        assert (await road.watch()).said["state"] == "already_done"
        road.simulator.hand_over("yuantong", "YT1", START, "广东省")
        for _ in range(12):
            road.wait(100)
            await road.simulator.flush(road.http)
        told = road.told()
        codes = [push["lastResult"]["data"][0]["statusCode"] for push in told]
        assert codes[0] == "103" and codes[-2:] == ["5", codes[-1]] and codes[-1] in ("301", "304")
        assert [push["status"] for push in told] == ["polling"] * (len(told) - 1) + ["shutdown"]
        assert [len(push["lastResult"]["data"]) for push in told] == list(range(1, len(told) + 1))
        assert not road.simulator.queue and not road.simulator.lost
        assert {verdict.reply for verdict in road.verdicts} == {THANKS}
        assert THANKS.decode() == '{"result":true,"returnCode":"200","message":"成功"}'


async def test_the_hub_understands_pushes_and_answers_alike_and_a_return_too() -> None:
    async with opened(return_share=1.0) as road:
        await road.watch()
        road.simulator.hand_over("yuantong", "YT1", START, "广东省")
        road.wait(5000)
        await road.simulator.flush(road.http)
        mapping = load_folder(FOLDER.path)
        assert isinstance(mapping, CompiledMapping)
        found = [*road.verdicts[-1].items, await road.ask()]
        readers = Mappings({"kuaidi100": mapping})
        drafts = [d for i in found for d in translate(road.account, i.topic, i.body, {}, road.now, readers)]
        assert len(drafts) == 2 and drafts[0] == drafts[1] and isinstance(drafts[0], TrackReport)
        assert (drafts[0].carrier, drafts[0].waybill) == ("yuantong", "YT1")
        steps = [entry.milestone for entry in drafts[0].entries]
        assert steps[0] == "collected" and steps[-4:] == ["out_for_delivery", "failed", "returning", "returned"]
        plan = road.simulator.parcels["yuantong", "YT1"].plan
        assert [entry.at for entry in drafts[0].entries] == [scan.due for scan in plan]


async def test_pushes_twice_over_and_in_disorder_lose_nothing_of_the_history() -> None:
    async with opened() as road:
        await road.watch()
        road.simulator.hand_over("yuantong", "YT1", START)
        road.wait(3000)
        count = len(road.simulator.queue)
        await road.simulator.flush(road.http, duplicates=1, is_disordered=True)
        assert len(road.told()) == 2 * count
        bodies = [item.body for verdict in road.verdicts for item in verdict.items]
        assert len(set(bodies)) == count
        assert len(road.told()[0]["lastResult"]["data"]) == count


async def test_a_forged_push_is_kept_aside_and_not_thanked() -> None:
    async with opened() as road:
        await road.watch()
        road.simulator.hand_over("yuantong", "YT1", START)
        road.wait(150)
        road.simulator.fault("bad_signature")
        assert await road.simulator.flush(road.http) == 0
        assert [verdict.quarantine for verdict in road.verdicts] == ["signature"]
        assert road.verdicts[0].status == 401 and road.verdicts[0].items[0].topic == "push"
        assert await road.simulator.flush(road.http) == 1


@pytest.mark.parametrize("body", [b"", b"param=", b"sign=ABC", b"\xff\xfe", b"param=%FF&sign=x", b'{"param":1}'])
async def test_bytes_that_are_no_push_are_kept_aside(body: bytes) -> None:
    account = Account(7, "KD", "carriers", "kuaidi100", "Asia/Shanghai", "", CREDENTIALS, {})
    verdict = CONNECTOR.receive(Inbound("POST", "/", {}, {}, body), account, START)
    assert verdict.quarantine and verdict.reply != THANKS and verdict.items[0].body == body


async def test_without_a_salt_anyone_could_push_so_nobody_is_believed() -> None:
    account = Account(7, "KD", "carriers", "kuaidi100", "Asia/Shanghai", "", CREDENTIALS | {"salt": ""}, {})
    param = '{"status":"polling"}'
    body = urlencode({"param": param, "sign": upper_md5(param)}).encode()
    assert CONNECTOR.receive(Inbound("POST", "/", {}, {}, body), account, START).quarantine == "no_secret"
    async with caller() as http:
        assert not (await CONNECTOR.probe(account, http)).is_well


async def test_a_push_is_sent_again_while_the_hub_is_down_and_given_up_after_three_tries() -> None:
    async with opened() as road:
        await road.watch()
        road.simulator.hand_over("yuantong", "YT1", START)
        road.wait(150)
        road.is_door_shut = True
        assert [await road.simulator.flush(road.http) for _ in range(2)] == [0, 0]
        road.is_door_shut = False
        assert await road.simulator.flush(road.http) == 1
        road.wait(150)
        waiting = len(road.simulator.queue)
        road.is_door_shut = True
        for _ in range(4):
            await road.simulator.flush(road.http)
        assert waiting and len(road.simulator.lost) == waiting and not road.simulator.queue


async def test_a_silent_parcel_is_asked_for_and_no_news_is_an_answer() -> None:
    async with opened(stall_share=1.0) as road:
        empty = await road.ask()
        assert empty.topic == "query" and json.loads(empty.body)["returnCode"] == "500"
        road.simulator.hand_over("yuantong", "YT1", START)
        road.wait(5000)
        history = json.loads((await road.ask()).body)
        assert history["ischeck"] == "0" and history["data"][-1]["statusCode"] == "103"
        assert history["data"][0]["statusCode"] not in ("5", "301", "304")
        road.wait(50_000)
        assert json.loads((await road.ask()).body) == history


async def test_a_carrier_that_wants_the_phone_says_no_without_it() -> None:
    async with opened() as road:
        road.simulator.hand_over("shunfeng", "SF1", START, "北京市", "0000")
        road.wait(200)
        with pytest.raises(Terminal, match="408"):
            await road.ask("shunfeng", "SF1")
        assert json.loads((await road.ask("顺丰", "SF1", "0000")).body)["com"] == "shunfeng"


async def test_a_wrong_key_and_a_passing_fault_are_told_apart() -> None:
    async with opened() as road:
        bad = Account(7, "KD", "carriers", "kuaidi100", "Asia/Shanghai", road.account.base_url,
                      CREDENTIALS | {"key": "other"}, road.account.settings)  # fmt: skip
        with pytest.raises(Terminal, match="wrong_key"):
            await CONNECTOR.query("yuantong", "YT1", "", bad, road.http)
        with pytest.raises(Terminal, match="wrong_key"):
            await CONNECTOR.send(Outgoing("d", "watch", "k", {"carrier": "jd", "waybill": "J1"}, 1), bad, road.http)
        assert not (await CONNECTOR.probe(bad, road.http)).is_well
        assert (await CONNECTOR.probe(road.account, road.http)).is_well
        with pytest.raises(Terminal, match="700"):
            await road.watch("nobody", "X1")
        for kind, code in [("status_500", "http_500"), ("broken_body", "unreadable_answer"),
                           ("rate_limited", "502")]:
            road.simulator.fault(kind)
            with pytest.raises(Transient, match=code):
                await road.watch()
        assert (await road.watch()).said["state"] == "done"


async def test_a_waybill_that_never_moves_ends_the_watch_and_can_be_watched_again() -> None:
    async with opened() as road:
        await road.watch()
        road.wait(3 * 86400 + 1)
        await road.simulator.flush(road.http)
        assert [item.topic for verdict in road.verdicts for item in verdict.items] == ["push.abort"]
        assert (await road.watch()).said["state"] == "done"


async def test_parcels_handed_over_before_they_are_watched_are_told_whole() -> None:
    async with opened() as road:
        road.simulator.hand_over("zhongtong", "Z1", START)
        road.wait(5000)
        body = {"carrier": "", "waybill": "Z1", "phone_last4": ""}
        await CONNECTOR.send(Outgoing("d", "watch", "k", body, 1), road.account, road.http)
        await road.simulator.flush(road.http)
        assert [push["lastResult"]["com"] for push in road.told()] == ["zhongtong"]
        assert road.told()[0]["status"] == "shutdown"


async def test_shares_of_parcels_stall_or_come_back_as_set() -> None:
    async with opened(stall_share=0.3, return_share=0.2) as road:
        for n in range(300):
            road.simulator.hand_over("yuantong", f"YT{n}", START)
        road.wait(86400)
        last = [parcel.last for parcel in road.simulator.parcels.values()]
        assert 45 < last.count("returned") < 80
        assert 70 < sum(word not in DONE for word in last) < 115


async def test_the_platform_has_no_list_to_pull() -> None:
    async with opened() as road:
        assert [page async for page in CONNECTOR.pull(road.account, Cursor(START), START, road.http)] == []
        with pytest.raises(Terminal, match="unknown_kind"):
            await CONNECTOR.send(Outgoing("d", "work", "k", {}, 1), road.account, road.http)
