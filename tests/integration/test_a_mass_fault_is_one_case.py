"""Thousands of the same trouble are one case with a list that can be read and closes as it is mended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from orderloom.adapters.db.case_history import CaseHistory
from orderloom.adapters.db.cases import close_empty, save_cases
from orderloom.application.change import CaseOpened, Change
from orderloom.application.keep_cases import reopen_case, resolve_case
from orderloom.application.not_kept import NotKept
from orderloom.application.queries.cases import list_cases, list_members, read_case
from orderloom.application.within import Within
from tests.support.api_hub import a_world

AT = datetime(2026, 11, 11, tzinfo=UTC)
BOUND = 100
FLOOD = 5_000


@pytest.fixture
async def one(database: str) -> AsyncIterator[AsyncConnection[Any]]:
    """A connection to an empty hub."""
    async with await AsyncConnection.connect(database, autocommit=True) as connection:
        yield connection


def silent(n: int, cause: str = "warehouse:HZ01") -> CaseOpened:
    """The warehouse has said nothing of the n-th work."""
    return CaseOpened("downstream_missing", f"work {n}", {"work": n}, None, None, "warehouse", AT + timedelta(hours=2),
                      cause, BOUND)


async def tell(one: AsyncConnection[Any], cases: list[CaseOpened], resolved: list[int] | None = None) -> None:
    """What a batch writes."""
    change = Change()
    change.cases += cases
    change.resolved += [("downstream_missing", f"work {n}") for n in resolved or ()]
    async with one.transaction():
        await save_cases(one, change, AT, "route")


def _book(one: AsyncConnection[Any]) -> Within[CaseHistory]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[CaseHistory]:
        async with one.transaction():
            yield CaseHistory(one)

    return opened


async def test_a_flood_is_one_case_with_every_subject_in_its_list(one: AsyncConnection[Any]) -> None:
    for n in range(0, FLOOD, 500):
        await tell(one, [silent(k) for k in range(n, n + 500)])
    await tell(one, [silent(n, "warehouse:GZ01") for n in range(FLOOD, FLOOD + BOUND)])
    page = await list_cases(one, limit=200)
    (group,) = [c for c in page.cases if c.is_group]
    assert (group.count, group.cause, group.subject) == (FLOOD, "warehouse:HZ01", "* warehouse:HZ01")
    assert len(page.cases) == 1 + BOUND, "the other warehouse's cases are within the bound and stand alone"
    seen, cursor = [], ""
    while True:
        part = await list_members(one, group.id, cursor=cursor, limit=200)
        seen += [m.subject for m in part.members]
        if part.next is None:
            break
        cursor = part.next
    assert sorted(seen) == sorted(f"work {n}" for n in range(FLOOD))


async def test_cases_that_are_only_seen_again_are_not_more_than_they_are(one: AsyncConnection[Any]) -> None:
    for _ in range(3):
        await tell(one, [silent(n) for n in range(60)])
    page = await list_cases(one, limit=200)
    assert [(c.is_group, c.sightings) for c in page.cases] == [(False, 3)] * 60
    await tell(one, [silent(n) for n in range(40, BOUND + 1)])
    assert [c.count for c in (await list_cases(one)).cases] == [BOUND + 1]


async def test_what_is_mended_leaves_the_list_and_the_last_one_closes_the_case(one: AsyncConnection[Any]) -> None:
    await tell(one, [silent(n) for n in range(90)])
    await tell(one, [silent(n) for n in range(90, 130)])
    await tell(one, [], list(range(129)))
    ((subject,),) = await (await one.execute(
        "select subject from case_member where resolved_at is null")).fetchall()
    assert subject == "work 129"
    assert [c.count for c in (await list_cases(one)).cases if c.is_group] == [1]
    await tell(one, [silent(5)])
    assert [c.count for c in (await list_cases(one)).cases if c.is_group] == [2], "what is back is in the list again"
    await tell(one, [], [5, 129])
    assert (await list_cases(one)).cases == []


async def test_a_flood_that_was_closed_too_early_is_opened_again_with_what_was_closed_with_it(
    one: AsyncConnection[Any],
) -> None:
    await tell(one, [silent(n) for n in range(130)])
    await tell(one, [], list(range(30)))
    (group,) = (await list_cases(one)).cases
    await resolve_case(_book(one), group.id, "they are back", "user:li", AT + timedelta(hours=1))
    assert (await list_cases(one)).cases == []
    await reopen_case(_book(one), group.id, "they are not", "user:wang", AT + timedelta(hours=2))
    (group,) = (await list_cases(one)).cases
    shown = await read_case(one, group.id)
    assert shown is not None and group.count == 100
    assert [(e.by, e.kind) for e in shown.history] == [("user:li", "resolved"), ("user:wang", "reopened")]


async def test_what_stands_open_already_is_not_opened_beside_itself(one: AsyncConnection[Any]) -> None:
    await tell(one, [silent(1)])
    (first,) = (await list_cases(one)).cases
    await resolve_case(_book(one), first.id, "done", "user:li", AT)
    await tell(one, [silent(1)])
    with pytest.raises(NotKept, match="newer"):
        await reopen_case(_book(one), first.id, "not done", "user:li", AT)
    assert [c.id for c in (await list_cases(one)).cases] != [first.id]


async def test_telling_of_a_flood_again_writes_nothing(one: AsyncConnection[Any]) -> None:
    flood = [silent(n) for n in range(500)]
    await tell(one, flood)
    written = "select xmin::text, count(*) from case_member group by 1 union all select xmin::text, 1 from case_file"
    before = sorted(await (await one.execute(written)).fetchall())
    await tell(one, flood)
    assert sorted(await (await one.execute(written)).fetchall()) == before


async def test_workers_that_meet_the_same_flood_open_one_case_and_lose_no_subject(
    database: str, one: AsyncConnection[Any],
) -> None:
    async def worker(number: int) -> None:
        async with await AsyncConnection.connect(database, autocommit=True) as own:
            for n in range(5):
                for _ in range(5):
                    try:
                        await tell(own, [silent(number * 1_000 + n * 60 + k) for k in range(60)])
                        break
                    except psycopg.errors.DeadlockDetected:
                        continue

    await asyncio.gather(*[worker(n) for n in range(4)])
    rows = await (await one.execute("""
        select count(*) filter (where is_group), count(*) filter (where not is_group),
            (select count(*) from case_member where resolved_at is null)
        from case_file where resolved_at is null""")).fetchone()
    assert rows is not None and (rows[0], rows[1] + rows[2]) == (1, 1_200)


async def test_the_last_two_mended_at_the_same_moment_do_not_leave_an_empty_case_for_ever(
    database: str, one: AsyncConnection[Any],
) -> None:
    await tell(one, [silent(n) for n in range(101)])
    await tell(one, [], list(range(99)))
    async with await AsyncConnection.connect(database) as other:
        change = Change()
        change.resolved.append(("downstream_missing", "work 99"))
        await save_cases(other, change, AT, "route")
        await tell(one, [], [100])
        await other.commit()
    assert [c.count for c in (await list_cases(one)).cases] == [0]
    async with one.transaction():
        assert await close_empty(one, AT, "system") == 1
    assert (await list_cases(one)).cases == []


async def test_one_answer_closes_the_case_with_all_its_subjects_and_each_order_knows_of_it(
    database: str, home: Path, one: AsyncConnection[Any],
) -> None:
    async with a_world(home, database) as world:
        (order_id,) = await world.record(1)
        await tell(one, [silent(n) for n in range(300)])
        await one.execute("update case_member set order_id = %s where subject = 'work 7'", (order_id,))
        async with await world.client("admin") as client:
            (case,) = (await client.get("/api/v1/cases", params={"kind": "downstream_missing"})).json()["cases"]
            path = f"/api/v1/cases/{case['id']}"
            members = (await client.get(f"{path}/members", params={"limit": 200})).json()
            rest = (await client.get(f"{path}/members", params={"limit": 200, "cursor": members["next"]})).json()
            of_order = (await client.get("/api/v1/cases", params={"order": order_id, "kind": case["kind"]})).json()
            shown = (await client.get(f"/api/v1/orders/{order_id}")).json()["cases"]
            closed = (await client.post(f"{path}/resolve", json={"resolution": "the line is up again"})).json()
            left = (await client.get(f"{path}/members")).json()["members"]
    assert (case["count"], case["is_group"]) == (300, True)
    assert (len(members["members"]), len(rest["members"]), rest["next"]) == (200, 100, None)
    assert [c["id"] for c in of_order["cases"]] == [case["id"]]
    assert [c["subject"] for c in shown if c["kind"] == case["kind"]] == ["work 7"]
    assert (closed["count"], closed["resolution"], left) == (0, "the line is up again", [])
    open_members = await (await one.execute("select count(*) from case_member where resolved_at is null")).fetchone()
    assert open_members == (0,)
