"""Parked junk leaves the list by one step that says who and why, and no message is lost by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_cli_answers import Cli, cli

from orderloom.testing.proof import prove
from tests.support.api_hub import World, a_world, csv_file

__all__ = ["cli"]


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


def asked(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


async def _parked(world: World, client: Any, sku: str) -> str:
    """A file with an order of a SKU that nobody knows; the id of its message."""
    body = csv_file(sku).replace(b"OFF1", f"OFF-{sku}".encode())
    assert (await client.post(f"/api/v1/files/XLS?name={sku}.csv", content=body)).status_code == 201
    await world.work()
    found = (await client.get("/api/v1/messages", params={"outcome": "parked"})).json()["messages"]
    return str(found[0]["id"])


EXPORTS = Path(__file__).resolve().parents[1] / "contract" / "exports"
OPEN = "select count(*) from case_file where resolved_at is null"


async def test_junk_leaves_the_list_with_a_reason_its_case_closes_and_a_replay_brings_it_back(world: World) -> None:
    async with await world.client("admin") as client:
        message = await _parked(world, client, "NOPE-1")
        assert asked(world.dsn, OPEN) == [(1,)]
        done = await client.post(f"/api/v1/messages/{message}/discard", json={"reason": "合计行"})
        assert done.json() == {"messages": 1, "cases_closed": 1, "is_more": False}
        account = (await client.get("/api/v1/accounting")).json()
        assert (account["discarded"], account["parked"], account["is_balanced"]) == (1, 0, True)
        seen = (await client.get(f"/api/v1/messages/{message}")).json()["message"]
        assert seen["outcome"] == "discarded" and seen["reason"] == "unknown_sku"
        assert [(e["kind"], e["reason"]) for e in seen["history"]] == [("discarded", "合计行")]
        closed = asked(world.dsn, "select resolved_by, resolution from case_file")
        assert closed == [(seen["history"][0]["by"], "合计行")]
        known = {"account": "XLS", "alias": "NOPE-1", "sku": "M-001"}
        assert (await client.post("/api/v1/aliases", json=known)).json()["released"] == 0, "it stays away"
        await client.post(f"/api/v1/messages/{message}/replay")
        await world.work()
        again = (await client.get(f"/api/v1/messages/{message}")).json()["message"]
        assert again["outcome"] == "normalised" and again["order"]
        assert [e["kind"] for e in again["history"]] == ["discarded", "brought_back"]
    assert await prove(world.hub) == []


async def test_what_is_not_parked_is_left_alone_and_nothing_else_changes(world: World) -> None:
    async with await world.client("admin") as client:
        good, bad = await _parked(world, client, "NOPE-2"), await _parked(world, client, "NOPE-3")
        assert (await client.post(f"/api/v1/messages/{bad}/discard", json={"reason": "x"})).status_code == 200
        again = await client.post("/api/v1/messages/discard", json={"reason": "x", "ids": [good, bad]})
        assert (again.status_code, again.json()["code"]) == (409, "not_parked")
        assert (await client.post(f"/api/v1/messages/{good}/discard", json={"reason": "  "})).status_code == 422
        none = "00000000-0000-7000-8000-000000000000"
        assert (await client.post(f"/api/v1/messages/{none}/discard", json={"reason": "x"})).status_code == 404
        assert asked(world.dsn, "select count(*) from intake where outcome = 'parked'") == [(1,)]
        assert asked(world.dsn, OPEN) == [(1,)]
    async with await world.client("messages:read") as reader:
        refused = await reader.post(f"/api/v1/messages/{good}/discard", json={"reason": "x"})
        assert refused.status_code == 403


async def test_a_case_stays_open_while_another_message_waits_for_the_same(world: World) -> None:
    async with await world.client("admin") as client:
        first = await _parked(world, client, "NOPE-4")
        body = csv_file("NOPE-4").replace(b"OFF1", b"OFF-other")
        await client.post("/api/v1/files/XLS?name=b.csv", content=body)
        await world.work()
        done = (await client.post(f"/api/v1/messages/{first}/discard", json={"reason": "x"})).json()
        assert done["cases_closed"] == 0 and asked(world.dsn, OPEN) == [(1,)]
        (case,) = asked(world.dsn, "select id::text from case_file where resolved_at is null")
        rest = (await client.post("/api/v1/messages/discard", json={"reason": "x", "case": case[0]})).json()
        assert rest == {"messages": 1, "cases_closed": 1, "is_more": False}


def test_junk_is_discarded_by_command_line_in_both_languages(cli: Cli, database: str, tmp_path: Path) -> None:
    cli("connect", "files", "--code", "FL01")
    (tmp_path / "a.csv").write_bytes(csv_file("NOPE"))
    assert cli("import", str(tmp_path / "a.csv"))[0] == 1
    ((message,),) = asked(database, "select message_id::text from intake where outcome = 'parked'")
    assert cli("messages", "discard", message)[0] == 2, "a reason is needed"
    code, out, err = cli("messages", "discard", message, "--reason", "测试", "--lang", "zh")
    assert code == 0 and "已作废 1 条" in out, err
    assert "作废" in cli("messages", "show", message, "--lang", "zh")[1]
    code, _, err = cli("messages", "discard", message, "--reason", "测试", "--lang", "en")
    assert code == 1 and "only parked messages" in err


def test_half_of_an_export_that_came_alone_is_settled_when_its_pair_is_imported(cli: Cli, database: str) -> None:
    cli("connect", "files", "--code", "FL01")
    for code in ("A-1", "B-1"):
        cli("sku", "add", code)
    orders, items = (str(EXPORTS / f"taobao_{half}.csv") for half in ("orders", "items"))
    assert cli("import", orders)[0] == 1 and asked(database, OPEN) == [(1,)]
    assert cli("import", orders, items)[0] == 0
    assert asked(database, f"{OPEN} and kind <> 'short_stock'") == [(0,)]
    assert asked(database, "select outcome, count(*) from intake where outcome <> 'split' group by 1 order by 1") == [
        ("discarded", 1), ("normalised", 2)]
    assert "另一半" in asked(database, "select reason from message_event")[0][0]
