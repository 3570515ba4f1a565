"""A public client of Taobao (topsdk) at our simulator: what it would not find there, our own tests could not either."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.support.connector_folders import folders, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "taobao")
HERE = Path(__file__).with_name("topsdk")
CHINA = timezone(timedelta(hours=8))
SECONDS_MAX = 60
CREATED, CHANGED = "taobao.trades.sold.get", "taobao.trades.sold.increment.get"


class Witness:
    """The public client in a process of its own."""

    def __init__(self, simulator: Any, process: asyncio.subprocess.Process) -> None:
        self.simulator, self._process = simulator, process

    async def call(self, method: str, **parameters: Any) -> Any:
        """The client's answer; AssertionError when it was refused."""
        told = await self.ask(method, **parameters)
        assert "error" not in told, told
        return told["answer"]

    async def refused(self, method: str, **parameters: Any) -> Any:
        """The refusal as the client understands it."""
        return (await self.ask(method, **parameters))["error"]

    async def ask(self, method: str, **parameters: Any) -> Any:
        """One call and what came of it."""
        assert self._process.stdin and self._process.stdout
        session = FOLDER.credentials()["session"]
        self._process.stdin.write(json.dumps([method, {"session": session, **parameters}]).encode() + b"\n")
        line = await asyncio.wait_for(self._process.stdout.readline(), SECONDS_MAX)
        return json.loads(line)


@pytest.fixture
async def witness() -> AsyncIterator[Witness]:
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node and npm, "需要 Node.js / Node.js is needed: make test installs it, or apt-get install nodejs npm"
    if not (HERE / "node_modules").is_dir():
        done = await asyncio.create_subprocess_exec(
            npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", cwd=HERE)
        assert await asyncio.wait_for(done.wait(), SECONDS_MAX * 2) == 0
    simulator, given = FOLDER.simulator(masked=False), FOLDER.credentials()
    async with serve(simulator.app) as base:
        process = await asyncio.create_subprocess_exec(
            node, "--no-deprecation", "witness.js", given["app_key"], given["app_secret"], base + "/router/rest",
            cwd=HERE, env=os.environ | {"TZ": "Asia/Shanghai"},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        yield Witness(simulator, process)
        assert process.stdin
        process.stdin.close()
        await asyncio.wait_for(process.wait(), SECONDS_MAX)


def text(ago: timedelta = timedelta(0)) -> str:
    """China time so long ago, as the platform writes it."""
    return (datetime.now(CHINA) - ago).strftime("%Y-%m-%d %H:%M:%S")


def window(by: str, ago: timedelta = timedelta(hours=1)) -> dict[str, str]:
    return {f"start_{by}": text(ago), f"end_{by}": text(), "fields": "tid,tid_str,status,created,modified,orders"}


def ids(answer: Any) -> list[str]:
    return [trade["tid_str"] for trade in answer.get("trades", {}).get("trade", [])]


async def test_a_public_client_lists_and_reads_the_shops_orders(witness: Witness) -> None:
    bought = [purchase(FOLDER, n, minutes_ago=30 - n) for n in range(1, 4)]
    for one in bought:
        witness.simulator.place(one)
    found = await witness.call(CHANGED, **window("modified"), page_no=1, page_size=2)
    assert found["total_results"] == 3 and ids(found) == [bought[2]["external_id"], bought[1]["external_id"]]
    assert ids(await witness.call(CHANGED, **window("modified"), page_no=2, page_size=2)) == [bought[0]["external_id"]]
    assert (await witness.call(CHANGED, **window("modified"), use_has_next="true", page_size=2))["has_next"] is True
    assert ids(await witness.call(CREATED, **window("created"))) == [one["external_id"] for one in reversed(bought)]
    read = await witness.call("taobao.trade.fullinfo.get", tid=bought[0]["external_id"],
                              fields="tid_str,payment,receiver_name,orders")
    assert read["trade"]["payment"] == "199.00" and read["trade"]["receiver_name"] == "张三"
    assert len(read["trade"]["orders"]["order"]) == 2


async def test_documented_filters_are_honoured_and_others_refused(witness: Witness) -> None:
    paid, unpaid = purchase(FOLDER, 1), purchase(FOLDER, 2, is_paid=False)
    for one in (paid, unpaid):
        witness.simulator.place(one)
    waiting = await witness.call(CHANGED, **window("modified"), status="WAIT_BUYER_PAY")
    assert ids(waiting) == [unpaid["external_id"]] and waiting["total_results"] == 1
    assert ids(await witness.call(CHANGED, **window("modified"), status="ALL_CLOSED")) == []
    assert len(ids(await witness.call(CHANGED, **window("modified"), type="fixed,step"))) == 2
    assert ids(await witness.call(CHANGED, **window("modified"), type="cod")) == []
    for name, value in (("status", "PAID"), ("buyer_nick", "x"), ("stauts", "TRADE_FINISHED"), ("format", "xml")):
        refusal = await witness.refused(CHANGED, **window("modified"), **{name: value})
        assert refusal["code"] == 41, name
    assert (await witness.refused("taobao.nothing.get"))["code"] == 22
    too_long = window("modified", timedelta(days=2))
    assert (await witness.refused(CHANGED, **too_long))["sub_code"] == "isv.invalid-parameter"


async def test_a_public_client_ships_and_sets_stock(witness: Witness) -> None:
    bought = purchase(FOLDER)
    witness.simulator.place(bought)
    sent = await witness.call("taobao.logistics.offline.send", tid=bought["external_id"], out_sid="SF123",
                              company_code="SF")
    assert sent["shipping"]["is_success"] is True
    assert witness.simulator.status(bought["external_id"]) == "WAIT_BUYER_CONFIRM_GOODS"
    again = await witness.refused("taobao.logistics.offline.send", tid=bought["external_id"], out_sid="SF124",
                                  company_code="SF")
    assert again["sub_code"].startswith("isv.logistics")
    sku = (await witness.call("taobao.skus.custom.get", outer_id="M-001", fields="sku_id,num_iid"))["skus"]["sku"][0]
    await witness.call("taobao.skus.quantity.update", num_iid=sku["num_iid"], type=1,
                       skuid_quantities=f"{sku['sku_id']}:17")
    assert witness.simulator.stock == {"M-001": 17}
    await witness.call("taobao.skus.quantity.update", num_iid=sku["num_iid"], type=2, outerid_quantities="M-001:3")
    assert witness.simulator.stock == {"M-001": 20}




async def test_a_public_client_hears_what_buyers_ask_after_the_sale(witness: Witness) -> None:
    bought = purchase(FOLDER)
    witness.simulator.place(bought)
    key = witness.simulator.ask_refund(bought["external_id"], 0, datetime.now(CHINA))
    wanted = {**window("modified"), "fields": "refund_id,tid,oid,status,refund_fee,modified"}
    [listed] = (await witness.call("taobao.refunds.receive.get", **wanted))["refunds"]["refund"]
    told = listed["refund_id"], str(listed["tid"]), listed["status"]
    assert told == (key, bought["external_id"], "WAIT_SELLER_AGREE")
    assert "refunds" not in await witness.call("taobao.refunds.receive.get", **wanted, status="SUCCESS")
    one = await witness.call("taobao.refund.get", refund_id=key, fields="refund_id,num,outer_id,refund_version")
    assert one["refund"]["num"] == 2 and one["refund"]["outer_id"] == "M-001" and len(one["refund"]) == 4
    for changed in ({"status": "PAID"}, {"fields": "refund_id,colour"}, {"page_size": 101}):
        assert (await witness.refused("taobao.refunds.receive.get", **{**wanted, **changed}))["code"] in (15, 41)


async def test_a_public_client_gets_a_session_for_a_code_and_renews_it(witness: Witness) -> None:
    made = await witness.call("taobao.top.auth.token.create", code=witness.simulator.tokens.consent())
    told = json.loads(made["token_result"])
    renewed = await witness.call("taobao.top.auth.token.refresh", refresh_token=told["refresh_token"])
    session = json.loads(renewed["token_result"])["access_token"]
    assert ids(await witness.call(CHANGED, **window("modified"), session=session)) == []
    witness.simulator.expire_tokens()
    assert (await witness.refused(CHANGED, **window("modified"), session=session))["code"] == 27
