"""An account that is only watched sends nothing and loses nothing; a mapping that a person edited is the one that
reads, and every message says which one did."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import xlsxwriter

from tests.support.api_hub import World, a_world

WHO = "王小明,19912345678,浙江省杭州市余杭区文一西路1号"
OWN = f"客户单号,料号2,件,成交价,收件人名,收件电话,收件地址\nA-1,{{sku}},2,50.00,{WHO}\n"
KNOWN = f"订单号,商品编码,数量,单价,收货人,手机,收货地址\nW-1,M-001,1,9.90,{WHO}\n"
COLUMNS = {"客户单号": "订单号", "料号2": "商品编码", "件": "数量", "成交价": "单价", "收件人名": "收货人",
           "收件电话": "手机", "收件地址": "收货地址"}


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


async def a_files_account(client: httpx2.AsyncClient) -> None:
    made = await client.post("/api/v1/accounts", json={"connector": "files", "code": "FX01"})
    assert made.status_code == 201, made.text


async def upload(client: httpx2.AsyncClient, text: str, name: str = "own.csv") -> httpx2.Response:
    return await client.post("/api/v1/files/FX01", params={"name": name}, content=text.encode("gb18030"))


def an_xlsx(rows: list[list[Any]]) -> bytes:
    """A workbook of one sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


async def publish(client: httpx2.AsyncClient, topic: str, content: dict[str, Any]) -> httpx2.Response:
    base = "/api/v1/accounts/FX01/mapping"
    kept = await client.put(f"{base}/draft", params={"topic": topic}, json={"content": content})
    assert kept.status_code == 200 and not kept.json()["mistakes"], kept.text
    tried = await client.post(f"{base}/trial", params={"topic": topic})
    assert tried.status_code == 200, tried.text
    return await client.post(f"{base}/publish", params={"topic": topic},
                             json={"digest": kept.json()["digest"], "reason": "卖家自己的列名"})


async def _messages(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    found = (await client.get("/api/v1/messages", params={"account": "FX01"})).json()["messages"]
    return [one for one in found if one["topic"] == "row"]


async def test_what_is_only_watched_is_read_and_waits_and_goes_on_once_it_is_live(world: World) -> None:
    async with await world.client("admin") as client:
        await a_files_account(client)
        watched = (await client.post("/api/v1/accounts/fx01/watch")).json()
        assert watched["is_watching"]
        assert (await upload(client, KNOWN)).status_code == 201
        await world.work()
        (waiting,) = await _messages(client)
        assert (waiting["outcome"], waiting["reason"], waiting["order"]) == ("parked", "watch_only", None)
        shown = (await client.get("/api/v1/connections")).json()["connections"]
        assert next(one for one in shown if one["account"]["code"] == "FX01")["state"] == "watching"
        live = (await client.post("/api/v1/accounts/FX01/live", json={"seen": "process"})).json()
        assert (live["is_watching"], live["released"]) == (False, 1)
        await world.work()
        (went,) = await _messages(client)
        assert went["reason"] != "watch_only"


async def test_what_was_watched_before_can_be_left_behind_and_stays_stored(world: World) -> None:
    async with await world.client("admin") as client:
        await a_files_account(client)
        await client.post("/api/v1/accounts/FX01/watch")
        await upload(client, KNOWN)
        await world.work()
        live = (await client.post("/api/v1/accounts/FX01/live", json={"seen": "set_aside"})).json()
        assert (live["set_aside"], live["released"]) == (1, 0)
        (left,) = await _messages(client)
        assert left["outcome"] == "discarded"
        file = (await client.get(f"/api/v1/messages/{left['id']}")).json()["message"]
        assert file["history"][0]["kind"] == "discarded"


async def test_a_file_with_a_sellers_own_columns_is_read_by_what_a_person_published(world: World) -> None:
    async with await world.client("admin") as client:
        await a_files_account(client)
        sku = (await client.get("/api/v1/skus")).json()["skus"][0]["code"]
        refused = await upload(client, OWN.format(sku=sku))
        assert refused.status_code == 422, "nobody said what its columns are"
        done = await publish(client, "row", {"columns": COLUMNS})
        assert (done.status_code, done.json()["version"]) == (200, 1), done.text
        assert (await upload(client, OWN.format(sku=sku), "again.csv")).status_code == 201
        await world.work()
        (went,) = await _messages(client)
        assert went["outcome"] == "normalised", went
        assert world.rows(f"select mapping from intake where message_id = '{went['id']}'") == [("row@1",)]
        order = (await client.get(f"/api/v1/orders/{went['order']}")).json()
        assert order["lines"][0]["sku_external"] == sku


async def test_a_word_mapped_for_one_account_lets_its_messages_go_on_and_can_be_taken_back(world: World) -> None:
    async with await world.client("admin") as client:
        await a_files_account(client)
        sku = (await client.get("/api/v1/skus")).json()["skus"][0]["code"]
        head = "订单号,商品编码,数量,单价,订单状态,收货人,手机,收货地址\n"
        await upload(client, f"{head}S-1,{sku},1,9.90,等仓库盘点,{WHO}\n")
        await world.work()
        (waiting,) = await _messages(client)
        assert (waiting["outcome"], waiting["reason"]) == ("parked", "unknown_status"), waiting
        wish = {"dictionary": "order", "word": "等仓库盘点", "meaning": {"milestone": "paid", "payment": "paid"},
                "reason": "仓库自己的叫法"}
        told = await client.post("/api/v1/accounts/FX01/statuses", json=wish)
        assert told.status_code == 200, told.text
        await world.work()
        (went,) = await _messages(client)
        assert went["outcome"] == "normalised", went
        back = await client.post("/api/v1/accounts/FX01/mapping/roll-back", params={"topic": "words"},
                                 json={"version": 0, "reason": "试完收回"})
        assert back.json()["version"] == 0
        wrong = await client.post("/api/v1/accounts/FX01/statuses", json=wish | {"meaning": {"milestone": "flown"}})
        assert wrong.json()["code"] == "mapping_wrong" and "flown" in wrong.json()["detail"]


async def test_a_draft_that_nobody_tried_or_that_somebody_else_changed_is_not_published(world: World) -> None:
    async with await world.client("admin") as client:
        await a_files_account(client)
        base, topic = "/api/v1/accounts/FX01/mapping", {"topic": "row"}
        kept = (await client.put(f"{base}/draft", params=topic, json={"content": {"columns": COLUMNS}})).json()
        wish = {"digest": kept["digest"], "reason": "卖家自己的列名"}
        assert (await client.post(f"{base}/publish", params=topic, json=wish)).json()["code"] == "trial_needed"
        other = await client.put(f"{base}/draft", params=topic, json={"content": {"columns": {"a": "订单号"}}})
        assert other.json()["code"] == "draft_moved"
        await client.put(f"{base}/draft", params=topic,
                         json={"content": {"columns": {"a": "没有这一列"}}, "known": kept["digest"]})
        assert (await client.post(f"{base}/publish", params=topic, json=wish)).json()["code"] == "draft_moved"


async def test_a_connection_that_is_begun_goes_on_later_and_its_keys_never_come_back(world: World) -> None:
    async with await world.client("admin") as client:
        form = {"code": "WX9", "title": "旗舰店", "step": "test"}
        wish = {"connector": "taobao", "form": form, "credentials": {"app_key": "k-1", "app_secret": "very-secret"}}
        begun = (await client.put("/api/v1/connect-drafts", json=wish)).json()
        assert begun["filled"] == ["app_key", "app_secret"]
        again = {"connector": "taobao", "id": begun["id"], "form": form | {"title": "旗舰店二"}}
        await client.put("/api/v1/connect-drafts", json=again)
        shown = await client.get("/api/v1/connect-drafts")
        (kept,) = shown.json()["drafts"]
        assert (kept["form"]["title"], kept["filled"]) == ("旗舰店二", ["app_key", "app_secret"])
        assert "very-secret" not in shown.text
        (sealed,) = world.rows("select sealed_cipher from preparation")
        assert b"very-secret" not in bytes(sealed[0])
        assert (await client.delete(f"/api/v1/connect-drafts/{begun['id']}")).status_code == 200
        assert (await client.get(f"/api/v1/connect-drafts/{begun['id']}")).status_code == 404


async def test_a_test_says_how_long_each_check_took_and_which_field_to_mend(world: World) -> None:
    async with await world.client("admin") as client:
        form = {"code": "FX02", "settings": {"inbox": "/no/such/folder"}}
        begun = (await client.put("/api/v1/connect-drafts", json={"connector": "files", "form": form})).json()
        tried = (await client.post(f"/api/v1/connect-drafts/{begun['id']}/examine")).json()
        assert not tried["is_well"] and [one["name"] for one in tried["checks"]] == ["probe"]
        assert "/no/such/folder" in tried["checks"][0]["message"]
        form = {"code": "FX02", "settings": {}}
        await client.put("/api/v1/connect-drafts", json={"connector": "files", "form": form, "id": begun["id"]})
        done = (await client.post(f"/api/v1/connect-drafts/{begun['id']}/connect", json={})).json()
        assert done["is_well"]
        detail = (await client.get("/api/v1/connections/FX02")).json()
        assert detail["connection"]["account"]["is_watching"], "nothing is sent before somebody goes live"
        lacking = {"connector": "shopify", "form": {"code": "SH09"}}
        begun = (await client.put("/api/v1/connect-drafts", json=lacking)).json()
        refused = await client.post(f"/api/v1/connect-drafts/{begun['id']}/examine")
        assert refused.status_code == 422 and "credentials" in refused.json()["detail"]


async def test_a_workbook_of_unknown_columns_is_shown_with_suggestions_and_nobody_in_it(world: World) -> None:
    async with await world.client("admin") as client:
        await a_files_account(client)
        names = ["客户单号", "料号2", "购买件数", "成交价", "收件人名", "收件电话", "送货地址"]
        sheet = an_xlsx([["2026 年 11 月 出货明细"], names,
                         ["A-1", "M-001", 2, 50.5, "王小明", "19912345678", "浙江省杭州市余杭区文一西路1号"]])
        looked = await client.put("/api/v1/accounts/FX01/mapping/sample", params={"topic": "row", "name": "own.xlsx"},
                                  content=sheet)
        assert looked.status_code == 200, looked.text
        found = looked.json()
        assert [one["name"] for one in found["places"]][:3] == ["客户单号", "料号2", "购买件数"]
        assert "王小明" not in looked.text and "19912345678" not in looked.text
        meant = {one["target"]: one["path"] for one in found["suggestions"]}
        assert meant["receiver.phone"] == "收件电话" and meant["lines.quantity"] == "购买件数", meant
        assert all(one["reasons"] for one in found["suggestions"])
