"""The queue of cases: who looks for what is due, burns or is the same fault finds it; what one does to it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.api_hub import World, a_world, csv_file


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


async def parked(world: World, client: Any, sku: str, number: str) -> None:
    """An order of a SKU that nobody knows."""
    body = csv_file(sku).replace(b"OFF1", number.encode())
    assert (await client.post(f"/api/v1/files/XLS?name={number}.csv", content=body)).status_code == 201
    await world.work()


def planted(world: World, kind: str, subject: str, **given: Any) -> None:
    """A case as it would stand there."""
    row = {"opened": "now()", "due": "now() + interval '1 hour'", "ended": "null", "owner": "service",
           "order": "null", "by": "null"} | given
    with psycopg.connect(world.dsn, autocommit=True) as connection:
        connection.execute(f"""insert into case_file (id, kind, subject, order_id, evidence, owner, opened_at, due_at,
            seen_at, resolved_at, resolved_by) values (gen_random_uuid(), '{kind}', '{subject}', {row['order']}, '{{}}',
            '{row['owner']}', {row['opened']}, {row['due']}, now(), {row['ended']}, {row['by']})""".encode())


async def cases(client: Any, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/cases", params=asked)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["cases"])


async def test_a_spelling_that_holds_up_many_orders_is_one_case_with_its_money(world: World) -> None:
    async with await world.client("admin") as client:
        for number in ("OFF-1", "OFF-2"):
            await parked(world, client, "NOPE-1", number)
        (case,) = await cases(client, kind="unknown_sku")
        assert (case["messages"], case["money"]) == (2, [{"currency": "CNY", "amount": 20_000}])
        assert case["line"]["code"] == "problem" and case["line"]["facts"]["value"] == "NOPE-1"
        kinds = (await client.get("/api/v1/cases/kinds", params={"kind": "unknown_sku,no_mapping"})).json()
        (pile,) = kinds["kinds"]
        assert (pile["kind"], pile["count"], pile["messages"]) == ("unknown_sku", 1, 2)
        assert pile["money"] == [{"currency": "CNY", "amount": 20_000}] and pile["causes"][0]["case"] == case["id"]
        assert [len(await cases(client, kind="unknown_sku", stake_min=n)) for n in (20_000, 20_001)] == [1, 0]


async def test_filters_take_several_values_and_name_what_they_do_not_know(world: World) -> None:
    planted(world, "stage_overdue", "a", owner="operations")
    planted(world, "no_receiver", "b")
    planted(world, "waybill_missing", "c", owner="warehouse", due="null")
    async with await world.client("cases:read") as client:
        two = await cases(client, kind="stage_overdue,no_receiver", sort="left")
        assert sorted(case["kind"] for case in two) == ["no_receiver", "stage_overdue"]
        assert [c["subject"] for c in await cases(client, owner="warehouse,operations", severity="medium")] == ["a"]
        wrong = await client.get("/api/v1/cases", params={"kind": "stage_overdue,nonsense"})
        assert wrong.status_code == 422 and "nonsense" in wrong.json()["detail"]


async def test_the_queue_pages_by_the_time_left_and_passes_nothing_over(world: World) -> None:
    for number in range(5):
        due = f"now() + interval '{9 - number} hours'" if number else "null"
        planted(world, "stage_overdue", f"s{number}", due=due)
    async with await world.client("cases:read") as client:
        seen: list[str] = []
        cursor = ""
        for _ in range(9):
            page = (await client.get("/api/v1/cases", params={
                "kind": "stage_overdue", "sort": "left", "limit": 2, "cursor": cursor})).json()
            seen += [case["subject"] for case in page["cases"]]
            if not (cursor := page["next"] or ""):
                break
    assert seen == ["s4", "s3", "s2", "s1", "s0"], "what has no time limit comes last"


async def test_what_i_put_off_is_out_of_my_queue_and_in_everybody_elses(world: World) -> None:
    planted(world, "stage_overdue", "a", owner="operations")
    until = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    async with await world.user("operations") as mine, await world.user("service") as other:
        (case,) = await cases(mine, kind="stage_overdue")
        answer = await mine.post(f"/api/v1/cases/{case['id']}/snooze", json={"until": until})
        assert answer.status_code == 200 and answer.json()["snoozed_until"]
        assert await cases(mine, kind="stage_overdue") == []
        assert len(await cases(mine, kind="stage_overdue", state="snoozed")) == 1
        assert len(await cases(other, kind="stage_overdue")) == 1
        past = await mine.post(f"/api/v1/cases/{case['id']}/snooze", json={"until": "2020-01-01T00:00:00Z"})
        assert past.status_code == 422
        await mine.post(f"/api/v1/cases/{case['id']}/snooze", json={"until": None})
        assert len(await cases(mine, kind="stage_overdue")) == 1


async def test_a_case_is_given_to_a_person_and_its_history_says_so(world: World) -> None:
    planted(world, "stage_overdue", "a", owner="operations")
    async with await world.user("operations") as mine, await world.user("service") as other:
        (case,) = await cases(mine, kind="stage_overdue")
        path = f"/api/v1/cases/{case['id']}"
        given = (await mine.post(f"{path}/assign", json={"person": "service-user"})).json()
        assert (given["owner"], given["person"]) == ("service", "service-user")
        assert [c["id"] for c in await cases(other, person="me")] == [case["id"]]
        assert (await mine.post(f"{path}/assign", json={"person": "nobody"})).status_code == 404
        said = (await other.post(f"{path}/comment", json={"note": "等买家 13912345678 回话"})).json()
        assert [e["kind"] for e in said["history"]] == ["assigned", "commented"]
        assert said["history"][1]["detail"]["note"] == "等买家 139****5678 回话"


async def test_of_many_what_is_refused_is_told_by_row_and_stops_no_other(world: World) -> None:
    for name in ("a", "b"):
        planted(world, "stage_overdue", name)
    async with await world.user("operations") as client:
        first, second = await cases(client, kind="stage_overdue")
        await client.post(f"/api/v1/cases/{first['id']}/resolve", json={"resolution": "看过"})
        nowhere = "00000000-0000-7000-8000-000000000000"
        done = (await client.post("/api/v1/cases/bulk", json={
            "ids": [first["id"], second["id"], nowhere], "verb": "resolve", "reason": "同一故障"})).json()
        assert (done["done"], done["refused"]) == (1, 2)
        assert [row["code"] for row in done["rows"]] == ["already_resolved", "", "not_found"]
        assert (await client.post("/api/v1/cases/bulk", json={"ids": [nowhere], "verb": "resolve"})).status_code == 422


async def test_recovery_runs_from_the_first_trouble_of_an_order_to_the_end_of_its_last(world: World) -> None:
    order = f"'{world.order_ids[0]}'"
    ago = "now() - interval '{} minutes'"
    planted(world, "no_receiver", "a", order=order, opened=ago.format(60), ended=ago.format(40), by="'user:li'")
    planted(world, "stage_overdue", "b", order=order, opened=ago.format(50), ended=ago.format(30), by="'user:wang'")
    planted(world, "no_receiver", "c", order=order, opened=ago.format(10), ended=ago.format(8), by="'user:li'")
    planted(world, "no_receiver", "d", order=order, opened=ago.format(9))
    async with await world.client("cases:read") as client:
        found = (await client.get("/api/v1/cases/recovery", params={"by": "kind"})).json()
        assert [(row["key"], row["count"]) for row in found["rows"]] == [("no_receiver", 1)], "d is open: c goes on"
        people = (await client.get("/api/v1/cases/recovery", params={"by": "person"})).json()
        account = (await client.get("/api/v1/cases/recovery", params={"by": "account"})).json()
        wrong = await client.get("/api/v1/cases/recovery", params={"since": "2020-01-01T00:00:00Z"})
    assert found["total"]["count"] == 1
    assert [(row["key"], row["median_seconds"] // 60) for row in people["rows"]] == [("user:wang", 30)]
    assert account["rows"][0]["key"] == "SH01" and account["rows"][0]["buckets"] == [0, 1, 0, 0, 0, 0]
    assert wrong.status_code == 422
