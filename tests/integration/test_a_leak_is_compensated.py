"""Units that are bound for nobody go back on somebody's word: exactly those, with a reason, and the books stay true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db.audit_deep import verify_deep
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.application import commands as c
from orderloom.application.find_leaks import find_leaks
from orderloom.domain.actor import person
from orderloom.route import EFFECTS
from tests.support.api_hub import World, a_world

GONE = "'00000000-0000-7000-8000-000000000001'"


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=2) as world:
        yield world


async def leaks(world: World) -> list[dict[str, Any]]:
    async with await world.client("stock:read") as client:
        found: list[dict[str, Any]] = (await client.get("/api/v1/stock/leaks")).json()["leaks"]
    return found


async def compensate(world: World, leak: dict[str, Any], **changes: Any) -> tuple[int, dict[str, Any]]:
    asked = {key: leak[key] for key in ("sku", "warehouse", "why", "kind", "quantity", "order_id", "hold_no")}
    async with await world.client("stock:write") as client:
        answer = await client.post("/api/v1/stock/leaks/compensate", json={**asked, "reason": "查过：漏放", **changes})
    return answer.status_code, answer.json()


async def plant(world: World, *statements: str) -> None:
    async with world.hub.pool.connection() as connection, connection.transaction():
        for one in statements:
            await connection.execute(one.encode())


async def is_whole(world: World, home: Path) -> bool:
    async with world.hub.pool.connection() as connection:
        await connection.set_autocommit(True)
        report = await verify_log(world.dsn, home, lambda done, of: None)
        await verify_deep(connection, world.hub.vault, report, lambda done, of: None)
    return report.is_whole


def levels(world: World) -> list[tuple[Any, ...]]:
    return world.rows("select reserved, allocated, free from stock_level")


async def forget_to_release(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """An order is cancelled, and by a defect its units stay bound."""
    order = world.order_ids[0]
    with monkeypatch.context() as defect:
        defect.setitem(EFFECTS, "release", lambda j, _: None)
        (done,) = await world.hub.handle([
            c.CancelOrder(actor=person("test", "administrator"), order_id=order, reason="x")])
    assert not done.refusal, done
    return order


async def test_a_cancelled_order_gives_back_what_it_forgot_and_its_log_says_so(
    world: World, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = await forget_to_release(world, monkeypatch)
    await find_leaks(world.hub.ports, world.hub.now())
    (leak,) = await leaks(world)
    assert (leak["why"], leak["order_id"], leak["hold_no"]) == ("order_cancelled", order, 1)
    assert await compensate(world, leak) == (200, {"leaks": []})
    assert levels(world) == [(0, 1, 999)]
    facts = world.rows(f"select facts from order_event where order_id = '{order}' and kind = 'stock_released' "
                       "order by seq desc limit 1")
    assert "查过：漏放" in str(facts[0][0])
    assert world.rows("select count(*) from case_file where kind = 'stock_leaked' and resolved_at is null") == [(0,)]
    assert (await compensate(world, leak))[1]["type"].endswith("no_leak")
    assert await is_whole(world, home)


async def test_a_level_that_says_more_than_its_ledger_and_its_orders_is_put_right(world: World, home: Path) -> None:
    await plant(world, "update stock_level set reserved = reserved + 4")
    (leak,) = await leaks(world)
    assert not await is_whole(world, home)
    assert (await compensate(world, leak))[0] == 200
    assert levels(world) == [(0, 2, 998)] and await is_whole(world, home)
    line = world.rows("select kind, reserved, reason, actor, left(cause, 5) from stock_movement "
                      "order by xid desc limit 1")
    assert line == [("adjust", 0, "查过：漏放", "token:test", "leak/")]


async def test_a_ledger_that_orders_do_not_bear_out_gets_the_line_that_it_lacks(world: World, home: Path) -> None:
    await plant(
        world, "update stock_level set allocated = allocated - 1",
        "insert into stock_movement (sku_id, warehouse_id, kind, allocated, cause, reason, actor, at) "
        "select sku_id, warehouse_id, 'release', -1, 'lost', 'x', 'x', now() from stock_level")
    (leak,) = await leaks(world)
    assert (leak["why"], leak["quantity"]) == ("not_held", -1)
    assert (await compensate(world, leak))[0] == 200
    assert levels(world) == [(0, 2, 998)] and await is_whole(world, home)


async def test_what_an_order_holds_that_is_gone_is_free_again(world: World, home: Path) -> None:
    await plant(
        world, f"insert into stock_hold select {GONE}, 1, 1, id, 1, 3, 'allocation', 'active', now() from sku "
        "where code = 'M-001'",
        "update stock_level set allocated = allocated + 3",
        "insert into stock_movement (sku_id, warehouse_id, kind, allocated, cause, reason, actor, at) "
        "select sku_id, warehouse_id, 'allocate', 3, 'gone', 'x', 'x', now() from stock_level")
    (leak,) = await leaks(world)
    assert leak["why"] == "order_gone"
    assert (await compensate(world, leak))[0] == 200
    assert levels(world) == [(0, 2, 998)] and await leaks(world) == [] and await is_whole(world, home)


async def test_what_somebody_needs_by_now_stays_bound(world: World, home: Path) -> None:
    await plant(world, "update stock_level set reserved = reserved + 4")
    (leak,) = await leaks(world)
    await plant(world, "update stock_level set reserved = reserved - 1")
    status, told = await compensate(world, leak)
    assert (status, told["type"].rpartition("/")[2], told["facts"]) == (409, "leak_changed", {"quantity": "3"})
    held = {**leak, "why": "order_cancelled", "order_id": world.order_ids[0], "hold_no": 1}
    assert (await compensate(world, held))[0] == 409
    for changes in ({"reason": " "}, {"quantity": 2**63}, {"hold_no": -1}, {"sku": "nothing"}, {"warehouse": "XX"}):
        assert (await compensate(world, leak, **changes))[0] in (404, 422)
    assert levels(world) == [(3, 2, 995)]
