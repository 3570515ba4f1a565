"""Whoever opens Home knows whether the shop runs and what is theirs to do, and a new hub what to do first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db.figures import CasesDue, FigureBook
from orderloom.route import LEGS
from tests.support.api_hub import World, a_world

CASE = """
insert into case_file (id, kind, subject, evidence, owner, opened_at, due_at, seen_at, person)
values (gen_random_uuid(), %s, %s, '{}', %s, %s, %s, %s, %s)"""


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


async def _home(world: World, role: str) -> dict[str, Any]:
    async with await world.user(role) as client:
        answer = await client.get("/api/v1/home")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _add_up(world: World) -> None:
    await world.publish()
    async with world.hub.pool.connection() as connection:
        await FigureBook(connection, "Asia/Shanghai", CasesDue()).add_up(world.hub.now())


async def test_home_says_todays_orders_and_that_no_message_is_missing(world: World) -> None:
    await _add_up(world)
    home = await _home(world, "operations")
    assert home["say"]["orders"] == 3 and home["accounting"]["is_balanced"]
    assert [s["verb"] for s in home["route"]] == [leg.verb for leg in LEGS if leg.verb not in ("sort", "lifecycle")]
    (shop,) = home["shops"]
    total = sum(r[0] for r in world.rows("select total from orders"))
    assert (shop["account"], shop["orders"], shop["before"]) == ("SH01", 3, 0)
    assert shop["amounts"] == [{"currency": "CNY", "now": total, "before": 0}]


async def test_yesterday_counts_until_the_same_minute_only(world: World) -> None:
    await _add_up(world)
    yesterday = world.hub.now() - timedelta(days=1)
    async with world.hub.pool.connection() as connection:
        for minutes, orders in ((-5, 7), (5, 100)):
            await connection.execute(
                b"insert into figure_minute select date_trunc('minute', %s::timestamptz), id, 'CNY', %s, 0 from account"
                b" where code = 'SH01'", (yesterday + timedelta(minutes=minutes), orders))
    (shop,) = (await _home(world, "operations"))["shops"]
    assert (shop["orders"], shop["before"]) == (3, 7)


async def test_everybody_sees_what_waits_for_their_own_role_and_how_urgent_it_is(world: World) -> None:
    now = world.hub.now()
    async with world.hub.pool.connection() as connection:
        for n, (owner, opened, due, taken) in enumerate((
            ("warehouse", 60, 60, None), ("warehouse", 60, 5, None), ("warehouse", 300, -5, None),
            ("warehouse", 10, 60, "somebody"), ("finance", 2_000, -60, None),
        )):
            await connection.execute(CASE.encode(), (
                "stage_overdue", f"home/{n}", owner, now - timedelta(minutes=opened), now + timedelta(minutes=due), now,
                taken))
    warehouse, finance = await _home(world, "warehouse"), await _home(world, "finance")
    assert [warehouse["mine"][k] for k in ("waiting", "due", "overdue")] == [3, 1, 1]
    assert [finance["mine"][k] for k in ("waiting", "due", "overdue")] == [1, 0, 1]
    assert warehouse["say"]["code"] == "work" and (await _home(world, "management"))["mine"]["waiting"] == 0
    ages = {c["owner"]: (c["count"], c["ages"], c["overdue"]) for c in warehouse["cases"]}
    assert ages == {"warehouse": (4, [1, 2, 1, 0], 1), "finance": (1, [0, 0, 0, 1], 1)}


async def test_a_new_hub_is_led_step_by_step_and_each_is_ticked_by_what_is_there(world: World) -> None:
    async with await world.client("orders:read") as client:
        whole = (await client.get("/api/v1/guide")).json()
        async with world.hub.pool.connection() as connection:
            await connection.execute(b"update account set is_active = false")
            await connection.execute(b"update stock_level set on_hand = 0, reserved = 0, allocated = 0")
        broken = (await client.get("/api/v1/guide")).json()
    assert [s["name"] for s in whole["steps"]] == ["shop", "skus", "stock", "warehouse", "order"]
    assert whole["is_through"]
    assert [s["is_done"] for s in broken["steps"]] == [False, True, False, True, True] and not broken["is_through"]


async def test_the_slowest_systems_come_first_and_say_what_is_wrong(world: World) -> None:
    async with world.hub.pool.connection() as connection:
        await connection.execute(b"update account set is_well = code <> 'SH01', health = 'token ended | token ended'")
    systems = (await _home(world, "operations"))["systems"]
    assert systems[0]["account"] == "SH01" and systems[0]["is_well"] is False and systems[0]["health"]
    assert all(s["waiting_seconds"] >= 0 for s in systems)


async def test_every_stage_is_documented_and_tells_who_stands_in_it_and_for_how_long(world: World) -> None:
    async with world.hub.pool.connection() as connection:
        await connection.execute(b"update orders set staged_at = now() - interval '3 hours' where stage = 'paid'")
    async with await world.client("orders:read") as client:
        found = (await client.get("/api/v1/lifecycle")).json()
    nodes = {n["name"]: n for n in found["nodes"]}
    counted = dict(world.rows("select stage, count(*) from orders group by stage"))
    assert {name: n["standing"]["orders"] for name, n in nodes.items() if n["standing"]["orders"]} == counted
    for node in nodes.values():
        assert node["title"]["zh"] and node["customer"]["en"] and node["owner_title"]["zh"]
        assert node["is_initial"] or node["entered_by"], f"nothing leads to {node['name']}"
    rules = found["rules"]
    assert all(r["number"] == n and r["triggers"] and r["by"] for n, r in enumerate(rules))
    assert {(e["source"], e["target"]) for e in found["edges"]} == {
        (s, r["to"]) for r in rules for s in r["sources"] if r["to"] and r["to"] != s}
