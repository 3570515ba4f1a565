"""What the settings show: warehouses and carriers today, who is told of what, the log of facts and its verification."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from orderloom.application.checkpoint import checkpoint
from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


async def verified(world: World) -> None:
    """Run the verification that waits."""
    runner = Runner(world.hub, job_kinds(world.hub))
    while await runner.step():
        pass


async def test_a_warehouse_says_what_waits_there_and_a_carrier_what_it_can(world: World) -> None:
    with psycopg.connect(world.dsn, autocommit=True) as connection:
        connection.execute("insert into account (code, family, connector, title, zone, credentials_cipher)"
                           " values ('SF01', 'carriers', 'sf_express', '顺丰', 'Asia/Shanghai', '')")
    async with await world.client("admin") as client:
        houses = (await client.get("/api/v1/warehouses/standing")).json()["warehouses"]
        told = (await client.get("/api/v1/carriers")).json()
    [hangzhou] = [one for one in houses if one["code"] == "HZ"]
    assert (hangzhou["waiting"], hangzhou["skus"], hangzhou["units"]) == (3, 1, 1_000)
    assert hangzhou["oldest_at"] and hangzhou["is_active"]
    [carrier] = told["carriers"]
    assert (carrier["code"], carrier["carriers"], carrier["labels_week"], carrier["parcels"]) == (
        "SF01", ["shunfeng"], 0, 0)
    assert "label" in carrier["can"]
    assert told["titles"]["shunfeng"]["en"]


async def test_a_rule_says_whom_it_reaches_and_that_it_reaches_nobody(world: World) -> None:
    async with await world.client("admin") as client:
        before = (await client.get("/api/v1/notifications/rules")).json()
        with psycopg.connect(world.dsn, autocommit=True) as connection:
            connection.execute("insert into account (code, family, connector, title, zone, credentials_cipher)"
                               " values ('EM01', 'messengers', 'email', '邮件', 'UTC', %s)",
                               (world.hub.vault.encrypt(b"{}"),))
            connection.execute("update cache_version set version = version + 1")
        kept = await client.put("/api/v1/recipients/operations/EM01", json={"address": "ops@example.com"})
        assert kept.status_code == 200, kept.text
        after = (await client.get("/api/v1/notifications/rules")).json()
    assert before["file"] == "notifications.yaml" and not any(rule["is_heard"] for rule in before["rules"])
    [grave] = [rule for rule in after["rules"] if rule["name"] == "grave_case"]
    assert grave["is_heard"] and grave["steps"][0]["reaches"] == [{"recipient": "operations", "account": "EM01"}]
    assert grave["quiet"]["start"] == 22 * 60 and grave["severities"] == ["high"]
    assert after["messengers"] == [{"account": "EM01", "connector": "email", "is_room": False}]
    assert "ops@example.com" not in str(after)


async def test_facts_are_found_by_order_actor_kind_and_time_page_by_page(world: World) -> None:
    base = "/api/v1/audit/facts"
    async with await world.client("admin") as client:
        every, after, pages = [], "", 0
        while pages == 0 or after:
            page = (await client.get(base, params={"limit": 4, "cursor": after})).json()
            every += page["facts"]
            after, pages = page["next"] or "", pages + 1
        number = every[-1]["order"]
        of_order = (await client.get(base, params={"order": number})).json()["facts"]
        recorded = (await client.get(base, params={"kind": "order_recorded", "actor": "test"})).json()
        late = (world.hub.now() + timedelta(hours=1)).isoformat()
        none = (await client.get(base, params={"since": late})).json()
        wrong = await client.get(base, params={"kind": "nothing"})
    stored = world.rows("select count(*) from order_event")[0][0]
    assert len(every) == stored == len({(one["order"], one["seq"]) for one in every}) and pages > 2
    assert [one["seq"] for one in of_order] == list(range(len(of_order), 0, -1))
    assert {one["kind"] for one in recorded["facts"]} == {"order_recorded"} and len(recorded["facts"]) == 3
    assert recorded["next"] is None and none["facts"] == [] and wrong.status_code == 422
    assert "19912345678" not in str(every)
    async with await world.client("orders:read") as client:
        assert (await client.get(base)).status_code == 403


async def test_a_verification_in_the_background_says_whole_and_names_what_was_changed(world: World) -> None:
    await checkpoint(world.hub.sealer())
    async with await world.client("admin") as client:
        begun = await client.post("/api/v1/audit/verify", json={"is_deep": True})
        waiting = (await client.get("/api/v1/audit")).json()
        await verified(world)
        state = (await client.get("/api/v1/audit")).json()
        job = (await client.get(f"/api/v1/jobs/{begun.json()['job']}")).json()
        with psycopg.connect(world.dsn, autocommit=True) as connection:
            connection.execute("alter table order_event disable trigger user")
            connection.execute("update order_event set facts = facts || ' ' where seq = 2")
        await client.post("/api/v1/audit/verify", json={})
        await verified(world)
        changed = (await client.get("/api/v1/audit")).json()["checks"][0]
    assert begun.status_code == 202 and waiting["job"] == begun.json()["job"] and waiting["sealed"]["number"] == 1
    [check] = state["checks"]
    assert (check["faults"], check["orders"], check["is_deep"], state["job"]) == ([], 3, True, None)
    assert check["events"] == world.rows("select count(*) from order_event")[0][0] and check["by"] == "token:test"
    assert (job["state"], job["done"], job["why"]["zh"]) == ("done", check["events"], "日志完好")
    assert changed["faults"][0]["why"] == "changed" and changed["faults"][0]["seq"] == 2


async def test_the_last_good_backup_counts_not_the_last(world: World) -> None:
    base = "/api/v1/backups"
    async with await world.client("admin") as client:
        before = (await client.get(base)).json()
        wish = {"kind": "backup", "seconds": 40, "bytes": 1_000, "place": "nas:/orderloom"}
        good = await client.post(base, json=wish)
        await client.post(base, json={"kind": "backup", "is_good": False, "detail": "no room left"})
        refused = await client.post(base, json=wish | {"place": "a\nb"})
        after = (await client.get(base)).json()
    assert before["is_backup_late"] and before["is_drill_late"] and before["database_bytes"] > 1_000_000
    assert good.status_code == 201 and refused.status_code == 422
    assert after["last_backup"]["id"] == good.json()["id"] and not after["is_backup_late"] and after["is_drill_late"]
    assert [one["is_good"] for one in after["runs"]] == [False, True]
    assert after["backup_due_at"] > after["as_of"] >= after["drill_due_at"]
    async with await world.client("orders:read") as client:
        assert (await client.get(base)).status_code == 403
