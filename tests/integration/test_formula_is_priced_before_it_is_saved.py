"""Nobody saves a formula of shown stock blindly: its price tag is seen first, and what is saved is what was seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.adapters.db.directory import bump
from orderloom.adapters.manifests import stock_takers
from orderloom.application.queries.oversell import read_histories, read_past
from orderloom.domain.inventory.oversell import busiest
from tests.support.api_hub import World, a_world

ALL = {"default": {"share_percent": 100, "buffer": 0, "campaign_percent": 30}}


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=8) as world:
        async with world.hub.pool.connection() as connection, connection.transaction():
            await connection.execute("insert into sku (code, name) values ('SET', '套装')")
            await connection.execute("insert into sku_component select b.id, c.id, 2 from sku b, sku c "
                                     "where b.code = 'SET' and c.code = 'M-001'")
            await bump(connection)
        yield world


async def look(client: httpx2.AsyncClient, rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/stock/formula/preview", json={"rules": rules, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def save(client: httpx2.AsyncClient, rules: dict[str, Any], seen: dict[str, Any]) -> httpx2.Response:
    return await client.put("/api/v1/stock/formula", json={
        "rules": rules, "version": seen["version"], "token": seen["token"], "reason": "大促前留一手"})


async def test_a_buffer_has_a_lower_price_than_none_and_looking_changes_nothing(world: World) -> None:
    async with await world.client("stock:read", "stock:write") as client:
        before = (await client.get("/api/v1/stock/formula")).json()
        seen = await look(client, ALL | {"skus": {"M-001": {"buffer": 4}}}, skus=["M-001"])
        thrice = await look(client, ALL, demand=3)
        after = (await client.get("/api/v1/stock/formula")).json()
    price = seen["price"]
    assert price["after"]["bound"] < price["before"]["bound"] and price["before"]["replayed"] == 0
    assert [row["sku"] for row in price["worst"]] == ["M-001"] and price["worst"][0]["before"]["bound_at"]
    assert thrice["price"]["worst"][0]["asked"] == 3 * price["worst"][0]["asked"]
    assert [one["demand"] for one in price["demands"]] == [1, 2, 3]
    assert {lag["account"] for lag in price["lags"]} == {place["account"] for place in before["places"]}
    assert before == after


async def test_what_was_not_looked_at_is_not_saved_and_what_was_is_the_next_version(world: World) -> None:
    rules = ALL | {"default": {"share_percent": 50}, "shops": {}}
    async with await world.client("admin") as client:
        seen = await look(client, rules)
        other = await save(client, rules | {"default": {"share_percent": 60}}, seen)
        forged = await save(client, rules, seen | {"token": "1-00"})
        done = await save(client, rules, seen)
        again = await save(client, rules, seen)
        now = (await client.get("/api/v1/stock/formula")).json()
    assert [(one.status_code, one.json().get("code")) for one in (other, forged, again)] == [
        (409, "preview_stale"), (409, "preview_stale"), (409, "blueprint_moved")]
    assert done.status_code == 200 and done.json()["version"] == seen["version"] + 1 == now["version"]
    assert {place["share_percent"] for place in now["places"]} == {50}
    assert {place["said_by"]["share_percent"] for place in now["places"]} == {"default"}


@pytest.mark.parametrize(("rules", "status", "told"), [
    ({"default": {"share_percent": 101}}, 422, "default.share_percent"),
    ({"default": {"buffer": 2**63}}, 422, "default.buffer"),
    ({"default": {"buffer": -1}}, 422, "default.buffer"),
    ({"shops": {"NOPE": {"buffer": 1}}}, 404, "NOPE"),
    ({"skus": {"NOPE": {"buffer": 1}}}, 404, "NOPE"),
    ({"channels": {"taobaoo": {"buffer": 1}}}, 404, "taobao"),
    ({"default": {"bufer": 1}}, 422, "bufer"),
])
async def test_rules_that_cannot_be_say_where(world: World, rules: dict[str, Any], status: int, told: str) -> None:
    async with await world.client("stock:write") as client:
        answer = await client.post("/api/v1/stock/formula/preview", json={"rules": rules})
    assert answer.status_code == status and told in answer.text, answer.text


async def test_the_windows_of_the_database_are_those_of_the_replay(world: World) -> None:
    """One statement over all SKUs says the same as counting each SKU's sales one by one, bundles included."""
    async with world.hub.pool.connection() as connection:
        await connection.execute("update orders set placed_at = received_at - random() * interval '3 minutes'")
        await connection.execute("update order_line set sku_id = (select id from sku where code = 'SET')"
                                 " where order_id in (select id from orders order by id limit 3)")
        directory = await world.hub.directory()
        past = await read_past(connection, directory, stock_takers(), world.hub.now() + timedelta(seconds=1), True)
        histories = await read_histories(connection, past, list(past.asked))
        for sku, asked in past.asked.items():
            for account, one in asked.items():
                own = [(sale.at, sale.units) for sale in histories[sku].sales if sale.place == account]
                lag = past.lags[account]
                assert busiest(own, lag.heard + lag.told) <= one.most <= busiest(own, lag.heard + lag.told + 1)
                assert sum(units for _, units in own) == one.units
    assert past.unpaid == {} or min(past.unpaid.values()) > 0
