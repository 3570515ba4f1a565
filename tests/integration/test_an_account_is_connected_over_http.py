"""An account is connected over HTTP by the form that its connector declares: tried first, secret for ever, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import pytest

from orderloom.adapters.manifests import manifests
from tests.support.api_hub import World, a_world
from tests.support.connector_folders import Folder, folders, serve

EVERY = [folder for folder in folders() if folder.family != "subscribers"]
TAOBAO = next(folder for folder in EVERY if folder.name == "taobao")


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


def asked(folder: Folder, **more: Any) -> dict[str, Any]:
    """What a person fills in, as JSON."""
    return {"connector": folder.name, "code": "NEW1", "credentials": folder.credentials(), **more}


@asynccontextmanager
async def a_platform() -> AsyncIterator[str]:
    """Taobao's simulator, at the address that an account of it names."""
    async with serve(TAOBAO.simulator().app) as base:
        yield TAOBAO.account(base).base_url


async def _codes(client: httpx2.AsyncClient) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in (await client.get("/api/v1/accounts")).json()["accounts"]}


async def test_an_account_is_tried_and_kept_and_its_secrets_never_come_out(world: World) -> None:
    async with a_platform() as base, await world.client("admin") as client:
        body = asked(TAOBAO, base_url=base, allow_private=["127.0.0.1"], title="旗舰店", since="7")
        done = await client.post("/api/v1/accounts", json=body)
        assert (done.status_code, done.json()["is_well"]) == (201, True) and done.json()["past_since"]
        assert (await _codes(client))["NEW1"]["title"] == "旗舰店"
        shown = (await client.get("/api/v1/accounts")).text
        assert not any(secret in shown for secret in TAOBAO.credentials().values())
        again = await client.post("/api/v1/accounts", json=body)
        assert (again.status_code, again.json()["code"]) == (409, "already_there")
        tested = (await client.post("/api/v1/accounts/new1/test")).json()
        assert tested["account"] == "NEW1" and tested["is_well"]
        began = (await client.post("/api/v1/accounts/NEW1/backfill", json={"since": "30", "orders": "all"})).json()
        assert began["is_all"] and began["since"]
        late = await client.post("/api/v1/accounts/NEW1/backfill", json={"since": "400"})
        assert late.status_code == 422 and "89" in late.json()["detail"]


async def test_credentials_that_the_platform_refuses_are_not_kept_unless_somebody_insists(world: World) -> None:
    async with a_platform() as base, await world.client("admin") as client:
        wrong = TAOBAO.credentials() | {"app_secret": "wrong"}
        body = asked(TAOBAO, base_url=base, allow_private=["127.0.0.1"]) | {"credentials": wrong}
        refused = await client.post("/api/v1/accounts", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "test_failed")
        assert "NEW1" not in await _codes(client)
        kept = await client.post("/api/v1/accounts", json=body | {"is_forced": True})
        assert (kept.status_code, kept.json()["is_well"]) == (201, False)
        right = {"credentials": {"app_secret": TAOBAO.credentials()["app_secret"]}}
        assert (await client.post("/api/v1/accounts/NEW1/credentials", json=right)).json()["is_well"]
        spoiled = await client.post("/api/v1/accounts/NEW1/credentials", json={"credentials": {"app_secret": "x"}})
        assert spoiled.json()["code"] == "test_failed"
        assert (await client.post("/api/v1/accounts/NEW1/test")).json()["is_well"], "what was good stays"


async def test_of_two_who_connect_one_code_at_once_one_has_it_and_the_other_hears_so(world: World) -> None:
    async with a_platform() as base, await world.client("admin") as client:
        body = asked(TAOBAO, base_url=base, allow_private=["127.0.0.1"])
        both = await asyncio.gather(
            *(client.post("/api/v1/accounts", json=body | {"title": title}) for title in "一二"))
        assert sorted(one.status_code for one in both) == [201, 409]
        [title] = [title for title, one in zip("一二", both, strict=True) if one.status_code == 201]
        assert (await _codes(client))["NEW1"]["title"] == title, "whoever heard that it is kept has it"


async def test_a_past_before_any_order_is_refused_and_shuts_no_list(world: World) -> None:
    async with await world.client("admin") as client:
        for since in ("0001-01-01", "1999-12-31"):
            early = await client.post("/api/v1/accounts/SH01/backfill", json={"since": since})
            assert early.status_code == 422 and since in early.json()["detail"]
        assert "SH01" in await _codes(client)


async def test_a_host_or_body_that_cannot_be_read_is_told_so(world: World) -> None:
    async with await world.client("admin") as client:
        no_host = await client.post("/api/v1/accounts", json=asked(TAOBAO, allow_private=["http://[::1"]))
        assert no_host.status_code == 422 and "http://[::1" in no_host.json()["detail"]
        deep = '{"connector": "taobao", "code": "NEW1", "settings": {"x": ' + "[" * 50_000
        told = await client.post("/api/v1/accounts", content=deep)
        assert (told.status_code, told.json()["code"]) == (422, "unreadable_body")


WRONG: dict[str, tuple[dict[str, Any], int, str]] = {
    "a connector that there is none of": ({"connector": "taoba"}, 422, "taobao"),
    "subscribers, which have a way of their own": ({"connector": "webhook"}, 422, "connector"),
    "a credential that is missing": ({"credentials": {"app_key": "k"}}, 422, "app_secret"),
    "a credential that is none": ({"credentials": {"app_kee": "k"}}, 422, "app_key"),
    "a setting that is none": ({"settings": {"overlap_second": 3}}, 422, "overlap_seconds"),
    "a number that is negative": ({"settings": {"overlap_seconds": -3}}, 422, "overlap_seconds"),
    "a setting of 3 MB": ({"settings": {"overlap_seconds": "1" * 30_000}}, 422, "overlap_seconds"),
    "a code that is none": ({"code": "1"}, 422, "code"),
    "a folder of zones": ({"zone": "Asia"}, 422, "Asia"),
    "a setting nested without end": ({"settings": {"overlap_seconds": "[" * 20_000}}, 422, "overlap_seconds"),
    "a zone that is none": ({"zone": "Asia/Nowhere"}, 422, "Asia/Nowhere"),
    "a past that lies ahead": ({"since": "2999-01-01"}, 422, "2999"),
    "a past before any order": ({"since": "0001-01-01"}, 422, "0001"),
    "a past that no date names": ({"since": "yesterday"}, 422, "yesterday"),
    "a key that is not known": ({"secret": 1}, 422, "secret"),
    "an address of the inside": ({"base_url": "http://127.0.0.1:9"}, 422, "127.0.0.1"),
    "a host of the inside without the right": ({"allow_private": ["127.0.0.1"]}, 403, "admin"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_is_wrong_is_told_with_its_place_and_nothing_is_kept(world: World, name: str) -> None:
    changes, status, told = WRONG[name]
    async with await world.client("accounts:read", "accounts:write") as client:
        answer = await client.post("/api/v1/accounts", json=asked(TAOBAO, base_url="http://127.0.0.1:9") | changes)
        assert answer.status_code == status and told in answer.json()["detail"], answer.text
        assert "NEW1" not in await _codes(client)


async def test_a_folder_of_the_hubs_machine_is_an_administrators_to_name(world: World, tmp_path: Path) -> None:
    body = {"connector": "files", "code": "FL02", "settings": {"inbox": str(tmp_path)}}
    async with await world.client("accounts:write") as client:
        refused = await client.post("/api/v1/accounts", json=body)
    assert refused.status_code == 403 and "inbox" in refused.json()["detail"]
    async with await world.client("admin") as client:
        assert (await client.post("/api/v1/accounts", json=body)).status_code == 201
    async with await world.client("accounts:read") as client:
        assert (await client.post("/api/v1/accounts", json=body)).status_code == 403


async def test_the_document_and_the_forms_say_what_each_connector_declares(world: World) -> None:
    document = world.app.openapi()
    schema = {"$ref": "#/components/schemas/ConnectRequest", "components": document["components"]}
    check = jsonschema_rs.validator_for(schema)
    async with await world.client("accounts:read") as client:
        forms = {one["connector"]["name"]: one for one in
                 (await client.get("/api/v1/connectors")).json()["connectors"]}
        assert (await client.get("/api/v1/connectors/taobao")).json() == forms["taobao"]
        assert (await client.get("/api/v1/connectors/taoba")).status_code == 404
    assert forms.keys() == {name for name, one in manifests().items() if one.family != "subscribers"}
    for folder in EVERY:
        names = [field["name"] for field in folder.manifest.credentials]
        assert [field["name"] for field in forms[folder.name]["credentials"]] == names
        assert check.is_valid(asked(folder)), folder.name
        assert not check.is_valid(asked(folder) | {"credentials": {"none of it": "x"}}), folder.name
    secret = document["components"]["schemas"]["Connect_taobao"]["properties"]["credentials"]["properties"]
    assert secret["app_secret"]["writeOnly"] and not secret["app_key"]["writeOnly"]
