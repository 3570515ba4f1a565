"""A backlog that came in one burst is worked off at its usual pace, whatever the planner believes about the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from benchmarks.queues import AT, COUNT, ENDED_BEFORE, overtake, tried
from orderloom.adapters.db.statements import statement

TOUCHED_PER_ROW_MAX, TOUCHED_BESIDE_MAX = 25, 1_000
"""Rows and pages that a statement may look at for each that it is about; and once, for its accounts and index roots."""
LEASE = {"account": 1, "limit": 50, "at": AT, "lease_until": AT.replace(minute=1)}
SETTLE = ("update delivery set state = %s, lease_until = null where id = any (%s::uuid[])")


@pytest.fixture(params=[0, ENDED_BEFORE], ids=["statistics of empty tables", "statistics of finished rows"])
def burst(request: pytest.FixtureRequest, database: str) -> Iterator[psycopg.Connection]:
    """50,000 of everything wait, and the planner has heard of none of them."""
    with psycopg.connect(database, autocommit=True) as connection:
        overtake(connection, request.param)
        connection.execute("set statement_timeout = '20s'")
        yield connection


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _touched(plan: dict[str, Any]) -> int:
    """Rows that all nodes of the plan looked at, those that they threw away too."""
    thrown = ("Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
    return int(sum((n["Actual Rows"] + sum(n.get(t, 0) for t in thrown)) * n["Actual Loops"] for n in _nodes(plan)))


def test_no_queue_grows_slow_with_its_backlog(burst: psycopg.Connection) -> None:
    slow = []
    for queue in tried(burst):
        text = f"explain (analyze, buffers, format json) {statement(queue.file, queue.name)}".encode()
        row = burst.execute(text, queue.given).fetchone()
        assert row is not None
        plan = row[0][0]["Plan"]
        looked = max(_touched(plan), plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        if looked > queue.rows * TOUCHED_PER_ROW_MAX + TOUCHED_BESIDE_MAX:
            slow.append(f"{queue.file}.{queue.name}: {looked} rows or pages for {queue.rows}")
    assert not slow


def test_the_later_news_of_an_order_waits_for_the_earlier_even_in_a_burst(burst: psycopg.Connection) -> None:
    """Two deliveries an order: the second leaves after the first is done, and not while it is leased or parked."""
    def take() -> dict[str, tuple[str, str]]:
        rows = burst.execute(statement("deliveries", "take"), LEASE).fetchall()
        return {r[3]: (r[0], r[4]) for r in rows}

    first, second = take(), take()
    assert list(first) == [f"o{n}" for n in range(50)] and list(second) == [f"o{n}" for n in range(50, 100)]
    assert [body for _, body in first.values()] == [f'{{"work_no": "W{2 * n}"}}' for n in range(50)]
    ids = [i for i, _ in first.values()]
    burst.execute(SETTLE, ("done", ids[:20]))
    burst.execute(SETTLE, ("parked", ids[20:]))
    third = take()
    assert [third[f"o{n}"][1] for n in range(20)] == [f'{{"work_no": "W{2 * n + 1}"}}' for n in range(20)]
    assert set(third) - {f"o{n}" for n in range(20)} == {f"o{n}" for n in range(100, 130)}, "30 orders are parked"
    waiting = burst.execute("select count(*) from delivery where state = 'due' and lease_until is null").fetchone()
    assert waiting == (COUNT - 50 - 50 - 50,)
