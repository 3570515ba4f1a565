"""The text of what was sent goes when its time is over, and nothing that anybody relies on goes with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from orderloom.adapters.db import outbox, pruning
from orderloom.adapters.db.audit_deep import verify_deep
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.application.change import Delivery
from orderloom.application.queries.deliveries import read_delivery
from orderloom.application.queries.trace import read_trace
from orderloom.entrypoints.worker.loops import loops
from orderloom.settings import read_settings
from orderloom.testing.proof import prove
from tests.support.api_hub import World, a_world

DAYS = 180
BODY = {"work_no": "W-1", "order_no": "N-1", "note": "请送到前台", "lines": [{"sku": "M-001", "quantity": 2}]}
SETTLED = ("done", "cancelled", "given_up")


@asynccontextmanager
async def a_past(home: Path, database: str) -> AsyncIterator[tuple[World, dict[str, str]]]:
    """A hub with a delivery in every state, queued and settled by now; their ids by state."""
    async with a_world(home, database) as world:
        states = ("parked", *SETTLED, "due")
        async with world.hub.pool.connection() as connection:
            await outbox.add(connection, [
                Delivery(1, "work", world.order_ids[0], f"{world.order_ids[0]}/{state}", BODY | {"work_no": state})
                for state in states
            ], world.hub.now())
            await connection.execute(
                "update delivery set state = split_part(order_key, '/', 2), answer = '{\"ok\":1}', attempts = 1,"
                " done_at = case when split_part(order_key, '/', 2) = any (%s) then %s::timestamptz end"
                " where order_key like '%%/%%'", (list(SETTLED), world.hub.now()))
            rows = await connection.execute("select state, id::text from delivery where order_key like '%/%'")
            yield world, dict(await rows.fetchall())


async def _rows(world: World, query: str, *given: Any) -> list[tuple[Any, ...]]:
    async with world.hub.pool.connection() as connection:
        return await (await connection.execute(query, given or None)).fetchall()


async def _prune(world: World, at: datetime, days: int = DAYS) -> int:
    steps = 0
    async with world.hub.pool.connection() as connection:
        while await pruning.prune(connection, days, at):
            steps += 1
    return steps


async def _pruned(world: World) -> set[str]:
    return {r[0] for r in await _rows(world, "select id::text from delivery where pruned_at is not null")}


async def test_only_what_is_settled_and_old_goes_and_what_names_it_stays(database: str, home: Path) -> None:
    async with a_past(home, database) as (world, ids):
        now = world.hub.now()
        before = {r[0]: r[1] for r in await _rows(world, "select id::text, body from delivery")}
        await _prune(world, now + timedelta(days=DAYS - 1))
        assert await _pruned(world) == set()
        await _prune(world, now + timedelta(days=DAYS + 1))
        assert await _pruned(world) == {ids[state] for state in SETTLED}
        async with world.hub.pool.connection() as connection:
            found = await read_delivery(connection, ids["done"], with_answer=True)
            waiting = await read_delivery(connection, ids["parked"])
        assert found is not None and found.pruned is not None and waiting is not None
        assert found.body == {"work_no": "done", "order_no": "N-1"} and found.answer == '{"ok":1}'
        assert found.pruned.digest == sha256(before[ids["done"]].encode()).hexdigest()
        assert waiting.pruned is None and waiting.body["lines"]


async def test_proof_trace_and_audit_say_the_same_after_it(database: str, home: Path) -> None:
    async with a_past(home, database) as (world, _):

        async def told() -> list[Any]:
            async with world.hub.pool.connection() as connection:
                traces = [await read_trace(connection, order_id) for order_id in world.order_ids]
            report = await verify_log(database, home, lambda done, of: None)
            async with world.hub.pool.connection() as connection:
                await connection.set_autocommit(True)
                await verify_deep(connection, world.hub.vault, report, lambda done, of: None)
                await connection.set_autocommit(False)
            assert report.is_whole, report.faults
            return [traces, await prove(world.hub)]

        before = await told()
        await _prune(world, world.hub.now() + timedelta(days=DAYS + 1))
        assert len(await _pruned(world)) == len(SETTLED) and await told() == before


async def test_it_is_done_in_steps_goes_on_where_it_stopped_and_comes_again_for_what_was_settled_late(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "PER_STEP", 2)
    async with a_past(home, database) as (world, ids):
        later = world.hub.now() + timedelta(days=DAYS + 1)
        async with world.hub.pool.connection() as connection:
            assert await pruning.prune(connection, DAYS, later) == 1
            first = await _pruned(world)
            async with connection.transaction():
                await connection.execute("select 1 from chore for update")
                async with world.hub.pool.connection() as other:
                    assert await pruning.prune(other, DAYS, later) == 0, "two workers at it"
        assert await _prune(world, later) > 1
        assert first < await _pruned(world) == {ids[state] for state in SETTLED}
        await _rows(world, "update delivery set state = 'given_up', done_at = now() where id = %s returning 1",
                    ids["parked"])
        await _prune(world, later + timedelta(days=1))
        assert ids["parked"] not in await _pruned(world), "the round is weekly"
        await _prune(world, later + timedelta(days=8))
        await _prune(world, later + timedelta(days=8))
        assert ids["parked"] in await _pruned(world)


async def test_a_text_that_cannot_be_read_stops_no_other(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "PER_STEP", 2)
    async with a_past(home, database) as (world, ids):
        await _rows(world, "update delivery set body = %s where id = %s returning 1",
                    msgspec.json.encode(BODY | {"note": "a\0b"}).decode(), ids["done"])
        await _prune(world, world.hub.now() + timedelta(days=DAYS + 1))
        assert await _pruned(world) == {ids["cancelled"], ids["given_up"]}


async def test_what_is_forgotten_is_not_sent_again_and_the_answer_says_why(database: str, home: Path) -> None:
    async with a_past(home, database) as (world, ids), await world.client("admin") as client:
        now = world.hub.now()
        await _prune(world, now + timedelta(days=DAYS + 1))
        refused = await client.post(f"/api/v1/deliveries/{ids['done']}/resend")
        assert refused.status_code == 409 and refused.json()["code"] == "text_not_kept"
        span = {"account": "SH01", "states": [*SETTLED, "parked"], "since": now - timedelta(hours=1),
                "until": now + timedelta(hours=1)}
        answer = await client.post("/api/v1/deliveries/resend", content=msgspec.json.encode(span))
        assert answer.json() == {"ids": [ids["parked"]], "pruned": len(SETTLED)}
        shown = (await client.get(f"/api/v1/deliveries/{ids['cancelled']}")).json()
        assert shown["pruned"]["digest"] and shown["delivery"]["state"] == "cancelled"


async def test_the_worker_forgets_as_it_is_told_and_keeps_everything_when_that_is_off(
    database: str, home: Path
) -> None:
    async with a_past(home, database) as (world, _):
        with psycopg.connect(database) as connection:
            connection.execute("update delivery set done_at = done_at - interval '1 year' where done_at is not null")
            connection.execute("update delivery set id = ('00' || substr(id::text, 3))::uuid where done_at is not null")
        step = next(loop.step for loop in loops(world.hub) if loop.verb == "prune")
        world.hub.settings = replace_settings(world, "off")
        assert await step() == 0 and await _pruned(world) == set()
        world.hub.settings = replace_settings(world, "30")
        assert await step() == 1 and len(await _pruned(world)) == len(SETTLED)


def replace_settings(world: World, days: str) -> Any:
    """The hub's settings with another time to keep."""
    return read_settings({"ORDERLOOM_HOME": str(world.hub.settings.home), "ORDERLOOM_KEEP_SENT_DAYS": days})
