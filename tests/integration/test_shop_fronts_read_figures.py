"""Anybody may read what a shop shows, where the seller says so: signed, cached for 15 seconds, nothing else told."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from msgspec.structs import replace

from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.publishing import tell_all_again
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.testing.drive import BLUEPRINT
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        async with world.hub.pool.connection() as connection:
            await connection.execute("insert into stock_shown (account_id, sku_external, quantity, as_of)"
                                     " select id, '马克杯/红', 7, '2026-11-28T10:00:00Z' from account")
        yield world


async def open_shops(world: World, *shops: str) -> None:
    rule = load_folder(BLUEPRINT)
    await publish_blueprint(world.hub.ports.blueprints, replace(rule, publish=replace(
        rule.publish, public_shops=shops)), "li", "the shop front reads it")


async def read(world: World, path: str, **headers: str) -> httpx2.Response:
    async with await world.client() as client:
        client.headers.pop("authorization", None)
        return await client.get(path, headers=headers)


PATH = "/shown/SH01/%E9%A9%AC%E5%85%8B%E6%9D%AF/%E7%BA%A2.json"


async def test_a_figure_is_signed_and_cached_and_proves_itself(world: World) -> None:
    await open_shops(world, "SH01")
    told = await read(world, PATH)
    key = load_pem_public_key((await read(world, "/shown/key.pem")).content)
    again = await read(world, PATH, **{"If-None-Match": told.headers["etag"]})
    said = told.json()
    assert told.status_code == 200 and told.headers["cache-control"] == "public, max-age=15"
    assert set(said) == {"shop", "listing", "quantity", "as_of", "signature"} and said["quantity"] == 7
    statement = "\n".join(("orderloom-shown-1", "SH01", "马克杯/红", "7", "2026-11-28T10:00:00.000+00:00"))
    key.verify(base64.b64decode(said["signature"]), statement.encode())  # type: ignore[union-attr,call-arg]
    assert told.headers["orderloom-signature"] == f"ed25519={said['signature']}"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", [
    "/shown/SH01/other.json", "/shown/XLS/%E9%A9%AC%E5%85%8B%E6%9D%AF/%E7%BA%A2.json", "/shown/NOPE/x.json",
    "/shown/SH01/%E9%A9%AC%E5%85%8B%E6%9D%AF/%E7%BA%A2", "/shown/SH01/%00.json", f"/shown/SH01/{'x' * 3000}.json",
])
async def test_what_is_not_there_and_what_is_not_public_answer_alike(world: World, path: str) -> None:
    await open_shops(world, "SH01")
    told, unknown = await read(world, path), await read(world, "/shown/SH01/unknown.json")
    assert (told.status_code, told.content) == (unknown.status_code, unknown.content) == (404, b"{}")
    assert {k: v for k, v in told.headers.items() if k != "date"} == {
        k: v for k, v in unknown.headers.items() if k != "date"}


async def test_nothing_is_public_before_the_seller_says_so(world: World) -> None:
    assert (await read(world, PATH)).status_code == 404


async def test_a_cache_is_told_of_a_figure_that_changed_and_hears_of_no_order(world: World) -> None:
    await open_shops(world, "SH01")
    async with world.hub.pool.connection() as connection:
        await connection.execute(
            "insert into account (code, title, family, connector, zone, base_url, credentials_cipher, settings)"
            " select 'CF01', 'CDN', 'subscribers', 'cloudflare', 'UTC', 'http://127.0.0.1:9', credentials_cipher, '{}'"
            " from account limit 1")
        await connection.execute(
            "insert into sku_alias (account_id, alias, sku_id, factor, listing) select a.id, 'm-001', s.id, 1,"
            " '{\"inventory_item_id\": \"1\", \"location_id\": \"2\"}' from account a, sku s"
            " where a.code = 'SH01' and s.code = 'M-001'")
        await bump(connection)
        await tell_all_again(connection)
    async with world.hub.ports.publisher() as publisher:
        await publisher.publish_stock(world.hub.now())
        await publisher.publish_events(world.hub.now())
    told = world.rows("select d.kind, d.body::jsonb -> 'paths' from delivery d join account a on a.id = d.account_id"
                      " where a.code = 'CF01'")
    assert told == [("purge", ["/shown/SH01/m-001.json"])]
