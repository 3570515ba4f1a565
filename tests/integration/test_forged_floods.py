"""Anybody may post to a webhook's address: that fills no disk, is counted, and takes no genuine one's place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orderloom.application.quarantine import KEPT_MAX
from orderloom.application.queries.status import read_status
from tests.support.api_hub import SECRET, World, a_world, csv_file

FLOOD = 1_000


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


def asked(world: World, query: str) -> Any:
    with psycopg.connect(world.dsn) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


async def test_a_flood_of_forged_pushes_is_refused_kept_to_a_limit_and_counted(world: World) -> None:
    async with await world.client() as client:
        for number in range(FLOOD):
            answer = await client.post("/webhooks/SH01", content=b'{"id": %d}' % number)
            assert answer.status_code == 401
    await world.app.state.door.close()
    kept = asked(world, "select count(*) from intake where outcome = 'quarantined'")
    assert KEPT_MAX <= kept <= KEPT_MAX + 20
    assert asked(world, "select sum(quantity) from tally where measure = 'forged'") == FLOOD - kept
    async with world.hub.pool.connection() as connection:
        told = (await read_status(connection)).accounting
    assert told.forged == FLOOD - kept and told.quarantined == kept and told.is_balanced
    live = (await world.app.state.desk.board.current()).accounting
    assert live.forged == FLOOD - kept and live.is_balanced
    told_of = asked(world, "select array_agg((kind, subject, evidence ->> 'account')::text) from case_file")
    assert told_of == ["(forged,SH01,SH01)"], "one case tells of all of it"


async def test_a_count_that_cannot_be_written_down_now_is_written_later(world: World) -> None:
    door = world.app.state.door
    async with await world.client() as client:
        for number in range(KEPT_MAX + 3):
            await client.post("/webhooks/SH01", content=b'{"id": %d}' % number)
    with psycopg.connect(world.dsn) as connection:
        connection.execute("alter table tally rename to tally_away")
    await door.close()
    with psycopg.connect(world.dsn) as connection:
        connection.execute("alter table tally_away rename to tally")
    await door.close()
    kept = asked(world, "select count(*) from intake where outcome = 'quarantined'")
    assert asked(world, "select sum(quantity) from tally where measure = 'forged'") == KEPT_MAX + 3 - kept


async def test_a_forged_copy_that_comes_first_does_not_swallow_the_genuine_one(world: World) -> None:
    async with world.hub.pool.connection() as connection:
        await connection.execute(
            "update account set credentials_cipher = %s where code = 'XLS'",
            (world.hub.vault.encrypt(b'{"upload_token": "%s"}' % SECRET.encode()),))
        await connection.execute("update cache_version set version = version + 1")
    body = csv_file("M-001")
    async with await world.client() as client:
        forged = await client.post("/webhooks/XLS", content=body, headers={"x-upload-token": "guess"})
        again = await client.post("/webhooks/XLS", content=body, headers={"x-upload-token": "guess"})
        genuine = await client.post("/webhooks/XLS", content=body, headers={"x-upload-token": SECRET})
    assert (forged.status_code, again.status_code, genuine.status_code) == (401, 401, 200)
    await world.work()
    assert asked(world, "select count(*) from orders") == 1
    assert asked(world, "select count(*) from intake where outcome = 'quarantined'") == 1, "a repeat is a repeat"
