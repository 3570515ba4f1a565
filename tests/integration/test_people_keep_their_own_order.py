"""What people keep beside orders - tags, fields, views - is found again by those who may, and leaves as a table."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from python_calamine import CalamineWorkbook

from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from tests.support.api_hub import World, a_world


async def run_all(world: World) -> None:
    runner = Runner(world.hub, job_kinds(world.hub))
    while await runner.step():
        pass


@pytest.mark.asyncio
async def test_a_tag_is_put_on_many_orders_found_by_and_taken_off(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=3) as world, await world.user("service") as client:
        wish = {"orders": world.order_ids[:2], "add": ["关注", "VIP"]}
        assert (await client.post("/api/v1/tags/apply", json=wish)).status_code == 200
        painted = await client.put("/api/v1/tags/VIP", json={"colour": "violet"})
        assert {"name": "VIP", "colour": "violet"} in painted.json()["tags"]
        page = (await client.get("/api/v1/orders", params={"tag": "VIP,关注", "columns": "tags"})).json()
        assert len(page["orders"]) == 2 and {t["name"] for t in page["orders"][0]["tags"]} == {"关注", "VIP"}
        await client.post("/api/v1/tags/apply", json={"orders": world.order_ids[:1], "remove": ["VIP", "关注"]})
        assert len((await client.get("/api/v1/orders", params={"tag": "VIP"})).json()["orders"]) == 1
        for wrong in ({"add": ["a,b"]}, {"add": ["x" * 40]}, {"orders": ["NO-1"], "add": ["x"]}):
            refused = await client.post("/api/v1/tags/apply", json={"orders": world.order_ids, **wrong})
            assert refused.status_code in (404, 422)
        many = {"orders": world.order_ids[:1], "add": [f"t{n}" for n in range(20)]}
        assert (await client.post("/api/v1/tags/apply", json=many)).status_code == 200
        one_more = {"orders": world.order_ids[:1], "add": ["one more"]}
        assert (await client.post("/api/v1/tags/apply", json=one_more)).status_code == 422
        async with await world.user("management") as reader:
            assert (await reader.post("/api/v1/tags/apply", json=wish)).status_code == 403


@pytest.mark.asyncio
async def test_a_field_of_the_sellers_own_is_written_by_its_roles_and_found(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=2) as world, await world.user("service") as client:
        number = (await client.get("/api/v1/orders")).json()["orders"][0]["number"]
        fields = f"/api/v1/orders/{number}/fields"
        assert (await client.put(fields, json={"values": {"promised_on": "2026-12-01"}})).status_code == 200
        page = await client.get("/api/v1/orders", params={"field": "promised_on:2026-12-01", "columns": "fields"})
        assert [o["fields"] for o in page.json()["orders"]] == [{"promised_on": "2026-12-01"}]
        for wrong in ({"promised_on": "soon"}, {"unheard_of": "x"}):
            assert (await client.put(fields, json={"values": wrong})).status_code == 422
        await client.put(fields, json={"values": {"promised_on": None}})
        page = await client.get("/api/v1/orders", params={"field": "promised_on:2026-12-01"})
        assert page.json()["orders"] == []
        async with await world.user("warehouse") as other:
            refused = await other.put(fields, json={"values": {"invoice_title": "x"}})
            assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


@pytest.mark.asyncio
async def test_views_are_the_roles_ones_own_and_those_shared(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=2) as world, await world.user("service") as mine, \
            await world.user("operations") as boss, await world.user("finance") as other:
        names = [view["id"] for view in (await mine.get("/api/v1/views")).json()["views"]]
        assert names[:2] == ["mine", "due_today"] and "large" not in names
        assert "large" in [view["id"] for view in (await other.get("/api/v1/views")).json()["views"]]
        wish: dict[str, Any] = {"name": "我的", "query": {"phase": ["ready"], "placed": "7d"}, "columns": ["tags"]}
        made = await mine.post("/api/v1/views", json=wish)
        assert made.status_code == 201 and (await mine.post("/api/v1/views", json=wish)).status_code == 409
        assert (await mine.post("/api/v1/views", json={**wish, "name": "x", "roles": ["finance"]})).status_code == 403
        shared = await boss.post("/api/v1/views", json={**wish, "name": "共享", "roles": ["finance"]})
        seen = {v["id"]: v["origin"] for v in (await other.get("/api/v1/views")).json()["views"]}
        assert seen[shared.json()["id"]] == "shared" and made.json()["id"] not in seen
        assert (await other.delete(f"/api/v1/views/{shared.json()['id']}")).status_code == 404
        counts = (await mine.get("/api/v1/counts")).json()["views"]
        assert counts[made.json()["id"]] == 2 and counts["mine"] == 0
        path = f"/api/v1/views/{made.json()['id']}"
        assert (await mine.put(path, json={**wish, "name": "别名"})).status_code == 200
        assert (await mine.put(path, json={**wish, "query": {"phase": ["gone"]}})).status_code == 422
        assert (await mine.delete(path)).status_code == 200


@pytest.mark.asyncio
async def test_all_of_a_filter_is_previewed_and_then_done_but_for_what_was_left_out(
    tmp_path: Path, database: str,
) -> None:
    async with a_world(tmp_path, database, orders=4) as world, await world.user("operations") as client:
        as_of = (world.hub.now() + timedelta(seconds=1)).isoformat()
        wish = {"verb": "cancel", "reason": "sold out", "filter": {
            "query": {"phase": ["ready"]}, "as_of": as_of, "except": world.order_ids[:1]}}
        ahead = (await client.post("/api/v1/orders/bulk/preview", json=wish)).json()
        assert ahead["row_count"] == 3 and sum(ahead["preview"]["counts"].values()) == 3
        assert ahead["preview"]["stock"], "the stock that comes back is told"
        assert world.rows("select count(*) from orders where is_cancelled") == [(0,)]
        job = (await client.post("/api/v1/orders/bulk", json=wish)).json()["job"]
        await run_all(world)
        assert (await client.get(f"/api/v1/jobs/{job}")).json()["done"] == 3
        left = world.rows("select id::text from orders where not is_cancelled")
        assert left == [(world.order_ids[0],)]
        both = {**wish, "orders": world.order_ids}
        assert (await client.post("/api/v1/orders/bulk", json=both)).status_code == 422


async def exported(world: World, client: httpx2.AsyncClient, headers: dict[str, str], **wish: Any) -> bytes:
    begun = await client.post("/api/v1/orders/export", json=wish, headers=headers)
    assert begun.status_code == 202, begun.text
    await run_all(world)
    job = (await client.get(f"/api/v1/jobs/{begun.json()['job']}")).json()
    assert job["state"] == "done", job
    return (await client.get(f"/api/v1/jobs/{job['id']}/file")).content


@pytest.mark.asyncio
async def test_an_export_has_no_formula_loses_no_digit_and_masks_people(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=0) as world, await world.client("admin") as client:
        await world.record(3, note="=HYPERLINK(1)")
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("update orders set external_id = '3027123456789012345' where id = %s",
                               (world.order_ids[0],))
        columns = ["number", "external_id", "note", "receiver", "phone", "total", "goods"]
        raw = await exported(world, client, {}, columns=columns)
        head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        assert head == ["订单号", "平台单号", "买家留言", "收件人", "电话", "应付", "商品"] and len(rows) == 3
        assert {row[2] for row in rows} == {"'=HYPERLINK(1)"}
        assert "3027123456789012345\t" in {row[1] for row in rows}
        assert all("**" in row[3] and "****" in row[4] for row in rows)
        book = CalamineWorkbook.from_filelike(io.BytesIO(await exported(
            world, client, {}, columns=columns, form="xlsx", language="en", orders=world.order_ids[:1])))
        table = book.get_sheet_by_index(0).to_python()
        assert table[0][0] == "Order" and len(table) == 2 and table[1][1] == "3027123456789012345"
        reason = {"X-Unmask-Reason": "courier lost the labels"}
        raw = await exported(world, client, reason, columns=columns)
        assert b"**" not in raw
        assert world.rows("select count(*), min(reason) from unmasking") == [(3, "courier lost the labels")]


@pytest.mark.asyncio
async def test_finance_exports_closed_orders_alone_and_nobody_a_field_that_is_hidden(
    tmp_path: Path, database: str,
) -> None:
    async with a_world(tmp_path, database, orders=3) as world, await world.user("finance") as client, \
            await world.user("service") as agent, await world.client("admin") as admin:
        await admin.post(f"/api/v1/orders/{world.order_ids[0]}/cancel", json={"reason": "buyer"})
        told = (await client.get("/api/v1/orders/export/columns")).json()
        assert told["is_closed_only"] and "phone" not in {column["name"] for column in told["columns"]}
        raw = await exported(world, client, {}, columns=["number", "phone", "total"])
        head, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
        assert head == ["订单号", "应付"] and len(rows) == 1
        assert (await agent.post("/api/v1/orders/export", json={})).status_code == 403


@pytest.mark.asyncio
async def test_one_box_finds_orders_waybills_goods_and_says_what_is_exact(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=2) as world, await world.user("service") as client:
        number = (await client.get("/api/v1/orders")).json()["orders"][0]["number"]

        async def hits(q: str) -> list[dict[str, Any]]:
            return list((await client.get("/api/v1/search", params={"q": q})).json()["hits"])

        (first, *_) = await hits(number.lower())
        assert (first["kind"], first["title"], first["is_exact"]) == ("order", number, True)
        assert (await hits("M-001"))[0] == {
            "kind": "sku", "ref": "M-001", "title": "M-001", "about": ["马克杯"], "is_exact": True}
        assert {hit["kind"] for hit in await hits("M-00")} >= {"order", "sku"}
        assert await hits("zzqx") == []
        async with await world.client("skus:read") as keeper:
            found = (await keeper.get("/api/v1/search", params={"q": number})).json()["hits"]
            assert found == [], "who may not see orders finds none"
