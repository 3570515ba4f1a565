"""A manager who asks how the shop does: figures of a span and of the one before, by time and place."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.adapters.db.figures import CasesDue, FigureBook
from tests.support.api_hub import World, a_world

SOLD = """
insert into figure_day (measure, day, account_id, warehouse_id, mark, quantity)
select m.measure, d::date, (select id from account where code = 'SH01'), m.house, m.mark, m.quantity
from generate_series('2026-02-01'::date, '2026-03-31', '1 day') d
cross join (values ('orders', 0, '', 10), ('cases', 0, 'unknown_sku', 1), ('value', 0, 'USD', 12345),
    ('value', 0, 'JPY', 900), ('lag', 0, '24', 90), ('lag', 0, '40', 10), ('due', 1, '', 8), ('late', 1, '', 2),
    ('shipped', 1, '', 9))
    m (measure, house, mark, quantity)"""
MARCH = {"from": "2026-03-01", "to": "2026-03-28"}


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


@pytest.fixture
async def reader(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with await world.client("orders:read") as client:
        yield client


async def _sold(world: World) -> None:
    async with world.hub.pool.connection() as connection:
        await connection.execute(SOLD.encode())


async def _board(client: httpx2.AsyncClient, name: str, **params: str) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/insight/{name}", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _chart(board: dict[str, Any], name: str) -> dict[str, Any]:
    (chart,) = [c for c in board["charts"] if c["name"] == name]
    return chart  # type: ignore[no-any-return]


async def test_orders_that_came_are_in_the_figures_of_today_with_their_worth(
    world: World, reader: httpx2.AsyncClient,
) -> None:
    before = await _board(reader, "orders")
    assert before["is_behind"], "nothing is added up yet, and the board does not say so"
    async with world.hub.pool.connection() as connection:
        await FigureBook(connection, "Asia/Shanghai", CasesDue()).add_up(world.hub.now())
    board = await _board(reader, "orders")
    total = sum(r[0] for r in world.rows("select total from orders"))
    assert _chart(board, "orders")["now"] == 3 and not board["is_behind"]
    value = _chart(board, "value")
    assert (value["now"], value["currency"], value["points"][-1]["now"]) == (total, "CNY", total)
    by_shop = await _board(reader, "orders", by="account")
    assert _chart(by_shop, "orders")["points"] == [{"part": "SH01", "now": 3, "before": None}]


async def test_a_month_stands_beside_the_one_before_and_no_two_currencies_are_summed(
    world: World, reader: httpx2.AsyncClient,
) -> None:
    await _sold(world)
    board = await _board(reader, "overview", by="week", **MARCH)
    orders = _chart(board, "orders")
    assert (orders["now"], orders["before"]) == (280, 280)
    weeks = ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"]
    assert [p["part"] for p in orders["points"]] == weeks
    assert [p["now"] for p in orders["points"]] == [10, 70, 70, 70, 60] == [p["before"] for p in orders["points"]]
    assert {c["currency"]: c["now"] for c in board["charts"] if c["name"] == "value"} == {"USD": 345_660, "JPY": 25_200}
    assert _chart(board, "case_rate")["now"] == 100 and _chart(board, "on_time")["now"] == 750
    sync = await _board(reader, "sync", **MARCH)
    assert 55 <= _chart(sync, "lag_p50")["now"] <= 70, "a median of a minute"
    assert 850 <= _chart(sync, "lag_p95")["now"] <= 1_100, "nine in ten hide the slow ones"


async def test_what_cannot_be_told_by_warehouse_is_left_out_and_said(world: World, reader: httpx2.AsyncClient) -> None:
    await _sold(world)
    board = await _board(reader, "overview", by="warehouse", **MARCH)
    assert [c["name"] for c in board["charts"]] == ["on_time"]
    assert board["left_out"] == ["orders", "value", "lag_p95", "case_rate"]
    kinds = await _board(reader, "cases", by="kind", **MARCH)
    assert _chart(kinds, "cases")["points"] == [{"part": "unknown_sku", "now": 28, "before": 28}]


async def test_the_file_holds_what_is_shown_in_numbers_that_a_spreadsheet_adds(
    world: World, reader: httpx2.AsyncClient,
) -> None:
    await _sold(world)
    answer = await reader.get("/api/v1/insight/overview", params={"by": "month", "form": "csv", **MARCH})
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert answer.headers["content-disposition"].endswith('overview-2026-03-01-2026-03-28.csv"')
    assert rows[0] == ["figure", "unit", "month", "now", "before"]
    assert ["value", "USD", "2026-03-01", "3456.60", "3456.60"] in rows
    assert ["on_time", "%", "2026-03-01", "75.0", "75.0"] in rows


async def test_a_span_that_cannot_be_drawn_is_refused_with_what_can(reader: httpx2.AsyncClient) -> None:
    long = await reader.get("/api/v1/insight/orders", params={"from": "2025-01-01", "to": "2026-03-01"})
    backwards = await reader.get("/api/v1/insight/orders", params={"from": "2026-03-02", "to": "2026-03-01"})
    nowhere = await reader.get("/api/v1/insight/orders", params={"account": "NOPE"})
    assert [a.status_code for a in (long, backwards, nowhere)] == [422] * 3
    assert "93" in long.json()["detail"]


async def test_how_long_troubles_last_stands_beside_the_period_before(world: World, reader: httpx2.AsyncClient) -> None:
    async with world.hub.pool.connection() as connection:
        for opened, minutes in (("2026-03-10", 30), ("2026-03-11", 90), ("2026-02-15", 240)):
            await connection.execute(
                b"insert into case_file (id, kind, subject, evidence, owner, opened_at, seen_at, resolved_at)"
                b" values (gen_random_uuid(), 'unknown_sku', %s, '{}', 'operations', %s::timestamptz, %s, "
                b"%s::timestamptz + %s * interval '1 minute')", (opened, opened, opened, opened, minutes))
    board = await _board(reader, "recovery", by="week", **MARCH)
    median, ended = _chart(board, "recovery_p50"), _chart(board, "recovered")
    assert (median["now"], median["before"], ended["now"], ended["before"]) == (3_600, 14_400, 2, 1)
    assert [p["part"] for p in ended["points"] if p["now"]] == ["2026-03-09"]
    assert [p["part"] for p in ended["points"] if p["before"]] == ["2026-03-09"], "28 days after the 15th of February"
    by_kind = await _board(reader, "recovery", by="kind", **MARCH)
    assert _chart(by_kind, "recovered")["points"] == [{"part": "unknown_sku", "now": 2, "before": 1}]
