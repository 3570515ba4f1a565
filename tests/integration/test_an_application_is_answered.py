"""A seller's answer goes from a person to the channel once, comes back as news, and is changed only where it can be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from test_cli_answers import Cli, cli

from orderloom.adapters.db.directory import bump
from orderloom.application import commands as c
from orderloom.domain.actor import connector
from orderloom.domain.draft import AfterSaleReport
from orderloom.testing.builders import a_draft, a_line
from tests.support.accounts import ACCOUNT
from tests.support.api_hub import World, a_world
from tests.support.cli_answers import Page
from tests.support.connector_folders import folders, now, purchase, serve
from tests.support.moves import sealed
from tests.support.proof import prove

__all__ = ["cli"]


@dataclass
class Counter:
    """A hub with a shop at Taobao where a buyer asks for money back."""

    world: World
    shop: Any
    database: str
    claim: str
    order: str

    @property
    def url(self) -> str:
        return f"/api/v1/orders/{self.order}/after-sales/{self.claim}/decision"

    def deliveries(self) -> list[str]:
        query = "select state from delivery where kind = 'decision' order by position"
        return [row[0] for row in self.world.rows(query)]


@pytest.fixture
async def counter(home: Path, database: str) -> AsyncIterator[Counter]:
    async with a_world(home, database, orders=0) as world, AsyncExitStack() as stack:
        [folder] = [one for one in folders("channels") if one.name == "taobao"]
        shop = folder.simulator()
        account = folder.account(await stack.enter_async_context(serve(shop.app)), private_hosts=["127.0.0.1"])
        async with world.hub.pool.connection() as connection, connection.transaction():
            await connection.execute(ACCOUNT, {
                "code": "TB01", "family": "channels", "connector": "taobao", "title": "TB01", "zone": "Asia/Shanghai",
                "base_url": account.base_url, "settings": orjson.dumps(account.settings).decode(),
                "credentials": world.hub.vault.encrypt(orjson.dumps(dict(account.credentials)))})
            await bump(connection)
        bought = purchase(folder)
        shop.place(bought)
        shop.book.ship(bought["external_id"], None, "SF", "SF1", now() - timedelta(minutes=3))
        claim = shop.ask_refund(bought["external_id"], 0, now() - timedelta(minutes=2))
        asked = shop.book.claims[claim]
        known = (await world.hub.directory()).account_by_code("TB01")
        assert known is not None
        heard = {"actor": connector("TB01"), "account_id": known.id, "received_at": world.hub.now()}
        [made, _] = await world.hub.handle([
            c.RecordOrder(draft=a_draft(bought["external_id"], a_line(price=20_000), at=now()), sealed=sealed(1),
                          **heard),
            c.HearAfterSale(report=AfterSaleReport(
                claim, bought["external_id"], "refund_only", "asked", asked.changed_at, "CNY", asked.amount,
                native="WAIT_SELLER_AGREE"), **heard)])
        yield Counter(world, shop, database, claim, str(made.order_id))


async def test_a_yes_whose_answer_was_lost_is_given_once_and_is_no_money(counter: Counter) -> None:
    async with await counter.world.client("admin") as client:
        wish = {"decision": "granted", "reason": "照章退"}
        first = await client.post(counter.url, json=wish)
        assert first.status_code == 200 and not first.json()["is_known"], first.text
        counter.shop.fault("lost_answer", on="agree")
        await counter.world.send(2)
        assert counter.shop.decided[counter.claim] == ["refund"] and counter.deliveries() == ["done"]
        [shown] = (await client.get(f"/api/v1/orders/{counter.order}")).json()["after_sales"]
        assert (shown["decision"], shown["decision_state"], shown["refunded"]) == ("granted", "told", 0)
        assert (await client.post(counter.url, json=wish)).json()["is_known"]
        no = await client.post(counter.url, json={"decision": "declined", "reason": "不退"})
        assert (no.status_code, no.json()["code"]) == (409, "decided_otherwise") and "后台" in no.text
        [sent] = counter.world.rows("select id::text from delivery where kind = 'decision'")
        assert (await client.post(f"/api/v1/deliveries/{sent[0]}/resend")).json()["code"] == "nothing_to_resend"
    assert counter.deliveries() == ["done"]
    assert counter.world.rows("select 1 from money_entry where kind = 'refund'") == []
    async with counter.world.hub.pool.connection() as connection:
        await prove(connection)


async def test_what_the_channel_refuses_is_a_case_and_may_be_decided_otherwise(counter: Counter) -> None:
    async with await counter.world.client("admin") as client:
        counter.shop.refuse(counter.claim, "平台介入中")
        await client.post(counter.url, json={"decision": "granted", "reason": "照章退"})
        await counter.world.send()
        kinds = "select evidence ->> 'message' from case_file where kind = 'delivery_refused' and resolved_at is null"
        [words] = counter.world.rows(kinds)
        assert "平台介入中" in words[0]
        [shown] = (await client.get(f"/api/v1/orders/{counter.order}")).json()["after_sales"]
        assert shown["decision_state"] == "refused"
        counter.shop.refuse(counter.claim, "")
        assert (await client.post(counter.url, json={"decision": "declined", "reason": "已发货"})).status_code == 200
        assert counter.deliveries() == ["given_up", "due"] and counter.world.rows(kinds) == []
        await counter.world.send()
    assert counter.shop.decided[counter.claim] == ["decline"] and counter.deliveries() == ["given_up", "done"]


async def test_a_refused_answer_that_is_sent_again_is_not_crossed_by_another(counter: Counter) -> None:
    async with await counter.world.client("admin") as client:
        counter.shop.refuse(counter.claim, "稍后再试")
        await client.post(counter.url, json={"decision": "granted", "reason": "照章退"})
        await counter.world.send()
        [sent] = counter.world.rows("select id::text from delivery where kind = 'decision'")
        assert (await client.post(f"/api/v1/deliveries/{sent[0]}/resend")).status_code == 200
        no = await client.post(counter.url, json={"decision": "declined", "reason": "不退"})
        assert no.json()["code"] == "decision_under_way"
        counter.shop.refuse(counter.claim, "")
        await counter.world.send()
    assert counter.shop.decided[counter.claim] == ["refund"]
    assert counter.world.rows("select decision, decision_state from after_sale") == [("granted", "told")]


async def test_an_answer_that_was_given_up_is_not_told_and_may_be_given_anew(counter: Counter) -> None:
    async with await counter.world.client("admin") as client:
        counter.shop.fault("dropped", 20, on="refund")
        await client.post(counter.url, json={"decision": "granted", "reason": "照章退"})
        await counter.world.send(6)
        assert counter.deliveries() == ["parked"]
        assert counter.world.rows("select decision_state from after_sale") == [("to_tell",)]
        [sent] = counter.world.rows("select id::text from delivery where kind = 'decision'")
        gone = await client.post("/api/v1/deliveries/give-up", json={"ids": [sent[0]], "reason": "改为后台处理"})
        assert gone.status_code == 200, gone.text
        assert counter.world.rows("select decision_state from after_sale") == [("given_up",)]
        other = await client.post(counter.url, json={"decision": "declined", "reason": "不退"})
        assert other.status_code == 200 and counter.deliveries() == ["given_up", "due"]
        none = await client.post(counter.url.replace(counter.claim, "R9"), json={"decision": "granted", "reason": "?"})
        assert (none.status_code, none.json()["code"]) == (404, "no_such_application")


async def test_a_person_decides_from_the_command_line(counter: Counter, cli: Cli) -> None:
    words = ("decide", counter.order, counter.claim, "--reason", "照章退")
    code, _, err = await asyncio.to_thread(cli, *words)
    assert code == 2 and "--grant" in err
    code, out, err = await asyncio.to_thread(cli, *words, "--grant", "--amount", "9999999", "--json")
    assert code == 1 and "wrong_amount" in out, err
    for is_known in (False, True):
        code, out, err = await asyncio.to_thread(cli, *words, "--grant", "--amount", "12.50", "--json")
        told = json.loads(out)
        assert (code, told["is_known"]) == (0, is_known), (out, err)
        assert list(Page().differences(told, Page().commands["decide"])) == []
    await counter.world.send()
    assert counter.shop.book.claims[counter.claim].amount == 1_250
    code, out, _ = await asyncio.to_thread(cli, "show", counter.order)
    assert code == 0 and "同意" in out
    code, out, _ = await asyncio.to_thread(cli, "trace", counter.order)
    assert code == 0 and "售后决定" in out
